"""Waiting lists of a night: fetched once, compared now and then, replaced by name only."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lpe_reports.errors import ContractError, ExtractError, UsageError
from lpe_reports.warehouse.nights.manifest import TableManifest, read_manifest
from lpe_reports.warehouse.snapshots import open_extract
from small_warehouse import NIGHT, SmallOffice, small_office, waiting

pytestmark = pytest.mark.promise(
    "warehouse", "A stored waiting list is never changed and never lost"
)

LISTS = ("first_contact", "operation")
DAYS = [NIGHT - timedelta(days=days) for days in (21, 14, 7, 0)]


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """Two lists of four days."""
    office = small_office(tmp_path, operations=0)
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    listed = "tables: {operations: {}, needs: {}, waiting_list: {}, sessions: {}}"
    office.sources(text.replace(listed, "tables: {waiting_list: {}}"))
    rows = [waiting(n, list_, day) for day in DAYS for list_ in LISTS for n in range(20)]
    office.tables = {"waiting_list": rows}
    return office


def _night(office: SmallOffice, **kw: object) -> TableManifest:
    return read_manifest(office.extract(**kw)).tables["waiting_list"]


def _asa(office: SmallOffice, day: date, value: int) -> None:
    """Another ASA class for one person on one day's list of operations."""
    rows = office.tables["waiting_list"]
    row = next(r for r in rows if (r["snapshot_date"], r["list"]) == (day, "operation"))
    row["asa"] = value


def test_only_days_that_are_not_stored_are_fetched(office: SmallOffice) -> None:
    """And the newest of the source, which is the one that could have been made anew."""
    first = _night(office)
    tomorrow = NIGHT + timedelta(days=1)
    rows = [waiting(n, list_, tomorrow) for list_ in LISTS for n in range(15)]
    office.tables["waiting_list"] += rows

    same = _night(office, as_of=NIGHT)
    second = _night(office, as_of=tomorrow)

    assert (first.load, first.fetched, first.rows) == ("full", 160, 160)
    assert (same.load, same.fetched, same.rows) == ("days", 40, 160)
    assert (second.load, second.fetched, second.rows) == ("days", 30, 190)
    assert second.full_on == str(NIGHT)


def test_all_days_are_fetched_every_week(office: SmallOffice) -> None:
    """So that a day that was changed later does not stay unnoticed."""
    _night(office, as_of=DAYS[2])
    _asa(office, DAYS[1], 4)

    with pytest.raises(ExtractError, match=rf"{DAYS[1]} \(operation\) are stored already"):
        _night(office, as_of=NIGHT)


def test_change_of_the_newest_day_is_noticed_at_once(office: SmallOffice) -> None:
    """The same date loaded twice with other content: named, and nothing appears."""
    _night(office)
    _asa(office, NIGHT, 4)

    with pytest.raises(ExtractError, match=rf"{NIGHT} \(operation\) are stored already"):
        _night(office)

    assert [night.name for night in office.project.extracts.iterdir()] == [str(NIGHT)]


def test_change_of_a_stored_day_is_noticed_on_request(office: SmallOffice) -> None:
    """`full` fetches and compares every day; without it an old day is not looked at."""
    _night(office)
    _asa(office, DAYS[0], 4)

    assert _night(office).fetched == 40
    with pytest.raises(ExtractError, match=rf"{DAYS[0]} \(operation\) are stored already"):
        _night(office, full=True)


def test_replaced_day_is_taken_anew_and_the_old_one_kept(office: SmallOffice) -> None:
    """By name only; the list of that day that did not change stays as it was."""
    _night(office)
    stored = office.project.snapshots / "operation" / f"{DAYS[1]}.parquet"
    other = office.project.snapshots / "first_contact" / f"{DAYS[1]}.parquet"
    old, inode = stored.read_bytes(), other.stat().st_ino
    _asa(office, DAYS[1], 4)

    folder = office.extract(replace={DAYS[1]})

    aside = stored.with_name(f"{DAYS[1]}.replaced-1.parquet")
    assert aside.read_bytes() == old
    assert json.loads(aside.with_suffix(".json").read_text())["stored"][1] == len(old)
    assert stored.read_bytes() != old
    assert stored.samefile(folder / "waiting_list" / "operation" / stored.name)
    assert other.stat().st_ino == inode
    assert read_manifest(folder).replaced == (f"operation/{DAYS[1]}",)
    assert _night(office, full=True).rows == 160


