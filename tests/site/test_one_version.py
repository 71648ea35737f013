"""A new version that comes between a page and its small files: nothing of both on one page."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from browser import Visit, chromium, served, visiting
from playwright.sync_api import Request, Route

from lpe_reports.build.runs import ExecutedRun
from lpe_reports.publish.versions import publish
from lpe_reports.render.assemble import Origin, assemble
from lpe_reports.settings import Project
from sample_page import sample_items
from sample_site import NIGHT, make_project, read_params, sample_run

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.promise(
        "versions",
        "A new version that comes between a page and its small files shows nothing of both",
    ),
]

PAGE = "uppfoljning/veckouppfoljning/ortopedi/2026-W18.html"
OTHER = PAGE.replace("18", "19")
NEW = 'a[rel="next"]'


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path, Path]:
    """Two candidates: in the second the page says other things, and there is a week more."""
    project = make_project(tmp_path_factory.mktemp("one-version"))
    params = read_params(project)

    def candidate(name: str, *runs: ExecutedRun) -> Path:
        return assemble(runs, project, params, Origin(NIGHT), out=project.root / name).folder

    one = candidate("one", sample_run(project, period="2026-W18"))
    # The notebook of a page has one place: the second is written when the first is rendered.
    other = sample_run(project, period="2026-W18", items=sample_items(unit="ortopedi", week=17))
    return project, one, candidate("two", other, sample_run(project))


@pytest.fixture
def visit(nights: tuple[Project, Path, Path], tmp_path: Path) -> Iterator[Visit]:
    """A visit to a site on which the first of the two is published."""
    project = Project(tmp_path)
    publish(project, nights[1], now=datetime(2026, 5, 12, 9, tzinfo=UTC))
    with served(project.public) as base, chromium() as browser, visiting(browser, base) as made:
        yield made
        assert made.said == []


@pytest.fixture
def swap(nights: tuple[Project, Path, Path], tmp_path: Path) -> Callable[[], None]:
    """Publishes the second, the first time it is called."""
    waiting = [nights[2]]

    def publish_once() -> None:
        for candidate in waiting[:1]:
            publish(Project(tmp_path), candidate, now=datetime(2026, 5, 13, 9, tzinfo=UTC))
            waiting.clear()

    return publish_once


def loads(visit: Visit) -> list[str]:
    """Notes every time the page itself is read."""
    found: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type == "document":
            found.append(request.url)

    visit.page.on("request", note)
    return found


@pytest.mark.parametrize("between", ["version.js", "versions.json", "periods.json"])
def test_a_page_of_the_version_before_is_read_anew(
    visit: Visit, swap: Callable[[], None], between: str
) -> None:
    """Whichever of its small files is the first of the new version; once."""
    said: list[str] = []

    def swap_first(route: Route) -> None:
        said.append(visit.page.locator("html").get_attribute("data-made") or "")
        swap()
        route.continue_()

    visit.page.route(f"**/{between}*", swap_first)
    read = loads(visit)

    visit.go(f"latest/{PAGE}")

    assert len(read) == 2
    now = visit.page.locator("html").get_attribute("data-made")
    assert said[0] != now
    assert visit.page.locator(NEW).count() == 1
    address = visit.page.locator("#permanent a").get_attribute("href")
    assert address == f"{visit.base}/v/2026-05-13/{PAGE}"
    assert visit.page.locator("#uppgifter-till").is_visible()


def test_nothing_is_told_before_it_is_known(visit: Visit, swap: Callable[[], None]) -> None:
    """The night of the new version has its place on the page of the old, and is not seen."""
    seen: list[bool] = []

    def look(route: Route) -> None:
        seen.append(visit.page.locator("#uppgifter-till").is_visible())
        swap()
        route.continue_()

    visit.page.route("**/periods.json", look)

    visit.go(f"latest/{PAGE}")

    assert seen == [False, False]


def test_charts_of_the_next_version_are_not_drawn_on_a_page_of_this(
    visit: Visit, swap: Callable[[], None]
) -> None:
    """Long after it was read: pointed at, it is read anew, and then answers."""
    visit.go(f"latest/{PAGE}")
    read = loads(visit)
    swap()

    visit.page.locator("figure.chart[id]").first.hover()
    visit.page.wait_for_selector(NEW)
    visit.page.wait_for_load_state("networkidle")

    assert len(read) == 1
    assert visit.page.locator("figure[data-live]").count() <= 1
    visit.page.mouse.move(0, 0)
    visit.page.locator("figure.chart[id]").first.hover()
    visit.page.wait_for_selector("figure[data-live]")
    assert len(read) == 1


def test_a_page_that_stays_old_is_not_read_for_ever(
    visit: Visit, swap: Callable[[], None], nights: tuple[Project, Path, Path]
) -> None:
    """A cache on the way may hold on to it: it is asked for once, and then shown as it is."""
    swap()
    old = (nights[1] / PAGE).read_text("utf-8")
    visit.page.route(f"**/{PAGE}", lambda route: route.fulfill(body=old, content_type="text/html"))
    read = loads(visit)

    visit.go(f"latest/{PAGE}")
    visit.page.wait_for_selector(NEW)

    assert len(read) == 2
    assert visit.page.locator("#uppgifter-till").is_visible()


def test_an_unchanged_page_is_the_same_bytes_and_is_not_read_anew(
    visit: Visit, nights: tuple[Project, Path, Path], tmp_path: Path
) -> None:
    """What a page is known by is of its own content, whatever other pages there are."""
    project = nights[0]
    runs = [sample_run(project, period=f"2026-W{week}") for week in (18, 19)]
    more = assemble(runs, project, read_params(project), Origin(NIGHT), out=tmp_path / "more")
    assert (more.folder / PAGE).read_bytes() == (nights[1] / PAGE).read_bytes()
    publish(Project(tmp_path), more.folder, now=datetime(2026, 5, 13, 9, tzinfo=UTC))
    shutil.rmtree(more.folder)
    read = loads(visit)

    visit.go(f"latest/{OTHER}")
    visit.go(f"latest/{PAGE}")

    assert len(read) == 2
