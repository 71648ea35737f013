"""Search in a real browser, under the Content-Security-Policy that the docs ask for."""

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Visit, visiting
from leading import lead_to_newest
from playwright.sync_api import Browser, Locator, expect

from lpe_reports.display.blocks import TitleBlock
from lpe_reports.params.units import Unit
from lpe_reports.render.assemble import Origin, assemble
from sample_page import Item, sample_items
from sample_site import NIGHT, make_project, read_params, sample_run

pytestmark = pytest.mark.chromium

FRONT = "latest/index.html"
WEEK_19 = "uppfoljning/veckouppfoljning/ortopedi/2026-W19.html"


def items_of(unit: Unit, week: int) -> list[Item]:
    """The sample page under its unit's own name."""
    title, *rest = sample_items(unit=unit.id, week=week)
    assert isinstance(title, TitleBlock)
    return [title.model_copy(update={"title": f"{unit.name}, vecka {week} 2026"}), *rest]


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions; the older one has pages of week 17 only, the newer a month as well."""
    project = make_project(tmp_path_factory.mktemp("site"))
    params = read_params(project)
    weeks = {"2026-04-27": (17,), "2026-05-12": (17, 18, 19)}
    runs = {
        version: [
            sample_run(project, unit=unit.id, period=f"2026-W{week}", items=items_of(unit, week))
            for unit in map(params.units.get, ("ortopedi", "kirurgi", "onh"))
            for week in of_version
        ]
        for version, of_version in weeks.items()
    }
    title, *rest = sample_items()
    assert isinstance(title, TitleBlock)
    month = [title.model_copy(update={"title": "Hu C-op, april 2026"}), *rest]
    runs["2026-05-12"].append(
        sample_run(project, report="utilisation", unit="hu-cop", period="2026-04", items=month)
    )
    for version, of_version in runs.items():
        folder = assemble(of_version, project, params, Origin(NIGHT)).folder
        shutil.copytree(folder, project.public / "v" / version)
    lead_to_newest(project.public, runs)
    return project.public


@pytest.fixture
def visit(browser: Browser, base: str) -> Iterator[Visit]:
    """A reader on the front page; nothing may go wrong, and no other host be asked."""
    with visiting(browser, base) as made:
        made.go(FRONT)
        yield made
        assert made.said == []
        assert made.outside == []


def search(visit: Visit, words: str) -> Locator:
    """The hits of some words, when the box has answered."""
    visit.page.get_by_role("searchbox", name="Sök på alla sidor").fill(words)
    expect(visit.page.locator(".search [role=status]")).not_to_have_text("", timeout=10_000)
    visit.page.wait_for_load_state("networkidle")
    return visit.page.locator(".hits li")


def titles(hits: Locator) -> list[str]:
    """Each hit's heading."""
    return hits.locator("b").all_inner_texts()


def test_a_newcomer_finds_last_weeks_orthopaedic_page(visit: Visit) -> None:
    """By the unit's name alone: the unit first, then its newest page, and so back in time."""
    hits = search(visit, "ortopedi")

    assert titles(hits)[:4] == [
        "Ortopedi",
        "Ortopedi, vecka 19 2026",
        "Ortopedi, vecka 18 2026",
        "Ortopedi, vecka 17 2026",
    ]
    assert hits.nth(1).locator("small").inner_text() == "Veckouppföljning · 4–10 maj 2026"
    hits.nth(1).click()
    expect(visit.page.locator("h1")).to_have_text("Ortopedi, vecka 19 2026")
    assert visit.page.url.endswith(f"/latest/{WEEK_19}")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("ORT", "Ortopedi"),  # what a system calls it
        ("önh", "Öron, näsa och hals"),  # its short name
        ("onh", "Öron, näsa och hals"),
        ("oron nasa", "Öron, näsa och hals"),  # without the dots
        ("kirurgi vecka 18", "Kirurgi, vecka 18 2026"),
        ("kirurgi v18", "Kirurgi, vecka 18 2026"),
        ("2026-W18 ortopedi", "Ortopedi, vecka 18 2026"),
        ("veckouppf", "Veckouppföljning"),  # while it is being written
        ("proteser kirurgi v18", "Kirurgi, vecka 18 2026"),  # the last part of a word
        ("konfidensintervall", "Konfidensintervall"),  # a word that "Så räknar vi" explains
        ("tillganglighet", "Tillgänglighet"),
    ],
)
def test_words_find_what_they_mean(visit: Visit, words: str, first: str) -> None:
    """Names, aliases, periods and definitions, with or without the dots of å, ä and ö."""
    assert titles(search(visit, words))[0] == first


