"""The data dictionary: the contract's tables, columns and checks, as data and as Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass

from lpe_reports.warehouse.columns import Column, Kind, TableContract
from lpe_reports.warehouse.rules import Consequence, Rule, rules_of
from lpe_reports.warehouse.tables import TABLES

_INTRODUCTION = """\
# The data contract

What a warehouse hands over, table by table. This page is made from the contract in the code
(`make docs`); a test holds the two together.

- `params/sources.yml` maps a source's own table, column, unit and code spellings onto these names.
- `?` marks a column that may be null, or missing in a source.
- A table that a region may lack can be left out; the parts of reports that need it then say so.
  Reports cannot do without the others, and those must have rows too.
- Times (`*_at`) are stored as UTC. One without a zone is read as Swedish local time: in the
  repeated hour of the autumn change as the first, in the missing hour of the spring change it is
  an error of the row. Both are counted.
- Keys are re-keyed (HMAC-SHA-256 with the secret in `LPE_KEY_SECRET`) and shown as `op_…`,
  `pt_…` and so on; the source's own keys are never stored. A key has the same name wherever it
  stands, and tables are joined by it.
- A column in which 5 % or more of at least 20 distinct values have the form of a Swedish personal
  identity number is refused, unless it is re-keyed or exempted by name with a reason.

What a check does to what breaks it: **load** – the table is refused; **row** – the row is set
aside and counted, and above the limit of `params/sources.yml` the table is refused; **repair** –
mended as said and counted; **flag** – kept and counted. Nothing that is told of a broken check
holds a value of a row.

## Checks of every table

| check | what must hold | consequence |
|---|---|---|
| type | what stands in a column can be read as its kind | load |
| null | a value in every row, where the column is not marked `?` (units: see the table) | load |
| duplicate_key | rows with the same key are equal | load |
| duplicate | no row stands twice; copies are dropped | repair |
| missing_hour | a time that exists: the spring change leaves out 02:00–03:00 | row |
| repeated_hour | a time that the autumn change does not repeat; taken as the first | repair |
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


@dataclass(frozen=True)
class DescribedColumn:
    """One column in words.

    Attributes:
        column: The column of the contract.
        kind: What its values are.
        values: The units, codes or limits that they are held to; empty where there are none.
    """

    column: Column
    kind: str
    values: str


@dataclass(frozen=True)
class DescribedCheck:
    """One check in words; one that several columns have alike is told once.

    Attributes:
        name: As in manifests and messages.
        columns: All columns that are held to it: each for itself where `together` is False.
        together: The columns are looked at together.
        says: What must hold.
        consequence: What becomes of what breaks it.
    """

    name: str
    columns: tuple[str, ...]
    together: bool
    says: str
    consequence: Consequence


@dataclass(frozen=True)
class DescribedTable:
    """One table in words.

    Attributes:
        contract: The table of the contract.
        stored: In which parts it is stored.
        columns: In the order of the contract.
        checks: In the order in which they are reported.
    """

    contract: TableContract
    stored: str
    columns: tuple[DescribedColumn, ...]
    checks: tuple[DescribedCheck, ...]


def described_tables() -> list[DescribedTable]:
    """All tables of the contract, as data that a page of any kind can be made from."""
    return [
        DescribedTable(
            contract,
            _stored(contract),
            tuple(DescribedColumn(c, _KINDS[c.kind], _values(c)) for c in contract),
            _checks(contract),
        )
        for contract in TABLES.values()
    ]


def dictionary() -> str:
    """The whole page."""
    return "\n".join(
        [_INTRODUCTION, *(line for each in described_tables() for line in _page(each))]
    )


def _page(table: DescribedTable) -> Iterator[str]:
    contract = table.contract
    yield f"## {contract.name}\n"
    yield " ".join(_sentences(table)) + "\n"
    yield "| column | what it is | kind | values |\n|---|---|---|---|"
    for each in table.columns:
        mark = "?" if each.column.nullable else ""
        name = f"`{each.column.name}`{mark}"
        yield f"| {name} | {each.column.says} | {each.kind} | {each.values} |"
    if table.checks:
        yield "\n| check | columns | what must hold | consequence |\n|---|---|---|---|"
        for check in table.checks:
            names = ", ".join(f"`{name}`" for name in check.columns)
            yield f"| {check.name} | {names} | {check.says} | {check.consequence} |"
    yield ""


def _sentences(table: DescribedTable) -> Iterator[str]:
    contract = table.contract
    yield contract.row
    if contract.made:
        yield "Written by the extract itself."
    elif contract.optional:
        yield "A region may lack it."
    yield f"Key: {', '.join(f'`{name}`' for name in contract.key)}."
    if contract.time:
        yield f"Selected by the days of `{contract.time}`."
    if contract.happened:
        yield f"A row whose `{contract.event_time}` is later than the night is left out."
    yield f"Stored as {table.stored}."


def _stored(contract: TableContract) -> str:
    if contract.parts == "whole":
        return "one part"
    places = [contract.group, "unit" if contract.unit else None, contract.parts]
    *first, last = [place for place in places if place]
    words = f"{', '.join(first)} and {last}" if first else last
    return f"one part per {words}"


def _checks(contract: TableContract) -> tuple[DescribedCheck, ...]:
    """The checks, with one that several columns have alike told once, where it first stands."""
    found: dict[tuple[object, ...], list[Rule]] = {}
    for rule in rules_of(contract):
        alone = len(rule.columns) == 1
        alike = (rule.name, rule.says, rule.consequence, alone or rule.columns)
        found.setdefault(alike, []).append(rule)
    return tuple(
        DescribedCheck(
            rules[0].name,
            tuple(name for rule in rules for name in rule.columns),
            len(rules[0].columns) > 1,
            rules[0].says,
            rules[0].consequence,
        )
        for rules in found.values()
    )


def _values(column: Column) -> str:
    if column.prefix:
        return f"`{column.prefix}…`"
    words = [*(f"any {kind.replace('_', ' ')}" for kind in column.units), *column.values]
    if column.lowest is not None:
        most = "" if column.highest is None else f" to {column.highest}"
        words.append(f"{column.lowest}{most}" if most else f"{column.lowest} or more")
    return ", ".join(words)
