"""Which entries of params a page read, each with a digest, so that a plan knows when one changed.

A page gets its params through `recorded` (`params_seen`), which notes what it hands out under a
name such as `units/hu-cop/short` or `limits/guarantee`. `params_digest` gives the digest of such
a name at any later time. Nothing here imports pandas: a plan asks for thousands of digests.

Names are as fine as what was read: a field of a unit, the ids of a kind, the days off of a span.
So a new unit, or another one's new name, concerns only the pages that show it. Words with a space
(`units/of kind/hospital`) can be no unit's id.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import date

from pydantic import BaseModel

from lpe_reports.errors import LpeError
from lpe_reports.params.calendar import Calendar
from lpe_reports.params.loading import Params
from lpe_reports.params.procedures import Procedures
from lpe_reports.params.units import Units

NIGHT = "night"  # no entry of params: the night's own date, as it is


def params_digest(params: Params, entry: str) -> str | None:
    """The digest of an entry; None where there is none of that name (any more).

    Args:
        params: The params as they are now.
        entry: The name under which a page noted it.
    """
    try:
        value = _entry(params, entry.split("/"))
    except (LpeError, KeyError, AttributeError, IndexError, ValueError):
        return None
    # In the order of the file: a page that goes through a mapping shows it. Fields have their own.
    text = json.dumps(_plain(value), ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class ParamsRecord:
    """The names that a page has been handed out."""

    def __init__(self, params: Params) -> None:
        self._params = params
        self._names: dict[str, None] = {}
        self._days: list[date] = []
        self._ordered: dict[str, None] = {}
        self._night: date | None = None

    def note(self, *steps: str) -> None:
        """Note that an entry was read."""
        self._names["/".join(steps)] = None

    def note_night(self, night: date) -> None:
        """Note that it was asked which night it is."""
        self._night = night

    def note_days(self, first: date, last: date) -> None:
        """Note that it was asked which days of a span are off; spans are noted as one."""
        self._days = [min(*self._days, first, last), max(*self._days, first, last)]

    def note_place(self, unit_id: str) -> None:
        """Note that a unit's place among the others so noted matters."""
        self._ordered[unit_id] = None

    def digests(self) -> dict[str, str | None]:
        """Every noted entry with its digest; None for one that there is not."""
        names = set(self._names)
        if self._days:
            names.add("/".join(["calendar", "days off", *(d.isoformat() for d in self._days)]))
        if self._ordered:
            names.add("/".join(["units", "order of", ",".join(sorted(self._ordered))]))
        # Whoever read something of a unit knows that it is there.
        names -= {
            "/".join(["units", "is there", name.split("/")[1]])
            for name in names
            if name.startswith("units/")
        }
        found = {name: params_digest(self._params, name) for name in sorted(names)}
        return found if self._night is None else {**found, NIGHT: self._night.isoformat()}


def _entry(params: Params, steps: list[str]) -> object:
    match steps:
        case ["units", *rest]:
            return _units(params.units, rest)
        case ["procedures", *rest]:
            return _procedures(params.procedures, rest)
        case ["calendar", *rest]:
            return _calendar(params.calendar, rest)
        case ["glossary", "is there", entry_id]:
            return entry_id in params.glossary
        case ["glossary", entry_id]:
            return params.glossary.get(entry_id)
        case ["limits", "guarantee"]:
            return params.glossary.guarantee
        case ["disclosure" | "sources" | "retention" as part]:
            return getattr(params, part)
        case ["site", field]:
            return getattr(params.site, field)
        case ["reports", report_id, *rest]:
            return _report(params, report_id, rest)
        case _:
            raise KeyError("/".join(steps))


def _units(units: Units, steps: list[str]) -> object:
    match steps:
        case ["all ids"]:
            return [unit.id for unit in units]
        case ["is there", unit_id]:
            return unit_id in units
        case ["of kind", kind]:
            return [unit.id for unit in units.of_kind(kind)]
        case ["sections of", vo]:
            return [unit.id for unit in units.sections_of(vo)]
        case ["clinics of", vo]:
            return [unit.id for unit in units.clinics_of(vo)]
        case ["operating units of", hospital]:
            return units.operating_units_of(hospital)
        case ["order of", ids]:
            wanted = ids.split(",")
            return sorted((i for i in wanted if i in units), key=units.place_of)
        case [unit_id]:
            return units.get(unit_id)
        case [unit_id, field]:
            return getattr(units.get(unit_id), field)
        case _:
            raise KeyError


def _procedures(procedures: Procedures, steps: list[str]) -> object:
    of_one: dict[str, Callable[[str], object]] = {
        "prefixes": procedures.prefixes, "name": procedures.name, "slug": procedures.slug,
    }  # fmt: skip
    match steps:
        case ["all ids"]:
            return list(procedures)
        case ["is there", procedure]:
            return procedure in procedures
        case ["prefixes of groups"]:
            return list(procedures.group_prefixes().items())
        case ["all", "groups" | "selections" | "codes" as part]:
            return getattr(procedures, part)
        case [procedure, field]:
            return of_one[field](procedure)
        case _:
            raise KeyError


def _calendar(calendar: Calendar, steps: list[str]) -> object:
    file = calendar.file
    match steps:
        case ["days off", first, last]:
            start, end = date.fromisoformat(first), date.fromisoformat(last)
            extra = [day for day in file.extra_days_off if start <= day.date <= end]
            return [file.country, file.days_off, file.short_days, extra]
        case ["closures"]:
            return file.closures
        case ["closures", ids, first, last]:
            days = date.fromisoformat(first), date.fromisoformat(last)
            return calendar.closures_of(ids.split(","), *days)
        case ["on call"]:
            return file.on_call
        case []:
            return file
        case _:
            raise KeyError


def _report(params: Params, report_id: str, steps: list[str]) -> object:
    report = params.reports[report_id]
    match steps:
        case ["subjects", subject_id]:
            return report.subject(subject_id)
        case ["sections", subject_id]:
            return report.sections.get(subject_id, {})
        case ["requires_rows"]:
            return report.requires_rows
        case ["notebook"]:
            return report.notebook
        case _:
            raise KeyError


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
