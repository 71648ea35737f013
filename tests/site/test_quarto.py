"""The Quarto driver with a real Quarto: what was recorded of it still holds, and so do pages."""

import io
import re
import zipfile
from pathlib import Path

import pypdf
import pytest

from lpe_reports.display.content import read_content
from lpe_reports.publish.markup.conforming import page_faults
from lpe_reports.render.choosing import choose_renderer
from lpe_reports.render.document import PageDocument
from lpe_reports.render.page_document import page_document
from lpe_reports.render.pandoc import PandocRenderer
from lpe_reports.render.quarto.program import QuartoProgram, find_quarto, read_program
from lpe_reports.render.renderer import RenderedPage
from quarto_replay import CASES, ROOT, record, recorded
from sample_page import sample_items
from sample_site import make_project, read_params, sample_run, site_of, spot

pytestmark = [
    pytest.mark.quarto,
    pytest.mark.promise("pages", "Quarto and the embedded renderer make the same site"),
]

WRITTEN = """
::: {.callout-warning title="Se upp"}
Det *brinner* -- och $x < 2$.
:::

::: {.panel-tabset}
### Första
ett[^1]

### Andra
två
:::

:::: {.columns}
::: {.column width="40%"}
vänster
:::
::: {.column}
höger
:::
::::

![En film](https://example.invalid/film.svg)

[^1]: En not.
"""


@pytest.fixture(scope="module")
def program() -> QuartoProgram:
    """The Quarto of this machine."""
    found = find_quarto()
    assert found is not None
    return read_program(found)


def sample_documents(folder: Path) -> list[PageDocument]:
    """Two weeks of a report: charts, tables, and what an author can write."""
    project = make_project(folder)
    params = read_params(project)
    spots = [spot(params, "weekly", "ortopedi", f"2026-W{week}") for week in (18, 19)]
    notebook = sample_run(project, items=[*sample_items(), WRITTEN]).notebook
    assert notebook is not None
    content = read_content(notebook)
    site = site_of(project, params, *spots)
    return [page_document(content, each, site) for each in spots]


def shapes(log: str) -> list[str]:
    """A log's lines without what another version numbers otherwise."""
    return [re.sub(r"\d+", "0", line) for line in log.splitlines() if line.strip()]


@pytest.mark.parametrize("name", sorted(CASES))
def test_quarto_still_does_what_was_recorded(
    program: QuartoProgram, tmp_path: Path, name: str
) -> None:
    """Exit code, log and which pages there are: the driver's tests without Quarto stand on it."""
    now = record(name, program.path, program.version, program.pandoc, tmp_path)
    then = recorded(name)

    assert (now.status, sorted(now.pages)) == (then.status, sorted(then.pages))
    assert shapes(now.log) == shapes(then.log)
    for file, typst in now.pages.items():
        # Two hyphens stay two on paper, whatever Quarto's Pandoc does with them.
        if file.endswith("W02.typ"):
            assert "2026-W01-\\-2026-W02.html" in typst


@pytest.fixture(scope="module")
def pairs(
    tmp_path_factory: pytest.TempPathFactory, program: QuartoProgram
) -> list[tuple[RenderedPage, RenderedPage]]:
    """Two pages by Quarto and by the embedded renderer."""
    documents = sample_documents(tmp_path_factory.mktemp("project"))
    renderer, note = choose_renderer("quarto", ROOT)
    assert program.version in note
    theirs, ours = renderer.render(documents), PandocRenderer().render(documents)
    return list(zip(theirs, ours, strict=True))


Pairs = list[tuple[RenderedPage, RenderedPage]]


def told(html: bytes) -> dict[str, list[str]]:
    """What a reader finds on a page, whatever its markup looks like."""
    text = html.decode()
    body = text[text.index("<body") :].replace("&nbsp;", "\u00a0")
    return {
        "headings": re.findall(r"<h\d[^>]*>(.*?)</h\d>", body, re.DOTALL),
        "cells": re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", body, re.DOTALL),
        "links": re.findall(r'href="([^"]+)"', body),
        "ids": re.findall(r'\bid="([^"]+)"', body),
        "pictures": re.findall(r'aria-label="([^"]+)"', body),
        "scripts": re.findall(r"<script[^>]*>", text.replace('=""', "")),
        "words": re.sub(r"<[^>]+>", " ", body).split(),
    }


def test_pages_are_those_of_the_embedded_renderer(pairs: Pairs) -> None:
    """Headings, cells, links, alt texts, scripts and words; and they are valid."""
    for theirs, ours in pairs:
        assert theirs.address == ours.address
        assert told(theirs.html) == told(ours.html)
        # Our own filter's, by way of Quarto's log.
        assert theirs.warnings == ours.warnings != ()
        assert page_faults(theirs.html.decode()) == []


def test_pdfs_are_those_of_the_embedded_renderer(pairs: Pairs) -> None:
    """Made of Quarto's Typst by the same code: the same words on the same sheets, tagged."""
    for theirs, ours in pairs:
        sheets = []
        for page in (theirs, ours):
            assert page.pdf is not None
            pdf = pypdf.PdfReader(io.BytesIO(page.pdf))
            assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
            sheets.append([sheet.extract_text() for sheet in pdf.pages])
        assert sheets[0] == sheets[1]


def test_meeting_packs_can_take_the_pages_in(pairs: Pairs) -> None:
    """Their source holds the same drawings, and Typst without the head of a page of its own."""
    for theirs, ours in pairs:
        assert theirs.source is not None and ours.source is not None
        with (
            zipfile.ZipFile(io.BytesIO(theirs.source)) as one,
            zipfile.ZipFile(io.BytesIO(ours.source)) as other,
        ):
            assert one.namelist() == other.namelist()
            for name in one.namelist():
                if name.endswith(".svg"):
                    assert one.read(name) == other.read(name)
            assert b"#set page" not in one.read("page.typ")
