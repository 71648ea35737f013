"""What the documents show of params files and of Python is right as it stands."""

import ast
import inspect
import re
import shutil
import textwrap
from pathlib import Path

import pytest
from read_docs import ROOT, Piece, blocks, documents
from ruamel.yaml import YAML

from lpe_reports import page
from lpe_reports.display.page import Page
from lpe_reports.params.loading import load_params
from lpe_reports.params.sources import load_sources
from lpe_reports.settings import Project

_SHELLED = ("yaml", "yml", "indented")


def _is_of_params(block: Piece) -> bool:
    """Whether a block shows a file of params: of a source, a report or the packs."""
    first = block.text.split("\n")[0]
    return block.language in _SHELLED and first.startswith(
        ("default:", "sources:", "notebook:", "packs:")
    )


EXAMPLES = [block for path in documents() for block in blocks(path) if _is_of_params(block)]


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: block.place)
def test_an_example_of_params_is_taken(block: Piece, tmp_path: Path) -> None:
    """In the place of the shipped file, with all others as they are."""
    shutil.copytree(ROOT / "params", tmp_path / "params")
    shutil.copytree(ROOT / "reports", tmp_path / "reports")
    yaml = YAML(typ="safe")
    given = yaml.load(block.text)
    project = Project(tmp_path)

    if "sources" in given:
        _take_sources(project, block.text)
    elif "packs" in given:
        (project.params / "packs.yml").write_text(block.text, encoding="utf-8")
        assert load_params(project).packs
    else:
        (project.params / "packs.yml").unlink()
        report = Path(given["notebook"]).stem
        (project.params / "reports" / f"{report}.yml").write_text(block.text, encoding="utf-8")
        assert load_params(project).reports[report].slug == given["slug"]


def _take_sources(project: Project, text: str) -> None:
    """In the place of all sources; the spellings above them stay."""
    path = project.params / "sources.yml"
    example = text[text.index("sources:") :]
    named = example.split("\n")[1].strip(" :")
    above = path.read_text(encoding="utf-8").partition("\nsources:\n")[0]
    above = above.replace("default: demo", f"default: {named}")
    path.write_text(f"{above}\n{example}\n", encoding="utf-8")
    assert list(load_sources(path, project.root).sources) == [named]


CODE = [block for path in documents() for block in blocks(path) if block.language == "python"]
# What a page has beside its methods; `test_page_calls.py` holds them to the documents.
_KNOWN = {"unit", "subject", "period", "until", "ongoing", "night", "parameters", "settings"}
_KNOWN |= {"params"}


@pytest.mark.parametrize("block", CODE, ids=lambda block: block.place)
def test_an_example_of_python_calls_what_there_is(block: Piece) -> None:
    """It is Python, and each call of a page and of `page` is one."""
    ast.parse(textwrap.dedent(block.text))

    for name in re.findall(r"\bp\.(\w+)", block.text):
        assert name in _KNOWN or inspect.getattr_static(Page, name, None) is not None, name
    for name in re.findall(r"\bpage\.(\w+)", block.text):
        assert hasattr(page, name), name
