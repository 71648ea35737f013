"""What a real Quarto makes of `_quarto.yml`, the templates and a page's document."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lpe_reports.display.content import PageContent
from lpe_reports.render.document import PageDocument
from lpe_reports.render.page_document import page_document
from lpe_reports.render.pandoc import PandocRenderer
from sample_page import sample_items
from sample_site import REPOSITORY, make_project, read_params, site_of, spot

pytestmark = pytest.mark.quarto

CALLOUT = "::: {.callout-warning}\n## Se upp\nDet brinner.\n:::\n"
ASSETS = "src/lpe_reports/render/assets"


def stage(folder: Path, document: PageDocument) -> None:
    """A scratch project that renders one document, described by the project's own file."""
    shutil.copytree(REPOSITORY / ASSETS, folder / ASSETS)
    text = (REPOSITORY / "_quarto.yml").read_text("utf-8")
    staged = text.replace('"reports/**/*.ipynb"', f'"{document.address}.qmd"')
    assert staged != text
    (folder / "_quarto.yml").write_text(staged, "utf-8")
    page = folder / f"{document.address}.qmd"
    page.parent.mkdir(parents=True)
    page.write_text(document.markdown, "utf-8")
    for name, data in document.files.items():
        (page.parent / name).parent.mkdir(exist_ok=True)
        (page.parent / name).write_bytes(data)


def told(html: str) -> dict[str, list[str]]:
    """What a reader finds on a page, whatever its markup looks like."""
    body = html[html.index("<body") :].replace("&nbsp;", "\u00a0")
    text = re.sub(r"<[^>]+>", " ", body)
    return {
        "headings": re.findall(r"<h\d[^>]*>(.*?)</h\d>", body, re.DOTALL),
        "cells": re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", body, re.DOTALL),
        "links": re.findall(r'href="([^"]+)"', body),
        "pictures": re.findall(r'aria-label="([^"]+)"', body),
        "words": text.split(),
    }


def test_quarto_makes_the_same_page_and_a_pdf(tmp_path: Path) -> None:
    """Headings, tables cell by cell, links, alt texts and words; no script or style of Quarto's."""
    project = make_project(tmp_path / "project")
    params = read_params(project)
    page = spot(params, "weekly", "ortopedi", "2026-W19")
    content = PageContent((*sample_items(), CALLOUT))
    document = page_document(content, page, site_of(project, params, page))
    scratch = tmp_path / "scratch"
    stage(scratch, document)

    done = subprocess.run(
        [os.environ.get("QUARTO_PATH", "quarto"), "render", "."],
        cwd=scratch,
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )

    assert done.returncode == 0, done.stderr
    assert "WARN" not in done.stderr
    made = scratch / "build" / "quarto" / f"{document.address}.html"
    html = made.read_text("utf-8")
    ours = PandocRenderer().render([document])[0].html.decode()
    assert told(html) == told(ours)
    assert html.count("<script") == ours.count("<script")
    assert "<style" not in html
    assert made.with_suffix(".pdf").read_bytes().startswith(b"%PDF-")
