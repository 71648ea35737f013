"""Series of when theatres were done: typical end, and how many ended early and late."""

from datetime import time

import pandas as pd

from lpe_reports.display.series.asking import Ask
from lpe_reports.measures.end_times import FIRST_CUTOFF, LAST_CUTOFF, last_out

OPERATIONS = ["operating_unit", "theatre", "patient_in_at", "patient_out_at"]
# The programme of the day with anaesthesia staff: the selection of all end times here.
PLANNED = {"urgency": "elective", "anaesthesia_staff": True}


def median(ask: Ask) -> pd.DataFrame:
    """The median end as minutes of the clock after midnight: [window, value, n]."""
    ends = _ends(ask).groupby("window", sort=True)["end_minute"]
    return ends.agg(value="median", n="size").reset_index()


def early(ask: Ask) -> pd.DataFrame:
    """Theatre-days that ended before the first cutoff: [window, value, numerator, denominator]."""
    ends = _ends(ask)
    cutoff = _minute(ask.options.get("cutoff", FIRST_CUTOFF.isoformat()))
    return _share(ends, ends["end_minute"] < cutoff + _grace(ask))


def late(ask: Ask) -> pd.DataFrame:
    """Theatre-days that ended at the last cutoff or after: as `early`."""
    ends = _ends(ask)
    cutoff = _minute(ask.options.get("cutoff", LAST_CUTOFF.isoformat()))
    return _share(ends, ends["end_minute"] >= cutoff + _grace(ask))


def _ends(ask: Ask) -> pd.DataFrame:
    """The end of each theatre and day, with its window; reckoned once for all series."""

    def reckon() -> pd.DataFrame:
        operations = ask.rows("operations", OPERATIONS, time="patient_in_at", where=PLANNED)
        return ask.in_windows(last_out(operations), "date")

    return ask.reader.remember(("ends", ask.selection, ask.windows), reckon)


def _share(ends: pd.DataFrame, chosen: "pd.Series[bool]") -> pd.DataFrame:
    found = chosen.groupby(ends["window"], sort=True).agg(numerator="sum", denominator="size")
    found["value"] = found["numerator"] / found["denominator"]
    return found.reset_index()[["window", "value", "numerator", "denominator"]]


def _minute(cutoff: object) -> int:
    at = time.fromisoformat(str(cutoff))
    return at.hour * 60 + at.minute


def _grace(ask: Ask) -> float:
    return float(str(ask.options.get("grace_minutes", 0)))
