"""Series of lead times: first case starts, and turnover to the next planned patient."""

from typing import cast

import pandas as pd

from lpe_reports.display.series.asking import Ask
from lpe_reports.measures.lead_times import (
    GRACES_MINUTES,
    TURNOVER_CAP_MINUTES,
    Start,
    first_cases_by,
    turnovers_by,
)

FIRST_CASE_SESSIONS = ["operating_unit", "theatre", "date", "start_at", "end_at", "status", "vo"]
OPERATIONS = [
    "operating_unit", "theatre", "vo", "urgency", "patient_in_at", "surgery_start_at",
    "surgery_end_at", "patient_out_at",
]  # fmt: skip
PLANNED = "elective"


def on_time(ask: Ask) -> pd.DataFrame:
    """The share of first patients that came in time: [window, value, numerator, denominator]."""
    grace = float(str(ask.options.get("grace_minutes", 0)))
    found = _first_cases(ask, grace)
    names = {"share_on_time": "value", "on_time": "numerator", "first_cases": "denominator"}
    own = found[found["grace_minutes"] == grace]
    return own[["window", *names]].rename(columns=names)


def late_hours(ask: Ask) -> pd.DataFrame:
    """Hours from the sessions' starts to the patients who came after them: [window, value]."""
    found = _first_cases(ask, GRACES_MINUTES[0])
    own = found[found["grace_minutes"] == GRACES_MINUTES[0]]
    return own.assign(value=own["late_minutes"] / 60)[["window", "value"]]


def turnover_mean(ask: Ask) -> pd.DataFrame:
    """The mean turnover to a planned patient, in minutes: [window, value, n].

    Not the median: times are written in whole minutes, so that the medians of many months are
    equal, and a row of equal ones looks like a change.
    """
    return _turnover(ask, "mean_minutes")


def turnover_p90(ask: Ask) -> pd.DataFrame:
    """The turnover that nine of ten stay within, in minutes: [window, value, n]."""
    return _turnover(ask, "p90_minutes")


def _first_cases(ask: Ask, grace: float) -> pd.DataFrame:
    """First cases by window, for the usual graces and one more, reckoned once for all series."""
    start = cast(Start, ask.options.get("start", "patient_in_at"))
    graces = tuple(sorted({*GRACES_MINUTES, grace}))
    key = ("first_cases", ask.selection, ask.windows, start, graces)

    def reckon() -> pd.DataFrame:
        sessions = ask.rows("sessions", FIRST_CASE_SESSIONS, time="date", vo=False)
        found = first_cases_by(
            _operations(ask), sessions, by=_keys(ask), start=start, graces_minutes=graces
        )
        return _own(ask, found)

    return ask.reader.remember(key, reckon)


def _turnover(ask: Ask, statistic: str) -> pd.DataFrame:
    cap = float(str(ask.options.get("turnover_cap_minutes", TURNOVER_CAP_MINUTES)))
    key = ("turnovers", ask.selection, ask.windows, cap)

    def reckon() -> pd.DataFrame:
        operations = ask.in_windows(_operations(ask), "patient_in_at")
        found = turnovers_by(operations, by=[*_keys(ask), "urgency"], cap_minutes=cap)
        return _own(ask, found[found["urgency"] == PLANNED])

    found = ask.reader.remember(key, reckon)
    names = {statistic: "value", "turnovers": "n"}
    return found[["window", *names]].rename(columns=names)


def _operations(ask: Ask) -> pd.DataFrame:
    """All operations of the unit: one left out would make a turnover of its own stay."""
    return ask.reader.read(
        "operations",
        units=None if ask.selection.unit is None else [ask.selection.unit],
        start=ask.reach[0],
        end=ask.reach[1],
        columns=OPERATIONS,
    )


def _keys(ask: Ask) -> list[str]:
    return ["window"] if ask.selection.vo is None else ["window", "vo"]


def _own(ask: Ask, found: pd.DataFrame) -> pd.DataFrame:
    return found if ask.selection.vo is None else found[found["vo"] == ask.selection.vo]