def test_day_may_be_replaced_again(office: SmallOffice) -> None:
    """Every one that was ever stored is still there."""
    _night(office)
    for value in (1, 3, 4):
        _asa(office, DAYS[1], value)
        _night(office, replace={DAYS[1]})

    names = {p.name for p in (office.project.snapshots / "operation").glob(f"{DAYS[1]}*.parquet")}
    night = open_extract(office.project)
    assert {n for n in names if "replaced" not in n} == {f"{DAYS[1]}.parquet"}
    assert len(names) >= 3
    assert night.snapshot_dates("operation") == DAYS
    night.verify()


def test_day_that_the_source_lacks_cannot_be_replaced(office: SmallOffice) -> None:
    """A mistyped day is told instead of doing nothing."""
    _night(office)

    with pytest.raises(UsageError, match="has no waiting list of 2026-05-05"):
        _night(office, replace={date(2026, 5, 5)})


def test_list_that_comes_late_is_added(office: SmallOffice) -> None:
    """One list of the day was there last night, the other is today."""
    rows = office.tables["waiting_list"]
    late = [r for r in rows if (r["snapshot_date"], r["list"]) == (DAYS[2], "operation")]
    office.tables["waiting_list"] = [r for r in rows if r not in late]
    _night(office, as_of=NIGHT)
    office.tables["waiting_list"] = rows
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(text.replace("sources:\n", "reload: {full_every_days: 30}\nsources:\n", 1))

    table = _night(office, as_of=NIGHT)

    assert (table.load, table.rows, table.fetched) == ("days", 160, 80)


def test_other_spellings_leave_stored_lists_as_they_are(office: SmallOffice) -> None:
    """A unit that is known from today on: the list of yesterday stays; what differs is counted."""
    for row in office.tables["waiting_list"]:
        if row["entry_id"] == "O3":
            row["unit"] = "Ny operationsenhet"
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    text = text.replace(
        "sources:\n", "limits: {rejected_share: 1, unknown_share: 1}\nsources:\n", 1
    )
    office.sources(text)
    before = _night(office)
    known = "hospital: {Annan: other}, operating_unit: {Ny operationsenhet: bo-opc}"
    office.sources(text.replace("hospital: {Annan: other}", known))

    after = _night(office, full=True)

    assert before.rejected == 4
    assert after.rows == before.rows == 156
    assert after.silent is not None
    assert after.silent.changed > 0
    assert _files(office) == {f"{list_}/{day}" for list_ in LISTS for day in DAYS}


def test_findings_of_stored_days_stand(office: SmallOffice) -> None:
    """What was set aside of a day stays counted in nights that link the day."""
    for row in office.tables["waiting_list"][:2]:
        row["unit"] = None

    first = _night(office)
    folder = office.extract()

    second = read_manifest(folder).tables["waiting_list"]
    assert (first.rejected, second.rejected, second.fetched) == (2, 2, 40)
    assert second.findings is not None
    found = pq.read_table(folder / second.findings.path)
    assert set(found.column("period").to_pylist()) == {str(DAYS[0])}


def test_findings_of_a_night_that_was_lost_are_found_again(office: SmallOffice) -> None:
    """Lists are stored before their night is visible; what was wrong with them is not lost."""
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(text.replace("sources:\n", "reload: {full_every_days: 30}\nsources:\n", 1))
    spoilt = next(r for r in office.tables["waiting_list"] if r["snapshot_date"] == DAYS[2])
    spoilt["unit"] = None
    _night(office, as_of=DAYS[1])
    shutil.rmtree(office.extract(as_of=NIGHT))

    table = _night(office, as_of=NIGHT)

    assert (table.load, table.fetched, table.rejected) == ("days", 80, 1)


def test_spoilt_day_is_refused_however_many_are_good(office: SmallOffice) -> None:
    """The limit is of the days that were fetched, not of the years that are stored."""
    _night(office, as_of=DAYS[2])
    rows = [r for r in office.tables["waiting_list"] if r["snapshot_date"] == NIGHT]
    for row in rows[:3]:
        row["unit"] = None
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(text.replace("sources:\n", "reload: {full_every_days: 30}\nsources:\n", 1))

    with pytest.raises(ContractError, match="3 of 40 rows would be set aside"):
        _night(office, as_of=NIGHT)


def test_source_without_any_list_is_refused(office: SmallOffice) -> None:
    """Stored lists do not make up for a source that has nothing."""
    _night(office)
    first = office.tables["waiting_list"][0]
    office.tables["waiting_list"] = [first | {"snapshot_date": None}]

    with pytest.raises(ContractError, match="it has no row at all"):
        _night(office, as_of=NIGHT)


def _files(office: SmallOffice) -> set[str]:
    root = office.project.snapshots
    return {f.relative_to(root).with_suffix("").as_posix() for f in root.glob("*/*.parquet")}
