"""The names of horizontal bars: beside them, or above them where there is little room."""

from collections.abc import Mapping, Sequence
from typing import Any

from lpe_reports.display.charts.axes import Spec, layer
from lpe_reports.display.palette import PALETTE

LABEL_LIMIT = 240  # px
STEP_BELOW = 40  # px of a bar together with the name above it
BAR_BELOW = 0.45  # of the step
_RISE = 17  # px from a bar's middle up to its name's


def name_axis(field: str, *, narrow: bool) -> Spec:
    """The axis of names in the order of the rows; unwritten where they stand above the bars."""
    axis = {"labelLimit": LABEL_LIMIT, "ticks": False, "domain": False, "labelPadding": 6}
    return {
        "field": field,
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": None if narrow else axis,
    }


def names_above(rows: Sequence[Mapping[str, Any]], y: Spec) -> list[Spec]:
    """Each row's name above the left end of its bar, as a layer.

    Args:
        rows: One per bar, with its name in the field of `y`.
        y: What `name_axis` gave, and its scale.
    """
    mark = {
        "type": "text",
        "align": "left",
        "baseline": "middle",
        "dy": -_RISE,
        "color": PALETTE["soft"],
    }
    text = {"field": y["field"], "type": "nominal"}
    return [layer(rows, mark, {"x": {"value": 0}, "y": y, "text": text})]
