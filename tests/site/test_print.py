"""What a reader prints from the browser: what they see, whole, and where it was found."""

import io
import re
from collections.abc import Iterator

import pypdf
import pytest
from browser import Visit, visiting
from playwright.sync_api import Browser
from readable_site import PAGE, VERSIONS

pytestmark = pytest.mark.chromium

# A row of the long table.
_ROW = re.compile(r"Grupp \d+")


@pytest.fixture
def visit(browser: Browser, readable: str) -> Iterator[Visit]:
    """A reader at a desk in the dark."""
    with visiting(browser, readable, scheme="dark") as made:
        made.go(f"latest/{PAGE}")
        yield made


def sheets(visit: Visit) -> list[str]:
    """The words on each printed sheet."""
    paper = pypdf.PdfReader(io.BytesIO(visit.page.pdf(prefer_css_page_size=True)))
    width, height = (float(side) * 25.4 / 72 for side in paper.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (210, 297)
    return [" ".join(page.extract_text().split()) for page in paper.pages]


def test_paper_has_the_page_and_its_address_and_nothing_to_press(visit: Visit) -> None:
    """No menus, buttons or search box; the address is the permanent one."""
    words = " ".join(sheets(visit))

    assert f"Adress: {visit.base}/v/{VERSIONS[-1]}/{PAGE}" in words
    for said in ("Ortopedi, vecka 18 2026", "Produktion i Bollnäs", "Planeringens kommentar"):
        assert said in words
    for pressed in ("Meny", "Ladda ner", "CSV", "Fel på sidan", "Visa som tabell", "Byggstatus"):
        assert pressed not in words


def test_a_long_table_is_whole_under_its_headings_on_every_sheet(visit: Visit) -> None:
    """Every row, not only those that the box on the screen shows."""
    told = sheets(visit)

    assert sum(len(_ROW.findall(sheet)) for sheet in told) == 75
    holding = [sheet for sheet in told if _ROW.search(sheet)]
    assert len(holding) > 1
    # The first heading is drawn apart, for it stays in its place on a screen.
    assert all("Grupp Antal" in sheet and sheet.count("Enhet") == 1 for sheet in holding)


def test_paper_says_what_was_chosen_and_that_there_is_more(visit: Visit) -> None:
    """Rows that are put away are told of; what was opened is printed."""
    assert "Utskriften visar de 8 senaste; tabellen har fler." in " ".join(sheets(visit))
    visit.page.get_by_label("Visa").select_option(label="alla 16 veckor")
    visit.page.locator(".filters select").first.select_option("Gävle")
    visit.page.locator("#diagram-operationer summary").click()

    words = " ".join(sheets(visit))

    assert "Utskriften visar" not in words
    assert len(_ROW.findall(words)) == 25
    assert "Visar 25 av 75 rader." in words
    assert "Ortopediska operationer per vecka" in words
    assert "Öppna salar per vecka" not in words
