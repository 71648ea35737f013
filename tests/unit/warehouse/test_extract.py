"""A night: whole or not at all, its unchanged parts linked, its waiting lists never changed."""

import os
import signal
import subprocess
import sys
import textwrap
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from lpe_reports.errors import ContractError, ExtractError, UsageError
from lpe_reports.warehouse.extract import extract
from lpe_reports.warehouse.nights.folders import find_night, nights
from lpe_reports.warehouse.nights.manifest import read_manifest
from lpe_reports.warehouse.snapshots import open_extract
from lpe_reports.warehouse.sources import duckdb_file
from small_warehouse import NIGHT, ROOT, SmallOffice, operation, small_office, waiting

LISTS = pytest.mark.promise("warehouse", "A stored waiting list is never changed and never lost")
NO_ROWS = pytest.mark.promise(
    "warehouse", "A table without a row is refused where a report needs one"
)
WHOLE = pytest.mark.promise(
    "warehouse", "A load that is killed leaves nothing to be seen, and the next one is whole"
)

WEEK_BEFORE = NIGHT - timedelta(days=7)


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return small_office(tmp_path, operations=24)


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


def test_night_is_a_folder_of_parts_with_a_manifest(office: SmallOffice) -> None:
    """A file for each table and month, waiting list and day, each of them in the manifest."""
    folder = office.extract()

    manifest = read_manifest(folder)
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*.parquet")}
    assert folder == office.project.extracts / "2026-05-11"
    assert {"operations/2026-01.parquet", "sessions/2026-04.parquet"} <= files
    assert "waiting_list/operation/2026-05-11.parquet" in files
    assert files == {f.path for t in manifest.tables.values() for f in t.files}
    assert {t.name: t.rows for t in manifest.tables.values()} == {
        "operations": 24, "needs": 24, "waiting_list": 80, "sessions": 20, "load_log": 4,
    }  # fmt: skip
    assert (manifest.source, manifest.demo, manifest.contract) == ("demo", True, "1")


def test_parts_of_a_month_are_per_unit(office: SmallOffice) -> None:
    """A month's file holds its units one after the other; a page reads years of all of them."""
    folder = office.extract()

    table = read_manifest(folder).tables["operations"]
    january = [part for part in table.parts if part.period == "2026-01"]
    stored = pq.read_table(folder / "operations" / "2026-01.parquet")
    assert {table.files[part.file].path for part in january} == {"operations/2026-01.parquet"}
    for part in january:
        rows = stored.slice(part.first_row, part.rows)
        assert rows.column("operating_unit").unique().to_pylist() == [part.unit]
    assert sum(part.rows for part in january) == stored.num_rows


def test_parts_of_a_day_are_per_unit(office: SmallOffice) -> None:
    """A list's file holds its units one after the other; each is a part with its own digest."""
    folder = office.extract()

    table = read_manifest(folder).tables["waiting_list"]
    parts = [p for p in table.parts if (p.group, p.period) == ("operation", "2026-05-11")]
    stored = pq.read_table(folder / table.files[parts[0].file].path)
    assert len({p.file for p in parts}) == 1
    assert [p.unit for p in parts] == ["bo-opc", "ga-cop", "ga-dagkir", "hu-cop"]
    assert len({p.digest for p in parts}) == 4
    for part in parts:
        units = stored.slice(part.first_row, part.rows).column("unit").unique().to_pylist()
        assert units == [part.unit]


def test_no_id_of_the_source_is_stored(office: SmallOffice) -> None:
    """No file of the night holds a key as the source wrote it."""
    office.tables["operations"] = [
        operation(n, patient_key=f"PERSON-{n}", operation_id=f"OPERATION-{n}") for n in range(24)
    ]

    folder = office.extract()

    stored = pq.read_table(folder / "operations" / "2026-01.parquet")
    assert all(key.startswith("pt_") for key in stored.column("patient_key").to_pylist())
    assert not any(b"PERSON-" in p.read_bytes() for p in folder.rglob("*") if p.is_file())


def test_keys_join_across_tables(office: SmallOffice) -> None:
    """An operation still finds its need, and its patient theirs."""
    office.extract()
    night = open_extract(office.project)

    joined = night.read("operations").merge(night.read("needs"), on=["need_id", "patient_key"])

    assert len(joined) == 24


def test_times_are_stored_as_utc(office: SmallOffice) -> None:
    """Eight o'clock in January is seven o'clock UTC."""
    folder = office.extract()

    stored = pq.read_table(folder / "operations" / "2026-01.parquet")
    assert str(stored.schema.field("patient_in_at").type) == "timestamp[us, tz=UTC]"
    first = min(stored.column("patient_in_at").to_pylist())
    assert first.isoformat() == "2026-01-05T07:00:00+00:00"


