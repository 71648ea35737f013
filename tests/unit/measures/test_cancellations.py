"""Struck operations: of how many scheduled, how late, why."""

import pandas as pd
import pytest

from canonical_frames import cancellations, operations
from lpe_reports.measures.cancellations import cancellation_reasons_by, cancellations_by

MONDAY = "2026-05-04 09:00"


def struck(*cancelled: str | None, **other: str | None) -> pd.DataFrame:
    return cancellations(
        *({"scheduled_start_at": MONDAY, "cancelled_at": at, **other} for at in cancelled)
    )


@pytest.mark.parametrize(
    ("cancelled", "late"),
    [
        ("2026-05-03 17:00", 0),
        ("2026-05-03 17:00:01", 1),
        ("2026-05-04 08:00", 1),
        ("2026-05-04 10:00", 1),
        ("2026-05-02 23:00", 0),
        (None, 0),
    ],
)
def test_late_is_after_five_on_the_day_before(cancelled: str | None, late: int) -> None:
    """Five o'clock sharp is not late; after the start, where nobody came, is."""
    answer = cancellations_by(struck(cancelled), operations(), by=[])

    assert answer["late"].item() == late


def test_late_goes_by_the_clock_on_the_wall() -> None:
    """The day before is the Sunday of the clock change."""
    frame = cancellations(
        *(
            {"scheduled_start_at": "2026-03-30 08:00", "cancelled_at": f"2026-03-29 {at}"}
            for at in ("16:59", "17:01")
        )
    )

    assert cancellations_by(frame, operations(), by=[])["late"].item() == 1


def test_share_struck_is_of_the_scheduled() -> None:
    """Two struck, six done of which one was never scheduled: 2 of 7; one of two late."""
    done = operations(*[{"scheduled_start_at": MONDAY}] * 5, {})
    answer = cancellations_by(
        struck("2026-05-01 09:00", "2026-05-04 08:00"), done, by=["operating_unit", "week"]
    ).iloc[0]

    assert answer[["scheduled", "struck", "late"]].tolist() == [7, 2, 1]
    assert answer[["share_struck", "share_late"]].tolist() == pytest.approx([2 / 7, 0.5])
    assert answer["week"] == "2026-W19"


def test_unit_that_struck_nothing_or_everything_is_there() -> None:
    """One only in the operations, one only among the struck."""
    done = operations({"scheduled_start_at": MONDAY, "operating_unit": "bo-opc"})
    answer = cancellations_by(struck("2026-05-01 09:00"), done, by=["operating_unit"])

    assert answer["operating_unit"].tolist() == ["bo-opc", "hu-cop"]
    assert answer["share_struck"].tolist() == [0, 1]
    assert answer["share_late"].isna().tolist() == [True, False]


def test_reasons_are_in_the_order_of_their_numbers() -> None:
    """2 before 10, parts of the group's own whole."""
    frame = cancellations(
        *(
            {
                "operating_unit": unit,
                "scheduled_start_at": MONDAY,
                "cancelled_at": "2026-05-04 08:00",
                "reason_1": first,
                "reason_2": second,
            }
            for unit, first, second in (
                ("bo-opc", "10", "10a"),
                ("bo-opc", "2", "2b"),
                ("bo-opc", "2", None),
                ("bo-opc", "2", "2a"),
                ("hu-cop", "1", "1a"),
            )
        )
    )
    first = cancellation_reasons_by(frame, by=["operating_unit"])
    second = cancellation_reasons_by(frame, by=[], level=2)

    assert first["reason_1"].tolist() == ["2", "10", "1"]
    assert first["share"].tolist() == [0.75, 0.25, 1]
    assert second["reason_2"].tolist()[:3] == ["1a", "2a", "2b"]
    assert second["reason_1"].tolist() == ["1", "2", "2", "2", "10"]
    assert second["struck"].sum() == 5
