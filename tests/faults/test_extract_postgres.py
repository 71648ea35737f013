"""A whole night from PostgreSQL: the same as from a file, and whole or not at all."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.cli import run
from lpe_reports.errors import SourceError, SourceGoneError
from lpe_reports.progress import Silent
from lpe_reports.settings import Project
from lpe_reports.warehouse import retrying
from lpe_reports.warehouse.extract import extract
from lpe_reports.warehouse.nights.manifest import Manifest, read_manifest
from lpe_reports.warehouse.snapshots import open_extract
from lpe_reports.warehouse.sources import sql_database
from parsed_params import share_parsed_params
from postgres_server import OWNER, READER, READER_PASSWORD, PostgresDatabase
from postgres_warehouse import POSTGRES_SOURCES, URL_NAME, fill
from small_warehouse import DUCKDB_SOURCES, NIGHT, SmallOffice, operation, small_office

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.promise(
        "warehouse",
        "A server that is down, killed or cut at any moment gives a whole night or none",
    ),
]

DAY_BEFORE = NIGHT - timedelta(days=1)


@pytest.fixture
def database(
    postgres_database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PostgresDatabase]:
    """An empty database, read a few rows at a time and tried again soon; up again afterwards."""
    soon = retrying.BackOff(first_seconds=0.01, longest_seconds=0.05)
    monkeypatch.setattr(retrying, "BackOff", lambda: soon)
    monkeypatch.setattr(sql_database, "FETCHED_ROWS", 50)
    monkeypatch.setattr(sql_database, "BATCH_ROWS", 100)
    monkeypatch.setenv(URL_NAME, postgres_database.url)
    yield postgres_database
    postgres_database.server.start_if_stopped()


@pytest.fixture
def office(tmp_path: Path, database: PostgresDatabase) -> SmallOffice:
    """A project whose source is the server, with rows of a year."""
    made = small_office(tmp_path, operations=180)
    made.sources(POSTGRES_SOURCES)
    fill(database, made.tables)
    return made


class AtRows(Silent):
    """Something that happens once, when some rows of a table have been read."""

    def __init__(self, table: str, action: Callable[[], object]) -> None:
        self._table = table
        self._action = action
        self.happened = 0
        self.told: list[str] = []

    def start(self, what: str, total: int) -> None:
        self.told.append(what)

    def running(self, names: Any) -> None:
        if not self.happened and any(name.startswith(self._table) for name in names):
            self.happened += 1
            self._action()


def _manifest(folder: Path) -> Manifest:
    return read_manifest(folder)


def _content(manifest: Manifest) -> dict[str, Any]:
    """What a night says of its rows: digests, counts, broken rules."""
    return {
        name: (table.parts, table.digest, table.rows, table.rejected, table.repaired, table.checks,
               table.latest_event_at, [file.sha256 for file in table.files])
        for name, table in manifest.tables.items()
        if name != "load_log"
    }  # fmt: skip


def _nothing_visible(office: SmallOffice) -> bool:
    extracts = office.project.extracts
    return not extracts.exists() or not [p for p in extracts.iterdir() if p.name[0] != "."]


@pytest.mark.promise("warehouse", "A night from a server is the night from a file, byte for byte")
def test_night_from_a_server_is_the_night_from_a_file(
    tmp_path: Path, database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row for row and byte for byte, faults and clock changes too."""
    monkeypatch.setattr(sql_database, "BATCH_ROWS", 70)
    office = small_office(tmp_path, operations=180)
    autumn = operation(5)["patient_in_at"].fromisoformat("2025-10-26 02:30")
    office.tables["operations"] += [
        operation(900, asa=9),
        operation(901, operating_unit="Okänd enhet", section=None, planned=None),
        operation(902, requested_at=autumn, decided_at=autumn),
    ]
    from_file = office.extract()
    shutil.move(office.project.data / "extracts", tmp_path / "from-file")
    shutil.rmtree(office.project.snapshots)

    office.sources(POSTGRES_SOURCES)
    fill(database, office.tables)
    from_server = extract(office.project, office.params)

    one = _content(_manifest(tmp_path / "from-file" / from_file.name))
    other = _content(_manifest(from_server))
    assert one.keys() == other.keys() == {"operations", "needs", "waiting_list", "sessions"}
    for name, content in one.items():
        assert other[name] == content, name
    assert "demo: true" in DUCKDB_SOURCES


@pytest.mark.parametrize("how", ["terminated", "immediate", "kill"])
@pytest.mark.parametrize("table", ["operations", "waiting_list", "sessions"])
def test_night_that_was_cut_is_taken_anew(
    office: SmallOffice, database: PostgresDatabase, how: Any, table: str
) -> None:
    """In whatever table it happens; the night is the one that would have been."""
    before = _content(_manifest(extract(office.project, office.params)))
    shutil.rmtree(office.project.data)

    def cut() -> None:
        if how == "terminated":
            with database.connect() as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                    "WHERE usename = %s",
                    [READER],
                )
        else:
            database.server.stop(how)
            database.server.start()

    progress = AtRows(table, cut)
    folder = extract(office.project, office.params, progress=progress)

    assert progress.happened == 1
    assert any("try 2 of 4 in" in said for said in progress.told)
    assert not any(READER_PASSWORD in said for said in progress.told)
    assert _content(_manifest(folder)) == before
    assert _manifest(folder).attempts == 2
    assert not list(office.project.extracts.glob(".unfinished*"))


