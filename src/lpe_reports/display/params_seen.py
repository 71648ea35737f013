"""The params as a page sees them: whatever it takes is noted, as finely as it is taken.

To go through all units is to read their ids; what is then read of one of them is noted by itself.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar, cast

from lpe_reports.display.params_record import ParamsRecord
from lpe_reports.params.calendar import Calendar, Closure
from lpe_reports.params.glossary import Definition, Glossary, GuaranteeLimit
from lpe_reports.params.loading import Params
from lpe_reports.params.on_call import OnCallCategory
from lpe_reports.params.procedures import Procedures
from lpe_reports.params.units import Unit, UnitKind, Units

T = TypeVar("T")


def recorded(params: Params, record: ParamsRecord) -> Params:
    """The params as a page sees them: each part that is taken is noted."""
    return cast(Params, _SeenParams(params, record))


class _SeenParams:
    def __init__(self, params: Params, record: ParamsRecord) -> None:
        self._params = params
        self._record = record

    def __getattr__(self, name: str) -> Any:
        part = getattr(self._params, name)
        match name:
            case "units":
                return _SeenUnits(part, self._record)
            case "procedures":
                return _SeenProcedures(part, self._record)
            case "calendar":
                return _SeenCalendar(part, self._record)
            case "glossary":
                return _SeenGlossary(part, self._record)
            case "site":
                return _SeenFields(part, lambda field: self._record.note("site", field))
            case "reports":
                raise AttributeError("a page reads its own report only: p.settings, p.parameters")
            case _:
                self._record.note(name)
                return part


class _SeenFields:
    def __init__(self, part: object, note: Callable[[str], None]) -> None:
        self._part = part
        self._note = note

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._part, name)
        self._note(name)
        return value


class _SeenUnit:
    """A unit whose fields are noted as they are read; anything else that is done reads it whole."""

    __slots__ = ("_record", "_unit")

    def __init__(self, unit: Unit, record: ParamsRecord) -> None:
        self._unit = unit
        self._record = record

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._unit, name)
        # Whoever has the unit got it by its id.
        if name != "id":
            steps = (name,) if name in Unit.model_fields else ()
            self._record.note("units", self._unit.id, *steps)
        return value

    def __eq__(self, other: object) -> bool:
        self._record.note("units", self._unit.id)
        return self._unit == (other._unit if isinstance(other, _SeenUnit) else other)

    def __hash__(self) -> int:
        return hash(self._unit.id)

    def __repr__(self) -> str:
        self._record.note("units", self._unit.id)
        return repr(self._unit)


class _SeenUnits:
    """Units; one that is added concerns only the pages that list its kind."""

    def __init__(self, units: Units, record: ParamsRecord) -> None:
        self._units = units
        self._record = record

    def __iter__(self) -> Iterator[Unit]:
        self._record.note("units", "all ids")
        return iter(self._seen(list(self._units)))

    def __contains__(self, unit_id: object) -> bool:
        self._record.note("units", "is there", str(unit_id))
        return unit_id in self._units

    def get(self, unit_id: str) -> Unit:
        self._record.note("units", "is there", unit_id)
        return self._seen([self._units.get(unit_id)])[0]

    def of_kind(self, kind: UnitKind | str) -> list[Unit]:
        self._record.note("units", "of kind", str(kind))
        return self._seen(self._units.of_kind(kind))

    def sections_of(self, vo: str) -> list[Unit]:
        self._record.note("units", "sections of", vo)
        return self._seen(self._units.sections_of(vo))

    def clinics_of(self, vo: str) -> list[Unit]:
        self._record.note("units", "clinics of", vo)
        return self._seen(self._units.clinics_of(vo))

    def operating_units_of(self, hospital: str) -> tuple[str, ...]:
        self._record.note("units", "operating units of", hospital)
        return self._units.operating_units_of(hospital)

    def place_of(self, unit_id: str) -> int:
        self._record.note_place(unit_id)
        return self._units.place_of(unit_id)

    def _seen(self, units: Sequence[Unit]) -> list[Unit]:
        return [cast(Unit, _SeenUnit(unit, self._record)) for unit in units]


class _SeenProcedures:
    def __init__(self, procedures: Procedures, record: ParamsRecord) -> None:
        self._procedures = procedures
        self._record = record

    def __iter__(self) -> Iterator[str]:
        self._record.note("procedures", "all ids")
        return iter(self._procedures)

    def __contains__(self, procedure: object) -> bool:
        self._record.note("procedures", "is there", str(procedure))
        return procedure in self._procedures

    def prefixes(self, procedure: str) -> tuple[str, ...]:
        return self._one(procedure, "prefixes", self._procedures.prefixes)

    def name(self, procedure: str) -> str:
        return self._one(procedure, "name", self._procedures.name)

    def slug(self, procedure: str) -> str:
        return self._one(procedure, "slug", self._procedures.slug)

    def matches(self, procedure: str, code: str) -> bool:
        return code.startswith(self.prefixes(procedure))

    def group_of(self, code: str) -> str | None:
        self._record.note("procedures", "prefixes of groups")
        return self._procedures.group_of(code)

    def group_prefixes(self) -> dict[str, tuple[str, ...]]:
        self._record.note("procedures", "prefixes of groups")
        return self._procedures.group_prefixes()

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._procedures, name)
        self._record.note("procedures", "all", name)
        return value

    def _one(self, procedure: str, field: str, ask: Callable[[str], T]) -> T:
        self._record.note("procedures", str(procedure), field)
        return ask(procedure)


class _SeenCalendar:
    """The calendar; its days off are noted for the span asked for, closures by unit and span."""

    def __init__(self, calendar: Calendar, record: ParamsRecord) -> None:
        self._calendar = calendar
        self._record = record

    def is_holiday(self, day: date) -> bool:
        self._record.note_days(day, day)
        return self._calendar.is_holiday(day)

    def holiday_name(self, day: date) -> str | None:
        self._record.note_days(day, day)
        return self._calendar.holiday_name(day)

    def holidays(self, start: date, end: date) -> list[date]:
        if end > start:
            self._record.note_days(start, end - timedelta(days=1))
        return self._calendar.holidays(start, end)

    def closures_of(self, units: Sequence[str], start: date, end: date) -> list[Closure]:
        if units:
            days = start.isoformat(), end.isoformat()
            self._record.note("calendar", "closures", ",".join(sorted(units)), *days)
        return self._calendar.closures_of(units, start, end)

    @property
    def closures(self) -> tuple[Closure, ...]:
        self._record.note("calendar", "closures")
        return self._calendar.closures

    @property
    def on_call(self) -> tuple[OnCallCategory, ...]:
        self._record.note("calendar", "on call")
        return self._calendar.on_call

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._calendar, name)
        self._record.note("calendar")
        return value


class _SeenGlossary:
    """The glossary; its texts are put in when a page is rendered, so that few pages read them."""

    def __init__(self, glossary: Glossary, record: ParamsRecord) -> None:
        self._glossary = glossary
        self._record = record

    def __contains__(self, entry_id: object) -> bool:
        self._record.note("glossary", "is there", str(entry_id))
        return entry_id in self._glossary

    def get(self, entry_id: str) -> Definition:
        self._record.note("glossary", entry_id)
        return self._glossary.get(entry_id)

    def guarantee_on(self, day: date, *, list: str) -> GuaranteeLimit:
        self._record.note("limits", "guarantee")
        return self._glossary.guarantee_on(day, list=list)
