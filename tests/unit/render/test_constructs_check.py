"""What `lpe check` says of a notebook's prose: every construct no page honours, by its cell."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from checked import notes as check_notes
from checked import wrong as check_wrong
from lpe_reports.build.planning.notebooks import SourceNotebook, read_notebook
from lpe_reports.errors import NotebookError
from lpe_reports.render.constructs import unhonoured
from lpe_reports.settings import Project
from sample_site import make_project
from written_page import DRAWING

pytestmark = pytest.mark.promise(
    "pages", "What an author may write is honoured in both formats, and what is not is named"
)


def notebook_file(project: Project, *cells: tuple[str, str], name: str = "weekly") -> Path:
    """A source notebook of these cells (kind, source) after its parameters."""
    path = project.reports / "followup" / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    made: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "metadata": {"tags": ["parameters"]},
            "source": 'unit = "ortopedi"\nperiod = "2026-W19"',
            "outputs": [],
            "execution_count": None,
        }
    ]
    for kind, source in cells:
        cell: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source}
        made.append(cell | ({"outputs": [], "execution_count": None} if kind == "code" else {}))
    document = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": made}
    path.write_text(json.dumps(document), "utf-8")
    return path


def read(root: Path, *cells: tuple[str, str]) -> SourceNotebook:
    """A notebook of these cells, with `flode.svg` beside it and `bilder/plan.svg` below."""
    project = Project(root)
    path = notebook_file(project, *cells)
    (path.parent / "bilder").mkdir()
    (path.parent / "flode.svg").write_bytes(DRAWING)
    (path.parent / "bilder" / "plan.svg").write_bytes(DRAWING)
    return read_notebook(path, project)


def test_each_construct_that_is_not_honoured_is_named_with_notebook_and_cell(
    tmp_path: Path,
) -> None:
    """By all that sees a notebook: the filter, the cells' options, the title cell."""
    notebook = read(
        tmp_path,
        ("raw", "---\ntitle: T\nbibliography: a.bib\n---"),
        ("markdown", "## Rubrik\n\n```{mermaid}\nx\n```\n\n#### Hopp\n"),
        ("code", '#| echo: true\n#| fig-cap: "X"\np.trend("a", id="salar")'),
        ("markdown", "::: {.callout-note}\nord, @fig-salar och @fig-borta\n"),
        ("markdown", "![Plan](bilder/plan.svg){#fig-plan fig-alt='En plan'}\n\nSe @fig-plan"),
    )

    assert unhonoured([notebook]) == [
        f"reports/followup/weekly.ipynb, cell {words}"
        for words in (
            "2: the key bibliography is not honoured",
            "3: a heading of level 4 follows one of level 2: no PDF can be made of it",
            "3: an executable block {mermaid} is left out",
            "4: the cell option fig-cap is not honoured",
            "5: a block that begins with ::: is not ended",
            "5: a reference @fig-borta leads to no caption of the prose and no id= of a call",
        )
    ]


