"""Axes: periods that read well at 300 px, and values with Swedish numbers.

The house's charts are written as Vega-Lite directly: a page has a dozen of them, and building
one with Altair costs as much as computing its series. Tests hold them against Altair's schema.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lpe_reports import wording
from lpe_reports.display.theme import LABEL_SIZE, themed
from lpe_reports.periods import Period, PeriodKind
from lpe_reports.wording import ColumnType

_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_LABEL_AIR = 10  # px between two labels
# Those whose year stands once beneath, where it begins; others name it themselves.
_YEAR_BENEATH = (
    PeriodKind.WEEK,
    PeriodKind.MONTH,
    PeriodKind.QUARTER,
    PeriodKind.TERTIAL,
    PeriodKind.SCHEDULE,
)
# What numbers of weeks are of.
_AXIS_WORDS = {PeriodKind.WEEK: "vecka", PeriodKind.SCHEDULE: "schemats första vecka"}
_MOST_TICKS = 5
_DATUM = re.compile(r"datum\.(\w+)")
_CHARACTER = 0.58  # of the font's size, on average


Spec = dict[str, Any]


@dataclass(frozen=True)
class Scale:
    """The values an axis spans, and its ticks."""

    low: float
    high: float


def period_axis(periods: Sequence[Period], width: int, *, margin: float = 0.5) -> Spec:
    """The axis of time: one step per period, as many labels as fit, the year where it begins.

    Positions are whole numbers from 0, so that a closed period can be shaded to its edges;
    `margin` is how far the axis goes on beyond the first and last.
    """
    years = {_year(period) for period in periods}
    step = _step(len(periods), width // (_LABEL_AIR + max(map(_label_width, periods))))
    shown = [number for number in range(len(periods)) if (len(periods) - 1 - number) % step == 0]
    labels: list[str | list[str]] = []
    year = None
    for number, period in enumerate(periods):
        label = _label(period)
        if (
            number in shown
            and len(years) > 1
            and _year(period) != year
            and period.kind in _YEAR_BENEATH
        ):
            labels.append([label, str(_year(period))])
            year = _year(period)
        else:
            labels.append(label)
    # The expression is all that Vega offers for labels of one's own.
    expression = f"{json.dumps(labels, ensure_ascii=False)}[datum.value]"
    return {
        "field": "position",
        "type": "quantitative",
        "title": _title(periods, years),
        "scale": {
            "domain": [-margin, len(periods) - 1 + margin],
            "nice": False,
            "zero": False,
        },
        "axis": {"values": shown, "tickCount": len(shown), "labelExpr": expression},
    }


def value_axis(scale: Scale, column_type: ColumnType, field: str = "value") -> Spec:
    """The axis of values, in Swedish, with its unit where one is written."""
    axis: Spec = {"labelExpr": _value_expression(column_type, scale), "tickCount": 4}
    if column_type == "count":
        # Vega thins values that are more than the count.
        axis["values"] = _whole_ticks(scale)
        axis["tickCount"] = len(axis["values"])
    return {
        "field": field,
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [scale.low, scale.high], "zero": False, "nice": False},
        "axis": axis,
    }


def number_field(name: str) -> Spec:
    """A field of numbers on a scale that another layer has set."""
    return {"field": name, "type": "quantitative"}


def layer(rows: Sequence[Mapping[str, Any]], mark: Spec, encoding: Spec) -> Spec:
    """One layer of a chart with its own rows, of which it holds what its encoding names."""
    named = set(_fields(encoding))
    kept = [{name: value for name, value in row.items() if name in named} for row in rows]
    return {"data": {"values": kept}, "mark": mark, "encoding": encoding}


def layered(layers: Sequence[Spec], *, width: int, height: int | Spec) -> Spec:
    """Layers as one chart in the house theme."""
    schema = "https://vega.github.io/schema/vega-lite/v6.json"
    spec = {"$schema": schema, "width": width, "height": height, "layer": list(layers)}
    return themed(spec)


def value_scale(values: Sequence[float | None], column_type: ColumnType) -> Scale:
    """A span that holds all values with some air; shares stay within 0–100 % where they are."""
    known = [value for value in values if value is not None and value == value]
    if not known:
        return Scale(0, 1)
    low, high = min(known), max(known)
    air = (high - low) * 0.08 or abs(high) * 0.1 or 1
    if column_type == "count":
        air = max(air, 1)
    floor = 0.0 if low >= 0 else -float("inf")
    ceiling = 1.0 if column_type == "share" and high <= 1 else float("inf")
    return Scale(max(low - air, floor), min(high + air, ceiling))


def alone(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The known rows of one series that no line reaches: neither neighbour is known."""
    known = [False, *(row["value"] is not None for row in rows), False]
    return [
        row
        for number, row in enumerate(rows, start=1)
        if known[number] and not known[number - 1] and not known[number + 1]
    ]


