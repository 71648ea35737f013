"""Horizontal bars with their value written at the end."""

from dataclasses import dataclass
from typing import Any

from lpe_reports import wording
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.charts.axes import Spec, layered, number_field, text_width
from lpe_reports.display.charts.names import (
    BAR_BELOW,
    LABEL_LIMIT,
    STEP_BELOW,
    name_axis,
    names_above,
)
from lpe_reports.display.charts.pointing import TOLD, told
from lpe_reports.display.palette import PALETTE
from lpe_reports.errors import UsageError

_STEP = 22  # px per bar
_MOST_BARS = 40
_ENDS = {"low": "Intervallets nedre gräns", "high": "Intervallets övre gräns"}


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

    def __post_init__(self) -> None:
        if (self.low is None) != (self.high is None):
            raise UsageError("p.bars: low= and high= are the ends of one interval; give both")
        if bool(self.reference) != bool(self.reference_words):
            raise UsageError("p.bars: reference= and reference_words= belong together; give both")


def bars_spec(table: Protected, bars: Bars, *, width: int, narrow: bool = False) -> Spec:
    """The Vega-Lite spec of a bar chart, bars in the order of the rows; hidden values are absent.

    Args:
        table: What is drawn.
        bars: Its columns.
        width: Of the bars, in px.
        narrow: Whether it is drawn for a phone: each name above its bar, not beside it.

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
    shortest = min([0.0, *(row["value"] for row in rows if row["value"] is not None)])
    y = name_axis("label", narrow=narrow)
    x = number_field("value") | {"scale": {"domain": [shortest, longest or 1]}, "axis": None}
    bar = {"type": "bar", "height": {"band": BAR_BELOW if narrow else 0.62}}
    layers: list[Spec] = [{"mark": bar, "encoding": {"x": x, "y": y, "tooltip": TOLD}}]
    if bars.low is not None and bars.high is not None:
        mark: Spec = {"type": "rule", "color": PALETTE["ink"], "strokeWidth": 1.5}
        span = {"x": number_field("low"), "x2": {"field": "high"}, "y": y}
        layers.append({"mark": mark, "encoding": span})
    if bars.reference is not None:
        mark = {
            "type": "tick",
            "color": PALETTE["ink"],
            "thickness": 2,
            "height": {"band": 0.6 if narrow else 0.9},
        }
        layers.append({"mark": mark, "encoding": {"x": number_field("reference"), "y": y}})
    mark = {"type": "text", "align": "left", "baseline": "middle", "dx": 5}
    text = {"field": "text", "type": "nominal"}
    layers.append({"mark": mark, "encoding": {"x": number_field("end"), "y": y, "text": text}})
    if narrow:
        layers += names_above(rows, y)
    spec = layered(layers, width=width, height={"step": STEP_BELOW if narrow else _STEP})
    return spec | {"data": {"values": rows}}


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
        said = [(row["label"], ""), (column.label, row["text"])]
        for key, name in (("low", bars.low), ("high", bars.high), ("reference", bars.reference)):
            if name is not None:
                row[key] = cell[name]
                written = wording.cell_text(cell[name], table.column(name))
                said.append((bars.reference_words if key == "reference" else _ENDS[key], written))
        row["told"] = told(*said)
        numbers = [row.get(key) for key in ("value", "high", "reference")]
        row["end"] = max([0.0, *(float(n) for n in numbers if isinstance(n, int | float))])
        rows.append(row)
    return rows


def bars_width(rows: list[dict[str, Any]], width: int) -> int:
    """About how wide the whole picture becomes."""
    label = max((text_width(row["label"]) for row in rows), default=0)
    value = max((text_width(row["text"]) for row in rows), default=0)
    return width + min(label, LABEL_LIMIT) + value + 20
