"""What is large goes the whole way: notebook, page, PDF, workbook, data, dataset, gate.

A tenth of it in every run; 100,000 rows and 5,000 cells with LPE_LONG=1.
"""

import json
import os
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pypdfium2
import pytest

from changing_project import ChangingProject
from reliability.trials import Tried

LONG = bool(os.environ.get("LPE_LONG"))
ROWS = 100_000 if LONG else 10_000
CELLS = 5_000 if LONG else 500
LAST = "19121212-1212"  # in the last row: a personal number that is kept for examples
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
rows.loc[rows.index[-1], 'name'] = {last!r}"""
_TABLE = """columns = [
    page.Column('name', 'Pass'),
    page.Column('minutes', 'Tid', 'minutes'),
    page.Column('share', 'Andel', 'share'),
]
p.table(p.protect(rows, table='sessions', columns=columns), caption='Alla pass', id='pass')"""
_COLUMNS = 2  # of numbers; the first names the row
_GIVEN = 'unit = "hu-cop"\nperiod = "2026-04"'


@dataclass(frozen=True)
class Large:
    """A candidate with a large table, whose last row holds a personal number, and many cells.

    Fields:
        project: Where it was made.
        findings: What the gate said of it.
    """

    project: ChangingProject
    findings: list[dict[str, Any]]

    def file(self, name: str) -> Path:
        """A file of the candidate."""
        return self.project.project.candidate / name


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Large:
    """Built once, and not published: for that number."""
    project = ChangingProject.make(tmp_path_factory.mktemp("large") / "project")
    project.command_seconds = 600
    for name in ("use", "wait"):
        (project.root / "params" / "reports" / f"{name}.yml").unlink()
    frame = _FRAME.format(rows=ROWS, last=LAST)
    _report(project, "rows", [frame, _TABLE])
    _report(project, "cells", list(map(_cell, range(CELLS - 2))))
    assert project.build(jobs=2)["counts"]["built"] == 2
    refused = project.lpe("publish")
    assert refused.code == 7, refused.err
    said = (project.project.build / "gate.json").read_text(encoding="utf-8")
    assert LAST not in refused.err + refused.out + said
    return Large(project, json.loads(said)["findings"])


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
    names = [row[0] for row in data["tables"][0]["rows"]]
    assert names == [*(f"Pass {n}" for n in range(ROWS - 1)), LAST]
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
def test_gate_finds_the_last_row_in_every_file(large: Large) -> None:
    """Once in each, and nothing else that it would stop a large table for."""
    found = {Path(finding["page"]).name: finding["rule"] for finding in large.findings}

    assert {finding["count"] for finding in large.findings} == {1}
    assert found == dict.fromkeys(
        ("2026-05.html", "2026-05.json", "2026-05.xlsx", "pass.csv", "tabeller-rows.parquet"),
        "personal identity number",
    )


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
    project = ChangingProject(tmp_path)
    for name in ("params", "reports"):
        shutil.copytree(large.project.root / name, tmp_path / name)
    shutil.copy(large.project.root / "_quarto.yml", tmp_path)
    _report(project, "cells", [*map(_cell, range(CELLS - 3)), "print(counted)"])
    told = project.lpe("check")

    assert told.code == 9
    assert f"reports/cells.ipynb, cell {CELLS + 1}, line 1" in told.err + told.out


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
