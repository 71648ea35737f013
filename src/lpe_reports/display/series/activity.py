"""Series of what was done: operations, their hours, prostheses, open theatres."""

from dataclasses import replace

import pandas as pd

from lpe_reports.display.series.asking import Ask
from lpe_reports.measures.production import open_theatres_by, operations_by

_BY = ["window"]


def operations(ask: Ask) -> pd.DataFrame:
    """Operations begun in each window: [window, value]."""
    return _operations(ask, "operations")


def operation_hours(ask: Ask) -> pd.DataFrame:
    """Hours from surgery start to surgery end of the operations begun in each window."""
    return _operations(ask, "operation_hours")


def arthroplasties(ask: Ask) -> pd.DataFrame:
    """Hip and knee prostheses begun in each window: [window, value]."""
    return operations(replace(ask, selection=replace(ask.selection, procedure="arthroplasty")))


def operations_for_others(ask: Ask) -> pd.DataFrame:
    """Operations at a unit for patients of other hospitals' lists: [window, value]."""
    columns = ["patient_home", "surgery_start_at", "surgery_end_at"]
    frame = ask.rows("operations", columns, time="surgery_start_at")
    own = ask.params.units.get(ask.selection.unit).hospital if ask.selection.unit else None
    hospitals = [unit.id for unit in ask.params.units.of_kind("hospital") if unit.id != own]
    # Weeks without a guest are weeks too: they count, and they count nobody.
    guests = frame["patient_home"].isin(hospitals)
    counted = guests.groupby(frame["window"]).sum().astype("int64")
    return counted.rename("value").rename_axis("window").reset_index()


def open_theatres(ask: Ask) -> pd.DataFrame:
    """Theatre days with an open session of at least half a day: [window, value]."""
    columns = ["operating_unit", "theatre", "date", "start_at", "end_at", "status"]
    counted = open_theatres_by(ask.rows("sessions", columns, time="date"), by=_BY)
    return _named(counted, "open_theatres")


def _operations(ask: Ask, value: str) -> pd.DataFrame:
    times = ["surgery_start_at", "surgery_end_at"]
    frame = ask.rows("operations", times, time="surgery_start_at")
    return _named(operations_by(frame, by=_BY), value)


def _named(counted: pd.DataFrame, value: str) -> pd.DataFrame:
    return counted[["window", value]].rename(columns={value: "value"})
