"""Reads the contract's Swedish words."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lpe_reports.params.reading import ParamsModel, read_model
from lpe_reports.wording import listing, lower_first

_FILE = Path(__file__).with_name("contract.yml")


class ColumnWords(NamedTuple):
    """What a column is called, and what else must be known of it; the latter may be empty."""

    name: str
    more: str


class TableWords(ParamsModel):
    """A table: its name, what one row is, and the words of those columns that are its own."""

    name: str
    row: str
    columns: dict[str, str]


class RuleWords(ParamsModel):
    """A check: its name, and what it demands, where `{columns}` stands for its columns."""

    name: str
    says: str


class ConsequenceWords(ParamsModel):
    """What becomes of rows that break a rule, and what a night says of those that did."""

    will: str
    did: str


class ContractWords(ParamsModel):
    """All words of the contract, by the names that the contract has.

    Fields:
        tables: Per table.
        shared: Columns that mean the same in every table that has them.
        codes: Per column, or `table.column` where a code means something else there.
        kinds: What a column holds, by its kind.
        units: The kinds of unit.
        rules: Per rule, or `table.rule` where it demands something else there.
        consequences: Per consequence.
    """

    tables: dict[str, TableWords]
    shared: dict[str, str]
    codes: dict[str, dict[str, str]]
    kinds: dict[str, str]
    units: dict[str, str]
    rules: dict[str, RuleWords]
    consequences: dict[str, ConsequenceWords]

    def table_name(self, table: str) -> str:
        """What a table is called; its own name where nobody has given it one."""
        words = self.tables.get(table)
        return words.name if words else table

    def column(self, table: str, column: str) -> ColumnWords:
        """The words of a column; its own name where it has none."""
        words = self.tables.get(table)
        own = words.columns.get(column) if words else None
        name, _, more = (own or self.shared.get(column, column)).partition(". ")
        return ColumnWords(name.removesuffix("."), more)

    def code(self, table: str, column: str, value: str) -> str:
        """What a code means; the code itself where that says it (1, 2 …)."""
        for place in (f"{table}.{column}", column):
            if value in self.codes.get(place, {}):
                return self.codes[place][value]
        return value

    def listing(self, table: str, columns: Sequence[str]) -> str:
        """Columns by name inside a sentence: operationsstart, knivstart och operationsslut."""
        return listing([lower_first(self.column(table, name).name) for name in columns])

    def rule(self, table: str, name: str) -> RuleWords:
        """The words of a table's rule; its own name for one that an older night knew."""
        known = self.rules.get(f"{table}.{name}") or self.rules.get(name)
        return known or RuleWords(name=name.replace("_", " "), says="")


@cache
def contract_words() -> ContractWords:
    """The words of this installation."""
    return read_model(_FILE, ContractWords, _FILE.parent)
