"""The checks of what happens in and around theatres, beside those of single columns."""

import re
from typing import TYPE_CHECKING

from lpe_reports.errors import UsageError
from lpe_reports.periods import PeriodKind, parse_period
from lpe_reports.warehouse.rules.rule import (
    Consequence,
    Rule,
    day_of,
    days_ordered,
    hours_between,
    ordered,
)

if TYPE_CHECKING:
    import pandas as pd

_ROW, _FLAG = Consequence.ROW, Consequence.FLAG
# Procedures of operations (NGB49), and those of other care, which may be done in a theatre too.
_KVA = re.compile(r"[A-Z]{3}\d{2}|[A-Z]{2}\d{3}")
_LONGEST_SESSION_HOURS = 25  # the day on which the clock is put back
_LONGEST_POSTOP_HOURS = 48
_LATEST_CANCELLATION_DAYS = 7


def _stay_under_a_day(frame: "pd.DataFrame") -> "pd.Series[bool]":
    return ~(hours_between(frame, "patient_in_at", "patient_out_at") >= 24)


def _alone(frame: "pd.DataFrame", start: str, end: str) -> "pd.Series[bool]":
    """False for a row that begins before everything earlier in the same theatre is over."""
    import numpy as np

    sorted_ = frame.sort_values(["operating_unit", "theatre", start, end])
    theatre = [sorted_["operating_unit"], sorted_["theatre"]]
    over = sorted_[end].astype("int64")
    latest = over.groupby(theatre).cummax()
    earlier = latest.groupby(theatre).shift(fill_value=np.iinfo("int64").min)
    return sorted_[start].astype("int64") >= earlier


def _alone_in_theatre(frame: "pd.DataFrame") -> "pd.Series[bool]":
    return _alone(frame, "patient_in_at", "patient_out_at").reindex(frame.index)


def _alone_open(frame: "pd.DataFrame") -> "pd.Series[bool]":
    """Of open sessions; one that was released may stand beside the one that it became."""
    alone = _alone(frame[frame["status"] == "open"], "start_at", "end_at")
    return alone.reindex(frame.index, fill_value=True)


def _is_kva(frame: "pd.DataFrame") -> "pd.Series[bool]":
    codes = frame["procedure_code"]
    good = [code for code in codes.dropna().unique() if _KVA.fullmatch(code)]
    return codes.isna() | codes.isin(good)


def _not_over_a_day(frame: "pd.DataFrame") -> "pd.Series[bool]":
    return ~(hours_between(frame, "start_at", "end_at") > _LONGEST_SESSION_HOURS)


def _begins_on_its_day(frame: "pd.DataFrame") -> "pd.Series[bool]":
    return day_of(frame["start_at"]) == frame["date"]


def _in_its_schedule(frame: "pd.DataFrame") -> "pd.Series[bool]":
    import pandas as pd

    inside = pd.Series(False, index=frame.index)
    for text, rows in frame.groupby("schedule", sort=False)["date"]:
        start, end = _schedule_days(str(text))
        inside.loc[rows.index] = (rows >= start) & (rows < end)
    return inside


def _schedule_days(text: str) -> "tuple[pd.Timestamp, pd.Timestamp]":
    """The first day of a schedule and the day after its last; no day for another text."""
    import pandas as pd

    try:
        period = parse_period(text.replace("/", "--"))
    except UsageError:
        return pd.Timestamp(0), pd.Timestamp(0)
    if period.kind is not PeriodKind.SCHEDULE:
        return pd.Timestamp(0), pd.Timestamp(0)
    return pd.Timestamp(period.start), pd.Timestamp(period.end)


def _short_postop(frame: "pd.DataFrame") -> "pd.Series[bool]":
    return ~(hours_between(frame, "arrived_at", "left_at") > _LONGEST_POSTOP_HOURS)


def _struck_in_time(frame: "pd.DataFrame") -> "pd.Series[bool]":
    hours = hours_between(frame, "scheduled_start_at", "cancelled_at")
    return ~(hours > 24 * _LATEST_CANCELLATION_DAYS)


KVA = Rule("no_kva", _FLAG, ("procedure_code",), "a code like NGB49 or DR016", _is_kva)

OPERATION_RULES = (
    ordered(
        _ROW,
        "patient in ≤ surgery start ≤ knife start (where given) ≤ surgery end ≤ patient out",
        "patient_in_at",
        "surgery_start_at",
        "knife_start_at",
        "surgery_end_at",
        "patient_out_at",
    ),
    Rule(
        "stay_of_a_day",
        _ROW,
        ("patient_in_at", "patient_out_at"),
        "less than 24 hours in the theatre",
        _stay_under_a_day,
    ),
    days_ordered(
        _ROW,
        "the decision not on a later day than the operation",
        "decided_at",
        "surgery_start_at",
        rule="negative_wait",
    ),
    days_ordered(
        _FLAG,
        "the request not on a later day than the operation",
        "requested_at",
        "surgery_start_at",
        rule="negative_wait",
    ),
    ordered(
        _FLAG,
        "scheduled to begin not later than scheduled to end",
        "scheduled_start_at",
        "scheduled_end_at",
    ),
    ordered(
        _FLAG,
        "anaesthesia not over before it begins",
        "anaesthesia_start_at",
        "anaesthesia_end_at",
    ),
    KVA,
    Rule(
        "overlap",
        _FLAG,
        ("theatre", "patient_in_at", "patient_out_at"),
        "nobody taken into a theatre before the one before has left it",
        _alone_in_theatre,
        whole=True,
    ),
)
SESSION_RULES = (
    ordered(_ROW, "the start not later than the end", "start_at", "end_at"),
    Rule(
        "session_of_a_day",
        _ROW,
        ("start_at", "end_at"),
        f"at most {_LONGEST_SESSION_HOURS} hours from start to end",
        _not_over_a_day,
    ),
    ordered(_ROW, "staffed from not later than staffed to", "staffed_from_at", "staffed_to_at"),
    Rule(
        "other_day",
        _FLAG,
        ("date", "start_at"),
        "the start on the session's day",
        _begins_on_its_day,
    ),
    Rule(
        "other_schedule",
        _FLAG,
        ("schedule", "date"),
        "a schedule like 2026-W12/2026-W21, with the session's day in it",
        _in_its_schedule,
    ),
    days_ordered(
        _FLAG, "a schedule published on the session's day or before", "published_on", "date"
    ),
    Rule(
        "overlap",
        _FLAG,
        ("theatre", "start_at", "end_at"),
        "no open session in a theatre before the open one before has ended",
        _alone_open,
        whole=True,
    ),
)
POSTOP_RULES = (
    ordered(_ROW, "arrived ≤ ready (where given) ≤ left", "arrived_at", "ready_at", "left_at"),
    Rule(
        "long_stay",
        _FLAG,
        ("arrived_at", "left_at"),
        f"at most {_LONGEST_POSTOP_HOURS} hours in postop",
        _short_postop,
    ),
)
CANCELLATION_RULES = (
    Rule(
        "struck_long_after",
        _FLAG,
        ("scheduled_start_at", "cancelled_at"),
        f"struck at most {_LATEST_CANCELLATION_DAYS} days after it was to begin",
        _struck_in_time,
    ),
)

if TYPE_CHECKING:
    import pandas as pd
