"""The periods that reports are made for: ISO weeks, months, quarters … and their spelling.

A period is a half-open interval of days: `start` is its first day, `end` the day after its
last. Its `id` is how it is stored and addressed (2026-W08, 2026-05, 2026-Q2, 2026-T1, 2026,
r12-2026-05, 2026-W12--2026-W21); `short` and `long` are how a Swedish reader sees it.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lpe_reports.errors import UsageError


class PeriodKind(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    TERTIAL = "tertial"
    YEAR = "year"
    ROLLING12 = "rolling12"
    SCHEDULE = "schedule"


MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
# The operating schedule runs ten weeks at a time; schedules of the demo and of the office
# start in week 12 of 2026, so every other start follows by tens of weeks from there.
SCHEDULE_WEEKS = 10
SCHEDULE_EPOCH = date.fromisocalendar(2026, 12, 1)

_PATTERNS = {
    PeriodKind.WEEK: re.compile(r"(\d{4})-W(\d{2})"),
    PeriodKind.MONTH: re.compile(r"(\d{4})-(\d{2})"),
    PeriodKind.QUARTER: re.compile(r"(\d{4})-Q([1-4])"),
    PeriodKind.TERTIAL: re.compile(r"(\d{4})-T([1-3])"),
    PeriodKind.YEAR: re.compile(r"(\d{4})"),
    PeriodKind.ROLLING12: re.compile(r"r12-(\d{4})-(\d{2})"),
    PeriodKind.SCHEDULE: re.compile(r"(\d{4})-W(\d{2})--(\d{4})-W(\d{2})"),
}
_EXAMPLES = "2026-W19, 2026-05, 2026-Q2, 2026-T1, 2026, r12-2026-05 or 2026-W12--2026-W21"


@dataclass(frozen=True, order=True)
class Period:
    """One period; ordered by its days."""

    start: date
    end: date
    kind: PeriodKind
    id: str

    def __str__(self) -> str:
        return self.id

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def is_over(self, as_of: date) -> bool:
        """Whether the whole period lies before `as_of`, the night's date."""
        return self.end <= as_of

    @property
    def short(self) -> str:
        """As in a table or a menu: 2026-19 (no zero padding), 2026-05, 2026 kv 2."""
        year, number = self.start.year, self.start.month
        match self.kind:
            case PeriodKind.WEEK:
                return week_label(self.start)
            case PeriodKind.QUARTER:
                return f"{year} kv {(number + 2) // 3}"
            case PeriodKind.TERTIAL:
                return f"{year} tertial {(number + 3) // 4}"
            case PeriodKind.ROLLING12:
                return f"12 mån t.o.m. {self.id.removeprefix('r12-')}"
            case PeriodKind.SCHEDULE:
                return f"{week_label(self.start)} till {week_label(self.last_day)}"
            case _:
                return self.id

    @property
    def long(self) -> str:
        """As in a title: vecka 19, maj 2026, kvartal 2 2026, 2025."""
        year, month = self.start.year, self.start.month
        match self.kind:
            case PeriodKind.WEEK:
                iso = self.start.isocalendar()
                return f"vecka {iso.week} {iso.year}"
            case PeriodKind.MONTH:
                return f"{MONTHS[month - 1]} {year}"
            case PeriodKind.QUARTER:
                return f"kvartal {(month + 2) // 3} {year}"
            case PeriodKind.TERTIAL:
                return f"tertial {(month + 3) // 4} {year}"
            case PeriodKind.ROLLING12:
                last = self.last_day
                return f"tolv månader till och med {MONTHS[last.month - 1]} {last.year}"
            case PeriodKind.SCHEDULE:
                first, last_week = self.start.isocalendar(), self.last_day.isocalendar()
                if first.year != last_week.year:
                    return f"vecka {first.week} {first.year}–{last_week.week} {last_week.year}"
                return f"vecka {first.week}–{last_week.week} {last_week.year}"
            case _:
                return str(year)

    @property
    def dates(self) -> str:
        """Its days in words: 4–10 maj 2026, 28 december 2026–3 januari 2027."""
        first, last = self.start, self.last_day
        if first.year != last.year:
            return f"{_day(first)} {first.year}–{_day(last)} {last.year}"
        if first.month != last.month:
            return f"{_day(first)}–{_day(last)} {last.year}"
        return f"{first.day}–{_day(last)} {last.year}"

    def previous(self) -> "Period":
        """The period of the same kind before this one; for rolling12 the one a month earlier."""
        if self.kind is PeriodKind.ROLLING12:
            return period_at(self.kind, self.last_day.replace(day=1) - timedelta(days=1))
        return period_at(self.kind, self.start - timedelta(days=1))

    def next(self) -> "Period":
        """The period of the same kind after this one; for rolling12 the one a month later."""
        return period_at(self.kind, self.end)

    def same_last_year(self) -> "Period":
        """The same period one year earlier; week 52 where that year has no week 53."""
        if self.kind in (PeriodKind.WEEK, PeriodKind.SCHEDULE):
            iso = self.start.isocalendar()
            week = min(iso.week, weeks_in_year(iso.year - 1))
            start = date.fromisocalendar(iso.year - 1, week, 1)
            if self.kind is PeriodKind.WEEK:
                return week_of(start)
            return _schedule(start)
        day = self.last_day if self.kind is PeriodKind.ROLLING12 else self.start
        return period_at(self.kind, date(day.year - 1, day.month, 1))


