"""On-call categories: which hours of which days are which kind of duty (jourkategori)."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from lpe_reports.params.reading import ParamsModel, repeated

# Days are ISO weekdays, 1 (Monday) to 7; a holiday is a day of its own, whatever its weekday.
HOLIDAY = 8
MINUTES_OF_DAY = 24 * 60
_DAY_NAMES = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "a holiday",
)  # fmt: skip

Clock = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
DayKind = Literal[1, 2, 3, 4, 5, 6, 7, "holiday"]


class OnCallHours(ParamsModel):
    """From one time of the clock to another on some kinds of day; neither past midnight.

    Fields:
        days: ISO weekdays, 1 (Monday) to 7, or `holiday`: a day off, whatever its weekday.
        start: When they begin.
        end: When they end, later than `start`; those past midnight are divided at 24:00.
    """

    days: Annotated[list[DayKind], Field(min_length=1)]
    start: Clock
    end: Clock

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: str, info: ValidationInfo) -> str:
        start = info.data.get("start")
        if start is not None and minute_of(end) <= minute_of(start):
            raise ValueError("hours end before they start; divide those past midnight at 24:00")
        return end


class OnCallCategory(ParamsModel):
    """One kind of duty, and when it is.

    Fields:
        id: What notebooks and measures call it.
        name: What pages call it, in Swedish.
        hours: When it is.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    name: Annotated[str, Field(min_length=1)]
    hours: Annotated[list[OnCallHours], Field(min_length=1)]

    def spans(self) -> Iterator[tuple[int, int, int]]:
        """Kind of day (1–7, or HOLIDAY), first minute and the minute after the last."""
        for hours in self.hours:
            for day in hours.days:
                kind = HOLIDAY if day == "holiday" else day
                yield kind, minute_of(hours.start), minute_of(hours.end)


def check_on_call(categories: Iterable[OnCallCategory]) -> None:
    """Check that every minute of every kind of day lies in one category.

    Raises:
        ValueError: Two categories have one id, or a kind of day has a gap or an overlap; names
            the day and the hours.
    """
    every = list(categories)
    if twice := repeated(category.id for category in every):
        raise ValueError(f"two on-call categories have the id '{twice}'")
    for kind, day in enumerate(_DAY_NAMES, start=1):
        here = sorted(
            (first, end, category.id)
            for category in every
            for kind_of_day, first, end in category.spans()
            if kind_of_day == kind
        )
        reached, before = 0, ""
        for first, end, category_id in here:
            if first > reached:
                raise ValueError(f"{day} {_span(reached, first)} has no on-call category")
            if first < reached:
                both = f"'{before}' and '{category_id}'"
                raise ValueError(f"{day} {_span(first, min(reached, end))} has two: {both}")
            reached, before = end, category_id
        if reached < MINUTES_OF_DAY:
            raise ValueError(f"{day} {_span(reached, MINUTES_OF_DAY)} has no on-call category")


def minute_of(clock: str) -> int:
    """Minutes after midnight of "07:30"; 1440 of "24:00"."""
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


def _span(first: int, end: int) -> str:
    low, high = (f"{minute // 60:02d}:{minute % 60:02d}" for minute in (first, end))
    return f"{low}–{high}"