def test_server_that_dies_for_good_leaves_no_night(
    office: SmallOffice, database: PostgresDatabase
) -> None:
    """A bounded number of tries, a clear error, and nothing of the night to be seen."""
    progress = AtRows("needs", lambda: database.server.stop("kill"))

    with pytest.raises(SourceGoneError) as gone:
        extract(office.project, office.params, progress=progress)

    assert "the database of source 'postgres' does not answer" in str(gone.value)
    assert str(gone.value).endswith("(tried 4 times)")
    assert _nothing_visible(office)
    assert not list(office.project.snapshots.rglob("*.parquet"))


def test_server_that_is_killed_at_the_end_has_given_all(
    office: SmallOffice, database: PostgresDatabase
) -> None:
    """Nothing was to be committed there; the night is whole."""
    whole = _content(_manifest(extract(office.project, office.params)))
    shutil.rmtree(office.project.data)

    class Killing(Silent):
        def done(self) -> None:
            database.server.stop("kill")

    folder = extract(office.project, office.params, progress=Killing())

    assert _content(_manifest(folder)) == whole
    assert _manifest(folder).attempts == 1


def test_renamed_table_in_the_middle_leaves_no_night(
    office: SmallOffice, database: PostgresDatabase
) -> None:
    """It is told at once: trying again would not bring it back."""
    database.run("ALTER TABLE sessions RENAME TO salspass")
    progress = AtRows("no table", lambda: None)

    with pytest.raises(SourceError, match="table sessions in the database of source") as told:
        extract(office.project, office.params, progress=progress)

    assert told.type is SourceError
    assert not [said for said in progress.told if "try " in said]
    assert _nothing_visible(office)


@pytest.mark.promise("warehouse", "All tables of a night are of one moment")
def test_night_is_of_one_moment(office: SmallOffice, database: PostgresDatabase) -> None:
    """What is written between two tables is in neither."""
    progress = AtRows(
        "needs",
        lambda: database.run(
            "INSERT INTO sessions SELECT session_id || 'x' AS session_id, theatre, operating_unit,"
            " date, start_at, end_at, vo, section, status, staffed_from_at, staffed_to_at,"
            " schedule, published_on FROM sessions",
            "DELETE FROM needs",
            "UPDATE operations SET theatre = 'Sal 99'",
        ),
    )

    extract(office.project, office.params, progress=progress)

    night = open_extract(office.project)
    assert progress.happened == 1
    assert len(night.read("sessions")) == 20
    assert len(night.read("needs")) == 180
    assert "Sal 99" not in set(night.read("operations")["theatre"])


@pytest.mark.promise(
    "warehouse",
    "A night of what has changed is a whole night, and history changed in silence is found",
)
def test_increment_fetches_what_the_server_says_has_changed(
    office: SmallOffice, database: PostgresDatabase
) -> None:
    """By the watermark, which only the server looks for."""
    office.sources(
        POSTGRES_SOURCES.replace("operations: {}", "operations: {watermark: changed_at}")
    )
    changed = operation(0)["patient_in_at"]
    rows = [row | {"changed_at": changed + timedelta(days=n // 4)}
            for n, row in enumerate(office.tables["operations"])]  # fmt: skip
    fill(database, {"operations": rows}, changed_at="timestamp")
    extract(office.project, office.params, as_of=DAY_BEFORE)
    database.run(
        "UPDATE operations SET asa = 4, changed_at = '2026-05-11 04:00' WHERE operation_id = 'O7'",
        "UPDATE waiting_list SET booked_for = NULL",
    )

    folder = extract(office.project, office.params, as_of=NIGHT)

    table = _manifest(folder).tables["operations"]
    assert table.load == "increment"
    assert 0 < table.fetched < 20
    assert table.rows == 180


def test_command_says_it_in_one_line_and_ends_with_5(
    tmp_path: Path,
    root: Path,
    database: PostgresDatabase,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What an operator sees of a server that is down, and of a refused login."""
    shutil.copytree(root / "params", tmp_path / "params")
    (tmp_path / "reports").symlink_to(root / "reports")
    shutil.copy(root / "_quarto.yml", tmp_path)
    share_parsed_params(Project(tmp_path))
    monkeypatch.chdir(tmp_path)
    said: list[str] = []
    codes: list[int] = []

    monkeypatch.setenv(URL_NAME, database.url_of(READER, "wrong-" + READER_PASSWORD))
    codes.append(run(["extract", "--source", "postgres"]))
    said.append(capsys.readouterr().err)
    database.server.stop()
    monkeypatch.setenv(URL_NAME, database.url)
    codes.append(run(["extract", "--source", "postgres"]))
    said.append(capsys.readouterr().err)
    monkeypatch.delenv(URL_NAME)
    codes.append(run(["extract", "--source", "postgres"]))
    said.append(capsys.readouterr().err)

    last = [text.strip().splitlines()[-1] for text in said]
    assert codes == [5, 5, 2], said
    assert last[0].startswith("lpe: the database of source 'postgres' refused the login.")
    assert last[1].startswith("lpe: the database of source 'postgres' does not answer")
    assert last[1].endswith("(tried 4 times)")
    assert last[2].startswith("lpe: LPE_WAREHOUSE_URL is not set.")
    for text in said:
        assert READER_PASSWORD not in text
        assert OWNER not in text
        assert "127.0.0.1" not in text
