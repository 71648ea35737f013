"""The site in a real browser: quiet, whole and usable in light, dark and on a phone."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from browser import Visit, visiting
from leading import lead_to_newest
from playwright.sync_api import Browser
from readable_site import KINDS, PAGE

from lpe_reports.build.runs import Kept, RunStatus
from lpe_reports.render.assemble import Origin, assemble
from sample_night import FULL_NIGHT, LINKS, sample_loads
from sample_site import NIGHT, make_project, read_params, sample_run

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.promise(
        "pages",
        "Every kind of page is whole and quiet: no error, no request elsewhere, a strict policy",
    ),
]

MADE_UP_NIGHT = replace(FULL_NIGHT, source="demo", demo=True)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of a sample site; a page of the newer one is kept from the older."""
    root = tmp_path_factory.mktemp("site")
    project = make_project(root)
    params = read_params(project)
    runs = [sample_run(project, period=f"2026-W{week}") for week in (17, 18, 19)]
    first = assemble(runs, project, params, Origin(NIGHT)).folder
    shutil.copytree(first, project.public / "v" / "2026-05-11")
    kept = Kept("2026-05-11", "2026-05-12", "cell 7 gick fel")
    runs[0] = sample_run(project, period="2026-W17", status=RunStatus.KEPT, kept=kept)
    told = Origin(NIGHT, MADE_UP_NIGHT, loads=sample_loads(MADE_UP_NIGHT), links=LINKS)
    second = assemble(runs, project, params, told).folder
    shutil.copytree(second, project.public / "v" / "2026-05-12")
    lead_to_newest(project.public, ("2026-05-11", "2026-05-12"))
    return project.public


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator[Visit]:
    """An ordinary reader at a desk; nothing may go wrong on what they open."""
    with visiting(browser, base) as made:
        yield made
        assert made.said == []
        assert made.outside == []


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_every_kind_of_page_is_quiet_and_fits(
    browser: Browser, base: str, scheme: str, width: int
) -> None:
    """No console message, no request to another host, no sideways scrolling, under a strict CSP."""
    with visiting(browser, base, width=width, scheme=scheme) as made:
        for address in KINDS:
            made.go(f"latest/{address}")
            assert (address, made.sideways()) == (address, 0)
            assert made.page.locator("h1").count() == 1
        fonts = "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)"
        assert "Inter" in made.page.evaluate(fonts)
        assert made.said == []
        assert made.outside == []


def test_versions_periods_and_night_are_told_when_a_page_is_read(visit: Visit) -> None:
    """The latest version has no banner; neighbours and the night come from the small files."""
    visit.go(f"latest/{PAGE}")
    page = visit.page

    assert "uppgifter till och med 11 maj 2026" in page.locator(".when").inner_text()
    neighbours = page.locator("#grannar a").all_inner_texts()
    assert neighbours == ["‹ Vecka 17 2026", "Vecka 19 2026 ›"]
    assert page.locator("#version option").all_inner_texts() == [
        "2026-05-12 (senaste)",
        "2026-05-11",
    ]
    assert page.locator(".notice").count() == 0
    permanent = page.locator("#permanent a").get_attribute("href")
    assert permanent is not None
    assert permanent.endswith(f"/v/2026-05-12/{PAGE}")


def test_an_older_version_and_a_kept_page_say_so(visit: Visit) -> None:
    """A reader cannot take an old number for a new one."""
    visit.go(f"v/2026-05-11/{PAGE}")
    assert "äldre version" in visit.page.locator("#versionsbesked").inner_text()

    visit.go(f"latest/{PAGE.replace('W18', 'W17')}")
    said = visit.page.locator("#versionsbesked").inner_text()
    assert "sedan 12 maj 2026, därför att cell 7 gick fel" in said


def test_the_reader_chooses_how_many_weeks_a_table_shows(visit: Visit) -> None:
    """Eight at first, all of them on request."""
    visit.go(f"latest/{PAGE}")
    rows = visit.page.locator("#tabell-vantelista tbody tr:visible")
    assert rows.count() == 8

    visit.page.get_by_label("Visa").select_option(label="alla 16 veckor")

    assert rows.count() == 16


