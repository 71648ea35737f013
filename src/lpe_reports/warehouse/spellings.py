"""How units and codes are spelt: in the project itself, in each system, in each source.

Spellings are read from params/units.yml and params/sources.yml, and held to what they must be: a
spelling leads to a unit that exists, of the kind that it is said for, and to one only.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from lpe_reports.params.sources import Sources, UnitAliasKind
from lpe_reports.params.units import Units, unknown
from lpe_reports.warehouse.columns import Column, Kind
from lpe_reports.warehouse.tables import TABLES

# Where a column takes several kinds of unit ("Ortopedi" is a VO and a section), the first wins.
KINDS = ("vo", "operating_unit", "clinic", "postop_unit", "hospital", "section")
# Every other hospital; no unit, but a word of the columns that hold hospitals.
OTHER = "other"

_UNITS, _SOURCES = "params/units.yml", "params/sources.yml"
_SPACE = re.compile(r"\s+")

Location = tuple[str | int, ...]
Given = Mapping[UnitAliasKind, Mapping[str, str]]


def plain(spelling: str) -> str:
    """A spelling without what does not matter: case, spaces, and how its letters are encoded."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", spelling)).strip().casefold()


class AliasProblem(NamedTuple):
    """What is wrong with a spelling, and where it stands."""

    file: str
    location: Location
    says: str

    def __str__(self) -> str:
        return f"{'.'.join(str(step) for step in self.location)}: {self.says}"


class Spelling(NamedTuple):
    """One spelling as it was given: of a kind of unit (or `any`), leading to a unit's id."""

    kind: str
    text: str
    unit: str
    file: str
    location: Location


@dataclass
class UnitSpellings:
    """The spellings of one level: per kind of unit, the plain spelling → the unit's id."""

    by_kind: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[AliasProblem] = field(default_factory=list)


def project_spellings(units: Units) -> UnitSpellings:
    """What units are called in the project itself: by their ids, names and short names."""
    given = (
        Spelling(unit.kind, text, unit.id, _UNITS, ("units", number))
        for number, unit in enumerate(units)
        for text in (unit.id, unit.name, unit.short)
    )
    return _collected(units, given)


def system_spellings(units: Units, sources: Sources, system: str) -> UnitSpellings:
    """What a system calls units: in params/units.yml and in `dim_alias`."""
    in_units = (
        Spelling(unit.kind, text, unit.id, _UNITS, ("units", number, "aliases", system))
        for number, unit in enumerate(units)
        for text in unit.aliases.get(system, ())
    )
    there = ("dim_alias", system, "units")
    return _collected(units, chain(in_units, _listed(sources.dim_alias[system].units, there)))


def source_spellings(units: Units, sources: Sources, source: str) -> UnitSpellings:
    """What a source itself calls units, in its `aliases`."""
    there = ("sources", source, "aliases")
    return _collected(units, _listed(sources.get(source).aliases, there))


def alias_problems(units: Units, sources: Sources, source: str | None = None) -> list[AliasProblem]:
    """All that is wrong with spellings, in the order in which they stand in the files.

    Args:
        units: The units, with what systems call them.
        sources: The sources and systems.
        source: Of the sources, this one alone; None for all.
    """
    problems = [*project_spellings(units).problems, *_unknown_systems(units, sources)]
    for system in sources.dim_alias:
        problems += system_spellings(units, sources, system).problems
        problems += _system_code_problems(sources, system)
    for name in sources.sources if source is None else (source,):
        problems += source_spellings(units, sources, name).problems
        problems += _table_code_problems(sources, name)
    return list(dict.fromkeys(problems))


def columns_named(name: str) -> list[Column]:
    """The contract's columns with a name (`status`), or the one of a table (`sessions.status`)."""
    table, _, column = name.rpartition(".")
    contracts = [TABLES[table]] if table in TABLES else [] if table else TABLES.values()
    return [found for contract in contracts for found in contract if found.name == column]


def _listed(given: Given, there: Location) -> Iterator[Spelling]:
    for kind, spellings in given.items():
        for text, unit in spellings.items():
            yield Spelling(kind, text, unit, _SOURCES, (*there, kind, text))


def _collected(units: Units, given: Iterable[Spelling]) -> UnitSpellings:
    found = UnitSpellings({kind: {} for kind in KINDS})
    for each in given:
        kind = _kind_of(units, each.unit) if each.kind == "any" else each.kind
        problem = _wrong(units, each, kind)
        if problem is None:
            meant = found.by_kind[kind].setdefault(plain(each.text), each.unit)
            if meant != each.unit:
                problem = f"'{each.text}' means both '{meant}' and '{each.unit}'"
        if problem is not None:
            found.problems.append(AliasProblem(each.file, each.location, problem))
    return found


def _kind_of(units: Units, unit_id: str) -> str:
    """The kind of a unit; that of hospitals for `other`, and none for one that does not exist."""
    if unit_id == OTHER:
        return "hospital"
    return units.get(unit_id).kind if unit_id in units else ""


def _wrong(units: Units, each: Spelling, kind: str) -> str | None:
    if not plain(each.text):
        return "a spelling of nothing; what means nothing stands in 'nulls' of the source"
    is_kind = _kind_of(units, each.unit)
    if not is_kind:
        return f"'{each.text}' leads to {unknown('unit', each.unit, [u.id for u in units])}"
    if is_kind != kind:
        return f"'{each.text}' leads to '{each.unit}', which is of kind {is_kind}, not {kind}"
    return None


def _unknown_systems(units: Units, sources: Sources) -> Iterator[AliasProblem]:
    for number, unit in enumerate(units):
        for system in unit.aliases:
            # Where no system is kept, nobody asks for what one says.
            if sources.dim_alias and system not in sources.dim_alias:
                says = f"{unknown('system', system, sources.dim_alias)} (dim_alias of {_SOURCES})"
                yield AliasProblem(_UNITS, ("units", number, "aliases", system), says)


def _system_code_problems(sources: Sources, system: str) -> Iterator[AliasProblem]:
    there = ("dim_alias", system, "codes")
    for name, codes in sources.dim_alias[system].codes.items():
        yield from _code_problems(columns_named(name), codes, (*there, name))


def _table_code_problems(sources: Sources, source: str) -> Iterator[AliasProblem]:
    for table, entry in sources.get(source).tables.items():
        there = ("sources", source, "tables", table, "codes")
        for name, codes in entry.codes.items():
            yield from _code_problems(columns_named(f"{table}.{name}"), codes, (*there, name))


def _code_problems(
    columns: list[Column], codes: Mapping[str, str | None], there: Location
) -> Iterator[AliasProblem]:
    if not columns:
        yield AliasProblem(_SOURCES, there, "the contract has no such column")
        return
    meant: dict[str, str | None] = {}
    for text, code in codes.items():
        where = (*there, text)
        if meant.setdefault(plain(text), code) != code:
            says = f"'{text}' means both '{meant[plain(text)]}' and '{code}'"
            yield AliasProblem(_SOURCES, where, says)
        known = [value for column in columns for value in column.values]
        if all(column.kind is Kind.CODE for column in columns) and code not in (None, *known):
            says = f"'{text}' leads to {unknown('code', str(code), dict.fromkeys(known))}"
            yield AliasProblem(_SOURCES, where, says)
