"""What readers see of versions that were taken back, and of what is new."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from browser import Visit, chromium, served, visiting

from lpe_reports.publish.rolling_back import roll_back
from lpe_reports.publish.versions import publish
from lpe_reports.render.assemble import Earlier, Origin, assemble
from sample_site import NIGHT, make_project, read_params, sample_run

pytestmark = pytest.mark.chromium

PAGE = "uppfoljning/veckouppfoljning/ortopedi/2026-W18.html"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Three versions, each with a week more; the newest was taken back."""
    project = make_project(tmp_path_factory.mktemp("taken-back"))
    params, before = read_params(project), None
    for day, last in ((12, 18), (13, 19), (14, 20)):
        runs = [sample_run(project, period=f"2026-W{week}") for week in range(18, last + 1)]
        folder = assemble(runs, project, params, Origin(NIGHT, before=before)).folder
        version = publish(project, folder, now=datetime(2026, 5, day, 9, tzinfo=UTC))
        before = Earlier(version.id, NIGHT, project.public / "v" / version.id)
    taken_back = datetime(2026, 5, 15, 9, tzinfo=UTC)
    roll_back(project, why="fel i väntetiderna.", now=taken_back)
    with served(project.public) as address:
        yield address


@pytest.fixture
def visit(base: str) -> Iterator[Visit]:
    with chromium() as browser, visiting(browser, base, day=date(2026, 5, 12)) as made:
        yield made
        assert made.said == []
        assert made.outside == []


def test_a_version_that_was_taken_back_says_since_when_and_why(visit: Visit) -> None:
    """On its pages and in the menu; the latest and an ordinary older one do not."""
    visit.go(f"v/2026-05-14/{PAGE}")
    told = visit.page.locator("#versionsbesked").inner_text()
    expected = "Versionen 2026-05-14 är återkallad sedan 15 maj 2026: fel i väntetiderna."
    assert expected in told
    link = visit.page.locator("#versionsbesked a").get_attribute("href")
    assert link == f"{visit.base}/latest/{PAGE}"
    assert visit.page.locator("#version option").all_inner_texts() == [
        "2026-05-14 (återkallad)",
        "2026-05-13 (senaste)",
        "2026-05-12",
    ]

    visit.go(f"latest/{PAGE}")
    assert visit.page.locator(".notice").count() == 0
    visit.go(f"v/2026-05-12/{PAGE}")
    assert "äldre version" in visit.page.locator("#versionsbesked").inner_text()


def test_what_is_new_is_a_page_of_each_version(visit: Visit) -> None:
    """From the front page to the new page itself, and to the feed."""
    visit.go("latest/index.html")
    visit.page.locator("main dl.keys").get_by_role(
        "link", name="Nytt sedan förra versionen"
    ).click()
    visit.page.wait_for_load_state("networkidle")

    lead = visit.page.locator(".lead").inner_text()
    assert lead.startswith("Jämfört med versionen 2026-05-12")
    feed = visit.page.locator("#flode a").get_attribute("href")
    assert feed == f"{visit.base}/feed.xml"
    visit.page.locator("summary", has_text="Veckouppföljning (1 sida)").click()
    visit.page.get_by_role("link", name="Ortopedi, vecka 19 2026").click()
    assert visit.page.locator("h1").inner_text() == "Ortopedi, vecka 19 2026"