def test_month_of_a_part_is_the_swedish_one(office: SmallOffice) -> None:
    """Half past midnight on 1 February is still January in UTC, and belongs to February."""
    row = operation(0)
    moved = date(2026, 2, 1) - row["patient_in_at"].date() - timedelta(hours=8)
    shifted = {n: row[n] + moved for n in row if n.endswith("_at") and n != "decided_at"}
    office.tables["operations"] = [row | shifted]

    folder = office.extract()

    assert (folder / "operations" / "2026-02.parquet").is_file()


def test_night_is_the_day_of_the_newest_waiting_list(office: SmallOffice) -> None:
    """Unless another day is asked for, after which nothing is part of the night."""
    assert office.extract().name == "2026-05-11"

    earlier = office.extract(as_of=date(2026, 5, 5))

    night = open_extract(office.project, date(2026, 5, 5))
    assert earlier.name == "2026-05-05"
    assert night.snapshot_dates("operation") == [WEEK_BEFORE]
    assert night.manifest.tables["waiting_list"].left_out == 40


def test_second_load_of_a_day_stands_beside_the_first(office: SmallOffice) -> None:
    """`.2`, and it is the one that is opened."""
    first, second, third = (office.extract() for _ in range(3))

    assert [first.name, second.name, third.name] == ["2026-05-11", "2026-05-11.2", "2026-05-11.3"]
    assert open_extract(office.project).folder == third
    assert find_night(office.project, NIGHT).load == 3
    assert [night.folder for night in nights(office.project)] == [first, second, third]


def test_unchanged_parts_are_links_to_the_night_before(office: SmallOffice) -> None:
    """One row changed: its part is written, all others are second names of the old files."""
    first = office.extract()
    office.tables["operations"][4]["asa"] = 3

    second = office.extract()

    names = [p.relative_to(first) for p in first.rglob("*.parquet") if "load_log" not in p.parts]
    written = [n.as_posix() for n in names if not (first / n).samefile(second / n)]
    assert written == ["operations/2026-01.parquet"]


def test_order_of_rows_in_the_source_does_not_matter(office: SmallOffice) -> None:
    """A database that gives its rows in another order gives the same night."""
    first = read_manifest(office.extract())
    for rows in office.tables.values():
        rows.reverse()

    second = read_manifest(office.extract())

    assert second.digest == first.digest
    assert second.tables["operations"].files == first.tables["operations"].files


def test_damaged_file_is_not_passed_on(office: SmallOffice) -> None:
    """A part that was damaged since is written anew instead of linked."""
    part = "operations/2026-01.parquet"
    damaged = office.extract() / part
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-7])

    second = office.extract()

    assert not (second / part).samefile(damaged)
    open_extract(office.project).verify()


def test_parts_are_read_only(office: SmallOffice) -> None:
    """They are linked into other nights, so nobody may write into one."""
    folder = office.extract()

    assert {p.stat().st_mode & 0o222 for p in folder.rglob("*.parquet")} == {0}


@LISTS
def test_stored_waiting_lists_live_on(office: SmallOffice) -> None:
    """A source that holds only today's list still gives nights with every list stored before."""
    office.extract(as_of=WEEK_BEFORE)
    office.tables["waiting_list"] = [waiting(n, "operation", NIGHT) for n in range(20)]

    folder = office.extract()

    night = open_extract(office.project)
    stored = office.project.snapshots / "operation" / f"{WEEK_BEFORE}.parquet"
    assert night.snapshot_dates("operation") == [WEEK_BEFORE, NIGHT]
    assert night.snapshot_dates("first_contact") == [WEEK_BEFORE]
    assert len(night.read("waiting_list", start=WEEK_BEFORE, end=NIGHT)) == 40
    assert stored.samefile(folder / "waiting_list" / "operation" / stored.name)


@LISTS
def test_stored_waiting_list_is_never_changed(office: SmallOffice) -> None:
    """The same day with other content is an error that names day and list; nothing appears."""
    office.extract()
    office.tables["waiting_list"][5]["asa"] = 4
    office.tables["waiting_list"][25]["asa"] = 1

    with pytest.raises(ExtractError) as refused:
        office.extract(full=True)

    assert "2026-05-04 (first_contact), 2026-05-04 (operation)" in str(refused.value)
    assert _names(office.project.extracts) == {"2026-05-11"}


