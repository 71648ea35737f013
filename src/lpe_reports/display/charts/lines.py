"""Several series in one chart, each with its name at its end."""

from collections.abc import Mapping, Sequence
from itertools import groupby
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
from lpe_reports.display.charts.ends import end_names
from lpe_reports.display.charts.levels import Segment, target_rules, target_segments
from lpe_reports.display.charts.pointing import pointer, told
from lpe_reports.display.palette import SERIES
from lpe_reports.display.series.model import Series
from lpe_reports.errors import UsageError
from lpe_reports.periods import Period
from lpe_reports.wording import CellFormat

MOST_SERIES = len(SERIES)
_MOST_POINTS = 40
_MARGIN = 0.15  # of a step, beyond the first and the last period


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
    targets = _shared_targets(series)
    levels = [target["target"] for target in targets]
    scale = value_scale([*(row["value"] for row in rows), *levels], column.type)
    x, y = period_axis(periods, width, margin=_MARGIN), value_axis(scale, column.type)
    colour = {
        "field": "series",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": list(names), "range": list(SERIES[: len(names)])},
    }
    encoding = {"x": x, "y": y, "color": colour}
    layers = [
        layer(rows, {"type": "line"}, encoding),
        *target_rules(targets),
        _points(rows, len(periods), encoding),
    ]
    layers += _ends(rows, scale, height, len(periods), end_labels(series, names), colour)
    layers += pointer(_told(series, periods, rows, column), x)
    return layered(layers, width=width, height=height)


def lines_subtitle(series: Sequence[Series]) -> str:
    """What is drawn beside the lines: mål 90 %, where all have it."""
    target = series[0].target
    if target is None or not _shared_targets(series):
        return ""
    return f"mål {wording.short_text(target.value, series[0].value_column)}"


def end_labels(series: Sequence[Series], names: Sequence[str]) -> dict[str, str]:
    """What stands at each line's end, by name: the name, and whether the last value is hidden."""
    return {
        name: f"{name} ({wording.HIDDEN})" if one.now.hidden else name
        for one, name in zip(series, names, strict=True)
    }


def _shared_targets(series: Sequence[Series]) -> list[Segment]:
    """The target's stretches, if every series has the same one in every period."""
    by_period: dict[str, set[float | None]] = {}
    for one in series:
        targets = one.targets or (None,) * len(one.periods)
        for period, target in zip(one.periods, targets, strict=True):
            by_period.setdefault(period.id, set()).add(target.value if target else None)
    if any(len(values) > 1 for values in by_period.values()):
        return []
    longest = max(series, key=lambda one: len(one.periods))
    end = len(longest.periods) - 1 + _MARGIN
    return [
        segment | {"from": max(segment["from"], -_MARGIN), "to": min(segment["to"], end)}
        for segment in target_segments(longest)
    ]


def _points(rows: list[dict[str, Any]], count: int, encoding: Spec) -> Spec:
    known = [row for row in rows if row["value"] is not None]
    if count > _MOST_POINTS:
        lone: list[Mapping[str, Any]] = []
        for _, own in groupby(rows, key=lambda row: str(row["series"])):
            lone += alone(list(own))
        known = [row for row in known if row["position"] == count - 1 or row in lone]
    return layer(known, {"type": "point", "size": 24}, encoding)


def _told(series: Sequence[Series], periods: Sequence[Period], rows: list[dict[str, Any]],
          column: CellFormat) -> list[dict[str, Any]]:  # fmt: skip
    """Each period with the value of every series, its target, and what happened then."""
    longest = max(series, key=lambda one: len(one.periods))
    targets = longest.targets if _shared_targets(series) else ()
    found = []
    for number, period in enumerate(periods):
        said = [(wording.upper_first(period.long), "")]
        said += [(row["series"], row["text"]) for row in rows if row["position"] == number]
        target = targets[number] if targets else None
        if target is not None:
            said.append(("Mål", wording.short_text(target.value, column)))
        shades = (s for one in series for s in one.shades
                  if one is longest and s.first <= number <= s.last)  # fmt: skip
        said += [("", wording.upper_first(shade.words)) for shade in shades]
        found.append({"position": number, "told": told(*said)})
    return found


def _ends(
    rows: list[dict[str, Any]],
    scale: Scale,
    height: int,
    count: int,
    said: dict[str, str],
    colour: Spec,
) -> list[Spec]:
    """Each series' name beside its last known point, moved apart where they would meet."""
    last: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["value"] is not None:
            last[row["series"]] = row
    ends = [row | {"label": said[row["series"]]} for row in last.values()]
    return end_names(ends, scale, height=height, at=count - 1, colour=colour)
