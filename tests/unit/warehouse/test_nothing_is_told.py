"""No value of a row is ever told: not in an error, not in a log, not in a manifest.

Every column of every table gets values that nothing else has, every rule is broken by them, and
what can be read afterwards is searched for them. pandera's own messages hold such values.
"""

import logging
import traceback
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from lpe_reports.errors import ContractError
from lpe_reports.warehouse.columns import Column, Kind
from lpe_reports.warehouse.contracts import broken_rules
from lpe_reports.warehouse.frames import to_frame
from lpe_reports.warehouse.rules import rules_of
from lpe_reports.warehouse.snapshots import open_extract
from lpe_reports.warehouse.tables import TABLES
from small_tables import good_row, stored
from small_warehouse import NIGHT, SmallOffice, small_office

pytestmark = pytest.mark.promise(
    "warehouse", "No value of a row stands in an error, a log or a manifest"
)

Row = dict[str, Any]
FETCHED = [name for name, contract in TABLES.items() if not contract.made]

_TEXTS = (Kind.TEXT, Kind.UNIT, Kind.CODE, Kind.MONTH, Kind.PERIOD)
# What is looked for: a text that is told nowhere by design (it has a long number), a number, days.
TEXT, NUMBER = "kanarie 918273", "918273"
DAYS = ("1918-02-07", "1991-08-27", "2091-08-27")
TOLD = ("kanarie", NUMBER, *DAYS, "2026-01-05", "Hälsocentralen", "Axel")


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """An office of one table at a time."""
    return small_office(tmp_path, operations=0)


def _strange(column: Column) -> Iterator[Any]:
    """Values of a column that break what can be broken by one column."""
    match column.kind:
        case Kind.KEY | Kind.TEXT | Kind.PERIOD:
            yield TEXT
        case Kind.UNIT | Kind.CODE:
            yield TEXT
            if column.kind is Kind.UNIT:
                yield None
        case Kind.TIME:
            yield from (f"{day} 08:27" for day in DAYS)
        case Kind.DATE:
            yield from DAYS
        case Kind.WHOLE | Kind.NUMBER:
            yield from (NUMBER, f"-{NUMBER}")


def _spoilt(table: str) -> list[Row]:
    """Good rows, and one for every way to spoil one column; no two share a key."""
    contract = TABLES[table]
    changes = [{column.name: value} for column in contract for value in _strange(column)]
    if table == "stays":
        changes.append({"discharged_at": None})
    rows = [good_row(table, n) for n in range(20)]
    rows += [good_row(table, n, **change) for n, change in enumerate(changes, start=20)]
    if "theatre" in contract.names:
        # Two that overlap, in a theatre of their own.
        rows += [good_row(table, 0, theatre=TEXT)] * 2
    for name in contract.key:
        if contract.column(name).kind is Kind.KEY:
            rows = [row | {name: f"{NUMBER}-{n}"} for n, row in enumerate(rows)]
    return [{k: _text(v) for k, v in row.items()} for row in rows]


def _text(value: Any) -> str | None:
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return value if value is None else str(value)


def _use(office: SmallOffice, table: str, rows: list[Row], *, share: float) -> None:
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    listed = "tables: {operations: {}, needs: {}, waiting_list: {}, sessions: {}}"
    text = text.replace(listed, f"tables: {{{table}: {{}}}}")
    limits = f"limits: {{rejected_share: {share}, unknown_share: {share}}}\n"
    office.sources(text.replace("sources:\n", f"{limits}sources:\n", 1))
    office.tables = {table: rows}


def _holds(said: str) -> list[str]:
    return [value for value in TOLD if value.casefold() in said.casefold()]


@pytest.mark.parametrize("table", FETCHED)
def test_broken_rules_are_told_without_values(
    office: SmallOffice,
    table: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Every rule of every table is broken, the night is made, and its manifest holds counts."""
    caplog.set_level(logging.DEBUG)
    _use(office, table, _spoilt(table), share=1.0)
    office.extract(as_of=NIGHT)

    night = open_extract(office.project)
    broken = {f"{c.rule}({', '.join(c.columns)})" for c in night.manifest.tables[table].checks}
    said = (night.folder / "manifest.json").read_text(encoding="utf-8")
    if not TABLES[table].happened:
        # The newest day of what is planned ahead is told: it is how far a source reaches.
        said = said.replace(f"{DAYS[2]}T00:00:00", "")
    written = capfd.readouterr()
    assert {rule.id for rule in rules_of(TABLES[table])} <= broken
    assert _holds(said) == []
    assert _holds(written.out + written.err + caplog.text) == []


# Kinds that are read from a spelling, and those whose texts are kept, so that they may be null.
_READ = {Kind.TIME, Kind.DATE, Kind.WHOLE, Kind.NUMBER, Kind.FLAG, Kind.MONTH}
_KEPT = {Kind.KEY, Kind.TEXT, Kind.CODE, Kind.PERIOD}


@pytest.mark.parametrize("table", FETCHED)
def test_refusal_is_told_without_values(
    office: SmallOffice, table: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Values of another kind, nothing where something must be, other rows with the same key, and
    too many rows set aside: each is in the message, and nothing of what stood there.
    """
    caplog.set_level(logging.DEBUG)
    rows = _spoilt(table)
    for column in TABLES[table]:
        if column.kind not in (Kind.KEY, Kind.TEXT, Kind.UNIT, Kind.CODE, Kind.PERIOD):
            rows.append(rows[0] | {column.name: TEXT})
        if not column.nullable:
            rows.append(rows[0] | {column.name: None})
    _use(office, table, rows, share=0.0)

    with pytest.raises(ContractError) as refused:
        office.extract(as_of=NIGHT)

    said = "".join(traceback.format_exception(refused.value))
    assert ("rule type:" in said) is bool(_READ & {c.kind for c in TABLES[table]})
    assert ("rule null:" in said) is bool(_KEPT & {c.kind for c in TABLES[table] if not c.nullable})
    assert _holds(str(refused.value)) == []
    assert _holds(said + repr(refused.value) + caplog.text) == []


@pytest.mark.parametrize("table", FETCHED)
def test_fault_of_ours_is_told_without_values(table: str) -> None:
    """A frame that was not made right is refused in our words: pandera's would quote the rows."""
    good = to_frame(stored(table, good_row(table)), TABLES[table], nullable=True)

    for column in TABLES[table]:
        other = [int(NUMBER)] if column.kind in (Kind.KEY, *_TEXTS) else [TEXT]
        wrong = good.assign(**{column.name: pd.Series(other)})
        with pytest.raises(ContractError) as refused:
            broken_rules(wrong, TABLES[table])
        said = "".join(traceback.format_exception(refused.value))
        assert column.name in said
        assert _holds(said) == []