def test_check_tells_constructs_as_notes_and_mistakes_as_wrong(tmp_path: Path) -> None:
    """A note where a page loses something, an error where no page can be made."""
    project = make_project(tmp_path / "project")
    for path in project.reports.rglob("*.ipynb"):
        path.unlink()
    notebook_file(project, ("markdown", "::: {.column-margin}\nord\n:::"))
    notebook_file(project, ("markdown", "{{< include a.md >}}"), name="other")

    assert [note for note in check_notes(project) if "honoured" in note] == [
        "reports/followup/weekly.ipynb, cell 2: the class .column-margin is not honoured"
    ]
    (wrong,) = [line for line in check_wrong(project) if "shortcode" in line]
    assert wrong.startswith("reports/followup/other.ipynb, cell 2: the shortcode {{< include >}}")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("![x](borta.svg){fig-alt='y'}", "there is no picture borta.svg beside"),
        ("![x](flode.svg)", "no words for those who do not see it"),
        ("![x](flode.svg){fig-alt=''}", "no words for those who do not see it"),
        ("![x](../ute.svg){fig-alt='y'}", "outside the notebook's folder"),
        ("![x](/etc/ute.svg){fig-alt='y'}", "outside the notebook's folder"),
        ("![x](lank.svg){fig-alt='y'}", "outside the notebook's folder"),
        ("![x](https://host.invalid/a.svg){fig-alt='y'}", "on another host"),
        ("![x](flode.gif){fig-alt='y'}", "none of .svg, .png and .jpg"),
        ("![x](text.png){fig-alt='y'}", "no .png file inside"),
        ("![x](skript.svg){fig-alt='y'}", "holds <script>"),
        ("![x](klick.svg){fig-alt='y'}", "holds the attribute onclick"),
        ("![x](hamtar.svg){fig-alt='y'}", "names another file"),
        ("![x](dtd.svg){fig-alt='y'}", "save it as plain SVG"),
        ("![x](stor.svg){fig-alt='y'}", "larger than 2 MB"),
        ("![x](attachment:a.png){fig-alt='y'}", "not in the cell"),
        ("text `{{< env HOME >}}`", "the shortcode {{< env >}}"),
    ],
)
def test_a_picture_that_cannot_be_shown_is_an_error_that_names_the_cell(
    tmp_path: Path, source: str, said: str
) -> None:
    """Before anything is run: `lpe check` and the build say the same."""
    folder = tmp_path / "reports" / "followup"
    folder.mkdir(parents=True)
    svg = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
    (tmp_path / "reports" / "ute.svg").write_bytes(DRAWING)
    (folder / "lank.svg").symlink_to(tmp_path / "reports" / "ute.svg")
    (folder / "text.png").write_text("text")
    (folder / "skript.svg").write_text(svg.format("<script>1</script>"))
    (folder / "klick.svg").write_text(svg.format('<rect onclick="a()"/>'))
    (folder / "hamtar.svg").write_text(svg.format('<image href="https://host.invalid/a.png"/>'))
    (folder / "dtd.svg").write_text(f"<!DOCTYPE svg>{svg}")
    (folder / "stor.svg").write_text(svg.format(" " * 2_000_001))

    with pytest.raises(NotebookError) as error:
        read(tmp_path, ("markdown", "Först."), ("markdown", source))

    assert "reports/followup/weekly.ipynb, cell 3: " in str(error.value)
    assert said in str(error.value)


def test_a_picture_in_code_is_no_picture(tmp_path: Path) -> None:
    """What only shows how it is written need not be there."""
    source = "`![x](borta.svg)`\n\n```markdown\n![x](borta.svg)\n```\n"

    assert read(tmp_path, ("markdown", source)).document["cells"][1]["source"] == source


def test_a_changed_picture_is_changed_prose_and_nothing_to_run(tmp_path: Path) -> None:
    """Its digest is part of what the page depends on, not of what the run does."""
    cell = ("markdown", "![Flöde [kort]](flode.svg){fig-alt='Ett flöde'}")
    before = read(tmp_path, cell)
    (tmp_path / "reports" / "followup" / "flode.svg").write_bytes(DRAWING.replace(b"40", b"50"))
    after = read_notebook(before.path, Project(tmp_path))

    assert before.prose_digest != after.prose_digest
    assert before.code_digest == after.code_digest


def test_what_was_pasted_into_a_cell_comes_along(tmp_path: Path) -> None:
    """As JupyterLab keeps it: base64 in the cell's attachments."""
    project = Project(tmp_path)
    path = notebook_file(project, ("markdown", "![x](attachment:klistrad.png){fig-alt='y'}"))
    document = json.loads(path.read_text("utf-8"))
    png = b"\x89PNG\r\n\x1a\nx"
    document["cells"][1]["attachments"] = {
        "klistrad.png": {"image/png": base64.b64encode(png).decode()}
    }
    path.write_text(json.dumps(document), "utf-8")

    (attachments,) = [
        cell["attachments"] for cell in read_notebook(path, project).document["cells"][1:]
    ]
    ((name, forms),) = attachments.items()
    assert name.startswith("klistrad.") and name.endswith(".png")
    assert base64.b64decode(forms["image/png"]) == png
