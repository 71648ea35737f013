"""A PostgreSQL server that goes away: at the door, in the middle, at the end; and comes back."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.errors import SourceGoneError
from lpe_reports.warehouse.retrying import BackOff, FailedTry, with_retries
from lpe_reports.warehouse.sources import sql_database
from postgres_server import READER, READER_PASSWORD, PostgresDatabase
from postgres_warehouse import URL_NAME, fill, open_postgres
from small_warehouse import NIGHT, operation, waiting

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.promise(
        "warehouse",
        "A server that is down, killed or cut at any moment gives a whole night or none",
    ),
]

ROWS = 3000
SOON = BackOff(first_seconds=0.01, longest_seconds=0.05)
LOST = "the connection to the database of source 'postgres' was lost"
DOWN = "the database of source 'postgres' does not answer: the server is down or starting"


@pytest.fixture
def database(
    postgres_database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PostgresDatabase]:
    """A warehouse of two tables, fetched a few rows at a time; up again afterwards."""
    fill(
        postgres_database,
        {
            "operations": [operation(n) for n in range(ROWS)],
            "waiting_list": [waiting(n, "operation", NIGHT) for n in range(8)],
        },
    )
    monkeypatch.setenv(URL_NAME, postgres_database.url)
    # A cursor on the server hands over only what it is asked for: the rest is not here yet.
    monkeypatch.setattr(sql_database, "FETCHED_ROWS", 100)
    monkeypatch.setattr(sql_database, "BATCH_ROWS", 500)
    yield postgres_database
    postgres_database.server.start_if_stopped()


def _read_all(after_first: Callable[[], object] = lambda: None) -> list[int]:
    """Read all tables in one transaction; something happens after the first rows."""
    with open_postgres({"operations": {}, "waiting_list": {}}) as source:
        counts: list[int] = []
        for table in source.tables():
            counts.append(0)
            for batch in source.fetch(table):
                if not any(counts):
                    after_first()
                counts[-1] += batch.num_rows
    return counts


def _terminate(database: PostgresDatabase) -> None:
    """End every session of the reader's from another connection, and wait until they are gone."""
    with database.connect() as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = %s",
            [READER],
        ).fetchall()
    assert ended == [(True,)]


class Once:
    """Does something the first time only."""

    def __init__(self, action: Callable[[], object]) -> None:
        self._action = action
        self.done = 0

    def __call__(self) -> None:
        self.done += 1
        if self.done == 1:
            self._action()


@pytest.mark.parametrize("how", ["terminated", "immediate", "kill"])
def test_fetch_that_was_cut_begins_anew_and_is_whole(database: PostgresDatabase, how: Any) -> None:
    """In a fresh transaction, from the first row: the session ended, the server stopped, killed."""

    def cut() -> None:
        if how == "terminated":
            _terminate(database)
        else:
            database.server.stop(how)
            database.server.start()

    once, told = Once(cut), list[FailedTry]()

    counts = with_retries(lambda number: _read_all(once), 3, told.append, back_off=SOON)

    assert counts == [ROWS, 8]
    assert once.done == 2
    assert [failed.number for failed in told] == [1]
    assert LOST in str(told[0].error)
    assert READER_PASSWORD not in str(told[0].error)


def test_fetch_that_is_always_cut_ends_in_a_clear_error(database: PostgresDatabase) -> None:
    """After as many tries as agreed, with their number."""
    told: list[FailedTry] = []

    with pytest.raises(SourceGoneError) as gone:
        with_retries(
            lambda number: _read_all(lambda: _terminate(database)), 3, told.append, back_off=SOON
        )

    assert len(told) == 2
    assert LOST in str(gone.value)
    assert str(gone.value).endswith("(tried 3 times)")


def test_server_that_is_up_at_the_third_try_is_read(database: PostgresDatabase) -> None:
    """It was down when the night began."""
    database.server.stop()
    told: list[FailedTry] = []

    def note(failed: FailedTry) -> None:
        told.append(failed)
        if failed.number == 2:
            database.server.start()

    counts = with_retries(lambda number: _read_all(), 4, note, back_off=SOON)

    assert counts == [ROWS, 8]
    assert [DOWN in str(failed.error) for failed in told] == [True, True]


def test_server_that_stays_down_is_told_in_time(database: PostgresDatabase) -> None:
    """A bounded number of tries; nothing waits for ever."""
    database.server.stop()
    began = time.monotonic()

    with pytest.raises(SourceGoneError) as gone:
        with_retries(lambda number: _read_all(), 3, back_off=SOON)

    assert str(gone.value).startswith(DOWN)
    assert str(gone.value).endswith("(tried 3 times)")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("how", ["immediate", "kill"])
def test_server_that_is_lost_at_the_end_has_taken_nothing(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture, how: Any
) -> None:
    """All rows are here; there is nothing to commit that could be lost, and nothing to say."""
    with caplog.at_level("DEBUG"), open_postgres({"operations": {}}) as source:
        count = sum(batch.num_rows for batch in source.fetch("operations"))
        database.server.stop(how)

    assert count == ROWS
    assert caplog.text == ""


@pytest.mark.parametrize("how", ["terminated", "immediate", "kill"])
def test_server_that_is_lost_in_the_middle_is_told_by_us_alone(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture, how: Any
) -> None:
    """No library writes its own words about it anywhere."""
    with caplog.at_level("DEBUG"), pytest.raises(SourceGoneError, match=LOST):
        _read_all(
            lambda: _terminate(database) if how == "terminated" else database.server.stop(how)
        )

    assert caplog.text == ""


def test_session_that_ends_between_tables_is_told_by_the_next(
    database: PostgresDatabase,
) -> None:
    """Ended between two tables: the second one says so, and the first counts for nothing."""
    once = Once(lambda: _terminate(database))

    def read(number: int) -> list[int]:
        with open_postgres({"operations": {}, "waiting_list": {}}) as source:
            first = sum(batch.num_rows for batch in source.fetch("operations"))
            once()
            return [first, sum(batch.num_rows for batch in source.fetch("waiting_list"))]

    assert with_retries(read, 2, back_off=SOON) == [ROWS, 8]


def test_server_of_tests_that_are_killed_stops_too() -> None:
    """Whatever becomes of the tests, no server of theirs stays behind."""
    code = (
        "import os, pathlib, sys, tempfile; sys.path.insert(0, sys.argv[1]);"
        "import postgres_server as ps;"
        "top = pathlib.Path(tempfile.mkdtemp(prefix='lpe-pg-')); top.chmod(0o755);"
        "(top / 'server').mkdir(); server = ps.PostgresServer(top / 'server'); server.start();"
        "print(top, flush=True); os.kill(os.getpid(), 9)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parents[1])],
        capture_output=True,
        text=True,
        timeout=60,
    )
    folder = Path(ran.stdout.strip())
    for _ in range(100):
        if not (folder / "server" / "data" / "postmaster.pid").exists():
            break
        time.sleep(0.05)

    assert ran.returncode == -9
    assert not (folder / "server" / "data" / "postmaster.pid").exists()
    shutil.rmtree(folder)
