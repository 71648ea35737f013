"""The demo's calendar: numbered days, Swedish days off, and how the year goes.

Days are whole numbers since 1970-01-01 and times are minutes of local wall-clock time since
then, as NumPy counts them; both are plain integers, so that a queue can reckon with them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import holidays
import numpy as np

from lpe_reports.warehouse.demo.draws import Bools, Floats, Ints

DAY_MINUTES = 24 * 60
_EPOCH = date(1970, 1, 1)
# Far after every demo: "not yet".
NEVER = 10**6

# How much of its ordinary staffing an operating department has, and how many decisions are
# made, by ISO week; other weeks are ordinary.
STAFFED = {
    1: 0.55, 2: 0.85, 9: 0.88, 25: 0.80, 26: 0.62, 27: 0.45, 28: 0.42, 29: 0.42, 30: 0.42,
    31: 0.45, 32: 0.58, 33: 0.80, 44: 0.85, 51: 0.85, 52: 0.50, 53: 0.50,
}  # fmt: skip
DECIDED = {
    1: 0.75, 9: 0.90, 25: 0.90, 26: 0.75, 27: 0.60, 28: 0.55, 29: 0.52, 30: 0.52,
    31: 0.60, 32: 0.75, 44: 0.90, 51: 0.85, 52: 0.70, 53: 0.70,
}  # fmt: skip
AFTER_EASTER = 0.84


def number_of(day: date) -> int:
    """The number of a day."""
    return (day - _EPOCH).days


def date_of(number: int) -> date:
    """The day that has this number."""
    return _EPOCH + timedelta(days=number)


def weekday_of(number: int) -> int:
    """0 for Monday … 6 for Sunday."""
    return (number + 3) % 7


def dates_of(numbers: Ints) -> np.ndarray:
    """Day numbers as datetime64[D]; NEVER and later become NaT."""
    days = numbers.astype("datetime64[D]")
    days[numbers >= NEVER] = np.datetime64("NaT")
    return days


def times_of(minutes: Ints) -> np.ndarray:
    """Minutes as datetime64[us]; those on the day NEVER or later become NaT."""
    times = minutes.astype("datetime64[m]").astype("datetime64[us]")
    times[minutes >= NEVER * DAY_MINUTES] = np.datetime64("NaT")
    return times


@dataclass(frozen=True)
class Week:
    """One ISO week as the operating departments live it."""

    monday: int
    working: tuple[int, ...]
    """Its working days; weekends and days off left out."""
    short: frozenset[int]
    """Working days with a short programme: eves and squeeze days."""
    staffed: float
    decided: float

    @property
    def key(self) -> str:
        """What its random numbers are drawn for."""
        return date_of(self.monday).isoformat()


@cache
def _swedish(year: int, category: str) -> dict[date, str]:
    named = holidays.country_holidays("SE", years=year, categories=(category,), language="sv")
    return dict(named.items())


def is_day_off(day: date) -> bool:
    """Whether the elective programme rests: weekend, holiday, or an eve that is one in practice."""
    if day.weekday() >= 5:
        return True
    return day in _swedish(day.year, "public") or day in _swedish(day.year, "de_facto")


def is_short(day: date) -> bool:
    """Whether the day is an eve or a squeeze day with a short programme."""
    return day in _swedish(day.year, "optional")


@cache
def week_at(monday: int) -> Week:
    """The week that begins on a Monday, with its days off and its season."""
    days = [date_of(monday + n) for n in range(7)]
    working = tuple(number_of(day) for day in days if not is_day_off(day))
    short = frozenset(n for n in working if is_short(date_of(n)))
    iso = days[0].isocalendar().week
    after_easter = 1.0
    if "Annandag påsk" in (_swedish(days[0].year, "public").get(days[0]) or ""):
        after_easter = AFTER_EASTER
    staffed = STAFFED.get(iso, 1.0) * after_easter
    decided = DECIDED.get(iso, 1.0) * (0.25 + 0.75 * len(working) / 5) * after_easter
    return Week(monday, working, short, staffed, decided)


def missing_hour(days: Ints) -> Bools:
    """Whether the hour from 02 to 03 is missing (spring) or comes twice (autumn) on these days."""
    changes = [n for day in np.unique(days) for n in [int(day)] if _clock_changes(date_of(n))]
    return np.isin(days, changes)


def outside_change(minutes: Ints) -> Ints:
    """The same times in the same order; those in the hour in which the clocks change are at 03."""
    inside = missing_hour(minutes // DAY_MINUTES) & (minutes % DAY_MINUTES // 60 == 2)
    return np.where(inside, minutes - minutes % DAY_MINUTES + 3 * 60, minutes)


class WorkingDays:
    """Looks up working days for many days at once."""

    def __init__(self, first: int, end: int) -> None:
        """Know the days from `first` until (not including) `end`."""
        self._first = first
        off = np.array([is_day_off(date_of(day)) for day in range(first, end)], dtype=np.bool_)
        on = np.flatnonzero(~off)
        self._next = first + on[np.searchsorted(on, np.arange(on[-1] + 1))]

    def at_or_after(self, days: Ints) -> Ints:
        """Each day, or the next working day where it is none; days beyond the end are as given."""
        at = days - self._first
        inside = (at >= 0) & (at < len(self._next))
        return np.where(inside, self._next[np.clip(at, 0, len(self._next) - 1)], days)


def office_hours(day: Ints, uniform: Floats, begins: float = 8, ends: float = 16) -> Ints:
    """A minute of each day between two hours of the clock."""
    return day * DAY_MINUTES + (60 * (begins + uniform * (ends - begins))).astype(np.int64)


def _clock_changes(day: date) -> bool:
    return day.month in (3, 10) and day.weekday() == 6 and day.day > 24