def test_a_table_is_found_by_its_caption_and_the_hit_says_so(visit: Visit) -> None:
    """A reader sees why the page is among the hits."""
    hits = search(visit, "patienter hudiksvalls listor")

    assert hits.first.locator("span").inner_text().startswith("På sidan: Genomförda operationer")
    assert "Hudiksvalls" in hits.first.locator("mark").all_inner_texts()


def test_a_hit_of_a_definition_leads_to_its_place(visit: Visit) -> None:
    """Not to the top of a long page."""
    search(visit, "öppna operationssalar").first.locator("a").click()
    visit.page.wait_for_url("**/sa-raknar-vi/index.html#open_theatres")


def test_the_box_is_used_by_keyboard_alone(visit: Visit) -> None:
    """Arrows go to the hits and back, Escape closes, Enter opens the best one."""
    page = visit.page
    box = page.get_by_role("searchbox")
    box.focus()
    page.keyboard.type("ortopedi")
    expect(page.locator(".hits li").first).to_be_visible(timeout=10_000)

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".hits li").nth(1).locator("a")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".hits")).to_be_hidden()
    assert box.input_value() == "ortopedi"

    page.keyboard.press("ArrowDown")
    expect(page.locator(".hits")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Ortopedi")


def test_a_screen_reader_is_told_what_was_found(visit: Visit) -> None:
    """How many, and that there is nothing."""
    status = visit.page.locator(".search").get_by_role("status")
    search(visit, "kirurgi vecka 18")
    expect(status).to_have_text("3 träffar")

    visit.page.get_by_role("searchbox").fill("xyzzy")

    expect(status).to_have_text("Inget hittades för ”xyzzy”.")
    assert visit.page.locator(".hits li").count() == 0


def test_words_are_never_markup(visit: Visit) -> None:
    """What a reader writes is shown as written."""
    search(visit, "<img src=x onerror=alert(1)>")

    assert visit.page.locator(".search img").count() == 0


def test_a_search_is_narrowed_to_area_unit_and_kind_of_period(visit: Visit) -> None:
    """Each choice narrows; words and choices hold together; the status says within what."""
    page = visit.page
    said = page.locator(".search [role=status]")
    search(visit, "vecka")
    page.get_by_label("Enhet", exact=True).select_option("Kirurgi")
    expect(said).to_contain_text("träffar inom Kirurgi")
    found = titles(page.locator(".hits li"))
    assert "Kirurgi, vecka 19 2026" in found
    assert {title.partition(",")[0] for title in found} == {"Kirurgi"}

    page.get_by_label("Period", exact=True).select_option("Månad")
    expect(said).to_have_text("Inget hittades för ”vecka” inom Kirurgi · Månad.")
    page.get_by_role("button", name="Rensa").click()
    expect(page.get_by_label("Område", exact=True)).to_be_focused()
    expect(said).to_contain_text("bästa visas")
    assert page.get_by_role("button", name="Rensa").count() == 0

    page.get_by_label("Område", exact=True).select_option("Nyttjande")
    page.get_by_role("searchbox").fill("hudiksvall")
    expect(said).to_contain_text("inom Nyttjande")
    expect(page.locator(".hits b").first).to_have_text("Hu C-op, april 2026")


def test_choices_alone_list_what_there_is_by_keyboard(visit: Visit) -> None:
    """Pil ner opens, tab goes to the choices, letters choose, no word need be written."""
    page = visit.page
    page.get_by_role("searchbox").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".hits")).to_contain_text("Skriv vad du söker, eller välj.")

    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_label("Enhet", exact=True)).to_be_focused()
    page.keyboard.type("Orto")
    page.keyboard.press("Tab")
    page.keyboard.type("V")

    said = page.locator(".search [role=status]")
    expect(said).to_have_text("3 träffar inom Ortopedi · Vecka")
    assert titles(page.locator(".hits li")) == [
        f"Ortopedi, vecka {week} 2026" for week in (19, 18, 17)
    ]
    page.keyboard.press("Escape")
    expect(page.locator(".hits")).to_be_hidden()
    expect(page.get_by_role("searchbox")).to_be_focused()


