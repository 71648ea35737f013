"""Series of a schedule's sessions: open, closed, released, and the hours that were staffed."""

import pandas as pd

from lpe_reports.display.series.asking import Ask
from lpe_reports.measures.capacity import capacity_by

_SESSIONS = [
    "operating_unit", "theatre", "date", "start_at", "end_at", "status", "staffed_from_at",
    "staffed_to_at",
]  # fmt: skip
# Nothing of a session's use is asked here, so that no operation is read.
_NO_OPERATIONS = [
    "operating_unit", "theatre", "patient_in_at", "surgery_start_at", "surgery_end_at",
    "patient_out_at",
]  # fmt: skip


def sessions(ask: Ask) -> pd.DataFrame:
    """The measure's sessions or hours of each window's days: [window, value]."""

    def make() -> pd.DataFrame:
        rows = ask.rows("sessions", _SESSIONS, time="date")
        nothing = pd.DataFrame({name: pd.Series(dtype="str") for name in _NO_OPERATIONS[:2]})
        times = {name: pd.Series(dtype=rows["start_at"].dtype) for name in _NO_OPERATIONS[2:]}
        return capacity_by(nothing.assign(**times), rows, by=["window"])

    counted = ask.reader.remember(("capacity", ask.selection, ask.windows), make)
    return counted[["window", ask.measure]].rename(columns={ask.measure: "value"})
