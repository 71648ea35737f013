"""Need in people and hours, and what a schedule gives, by hand."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from canonical_frames import block, needs, operations, sessions, stay
from lpe_reports.measures.capacity import capacity_by
from lpe_reports.measures.grouping import with_procedure_group
from lpe_reports.measures.need import (
    need_against_sessions,
    need_by,
    open_needs,
    theatre_minutes,
)

ON = date(2026, 5, 11)
MONDAY, ONE, TWO = "2026-05-04", "Hu C-op 01", "Hu C-op 02"
GROUPS = {"knee": ["NG"], "hip": ["NF"]}


def took(*minutes: int, **other: Any) -> list[dict[str, Any]]:
    start = pd.Timestamp(f"{MONDAY} 08:00")
    return [
        {"patient_in_at": start, "patient_out_at": start + pd.Timedelta(minutes=m)} | other
        for m in minutes
    ]


HISTORY = with_procedure_group(
    operations(
        *took(100, 110, 120, 130, 600, operating_unit="hu-cop", procedure_code="NGB49"),
        *took(60, 70, 80, 90, operating_unit="bo-opc", procedure_code="NGB49"),
        *took(20, 30, 40, operating_unit="bo-opc", procedure_code="NGD11"),
        *took(0, -5, operating_unit="hu-cop", procedure_code="NFB49"),
    ),
    GROUPS,
)


def test_theatre_minutes_fall_back_by_steps() -> None:
    """Median of the unit's own; of the procedure everywhere; of its group; else none.

    Hudiksvall's five: 120. Bollnäs has four, so all nine NGB49: 60 70 80 90 100 110 120 130
    600, median 100. NGD11 has three, so all twelve knees: 20 30 40 60 70 80 90 100 …, median
    (80 + 90) / 2 = 85. Stays without length teach nothing.
    """
    waiting = needs(
        {"operating_unit": "hu-cop"},
        {"operating_unit": "bo-opc"},
        {"operating_unit": "bo-opc", "procedure_code": "NGD11"},
        {"procedure_code": "NFB49", "procedure_group": "hip"},
        {"operating_unit": None, "procedure_code": None, "procedure_group": None},
    )
    answer = theatre_minutes(waiting, HISTORY)

    assert answer["minutes"].tolist()[:3] == [120, 100, 85]
    assert answer["basis"].tolist()[:3] == ["unit", "procedure", "group"]
    assert answer["minutes"].isna().tolist()[3:] == [True, True]
    assert answer["basis"].isna().tolist()[3:] == [True, True]


@pytest.mark.parametrize(
    ("decided", "removed", "is_open"),
    [
        ("2026-05-10 23:59", None, True),
        ("2026-05-11 00:00", None, False),
        ("2026-05-01 10:00", "2026-05-10 09:00", False),
        ("2026-05-01 10:00", "2026-05-11 09:00", True),
        (None, None, False),
    ],
)
def test_need_is_open_in_the_morning(
    decided: str | None, removed: str | None, is_open: bool
) -> None:
    """Decided before the day and not gone before it; who goes that day was there in its morning."""
    frame = needs({"decided_at": decided, "removed_at": removed})

    assert (len(open_needs(frame, on=ON)) == 1) is is_open


def test_need_by_priority_by_hand() -> None:
    """Within 30 days: two of 2 hours, one past its latest date; no priority is a group."""
    waiting = needs(
        {"medical_priority": 30, "latest_on": "2026-05-10"},
        {"medical_priority": 30, "latest_on": "2026-05-11"},
        {"medical_priority": None, "procedure_code": "NFB49", "procedure_group": "hip"},
        {"medical_priority": 90, "removed_at": "2026-05-01 10:00"},
    )
    answer = need_by(waiting, HISTORY, by=["medical_priority"], on=ON)

    assert answer["medical_priority"].isna().tolist() == [False, True]
    assert answer["waiting"].tolist() == [2, 1]
    assert answer["past_latest"].tolist() == [1, 0]
    assert answer["need_hours"].tolist() == [4, 0]
    assert answer["past_latest_hours"].tolist() == [2, 0]
    assert answer["without_time"].tolist() == [0, 1]


def test_need_against_sessions_by_hand() -> None:
    """Ortopedi needs 4 hours and was given 8: half a schedule; kirurgi was given 6, needs none."""
    blocks = sessions(
        block(ONE, MONDAY, "08:00", "16:00"),
        block(ONE, MONDAY, "16:00", "20:00", status="closed"),
        block(TWO, MONDAY, "08:00", "14:00", vo="kirurgi"),
    )
    waiting = needs({}, {}, {"vo": "ogon", "procedure_code": "CJE20", "procedure_group": None})
    answer = need_against_sessions(waiting, HISTORY, blocks, on=ON).set_index("vo")

    assert answer["session_hours"].to_dict() == {"kirurgi": 6, "ogon": 0, "ortopedi": 8}
    assert answer["waiting"].to_dict() == {"kirurgi": 0, "ogon": 1, "ortopedi": 2}
    assert answer.loc["ortopedi", "schedules_needed"] == 0.5
    assert np.isnan(answer.loc["ogon", "schedules_needed"])
    with pytest.raises(ValueError, match="name its column"):
        need_against_sessions(waiting, HISTORY, blocks, by=[], on=ON)


def test_capacity_by_hand() -> None:
    """Per VO: open 8 h staffed 6 h with 3 h of patients; one closed, one released of 4 h."""
    blocks = sessions(
        block(ONE, MONDAY, "08:00", "16:00", staffed_from_at=f"{MONDAY} 10:00"),
        block(TWO, MONDAY, "08:00", "16:00", status="closed"),
        block(TWO, MONDAY, "16:00", "20:00", status="released"),
        block("Hu C-op 03", MONDAY, "08:00", "12:00", vo="kirurgi"),
    )
    cases = operations(
        stay(ONE, MONDAY, "07:30", "08:30", "09:30", "10:00"),
        stay(ONE, MONDAY, "15:00", "15:10", "16:30", "17:00"),
        stay(TWO, MONDAY, "09:00", "09:10", "10:30", "11:00"),
    )
    answer = capacity_by(cases, blocks, by=["vo", "schedule"]).set_index("vo")
    row = answer.loc["ortopedi"]

    assert row[["sessions", "open_sessions", "closed_sessions", "released_sessions"]].tolist() == [
        3, 1, 1, 1,
    ]  # fmt: skip
    assert row[["open_hours", "closed_hours", "released_hours"]].tolist() == [8, 8, 4]
    assert row[["staffed_hours", "used_hours", "share_used"]].tolist() == [6, 3, 3 / 8]
    assert answer.loc["kirurgi", ["open_hours", "used_hours"]].tolist() == [4, 0]
    assert capacity_by(cases, blocks, by=[])["used_hours"].item() == 3
