"""What a control chart says of its last point and of a target, as ids that icons and words have.

Variation tells whether the process changes, and whether that is for the better; assurance tells
whether it will meet its target as it is, which the last value alone cannot tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import Any, Literal

import pandas as pd

Direction = Literal["up", "down"]
Variation = Literal["common_cause", "improving", "concerning", "neither", "no_data"]
Assurance = Literal["consistently_hit", "hit_and_miss", "consistently_miss", "none"]


@dataclass(frozen=True)
class Assessment:
    """A process as it stands at its chart's last point.

    Attributes:
        variation: "common_cause": chance alone. "improving" and "concerning": special cause, in
            the direction that is better or worse. "neither": special cause where no direction
            is better. "no_data": the last point has no value.
        side: Which way a special cause points, "up" or "down"; else "".
        cause: The rule that found it: "outside", "trend", "two_of_three" or "shift"; else "".
        assurance: Where the target lies: beyond the limits on the worse side
            ("consistently_hit"), on the better side ("consistently_miss"), or within them
            ("hit_and_miss"): then chance decides. "none" without a target, a better direction
            or limits.
        trial: Whether the limits rest on so few points that all of this may change.
    """

    variation: Variation
    side: str
    cause: str
    assurance: Assurance
    trial: bool


def assess(
    chart: pd.DataFrame, *, improvement: Direction | None = None, target: float | None = None
) -> Assessment:
    """What a chart says of its last point, and of a target.

    Args:
        chart: From `spc`: [value, mean, lower, upper, special_cause, side, trial].
        improvement: Which direction is better; None where neither is.
        target: The target in force at the last point; None or NaN where there is none.

    Glossary: special_cause, assurance

    Source: NHS England, Making Data Count (as NHSRplotthedots 0.2.2).
    """
    if chart.empty:
        return Assessment("no_data", "", "", "none", trial=True)
    last = chart.iloc[-1]
    return Assessment(
        variation=_variation(last, improvement),
        side=str(last["side"]),
        cause=str(last["special_cause"]),
        assurance=_assurance(float(last["lower"]), float(last["upper"]), improvement, target),
        trial=bool(last["trial"]),
    )


def _variation(last: pd.Series[Any], improvement: Direction | None) -> Variation:
    if isnan(float(last["value"])):
        return "no_data"
    if not last["special_cause"]:
        return "common_cause"
    if improvement is None:
        return "neither"
    return "improving" if last["side"] == improvement else "concerning"


def _assurance(
    lower: float, upper: float, improvement: Direction | None, target: float | None
) -> Assurance:
    unknown = target is None or isnan(target) or isnan(lower) or isnan(upper)
    if target is None or unknown or improvement is None:
        return "none"
    if lower <= target <= upper:
        return "hit_and_miss"
    above = target > upper
    return "consistently_miss" if above == (improvement == "up") else "consistently_hit"