def test_a_table_sorts_by_keyboard(visit: Visit) -> None:
    """Numbers as numbers, hidden ones last, and the header says how."""
    visit.go(f"latest/{PAGE}")
    page = visit.page
    page.get_by_label("Visa").select_option(label="alla 16 veckor")
    header = page.locator("#tabell-vantelista thead th").nth(3)
    header.locator("button").focus()

    page.keyboard.press("Enter")

    assert header.get_attribute("aria-sort") == "ascending"
    shown = page.locator("#tabell-vantelista tbody tr td:nth-of-type(3)").all_inner_texts()
    assert shown[:2] == ["239", "240"]
    assert shown[-1] == "dold"


def test_a_phone_reader_finds_the_menu(browser: Browser, base: str) -> None:
    """Behind one button, with everything that stands beside the page at a desk."""
    with visiting(browser, base, width=390) as made:
        made.go(f"latest/{PAGE}")
        link = made.page.get_by_role("link", name="Nyttjandegrad")
        assert not link.is_visible()

        made.page.get_by_text("Meny", exact=True).click()
        link.click()

        assert made.page.locator("h1").inner_text() == "Nyttjandegrad"
        assert made.said == []


def test_the_readers_own_unit_is_remembered(visit: Visit) -> None:
    """Chosen on the unit's page, shown on the front page, a link away on every page."""
    visit.go("latest/index.html")
    assert visit.page.get_by_role("link", name="Hitta din enhet").is_visible()
    visit.go("latest/enheter/ortopedi/index.html")
    visit.page.get_by_role("button", name="Gör till min enhet").click()

    visit.go("latest/index.html")

    assert visit.page.locator("#min-enhet h2").inner_text() == "Min enhet: Ortopedi"
    assert visit.page.locator("#min-enhet a:visible").count() >= 2
    assert not visit.page.get_by_role("link", name="Hitta din enhet").is_visible()
    visit.go(f"latest/{PAGE}")
    visit.page.locator(".side a", has_text="Min enhet: Ortopedi").click()
    assert visit.page.locator("h1").inner_text() == "Ortopedi"
    visit.page.get_by_role("button", name="Min enhet ✓").click()
    assert visit.page.locator("[data-own]").count() == 0


def test_a_letter_about_a_fault_tells_page_version_and_night(visit: Visit) -> None:
    """Who mends it sees what its writer saw, also in an older version."""
    for version, told in (("latest", "2026-05-12"), ("v/2026-05-11", "2026-05-11")):
        visit.go(f"{version}/{PAGE}")
        link = visit.page.get_by_role("link", name="Fel på sidan?").get_attribute("href")

        assert link is not None
        lines = unquote(link).partition("&body=")[2].split("\n")
        assert lines[:4] == [
            f"Sida: {PAGE}",
            f"Adress: {visit.base}/{version}/{PAGE}",
            f"Version: {told}",
            "Uppgifter till och med: 2026-05-11",
        ]


def test_a_page_opened_as_a_file_is_whole_but_for_what_needs_a_server(
    browser: Browser, public: Path
) -> None:
    """All text, tables and charts are there, nothing complains."""
    with visiting(browser, f"file://{public}/v/2026-05-12") as made:
        made.go(PAGE)

        assert made.page.locator("figure svg").count() == 4
        assert made.page.locator("#version option").count() == 0
        assert made.page.locator(".notice").count() == 0
        assert made.said == []


def test_a_phone_shows_whole_tables_and_legible_charts(browser: Browser, base: str) -> None:
    """No scrolling inside scrolling; captions fit; wide charts keep their size in their own box."""
    with visiting(browser, base, width=390) as made:
        made.go(f"latest/{PAGE}")
        cut = "b => b.filter(x => x.scrollHeight > x.clientHeight + 1).length"
        assert made.page.locator("main section > .scroll").evaluate_all(cut) == 0
        edges = "c => Math.max(...c.map(x => x.getBoundingClientRect().right))"
        assert made.page.locator("main section > .scroll caption").evaluate_all(edges) <= 390
        made.page.locator(".plot").first.evaluate("box => box.classList.add('wide')")
        made.page.locator(".plot.wide svg").evaluate("svg => svg.setAttribute('width', 700)")
        widths = "s => s.map(x => x.getBoundingClientRect().width)"
        assert made.page.locator(".plot.wide svg").evaluate_all(widths) == [700]
        assert made.sideways() == 0
