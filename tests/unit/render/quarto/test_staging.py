"""The scratch project: what the author says of the site, the pages of one call, and no more."""

import json
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.errors import ParamsError
from lpe_reports.render.quarto.description import Description
from lpe_reports.render.quarto.staging import Stage
from quarto_replay import CASES, ROOT

AUTHORS = """
project:
  type: default
  output-dir: ../public
  pre-render: fetch.py
  render: ["*.ipynb"]
lang: sv
number-sections: true
execute: {enabled: true, echo: true}
filters:
  - at: pre-ast
    path: vendor/lpe_reports/render/assets/filter.lua
  - filters/own.lua
  - ../outside.lua
  - /etc/hostname
format:
  html:
    toc: true
    template: templates/own.html
    css: site.css
  typst: {papersize: us-letter, font-paths: fonts}
  docx: default
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An author's project, with a filter and a template of its own, and a file outside it."""
    root = tmp_path / "project"
    for name in ("filters/own.lua", "templates/own.html", "site.css", "../outside.lua"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("-- own")
    (root / "_quarto.yml").write_text(AUTHORS)
    return root


def said(root: Path) -> Any:
    """The `_quarto.yml` of a scratch project with one page."""
    return json.loads(Description(root).text(["a/b"]))


def test_what_the_author_says_of_pages_is_kept(project: Path) -> None:
    """Keys of Quarto's that this code has never heard of, and a template of the author's own."""
    made = said(project)

    assert made["number-sections"] is True
    assert made["execute"] == {"enabled": False, "echo": True}
    assert made["format"]["html"]["toc"] is True
    assert made["format"]["html"]["template"] == "templates/own.html"
    assert made["filters"][0] == {"at": "pre-ast", "path": "templates/filter.lua"}


def test_where_files_lie_and_which_there_are_is_ours(project: Path) -> None:
    """The list of pages, the output folder, two formats; no script of a project runs."""
    made = said(project)

    assert made["project"] == {"type": "website", "output-dir": "out", "render": ["a/b.qmd"]}
    assert set(made["format"]) == {"html", "typst"}
    assert made["format"]["typst"]["output-ext"] == "typ"
    assert made["format"]["typst"]["template"] == "templates/page.typ"


def test_what_the_author_names_is_taken_along_and_nothing_from_outside(project: Path) -> None:
    """Beside the package's own templates and all parts of its filter."""
    files = dict(Description(project).files())

    assert files["filters/own.lua"] == project / "filters/own.lua"
    assert {"templates/page.html", "templates/page.typ", "templates/filter.lua"} < set(files)
    assert any(name.startswith("templates/filter/") for name in files)
    assert not any("outside" in name or "hostname" in name for name in files)


def test_a_filter_of_the_author_s_is_part_of_what_pages_depend_on(project: Path) -> None:
    """Changing it makes them again."""
    before = Description(project).digest()
    assert before == Description(project).digest()

    (project / "filters/own.lua").write_text("-- other")

    assert Description(project).digest() != before


def test_the_project_s_own_description_names_no_file_that_is_missing(tmp_path: Path) -> None:
    """Each template and filter that the scratch project's `_quarto.yml` names is in it."""
    stage = Stage(tmp_path, CASES["good"], Description(ROOT))
    made = json.loads((stage.project / "_quarto.yml").read_text("utf-8"))

    named = [made["format"][name]["template"] for name in ("html", "typst")]
    named += made["format"]["typst"]["template-partials"]
    named += [each["path"] for each in made["filters"]]
    assert len(named) >= 5
    assert all((stage.project / name).is_file() for name in named)


def test_documents_lie_at_their_addresses_with_their_drawings(tmp_path: Path) -> None:
    """One without a PDF asks for no Typst: it would take as long as the page."""
    page, index = CASES["good"]
    stage = Stage(tmp_path, CASES["good"], Description(ROOT))

    assert (stage.project / f"{page.address}.qmd").read_text("utf-8") == page.markdown
    assert (stage.project / "a/b/w1.files/bild.svg").is_file()
    staged = (stage.project / f"{index.address}.qmd").read_text("utf-8")
    assert staged.startswith("---\nformat:\n  html: default\n")
    assert staged.endswith(index.markdown.removeprefix("---\n"))


def test_a_description_that_is_no_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    """As by everything else that reads it."""
    (tmp_path / "_quarto.yml").write_text("lang: [sv\n")

    with pytest.raises(ParamsError, match=r"^_quarto\.yml"):
        Description(tmp_path)
