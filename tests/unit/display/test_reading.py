"""Which stored list stands for a day, on Mondays and between them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

import pytest

from lpe_reports.display.reading import NightReader


@dataclass
class Stored:
    """As much of an extract as the question needs: nights with a list, three days back."""

    nights: tuple[date, ...]

    def snapshot_on(self, list_: str, day: date) -> date | None:
        known = [n for n in self.nights if day - timedelta(days=3) <= n <= day]
        return max(known, default=None)


def reader(*nights: str) -> NightReader:
    return NightReader(cast(Any, Stored(tuple(date.fromisoformat(night) for night in nights))))


@pytest.mark.parametrize(
    ("nights", "day", "found"),
    [
        # Sunday 1 March: the list of Monday 23 February is the last before.
        (("2026-02-23", "2026-03-02"), "2026-03-01", "2026-02-23"),
        (("2026-02-23", "2026-02-27"), "2026-03-01", "2026-02-27"),
        # Friday 1 May, stored itself.
        (("2026-04-27", "2026-05-01"), "2026-05-01", "2026-05-01"),
        # The Monday's own is missing: what stands for it stands for its week.
        (("2026-02-21",), "2026-03-01", "2026-02-21"),
        # A Monday has no other week's list, as the weekly follow-up promises.
        (("2026-02-23",), "2026-03-02", None),
        (("2026-02-27",), "2026-03-02", "2026-02-27"),
        (("2026-02-16",), "2026-03-01", None),
    ],
)
def test_list_of_a_day_between_mondays_is_that_of_its_week(
    nights: tuple[str, ...], day: str, found: str | None
) -> None:
    """Three days back as ever; then the Monday before, for other days than Mondays."""
    night = reader(*nights).snapshot_on("operation", date.fromisoformat(day))

    assert (None if night is None else night.isoformat()) == found
