"""The demo in a PostgreSQL database: the same tables, all or none, never over somebody's own."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from lpe_reports.errors import SettingsError, SourceError, SourceGoneError, UsageError
from lpe_reports.settings import Project
from lpe_reports.warehouse.demo.make import Size, make_demo, make_demo_in_postgres
from lpe_reports.warehouse.demo.postgres import PostgresPlace, refuse_real_tables
from lpe_reports.warehouse.demo.written import TABLES
from postgres_server import OWNER_PASSWORD, READER, PostgresDatabase

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.promise(
        "warehouse",
        "A demo is put into a database whole or not at all, and never over somebody's own tables",
    ),
]
SMALL = Size(years=1, scale=0.05)


def place_of(database: PostgresDatabase) -> PostgresPlace:
    """The database, as its owner."""
    return PostgresPlace.read(database.owner_url, "LPE_WAREHOUSE_URL")


@pytest.fixture(scope="module")
def filled(
    postgres_server: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PostgresDatabase]:
    """A database with a small demo in it, for tests that leave it as it is."""
    with postgres_server.database() as database:  # type: ignore[attr-defined]
        make_demo_in_postgres(Project(tmp_path_factory.mktemp("pg")), place_of(database), SMALL)
        yield database


def test_postgres_has_the_tables_of_duckdb(filled: PostgresDatabase, tmp_path: Path) -> None:
    """Every table has the same rows in every column."""
    path = make_demo(Project(tmp_path), years=SMALL.years, scale=SMALL.scale)
    with closing(duckdb.connect(str(path), read_only=True)) as ours, filled.connect() as theirs:
        for table in TABLES:
            names = [row[0] for row in ours.execute(f"DESCRIBE {table}").fetchall()]
            rows = f"SELECT {', '.join(names)} FROM {table}"
            expected = sorted(map(repr, ours.execute(rows).fetchall()))

            assert sorted(map(repr, theirs.execute(rows.encode()).fetchall())) == expected, table


def test_demo_in_postgres_tells_what_it_wrote(
    postgres_database: PostgresDatabase, tmp_path: Path
) -> None:
    """The number of rows is that of the tables, the workbook is there, and no DuckDB file is."""
    project = Project(tmp_path)
    rows = make_demo_in_postgres(project, place_of(postgres_database), SMALL)
    with postgres_database.connect() as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
            for table in TABLES
        ]

    assert rows == sum(count[0] for count in counts if count) > 50_000
    assert (project.office / "plan.xlsx").is_file()
    assert not project.demo_warehouse.exists()


def test_tables_have_their_keys_and_indexes(filled: PostgresDatabase) -> None:
    """Changed rows and photographs are found by an index; nothing half-made is left."""
    with filled.connect() as connection:
        indexes = {
            (table, text.partition("USING btree ")[2])
            for table, text in connection.execute("SELECT tablename, indexdef FROM pg_indexes"
                " WHERE schemaname = 'public'").fetchall()
        }  # fmt: skip
        names = {
            row[0] for row in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        }  # fmt: skip

    assert names == set(TABLES)
    assert ("waiting_list", "(snapshot_date)") in indexes
    assert ("operations", "(changed_at)") in indexes and ("referrals", "(changed_at)") in indexes
    assert ("needs", "(need_id)") in indexes and ("staffing", "(unit, date, role)") in indexes


def test_a_second_demo_takes_the_place_of_the_first(
    postgres_database: PostgresDatabase, tmp_path: Path
) -> None:
    """Its tables are replaced, and who might read them still may."""
    place = place_of(postgres_database)
    make_demo_in_postgres(Project(tmp_path), place, SMALL)
    postgres_database.let_read()
    make_demo_in_postgres(Project(tmp_path), place, Size(years=1, scale=0.05, seed=1))
    with postgres_database.connect() as connection:
        allowed = connection.execute(
            "SELECT bool_and(has_table_privilege(%s, oid, 'SELECT')) FROM pg_class "
            "WHERE relname = ANY(%s)", [READER, list(TABLES)]
        ).fetchone()  # fmt: skip

    assert allowed == (True,)
    assert refuse_real_tables(place, TABLES)


@pytest.mark.parametrize(
    "made", ["CREATE TABLE needs (a int)", "CREATE VIEW contacts AS SELECT 1 AS a"]
)
def test_tables_that_no_demo_made_are_left_alone(
    postgres_database: PostgresDatabase, tmp_path: Path, made: str
) -> None:
    """One table or view of somebody's own stops the demo before it touches anything."""
    postgres_database.run(made)
    with pytest.raises(UsageError, match="did not make"):
        make_demo_in_postgres(Project(tmp_path), place_of(postgres_database), SMALL)
    with postgres_database.connect() as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ).fetchall()

    assert tables == [(made.split()[2],)]
    assert list(tmp_path.rglob("*")) == []


