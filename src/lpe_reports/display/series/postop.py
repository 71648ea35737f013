"""Series of postoperative care, and of operations that were struck."""

import numpy as np
import pandas as pd

from lpe_reports.display.series.asking import Ask
from lpe_reports.measures.cancellations import cancellations_by
from lpe_reports.measures.postop import postop_stays_by, ward_waits_by

_BY = ["window"]
_STAY = ["postop_unit", "arrived_at", "ready_at", "left_at"]


def stays(ask: Ask) -> pd.DataFrame:
    """Stays begun in each window: [window, value]."""
    counted = postop_stays_by(_stays(ask), by=_BY)
    return counted[["window", "stays"]].rename(columns={"stays": "value"})


def median_minutes(ask: Ask) -> pd.DataFrame:
    """Median time in postoperative care, in whole minutes: [window, value, n]."""
    timed = postop_stays_by(_stays(ask), by=_BY)
    value = whole_minutes(timed["median_minutes"])
    return timed.assign(value=value, n=timed["timed"])[["window", "value", "n"]]


def ward_wait_share(ask: Ask) -> pd.DataFrame:
    """Share of stays that went on long after the patient was ready: [window, value, …]."""
    waits = ward_waits_by(_stays(ask), by=_BY)
    names = {"share_waited": "value", "waited": "numerator", "timed": "denominator"}
    return waits[["window", *names]].rename(columns=names)


def cancelled_share(ask: Ask) -> pd.DataFrame:
    """Share of the scheduled operations that were struck: [window, value, numerator, …]."""
    scheduled = ["scheduled_start_at"]
    times = ["scheduled_start_at", "cancelled_at"]
    if not ask.reader.has("cancellations"):
        return pd.DataFrame(columns=["window", "value", "numerator", "denominator"])
    counted = cancellations_by(
        ask.rows("cancellations", times, time="scheduled_start_at"),
        ask.rows("operations", scheduled, time="scheduled_start_at"),
        by=_BY,
    )
    names = {"share_struck": "value", "struck": "numerator", "scheduled": "denominator"}
    return counted[["window", *names]].rename(columns=names)


def whole_minutes(minutes: "pd.Series[float]") -> "pd.Series[float]":
    """Minutes without their parts, halves upwards, as they are shown."""
    return pd.Series(np.floor(minutes.astype("float64") + 0.5), index=minutes.index)


def _stays(ask: Ask) -> pd.DataFrame:
    if not ask.reader.has("postop_stays"):
        return pd.DataFrame(columns=[*_STAY, "window"])
    return ask.rows("postop_stays", _STAY, time="arrived_at", vo=False)
