"""Faults as they occur in life, planted in the tables so that the checks have work.

All lie in one calendar year, 2025, that of the table that is compared with the office's own;
none touches NGB49 or Operationscentrum Bollnäs. Each is planted in the first rows that fit from
a day on that the seed chooses: so a demo of a later night has the same faults, and one that ends
before that day does not have them yet.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa

from lpe_reports.warehouse.demo.draws import Bools, Ints, uniform
from lpe_reports.warehouse.demo.fault_list import (
    ASA_ROWS,
    CLINIC_ROWS,
    OTHER_SPELLING,
    POSTOP_ROWS,
    REASON_ROWS,
    STAY_ROWS,
    UNIT_ROWS,
    WRONG_REASON,
)
from lpe_reports.warehouse.demo.steering import STEERED_CODE, YEAR

OVERLAP_MINUTES, NEGATIVE_DAYS = 15, 9
DUPLICATED_UNIT, DUPLICATED_MONTH = "Gä Dagkir", 11
_SPARED_UNITS = ("Bo - Op-c", DUPLICATED_UNIT)
_NIGHT_UNIT, _NIGHT_THEATRE = "Hu - C-op", "Hu C-op 01"
_CLINIC = "Ortopedmottagning Gävle"
_EARLY = timedelta(minutes=50), timedelta(hours=26)
# Faults begin on one of the days from January to September.
_DAYS = 260


def plant(operations: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """The same operations with their faults among them.

    Args:
        operations: As tables.operations_table makes them.
        seed: The demo's seed.
    """
    table = operations.copy()
    may = (table["urgency"] == "elective") & ~table["operating_unit"].isin(_SPARED_UNITS)
    # Where a link is missing already, one fault would hide the other.
    may &= table["need_id"].notna() & table["decided_at"].notna()
    free = (may & (table["procedure_code"] != STEERED_CODE)).to_numpy(dtype=np.bool_, copy=True)
    out_at = table["patient_out_at"].to_numpy()
    overlap = _first(out_at, free & _close_pairs(table), 1, _begins("overlap", seed))
    _take_in_early(table, overlap)
    before = pd.Series(np.arange(len(table))).groupby(table["theatre"].to_numpy()).shift()
    free[np.r_[overlap, before.iloc[overlap].to_numpy(dtype=np.int64)]] = False
    asa = _first(out_at, free, ASA_ROWS, _begins("asa", seed))
    free[asa] = False
    unit = _first(out_at, free, UNIT_ROWS, _begins("unit", seed))
    free[unit] = False
    late = _first(out_at, free, 1, _begins("late", seed))
    table.iloc[asa, _at(table, "asa")] = 7
    table.iloc[unit, _at(table, "operating_unit")] = None
    decided = table.iloc[late]["surgery_start_at"] + pd.Timedelta(days=NEGATIVE_DAYS)
    table.iloc[late, _at(table, "decided_at")] = decided.to_numpy()
    again = (table["operating_unit"] == DUPLICATED_UNIT) & _in_month(table)
    return pd.concat([table, _at_night(table), table[again]], ignore_index=True)


def plant_in_postop(stays: pa.Table, *, seed: int) -> pa.Table:
    """The same stays; a few end before they begin."""
    elsewhere = stays["postop_unit"].to_numpy(zero_copy_only=False) != "Bo Postop"
    rows = _first(_times(stays, "left_at"), elsewhere, POSTOP_ROWS, _begins("postop", seed))
    left = _times(stays, "left_at").copy()
    left[rows] = _times(stays, "arrived_at")[rows] - np.timedelta64(_EARLY[0])
    return _replaced(stays, "left_at", pa.array(left))


def plant_in_stays(stays: pa.Table, *, seed: int) -> pa.Table:
    """The same stays; a few patients are discharged before they are admitted."""
    admitted = _times(stays, "admitted_at")
    anyone = np.ones(len(admitted), dtype=np.bool_)
    rows = _first(admitted, anyone, STAY_ROWS, _begins("stays", seed))
    discharged = _times(stays, "discharged_at").copy()
    over = rows[~np.isnat(discharged[rows])]
    discharged[over] = admitted[over] - np.timedelta64(_EARLY[1])
    return _replaced(stays, "discharged_at", pa.array(discharged, from_pandas=True))


def plant_in_cancellations(struck: pa.Table, *, seed: int) -> pa.Table:
    """The same cancellations; one has a reason that does not exist."""
    unit = struck["operating_unit"].to_numpy(zero_copy_only=False)
    at = _times(struck, "cancelled_at")
    rows = _first(at, ~np.isin(unit, _SPARED_UNITS), REASON_ROWS, _begins("reason", seed))
    reason = struck["reason_1"].to_numpy(zero_copy_only=False).copy()
    reason[rows] = WRONG_REASON
    return _replaced(struck, "reason_1", pa.array(reason, pa.string()))


def plant_in_referrals(parts: Iterable[pa.Table], *, seed: int) -> Iterator[pa.Table]:
    """The same referrals in parts; a few have the clinic's name as another system spells it."""
    left = CLINIC_ROWS
    for part in parts:
        clinic = part["clinic"].to_numpy(zero_copy_only=False).copy()
        mine = clinic == _CLINIC
        rows = _first(_times(part, "referred_at"), mine, left, _begins("clinic", seed))
        left -= len(rows)
        clinic[rows] = OTHER_SPELLING
        yield _replaced(part, "clinic", pa.array(clinic, pa.string()).dictionary_encode())


