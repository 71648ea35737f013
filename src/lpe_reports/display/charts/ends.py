"""Names at the right end of lines, moved apart where they would meet."""

from collections.abc import Mapping, Sequence
from typing import Any

from lpe_reports.display.charts.axes import Scale, Spec, layer, number_field
from lpe_reports.display.palette import PALETTE

_LABEL_HEIGHT = 13  # px between two names


def end_names(
    ends: Sequence[Mapping[str, Any]], scale: Scale, *, height: int, at: float, colour: Spec
) -> list[Spec]:
    """The names beside the last values of lines, as a layer; none where no line has a value.

    Args:
        ends: A row per line: value, series, and its name as `label`.
        scale: Of the values.
        height: Of the plot, in px.
        at: The position where the names begin.
        colour: The encoding that tells the series apart.
    """
    if not ends:
        return []
    ordered = sorted(ends, key=lambda row: float(row["value"]))
    gap = (scale.high - scale.low) * _LABEL_HEIGHT / height
    places = apart([float(row["value"]) for row in ordered], gap, scale)
    labels = [
        {"position": at, "value": place, "series": row["series"], "label": row["label"]}
        for row, place in zip(ordered, places, strict=True)
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
        "text": {"field": "label", "type": "nominal"},
        "color": colour,
    }
    return [layer(labels, mark, encoding)]


def apart(values: list[float], gap: float, scale: Scale) -> list[float]:
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
