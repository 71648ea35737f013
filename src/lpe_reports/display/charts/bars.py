"""Horizontal bars with their value written at the end."""

from dataclasses import dataclass
from typing import Any

import altair as alt

from lpe_reports import wording
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.charts.axes import text_width, tooltip
from lpe_reports.display.palette import PALETTE
from lpe_reports.display.theme import themed
from lpe_reports.errors import UsageError

_STEP = 22  # px per bar
_MOST_BARS = 40


@dataclass(frozen=True)
class Bars:
    """Which columns make the bars.

    Args:
        label: The text column that names each bar.
        value: The number column that is each bar's length.
        low: The lower end of an interval, if there is one.
        high: Its upper end.
        reference: A column drawn as a mark across each bar (the year before, the mean).
        reference_words: What that mark is.
    """

    label: str
    value: str
    low: str | None = None
    high: str | None = None
    reference: str | None = None
    reference_words: str = ""


def bars_spec(table: Protected, bars: Bars, *, width: int) -> dict[str, Any]:
    """The Vega-Lite spec of a bar chart, bars in the order of the rows; hidden values are absent.

    Raises:
        UsageError: More bars than can be read, or two with one name.
    """
    rows = bar_rows(table, bars)
    if len(rows) > _MOST_BARS:
        raise UsageError(f"p.bars shows at most {_MOST_BARS} rows, not {len(rows)}; cut the table")
    names = [row["label"] for row in rows]
    if len(set(names)) < len(names):
        raise UsageError(f"p.bars: '{bars.label}' names two rows alike; the bars would cover")
    longest = max([0.0, *(row[k] for row in rows for k in ("value", "high") if row.get(k))])
    scale = alt.Scale(domain=[min(0.0, *[row["value"] or 0.0 for row in rows], 0.0), longest or 1])
    y = alt.Y(
        "label",
        type="nominal",
        sort=None,
        title=None,
        axis=alt.Axis(labelLimit=240, ticks=False, domain=False, labelPadding=6),
    )
    x = alt.X("value", type="quantitative", scale=scale, axis=None)
    base = alt.Chart(alt.InlineData(values=rows))
    layers = [
        base.mark_bar(height={"band": 0.62}).encode(
            x=x, y=y, tooltip=tooltip(("label", "Rad"), ("text", table.column(bars.value).label))
        )
    ]
    if bars.low is not None and bars.high is not None:
        layers.append(
            base.mark_rule(color=PALETTE["ink"], strokeWidth=1.5).encode(
                x=alt.X("low", type="quantitative"), x2="high", y=y
            )
        )
    if bars.reference is not None:
        layers.append(
            base.mark_tick(color=PALETTE["ink"], thickness=2, height={"band": 0.9}).encode(
                x=alt.X("reference", type="quantitative"), y=y
            )
        )
    layers.append(
        base.mark_text(align="left", dx=5, baseline="middle").encode(
            x=alt.X("end", type="quantitative"), y=y, text=alt.Text("text", type="nominal")
        )
    )
    chart = alt.layer(*layers).properties(width=width, height={"step": _STEP})
    return themed(chart.to_dict(validate=False))


def bar_rows(table: Protected, bars: Bars) -> list[dict[str, Any]]:
    """What is drawn: per row its name, its numbers and the text at its end."""
    names = [column.id for column in table.columns]
    column = table.column(bars.value)
    hidden = table.hidden[bars.value].tolist()
    rows: list[dict[str, Any]] = []
    for cells, is_hidden in zip(table.cells(), hidden, strict=True):
        cell = dict(zip(names, cells, strict=True))
        value = cell[bars.value]
        row: dict[str, Any] = {
            "label": wording.cell_text(cell[bars.label], table.column(bars.label)),
            "value": value,
            "text": wording.cell_text(value, column, is_hidden),
        }
        for key, name in (("low", bars.low), ("high", bars.high), ("reference", bars.reference)):
            if name is not None:
                row[key] = cell[name]
        numbers = [row.get(key) for key in ("value", "high", "reference")]
        row["end"] = max([0.0, *(float(n) for n in numbers if isinstance(n, int | float))])
        rows.append(row)
    return rows


def bars_width(rows: list[dict[str, Any]], width: int) -> int:
    """About how wide the whole picture becomes."""
    label = max((text_width(row["label"]) for row in rows), default=0)
    value = max((text_width(row["text"]) for row in rows), default=0)
    return width + min(label, 240) + value + 20
