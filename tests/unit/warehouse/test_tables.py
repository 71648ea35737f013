"""All tables of the contract, from a source into a night and back."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from lpe_reports.warehouse.columns import Kind, TableContract
from lpe_reports.warehouse.snapshots import Extract, open_extract
from lpe_reports.warehouse.tables import TABLES
from small_tables import good_row
from small_warehouse import NIGHT, small_office

FETCHED = [contract for contract in TABLES.values() if not contract.made]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    """A night of twenty rows of every table."""
    office = small_office(tmp_path_factory.mktemp("office"), operations=0)
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    listed = "operations: {}, needs: {}, waiting_list: {}, sessions: {}"
    office.sources(text.replace(listed, ", ".join(f"{c.name}: {{}}" for c in FETCHED)))
    office.tables = {c.name: [good_row(c.name, n) for n in range(20)] for c in FETCHED}
    office.extract(as_of=NIGHT)
    return open_extract(office.project)


@pytest.mark.parametrize("name", [contract.name for contract in FETCHED])
def test_table_is_stored_and_read_back(night: Extract, name: str) -> None:
    """Every row, with the columns of the contract, and no rule broken by good rows."""
    frame = night.read(name)

    assert night.manifest.tables[name].checks == ()
    assert list(frame.columns) == list(TABLES[name].names)
    assert len(frame) == 20


def test_table_without_a_unit_is_divided_by_month(night: Extract) -> None:
    """Stays belong to a patient, not to a unit: parts of months, selected by days."""
    parts = night.manifest.tables["stays"].parts
    january = night.read("stays", start=date(2026, 1, 10), end=date(2026, 1, 12))

    assert {(part.unit, part.period) for part in parts} == {("", "2026-01")}
    assert january["admitted_at"].dt.date.to_list() == [date(2026, 1, 10), date(2026, 1, 11)]


def test_cancellation_ahead_belongs_to_the_night_of_its_event(tmp_path: Path) -> None:
    """Struck today from next month's programme: it has happened; struck tomorrow: it has not."""
    office = small_office(tmp_path, operations=0)
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(text.replace("operations: {}, needs: {}, waiting_list: {}, sessions: {}",
                                "cancellations: {}"))  # fmt: skip
    ahead = good_row("cancellations", 0, scheduled_start_at="2026-06-10 08:00")
    rows = [
        ahead | {"event_id": "today", "cancelled_at": f"{NIGHT} 23:59"},
        ahead | {"event_id": "later", "cancelled_at": f"{NIGHT + timedelta(days=1)} 00:00"},
    ]
    office.tables = {"cancellations": rows}
    office.extract(as_of=NIGHT)

    loaded = open_extract(office.project).manifest.tables["cancellations"]
    assert (loaded.rows, loaded.left_out) == (1, 1)
    assert [part.period for part in loaded.parts] == ["2026-06"]


@pytest.mark.parametrize("contract", FETCHED, ids=[contract.name for contract in FETCHED])
def test_contract_of_a_table_fits_together(contract: TableContract) -> None:
    """Key, unit, time and group are columns, and what a part is chosen by is never null."""
    chosen_by = [contract.unit, contract.time, contract.group, contract.event, *contract.key]

    assert not any(contract.column(name).nullable for name in chosen_by if name)
    assert (contract.parts == "whole") is (contract.time is None)
    if contract.time:
        assert contract.column(contract.time).kind in (Kind.TIME, Kind.DATE)


def test_tables_without_which_there_is_no_report_are_four() -> None:
    """What a region may lack may also be empty; what it may not lack may not."""
    needed = {contract.name for contract in FETCHED if not contract.optional}

    assert needed == {"operations", "needs", "waiting_list", "sessions"}
    assert {contract.name for contract in FETCHED if not contract.may_be_empty} == needed


@pytest.mark.parametrize("contract", TABLES.values(), ids=TABLES)
def test_every_column_says_what_it_means(contract: TableContract) -> None:
    """In one line that ends as a sentence does, for who hands it over."""
    wrong = [c.name for c in contract if not c.says.endswith(".") or "\n" in c.says]

    assert wrong == []
