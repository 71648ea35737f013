"""Both renderers make the same site of the same notebooks; and the comparison itself can fail."""

import shutil
from pathlib import Path

import pytest

from lpe_reports.render.assemble import Origin, assemble
from lpe_reports.settings import Project
from parity import Aspect, compare_sites, parity_table
from sample_night import FULL_NIGHT, LINKS, sample_loads
from sample_site import NIGHT, make_project, read_params, sample_run

pytestmark = pytest.mark.promise("pages", "Quarto and the embedded renderer make the same site")

PAGE = "uppfoljning/veckouppfoljning/ortopedi/2026-W19.html"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path]:
    """A project, and the site that the embedded renderer makes of it."""
    project = make_project(tmp_path_factory.mktemp("project"))
    return project, _site(project, "pandoc")


def _site(project: Project, renderer: str) -> Path:
    runs = [sample_run(project, period=f"2026-W{week}") for week in (18, 19)]
    told = Origin(NIGHT, FULL_NIGHT, loads=sample_loads(FULL_NIGHT), links=LINKS)
    params = read_params(project)
    out = project.root / "build" / renderer
    return assemble(runs, project, params, told, renderer=renderer, out=out).folder


def _different(aspects: list[Aspect]) -> set[str]:
    return {aspect.name for aspect in aspects if aspect.different}


@pytest.mark.quarto
def test_quarto_makes_the_same_site(made: tuple[Project, Path]) -> None:
    """Addresses, headings, cells, figures, links, downloads, every element; PDFs and their tags."""
    project, ours = made

    theirs = _site(project, "quarto")

    aspects = compare_sites(ours, theirs)
    assert all(aspect.compared for aspect in aspects), parity_table(aspects)
    assert not _different(aspects), [(a.name, a.different) for a in aspects if a.different]


@pytest.mark.parametrize(
    ("before", "after", "aspect"),
    [
        ("<h2", "<h3", "headings"),
        ("dold</td>", "4</td>", "cells of tables"),
        ("<caption>", "<caption>x", "captions"),
        (
            'role="img" aria-label="',
            'role="img" aria-label="x',
            "figures with alt texts and drawings",
        ),
        ('.xlsx"', '.xls"', "downloads"),
        ('href="#', 'href="#x', "links"),
        ('<th scope="row"', "<th", "cells of tables"),
        ("<title>", "<title>x", "languages and titles"),
        ('class="lead"', 'class="led"', "elements with all attributes and texts"),
    ],
)
def test_the_comparison_sees_a_page_that_is_otherwise(
    made: tuple[Project, Path], tmp_path: Path, before: str, after: str, aspect: str
) -> None:
    """One change of each kind, on one page."""
    _, ours = made
    for site in ("first", "second"):
        (tmp_path / site).mkdir()
        shutil.copy(ours / PAGE, tmp_path / site / "page.html")
    changed = tmp_path / "second" / "page.html"
    text = changed.read_text("utf-8")
    assert before in text
    changed.chmod(0o644)
    changed.write_text(text.replace(before, after, 1), "utf-8")

    found = _different(compare_sites(tmp_path / "first", tmp_path / "second"))

    assert aspect in found


def test_the_comparison_sees_files_that_are_otherwise(
    made: tuple[Project, Path], tmp_path: Path
) -> None:
    """A missing file, another PDF in a page's place, a changed download."""
    _, ours = made
    shutil.copytree(ours, tmp_path / "site")
    other = tmp_path / "site" / Path(PAGE).parent
    (other / "2026-W19.json").unlink()
    (other / "2026-W19.pdf").unlink()
    shutil.copy(other / "2026-W18.pdf", other / "2026-W19.pdf")
    (other / "2026-W19.xlsx").chmod(0o644)
    (other / "2026-W19.xlsx").write_bytes(b"another")

    found = _different(compare_sites(ours, tmp_path / "site"))

    expected = {"files and their addresses", "sheets with their text", "other files, byte for byte"}
    assert expected <= found
