"""A notebook as its author runs it: an ordinary kernel, nothing said, the page's look."""

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from office_pages import Office

from demo_project import copy_sources
from engine_pair import environment
from lpe_reports.display.author_style import OUTPUT_CLASS, style_element
from lpe_reports.display.blocks import MIME

NOTEBOOK = "reports/utilisation/end_times.ipynb"
_BUILDS = ("LPE_RUN", "LPE_NIGHT", "LPE_PROJECT", "QUARTO_DOCUMENT_PATH", "PYTEST_CURRENT_TEST")


def _run(project: Path, *, then: str = "") -> Any:
    """Run a notebook of a project as a person's Jupyter does."""
    path = project / NOTEBOOK
    notebook: Any = nbformat.read(path, as_version=4)
    if then:
        notebook.cells.append(nbformat.v4.new_code_cell(then, id="then"))
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    )
    with environment(**dict.fromkeys(_BUILDS)):
        return client.execute()


@pytest.fixture(scope="module")
def ran(demo: Office) -> dict[str, Any]:
    """Each cell's outputs by its id, and whether the kernel could import the server."""
    told = "from importlib.util import find_spec; print(find_spec('jupyter_server'))"
    cells = _run(demo.root, then=told).cells
    return {cell["id"]: cell["outputs"] for cell in cells if cell["cell_type"] == "code"}


def _shown(ran: dict[str, Any]) -> list[dict[str, Any]]:
    data = [dict(output["data"]) for each in ran.values() for output in each if "data" in output]
    return [bundle for bundle in data if bundle[MIME]["type"] != "absent"]


def test_a_notebook_runs_as_it_is(ran: dict[str, Any]) -> None:
    """Without parameters, on the newest extract; every part of the page is shown."""
    shown = _shown(ran)

    assert shown[0][MIME]["title"] == "Centraloperation Hudiksvall, april 2026"
    kinds = {bundle[MIME]["type"] for bundle in shown}
    assert {"title", "summary", "key_figures", "row", "table"} <= kinds


def test_what_is_shown_has_the_look_of_the_site(ran: dict[str, Any]) -> None:
    """Charts in colours that follow the editor's theme, and no link that leads nowhere."""
    html = [bundle["text/html"] for bundle in _shown(ran)]

    assert all(f'<div class="{OUTPUT_CLASS}">' in each for each in html)
    assert all(each.startswith("<style>") for each in html)
    assert '"var(--series-1, #1f5fa8)"' in "".join(html)
    assert not any("<a " in each or "<script" in each for each in html)
    assert not any(re.search(r"https?://(?!www\.w3\.org)", each) for each in html)


def test_an_author_s_kernel_has_no_server_in_it(ran: dict[str, Any]) -> None:
    """Beside Jupyter's server every notebook would start seconds later."""
    assert ran["then"][0]["text"] == "None\n"


def test_the_editor_s_look_is_the_site_s(root: Path) -> None:
    """Every class of a block that the site's stylesheet knows is told to the editor, too."""
    site = (root / "src/lpe_reports/render/assets/site.css").read_text(encoding="utf-8")
    markup = (root / "src/lpe_reports/display/markup/html.py").read_text(encoding="utf-8")
    names = {name for each in re.findall(r'class="([a-z ]+)', markup) for name in each.split()}
    style = style_element()

    known = {name for name in names if re.search(rf"\.{name}\b", site)}
    assert len(known) > 12
    assert {name for name in known if not re.search(rf"\.{name}\b", style)} == set()


def test_the_editor_s_own_document_is_left_alone() -> None:
    """Each rule is one for what stands in an output; nothing is fetched."""
    inside = style_element().split("{", 1)[1]

    selectors = re.findall(r"(?:^|[{}])\s*([^{};@]+?)\s*\{", inside)
    assert len(selectors) > 60
    assert [each for each in selectors if "&" not in each] == []
    assert "url(" not in inside and "@import" not in inside


def test_an_author_without_an_extract_is_told_both_commands(tmp_path: Path) -> None:
    """How the demo is made and read, in the last line of the cell's error."""
    copy_sources(tmp_path)

    with pytest.raises(CellExecutionError) as caught:
        _run(tmp_path)

    last = str(caught.value).strip().splitlines()[-1]
    assert "`lpe extract`" in last and "`lpe demo`" in last


def test_an_author_outside_a_project_is_told_so(tmp_path: Path, root: Path) -> None:
    """Which two things make a folder a project, and what to do."""
    path = tmp_path / NOTEBOOK
    path.parent.mkdir(parents=True)
    path.write_bytes((root / NOTEBOOK).read_bytes())

    with pytest.raises(CellExecutionError) as caught:
        _run(tmp_path)

    assert "no project here" in str(caught.value)
    assert json.loads(path.read_text(encoding="utf-8"))["cells"][1]["outputs"] == []
