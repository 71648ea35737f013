"""Charts as a phone gets them: drawn once more where the other drawing would be too small."""

import json
from collections.abc import Callable
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.blocks import ChartBlock
from lpe_reports.display.charts.bars import Bars
from lpe_reports.display.charts.curves import curves_picture
from lpe_reports.display.charts.heat import heat_picture
from lpe_reports.display.charts.making import ChartText, bars_block, lines_block, trend_block
from lpe_reports.display.charts.stacked import stacked_picture
from lpe_reports.display.page import Page
from lpe_reports.display.theme import PHONE_WIDTH
from small_series import protected, series

OpenPage = Callable[..., Page]

PARTS = ("a", "b", "c")
LABELS = ("<14:00", "14:00–14:29", "≥17:00")
UNITS = ["Operationscentrum Bollnäs", "Öron, näsa och hals"]


def columns() -> list[Column]:
    parts = [Column(part, label, "count") for part, label in zip(PARTS, LABELS, strict=True)]
    return [Column("unit", "Enhet"), *parts]


def counts(hidden: int = 40) -> Protected:
    """Two units with three counts each, of which the one given may be one that is hidden."""
    return protected({"unit": UNITS, "a": [10, hidden], "b": [20, 10], "c": [30, 12]}, *columns(),
                     table="waiting")  # fmt: skip


def drawn_width(spec: dict[str, Any]) -> float:
    """px of a whole drawing, names and all."""
    svg = str(vl_convert.vegalite_to_svg(json.dumps(spec)))
    return float(svg.split('width="', 1)[1].split('"', 1)[0])


def shown(page: Any) -> dict[str, ChartBlock]:
    """Each of the calls that draw a table, as a notebook writes them."""
    frame = pd.DataFrame(
        {"unit": pd.array(UNITS, dtype="str"), "a": [10, 40], "b": [20, 10], "c": [30, 12]}
    )
    table = page.protect(frame, table="waiting", columns=columns())
    months = page.protect(
        frame.assign(unit=["2026-03", "2026-04"]).astype({"unit": "str"}),
        table="waiting", columns=[Column("unit", "Månad", "month"), *columns()[1:]],
    )  # fmt: skip
    many = {"label": "unit", "parts": PARTS, "caption": "Väntande"}
    return {
        "stacked": page.stacked(table, **many).block,
        "small stacked": page.stacked(table, **many, wide=False).block,
        "heat": page.heat(table, **many).block,
        "curves": page.curves(table, x="a", y="b", by="unit", caption="Väntande").block,
        "plan": page.plan(months, time="unit", outcome="a", plan="b", caption="Plan").block,
        "bars": page.bars(table, label="unit", value="a", caption="Antal", wide=True).block,
    }


def test_wide_pictures_are_drawn_once_more_for_a_phone(open_page: OpenPage) -> None:
    """Every kind has a drawing that a phone shows without letters too small to read."""
    blocks = shown(open_page())

    for name, block in blocks.items():
        alt.LayerChart.from_dict(block.narrow)
        assert block.width > PHONE_WIDTH, name
        assert drawn_width(block.narrow) <= PHONE_WIDTH + 10, name


def test_wide_series_are_drawn_once_more_for_a_phone() -> None:
    """A trend and lines that stand alone; those in a row fit as they are."""
    one, two = series("waiting", [50, 60, 70]), series("waiting", [51, 9, 90], place="Gävle")
    trend, small = (
        trend_block(one, chart_id="x", text=ChartText("x"), wide=wide) for wide in (True, False)
    )
    lines = lines_block(
        [one, two], ["A", "Gävle"], chart_id="y", text=ChartText("y"), wide=True
    )  # fmt: skip

    assert small.narrow == {}
    assert drawn_width(trend.narrow) <= PHONE_WIDTH
    assert drawn_width(lines.narrow) <= PHONE_WIDTH


def test_short_bars_need_no_second_drawing() -> None:
    """What fits a phone is drawn once."""
    table = protected({"unit": ["A", "B"], "a": [10, 20]}, *columns()[:2])
    bars = bars_block(table, Bars("unit", "a"), chart_id="x", text=ChartText("x"), wide=False)

    assert bars.narrow == {}


def test_a_phones_bars_are_named_above() -> None:
    """The names are there, and no axis takes the bars' room; no hidden part comes back."""

    def draw(hidden: int, *, narrow: bool) -> dict[str, Any]:
        return stacked_picture(
            counts(hidden), label="unit", parts=PARTS, share=False, width=290, caption="x",
            narrow=narrow,
        ).spec  # fmt: skip

    spec = draw(3, narrow=True)
    names = spec["layer"][-1]

    assert names["mark"]["dy"] < 0
    assert names["data"]["values"] == [{"row": unit} for unit in UNITS]
    assert all(layer["encoding"]["y"]["axis"] is None for layer in spec["layer"])
    assert draw(3, narrow=False)["layer"][0]["data"] == spec["layer"][0]["data"]
    assert len(draw(40, narrow=True)["layer"][0]["data"]["values"]) == 6
    assert len(spec["layer"][0]["data"]["values"]) == 5


def test_a_phones_matrix_breaks_half_hours_after_their_dash() -> None:
    """14:00–14:29 on two lines, so that all columns have room; elsewhere it stays whole."""

    def headings(*, narrow: bool) -> str:
        spec = heat_picture(
            counts(), label="unit", parts=PARTS, width=640, caption="x", narrow=narrow
        ).spec
        return str(spec["layer"][0]["encoding"]["x"]["axis"]["labelExpr"])

    assert '["14:00–", "14:29"]' in headings(narrow=True)
    assert '["14:00–14:29"]' in headings(narrow=False)


def test_a_phones_curves_are_named_over_them() -> None:
    """A key instead of names at the ends, which would be cut."""
    table = protected(
        {"unit": ["A", "A"], "days": [0, 30], "left": [1.0, 0.4]},
        Column("unit", "Enhet"), Column("days", "Dagar", "days"), Column("left", "Kvar", "share"),
    )  # fmt: skip

    def layers(*, narrow: bool) -> list[dict[str, Any]]:
        return list(curves_picture(
            table, x="days", y="left", by="unit", low="", high="", width=300, height=240,
            caption="x", narrow=narrow,
        ).spec["layer"])  # fmt: skip

    assert layers(narrow=True)[0]["encoding"]["color"]["legend"]["columns"] >= 1
    assert layers(narrow=False)[0]["encoding"]["color"]["legend"] is None
    assert len(layers(narrow=True)) == len(layers(narrow=False)) - 1
