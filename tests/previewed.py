"""A small report in a small office, for tests of what an author sees while writing it."""

import json
from pathlib import Path
from typing import Any

import nbformat

from lpe_reports.settings import Project
from page_office import page_office

REPORT = "kort"
UNIT = "bo-opc"
PERIOD = "2026-W19"
OPEN = f"""from lpe_reports import page

p = page.open("{REPORT}", unit=unit, period=period)"""
CELLS = {
    "ask": 'operations = p.series("operations", last=8)',
    "summary": "p.summary(operations)",
    "trend": "p.trend(operations)",
    "table": 'p.table(operations, caption="Operationer per vecka", id="operationer")',
}
PROSE = "## Operationer\n\nSå många opererades."
_PARAMS = f"""notebook: reports/{REPORT}.ipynb
area: uppfoljning
slug: {REPORT}
title: Kort
question: Hur många opereras?
owner: analys@example.invalid
units: [{UNIT}]
periods: {{kind: week, last: 2}}
"""


class Previewed:
    """A project with the report, and ways to change it.

    Args:
        root: Its folder, which is made.
    """

    def __init__(self, root: Path) -> None:
        self.project: Project = page_office(root)
        self.notebook = self.project.reports / f"{REPORT}.ipynb"
        self.params = self.project.params / "reports" / f"{REPORT}.yml"
        for path in self.params.parent.glob("*.yml"):
            path.unlink()
        (self.project.params / "packs.yml").write_text("packs: []\n", encoding="utf-8")
        self.params.write_text(_PARAMS, encoding="utf-8")
        self.write()

    def write(self, *, prose: str = PROSE, after: str = "", **cells: str) -> None:
        """Save the notebook, with other text in some cells; `after` is one more behind them."""
        made: list[Any] = [nbformat.v4.new_raw_cell("---\ntitle: Kort\n---", id="front")]
        given = nbformat.v4.new_code_cell(f'unit = "{UNIT}"\nperiod = "{PERIOD}"', id="parameters")
        given.metadata["tags"] = ["parameters"]
        made += [given, nbformat.v4.new_code_cell(OPEN, id="open")]
        made.append(nbformat.v4.new_markdown_cell(prose, id="prose"))
        for name, text in (CELLS | cells).items():
            made.append(nbformat.v4.new_code_cell(text, id=name))
        if after:
            made.append(nbformat.v4.new_code_cell(after, id="after"))
        text = json.dumps(nbformat.v4.new_notebook(cells=made), ensure_ascii=False, indent=1)
        self.notebook.write_text(text, encoding="utf-8")
