"""The manual as it is read: in a browser, on a phone, in the dark and on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import served, visiting
from playwright.sync_api import Browser, expect
from readable_site import barriers

from lpe_reports.cli.manual_folder import put_manual

pytestmark = pytest.mark.chromium

# One of every kind: menus and lists, long tables, prose with code, pictures, Swedish words.
KINDS = ("index", "params", "warehouse", "reports", "definitions")


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """The project's own manual."""
    out = tmp_path_factory.mktemp("manual") / "docs"
    put_manual(root / "docs", out, "0")
    return out


@pytest.fixture(scope="module")
def address(manual: Path) -> Iterator[str]:
    """Where it is served, with the headers that the site asks for."""
    with served(manual) as address:
        yield address


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_page_of_the_manual_keeps_a_reader_out(
    browser: Browser, address: str, width: int, scheme: str
) -> None:
    """Axe finds nothing, nothing lies beside the window, nobody else is asked for anything."""
    with visiting(browser, address, width=width, scheme=scheme) as made:
        for name in KINDS:
            made.go(f"{name}.html")
            # What is measured of colours takes minutes on a page of a thousand cells.
            found = barriers(made.page, colours=name in ("index", "warehouse"))
            assert (name, found, made.sideways()) == (name, [], 0)
        assert (made.said, made.outside) == ([], [])


def test_the_menu_of_a_phone_leads_to_every_page(browser: Browser, address: str) -> None:
    """What stands beside the page elsewhere is behind its button, and closes with Escape."""
    with visiting(browser, address, width=390) as made:
        made.go("params.html")
        page = made.page
        page.get_by_text("Menu", exact=True).click()
        page.get_by_role("navigation", name="Menu").get_by_role("link", name="Commands").focus()
        page.keyboard.press("Escape")
        expect(page.locator("details.menu")).not_to_have_attribute("open", "")
        page.get_by_text("Menu", exact=True).click()
        page.get_by_role("navigation", name="Menu").get_by_role("link", name="Commands").click()
        expect(page.locator("h1")).to_have_text("Commands")


def test_a_command_is_copied_with_one_press(browser: Browser, address: str) -> None:
    """Just the command comes along, whatever stands around it."""
    with visiting(browser, address) as made:
        made.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        made.go("commands.html")
        box = made.page.locator(".code").first
        box.hover()
        box.get_by_role("button", name="Copy").click()
        expect(box.get_by_role("button", name="Copied")).to_be_visible()
        copied = made.page.evaluate("navigator.clipboard.readText()")
        assert copied == box.locator("pre").text_content()
        assert "Cop" not in copied


def test_a_page_of_the_manual_is_printed_whole(browser: Browser, address: str) -> None:
    """No menus on paper, and no table that is cut at the edge of a scroll box."""
    with visiting(browser, address) as made:
        made.go("data-contract.html")
        made.page.emulate_media(media="print")
        made.page.set_viewport_size({"width": 680, "height": 960})  # A4 less its margins
        for menu in (".top", ".side", ".copy"):
            assert not any(each.is_visible() for each in made.page.locator(menu).all())
        cut = "[...document.querySelectorAll('.scroll')].filter(b => b.scrollWidth > b.clientWidth)"
        assert made.page.evaluate(f"{cut}.length") == 0


def test_the_manual_is_read_without_a_server(browser: Browser, manual: Path) -> None:
    """Opened as files it looks and leads the same."""
    context = browser.new_context()
    page = context.new_page()
    page.goto((manual / "index.html").as_uri())
    page.get_by_role("main").get_by_role("link", name="Params").click()

    expect(page.locator("h1")).to_have_text("Params")
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith("Inter")
    context.close()
