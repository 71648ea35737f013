"""What is large goes the whole way: notebook, page, PDF, workbook, data, dataset, gate.

A tenth of it in every run; 100,000 rows and 5,000 cells with LPE_LONG=1.
"""

import json
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pypdfium2
import pytest

from changing_project import ChangingProject
from reliability.trials import Tried

LONG = bool(os.environ.get("LPE_LONG"))
ROWS = 100_000 if LONG else 10_000
CELLS = 5_000 if LONG else 500
LAST = f"Pass {ROWS - 1}"
pytestmark = pytest.mark.timeout(1200)  # where a machine has much else to do
ROWS_HELD = pytest.mark.promise(
    "size", "A table of 100,000 rows is whole in page, workbook, CSV, JSON and dataset"
)
CELLS_HELD = pytest.mark.promise(
    "size", "A notebook of 5,000 cells runs, and its page and PDF have all of them in order"
)

_PARAMS = """notebook: reports/{name}.ipynb
area: nyttjande
slug: {name}
title: {name}
question: Hur stort?
owner: a@example.invalid
units: [hu-cop]
periods: {{kind: month, last: 1}}
timeout_seconds: 900
"""
_OPEN = """import pandas as pd
from lpe_reports import page
p = page.open('{name}', unit=unit, period=period)"""
_FRAME = """rows = pd.DataFrame({{
    'name': [f'Pass {{n}}' for n in range({rows})],
    'minutes': [n % 480 + 0.5 for n in range({rows})],
    'share': [n % 101 / 100 for n in range({rows})],
}})
LAST = {last!r}
rows.loc[rows.index[-1], 'name'] = LAST"""
_TABLE = """columns = [
    page.Column('name', 'Pass'),
    page.Column('minutes', 'Tid', 'minutes'),
    page.Column('share', 'Andel', 'share'),
]
p.table(p.protect(rows, table='sessions', columns=columns), caption='Alla pass', id='pass')"""
_COLUMNS = 2  # of numbers; the first names the row
_GIVEN = 'unit = "hu-cop"\nperiod = "2026-04"'
_PERSON = "19121212-1212"  # a number that is nobody's, of those that are kept for examples


@dataclass(frozen=True)
class Large:
    """A published site with a large table and a large notebook.

    Fields:
        project: Where it was made.
        refused: What the gate said of it while its last row held a personal number.
    """

    project: ChangingProject
    refused: str

    def file(self, name: str) -> Path:
        """A file of the newest version."""
        return self.project.root / "public" / "latest" / name


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Large:
    """Built with a personal number in the last of its rows, refused, mended, and published."""
    project = ChangingProject.make(tmp_path_factory.mktemp("large") / "project")
    project.command_seconds = 600
    for name in ("use", "wait"):
        (project.root / "params" / "reports" / f"{name}.yml").unlink()
    frame = _FRAME.format(rows=ROWS, last=_PERSON)
    _report(project, "rows", [frame, _TABLE])
    _report(project, "cells", list(map(_cell, range(CELLS - 2))))
    assert project.build(jobs=2)["counts"]["built"] == 2
    refused = project.lpe("publish")
    assert refused.code == 7, refused.err
    found = (project.project.build / "gate.json").read_text(encoding="utf-8")
    project.edit("reports/rows.ipynb", f"LAST = '{_PERSON}'", f"LAST = '{LAST}'")
    assert project.build(jobs=2)["counts"]["built"] == 1
    published = project.lpe("publish")
    assert published.code == 0, published.err
    return Large(project, found)


def _report(project: ChangingProject, name: str, cells: list[str]) -> None:
    opened = _OPEN.format(name=name)
    project.report(name, _PARAMS.format(name=name), [opened, *cells], _GIVEN)


def _cell(number: int) -> str:
    """Prose, a sentence of the page's, and two that only reckon, in turn."""
    return (
        f"#:Stycke {number}.",
        f"counted = {number}",
        "p.note(f'Cell {counted + 1}.')",
        f"kept_{number} = [counted] * 3",
    )[number % 4]


