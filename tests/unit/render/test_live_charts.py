"""What the browser draws charts from: small, the same each time, in the page's own colours."""

import json
from typing import Any

from lpe_reports.display.blocks import ChartBlock
from lpe_reports.display.charts.making import ChartText, lines_block, trend_block
from lpe_reports.display.charts.pointing import still
from lpe_reports.display.palette import PALETTE
from lpe_reports.display.series.model import Shade
from lpe_reports.render.charts import draw
from lpe_reports.render.live_charts import live_charts
from lpe_reports.render.vega import library, library_name
from small_series import series

NB = "\u00a0"
HOLIDAY = Shade(1, 1, "långfredagen", closure=False)
CLOSURE = Shade(2, 3, "Tillfällig stängning Bollnäs", closure=True)


def trend(**options: Any) -> ChartBlock:
    one = series("waiting", [40, 46, 3, 1044], **options)
    return trend_block(one, chart_id="w", text=ChartText("Väntande"), wide=False)


def told(chart: ChartBlock) -> list[str]:
    (pointer,) = [layer for layer in chart.spec["layer"] if layer.get("name") == "pekare"]
    return [row["told"] for row in pointer["data"]["values"]]


def test_a_reader_is_told_each_period_in_swedish() -> None:
    """Name, value, target, and what happened: holidays and closures by name, hidden as hidden."""
    said = told(trend(target=50, shades=(HOLIDAY, CLOSURE)))

    assert said[0].startswith("Vecka 16 2026\t\nVäntande\t40\nMål\t50\nVanlig variation\t")
    assert said[1].endswith("\n\tLångfredagen")
    assert said[2].startswith("Vecka 18 2026\t\nVäntande\tdold\nMål\t50\n")
    assert said[2].endswith("\n\tTillfällig stängning Bollnäs")
    assert f"Väntande\t1{NB}044" in said[3]


def test_a_period_under_way_says_so() -> None:
    """The last one only."""
    said = told(trend(ongoing=True))

    assert ["Pågår" in text for text in said] == [False, False, False, True]


def test_several_series_are_told_together() -> None:
    """One look gives all values of a period."""
    two = [series("waiting", [50, 60]), series("waiting", [51, 3], place="Gävle")]
    chart = lines_block(two, ["Bollnäs", "Gä\tv\nle"], chart_id="w", text=ChartText("V"), wide=True)

    assert told(chart)[1] == "Vecka 19 2026\t\nBollnäs\t60\nGä v le\tdold"


def test_drawings_have_nothing_of_it() -> None:
    """The picture is the same with and without; so are its bytes."""
    chart = trend()
    bare = chart.model_copy(update={"spec": still(chart.spec)})

    assert len(bare.spec["layer"]) == len(chart.spec["layer"]) - 1
    assert draw(bare) == draw(chart)


def test_specs_follow_light_and_dark_and_hold_no_hidden_value() -> None:
    """Colours are variables, what charts share stands once, and the bytes are always the same."""
    chart = trend(target=50)
    body = live_charts([chart, chart.model_copy(update={"id": "diagram-x"})])
    found = json.loads(body)

    assert list(found["charts"]) == ["diagram-w", "diagram-x"]
    assert found["config"]["font"] == "Inter"
    assert "config" not in found["charts"]["diagram-w"]
    assert "var(--series-1)" in body.decode()
    assert not [colour for colour in PALETTE.values() if colour in body.decode().lower()]
    assert '"value":3' not in body.decode()
    assert body == live_charts([chart, chart.model_copy(update={"id": "diagram-x"})])


def test_a_phones_drawings_are_told_beside_the_others() -> None:
    """Under the same ids, and none for a chart that has one drawing only."""
    wide = trend_block(
        series("waiting", [40, 46]), chart_id="v", text=ChartText("Väntande"), wide=True
    )
    found = json.loads(live_charts([trend(), wide]))

    assert list(found["charts"]) == ["diagram-w", "diagram-v"]
    assert list(found["narrow"]) == ["diagram-v"]
    assert found["narrow"]["diagram-v"]["width"] < found["charts"]["diagram-v"]["width"]


def test_the_library_is_made_once_and_asks_nobody(tmp_path: Any) -> None:
    """Kept under a name that its version gives; the second time it is read."""
    made = library(tmp_path)
    (tmp_path / library_name()).write_bytes(b"kept")

    assert b"vegaEmbed" in made
    assert library(tmp_path) == b"kept"
