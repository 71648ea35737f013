"""A small report from source cells to page content, in a real kernel."""

from pathlib import Path

import nbformat
import papermill
import pytest

from lpe_reports.display.blocks import TRACE_MIME
from lpe_reports.display.content import read_content
from lpe_reports.display.downloads.json import page_json
from lpe_reports.settings import Project

CELLS = [
    ("raw", "---\ntitle: Liten rapport\n---"),
    ("code", 'from lpe_reports import page\np = page.open("weekly", unit=unit, period=period)'),
    ("code", 'operations = p.series("operations", unit="bo-opc", last=8)'),
    ("code", "p.summary(operations)"),
    ("code", "p.key_figures(operations)"),
    ("markdown", "## Bara för ortopedi"),
    ("code", 'p.section("arthroplasties")'),
    ("code", 'p.trend(p.series("arthroplasties", unit="bo-opc", last=8))'),
    ("markdown", "## Produktion"),
    ("code", "p.section()"),
    ("code", "p.row(p.trend(operations), p.table(operations))"),
    ("code", "page.close()"),
]


def notebook(unit: str) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook()
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    parameters = nbformat.v4.new_code_cell(f'unit = "{unit}"\nperiod = "2026-W19"')
    parameters.metadata["tags"] = ["parameters"]
    made.cells = [parameters]
    for kind, source in CELLS:
        new = {
            "raw": nbformat.v4.new_raw_cell,
            "code": nbformat.v4.new_code_cell,
            "markdown": nbformat.v4.new_markdown_cell,
        }[kind]
        made.cells.append(new(source))
    return made


@pytest.mark.parametrize(("unit", "headings"), [("ortopedi", 2), ("anestesi", 1)])
def test_notebook_becomes_a_page(
    office: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unit: str, headings: int
) -> None:
    """Title, sentence, figures, sections that are the unit's, chart and table, provenance."""
    for name, value in {"LPE_PROJECT": str(office.root), "LPE_RUN": "1"}.items():
        monkeypatch.setenv(name, value)
    path = tmp_path / "small.ipynb"
    executed = tmp_path / "executed.ipynb"
    nbformat.write(notebook(unit), path)
    papermill.execute_notebook(str(path), str(executed), progress_bar=False, cwd=str(office.root))
    content = read_content(executed)
    kinds = [type(item).__name__ for item in content.items]

    assert content.front_matter == {"title": "Liten rapport"}
    assert content.title.unit == unit
    assert kinds.count("Prose") == headings
    assert {"SummaryBlock", "KeyFiguresBlock", "RowBlock", "ProvenanceBlock"} <= set(kinds)
    assert page_json(content)["provenance"]["rows"] > 0
    trace = [
        output
        for cell in nbformat.read(executed, as_version=4).cells
        for output in cell.get("outputs", [])
        if TRACE_MIME in output.get("data", {})
    ]
    assert len(trace) == 1
    assert str(office.root) not in str(content.items)