def test_other_secret_is_told_as_such(office: SmallOffice) -> None:
    """Keys that no longer join are noticed, and the message says why."""
    office.extract()
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(text.replace("nothing to hide", "something to hide"))

    with pytest.raises(ExtractError, match="another secret"):
        office.extract()


@LISTS
def test_stored_lists_of_another_source_are_never_mixed_in(office: SmallOffice) -> None:
    """Made-up lists of days that the new source does not have stop the load, too."""
    office.extract()
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(text.replace("nothing to hide", "something to hide"))
    for row in office.tables["waiting_list"]:
        row["snapshot_date"] += timedelta(days=3)
        row["entry_id"] += "B"

    with pytest.raises(ExtractError, match="come from another source"):
        office.extract(as_of=NIGHT + timedelta(days=3))

    assert _names(office.project.extracts) == {"2026-05-11"}


def test_a_day_that_has_not_been_is_no_night(office: SmallOffice) -> None:
    """A mistyped year would hide every night until then."""
    with pytest.raises(UsageError, match="has not been"):
        office.extract(as_of=date(2199, 1, 1))

    assert not office.project.extracts.exists() or not _names(office.project.extracts)


@LISTS
def test_damaged_stored_list_is_named(office: SmallOffice) -> None:
    """It cannot be made again, so the load stops instead of going on without it."""
    office.extract()
    stored = office.project.snapshots / "operation" / f"{NIGHT}.parquet"
    stored.chmod(0o644)
    content = bytearray(stored.read_bytes())
    content[len(content) // 2] ^= 1
    stored.write_bytes(bytes(content))

    with pytest.raises(
        ExtractError, match=rf"data/snapshots/operation/{NIGHT}.parquet, is damaged"
    ):
        office.extract()


@WHOLE
def test_refused_tables_are_all_told_and_nothing_appears(office: SmallOffice) -> None:
    """One message for every table that breaks the contract; no night, no new waiting list."""
    office.tables["operations"][0]["theatre"] = None
    office.tables["needs"][0]["procedure_code"] = None

    with pytest.raises(ContractError) as refused:
        office.extract()

    assert "table operations" in str(refused.value)
    assert "table needs" in str(refused.value)
    assert _names(office.project.extracts) == set()
    assert _names(office.project.snapshots) == set()


def test_unknown_source_is_wrong_use(office: SmallOffice) -> None:
    """And the nearest name is told."""
    with pytest.raises(UsageError, match="did you mean 'demo'"):
        office.extract(source="dmeo")


@NO_ROWS
def test_table_without_a_row_is_refused(office: SmallOffice) -> None:
    """A table that must not be empty is named, with what to do where it may be."""
    _empty_needs(office)

    with pytest.raises(ContractError) as refused:
        extract(office.project, office.params)

    assert "table needs of source 'demo' is refused:\n  it has no row at all" in str(refused.value)
    assert "'may_be_empty: true' of needs in params/sources.yml" in str(refused.value)


@NO_ROWS
def test_table_whose_rows_are_all_later_than_the_night_says_so(office: SmallOffice) -> None:
    """The source has rows, and to allow an empty table would hide what became of them."""
    office.tables["operations"] = office.tables["operations"][:1]
    office.tables["operations"] += [operation(n, operating_unit="Månen") for n in (1, 20)]

    with pytest.raises(ContractError) as refused:
        office.extract(as_of=date(2026, 1, 4))

    said = str(refused.value)
    assert "no row of it is left, and it must not be empty: 3 rows read, 3 later than the " in said
    assert "may_be_empty" not in said


@NO_ROWS
def test_table_whose_rows_are_all_set_aside_says_so(office: SmallOffice) -> None:
    """By which rule, and how many of them were later than the night."""
    rows = [operation(n, operating_unit="Månen") for n in (0, 1, 20)]
    office.tables["operations"] = rows

    with pytest.raises(ContractError) as refused:
        office.extract(as_of=date(2026, 1, 10))

    said = str(refused.value)
    assert (
        "must not be empty: 3 rows read, 2 set aside by unknown_unit(operating_unit), 1 later than "
        "the night 2026-01-10"
    ) in said
    assert "may_be_empty" not in said


def test_empty_table_that_may_be_is_an_empty_table(office: SmallOffice) -> None:
    """Where the office says so, no rows are no fault: the frame has its columns."""
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(text.replace("needs: {}", "needs: {may_be_empty: true}"))
    _empty_needs(office)

    extract(office.project, office.params)

    needs = open_extract(office.project).read("needs")
    assert len(needs) == 0
    assert str(needs["decided_at"].dtype) == "datetime64[us, Europe/Stockholm]"


def _empty_needs(office: SmallOffice) -> None:
    office.write()
    with duckdb.connect(str(office.project.demo_warehouse)) as connection:
        connection.execute("DELETE FROM needs")


def _long_lists(*days: object) -> list[dict[str, object]]:
    """More rows per day than a batch holds."""
    return [waiting(n, "operation", NIGHT, snapshot_date=day) for day in days for n in range(2500)]


def test_day_may_go_on_over_batches(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Days come in pieces from a database; a night in small batches is the night in one."""
    office.tables["waiting_list"] = _long_lists(WEEK_BEFORE, NIGHT)
    whole = read_manifest(office.extract()).tables["waiting_list"]
    (tmp_path / "other").mkdir()
    other = small_office(tmp_path / "other", operations=24)
    other.tables["waiting_list"] = office.tables["waiting_list"]
    monkeypatch.setattr(duckdb_file, "BATCH_ROWS", 2048)

    in_pieces = read_manifest(other.extract()).tables["waiting_list"]

    assert in_pieces == whole
    assert in_pieces.rows == 5000


def test_day_spelt_in_two_ways_is_one_day(
    office: SmallOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text column that spells one day twice, far apart: one list, its copies dropped."""
    office.tables["waiting_list"] = _long_lists("11/5 2026", "2026-05-04", "2026-05-11")
    monkeypatch.setattr(duckdb_file, "BATCH_ROWS", 2048)

    loaded = read_manifest(office.extract()).tables["waiting_list"]

    assert loaded.periods("operation") == ["2026-05-04", "2026-05-11"]
    assert (loaded.rows, loaded.duplicates) == (5000, 2500)


KILLED = """
    import os, signal, sys
    from datetime import date
    from pathlib import Path

    sys.path.insert(0, {tests!r})
    from small_warehouse import SmallOffice
    from lpe_reports.progress import Silent
    from lpe_reports.warehouse.extract import extract

    class KillAt(Silent):
        def __init__(self, table):
            self.table = table

        def running(self, names):
            if self.table in names:
                os.kill(os.getpid(), signal.SIGKILL)

    office = SmallOffice(Path({root!r}))
    extract(office.project, office.params, progress=KillAt({table!r}))
"""


@WHOLE
@pytest.mark.parametrize("table", ["needs", "sessions"])
def test_killed_load_leaves_nothing_to_be_seen(office: SmallOffice, table: str) -> None:
    """SIGKILL in the middle: no night; the next load clears up and succeeds."""
    office.write()
    script = KILLED.format(tests=str(ROOT / "tests"), root=str(office.root), table=table)

    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False)

    left = _names(office.project.extracts)
    assert killed.returncode == -signal.SIGKILL
    assert len(left) == 1
    assert all(name.startswith(".unfinished-") for name in left)
    with pytest.raises(ExtractError, match="there is no extract"):
        open_extract(office.project)
    office.extract()
    assert _names(office.project.extracts) == {"2026-05-11"}


@WHOLE
def test_load_under_way_is_not_cleared_up(office: SmallOffice) -> None:
    """Only what a dead process left is removed."""
    living = office.project.extracts / f".unfinished-{os.getppid()}-2026-05-11"
    living.mkdir(parents=True)

    office.extract()

    assert _names(office.project.extracts) == {"2026-05-11", living.name}


@pytest.mark.promise("warehouse", "A disk that is full leaves no half of a night")
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_folder_that_cannot_be_written_is_told(office: SmallOffice) -> None:
    """One clear error, and nothing left behind."""
    office.project.data.mkdir(exist_ok=True)
    office.project.extracts.write_text("a file where the folder should be")

    with pytest.raises(ExtractError, match="cannot be written to data/extracts/"):
        office.extract()


def test_importing_the_contracts_leaves_the_environment_alone() -> None:
    """pandera would make PyArrow drop the zone of datetimes, here and in every worker."""
    code = (
        "import os; before = dict(os.environ); import lpe_reports.warehouse.contracts; "
        "assert dict(os.environ) == before"
    )

    subprocess.run([sys.executable, "-c", code], check=True)


def test_load_log_tells_when_in_swedish_time(office: SmallOffice) -> None:
    """The log's times are instants, not clock readings that lost their zone."""
    office.extract()
    night = open_extract(office.project)

    log = night.read("load_log").set_index("table")

    assert log.loc["waiting_list", "latest_event_at"].isoformat() == "2026-05-11T00:00:00+02:00"
    assert log.loc["operations", "loaded_at"].isoformat() == night.manifest.loaded_at
    assert log.loc["operations", "rows"] == 24
