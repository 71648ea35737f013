"""The real JupyterLab in a real browser: each notebook as it is, from its first cell to last."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lab_server import Lab, running_lab
from office_pages import Office
from playwright.sync_api import Browser, Page, sync_playwright

from conftest import NEEDS
from demo_project import copy_sources
from lpe_reports.display.author_style import OUTPUT_CLASS

pytestmark = [
    pytest.mark.lab,
    pytest.mark.chromium,
    pytest.mark.promise(
        "authors", "A notebook runs in JupyterLab as it is, and saving it changes no byte"
    ),
]

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("reports/*/*.ipynb"))
_RUN_MS = 120_000
_OUTPUT = f".jp-OutputArea .{OUTPUT_CLASS}"
_TITLE = f"{_OUTPUT} h1"
_DONE = """() => {
  const cells = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
  return cells.length > 3 && cells.every(each => !each.textContent.includes('*'))
    && /[0-9]/.test(cells.at(-1).textContent);
}"""
_COLOURS = """element => {
  const style = getComputedStyle(element), text = element.querySelector('figure svg text');
  return [style.backgroundColor, style.color, getComputedStyle(text).fill];
}"""


@pytest.fixture(scope="module")
def jupyter() -> Path:
    """The `jupyter` command that `make lab` starts."""
    found = NEEDS["lab"][0]()
    assert isinstance(found, Path)
    return found


@pytest.fixture(scope="module")
def lab(jupyter: Path, demo: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab on a project of its own with the demo's extract."""
    project = tmp_path_factory.mktemp("lab-project")
    copy_sources(project)
    shutil.copytree(demo.root / "data" / "extracts", project / "data" / "extracts")
    if (demo.root / "data" / "snapshots").is_dir():
        shutil.copytree(demo.root / "data" / "snapshots", project / "data" / "snapshots")
    with running_lab(jupyter, project, tmp_path_factory.mktemp("lab")) as found:
        yield found


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])


@pytest.fixture
def page(browser: Browser, lab: Lab) -> Iterator[Page]:
    """A page so tall that all cells of a notebook are in it, for those out of sight are not."""
    context = browser.new_context(viewport={"width": 1400, "height": 12_000})
    yield context.new_page()
    context.close()
    lab.end_kernels()


def _run_all(page: Page, lab: Lab, notebook: str) -> None:
    page.goto(lab.address(notebook), timeout=60_000)
    page.wait_for_selector('.jp-Toolbar-kernelName:has-text("Python 3")', timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(_DONE, timeout=_RUN_MS)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_notebook_runs_and_shows_its_page(page: Page, lab: Lab, notebook: str) -> None:
    """Title, figures, tables and charts as on the page; no error, and no request elsewhere."""
    hosts: set[str] = set()
    errors: list[str] = []
    page.on("request", lambda request: hosts.add(re.sub(r"^(\w+://[^/]*).*", r"\1", request.url)))
    page.on("pageerror", lambda error: errors.append(str(error)))

    _run_all(page, lab, notebook)

    page.wait_for_selector(_TITLE)
    assert page.locator('.jp-OutputArea [data-mime-type$="stderr"]').count() == 0
    assert page.locator('.jp-OutputArea [data-mime-type$="error"]').count() == 0
    assert page.locator(f"{_OUTPUT} .key .n").count() >= 2
    assert page.locator(f"{_OUTPUT} table").count() >= 2
    assert page.locator(f"{_OUTPUT} figure svg[role=img][aria-label]").count() >= 1
    assert page.get_by_text("Jupyter news").count() == 0  # it would ask a host for some
    assert hosts <= {f"http://127.0.0.1:{lab.port}", f"ws://127.0.0.1:{lab.port}", "data:"}
    assert errors == []


def test_saving_leaves_the_notebook_as_it_was(page: Page, lab: Lab) -> None:
    """What was shown stays on the screen; the file has the bytes that it had."""
    notebook = "reports/utilisation/end_times.ipynb"
    path = lab.project / notebook
    before = path.read_bytes()
    _run_all(page, lab, notebook)

    with page.expect_response(lambda r: r.request.method == "PUT" and "/api/contents/" in r.url):
        page.keyboard.press("Control+s")
    page.wait_for_timeout(500)

    assert page.locator(_TITLE).count() == 1
    assert path.read_bytes() == before


def test_outputs_follow_the_theme_and_leave_it_alone(page: Page, lab: Lab) -> None:
    """Dark on light and light on dark, by the palette's own colours; the rest as JupyterLab is."""
    _run_all(page, lab, "reports/utilisation/end_times.ipynb")
    chart = page.locator(f"{_OUTPUT}:has(figure svg)").first
    cell = page.locator(".jp-Cell .cm-content").first
    before = cell.evaluate("element => getComputedStyle(element).font")

    seen = {}
    for name in ("Light", "Dark"):
        page.get_by_role("menuitem", name="Settings", exact=True).click()
        page.get_by_text("Theme", exact=True).first.hover()
        page.get_by_text(f"JupyterLab {name}", exact=True).first.click()
        chosen = f'body[data-jp-theme-name="JupyterLab {name}"]'
        page.wait_for_selector(chosen, state="attached")
        seen[name] = chart.evaluate(_COLOURS)

    assert seen["Light"][:2] == ["rgb(255, 255, 255)", "rgb(28, 36, 48)"]
    assert seen["Dark"][:2] == ["rgb(18, 22, 28)", "rgb(230, 234, 240)"]
    assert seen["Light"][2] != seen["Dark"][2]
    assert cell.evaluate("element => getComputedStyle(element).font") == before


def test_a_changed_reference_is_read_by_nbdime(jupyter: Path, tmp_path: Path) -> None:
    """`git diff` of a notebook through nbdime: one changed number is one line of it."""
    reference = "tests/references/end_times/ga-cop/2026-04.ipynb"
    for name in (".gitattributes", reference):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    world = {
        **os.environ,
        "PATH": os.pathsep.join([str(jupyter.parent), os.environ["PATH"]]),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_PAGER": "cat",
    }

    def run(*command: str) -> str:
        return subprocess.run(
            command, cwd=tmp_path, env=world, capture_output=True, encoding="utf-8", timeout=60,
            check=True,
        ).stdout  # fmt: skip

    run("git", "init", "-q")
    run("git", "add", "-A")
    run(str(jupyter.with_name("git-nbdiffdriver" + jupyter.suffix)), "config", "--enable")
    notebook: Any = json.loads((tmp_path / reference).read_text(encoding="utf-8"))
    cell = next(c for c in notebook["cells"] if "p.key_figures" in "".join(c["source"]))
    lines = cell["outputs"][0]["data"]["text/plain"]
    at = next(n for n, line in enumerate(lines) if "    value: " in line)
    before, lines[at] = lines[at], "    value: 1234\n"
    text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    (tmp_path / reference).write_text(text, encoding="utf-8", newline="\n")

    told = re.sub(r"\x1b\[[0-9;]*m", "", run("git", "diff"))

    changed = [each for each in told.splitlines() if each.startswith(("-  ", "+  "))]
    assert "nbdiff" in told
    assert changed == [f"-{before.rstrip()}", "+    value: 1234"]
