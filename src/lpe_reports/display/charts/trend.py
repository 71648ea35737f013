"""The trend chart: a series against its mean, its limits and its target.

Target, mean and limits are drawn the same way everywhere; a point that is more than chance has
another shape and colour; closed periods and holidays are shaded.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

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
from lpe_reports.display.theme import HEIGHT

# Over so many periods the points would hide the line.
MOST_POINTS = 40
_MOST_HOLIDAYS = 60
_SHAPES = {"": "circle", "good": "diamond", "bad": "square", "flag": "triangle-up"}
_CAUSE_WORDS = {
    "good": "romb bättre än vanligt",
    "bad": "fyrkant sämre än vanligt",
    "flag": "trekant ovanligt värde",
}
_COLOURS = {
    "": SERIES[0],
    "good": PALETTE["good"],
    "bad": PALETTE["bad"],
    "flag": PALETTE["series-2"],
}


def trend_spec(series: Series, *, width: int, height: int = HEIGHT) -> Spec:
    """The Vega-Lite spec of a trend chart; hidden values are not in it.

    Args:
        series: What is drawn.
        width: Of the plot, in px.
        height: Of the plot, in px.
    """
    rows = _rows(series)
    levels = _segments(series.limits, ("mean", "lower", "upper"))
    targets = _segments(_target_frame(series), ("target",))
    scale = _scale(series, rows, levels, targets)
    x = period_axis(series.periods, width)
    y = value_axis(scale, series.value_column.type)
    layers = [
        *_shading(series, scale),
        *_band(levels),
        *_rules(levels, "mean", PALETTE["mean"], []),
        *_rules(targets, "target", PALETTE["target"], [5, 4]),
        _line(rows, x, y),
        _points(rows, series, x, y),
    ]
    return layered(layers, width=width, height=height)


def trend_subtitle(series: Series) -> str:
    """What is drawn beside the values: mål 20 · streck medel · band vanlig variation."""
    said = []
    if series.target is not None:
        said.append(f"mål {wording.short_text(series.target.value, series.value_column)}")
    if series.limits["upper"].notna().any():
        band = "streck medel · band vanlig variation"
        trial = bool(series.limits["trial"].iloc[-1])
        many = wording.PERIOD_WORDS[series.period.kind].many
        said.append(f"{band}, preliminärt (under 12 {many})" if trial else band)
    causes = {row["cause"] for row in _rows(series)}
    said += [words for cause, words in _CAUSE_WORDS.items() if cause in causes]
    shades = _shown_shades(series)
    closures = [shade.words for shade in shades if shade.closure]
    if closures:
        said.append(f"skuggat {wording.listing([wording.lower_first(c) for c in closures])}")
    if any(not shade.closure for shade in shades):
        said.append("ljusare skugga helgdag" if closures else "skuggat helgdag")
    if series.ongoing:
        said.append("sista punkten pågår")
    return " · ".join(said)


def _rows(series: Series) -> list[dict[str, Any]]:
    """One row per known value; a gap keeps its row without value, so that the line breaks."""
    improvement = series.measure.improvement
    causes = zip(series.limits["special_cause"], series.limits["side"], strict=True)
    rows = []
    for number, (point, period, (cause, side)) in enumerate(
        zip(series.points, series.periods, causes, strict=True)
    ):
        tone = "flag" if improvement is None else "good" if side == improvement else "bad"
        row: dict[str, Any] = {
            "position": number,
            "period": period.short,
            "cause": tone if cause else "",
            "value": point.value,
            "text": wording.cell_text(point.value, series.value_column, point.hidden),
            "ongoing": series.ongoing and number == len(series.periods) - 1,
        }
        rows.append(row)
    return rows


def _target_frame(series: Series) -> pd.DataFrame:
    targets = series.targets or (None,) * len(series.periods)
    return pd.DataFrame({"target": [t.value if t else None for t in targets]}, dtype="float64")


def _segments(frame: pd.DataFrame, names: Sequence[str]) -> list[dict[str, float]]:
    """Stretches over which levels stay the same: from and to half a step beyond, and the levels."""
    segments: list[dict[str, float]] = []
    levels = frame[list(names)].astype("float64")
    changed = (levels != levels.shift()).any(axis=1).tolist()
    for number, row in enumerate(levels.to_dict("records")):
        if any(value != value for value in row.values()):
            continue
        level = {str(name): float(value) for name, value in row.items()}
        if segments and not changed[number] and segments[-1]["to"] == number - 0.5:
            segments[-1]["to"] = number + 0.5
        else:
            segments.append({"from": number - 0.5, "to": number + 0.5, **level})
    return segments


def _scale(
    series: Series,
    rows: Sequence[dict[str, Any]],
    levels: Sequence[dict[str, float]],
    targets: Sequence[dict[str, float]],
) -> Scale:
    values = [row["value"] for row in rows]
    values += [level[name] for level in levels for name in ("lower", "upper")]
    values += [target["target"] for target in targets]
    return value_scale(values, series.value_column.type)


def _shown_shades(series: Series) -> list[Any]:
    few = len(series.periods) <= _MOST_HOLIDAYS
    return [shade for shade in series.shades if shade.closure or few]


def _shading(series: Series, scale: Scale) -> list[Spec]:
    layers = []
    for closure, opacity in ((False, 0.35), (True, 0.8)):
        rows = [
            {"from": s.first - 0.5, "to": s.last + 0.5, "low": scale.low, "high": scale.high}
            for s in _shown_shades(series)
            if s.closure is closure
        ]
        mark = {"type": "rect", "color": PALETTE["line"], "opacity": opacity}
        if rows:
            layers.append(layer(rows, mark, _span("low", "high")))
    return layers


def _band(levels: Sequence[dict[str, float]]) -> list[Spec]:
    mark = {"type": "rect", "color": SERIES[0], "opacity": 0.08}
    return [layer(levels, mark, _span("lower", "upper"))] if levels else []


def _rules(
    levels: Sequence[dict[str, float]], name: str, colour: str, dash: list[int]
) -> list[Spec]:
    mark: Spec = {"type": "rule", "color": colour}
    if dash:
        mark |= {"strokeDash": dash, "strokeWidth": 1.5}
    return [layer(levels, mark, _span(name))] if levels else []


def _span(low: str, high: str | None = None) -> Spec:
    """From position to position; at one height, or from one to another."""
    span: Spec = {"x": number_field("from"), "x2": {"field": "to"}, "y": number_field(low)}
    return span if high is None else span | {"y2": {"field": high}}


def _line(rows: Sequence[dict[str, Any]], x: Spec, y: Spec) -> Spec:
    mark = {"type": "line", "strokeWidth": 1.25 if len(rows) > MOST_POINTS else 2}
    return layer(rows, mark, {"x": x, "y": y})


def _points(rows: Sequence[dict[str, Any]], series: Series, x: Spec, y: Spec) -> Spec:
    """All points where they fit, else those that say something, and always the last."""
    known = [row for row in rows if row["value"] is not None]
    if len(rows) > MOST_POINTS:
        known = [row for row in known if row["cause"] or row["position"] == len(rows) - 1]
    kinds = sorted({row["cause"] for row in known}) or [""]
    encoding: Spec = {
        "x": x,
        "y": y,
        "color": _by_cause(kinds, _COLOURS),
        "shape": _by_cause(kinds, _SHAPES),
        "size": {"condition": {"test": "datum.cause === ''", "value": 26}, "value": 44},
        "fillOpacity": {"condition": {"test": "datum.ongoing", "value": 0}, "value": 1},
        "tooltip": tooltip(("period", "Period"), ("text", series.measure.label)),
    }
    return layer(known, {"type": "point"}, encoding)


def _by_cause(kinds: Sequence[str], values: Mapping[str, str]) -> Spec:
    scale = {"domain": list(kinds), "range": [values[kind] for kind in kinds]}
    return {"field": "cause", "type": "nominal", "legend": None, "scale": scale}
