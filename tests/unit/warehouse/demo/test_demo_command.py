"""`lpe demo`: how big, until when, and into which place."""

import shutil
import sys
from pathlib import Path

import duckdb
import pytest
from opened_demo import open_demo

from lpe_reports.cli import run
from postgres_server import OWNER_PASSWORD, PostgresDatabase

SMALL = ["--years", "1", "--scale", "0.05"]


@pytest.fixture
def project(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project's folder, in which the command runs."""
    (tmp_path / "params").mkdir()
    shutil.copy(root / "_quarto.yml", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LPE_WAREHOUSE_URL", raising=False)
    return tmp_path


def test_demo_command_hands_on_what_it_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Until, years, scale, seed and snapshots."""
    assert run(["demo", *SMALL, "--until", "2026-03-10", "--snapshots", "monthly"]) == 0

    demo = open_demo(project)
    days = demo.ask("SELECT DISTINCT snapshot_date AS d FROM waiting_list ORDER BY 1")["d"]
    assert "until 2026-03-10" in capsys.readouterr().out
    assert str(days.iloc[-1].date()) == "2026-03-10"
    assert len(days) == 14 + 14  # the last nights, and the first Mondays of the months before
    assert str(demo.sessions["date"].min().date()) == "2024-12-30"


@pytest.mark.postgres
def test_demo_command_fills_postgres_from_the_environment(
    project: Path,
    postgres_database: PostgresDatabase,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the usual variable or another one; a demo that is there is left with --if-missing."""
    monkeypatch.setenv("LPE_WAREHOUSE_URL", postgres_database.owner_url)
    monkeypatch.setenv("OTHER", postgres_database.owner_url)

    assert run(["demo", *SMALL, "--postgres", "--if-missing"]) == 0
    assert run(["demo", *SMALL, "--url-env", "OTHER", "--if-missing"]) == 0

    said = capsys.readouterr()
    first, second = said.out.splitlines()
    assert first.startswith("PostgreSQL (LPE_WAREHOUSE_URL): ") and "rows" in first
    assert second == "the demo in the database is there already"
    assert OWNER_PASSWORD not in said.out + said.err
    assert not (project / "data" / "demo").exists()


def test_password_on_the_command_line_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says where it belongs, and does not repeat it."""
    assert run(["demo", *SMALL, "--url", "postgresql://me:s3cret-w0rd@nowhere/db"]) == 2

    said = capsys.readouterr().err
    assert "LPE_WAREHOUSE_URL" in said and "s3cret-w0rd" not in said
    assert not (project / "data").exists()


def test_url_that_is_not_set_is_an_error(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names the variable."""
    assert run(["demo", *SMALL, "--postgres"]) == 2

    assert "LPE_WAREHOUSE_URL is not set" in capsys.readouterr().err


def test_server_that_does_not_answer_is_told_at_once(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is lived or written; the exit code is that of a source."""
    monkeypatch.setenv("LPE_WAREHOUSE_URL", "postgresql://me:s3cret-w0rd@127.0.0.1:9/db")

    assert run(["demo", *SMALL, "--postgres"]) == 5

    said = capsys.readouterr().err
    assert "does not answer" in said and "s3cret-w0rd" not in said
    assert not (project / "data" / "office").exists()


def test_missing_driver_is_told_with_its_extra(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where psycopg is not installed."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.setenv("LPE_WAREHOUSE_URL", "postgresql://me@127.0.0.1:9/db")

    assert run(["demo", *SMALL, "--postgres"]) == 2

    assert "lpe-reports[postgres]" in capsys.readouterr().err


def test_demo_that_is_there_is_left_as_it_is(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --if-missing, when it has all tables."""
    assert run(["demo", *SMALL]) == 0
    made = (project / "data" / "demo" / "warehouse.duckdb").stat().st_mtime_ns

    assert run(["demo", *SMALL, "--seed", "1", "--if-missing"]) == 0

    assert (project / "data" / "demo" / "warehouse.duckdb").stat().st_mtime_ns == made
    assert "is there already" in capsys.readouterr().out


@pytest.mark.parametrize("stored", [True, False])
def test_demo_of_an_older_version_is_made_anew_or_set_aside(
    project: Path, capsys: pytest.CaptureFixture[str], stored: bool
) -> None:
    """Made anew where no waiting lists descend from it; else the message says what to do."""
    old = project / "data" / "demo" / "warehouse.duckdb"
    old.parent.mkdir(parents=True)
    with duckdb.connect(str(old)) as connection:
        connection.execute("CREATE TABLE operations (operation_id VARCHAR)")
    if stored:
        (project / "data" / "snapshots").mkdir()

    assert run(["demo", *SMALL, "--if-missing"]) == (2 if stored else 0)

    assert ("make leave-demo" in capsys.readouterr().err) is stored
    assert ("waiting_list" in open_tables(old)) is not stored


def open_tables(path: Path) -> list[str]:
    """The names of a database's tables."""
    with duckdb.connect(str(path), read_only=True) as connection:
        asked = connection.execute("SELECT table_name FROM information_schema.tables")
        return [name for (name,) in asked.fetchall()]
