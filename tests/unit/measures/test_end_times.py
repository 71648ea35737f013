"""End times at their edges; the office's own table is among the known answers."""

from datetime import time

import pandas as pd
import pytest

from canonical_frames import operations, stay
from lpe_reports.measures.end_times import end_bands, end_times_by, last_out
from lpe_reports.measures.grouping import whole_per_cent

ONE, MONDAY = "Hu C-op 01", "2026-05-04"


def ended(*times: str) -> pd.DataFrame:
    """One theatre-day per time, in May 2026 from the first on."""
    return operations(
        *(
            {
                "theatre": ONE,
                "patient_in_at": f"2026-05-{day:02d} 08:00",
                "patient_out_at": f"2026-05-{day:02d} {at}",
            }
            for day, at in enumerate(times, start=1)
        )
    )


def test_bands_are_disjoint_half_hours() -> None:
    """A band begins at its first minute; a second before it is the band before."""
    cases = ended("13:59:59", "14:00", "14:29:59", "14:30", "16:59", "17:00", "23:00")
    answer = end_times_by(cases, by=[]).set_index("band")["theatre_days"]

    assert answer.to_dict() == {
        "<14:00": 1, "14:00–14:29": 2, "14:30–14:59": 1, "15:00–15:29": 0, "15:30–15:59": 0,
        "16:00–16:29": 0, "16:30–16:59": 1, "≥17:00": 2,
    }  # fmt: skip
    assert tuple(answer.index) == end_bands()


def test_bands_can_be_others() -> None:
    """From other hours and of other lengths; lengths that do not fit are refused."""
    assert end_bands(time(15), time(16), minutes=60) == ("<15:00", "15:00–15:59", "≥16:00")
    with pytest.raises(ValueError, match="do not fit"):
        end_bands(time(15), time(16), minutes=45)


def test_last_out_is_the_last_of_the_day_it_came_in() -> None:
    """The one out last counts, not the one in last; past midnight belongs to the day before."""
    cases = operations(
        stay(ONE, MONDAY, "08:00", "08:20", "16:00", "16:20"),
        stay(ONE, MONDAY, "12:00", "12:20", "13:00", "13:20"),
        stay("Hu C-op 02", MONDAY, "08:00", "08:20", "13:00", "13:20"),
        {
            "theatre": "Hu C-op 02",
            "patient_in_at": f"{MONDAY} 22:00",
            "patient_out_at": "2026-05-05 00:30",
        },
        {"theatre": ONE, "patient_in_at": f"{MONDAY} 18:00"},
    )
    answer = last_out(cases)

    assert answer["end_minute"].tolist() == [16 * 60 + 20, 24 * 60 + 30]
    assert answer["date"].tolist() == [pd.Timestamp(MONDAY)] * 2


def test_end_times_go_by_the_clock_on_the_wall() -> None:
    """On the days of the clock change four in the afternoon is four."""
    cases = operations(
        *(
            {"theatre": ONE, "patient_in_at": f"{day} 00:30", "patient_out_at": f"{day} 16:00"}
            for day in ("2026-03-29", "2026-10-25")
        )
    )

    assert last_out(cases)["end_minute"].tolist() == [960, 960]


@pytest.mark.parametrize(
    ("part", "whole", "known"),
    [(2, 16, 13), (1, 200, 1), (1, 201, 0), (0, 3, 0), (3, 3, 100), (19, 40, 48), (0, 0, None)],
)
def test_per_cents_are_rounded_half_up(part: int, whole: int, known: int | None) -> None:
    """2 of 16 is 12.5 and so 13; nothing of nothing is no per cent."""
    answer = whole_per_cent(pd.Series([part]), pd.Series([whole])).iloc[0]

    assert pd.isna(answer) if known is None else answer == known
