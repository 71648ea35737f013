"""Days off, eves, planned closures and on-call categories."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from lpe_reports.errors import ParamsError
from lpe_reports.params.on_call import OnCallCategory, check_on_call
from lpe_reports.params.reading import ParamsModel, line_of, read_model, read_yaml
from lpe_reports.params.units import Units, unknown

Category = Literal["public", "de_facto", "optional", "bank"]


class DayOff(ParamsModel):
    """A day off that the country's calendar does not have.

    Fields:
        date: The day.
        name: What it is called, in Swedish, where charts mark it.
    """

    date: date
    name: Annotated[str, Field(examples=["Länsgemensam utbildningsdag"])]


class Closure(ParamsModel):
    """A unit closed for a planned reason, first and last day included.

    Fields:
        unit: The id of the unit.
        start: Its first closed day.
        end: Its last closed day.
        name: Why, in Swedish, as charts and pages say it.
    """

    unit: str
    start: date
    end: date
    name: str

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError("a closure ends before it starts")
        return self


class CalendarFile(ParamsModel):
    """Which days are days off, when units are closed, and which hours are which kind of duty.

    Fields:
        country: Whose holidays they are, as the package `holidays` has them.
        days_off: The categories of its holidays on which the elective programme rests.
        short_days: Those with a short programme: marked in charts, counted as working days.
        extra_days_off: Days off of the office's own, beside the country's.
        closures: When units are closed for a planned reason.
        on_call: The on-call categories; together they fill every hour of every kind of day once.
    """

    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    days_off: Annotated[list[Category], Field(min_length=1)]
    short_days: list[Category]
    extra_days_off: list[DayOff]
    closures: list[Closure]
    on_call: list[OnCallCategory] = []

    @field_validator("on_call")
    @classmethod
    def _whole_days(cls, on_call: list[OnCallCategory]) -> list[OnCallCategory]:
        if on_call:
            check_on_call(on_call)
        return on_call


class Calendar:
    """Which days are days off, by what name, and when units are closed."""

    def __init__(self, file: CalendarFile) -> None:
        self._file = file
        self.closures: tuple[Closure, ...] = tuple(file.closures)
        self._extra = {day.date: day.name for day in file.extra_days_off}

    @property
    def on_call(self) -> tuple[OnCallCategory, ...]:
        """The on-call categories; together they fill every kind of day once."""
        return tuple(self._file.on_call)

    @property
    def file(self) -> CalendarFile:
        """Everything that the calendar depends on, beside the package of holidays."""
        return self._file

    def is_holiday(self, day: date) -> bool:
        """Whether the elective programme rests: a day off, in law or in practice."""
        return day in self._extra or day in _named_days(
            self._file.country, tuple(self._file.days_off), day.year
        )

    def holiday_name(self, day: date) -> str | None:
        """The Swedish name of a day off or an eve, or None."""
        if day in self._extra:
            return self._extra[day]
        categories = (*self._file.days_off, *self._file.short_days)
        return _named_days(self._file.country, categories, day.year).get(day)

    def holidays(self, start: date, end: date) -> list[date]:
        """The days off from `start` to the day before `end`."""
        days = (start + timedelta(days=n) for n in range((end - start).days))
        return [day for day in days if self.is_holiday(day)]

    def closures_of(self, units: Sequence[str], start: date, end: date) -> list[Closure]:
        """The closures of units that touch the days from `start` to the day before `end`."""
        return [
            closure
            for closure in self.closures
            if closure.unit in units and closure.start < end and closure.end >= start
        ]


def load_calendar(path: Path, root: Path, units: Units) -> Calendar:
    """The calendar of `params/calendar.yml`."""
    file = read_model(path, CalendarFile, root)
    for number, closure in enumerate(file.closures):
        if closure.unit not in units:
            line = line_of(read_yaml(path, root), ["closures", number, "unit"])
            known = [unit.id for unit in units]
            raise ParamsError(path.relative_to(root), line, unknown("unit", closure.unit, known))
    return Calendar(file)


@cache
def _named_days(country: str, categories: tuple[Category, ...], year: int) -> dict[date, str]:
    # Imported here: the package loads every country's calendar machinery, which a plan that
    # only compares digests never needs.
    import holidays

    days = holidays.country_holidays(country, years=year, categories=categories, language="sv")
    # Some names say from which hour they hold; a chart's mark needs the name alone.
    return {day: name.split(" (")[0] for day, name in days.items()}
