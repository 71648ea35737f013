"""Levels behind the values: means, limits and targets, drawn the same way in every chart."""

from collections.abc import Sequence

import pandas as pd

from lpe_reports.display.charts.axes import Spec, layer, number_field
from lpe_reports.display.palette import PALETTE
from lpe_reports.display.series.model import Series

Segment = dict[str, float]


def segments(frame: pd.DataFrame, names: Sequence[str]) -> list[Segment]:
    """Stretches over which levels stay the same: from and to half a step beyond, and the levels."""
    found: list[Segment] = []
    levels = frame[list(names)].astype("float64")
    changed = (levels != levels.shift()).any(axis=1).tolist()
    for number, row in enumerate(levels.to_dict("records")):
        if any(value != value for value in row.values()):
            continue
        level = {str(name): float(value) for name, value in row.items()}
        if found and not changed[number] and found[-1]["to"] == number - 0.5:
            found[-1]["to"] = number + 0.5
        else:
            found.append({"from": number - 0.5, "to": number + 0.5, **level})
    return found


def target_segments(series: Series) -> list[Segment]:
    """The stretches of a series' targets."""
    targets = series.targets or (None,) * len(series.periods)
    values = [target.value if target else None for target in targets]
    return segments(pd.DataFrame({"target": values}, dtype="float64"), ("target",))


def mean_rules(levels: Sequence[Segment]) -> list[Spec]:
    """The means as thin lines."""
    mark: Spec = {"type": "rule", "color": PALETTE["mean"]}
    return [layer(levels, mark, across("mean"))] if levels else []


def target_rules(targets: Sequence[Segment]) -> list[Spec]:
    """The targets as dashed lines."""
    mark = {"type": "rule", "color": PALETTE["target"], "strokeDash": [5, 4], "strokeWidth": 1.5}
    return [layer(targets, mark, across("target"))] if targets else []


def across(low: str, high: str | None = None) -> Spec:
    """From position to position; at one height, or from one to another."""
    span: Spec = {"x": number_field("from"), "x2": {"field": "to"}, "y": number_field(low)}
    return span if high is None else span | {"y2": {"field": high}}
