"""A source notebook after an author rendered it alone: as it was before, byte for byte."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lpe_reports.render.quarto import stripping
from lpe_reports.render.quarto.stripping import strip_sources, stripped
from quarto_replay import ROOT

SOURCES = sorted((ROOT / "reports").rglob("*.ipynb"))


def executed(text: str) -> str:
    """A notebook as Quarto leaves it: outputs, counts, and the command line's parameters."""
    notebook = json.loads(text)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(code):
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["Anna Ek\n"]}]
        cell["execution_count"] = number + 1
        cell["metadata"]["execution"] = {"iopub.execute_input": "2026-05-11T02:30:00"}
    injected = {**code[0], "id": "x", "metadata": {"tags": ["injected-parameters"]}}
    notebook["cells"].insert(2, injected)
    notebook["metadata"]["papermill"] = {"parameters": {"unit": "kirurgi"}}
    notebook["metadata"].setdefault("language_info", {"name": "python"})["version"] = "3.11.7"
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_a_rendered_notebook_is_as_before(path: Path) -> None:
    """And one that nobody rendered is never changed."""
    text = path.read_text("utf-8")

    assert stripped(text) == text
    assert "Anna Ek" in executed(text)
    assert stripped(executed(text)) == text


def test_quarto_s_call_strips_what_was_rendered_and_no_other(tmp_path: Path) -> None:
    """Run as Quarto runs it, with the pages that it made; another notebook may be at work."""
    text = SOURCES[0].read_text("utf-8")
    for name in ("rendered", "other"):
        (tmp_path / "reports").mkdir(exist_ok=True)
        (tmp_path / f"reports/{name}.ipynb").write_text(executed(text), "utf-8")
    made = "build/quarto/reports/rendered.html\nbuild/quarto/reports/rendered.pdf\nbuild/x.html"

    done = subprocess.run(
        [sys.executable, stripping.__file__],
        cwd=tmp_path,
        env={"QUARTO_PROJECT_OUTPUT_FILES": made},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert done.stdout == "outputs taken out of reports/rendered.ipynb again\n"
    assert (tmp_path / "reports/rendered.ipynb").read_text("utf-8") == text
    assert "Anna Ek" in (tmp_path / "reports/other.ipynb").read_text("utf-8")
    assert strip_sources(tmp_path, made.splitlines()) == []
