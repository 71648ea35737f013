"""What authors write, in a real browser: tabs by keyboard, whole on paper, no violations."""

import io
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import Visit, served, visiting
from playwright.sync_api import Browser, expect

from lpe_reports.publish.gate import inspect
from lpe_reports.render.assemble import Origin, assemble
from sample_site import NIGHT, make_project, read_params
from written_page import code, documented_cells, prose, trend, written_run

pytestmark = pytest.mark.chromium

PAGE = "uppfoljning/veckouppfoljning/ortopedi/2026-W19.html"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
_VALUES = [18, 18, 17, 12, 17, 19, 20, 18]
TABS = [
    prose("## Tre delar\n\n::: {.panel-tabset}\n### Diagram\n\nOrd om diagrammet."),
    code("p", trend("i-flik", "Öppna salar i flik", _VALUES, 20)),
    prose("### Lista {#sec-lista}\n\n- ett\n- två"),
    prose("### Sist\n\nSist av allt.\n:::\n\nSe @sec-lista."),
]


@pytest.fixture(scope="module")
def candidate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version with a page of every documented construct, which the gate lets through."""
    project = make_project(tmp_path_factory.mktemp("written"))
    run = written_run(project, [*documented_cells(), *TABS])
    made = assemble([run], project, read_params(project), Origin(NIGHT), renderer="pandoc")
    assert [each for each in inspect(made.folder, project) if "search/" not in str(each)] == []
    assert not made.warnings
    return made.folder


@pytest.fixture(scope="module")
def base(candidate: Path) -> Iterator[str]:
    with served(candidate) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator[Visit]:
    """A reader of the page; nothing may go wrong under the strict policy."""
    with visiting(browser, base) as made:
        made.go(PAGE)
        yield made
        assert made.said == []
        assert made.outside == []


def test_tabs_are_walked_by_arrow_keys_and_show_one_part(visit: Visit) -> None:
    """As WAI-ARIA's tabs: one of them in the tab order, chosen as it is reached, round about."""
    tabs = visit.page.get_by_role("tablist", name="Tre delar").get_by_role("tab")
    chart, last = (
        visit.page.get_by_text("Ord om diagrammet."),
        visit.page.get_by_text("Sist av allt."),
    )
    expect(chart).to_be_visible()
    expect(last).to_be_hidden()

    tabs.nth(0).focus()
    visit.page.keyboard.press("ArrowLeft")
    expect(tabs.nth(2)).to_be_focused()
    expect(tabs.nth(2)).to_have_attribute("aria-selected", "true")
    expect(last).to_be_visible()
    expect(chart).to_be_hidden()
    visit.page.keyboard.press("Tab")
    expect(visit.page.get_by_role("tabpanel", name="Sist")).to_be_focused()
    visit.page.keyboard.press("Shift+Tab")
    visit.page.keyboard.press("Home")
    expect(tabs.nth(0)).to_be_focused()
    visit.page.keyboard.press("ArrowRight")
    visit.page.keyboard.press("End")
    expect(tabs.nth(2)).to_be_focused()
    tabs.nth(1).click()
    expect(visit.page.get_by_role("tabpanel", name="Lista")).to_be_visible()
    expect(visit.page.locator("[role=tab][tabindex='0']")).to_have_count(2)  # one for each tabset


def test_a_reference_into_a_tab_opens_it(visit: Visit) -> None:
    """A link never leads to what is not seen, when the page is opened and later."""
    listed = visit.page.get_by_text("två", exact=True)
    expect(listed).to_be_hidden()
    visit.page.get_by_role("link", name="Lista").click()
    expect(listed).to_be_visible()

    visit.go(f"{PAGE}?igen#sec-lista")
    expect(listed).to_be_visible()


def test_without_scripts_all_parts_stand_under_their_headings(browser: Browser, base: str) -> None:
    """The page says everything by itself."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/{PAGE}")
    for words in ("Ord om diagrammet.", "Sist av allt."):
        expect(page.get_by_text(words)).to_be_visible()
    for heading in ("Diagram", "Lista", "Sist"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    context.close()


def test_what_is_printed_from_the_browser_is_whole(visit: Visit) -> None:
    """All parts under their headings, folded boxes with their titles, code; no tabs."""
    paper = pypdf.PdfReader(io.BytesIO(visit.page.pdf()))
    words = " ".join(" ".join(page.extract_text() for page in paper.pages).split())

    for said in (
        "Så läser du diagrammet", "Strecket är medelvärdet.", "Per månad", "månad för månad.",
        "Diagram", "Ord om diagrammet.", "Sist av allt.", "andel = inom / alla",
    ):  # fmt: skip
        assert said in words, said


def test_pictures_footnotes_and_references_lead_somewhere(visit: Visit) -> None:
    """The picture is there, and every way on the page has its place."""
    picture = visit.page.get_by_alt_text("Remiss, bedömning, väntelista, operation.")
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 200

    note = visit.page.locator("[role=doc-noteref]")
    note.first.click()
    assert "Datum för beslut" in visit.page.locator(":target").inner_text()
    ways = "[...document.querySelectorAll('main a[href^=\"#\"]')].map(a => a.getAttribute('href'))"
    for way in visit.page.evaluate(ways):
        assert visit.page.locator(f"[id='{way[1:]}']").count() == 1, way


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_in_what_authors_write(
    browser: Browser, base: str, scheme: str, width: int
) -> None:
    """Also with all folded boxes open and the last tab chosen; nothing is cut on a phone."""
    with visiting(browser, base, width=width, scheme=scheme) as made:
        made.go(PAGE)
        made.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        made.page.get_by_role("tab", name="Sist").click()
        found = Axe().run(made.page, options=RULES).response["violations"]

        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
        assert made.sideways() <= 0