def test_killed_at_commit_leaves_the_old_tables(
    postgres_database: PostgresDatabase, tmp_path: Path
) -> None:
    """A session that ends when only the old tables are to be let go of has changed nothing.

    Somebody reads the old operations, so that the new ones wait to take their place; there the
    session is ended, as a server that stops would.
    """
    place = place_of(postgres_database)
    make_demo_in_postgres(Project(tmp_path), place, SMALL)
    before = content(postgres_database)
    book = (tmp_path / "data" / "office" / "plan.xlsx").read_bytes()
    errors: list[SourceError] = []

    def again() -> None:
        try:
            make_demo_in_postgres(Project(tmp_path), place, Size(years=1, scale=0.05, seed=2))
        except SourceError as error:
            errors.append(error)

    with postgres_database.connect() as reader, reader.transaction():
        reader.execute("SELECT 1 FROM operations LIMIT 1")
        other = threading.Thread(target=again)
        other.start()
        end_who_waits(postgres_database)
        other.join(60)

    assert [type(error) for error in errors] == [SourceGoneError]
    assert "as they were" in str(errors[0]) and OWNER_PASSWORD not in str(errors[0])
    assert content(postgres_database) == before
    assert (tmp_path / "data" / "office" / "plan.xlsx").read_bytes() == book


def end_who_waits(database: PostgresDatabase) -> None:
    """End the session that waits for a lock, as soon as there is one."""
    for _ in range(600):
        with database.connect() as connection:
            ended = connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE wait_event_type = 'Lock' AND datname = current_database()"
            ).fetchall()
        if ended:
            return
        time.sleep(0.05)
    raise TimeoutError("nobody waited for a lock")


def content(database: PostgresDatabase) -> dict[str, object]:
    """A digest of every table that is there."""
    with database.connect() as connection:
        names = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind = 'r' ORDER BY 1"
        ).fetchall()
        return {
            name: connection.execute(
                f"SELECT count(*), sum(hashtext(t::text)::bigint) FROM {name} t".encode()
            ).fetchone()
            for (name,) in names
        }


def test_refused_logins_and_databases_are_told_without_words_of_the_url(
    postgres_database: PostgresDatabase, tmp_path: Path
) -> None:
    """What to look at is said, and nothing of the URL."""
    for url, expected in (
        (postgres_database.url_of("office", "wrong-w0rd"), "refused the login"),
        (postgres_database.url_of("office", OWNER_PASSWORD, name="nowhere"), "no such database"),
    ):
        with pytest.raises(SourceError, match=expected) as told:
            make_demo_in_postgres(Project(tmp_path), PostgresPlace.read(url, "MY_URL"), SMALL)

        assert "MY_URL" in str(told.value)
        for secret in ("wrong-w0rd", OWNER_PASSWORD, "127.0.0.1", "nowhere"):
            assert secret not in str(told.value)
    assert list(tmp_path.rglob("*")) == []


def test_an_account_that_may_not_write_changes_nothing(
    postgres_database: PostgresDatabase, tmp_path: Path
) -> None:
    """The reader's own account is told what it lacks."""
    with pytest.raises(SourceError, match="may not create tables"):
        make_demo_in_postgres(
            Project(tmp_path), PostgresPlace.read(postgres_database.url, "MY_URL"), SMALL
        )

    assert list(tmp_path.rglob("plan.xlsx")) == []


@pytest.mark.parametrize("text", ["", "nonsense", "mssql://a:b@c/d", "postgresql://u:p@h:port/d"])
def test_a_url_that_is_none_is_not_repeated(text: str) -> None:
    """The message says where it stands and how it is written."""
    with pytest.raises(SettingsError, match="MY_URL") as told:
        PostgresPlace.read(text, "MY_URL")

    assert not text or text not in str(told.value)
