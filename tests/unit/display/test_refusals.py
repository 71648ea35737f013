"""What has not passed disclosure control is refused: by the type checker, and when it runs."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest

from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.charts.making import ChartText, own_block
from lpe_reports.display.downloads.csv import csv_bytes
from lpe_reports.display.downloads.json import json_bytes
from lpe_reports.display.downloads.xlsx import xlsx_bytes
from lpe_reports.display.page import Page
from lpe_reports.errors import DisclosureError, LpeError
from small_series import protected
from small_warehouse import ROOT

pytestmark = pytest.mark.promise(
    "disclosure", "What has not passed disclosure control can be shown by no call"
)

OpenPage = Callable[..., Page]

# Each line that ends with a comment is wrong, and the checker must say so for that very line.
WRONG = """
from pathlib import Path
import pandas as pd
from lpe_reports import page
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.charts.bars import Bars
from lpe_reports.display.charts.making import ChartText, bars_block, trend_block
from lpe_reports.display.downloads.csv import csv_bytes
from lpe_reports.display.downloads.json import json_bytes
from lpe_reports.display.downloads.xlsx import xlsx_bytes
from lpe_reports.display.series.model import Series
from lpe_reports.display.tables import TableText, table_block

def wrong(p: page.Page, raw: pd.DataFrame, column: "pd.Series[int]", safe: Protected) -> None:
    p.table(raw, caption="x")  # no
    p.table([raw], caption="x")  # no
    p.table(raw["n"], caption="x")  # no
    p.table(raw.groupby("n").size().reset_index(), caption="x")  # no
    p.table(safe.frame, caption="x")  # no
    p.trend(raw)  # no
    p.trend([column])  # no
    p.lines(raw, caption="x")  # no
    p.lines(column, caption="x")  # no
    p.bars(raw, label="a", value="b", caption="x")  # no
    p.stacked(raw, label="a", parts=["b"], caption="x")  # no
    p.heat(raw, label="a", parts=["b"], caption="x")  # no
    p.curves(raw, x="a", y="b", by="c", caption="x")  # no
    p.plan(raw, time="a", outcome="b", plan="c", caption="x")  # no
    p.chart(None, data=raw, caption="x", alt="y")  # no
    p.chart(None, data=raw.to_dict("records"), caption="x", alt="y")  # no
    p.key_figure(raw, "n", label="x")  # no
    p.key_figure(safe, "n", label="x", before=raw)  # no
    p.key_figures(raw)  # no
    p.key_figures(3)  # no
    p.key_figures(column)  # no
    p.summary(raw)  # no
    p.summary(3)  # no
    p.note(raw)  # no
    p.selection(raw)  # no
    p.row(raw)  # no
    p.row(safe)  # no
    p.protect(safe, table="x", columns=[])  # no
    p.protect([{"n": 3}], table="x", columns=[])  # no
    safe.beside(raw, on="n")  # no
    Protected(raw, "x", ())  # no
    Series(raw, "x", "y", (), raw, raw)  # no
    table_block(raw, block_id="x", text=TableText("x"))  # no
    bars_block(raw, Bars("a", "b"), chart_id="x", text=ChartText("x"), wide=False)  # no
    trend_block(raw, chart_id="x", text=ChartText("x"), wide=False)  # no
    csv_bytes(raw)  # no
    json_bytes(raw)  # no
    xlsx_bytes(raw)  # no

def right(p: page.Page, series: Series, safe: Protected) -> None:
    p.table(safe, caption="x")
    p.table([series, series], caption="x")
    p.trend(series, [series])
    p.key_figures(series, p.key_figure(safe, "n", label="x"))
    p.row(p.table(safe, caption="x"), p.lines(series, caption="y"))
    p.summary(series, "text")
