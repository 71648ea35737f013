"""Which entries of params a page read, each with a digest, so that a plan knows when one changed.

A page gets its params through `recorded`, which notes what it hands out under a name such as
`units/hu-cop` or `glossary/limits`. `params_digest` gives the digest of such a name at any
later time. Nothing here imports pandas: a plan asks for thousands of digests.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any, cast

from pydantic import BaseModel

from lpe_reports.errors import LpeError
from lpe_reports.params.glossary import Definition, Glossary, GuaranteeLimit
from lpe_reports.params.loading import Params
from lpe_reports.params.units import Unit, UnitKind, Units


def params_digest(params: Params, entry: str) -> str | None:
    """The digest of an entry; None where there is none of that name (any more).

    Args:
        params: The params as they are now.
        entry: The name under which a page noted it.
    """
    try:
        value = _entry(params, entry.split("/"))
    except (LpeError, KeyError, AttributeError, IndexError):
        return None
    text = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class ParamsRecord:
    """The names that a page has been handed out."""

    def __init__(self, params: Params) -> None:
        self._params = params
        self._names: dict[str, None] = {}

    def note(self, *steps: str) -> None:
        """Note that an entry was read."""
        self._names["/".join(steps)] = None

    def digests(self) -> dict[str, str]:
        """Every noted entry with its digest."""
        found = {name: params_digest(self._params, name) for name in sorted(self._names)}
        return {name: digest for name, digest in found.items() if digest is not None}


def recorded(params: Params, record: ParamsRecord) -> Params:
    """The params as a page sees them: each part that is taken is noted."""
    return cast(Params, _RecordedParams(params, record))


class _RecordedParams:
    def __init__(self, params: Params, record: ParamsRecord) -> None:
        self._params = params
        self._record = record

    def __getattr__(self, name: str) -> Any:
        part = getattr(self._params, name)
        match name:
            case "units":
                return _RecordedUnits(part, self._record)
            case "glossary":
                return _RecordedGlossary(part, self._record)
            case "site":
                return _RecordedFields(part, lambda field: self._record.note("site", field))
            case "reports":
                raise AttributeError("a page reads its own report only: p.settings, p.parameters")
            case _:
                self._record.note(name)
                return part


class _RecordedFields:
    def __init__(self, part: object, note: Callable[[str], None]) -> None:
        self._part = part
        self._note = note

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._part, name)
        self._note(name)
        return value


class _RecordedUnits:
    """Units; one that is added concerns only the pages that list its kind."""

    def __init__(self, units: Units, record: ParamsRecord) -> None:
        self._units = units
        self._record = record

    def __iter__(self) -> Iterator[Unit]:
        self._record.note("units")
        return iter(self._units)

    def __contains__(self, unit_id: object) -> bool:
        self._record.note("units", str(unit_id))
        return unit_id in self._units

    def get(self, unit_id: str) -> Unit:
        self._record.note("units", unit_id)
        return self._units.get(unit_id)

    def of_kind(self, kind: UnitKind | str) -> list[Unit]:
        self._record.note("units", "kind", str(kind))
        return self._units.of_kind(kind)

    def sections_of(self, vo: str) -> list[Unit]:
        self._record.note("units", "sections", vo)
        return self._units.sections_of(vo)

    def clinics_of(self, vo: str) -> list[Unit]:
        self._record.note("units", "clinics", vo)
        return self._units.clinics_of(vo)


class _RecordedGlossary:
    """The glossary; its texts are put in when a page is rendered, so that few pages read them."""

    def __init__(self, glossary: Glossary, record: ParamsRecord) -> None:
        self._glossary = glossary
        self._record = record

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self._glossary

    def get(self, entry_id: str) -> Definition:
        self._record.note("glossary", entry_id)
        return self._glossary.get(entry_id)

    @property
    def guarantee(self) -> tuple[GuaranteeLimit, ...]:
        self._record.note("limits", "guarantee")
        return self._glossary.guarantee

    def guarantee_days(self, list_: str, on: Any) -> int:
        self._record.note("limits", "guarantee")
        return self._glossary.guarantee_days(list_, on)


def _entry(params: Params, steps: list[str]) -> object:
    match steps:
        case ["units", "kind", kind]:
            return params.units.of_kind(kind)
        case ["units", "sections", vo]:
            return params.units.sections_of(vo)
        case ["units", "clinics", vo]:
            return params.units.clinics_of(vo)
        case ["units", unit_id]:
            return params.units.get(unit_id)
        case ["units"]:
            return list(params.units)
        case ["glossary", entry_id]:
            return params.glossary.get(entry_id)
        case ["limits", "guarantee"]:
            return params.glossary.guarantee
        case ["calendar"]:
            return params.calendar.file
        case ["procedures"]:
            procedures = params.procedures
            return [procedures.groups, procedures.selections, procedures.codes]
        case ["disclosure"]:
            return params.disclosure
        case ["site", field]:
            return getattr(params.site, field)
        case ["reports", report_id, "subjects", subject_id]:
            return params.reports[report_id].subject(subject_id)
        case ["reports", report_id, "sections", subject_id]:
            return params.reports[report_id].sections.get(subject_id, {})
        case ["reports", report_id, "requires_rows"]:
            return params.reports[report_id].requires_rows
        case ["reports", report_id, "notebook"]:
            return params.reports[report_id].notebook
        case _:
            raise KeyError("/".join(steps))


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
