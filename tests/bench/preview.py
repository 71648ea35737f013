"""What an author waits for: from the command to the page, from a saved change to its content.

In a real Chromium, with the notebook, the params, a measure, a template and a style changed, for
every report of the demo.
"""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browser import chromium
from playwright.sync_api import Page
from tests.bench.demo_site import demo_project

from live_preview import LivePreview, replacing
from lpe_reports.params.loading import load_params
from lpe_reports.settings import MARKER, Project

WAIT_MILLISECONDS = 60_000
# What is changed, in the order of the table's columns.
CHANGES = ("text", "last cell", "first question", "taken back", "params", "measure", "style")
_NUMBER = "JSON.parse(document.querySelector('script[data-lpe]')?.dataset.lpe ?? '{}').number"


@dataclass(frozen=True)
class Waits:
    """Seconds that an author waits for one report."""

    report: str
    first: float
    changes: dict[str, float]


def preview_waits(small: bool) -> list[Waits]:
    """The waits for each report, or for two of them."""
    with tempfile.TemporaryDirectory(prefix="lpe-bench-") as place, chromium() as browser:
        project = _copied(demo_project(), Path(place) / "demo")
        reports = list(load_params(project).reports)
        found = []
        for report in reports[:2] if small else reports:
            page = browser.new_page(bypass_csp=True)  # what is waited for is asked by code
            found.append(_waits(project, report, Path(place) / "code", page))
            page.close()
        return found


def _waits(project: Project, report: str, code: Path, page: Page) -> Waits:
    notebook = project.root / load_params(project).reports[report].notebook
    params = project.params / "reports" / f"{report}.yml"
    good, told = notebook.read_text(encoding="utf-8"), params.read_text(encoding="utf-8")
    with LivePreview(project.root, code, report) as live:
        page.goto(live.address)
        page.wait_for_selector("main#innehall h1", timeout=WAIT_MILLISECONDS)
        first = time.monotonic() - live.began
        live.wait()
        changes = {
            "text": _saving(notebook, good, _prose),
            "last cell": _saving(notebook, good, _last_cell),
            "first question": _saving(notebook, good, _first_question),
            "taken back": lambda: notebook.write_text(good, encoding="utf-8"),
            "params": replacing(params, "title: ", "title: Nya "),
            "measure": _noting(live.package / "measures" / "grouping.py"),
            "style": replacing(
                live.package / "render" / "assets" / "site.css", "body { margin: 0;",
                "body { margin: 0 0;",
            ),
        }  # fmt: skip
        waits = {name: _wait(live, page, change) for name, change in changes.items()}
    params.write_text(told, encoding="utf-8")
    return Waits(report, first, waits)


def _copied(demo: Project, root: Path) -> Project:
    """A project with the demo's params, reports and extract, and nothing built."""
    for name in ("params", "reports"):
        shutil.copytree(demo.root / name, root / name)
    shutil.copy(demo.root / MARKER, root)
    shutil.copytree(demo.extracts, root / "data" / "extracts", copy_function=os.link)
    return Project(root)


def _wait(live: LivePreview, page: Page, change: Callable[[], object]) -> float:
    """Until all that was saved is made, and drawn where the page says something else."""
    began = time.monotonic()
    change()
    live.wait_until_made()
    page.wait_for_function(f"{_NUMBER} === {live.number}", timeout=WAIT_MILLISECONDS)
    page.wait_for_load_state("load")
    seconds = time.monotonic() - began
    time.sleep(0.5)  # the next one is a change of its own
    return seconds


def _saving(
    notebook: Path, good: str, change: Callable[[list[dict[str, Any]]], None]
) -> Callable[[], object]:
    document = json.loads(good)
    change(document["cells"])
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return lambda: notebook.write_text(text, encoding="utf-8")


def _noting(path: Path) -> Callable[[], None]:
    """A comment more at the end of a file."""
    return lambda: path.write_text(f"{path.read_text('utf-8')}# changed\n", encoding="utf-8")


def _code(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [cell for cell in cells if cell["cell_type"] == "code"]


def _prose(cells: list[dict[str, Any]]) -> None:
    prose = next(cell for cell in cells if cell["cell_type"] == "markdown")
    prose["source"] = "".join(prose["source"]) + "\n\nEn rad till."


def _last_cell(cells: list[dict[str, Any]]) -> None:
    _code(cells)[-1]["source"] = "p.note('En rad till.')\n" + "".join(_code(cells)[-1]["source"])


def _first_question(cells: list[dict[str, Any]]) -> None:
    _code(cells)[2]["source"] = "changed = 1\n" + "".join(_code(cells)[2]["source"])