def _begins(purpose: str, seed: int) -> np.datetime64:
    """From which day on rows are chosen for a fault."""
    day = int(uniform(seed, f"faults/{purpose}", np.array([YEAR]))[0] * _DAYS)
    return np.datetime64(date(YEAR, 1, 10) + timedelta(days=day))


def _first(times: np.ndarray, may: Bools, count: int, begins: np.datetime64) -> Ints:
    """The positions of the first rows that may be chosen, in the order of the table."""
    ends = np.datetime64(date(YEAR + 1, 1, 1))
    found: Ints = np.flatnonzero(may & (times >= begins) & (times < ends))
    return found[:count]


def _times(table: pa.Table, column: str) -> np.ndarray:
    values: np.ndarray = table[column].to_numpy()
    return values


def _replaced(table: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return table.set_column(table.column_names.index(column), column, values)


def _at(table: pd.DataFrame, column: str) -> int:
    return list(table.columns).index(column)


def _close_pairs(table: pd.DataFrame) -> Bools:
    """Operations soon after one in the same theatre that is long enough to be overlapped.

    Rows follow the order in which operations ended, so the one before in the same theatre is
    looked up.
    """
    theatre = table.groupby("theatre")
    before, before_in = theatre["patient_out_at"].shift(), theatre["patient_in_at"].shift()
    gap = table["patient_in_at"] - before
    fits = (gap < pd.Timedelta(hours=1)) & (before - before_in > pd.Timedelta(hours=1))
    return fits.to_numpy(dtype=np.bool_)


def _take_in_early(table: pd.DataFrame, rows: Ints) -> None:
    before = table.groupby("theatre")["patient_out_at"].shift()
    early = before.iloc[rows] - pd.Timedelta(minutes=OVERLAP_MINUTES)
    table.iloc[rows, _at(table, "patient_in_at")] = early.to_numpy()


def _in_month(table: pd.DataFrame) -> "pd.Series[bool]":
    begins = pd.Timestamp(YEAR, DUPLICATED_MONTH, 1)
    return table["surgery_start_at"].between(
        begins, begins + pd.offsets.MonthBegin(1), inclusive="left"
    )


def _at_night(table: pd.DataFrame) -> pd.DataFrame:
    """An emergency reoperation in the hour that comes twice, in a theatre that is empty at night.

    It is a copy of an earlier emergency there, with a key and times of its own and no need.
    """
    last = date(YEAR, 10, 31)
    night = pd.Timestamp(last - timedelta(days=(last.weekday() + 1) % 7))
    out_at = table["patient_out_at"]
    earlier = (
        (table["urgency"] == "emergency")
        & (table["operating_unit"] == _NIGHT_UNIT)
        & out_at.between(night - pd.Timedelta(days=90), night - pd.Timedelta(days=2))
        & (table["section"] == "Ort")
    )
    if not (out_at >= night + pd.Timedelta(hours=4)).any():
        return table.head(0)
    row = table[earlier].tail(1).copy()
    clock = {
        "decided_at": "00:40", "requested_at": "00:48", "patient_in_at": "01:35",
        "anaesthesia_start_at": "01:41", "surgery_start_at": "02:05", "knife_start_at": "02:14",
        "surgery_end_at": "02:51", "anaesthesia_end_at": "03:12", "patient_out_at": "03:20",
        "changed_at": "03:20",
    }  # fmt: skip
    for column, time in clock.items():
        row[column] = night + pd.Timedelta(f"{time}:00")
    row["operation_id"] = f"O9{YEAR:06d}"
    row["need_id"] = None
    row["theatre"] = _NIGHT_THEATRE
    # Written in at once, whatever became of the one it is a copy of.
    row["asa"], row["postop_planned"], row["postop_actual"] = 3, "Postop", "Postop"
    return row