def text_width(text: str, size: int = LABEL_SIZE) -> int:
    """About how many px a text takes in the chart's font."""
    return round(len(text) * size * _CHARACTER)


def _fields(part: Any) -> Iterator[str]:
    """The fields that an encoding names, in its channels or in its tests."""
    for each in part.values() if isinstance(part, dict) else part:
        if isinstance(each, dict | list):
            yield from _fields(each)
    if isinstance(part, dict):
        if isinstance(part.get("field"), str):
            yield part["field"]
        yield from _DATUM.findall(str(part.get("test", "")))


def _value_expression(column_type: ColumnType, scale: Scale) -> str:
    match column_type:
        case "share":
            decimals = 0 if scale.high - scale.low >= 0.04 else 1
            return f"format(datum.value * 100, ',.{decimals}f') + '{wording.NBSP}%'"
        case "minutes":
            return "floor(datum.value / 60) + ':' + pad(toString(datum.value % 60), 2, '0', 'left')"
        case "count":
            return "format(datum.value, ',.0f')"
        case _:
            return f"format(datum.value, ',.{0 if scale.high - scale.low >= 4 else 1}f')"


def _whole_ticks(scale: Scale) -> list[int]:
    """About four whole numbers within a scale; there is no half patient."""
    room = max(1, math.ceil((scale.high - scale.low) / _MOST_TICKS))
    size = 10 ** (len(str(room)) - 1)
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= room)
    first = math.ceil(scale.low / step) * step
    return list(range(first, math.floor(scale.high) + 1, step))


def _step(count: int, fits: int) -> int:
    """Every how many periods a label stands: all where they fit, then round numbers."""
    return next((n for n in (1, 2, 3, 4, 6, 13, 26, 52, 104) if count <= n * max(1, fits)), 208)


def _label_width(period: Period) -> int:
    """px of a period's label; a week number is given a month's room."""
    return max(19, text_width(_label(period)))


def _label(period: Period) -> str:
    match period.kind:
        case PeriodKind.WEEK:
            return str(period.start.isocalendar().week)
        case PeriodKind.MONTH:
            return _MONTHS[period.start.month - 1]
        case PeriodKind.QUARTER:
            return f"kv{wording.NBSP}{(period.start.month + 2) // 3}"
        case PeriodKind.TERTIAL:
            return f"tert.{wording.NBSP}{(period.start.month + 3) // 4}"
        case PeriodKind.SCHEDULE:
            return f"v.{wording.NBSP}{period.start.isocalendar().week}"
        case PeriodKind.ROLLING12:
            return f"{period.last_day:%y-%m}"
        case _:
            return period.short


def _year(period: Period) -> int:
    if period.kind in (PeriodKind.WEEK, PeriodKind.SCHEDULE):
        return period.start.isocalendar().year
    return period.start.year


def _title(periods: Sequence[Period], years: set[int]) -> str | None:
    kind = periods[0].kind
    if kind not in _YEAR_BENEATH:
        return None
    word = _AXIS_WORDS.get(kind, "")
    year = str(min(years)) if len(years) == 1 else ""
    return " ".join(part for part in (word, year) if part) or None
