"""The data contract as pandera schemas, and what a table's rows do to it.

pandera's own messages quote the values that failed. They stay in this module: what leaves it is
which rule was broken, and in which rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from lpe_reports.errors import ContractError
from lpe_reports.warehouse.columns import Column, Kind, TableContract
from lpe_reports.warehouse.environment import kept_environment
from lpe_reports.warehouse.frames import ZONE_NAME
from lpe_reports.warehouse.rules import Consequence, Rule, rules_of
from lpe_reports.warehouse.tables import TABLES

with kept_environment():
    import pandera.pandas as pa
    from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

__all__ = ["TABLES", "Broken", "TableContract", "broken_rules", "schema"]

_DTYPES: dict[Kind, str] = {
    Kind.TIME: f"datetime64[us, {ZONE_NAME}]",
    Kind.DATE: "datetime64[us]",
    Kind.WHOLE: "Int64",
    Kind.NUMBER: "float64",
    Kind.FLAG: "boolean",
}


@dataclass(frozen=True)
class Broken:
    """A rule that some rows break: `rows` is True for each of them."""

    rule: Rule
    rows: npt.NDArray[np.bool_]


@cache
def schema(contract: TableContract, *, whole: bool = False) -> pa.DataFrameSchema:
    """The pandera schema of a table.

    Args:
        contract: The table.
        whole: The checks that look at rows together, after those of columns and single rows.
    """
    checks = [
        # One failing row is enough for pandera: which rows fail is read from its check output.
        pa.Check(rule.passes, name=rule.id, description=rule.says, n_failure_cases=1)
        for rule in rules_of(contract)
        if rule.whole is whole
    ]
    if whole:
        return pa.DataFrameSchema(checks=checks, name=contract.name)
    columns = {
        column.name: pa.Column(
            _DTYPES.get(column.kind, "str"),
            nullable=column.nullable or column.kind is Kind.UNIT,
            metadata={"kind": str(column.kind)},
        )
        for column in contract
    }
    return pa.DataFrameSchema(
        columns, checks=checks, strict=True, name=contract.name, description=contract.row
    )


def broken_rules(
    frame: pd.DataFrame, contract: TableContract, *, whole: bool = False
) -> list[Broken]:
    """The rules that a table's rows break, in the order of the contract.

    Args:
        frame: Rows with all columns of the contract, whole numbers and flags nullable.
        contract: The table.
        whole: The checks that look at rows together instead of those of single rows.

    Raises:
        ContractError: A check could not be carried out.
    """
    rules = {rule.id: rule for rule in rules_of(contract) if rule.whole is whole}
    if frame.empty or (whole and not rules):
        return []
    try:
        schema(contract, whole=whole).validate(frame, lazy=True)
    except SchemaErrors as errors:
        return [broken for error in errors.schema_errors for broken in _broken(error, frame, rules)]
    return []


def _broken(error: SchemaError, frame: pd.DataFrame, rules: dict[str, Rule]) -> Iterator[Broken]:
    table = error.schema.name if error.column_name is None else ""
    if error.reason_code is SchemaErrorReason.SERIES_CONTAINS_NULLS:
        rule = null_rule(error.column_name)
        yield Broken(rule, frame[error.column_name].isna().to_numpy(dtype=bool))
    elif error.reason_code is SchemaErrorReason.DATAFRAME_CHECK and error.check_output is not None:
        yield Broken(rules[error.check.name], ~error.check_output.to_numpy(dtype=bool))
    else:
        # Types and names are made right before this; anything else is a fault of ours, and is
        # told without pandera's words, which could hold values.
        check = getattr(error.check, "name", None) or error.check
        where = error.column_name or table
        raise ContractError(f"{where}: the check '{check}' could not be made") from None


def null_rule(column: str) -> Rule:
    """The rule that a column which is not marked `?` has a value in every row."""
    return Rule(
        "null", Consequence.LOAD, (column,), "a value in every row", lambda f: f[column].notna()
    )


def type_rule(column: Column, expected: str) -> Rule:
    """The rule that a column's values are of its kind."""
    return Rule(
        "type", Consequence.LOAD, (column.name,), expected, lambda f: f[column.name].notna()
    )
