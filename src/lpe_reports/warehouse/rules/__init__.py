"""The checks of the data contract, each with its consequence.

A rule says for every row whether it passes. Those that follow from what a column is (a unit that
nobody knows, a code that does not exist, a number outside its limits) are made here from the
columns; those about several columns stand in `warehouse.table_rules`.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lpe_reports.errors import UsageError
from lpe_reports.periods import parse_period
from lpe_reports.warehouse.columns import UNKNOWN, Column, Kind, TableContract
from lpe_reports.warehouse.rules.rule import END_DAY, FIRST_DAY, Consequence, Passes, Rule, possible
from lpe_reports.warehouse.rules.tables import TABLE_RULES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Consequence", "Passes", "Rule", "rules_of"]

_ROW, _REPAIR = Consequence.ROW, Consequence.REPAIR


def rules_of(contract: TableContract) -> list[Rule]:
    """All checks of a table that look at values, in the order in which they are reported."""
    made = [rule for column in contract for rule in _column_rules(column)]
    return [*made, *TABLE_RULES.get(contract.name, ())]


def _column_rules(column: Column) -> Iterator[Rule]:
    name = (column.name,)
    # A value that the row can do without is mended to null.
    consequence = _REPAIR if column.nullable else _ROW
    match column.kind:
        case Kind.UNIT:
            if not column.nullable:
                yield Rule("null_unit", _ROW, name, "a unit in every row", _not_null(column.name))
            kinds = " or ".join((*column.units, *column.values))
            says = f"a unit of params/units.yml ({kinds})"
            yield Rule("unknown_unit", _ROW, name, says, _known(column.name))
        case Kind.CODE:
            says = f"one of {', '.join(column.values)}"
            yield Rule("unknown_code", consequence, name, says, _known(column.name))
        case Kind.WHOLE | Kind.NUMBER if column.lowest is not None:
            says = f"a {'whole ' if column.kind is Kind.WHOLE else ''}number, {_limits(column)}"
            yield Rule("out_of_range", consequence, name, says, _within(column))
        case Kind.TIME | Kind.DATE:
            says = f"a day from {FIRST_DAY} on, before {END_DAY}"
            yield Rule("out_of_range", consequence, name, says, _possible(column.name))
        case Kind.PERIOD:
            says = "a period like 2026-W19"
            yield Rule("unknown_period", _ROW, name, says, _is_period(column.name))


def _limits(column: Column) -> str:
    if column.highest is None:
        return f"{column.lowest} or more"
    return f"from {column.lowest} to {column.highest}"


def _not_null(name: str) -> Passes:
    return lambda frame: frame[name].notna()


def _known(name: str) -> Passes:
    return lambda frame: frame[name] != UNKNOWN


def _possible(name: str) -> Passes:
    return lambda frame: possible(frame[name])


def _within(column: Column) -> Passes:
    def passes(frame: "pd.DataFrame") -> "pd.Series[bool]":
        values = frame[column.name]
        low = values >= column.lowest
        good = low if column.highest is None else low & (values <= column.highest)
        return (good | values.isna()).fillna(True).astype(bool)

    return passes


def _is_period(name: str) -> Passes:
    def known(text: str) -> bool:
        try:
            parse_period(text)
        except UsageError:
            return False
        return True

    def passes(frame: "pd.DataFrame") -> "pd.Series[bool]":
        good = {text: known(text) for text in frame[name].dropna().unique()}
        return frame[name].map(good).fillna(True).astype(bool)

    return passes
