"""From a source's spelling of a unit or a code to the one that the package uses."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from lpe_reports.errors import ParamsError
from lpe_reports.params.sources import SourceEntry
from lpe_reports.params.units import Units
from lpe_reports.warehouse.columns import UNKNOWN, Column

_SPACE = re.compile(r"\s+")
# Where a column takes several kinds of unit ("Ortopedi" is a VO and a section), the first wins.
_ORDER = ("vo", "operating_unit", "clinic", "postop_unit", "hospital", "section")


def plain(spelling: str) -> str:
    """A spelling without what does not matter: case, spaces, and how its letters are encoded."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", spelling)).strip().casefold()


class UnitAliases:
    """The spellings of units that one source uses.

    Args:
        units: The units that exist; their ids, names and short names are known spellings.
        entry: The source, with the spellings that are its own.

    Raises:
        ParamsError: An alias leads to a unit that does not exist.
    """

    def __init__(self, units: Units, entry: SourceEntry) -> None:
        self._by_kind: dict[str, dict[str, str]] = {}
        for kind in _ORDER:
            known = self._by_kind.setdefault(kind, {})
            for unit in units.of_kind(kind):
                for spelling in (unit.id, unit.name, unit.short):
                    known.setdefault(plain(spelling), unit.id)
        ids = {unit.id for unit in units} | {"other"}
        for alias_kind, spellings in entry.aliases.items():
            for spelling, unit_id in spellings.items():
                if unit_id not in ids:
                    raise ParamsError(
                        "params/sources.yml",
                        None,
                        f"alias '{spelling}' ({alias_kind}) leads to '{unit_id}', which is no unit",
                    )
                for kind in _ORDER if alias_kind == "any" else (alias_kind,):
                    self._by_kind[kind][plain(spelling)] = unit_id

    def spellings(self, kinds: Sequence[str], words: Sequence[str] = ()) -> dict[str, str]:
        """All spellings that a column of these kinds of unit, and other words, may hold."""
        known: dict[str, str] = {}
        for kind in sorted(kinds, key=_ORDER.index, reverse=True):
            known |= self._by_kind[kind]
        return known | {plain(word): word for word in words}


def code_spellings(column: Column) -> dict[str, str]:
    """The spellings of a column's codes: the codes themselves, in any case."""
    return {plain(code): code for code in column.values}


def translate(texts: pa.DictionaryArray, spellings: Mapping[str, str]) -> pa.DictionaryArray:
    """A column with each known spelling replaced by what it stands for, others by UNKNOWN."""
    known = [
        None if spelling is None else spellings.get(plain(spelling), UNKNOWN)
        for spelling in texts.dictionary.to_pylist()
    ]
    return pa.DictionaryArray.from_arrays(texts.indices, pa.array(known, pa.string()))


def presentable(spellings: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The unknown spellings that may be told to the operator, with the rows that hold each.

    A spelling is told where it is short, common and without a run of digits; a column that was
    mapped wrongly could hold anything.
    """
    told = [
        (spelling, rows)
        for spelling, rows in spellings
        if rows >= 5 and len(spelling) <= 60 and not re.search(r"\d{6}", spelling)
    ]
    return dict(sorted(told, key=lambda each: (-each[1], each[0]))[:20])
