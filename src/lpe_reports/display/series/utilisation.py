"""Series of how theatres were used: the seven definitions, under-use and over-use."""

import pandas as pd

from lpe_reports.display.series.asking import Ask
from lpe_reports.measures.utilisation import (
    CREDITED_TURNOVER_MINUTES,
    elective_days,
    under_over_use_by,
    utilisation_by,
)

_SESSIONS = [
    "session_id", "operating_unit", "theatre", "date", "start_at", "end_at", "vo", "status",
    "staffed_from_at", "staffed_to_at",
]  # fmt: skip
_OPERATIONS = [
    "operating_unit", "theatre", "patient_in_at", "surgery_start_at", "surgery_end_at",
    "patient_out_at",
]  # fmt: skip


def share(ask: Ask) -> pd.DataFrame:
    """The measure's definition of utilisation: [window, value, numerator, denominator]."""
    cap = ask.options.get("turnover_cap_minutes", CREDITED_TURNOVER_MINUTES)
    key = ("utilisation", ask.selection, ask.windows, cap)
    every = ask.reader.remember(key, lambda: _every_definition(ask, float(str(cap))))
    own = every[every["definition"] == ask.measure]
    names = {
        "share": "value",
        "numerator_minutes": "numerator",
        "denominator_minutes": "denominator",
    }
    return own[["window", *names]].rename(columns=names)


def under_use(ask: Ask) -> pd.DataFrame:
    """Hours of open sessions without a patient in the theatre: [window, value]."""
    return _use(ask, "unused_minutes")


def over_use(ask: Ask) -> pd.DataFrame:
    """Hours that patients were in theatre beyond the sessions: [window, value]."""
    return _use(ask, "over_minutes")


def _use(ask: Ask, minutes: str) -> pd.DataFrame:
    key = ("use", ask.selection, ask.windows)
    used = ask.reader.remember(key, lambda: _own(ask, _under_over_use(ask)))
    return used.assign(value=used[minutes] / 60)[["window", "value"]]


def _under_over_use(ask: Ask) -> pd.DataFrame:
    operations, sessions = _read(ask)
    return under_over_use_by(operations, sessions, by=_keys(ask))


def _every_definition(ask: Ask, cap: float) -> pd.DataFrame:
    operations, sessions = _read(ask)
    holidays = ask.params.calendar.holidays(*ask.reach)
    used = utilisation_by(
        operations,
        sessions,
        by=_keys(ask),
        calendar_days=elective_days(*ask.reach, holidays),
        turnover_cap_minutes=cap,
    )
    return _own(ask, used)


def _read(ask: Ask) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All operations of the unit and all its sessions, since one session's end is another's."""
    operations = ask.reader.read(
        "operations",
        units=None if ask.selection.unit is None else [ask.selection.unit],
        start=ask.reach[0],
        end=ask.reach[1],
        columns=_OPERATIONS,
    )
    return operations, ask.rows("sessions", _SESSIONS, time="date", vo=False)


def _keys(ask: Ask) -> list[str]:
    return ["window"] if ask.selection.vo is None else ["window", "vo"]


def _own(ask: Ask, used: pd.DataFrame) -> pd.DataFrame:
    return used if ask.selection.vo is None else used[used["vo"] == ask.selection.vo]