@ROWS_HELD
def test_every_row_is_in_page_and_data(large: Large, tried: Tried) -> None:
    """The first and the last, and as many as there are."""
    folder = "nyttjande/rows/hu-cop"
    shown = large.file(f"{folder}/2026-05.html").read_text(encoding="utf-8")
    data = json.loads(large.file(f"{folder}/2026-05.json").read_bytes())
    (csv,) = large.file(f"{folder}/2026-05").glob("*.csv")
    lines = csv.read_text(encoding="utf-8-sig").splitlines()
    dataset = pq.read_table(large.file("dataset/tabeller-rows.parquet"))

    assert shown.count("<tr") == ROWS + 1
    assert shown.count(f">{LAST}<") == 1
    assert [row[0] for row in data["tables"][0]["rows"]] == [f"Pass {n}" for n in range(ROWS)]
    assert len(lines) == ROWS + 1
    assert lines[-1].startswith(LAST)
    assert dataset.num_rows == ROWS * _COLUMNS
    assert dataset.column("radnamn")[-1].as_py() == LAST
    tried(ROWS, "rows")


@ROWS_HELD
def test_every_row_is_in_the_workbook(large: Large) -> None:
    """One row of a sheet for each, below the heading."""
    with zipfile.ZipFile(large.file("nyttjande/rows/hu-cop/2026-05.xlsx")) as workbook:
        sheets = [name for name in workbook.namelist() if name.startswith("xl/worksheets/sheet")]
        rows = max(workbook.read(name).count(b"<row ") for name in sheets)

    assert ROWS < rows < ROWS + 20


@pytest.mark.promise(
    "size", "A PDF of a long table shows its beginning, says how many rows there are, and where"
)
def test_pdf_says_what_it_leaves_out(large: Large) -> None:
    """Nobody prints two thousand pages."""
    said = _pdf(large.file("nyttjande/rows/hu-cop/2026-05.pdf"))
    rows = f"{ROWS:,}".replace(",", " ")

    assert f"av {rows} rader. Hela tabellen finns i Excelfilen." in said
    assert "Pass 1 " in said
    assert LAST not in said


@pytest.mark.promise(
    "size", "The gate reads a table of 100,000 rows to its last row, in every file"
)
def test_gate_reads_to_the_last_row(large: Large) -> None:
    """A personal number there is found in each file, and told nowhere."""
    for name in ("2026-05.html", "2026-05.json", "2026-05.xlsx", "pass.csv", "tabeller-rows"):
        assert name in large.refused

    assert _PERSON not in large.refused


@CELLS_HELD
def test_every_cell_is_in_the_page_in_order(large: Large, tried: Tried) -> None:
    """Prose and what cells showed, as they stand in the notebook."""
    shown = large.file("nyttjande/cells/hu-cop/2026-05.html").read_text(encoding="utf-8")
    expected = [words for number in range(CELLS - 2) if (words := _words(number))]
    places = [shown.find(words) for words in expected]

    assert -1 not in places
    assert places == sorted(places)
    assert [shown.count(words) for words in expected] == [1] * len(expected)
    tried(CELLS, "cells")


@CELLS_HELD
def test_every_cell_is_in_the_pdf(large: Large) -> None:
    """A PDF cuts tables, and never what somebody wrote."""
    said = _pdf(large.file("nyttjande/cells/hu-cop/2026-05.pdf"))
    missing = [n for n in range(CELLS - 2) if _words(n) not in said]

    assert missing == []


@CELLS_HELD
def test_check_looks_at_every_cell(large: Large, tmp_path: Path) -> None:
    """And names the last one, where that one is wrong."""
    copy = large.project.copy(tmp_path / "copy")
    before = copy.lpe("check")
    cells = [*map(_cell, range(CELLS - 3)), "print(counted)"]
    _report(copy, "cells", cells)
    after = copy.lpe("check")

    assert "reports/cells.ipynb, cell" not in before.err + before.out
    assert after.code == 9
    assert f"reports/cells.ipynb, cell {CELLS + 1}, line 1" in after.err + after.out


def _words(number: int) -> str:
    """What a reader sees of a cell."""
    return {0: f"Stycke {number}.", 2: f"Cell {number}."}.get(number % 4, "")


def _pdf(path: Path) -> str:
    """All that stands in a PDF, spaces and line breaks as one space each."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        pages = [pdf[number].get_textpage().get_text_range() for number in range(len(pdf))]
    finally:
        pdf.close()
    return " ".join(" ".join(pages).split())
