"""From a source's spelling of a unit or a code to the one that the package uses.

Spellings come from four places, each stronger than the one before: what units and codes are called
in the project itself (ids, names, short names; the contract's codes); the systems that a source,
or one of its tables, names (`aliases` in params/units.yml, `dim_alias` in params/sources.yml), a
later system before an earlier one; the source's own `aliases`; a table's own `codes`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from lpe_reports.errors import ParamsError
from lpe_reports.params.sources import Sources
from lpe_reports.params.units import Units
from lpe_reports.warehouse.columns import UNKNOWN, Column, Kind
from lpe_reports.warehouse.personal_numbers import personal_numbers_in
from lpe_reports.warehouse.spellings import (
    KINDS,
    alias_problems,
    plain,
    project_spellings,
    source_spellings,
    system_spellings,
)

__all__ = ["Aliases", "plain", "presentable", "translate"]

# What is told of spellings that nobody knows: few, short and common ones.
_FEWEST_ROWS = 5
_LONGEST = 60
_MOST_TOLD = 20
# A column with more is not one of units or codes, but another that was mapped by mistake.
_MOST_SPELLINGS = 40
_LONG_NUMBER = re.compile(r"\d{6}")


class Aliases:
    """The spellings of units and codes that one source uses.

    Args:
        units: The units that exist, with what systems call them.
        sources: All sources, and the spellings of systems.
        source: The source's name.

    Raises:
        UsageError: There is no such source.
        ParamsError: A spelling leads to nothing, to a unit of another kind, or to two units.
    """

    def __init__(self, units: Units, sources: Sources, source: str) -> None:
        self._sources = sources
        self._entry = sources.get(source)
        if problems := alias_problems(units, sources, source):
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            raise ParamsError(problems[0].file, None, f"{problems[0]}{more}")
        self._project = project_spellings(units).by_kind
        self._own = source_spellings(units, sources, source).by_kind
        self._systems = {
            system: system_spellings(units, sources, system).by_kind for system in sources.dim_alias
        }

    def spellings(self, table: str, column: Column) -> dict[str, str]:
        """What a table's column of units or codes may hold, and what that is in the contract."""
        words = {plain(word): word for word in column.values}
        levels = [self._project, *(self._systems[s] for s in self._systems_of(table)), self._own]
        known: dict[str, str] = {}
        for kind in sorted(column.units, key=KINDS.index, reverse=True):
            for level in levels:
                known |= level[kind]
        return known | words

    def codes(self, table: str, column: Column) -> dict[str, str | None]:
        """What is put in place of what a table's column holds, before it is read; None: nothing."""
        names = (column.name, f"{table}.{column.name}")
        systems = (self._sources.dim_alias[system] for system in self._systems_of(table))
        given = [each.codes.get(name, {}) for each in systems for name in names]
        given.append(self._entry.tables[table].codes.get(column.name, {}))
        return {
            plain(spelling): code
            for codes in given
            for spelling, code in codes.items()
            # A system's codes may be those of another table's column with the same name.
            if column.kind is not Kind.CODE or code is None or code in column.values
        }

    def _systems_of(self, table: str) -> Sequence[str]:
        of_table = self._entry.tables[table].systems
        return self._entry.systems if of_table is None else of_table


def translate(texts: pa.DictionaryArray, spellings: Mapping[str, str]) -> pa.DictionaryArray:
    """A column with each known spelling replaced by what it stands for, others by UNKNOWN."""
    known = [
        None if spelling is None else spellings.get(plain(spelling), UNKNOWN)
        for spelling in texts.dictionary.to_pylist()
    ]
    return pa.DictionaryArray.from_arrays(texts.indices, pa.array(known, pa.string()))


def presentable(spellings: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The unknown spellings that may be told to the operator, with the rows that hold each.

    A spelling is told where it is short, common and without a run of digits, and only where the
    column has few of them: one that was mapped wrongly could hold anything, names of people too.
    """
    told = [
        (spelling, rows)
        for spelling, rows in spellings
        if rows >= _FEWEST_ROWS and len(spelling) <= _LONGEST and not _could_be_personal(spelling)
    ]
    if len(told) > _MOST_SPELLINGS:
        return {}
    return dict(sorted(told, key=lambda each: (-each[1], each[0]))[:_MOST_TOLD])


def _could_be_personal(spelling: str) -> bool:
    return bool(_LONG_NUMBER.search(spelling) or any(personal_numbers_in(spelling)))
