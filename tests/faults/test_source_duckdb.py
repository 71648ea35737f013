"""A DuckDB warehouse that is not as agreed: each fault told in one sentence."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from lpe_reports.errors import LpeError, SourceError
from lpe_reports.warehouse.extract import extract
from lpe_reports.warehouse.snapshots import open_extract
from small_warehouse import SmallOffice, small_office

pytestmark = pytest.mark.promise(
    "warehouse",
    "A DuckDB file that is missing, damaged, in use or not as agreed is one clear error",
)


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    made = small_office(tmp_path, operations=12)
    made.write()
    return made


def _refused(office: SmallOffice, kind: type[LpeError] = SourceError) -> str:
    with pytest.raises(kind) as refused:
        extract(office.project, office.params)
    assert not list(office.project.extracts.glob("2*"))
    return str(refused.value)


def _change(office: SmallOffice, statement: str) -> None:
    with duckdb.connect(str(office.project.demo_warehouse)) as connection:
        connection.execute(statement)


def test_missing_warehouse_is_told(office: SmallOffice) -> None:
    """With the command that makes it."""
    office.project.demo_warehouse.unlink()

    said = _refused(office)

    assert said == "data/demo/warehouse.duckdb is missing; make it with `lpe demo`"


@pytest.mark.parametrize("content", [b"", b"no database", b"\x00" * 5000])
def test_file_that_is_no_database_is_told(office: SmallOffice, content: bytes) -> None:
    """DuckDB's own words are left out, as they may quote what it read."""
    office.project.demo_warehouse.write_bytes(content)

    said = _refused(office)

    assert "data/demo/warehouse.duckdb" in said
    assert str(office.root) not in said


def test_cut_database_is_told(office: SmallOffice) -> None:
    """Half a file opens or not; either way nothing becomes visible."""
    content = office.project.demo_warehouse.read_bytes()
    office.project.demo_warehouse.write_bytes(content[: len(content) // 2])

    assert "data/demo/warehouse.duckdb" in _refused(office)


def test_database_in_use_is_told(office: SmallOffice) -> None:
    """Another program is writing to it."""
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); "
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(office.project.demo_warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"

        said = _refused(office)
        other.kill()

    assert "another program is writing to it" in said


def test_renamed_table_is_told(office: SmallOffice) -> None:
    """Which table, and where its name stands."""
    _change(office, "ALTER TABLE needs RENAME TO operationsbehov")

    said = _refused(office)

    assert "table needs in data/demo/warehouse.duckdb does not exist" in said
    assert "correct it in params/sources.yml" in said


def test_renamed_column_is_told(office: SmallOffice) -> None:
    """Which column, what there is, and where its name stands."""
    _change(office, "ALTER TABLE needs RENAME COLUMN decided_at TO beslut")

    said = _refused(office)

    assert "has no column 'decided_at', which table needs needs" in said
    assert "beslut" in said
    assert "sources.demo.tables.needs.columns" in said


def test_optional_column_may_be_missing(office: SmallOffice) -> None:
    """Columns marked `?` that nobody mapped are null when the source lacks them."""
    _change(office, "ALTER TABLE needs DROP COLUMN removed_reason")

    extract(office.project, office.params)

    assert open_extract(office.project).read("needs")["removed_reason"].isna().all()


def test_view_and_query_are_read_like_tables(office: SmallOffice) -> None:
    """An office maps a view of its own, or writes a SELECT."""
    _change(
        office, "CREATE SCHEMA dw; CREATE VIEW dw.v_behov AS SELECT need_id AS id, * FROM needs"
    )
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    text = text.replace("needs: {}", "needs: {table: dw.v_behov, columns: {need_id: id}}")
    office.sources(
        text.replace("sessions: {}", 'sessions: {query: "SELECT * FROM sessions WHERE true"}')
    )

    extract(office.project, office.params)

    night = open_extract(office.project)
    assert (len(night.read("needs")), len(night.read("sessions"))) == (12, 20)


def test_wrong_query_is_told_without_its_data(office: SmallOffice) -> None:
    """A query that fails while it runs: a cast of a value that DuckDB would quote."""
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    query = "SELECT * REPLACE (CAST(theatre AS INTEGER) AS theatre) FROM sessions"
    office.sources(text.replace("sessions: {}", f'sessions: {{query: "{query}"}}'))

    said = _refused(office)

    assert "the query for sessions could not be read to its end" in said
    assert "Mend that, or write the file anew (make it with `lpe demo`)" in said
    assert "Sal" not in said


def test_query_that_duckdb_does_not_understand_is_told(office: SmallOffice) -> None:
    """With what to do about it."""
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(text.replace("sessions: {}", 'sessions: {query: "SELECT * FRO sessions"}'))

    said = _refused(office)

    assert "the query for sessions cannot be read (ParserException)" in said
    assert "Try it by hand in DuckDB" in said