def week_label(day: date) -> str:
    """The ISO week of a day as the office writes it: 2026-8."""
    iso = day.isocalendar()
    return f"{iso.year}-{iso.week}"


def weeks_in_year(year: int) -> int:
    """52 or 53, by ISO 8601."""
    return date(year, 12, 28).isocalendar().week


def week_of(day: date) -> Period:
    """The ISO week that a day lies in."""
    iso = day.isocalendar()
    start = date.fromisocalendar(iso.year, iso.week, 1)
    return Period(start, start + timedelta(days=7), PeriodKind.WEEK, f"{iso.year}-W{iso.week:02d}")


def period_at(kind: PeriodKind, day: date) -> Period:
    """The period of a kind that a day lies in; rolling twelve months end with its month."""
    year, month = day.year, day.month
    match kind:
        case PeriodKind.WEEK:
            return week_of(day)
        case PeriodKind.MONTH:
            return Period(_first(year, month), _first(year, month + 1), kind, f"{year}-{month:02d}")
        case PeriodKind.QUARTER:
            n = (month + 2) // 3
            return Period(_first(year, 3 * n - 2), _first(year, 3 * n + 1), kind, f"{year}-Q{n}")
        case PeriodKind.TERTIAL:
            n = (month + 3) // 4
            return Period(_first(year, 4 * n - 3), _first(year, 4 * n + 1), kind, f"{year}-T{n}")
        case PeriodKind.YEAR:
            return Period(date(year, 1, 1), date(year + 1, 1, 1), kind, str(year))
        case PeriodKind.ROLLING12:
            return Period(
                _first(year, month - 11), _first(year, month + 1), kind, f"r12-{year}-{month:02d}"
            )
        case PeriodKind.SCHEDULE:
            since = (week_of(day).start - SCHEDULE_EPOCH).days // 7
            return _schedule(SCHEDULE_EPOCH + timedelta(weeks=since - since % SCHEDULE_WEEKS))


def last_periods(kind: PeriodKind, as_of: date, count: int) -> list[Period]:
    """The last `count` periods that have begun before `as_of`, oldest first.

    The newest may still be under way ("pågår"), except for rolling twelve months, which are
    only made of whole months.
    """
    newest = period_at(kind, as_of - timedelta(days=1))
    if kind is PeriodKind.ROLLING12 and not newest.is_over(as_of):
        newest = newest.previous()
    periods = [newest]
    while len(periods) < count:
        periods.append(periods[-1].previous())
    return periods[::-1]


def parse_period(text: str) -> Period:
    """The period that an id spells.

    Raises:
        UsageError: It is no period, or one that the calendar does not have (2026-W54).
    """
    try:
        for kind, pattern in _PATTERNS.items():
            if match := pattern.fullmatch(text):
                return _from_numbers(kind, [int(group) for group in match.groups()])
    except ValueError:
        raise UsageError(
            f"'{text}' is not in the calendar; periods are written {_EXAMPLES}"
        ) from None
    raise UsageError(f"'{text}' is not a period; write it like {_EXAMPLES}")


def _from_numbers(kind: PeriodKind, numbers: list[int]) -> Period:
    year, *rest = numbers
    match kind:
        case PeriodKind.WEEK:
            return week_of(date.fromisocalendar(year, rest[0], 1))
        case PeriodKind.QUARTER:
            return period_at(kind, date(year, 3 * rest[0], 1))
        case PeriodKind.TERTIAL:
            return period_at(kind, date(year, 4 * rest[0], 1))
        case PeriodKind.YEAR:
            return period_at(kind, date(year, 1, 1))
        case PeriodKind.SCHEDULE:
            schedule = _schedule(date.fromisocalendar(year, rest[0], 1))
            if date.fromisocalendar(rest[1], rest[2], 1) != schedule.end - timedelta(days=7):
                raise ValueError
            return schedule
        case _:
            return period_at(kind, date(year, rest[0], 1))


def _schedule(start: date) -> Period:
    end = start + timedelta(weeks=SCHEDULE_WEEKS)
    first, last = week_of(start).id, week_of(end - timedelta(days=1)).id
    return Period(start, end, PeriodKind.SCHEDULE, f"{first}--{last}")


def _first(year: int, month: int) -> date:
    """The first of a month, where month may lie outside 1–12."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"
