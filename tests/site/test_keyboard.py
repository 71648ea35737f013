"""Everything that a mouse can do is done by keyboard alone, and where one is can be seen."""

from collections.abc import Iterator

import pytest
from browser import Visit, visiting
from playwright.sync_api import Browser, expect
from readable_site import PAGE, VERSIONS

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.promise(
        "pages", "No page keeps a reader out: axe, phone, dark, 320 pixels, keyboard alone"
    ),
]

# What takes the focus, of what is seen.
STOPS = """() => [
  ...document.querySelectorAll("a[href], button, select, input, summary, [tabindex]"),
].filter((each) => each.tabIndex >= 0 && each.checkVisibility()).length"""
# The place in the page of what has the focus, and how thick its outline is.
FOCUSED = """() => {
  const at = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const seen = outlineStyle === "none" ? 0 : parseFloat(outlineWidth);
  const place = [...document.querySelectorAll("*")].indexOf(at);
  return [at === document.body ? -1 : place, seen, at.outerHTML.slice(0, 90)];
}"""
_MOST = 400


@pytest.fixture
def visit(browser: Browser, readable: str) -> Iterator[Visit]:
    """A reader at a desk; nothing may go wrong on what they open."""
    with visiting(browser, readable) as made:
        made.go(f"latest/{PAGE}")
        yield made
        assert made.said == []
        assert made.outside == []


def test_tab_goes_through_the_whole_page_in_order_and_is_seen(visit: Visit) -> None:
    """Every stop once, from top to bottom, each with an outline, and out again at the end."""
    stops = visit.page.evaluate(STOPS)
    assert stops > 40
    places: list[int] = []
    for _ in range(_MOST):
        visit.page.keyboard.press("Tab")
        place, outline, what = visit.page.evaluate(FOCUSED)
        if place < 0 or place in places:
            break
        assert outline >= 2, what
        places.append(place)

    assert len(places) == stops
    assert places == sorted(places)


def test_the_first_stop_skips_the_menus(visit: Visit) -> None:
    """Seen when it is reached; what comes next is in the page itself."""
    page = visit.page
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Till innehållet")
    expect(skip).to_be_focused()
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_version_menu_leads_nobody_away_before_they_say_so(visit: Visit) -> None:
    """Arrows go through the versions; the button beside them opens the one that is chosen."""
    page = visit.page
    menu, go = page.get_by_label("Version"), page.get_by_role("button", name="Gå till versionen")
    assert go.count() == 0
    menu.focus()
    page.keyboard.press("ArrowDown")
    expect(menu).to_have_value(VERSIONS[0])
    page.keyboard.press("ArrowUp")
    expect(menu).to_have_value(VERSIONS[1])
    page.keyboard.press("ArrowDown")
    assert page.url.endswith(f"/latest/{PAGE}")

    page.keyboard.press("Tab")
    expect(go).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/v/{VERSIONS[0]}/{PAGE}")


def test_files_are_found_taken_and_put_away_by_keyboard(visit: Visit) -> None:
    """The list opens and closes with Enter and Escape, and closes behind who goes on."""
    page = visit.page
    button, files = page.locator("details.files summary"), page.locator("details.files ul")
    button.focus()
    page.keyboard.press("Enter")
    expect(files).to_be_visible()
    page.keyboard.press("Tab")
    with page.expect_download() as taken:
        page.keyboard.press("Enter")
    assert taken.value.suggested_filename.endswith(".csv")
    page.keyboard.press("Escape")
    expect(files).to_be_hidden()
    expect(button).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(files).to_be_hidden()


def test_rows_are_chosen_sorted_and_scrolled_by_keyboard(visit: Visit) -> None:
    """Letters choose in a list, Enter sorts, arrows move what scrolls."""
    page = visit.page
    rows = page.locator("#tabell-obokade tbody tr:visible")
    page.get_by_role("combobox", name="Enhet", exact=True).focus()
    page.keyboard.type("Gävle")
    assert rows.count() == 25
    page.locator("#tabell-obokade thead button").nth(2).focus()
    for _ in range(2):
        page.keyboard.press("Enter")
    assert rows.first.inner_text().split("\t") == ["Gävle", "Grupp 24", "34"]

    box = page.locator(".scroll", has=page.locator("#tabell-obokade"))
    box.focus()
    page.keyboard.press("End")
    page.wait_for_function("e => e.scrollTop > 0", arg=box.element_handle())


def test_a_charts_table_opens_by_keyboard(visit: Visit) -> None:
    """What pointing at a chart tells is told there."""
    figure = visit.page.locator("#diagram-operationer")
    figure.locator("summary").focus()
    visit.page.keyboard.press("Space")

    expect(figure.get_by_role("table")).to_be_visible()


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(browser: Browser, readable: str) -> None:
    """Escape closes it from anywhere within, and its button has the focus again."""
    with visiting(browser, readable, width=390) as made:
        made.go(f"latest/{PAGE}")
        page = made.page
        button = page.locator("details.menu summary")
        button.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("navigation", name="Meny")).to_be_visible()
        for _ in range(3):
            page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(page.get_by_role("navigation", name="Meny")).to_be_hidden()
        expect(button).to_be_focused()


def test_the_scheme_of_the_reader_is_followed_while_they_read(visit: Visit) -> None:
    """Dark when the system turns dark, and a sheet of paper is white in both."""
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = visit.page.evaluate(paper)
    visit.page.emulate_media(color_scheme="dark")
    assert visit.page.evaluate(paper) != light
    visit.page.emulate_media(color_scheme="dark", media="print")
    assert visit.page.evaluate(paper) == light
