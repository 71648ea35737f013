"""Charts and tables in a real browser: they answer when pointed at, and rows can be chosen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import Visit, served, visiting
from playwright.sync_api import Browser, Locator

from lpe_reports.disclosure.columns import Column
from lpe_reports.display.blocks import RowBlock, TableBlock, TableColumn
from lpe_reports.display.charts.heat import heat_picture
from lpe_reports.display.charts.making import ChartText, lines_block, picture_block, trend_block
from lpe_reports.display.series.model import Shade
from lpe_reports.publish.gate import inspect
from lpe_reports.render.assemble import Origin, assemble
from sample_page import Item, sample_items
from sample_site import NIGHT, make_project, read_params, sample_run
from small_series import protected, series

pytestmark = pytest.mark.chromium

PAGE = "uppfoljning/veckouppfoljning/ortopedi/2026-W19.html"
NB = "\u00a0"


def items() -> list[Item]:
    """The sample page with charts as notebooks make them, and a table whose rows are chosen by."""
    closure = Shade(1, 2, "Tillfällig stängning Bollnäs", closure=True)
    one = series("operations", [38, 38, 33, 25, 1044], target=45, shades=(closure,))
    two = [series("waiting", [50, 60, 70]), series("waiting", [51, 3, 90], place="Gävle")]
    rooms = protected(
        {"room": ["Sal 1", "Sal 2"], "a": [3, 0], "b": [7, 12]},
        Column("room", "Sal"), Column("a", "<14:00", "count"), Column("b", "≥14:00", "count"),
    )  # fmt: skip
    heat = heat_picture(rooms, label="room", parts=["a", "b"], width=300, caption="Sluttider")
    charts = RowBlock(
        items=(
            trend_block(one, chart_id="trend", text=ChartText("Operationer"), wide=False),
            lines_block(
                two, ["Bo<b>", "Gävle"], chart_id="linjer", text=ChartText("Väntande"), wide=True
            ),
            picture_block(rooms, heat, chart_id="karta", text=ChartText("Sluttider")),
        )
    )
    labels = (("unit", "Enhet", "text"), ("group", "Grupp", "text"), ("n", "Antal", "count"))
    names = ("Bollnäs", "Gävle", "Hudiksvall")
    rows = [(unit, group, 10) for unit in names for group in ("Fot", "Hand", "Knä")]
    table = TableBlock(
        id="obokade-val",
        caption="Obokade",
        columns=tuple(TableColumn(id=i, label=label, type=t) for i, label, t in labels),  # type: ignore[arg-type]
        rows=(*rows, ("Alla", "", 90)),
        row_headers=2,
        filters=(0, 1),
        total_row=9,
    )
    sample = sample_items()
    return [*sample[:5], charts, table, *sample[5:]]


@pytest.fixture(scope="module")
def candidate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version with that one page, which the gate lets through."""
    project = make_project(tmp_path_factory.mktemp("charts"))
    run = sample_run(project, items=items())
    folder = assemble([run], project, read_params(project), Origin(NIGHT)).folder
    ours = [f for f in inspect(folder, project) if "search/" not in str(f)]
    assert ours == []
    return folder


@pytest.fixture(scope="module")
def base(candidate: Path) -> Iterator[str]:
    with served(candidate) as address:
        yield address


@pytest.fixture(params=[("light", 1280), ("dark", 390)], ids=["desk", "phone"])
def visit(request: pytest.FixtureRequest, browser: Browser, base: str) -> Iterator[Visit]:
    """A reader of the page; nothing may go wrong under the strict policy."""
    scheme, width = request.param
    with visiting(browser, base, width=width, scheme=scheme) as made:
        made.go(PAGE)
        yield made
        assert made.said == []
        assert made.outside == []


def point_at(visit: Visit, chart: Locator, across: float, down: float = 0.4) -> str:
    """What the page tells of a place in a chart, given as parts of its width and height."""
    chart.scroll_into_view_if_needed()
    box = None
    for _ in range(50):  # scrolling may have brought it under the pointer, and it becomes alive
        if box := chart.locator("svg:visible").bounding_box():
            break
        visit.page.wait_for_timeout(100)
    assert box is not None
    mouse = visit.page.mouse
    mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * down)
    chart.locator(".live svg").wait_for(state="attached", timeout=20_000)
    mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down, steps=3)
    tips = visit.page.locator("#diagramtips")
    tips.wait_for(state="visible", timeout=5_000)
    return str(tips.inner_text())


def test_nothing_is_fetched_before_a_chart_is_pointed_at(visit: Visit) -> None:
    """The library and the specs are asked for once, by who points; others never carry them."""
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    visit.page.reload()
    visit.page.wait_for_load_state("networkidle")

    assert not [name for name in asked if name.startswith("vega.") or name == "diagram.json"]

    point_at(visit, visit.page.locator("#diagram-trend"), 0.95)
    point_at(visit, visit.page.locator("#diagram-linjer"), 0.5)

    fetched = [name for name in asked if name.startswith("vega.") or name == "diagram.json"]
    assert sorted(name.split(".")[0] for name in fetched) == ["diagram", "vega"]


def test_a_chart_tells_what_is_pointed_at(visit: Visit) -> None:
    """The period with its value, target and what happened, in Swedish; a name is never markup."""
    first = point_at(visit, visit.page.locator("#diagram-trend"), 0.55).split("\n")
    assert first[0].startswith("Vecka ")
    assert "Tillfällig stängning Bollnäs" in first
    assert first[1] == "Operationer"

    last = point_at(visit, visit.page.locator("#diagram-trend"), 0.92)
    assert f"1{NB}044" in last
    assert "Mål\n45" in last

    middle = point_at(visit, visit.page.locator("#diagram-linjer"), 0.45).split("\n")
    assert middle == ["Vecka 18 2026", "Bo<b>", "60", "Gävle", "dold"]

    cell = point_at(visit, visit.page.locator("#diagram-karta"), 0.75, 0.45).split("\n")
    assert cell == ["Sal 1", "≥14:00", "7"]


