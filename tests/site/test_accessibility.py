"""What the law asks of a page (WCAG 2.1 AA), as far as a browser can measure it."""

from typing import Any

import pytest
from browser import visiting
from playwright.sync_api import Browser, expect
from readable_site import COLOURED, KINDS, PAGE, barriers

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.promise(
        "pages", "No page keeps a reader out: axe, phone, dark, 320 pixels, keyboard alone"
    ),
]

# What WCAG 1.4.12 lets a reader set: lines, letters, words and paragraphs further apart.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important } p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
# What has text that is not seen, nor reached by scrolling.
CUT = """() => [...document.querySelectorAll("body *")].filter((each) => {
  if (!each.getClientRects().length || each.closest("svg, .words")) return false;
  const { overflowX, overflowY } = getComputedStyle(each);
  const hides = (how) => how === "hidden" || how === "clip";
  return (hides(overflowX) && each.scrollWidth > each.clientWidth + 1)
    || (hides(overflowY) && each.scrollHeight > each.clientHeight + 1);
}).map((each) => `${each.tagName} ${each.className}`)"""
MOVING = """() => [...document.querySelectorAll("*")].filter((each) => {
  const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(each);
  return animationName !== "none" || transitionDuration !== "0s" || scrollBehavior === "smooth";
}).length"""
OPEN = "document.querySelectorAll('main details').forEach(each => { each.open = true })"


def test_no_page_keeps_a_reader_out(browser: Browser, readable: str) -> None:
    """Axe finds nothing on any kind of page, with everything open that can be."""
    with visiting(browser, readable) as made:
        for address in KINDS:
            made.go(f"latest/{address}")
            made.page.evaluate(OPEN)
            found = barriers(made.page, colours=address in COLOURED)
            assert (address, found) == (address, [])


def test_no_page_keeps_a_reader_out_on_a_phone_in_the_dark(browser: Browser, readable: str) -> None:
    """Nor where other colours and another menu are."""
    with visiting(browser, readable, width=390, scheme="dark") as made:
        for address in COLOURED:
            made.go(f"latest/{address}")
            made.page.evaluate(OPEN)
            assert (address, barriers(made.page)) == (address, [])


def test_what_opens_on_a_page_keeps_no_reader_out(browser: Browser, readable: str) -> None:
    """Hits with their choices, the list of files, a chart that answers, filtered rows, a banner."""
    with visiting(browser, readable) as made:
        made.go(f"v/2026-05-11/{PAGE}")
        page = made.page
        page.locator("#tabell-obokade thead button").nth(2).click()
        page.locator(".filters select").first.select_option("Gävle")
        page.locator("#diagram-operationer svg").hover()
        page.locator("#diagram-operationer .live svg").wait_for(state="attached", timeout=20_000)
        page.locator("details.files summary").click()
        assert barriers(page) == []

        page.get_by_role("searchbox").fill("ortopedi")
        expect(page.locator(".hits li").first).to_be_visible(timeout=10_000)
        assert barriers(page) == []


def test_what_opens_on_a_phone_keeps_no_reader_out(browser: Browser, readable: str) -> None:
    """The menu, and hits with their choices."""
    with visiting(browser, readable, width=390) as made:
        made.go(f"latest/{PAGE}")
        made.page.get_by_text("Meny", exact=True).click()
        assert barriers(made.page) == []
        made.page.get_by_role("searchbox").fill("ortopedi")
        expect(made.page.locator(".hits li").first).to_be_visible(timeout=10_000)
        assert barriers(made.page) == []


def test_pages_reflow_and_stand_more_air(browser: Browser, readable: str) -> None:
    """At 320 px, as at 400 %, nothing lies to the side; with WCAG's spacing nothing is cut."""
    with visiting(browser, readable, width=320) as made:
        for address in KINDS:
            made.go(f"latest/{address}")
            made.page.evaluate(OPEN)
            assert (address, made.sideways()) == (address, 0)
            made.page.evaluate(SPACED)
            assert (address, made.sideways()) == (address, 0)
            assert (address, made.page.evaluate(CUT)) == (address, [])


def test_nothing_moves_by_itself(browser: Browser, readable: str) -> None:
    """So that nobody need ask for less motion."""
    with visiting(browser, readable) as made:
        for address in ("index.html", PAGE):
            made.go(f"latest/{address}")
            assert made.page.evaluate(MOVING) == 0


def test_every_page_has_a_title_of_its_own(browser: Browser, readable: str) -> None:
    """By which it is known among tabs, and Swedish as its language."""
    with visiting(browser, readable) as made:
        titles = []
        for address in KINDS:
            made.page.goto(f"{readable}/latest/{address}", wait_until="domcontentloaded")
            titles.append(made.page.title())
            assert made.page.locator("html").get_attribute("lang") == "sv"
        assert len(set(titles)) == len(titles)
        assert all(titles)


def test_a_readers_own_colours_keep_what_colours_say(browser: Browser, readable: str) -> None:
    """In forced colours the present week, where one is, judgements and keys to colours remain."""
    settings: Any = {"forced_colors": "active", "viewport": {"width": 1280, "height": 900}}
    with browser.new_context(**settings) as context:
        page = context.new_page()
        page.goto(f"{readable}/latest/{PAGE}")
        line = "e => getComputedStyle(e).textDecorationLine"
        assert page.locator("tr.now th").first.evaluate(line) == "underline"
        assert page.locator(".side a[aria-current]").first.evaluate(line) == "underline"
        edge = "e => getComputedStyle(e).borderTopStyle"
        assert page.locator(".tag").first.evaluate(edge) == "solid"
        page.goto(f"{readable}/latest/farger/index.html")
        fill = "all => new Set(all.map(e => getComputedStyle(e).fill)).size"
        assert page.locator(".swatch *").evaluate_all(fill) > 3
