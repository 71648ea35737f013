"""An author who knows Quarto renders one source notebook from the project's folder."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
from office_pages import Office

from lpe_reports.render.quarto.program import find_quarto

pytestmark = pytest.mark.quarto

ASSETS = "src/lpe_reports/render/assets"
STRIPPING = "src/lpe_reports/render/quarto/stripping.py"
NOTEBOOK = "reports/utilisation/utilisation"


@pytest.fixture(scope="module")
def rendered(demo: Office, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of `quarto render <notebook> --execute`."""
    program = find_quarto()
    assert program is not None
    folder = tmp_path_factory.mktemp("author")
    for name in ("params", "reports", "data"):
        shutil.copytree(demo.root / name, folder / name)
    shutil.copy(root / "_quarto.yml", folder)
    shutil.copytree(root / ASSETS, folder / ASSETS)
    (folder / STRIPPING).parent.mkdir()
    shutil.copy(root / STRIPPING, folder / STRIPPING)
    world = {name: value for name, value in os.environ.items() if not name.startswith("LPE_")}
    done = subprocess.run(
        [str(program), "render", f"{NOTEBOOK}.ipynb", "--execute", "-P", "period:2026-03"],
        cwd=folder,
        env=world | {"QUARTO_PYTHON": sys.executable},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "WARN:" not in done.stderr
    # Quarto writes outputs and parameters into it; what descends from patients must not stay.
    source = f"{NOTEBOOK}.ipynb"
    assert (folder / source).read_bytes() == (demo.root / source).read_bytes()
    return folder / "build" / "quarto"


def test_an_author_sees_the_page_without_the_site_around_it(rendered: Path) -> None:
    """One title, the words, figures, charts and tables; no menus, and no name of a call."""
    html = (rendered / f"{NOTEBOOK}.html").read_text("utf-8")

    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert '<p class="lead">' in html
    assert html.count("<svg") > 5
    assert "<caption>Nyttjandegrad enligt sju definitioner</caption>" in html
    assert not re.search(r"&lt;(p\.|page\.)|<nav|site_libs|<script", html)


def test_an_author_s_page_finds_its_style(rendered: Path) -> None:
    """The site's own stylesheet, made relative and copied beside it."""
    html = (rendered / f"{NOTEBOOK}.html").read_text("utf-8")
    match = re.search(r'<link rel="stylesheet" href="([^"]+)">', html)

    assert match is not None
    assert ((rendered / NOTEBOOK).parent / match[1]).resolve().is_file()


def test_an_author_gets_the_pdf_too(rendered: Path) -> None:
    """With the title, the figures and the charts' captions."""
    pdf = pypdf.PdfReader(rendered / f"{NOTEBOOK}.pdf")
    text = "\n".join(page.extract_text() for page in pdf.pages)

    for words in (
        "Centraloperation Hudiksvall, mars 2026",
        "SPOR, patienttid",
        "Veckodagar",
        "sida 1 av",
    ):
        assert words in text
    assert "<p." not in text and "<page." not in text
