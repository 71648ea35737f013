"""The trend chart: a series against its mean, its limits and its target.

Target, mean and limits are drawn the same way everywhere; a point that is more than chance has
another shape and colour; closed periods and holidays are shaded.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from lpe_reports import wording
from lpe_reports.display.charts.axes import (
    Scale,
    Spec,
    alone,
    layer,
    layered,
    period_axis,
    value_axis,
    value_scale,
)
from lpe_reports.display.charts.levels import (
    across,
    mean_rules,
    segments,
    target_rules,
    target_segments,
)
from lpe_reports.display.charts.pointing import pointer, told
from lpe_reports.display.palette import PALETTE, SERIES
from lpe_reports.display.series.judging import tiny
from lpe_reports.display.series.model import Series
from lpe_reports.display.theme import HEIGHT

# Over so many periods the points would hide the line.
MOST_POINTS = 40
# Two years of weeks; over more the shades would be a pattern of their own.
_MOST_HOLIDAYS = 110
_MOST_CLOSURES = 2  # named in the subtitle; more are only said to be
_SHAPES = {"": "circle", "good": "diamond", "bad": "square", "flag": "triangle-up"}
_CAUSE_WORDS = {
    "good": "romb bättre än vanligt",
    "bad": "fyrkant sämre än vanligt",
    "flag": "trekant ovanligt värde",
}
_SIGNAL_WORDS = {
    "good": "Bättre än vanligt",
    "bad": "Sämre än vanligt",
    "flag": "Ovanligt värde",
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
    levels = segments(series.limits, ("mean", "lower", "upper"))
    targets = target_segments(series)
    scale = _scale(series, rows, levels, targets)
    x = period_axis(series.periods, width)
    y = value_axis(scale, series.value_column.type)
    layers = [
        *_shading(series, scale),
        *_band(levels),
        *mean_rules(levels),
        *target_rules(targets),
        _line(rows, x, y),
        *_ring(rows, x, y),
        _points(rows, x, y),
        *pointer(_told(series, rows), x),
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
    closures = list(dict.fromkeys(wording.lower_first(s.words) for s in shades if s.closure))
    if closures:
        few = len(closures) <= _MOST_CLOSURES
        said.append(f"skuggat {wording.listing(closures) if few else 'stängning'}")
    if any(not shade.closure for shade in shades):
        said.append("ljusare skugga helgvecka" if closures else "skuggat helgvecka")
    if series.ongoing:
        said.append(f"ring pågående {wording.PERIOD_WORDS[series.period.kind].one}")
    return " · ".join(said)


def _rows(series: Series) -> list[dict[str, Any]]:
    """One row per known value; a gap keeps its row without value, so that the line breaks."""
    improvement, judged = series.measure.improvement, not tiny(series)
    causes = zip(series.limits["special_cause"], series.limits["side"], strict=True)
    rows = []
    for number, (point, period, (cause, side)) in enumerate(
        zip(series.points, series.periods, causes, strict=True)
    ):
        tone = "flag" if improvement is None else "good" if side == improvement else "bad"
        row: dict[str, Any] = {
            "position": number,
            "period": period.short,
            "cause": tone if cause and judged else "",
            "value": point.value,
            "text": wording.cell_text(point.value, series.value_column, point.hidden),
            "ongoing": series.ongoing and number == len(series.periods) - 1,
        }
        rows.append(row)
    return rows


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
            layers.append(layer(rows, mark, across("low", "high")))
    return layers


def _band(levels: Sequence[dict[str, float]]) -> list[Spec]:
    mark = {"type": "rect", "color": SERIES[0], "opacity": 0.08}
    return [layer(levels, mark, across("lower", "upper"))] if levels else []


def _line(rows: Sequence[dict[str, Any]], x: Spec, y: Spec) -> Spec:
    mark = {"type": "line", "strokeWidth": 1.25 if len(rows) > MOST_POINTS else 2}
    return layer(rows, mark, {"x": x, "y": y})


def _ring(rows: Sequence[dict[str, Any]], x: Spec, y: Spec) -> list[Spec]:
    """The point of a period under way, open since it is not over."""
    ongoing = [row for row in rows if row["ongoing"] and row["value"] is not None]
    mark = {"type": "point", "filled": False, "size": 44, "stroke": SERIES[0], "strokeWidth": 2}
    return [layer(ongoing, mark, {"x": x, "y": y})] if ongoing else []


def _points(rows: Sequence[dict[str, Any]], x: Spec, y: Spec) -> Spec:
    """All points where they fit, else those that say something; the last and lone ones always."""
    known = [row for row in rows if row["value"] is not None and not row["ongoing"]]
    if len(rows) > MOST_POINTS:
        kept = {len(rows) - 1, *(row["position"] for row in alone(rows))}
        known = [row for row in known if row["cause"] or row["position"] in kept]
    kinds = sorted({row["cause"] for row in known}) or [""]
    encoding: Spec = {
        "x": x,
        "y": y,
        "color": _by_cause(kinds, _COLOURS),
        "shape": _by_cause(kinds, _SHAPES),
        "size": {"condition": {"test": "datum.cause === ''", "value": 26}, "value": 44},
    }
    return layer(known, {"type": "point"}, encoding)


def _told(series: Series, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each period with all that is drawn there: value, target, usual variation, what happened."""
    targets = series.targets or (None,) * len(rows)
    column = series.value_column
    found = []
    for row, period, target, limits in zip(
        rows, series.periods, targets, series.limits.to_dict("records"), strict=True
    ):
        said = [(wording.upper_first(period.long), ""), (series.measure.label, row["text"])]
        if target is not None:
            said.append(("Mål", wording.short_text(target.value, column)))
        if limits["upper"] is not None and limits["upper"] == limits["upper"]:
            low, high = (wording.cell_text(limits[end], column) for end in ("lower", "upper"))
            said.append(("Vanlig variation", f"{low}–{high}"))
        said += [("", words) for words in _happened(series, row)]
        found.append({"position": row["position"], "told": told(*said)})
    return found


def _happened(series: Series, row: Mapping[str, Any]) -> list[str]:
    """What is special with a period, in words: a signal, a closure, a holiday, not over yet."""
    said = [_SIGNAL_WORDS[row["cause"]]] if row["cause"] else []
    if row["ongoing"]:
        said.append("Pågår")
    at = row["position"]
    touched = [shade for shade in series.shades if shade.first <= at <= shade.last]
    return said + [wording.upper_first(shade.words) for shade in touched]


def _by_cause(kinds: Sequence[str], values: Mapping[str, str]) -> Spec:
    scale = {"domain": list(kinds), "range": [values[kind] for kind in kinds]}
    return {"field": "cause", "type": "nominal", "legend": None, "scale": scale}
