"""The data dictionary: the contract's tables, columns and checks as Markdown.

python -m lpe_reports.warehouse.dictionary > docs/data-contract.md
"""

from collections.abc import Iterator

from lpe_reports.warehouse.columns import Column, Kind, TableContract
from lpe_reports.warehouse.rules import rules_of
from lpe_reports.warehouse.tables import TABLES

_INTRODUCTION = """\
# The data contract

What a warehouse hands over, table by table. This page is made from the contract in the code
(`make docs`); a test holds the two together.

- `params/sources.yml` maps a source's own table, column, unit and code spellings onto these names.
- `?` marks a column that may be null or missing in a source.
- Times (`*_at`) are stored as UTC. One without a zone is read as Swedish local time: in the
  repeated hour of the autumn change as the first, in the missing hour of the spring change it is
  an error of the row. Both are counted.
- Keys are re-keyed (HMAC-SHA-256 with the secret in `LPE_KEY_SECRET`) and shown as `op_…`,
  `pt_…` and so on; the source's own keys are never stored.
- A column in which 5 % or more of at least 20 distinct values have the form of a Swedish personal
  identity number is refused, unless it is re-keyed or exempted by name with a reason.

What a check does to what breaks it: **load** – the table is refused; **row** – the row is set
aside and counted, and above the limit of `params/sources.yml` the table is refused; **repair** –
mended as said and counted; **flag** – kept and counted.
"""
_KINDS = {
    Kind.KEY: "key, re-keyed",
    Kind.TEXT: "text",
    Kind.UNIT: "unit",
    Kind.CODE: "code",
    Kind.TIME: "time",
    Kind.DATE: "date",
    Kind.MONTH: "month (2026-05)",
    Kind.PERIOD: "period (2026-W19)",
    Kind.WHOLE: "whole number",
    Kind.NUMBER: "number",
    Kind.FLAG: "yes or no",
}
_PARTS = {
    "month": "one part per unit and month",
    "day": "one part per unit and day",
    "whole": "one part",
}


def dictionary() -> str:
    """The whole page."""
    tables = (line for contract in TABLES.values() for line in _table(contract))
    return "\n".join([_INTRODUCTION, *tables])


def _table(contract: TableContract) -> Iterator[str]:
    yield f"## {contract.name}\n"
    made = " Written by the extract itself." if contract.made else ""
    key = ", ".join(f"`{name}`" for name in contract.key)
    yield f"{contract.row}{made} Key: {key}. Stored as {_PARTS[contract.parts]}.\n"
    yield "| column | kind | values |\n|---|---|---|"
    for column in contract:
        mark = "?" if column.nullable else ""
        yield f"| `{column.name}`{mark} | {_KINDS[column.kind]} | {_values(column)} |"
    rules = rules_of(contract)
    if rules:
        yield "\n| check | what must hold | consequence |\n|---|---|---|"
        for rule in rules:
            yield f"| {rule.id} | {rule.says} | {rule.consequence} |"
    yield ""


def _values(column: Column) -> str:
    if column.prefix:
        return f"`{column.prefix}…`"
    words = [*(f"any {kind.replace('_', ' ')}" for kind in column.units), *column.values]
    if column.lowest is not None:
        most = "" if column.highest is None else f" to {column.highest}"
        words.append(f"{column.lowest}{most}" if most else f"{column.lowest} or more")
    return ", ".join(words)


if __name__ == "__main__":
    print(dictionary(), end="")