"""


def test_type_checker_refuses_every_wrong_use(tmp_path: Path) -> None:
    """An error on each line that shows what is not protected, and on no other."""
    file = tmp_path / "wrong_uses.py"
    file.write_text(WRONG, encoding="utf-8")
    lines = WRONG.splitlines()
    wanted = {number for number, line in enumerate(lines, 1) if line.endswith("# no")}

    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"),
               "--no-error-summary", str(file)]  # fmt: skip
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=280, check=False
    )

    found = re.findall(r"wrong_uses\.py:(\d+): error", done.stdout)
    assert {int(number) for number in found} == wanted, done.stdout + done.stderr


def test_page_refuses_what_is_not_protected(open_page: OpenPage) -> None:
    """At run time too, where nobody ran a type checker; what is shown stays as it was."""
    page: Any = open_page()
    raw = pd.DataFrame({"n": [3], "a": ["x"]})
    safe = protected({"n": [30]})
    calls: tuple[Callable[[], object], ...] = (
        lambda: page.table(raw, caption="x"),
        lambda: page.table([raw], caption="x"),
        lambda: page.table(raw["n"], caption="x"),
        lambda: page.table({"n": [3]}, caption="x"),
        lambda: page.table(3, caption="x"),
        lambda: page.trend(raw),
        lambda: page.lines([raw["n"]], caption="x"),
        lambda: page.bars(raw, label="a", value="n", caption="x"),
        lambda: page.stacked(raw, label="a", parts=["n"], caption="x"),
        lambda: page.heat(raw, label="a", parts=["n"], caption="x"),
        lambda: page.curves(raw, x="n", y="n", by="a", caption="x"),
        lambda: page.plan(raw, time="a", outcome="n", plan="n", caption="x"),
        lambda: page.chart(DRAWN, data=raw, caption="x", alt="y"),
        lambda: page.chart(alt.Chart(raw).mark_bar(), data=safe, caption="x", alt="y"),
        lambda: page.chart(raw, data=safe, caption="x", alt="y"),
        lambda: page.key_figure(raw, "n", label="x"),
        lambda: page.key_figure(safe, "n", label="x", before=raw, before_label="y"),
        lambda: page.key_figures(raw),
        lambda: page.key_figures(3),
        lambda: page.summary(raw),
        lambda: page.summary(3),
        lambda: page.note(raw),
        lambda: page.selection(raw),
        lambda: page.row(raw),
        lambda: page.row(safe),
        lambda: safe.beside(raw, on="n"),  # type: ignore[arg-type]
        lambda: Protected(raw, "x", (), _frame=raw, _hidden=raw),
    )
    for number, call in enumerate(calls):
        with pytest.raises((LpeError, ValueError, AttributeError)):
            call()
            pytest.fail(f"call {number} showed what is not protected")
    assert page._shown == []


def test_downloads_refuse_what_is_not_a_block() -> None:
    """Files are written from blocks of a page alone; a frame has none of what they read."""
    raw: Any = pd.DataFrame({"n": [3]})
    calls: tuple[Callable[[], object], ...] = (
        lambda: csv_bytes(raw),
        lambda: json_bytes(raw),
        lambda: xlsx_bytes(raw, {}),
    )
    for call in calls:
        with pytest.raises((AttributeError, TypeError)):
            call()


ROWS = [{"name": "A", "share": 3}, {"name": "B", "share": 2}]
DRAWN = alt.Chart().mark_bar().encode(x="share:Q", y="name:N")
SMUGGLED = {
    "inline data": alt.Chart(alt.InlineData(values=ROWS)).mark_bar(),
    "a frame": alt.Chart(pd.DataFrame(ROWS)).mark_bar(),
    "an address": alt.Chart("https://example.invalid/rows.json").mark_bar(),
    "a sequence": alt.Chart(alt.sequence(0, 10)).mark_bar(),
    "a layer": alt.layer(DRAWN, alt.Chart(pd.DataFrame(ROWS)).mark_rule()),
    "a row of charts": DRAWN | alt.Chart(pd.DataFrame(ROWS)).mark_rule(),
    "a lookup": DRAWN.transform_lookup(
        lookup="name", from_=alt.LookupData(data=alt.InlineData(values=ROWS), key="name")
    ),
    "a list in a formula": DRAWN.transform_calculate(n="[3, 2, 4][datum.place]"),
    "an object in a formula": DRAWN.transform_calculate(n="{A: 3, B: 2}[datum.name]"),
    "a filter's list of numbers": DRAWN.transform_filter(
        alt.FieldOneOfPredicate(field="share", oneOf=[3, 2])
    ),
    "imputed numbers": DRAWN.transform_impute(impute="share", key="name", keyvals=[1, 2], value=3),
    "a parameter": DRAWN.add_params(alt.param(name="rows", value=ROWS)),
    "a parameter's list": DRAWN.add_params(alt.param(name="rows", value=[3, 2])),
    "a named dataset": {"mark": "bar", "datasets": {"rows": ROWS}},
    "an address below": {"mark": "bar", "layer": [{"data": {"url": "rows.json"}}]},
    "a picture": {"mark": {"type": "image", "url": "data:image/png;base64,AA"}},
    "what nobody draws": {"mark": "bar", "usermeta": {"rows": ROWS}},
    "bare rows": {"mark": "bar", "encoding": {"x": {"values": ROWS}}},
}  # fmt: skip


class Spec:
    """A chart that is nothing but its spec."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self._spec = spec

    def to_dict(self) -> dict[str, Any]:
        return self._spec


@pytest.mark.parametrize("way", sorted(SMUGGLED))
def test_chart_refuses_data_however_it_comes(way: str) -> None:
    """In transforms, parameters, datasets, addresses, formulas: all that is drawn is protected."""
    chart = SMUGGLED[way]
    given = Spec(chart) if isinstance(chart, dict) else chart

    with pytest.raises(DisclosureError, match="data of its own"):
        own_block(given, protected({"n": [30]}), chart_id="x", text=ChartText("x", alt="y"))


HONEST = {
    "bars": DRAWN,
    "a formula": DRAWN.transform_calculate(double="datum.share * 2"),
    "a filter": DRAWN.transform_filter("datum.share > 0.5"),
    "a filter of names": DRAWN.transform_filter(
        alt.FieldOneOfPredicate(field="name", oneOf=["A", "B"])
    ),
    "a range": DRAWN.encode(x=alt.X("share:Q").scale(domain=[0, 1])),
    "an order": DRAWN.encode(y=alt.Y("name:N").sort(["B", "A"])),
    "ticks": DRAWN.encode(x=alt.X("share:Q").axis(values=[0, 0.5, 1])),
    "a line at the limit": alt.layer(DRAWN, alt.Chart().mark_rule().encode(x=alt.datum(0.9))),
    "an average": DRAWN.transform_aggregate(mean="mean(share)", groupby=["name"]),
    "a selection": DRAWN.add_params(alt.selection_point(fields=["name"])),
    "several": DRAWN | DRAWN,
    "colours": DRAWN.encode(color=alt.Color("name:N").scale(range=["#123456", "#654321"])),
}


@pytest.mark.parametrize("way", sorted(HONEST))
def test_chart_may_be_drawn_in_any_way(way: str) -> None:
    """What works on the protected rows alone is an author's own business."""
    table = protected({"name": ["A", "B"], "share": [0.7, 0.6]}, *_columns())
    block = own_block(HONEST[way], table, chart_id="x", text=ChartText("x", alt="y"))

    assert block.spec["data"]["values"][0] == {"name": "A", "share": 0.7}


def _columns() -> tuple[Any, ...]:
    from lpe_reports.disclosure.columns import Column

    return Column("name", "Namn"), Column("share", "Andel", "share")
