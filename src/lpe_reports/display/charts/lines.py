"""Several series in one chart, each with its name at its end."""

from collections.abc import Sequence
from typing import Any

from lpe_reports import wording
from lpe_reports.display.charts.axes import (
    Scale,
    Spec,
    layer,
    layered,
    number_field,
    period_axis,
    tooltip,
    value_axis,
    value_scale,
)
from lpe_reports.display.palette import PALETTE, SERIES
from lpe_reports.display.series.model import Series
from lpe_reports.errors import UsageError

MOST_SERIES = len(SERIES)
_LABEL_HEIGHT = 13  # px between two names at the right edge
_MOST_POINTS = 40


def lines_spec(series: Sequence[Series], names: Sequence[str], *, width: int, height: int) -> Spec:
    """The Vega-Lite spec of several series over the same periods; hidden values are not in it.

    Args:
        series: At most six, of one measure type.
        names: What each is called at its end.
        width: Of the plot, in px.
        height: Of the plot, in px.

    Raises:
        UsageError: Too many series for colours to tell apart, or of different types.
    """
    column = series[0].value_column
    if len(series) > MOST_SERIES:
        raise UsageError(f"p.lines takes at most {MOST_SERIES} series; {len(series)} were given")
    if any(one.value_column.type != column.type for one in series):
        raise UsageError("p.lines draws series of one type; give counts and shares one chart each")
    periods = max((one.periods for one in series), key=len)
    places = {period.id: number for number, period in enumerate(periods)}
    rows: list[dict[str, Any]] = [
        {
            "position": places[period.id],
            "period": period.short,
            "series": name,
            "value": point.value,
            "text": wording.cell_text(point.value, column, point.hidden),
        }
        for one, name in zip(series, names, strict=True)
        for period, point in zip(one.periods, one.points, strict=True)
    ]
    scale = value_scale([row["value"] for row in rows], column.type)
    x, y = period_axis(periods, width, margin=0.15), value_axis(scale, column.type)
    colour = {
        "field": "series",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": list(names), "range": list(SERIES[: len(names)])},
    }
    encoding = {"x": x, "y": y, "color": colour}
    layers = [layer(rows, {"type": "line"}, encoding), _points(rows, len(periods), encoding)]
    layers += _ends(rows, scale, height, len(periods), colour)
    return layered(layers, width=width, height=height)


def _points(rows: list[dict[str, Any]], count: int, encoding: Spec) -> Spec:
    known = [row for row in rows if row["value"] is not None]
    if count > _MOST_POINTS:
        known = [row for row in known if row["position"] == count - 1]
    told = tooltip(("series", "Serie"), ("period", "Period"), ("text", "Värde"))
    return layer(known, {"type": "point", "size": 24}, encoding | {"tooltip": told})


def _ends(
    rows: list[dict[str, Any]], scale: Scale, height: int, count: int, colour: Spec
) -> list[Spec]:
    """Each series' name beside its last known point, moved apart where they would meet."""
    last: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["value"] is not None:
            last[row["series"]] = row
    if not last:
        return []
    gap = (scale.high - scale.low) * _LABEL_HEIGHT / height
    ends = sorted(last.values(), key=lambda row: float(row["value"]))
    spread = _apart([float(row["value"]) for row in ends], gap, scale)
    labels = [
        {"position": count - 1, "value": place, "series": row["series"]}
        for row, place in zip(ends, spread, strict=True)
    ]
    mark = {
        "type": "text",
        "align": "left",
        "baseline": "middle",
        "dx": 7,
        "color": PALETTE["ink"],
    }
    encoding = {
        "x": number_field("position"),
        "y": number_field("value"),
        "text": {"field": "series", "type": "nominal"},
        "color": colour,
    }
    return [layer(labels, mark, encoding)]


def _apart(values: list[float], gap: float, scale: Scale) -> list[float]:
    """Rising places at least a gap apart, as near to the values as that allows."""
    places = list(values)
    for number in range(1, len(places)):
        places[number] = max(places[number], places[number - 1] + gap)
    over = places[-1] - scale.high
    if over > 0:
        places[-1] -= over
        for number in range(len(places) - 2, -1, -1):
            places[number] = min(places[number], places[number + 1] - gap)
    return places