def test_nothing_moves_when_a_chart_becomes_alive(visit: Visit) -> None:
    """The drawing has the picture's place, size, words and colours."""
    page = visit.page
    chart = page.locator("#diagram-trend")
    chart.scroll_into_view_if_needed()
    measure = """() => [document.documentElement.scrollHeight, scrollY, ...[...document
        .querySelectorAll('figure.chart, figure.chart svg')].map(e => {
          const box = e.getBoundingClientRect(); return [box.x, box.y, box.width, box.height] })]"""
    before, label = page.evaluate(measure), chart.locator("svg:visible").get_attribute("aria-label")
    line = "getComputedStyle(document.documentElement).getPropertyValue('--series-1').trim()"

    point_at(visit, chart, 0.9)

    assert page.evaluate(measure) == before
    assert chart.locator("svg:visible").get_attribute("aria-label") == label
    assert chart.locator("svg:visible").get_attribute("role") == "img"
    assert chart.locator("svg:visible [role], svg:visible [aria-label]").count() == 0
    drawn = chart.locator(".live").evaluate(
        "e => [...e.querySelectorAll('path')].map(p => getComputedStyle(p).stroke)"
    )
    assert _rgb(page.evaluate(line)) in drawn


def test_what_is_told_goes_away(visit: Visit) -> None:
    """With Escape, and when the pointer leaves."""
    chart, tips = visit.page.locator("#diagram-trend"), visit.page.locator("#diagramtips")
    point_at(visit, chart, 0.9)
    visit.page.keyboard.press("Escape")
    assert not tips.is_visible()

    point_at(visit, chart, 0.6)
    visit.page.mouse.move(2, 2)
    visit.page.wait_for_timeout(100)
    assert not tips.is_visible()


def test_who_points_and_waits_is_answered(visit: Visit) -> None:
    """The chart is fetched while the pointer stands still over it."""
    chart = visit.page.locator("#diagram-trend")
    chart.scroll_into_view_if_needed()
    box = chart.locator("svg:visible").bounding_box()
    assert box is not None

    visit.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4)

    visit.page.locator("#diagramtips").wait_for(state="visible", timeout=20_000)


def test_a_phone_shows_a_drawing_of_its_own(visit: Visit) -> None:
    """One of two is seen; on a phone it fits, and its letters are nearly as large as drawn."""
    page = visit.page
    picture = page.locator("#diagram-linjer svg:visible")
    size = page.viewport_size
    box = picture.bounding_box()
    drawn = float(picture.get_attribute("width") or 0)

    assert page.locator("#diagram-linjer svg").count() == 2
    assert picture.count() == 1
    assert size is not None
    assert box is not None
    assert box["x"] + box["width"] <= size["width"]
    phone = size["width"] < 600
    assert (drawn < 400) == phone
    assert box["width"] >= (0.85 if phone else 0.7) * drawn


def test_a_finger_is_answered_until_it_points_elsewhere(browser: Browser, base: str) -> None:
    """One tap, and the words stay when it is lifted; another place says another thing."""
    with browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True) as context:
        page = context.new_page()
        page.goto(f"{base}/{PAGE}")
        chart, tips = page.locator("#diagram-trend"), page.locator("#diagramtips")
        chart.scroll_into_view_if_needed()
        box = chart.locator("svg:visible").bounding_box()
        assert box is not None
        middle = box["y"] + box["height"] * 0.4

        page.touchscreen.tap(box["x"] + box["width"] * 0.92, middle)
        tips.wait_for(state="visible", timeout=20_000)
        page.wait_for_timeout(200)
        assert "Vecka 19 2026" in tips.inner_text()

        page.touchscreen.tap(box["x"] + box["width"] * 0.2, middle)
        page.wait_for_timeout(200)
        assert "Vecka 15 2026" in tips.inner_text()

        page.touchscreen.tap(box["x"] + 20, box["y"] - 60)
        page.wait_for_timeout(200)
        assert not tips.is_visible()


def test_a_page_opened_as_a_file_keeps_its_pictures(browser: Browser, candidate: Path) -> None:
    """No server, no fetching and no error: the picture stays."""
    with visiting(browser, f"file://{candidate}") as made:
        made.page.goto(f"file://{candidate}/{PAGE}")
        chart = made.page.locator("#diagram-trend")
        chart.hover()
        made.page.wait_for_timeout(300)

        assert chart.locator(".plot > svg").count() == 1
        assert made.page.locator(".live").count() == 0


def test_a_reader_chooses_rows_by_words(visit: Visit) -> None:
    """Each choice narrows; the row of all stays and is said to be of all; all come back."""
    page = visit.page
    table, choices = page.locator("#tabell-obokade-val"), page.locator(".filters select")
    shown = table.locator("tbody tr:visible")
    assert shown.count() == 10

    choices.nth(0).select_option("Gävle")
    assert shown.count() == 4
    choices.nth(1).select_option("Knä")
    assert shown.first.inner_text().split("\t")[:2] == ["Gävle", "Knä"]
    assert page.locator(".filters small").inner_text() == (
        "Visar 1 av 9 rader; sista raden gäller alla."
    )

    choices.nth(0).select_option("alla")
    choices.nth(1).select_option("alla")
    assert shown.count() == 10
    assert page.locator(".filters small").inner_text() == ""


def _rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[n : n + 2], 16)) for n in (1, 3, 5))})"