def test_choices_stand_in_the_order_of_the_site(visit: Visit) -> None:
    """Areas as in the menu, units by name in Swedish, weeks before months."""
    page = visit.page
    page.get_by_role("searchbox").click()
    expect(page.locator(".hits")).to_be_visible(timeout=10_000)
    told = [
        page.get_by_label(name, exact=True).locator("option").all_inner_texts()
        for name in ("Område", "Enhet", "Period")
    ]

    areas = page.locator(".areas a").all_inner_texts()
    assert told[0] == ["alla", *[area for area in areas if area in told[0]]]
    assert len(told[0]) == 4
    assert told[1] == [
        "alla", "Centraloperation Hudiksvall", "Kirurgi", "Ortopedi", "Öron, näsa och hals",
    ]  # fmt: skip
    assert told[2] == ["alla", "Vecka", "Månad"]


def test_an_older_version_finds_its_own_pages(browser: Browser, base: str) -> None:
    """And leads to them, not to those of the latest."""
    with visiting(browser, base) as made:
        made.go("v/2026-04-27/index.html")
        hits = search(made, "ortopedi")

        assert "Ortopedi, vecka 17 2026" in titles(hits)
        assert "Ortopedi, vecka 19 2026" not in titles(hits)
        href = hits.nth(1).locator("a").get_attribute("href")
        assert href is not None
        assert "/v/2026-04-27/" in href


def test_the_latest_keeps_to_one_version_during_a_visit(browser: Browser, base: str) -> None:
    """The index is read at its version's own address, which no publishing changes."""
    with visiting(browser, base) as made:
        asked: list[str] = []
        made.page.on("request", lambda request: asked.append(request.url))
        made.go(FRONT)
        assert not [url for url in asked if "/search/" in url]  # not before it is used

        search(made, "ortopedi")

        of_index = [url for url in asked if "/search/" in url]
        assert of_index
        assert all(url.startswith(f"{base}/v/2026-05-12/search/") for url in of_index)


def test_a_page_opened_as_a_file_has_no_dead_box(browser: Browser, public: Path) -> None:
    """A browser lets no file read another."""
    with visiting(browser, f"file://{public}/v/2026-05-12") as made:
        made.go(WEEK_19)

        assert made.page.get_by_role("searchbox").count() == 0
        assert made.said == []


def test_a_missing_index_is_said_and_breaks_nothing(browser: Browser, base: str) -> None:
    """A reader is told to try again."""
    with visiting(browser, base) as made:
        made.page.route("**/pagefind.js", lambda route: route.abort())
        made.go(FRONT)
        made.page.get_by_role("searchbox").fill("ortopedi")

        expect(made.page.locator(".hits")).to_contain_text("Sökningen kunde inte läsas in")


def test_a_hit_that_is_gone_hides_no_other(browser: Browser, base: str, public: Path) -> None:
    """A page that was taken out of an older version leaves its index without its text."""
    folder = public / "v/2026-04-27/search/fragment"
    place = b'"url":"/uppfoljning/veckouppfoljning/ortopedi/2026-W17.html"'
    (gone,) = (each for each in folder.iterdir() if place in gzip.decompress(each.read_bytes()))
    with visiting(browser, base) as made:
        made.page.route(f"**/{gone.name}", lambda route: route.fulfill(status=404))
        made.go("v/2026-04-27/index.html")
        hits = search(made, "vecka 17")

        assert "Kirurgi, vecka 17 2026" in titles(hits)
        assert "Ortopedi, vecka 17 2026" not in titles(hits)


def test_the_box_fits_a_phone(browser: Browser, base: str) -> None:
    """Under the office's name, clear of the menu; its hits are as wide as the page."""
    with visiting(browser, base, width=390) as made:
        made.go(FRONT)
        search(made, "ortopedi")

        box = made.page.locator(".search").bounding_box()
        menu = made.page.get_by_text("Meny", exact=True).bounding_box()
        assert box is not None
        assert menu is not None
        assert menu["y"] + menu["height"] <= box["y"] + 1
        assert made.sideways() == 0
        made.page.get_by_label("Enhet", exact=True).select_option("Kirurgi")
        expect(made.page.locator(".hits")).to_contain_text("3 träffar inom Kirurgi")
        for name in ("Område", "Enhet", "Period", "Rensa"):
            part = made.page.locator(".narrowing").get_by_text(name).bounding_box()
            assert part is not None
            assert part["x"] + part["width"] <= 390
