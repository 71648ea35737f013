"""A real PostgreSQL server for the tests, started once, on a port of its own.

PostgreSQL refuses to run as root: there the server runs as the system's user `postgres`, which
owns its folder. Otherwise it runs as whoever runs the tests. It dies with the tests, whatever
becomes of them.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal

import psycopg
import pytest
from pytest_postgresql.janitor import DatabaseJanitor

OWNER = "office"
OWNER_PASSWORD = "owner-w0rd-of-tests"
READER = "lpe_reader"
READER_PASSWORD = "reader-s3cret-of-tests"

# What is written need not outlive the machine; the rest lets it start in a moment.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "20",
    "shared_buffers": "64MB",
    "max_wal_size": "4GB",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}
_DATABASES = count(1)


def server_programs() -> Path | None:
    """The folder of the newest PostgreSQL server here."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    found = str(debian[-1]) if debian else shutil.which("postgres")
    return Path(found).resolve().parent if found else None


class PostgresServer:
    """A server in a folder of its own, which can be stopped, killed and started again.

    Args:
        folder: An empty folder; given to the user that the server runs as.
    """

    host = "127.0.0.1"

    def __init__(self, folder: Path) -> None:
        programs = server_programs()
        assert programs is not None
        self._programs = programs
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = _free_port()
        if os.getuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        self._initialise()

    def start(self) -> None:
        """Start it and wait until it answers.

        After a kill the old sessions hold the memory for a moment more, and it will not start.
        """
        for _ in range(300):
            if self._process is None or self._process.poll() is not None:
                self._process = self._launch()
            with suppress(psycopg.OperationalError), self.connect("postgres"):
                return
            time.sleep(0.05)
        log = (self._folder.parent / "server.log").read_text()
        raise TimeoutError(f"the PostgreSQL server does not answer: {log[-1000:]}")

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
        with (self._folder.parent / "server.log").open("ab") as log:
            return subprocess.Popen(
                [
                    *_as_its_user(dies_with_us=True),
                    str(self._programs / "postgres"),
                    *("-D", str(self._folder / "data")),
                    *("-p", str(self.port), "-k", str(self._folder)),
                    *settings,
                ],
                stdout=log,
                stderr=log,
                env=_environment(),
                cwd="/",
                start_new_session=True,
            )

    def start_if_stopped(self) -> None:
        """Start it where a test left it down."""
        if self._process is None or self._process.poll() is not None:
            self.start()

    def stop(self, how: Literal["fast", "immediate", "kill"] = "fast") -> None:
        """Stop it: in order, at once as `pg_ctl -m immediate` does, or as by the kernel."""
        if self._process is None:
            return
        signals = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT, "kill": signal.SIGKILL}
        self._process.send_signal(signals[how])
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(30)
        self._process = None

    def connect(self, database: str, **kw: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection as the owner of everything, each statement on its own."""
        given = {"user": OWNER, "password": OWNER_PASSWORD, "connect_timeout": 5} | kw
        return psycopg.connect(
            host=self.host, port=self.port, dbname=database, autocommit=True, **given
        )

    @contextmanager
    def database(self) -> Iterator["PostgresDatabase"]:
        """A database of its own, dropped afterwards (a stopped server is started for that)."""
        name = f"test_{os.getpid()}_{next(_DATABASES)}"
        janitor = DatabaseJanitor(
            user=OWNER, password=OWNER_PASSWORD, host=self.host, port=self.port, dbname=name
        )
        janitor.init()
        try:
            yield PostgresDatabase(self, name)
        finally:
            self.start_if_stopped()
            janitor.drop()

    def _initialise(self) -> None:
        word = self._folder / "word"
        word.write_text(OWNER_PASSWORD)
        if os.getuid() == 0:
            shutil.chown(word, "postgres", "postgres")
        subprocess.run(
            [
                *_as_its_user(),
                str(self._programs / "initdb"),
                *("-D", str(self._folder / "data"), "-U", OWNER, "--pwfile", str(word)),
                *("-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            env=_environment(),
            cwd="/",
        )
        word.unlink()


@dataclass(frozen=True)
class PostgresDatabase:
    """One database of the server."""

    server: PostgresServer
    name: str

    @property
    def url(self) -> str:
        """As the reader, with the password: what stands in LPE_WAREHOUSE_URL."""
        return self.url_of(READER, READER_PASSWORD)

    @property
    def owner_url(self) -> str:
        """As the owner, who may write."""
        return self.url_of(OWNER, OWNER_PASSWORD)

    def url_of(self, user: str, password: str, *, host: str = "", name: str = "") -> str:
        """As somebody."""
        where = f"{host or self.server.host}:{self.server.port}/{name or self.name}"
        return f"postgresql+psycopg://{user}:{password}@{where}"

    def connect(self, **kw: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection as the owner, each statement on its own."""
        return self.server.connect(self.name, **kw)

    def run(self, *statements: str) -> None:
        """Do something as the owner."""
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def let_read(self) -> None:
        """Let the reader read every table that is there."""
        self.run(
            f"GRANT USAGE ON SCHEMA public TO {READER}",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {READER}",
        )


@contextmanager
def running_server() -> Iterator[PostgresServer]:
    """A server with the roles of an owner and of a reader; it is gone afterwards."""
    # Not below pytest's own folder, which nobody but root may enter when root runs the tests.
    with tempfile.TemporaryDirectory(prefix="lpe-pg-") as name:
        folder = Path(name) / "server"
        folder.mkdir()
        Path(name).chmod(0o755)
        server = PostgresServer(folder)
        server.start()
        try:
            with server.connect("postgres") as connection:
                connection.execute(f"CREATE ROLE {READER} LOGIN PASSWORD '{READER_PASSWORD}'")
            yield server
        finally:
            server.stop("immediate")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The tests' server, started when the first of them needs it."""
    with running_server() as server:
        yield server


@pytest.fixture
def postgres_database(postgres_server: PostgresServer) -> Iterator[PostgresDatabase]:
    """An empty database."""
    with postgres_server.database() as database:
        yield database


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_its_user(*, dies_with_us: bool = False) -> list[str]:
    """What is written before a command of PostgreSQL's."""
    setpriv = shutil.which("setpriv")
    words: list[str] = []
    if os.getuid() == 0:
        assert setpriv is not None
        user = pwd.getpwnam("postgres")
        words += ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
    if dies_with_us and setpriv:
        words += ["--pdeathsig", "QUIT"]
    return [setpriv, *words] if setpriv and words else []


def _environment() -> dict[str, str]:
    """Ours, without what would tell PostgreSQL to do other than these tests say."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8"}
