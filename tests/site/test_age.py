"""A page says that its data are old, or that a source stands still, wherever it is read."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from browser import visiting
from leading import lead_to_newest
from playwright.sync_api import Browser, Page

from lpe_reports.render.assemble import Origin, assemble
from sample_night import OPERATIONS, sample_night, sample_table
from sample_site import NIGHT, make_project, read_params, sample_run

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.promise(
        "warehouse", "A night older than agreed brings a banner or a stop, as params say"
    ),
]

PAGE = "uppfoljning/veckouppfoljning/ortopedi/2026-W19.html"
FRESH, OLD = date(2026, 5, 13), date(2026, 5, 14)
BANNER = "#versionsbesked"
# Where the heading stands in every frame that is drawn.
WATCH = """globalThis.tops = new Set();
(function look() {
  const heading = document.querySelector("h1");
  if (heading) tops.add(Math.round(heading.getBoundingClientRect().top));
  requestAnimationFrame(look);
})();"""
# The contrast of each text of the banner with what lies behind it.
CONTRAST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = (text) => {
    const [r, g, b] = rgb(text).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = light(getComputedStyle(document.querySelector(".notice.old")).backgroundColor);
  return Math.min(...[...document.querySelectorAll(".notice p, .notice strong")].map((each) => {
    const [low, high] = [light(getComputedStyle(each).color), behind].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }));
}"""


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An old version and the latest one, whose night may be two days old and whose needs are."""
    project = make_project(tmp_path_factory.mktemp("site"))
    file = project.params / "sources.yml"
    agreed = "    kind: files\n    freshness: {days: 2, tables: {needs: 1}}\n"
    file.write_text(file.read_text("utf-8").replace("    kind: files\n", agreed), "utf-8")
    needs = sample_table("needs", latest_event_at="2026-05-02T12:00:00+02:00")
    origin = Origin(NIGHT, sample_night(OPERATIONS, needs))
    folder = assemble([sample_run(project)], project, read_params(project), origin).folder
    for version in ("2026-05-11", "2026-05-12"):
        shutil.copytree(folder, project.public / "v" / version)
    lead_to_newest(project.public, ("2026-05-11", "2026-05-12"))
    return project.public


def told(page: Page) -> str:
    """What stands over the page's heading."""
    return page.locator(BANNER).inner_text().replace("\u00a0", " ")


@pytest.mark.parametrize("address", [PAGE, "index.html", "datakvalitet/index.html"])
def test_every_page_says_so_once_its_night_is_old(
    browser: Browser, base: str, address: str
) -> None:
    """The day after the last one that was agreed; not before."""
    with visiting(browser, base, day=FRESH) as made:
        made.go(f"latest/{address}")
        assert "gamla" not in told(made.page)
        assert made.said == []
    with visiting(browser, base, day=OLD) as made:
        made.go(f"latest/{address}")
        assert (
            "Uppgifterna är gamla. De går till och med 11 maj 2026, för 3 dagar sedan, och skulle "
            "ha förnyats senast 13 maj 2026." in told(made.page)
        )
        assert made.page.locator(BANNER).get_attribute("role") == "status"
        assert made.said == []


def test_what_stands_still_is_named_at_once(browser: Browser, base: str) -> None:
    """By its Swedish name, with its newest day and a way to more."""
    with visiting(browser, base, day=FRESH) as made:
        made.go(f"latest/{PAGE}")
        assert "inget nytt" not in told(made.page)
        assert (
            "Källan har inte lämnat något nytt om operationsbehov (till och med 2 maj 2026)."
            in told(made.page)
        )
        made.page.locator(f"{BANNER} a").click()
        assert made.page.url.endswith("/latest/datakvalitet/index.html#farskhet")
        assert made.page.locator("#farskhet").is_visible()


def test_an_older_version_says_that_there_is_a_newer_one_and_no_more(
    browser: Browser, base: str
) -> None:
    """The permanent address of the latest version tells its age; an older one needs none."""
    with visiting(browser, base, day=OLD) as made:
        made.go(f"v/2026-05-11/{PAGE}")
        assert "äldre version" in told(made.page)
        assert "gamla" not in told(made.page)
        made.go(f"v/2026-05-12/{PAGE}")
        assert "Uppgifterna är gamla." in told(made.page)


def test_a_page_without_web_server_says_it_too(browser: Browser, public: Path) -> None:
    """Opened as a file there is no version menu, and the data are as old."""
    with visiting(browser, f"file://{public}/v/2026-05-12", day=OLD) as made:
        made.go(PAGE)
        assert "Uppgifterna är gamla." in told(made.page)
        assert "inget nytt" not in told(made.page)
        assert made.said == []


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_when_it_is_said(browser: Browser, base: str, width: int) -> None:
    """The banner is there when the page is first drawn, and fits.

    A browser waits only so long before it draws what it has: on a machine that is busy with
    other things one visit says little, so there may be twelve; a banner that comes late always
    moves the page.
    """
    # A line may break otherwise when the page's own font is there; a banner is higher.
    assert any(_moved(browser, base, width) < 30 for _ in range(12))


def _moved(browser: Browser, base: str, width: int) -> int:
    """By how much the heading moves while the page is opened."""
    with visiting(browser, base, width=width, day=OLD) as made:
        made.page.add_init_script(WATCH)
        made.go(f"latest/{PAGE}")
        made.page.locator(f"{BANNER} .old").wait_for()
        made.page.wait_for_timeout(300)
        assert made.sideways() == 0
        moved: int = made.page.evaluate("Math.max(...tops) - Math.min(...tops)")
        return moved


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_in_light_and_dark(browser: Browser, base: str, scheme: str) -> None:
    """With the contrast that small text needs."""
    with visiting(browser, base, scheme=scheme, day=OLD) as made:
        made.go(f"latest/{PAGE}")
        assert made.page.evaluate(CONTRAST) >= 4.5


def test_a_printed_page_says_it(browser: Browser, base: str) -> None:
    """Who gets it on paper must know too."""
    with visiting(browser, base, day=OLD) as made:
        made.go(f"latest/{PAGE}")
        made.page.emulate_media(media="print")
        assert made.page.locator(f"{BANNER} .old").is_visible()
        assert made.page.locator(f"{BANNER} .standing").is_visible()
