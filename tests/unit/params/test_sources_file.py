"""params/sources.yml: what it may say, and what is told with file and line."""

from pathlib import Path

import pytest

from lpe_reports.errors import ParamsError, UsageError
from lpe_reports.params.sources import Sources, load_sources
from lpe_reports.params.units import load_units
from lpe_reports.warehouse.sources.source import check_names
from lpe_reports.warehouse.spellings import alias_problems
from lpe_reports.warehouse.tables import TABLES

pytestmark = pytest.mark.promise(
    "params", "A params file that is wrong is one error that names file and line"
)

ROOT = Path(__file__).resolve().parents[3]

GOOD = """
default: demo
sources:
  demo:
    kind: duckdb
    demo: true
    demo_key_secret: sixteen letters or more
    path: data/demo/warehouse.duckdb
    tables:
      operations: {}
"""


def _load(folder: Path, text: str) -> Sources:
    file = folder / "sources.yml"
    file.write_text(text, encoding="utf-8")
    return load_sources(file, folder)


def test_shipped_sources_are_the_demo_and_an_example() -> None:
    """A night reads the demo until an office says otherwise."""
    sources = load_sources(ROOT / "params" / "sources.yml", ROOT)

    assert sources.get().demo
    assert sources.limits.rejected_share == 0.02
    assert sources.get("files").kind == "files"
    assert sources.get("files").demo_key_secret is None


def test_shipped_spellings_lead_where_they_should() -> None:
    """Those of the systems and of every source, and every name is one of the contract."""
    sources = load_sources(ROOT / "params" / "sources.yml", ROOT)
    units = load_units(ROOT / "params" / "units.yml", ROOT)

    for name, entry in sources.sources.items():
        check_names(name, entry)
    assert alias_problems(units, sources) == []


def test_shipped_example_maps_every_table_whole() -> None:
    """An office finds every column there that a table must have, and changes the names only."""
    entry = load_sources(ROOT / "params" / "sources.yml", ROOT).get("files")
    lacking = {
        f"{name}.{column.name}"
        for name, table in entry.tables.items()
        for column in TABLES[name]
        if not column.nullable and column.name not in {**table.columns, **table.constants}
    }

    assert entry.tables.keys() == {name for name in TABLES if not TABLES[name].made}
    assert lacking == set()


def test_source_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    """With the nearest name."""
    with pytest.raises(UsageError, match="no source 'dem'; did you mean 'demo'"):
        _load(tmp_path, GOOD).get("dem")


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("operations: {}", "operations: {tabel: a}"), 10, "unknown key 'tabel'"),
        (("operations: {}", "operations: {table: a, file: b}"), 10, "comes from one place"),
        (("operations: {}", "operations: {file: a.csv, sheet: b}"), 10, "'sheet' is for an Excel"),
        (
            ("operations: {}", "operations: {columns: {vo: A}, constants: {vo: B}}"),
            10,
            "'vo' is both a column and a constant",
        ),
        (("operations: {}", "operations: {codes: {sex: {1: F}}}"), 10, "no text"),
        (("demo: true", "demo: false"), 4, "only a source with 'demo: true'"),
        (("    demo_key_secret: sixteen letters or more\n", ""), 4, "needs 'demo_key_secret'"),
        (("sixteen letters or more", "short"), 7, "at least 16 characters"),
        (("    path: data/demo/warehouse.duckdb\n", ""), 4, "needs 'path'"),
        (("kind: duckdb", "kind: files"), 4, "needs 'file'"),
        (("kind: duckdb", "kind: oracle"), 5, "'duckdb', 'sql' or 'files'"),
        (("default: demo", "default: prod"), None, "default 'prod' is none of the sources"),
    ],
)
def test_wrong_entry_is_told_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int | None, said: str
) -> None:
    """File, line, and what to write instead."""
    with pytest.raises(ParamsError) as refused:
        _load(tmp_path, GOOD.replace(*change))

    assert said in str(refused.value)
    assert line is None or str(refused.value).startswith(f"sources.yml:{line}: ")
