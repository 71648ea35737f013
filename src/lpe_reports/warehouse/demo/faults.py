"""Faults as they occur in life, planted in the operations so that the checks have work.

All lie in the calendar year before the last night's, in Gävle and Hudiksvall; none touches
NGB49 or Operationscentrum Bollnäs, whose tables are compared with the office's own.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from lpe_reports.warehouse.demo.draws import Bools, generator
from lpe_reports.warehouse.demo.steering import STEERED_CODE


@dataclass(frozen=True)
class Fault:
    """One kind of planted fault.

    Attributes:
        table: Where it is.
        kind: What it is.
        count: How many.
        of: What is counted: rows, pairs, or months.
        consequence: What the data contract does about it.
        says: What happened, as a data owner would tell it.
    """

    table: str
    kind: str
    count: int
    of: str
    consequence: str
    says: str


FAULTS = (
    Fault("operations", "asa_7", 3, "rows", "repair", "ASA 7, which does not exist"),
    Fault("operations", "repeated_hour", 1, "rows", "repair",
          "an operation in the hour that comes twice when summer time ends, without offset"),
    Fault("operations", "overlap", 1, "pairs", "flag",
          "a patient taken in before the one before was registered out of the same theatre"),
    Fault("operations", "negative_wait", 1, "rows", "row",
          "a decision dated nine days after the operation"),
    Fault("operations", "duplicated_month", 1, "months", "repair",
          "one month of Dagkirurgi Gävle loaded twice: equal rows, from November"),
    Fault("operations", "null_unit", 4, "rows", "row", "no operating unit"),
)  # fmt: skip

ASA_ROWS, UNIT_ROWS = 3, 4
OVERLAP_MINUTES, NEGATIVE_DAYS = 15, 9
DUPLICATED_UNIT, DUPLICATED_MONTH = "Gä Dagkir", 11
_SPARED_UNITS = ("Bo - Op-c", DUPLICATED_UNIT)
_NIGHT_UNIT, _NIGHT_THEATRE = "Hu - C-op", "Hu C-op 01"


def plant(operations: pd.DataFrame, *, until: date, seed: int) -> pd.DataFrame:
    """The same operations with the faults of FAULTS among them.

    Args:
        operations: As tables.operations_table makes them.
        until: The demo's last night.
        seed: The demo's seed.
    """
    year = until.year - 1
    table = operations.copy()
    rng = generator(seed, "faults", year)
    begins, ends = pd.Timestamp(year, 1, 8), pd.Timestamp(year, 12, 20)
    may = table["patient_in_at"].between(begins, ends) & (table["urgency"] == "elective")
    may &= ~table["operating_unit"].isin(_SPARED_UNITS) & (table["procedure_code"] != STEERED_CODE)
    # Where a link is missing already, one fault would hide the other.
    may &= table["need_id"].notna() & table["decided_at"].notna()
    overlap = _overlap(table, may.to_numpy(), rng)
    may.iloc[overlap - 1 : overlap + 1] = False
    rows = rng.choice(np.flatnonzero(may.to_numpy()), ASA_ROWS + UNIT_ROWS + 1, replace=False)
    asa_rows, unit_rows, late_row = rows[:ASA_ROWS], rows[ASA_ROWS:-1], rows[-1]
    table.iloc[asa_rows, _at(table, "asa")] = 7
    table.iloc[unit_rows, _at(table, "operating_unit")] = None
    late = table.iloc[late_row]["surgery_start_at"] + pd.Timedelta(days=NEGATIVE_DAYS)
    table.iloc[late_row, _at(table, "decided_at")] = late
    again = (table["operating_unit"] == DUPLICATED_UNIT) & _in_month(table, year)
    return pd.concat([table, _at_night(table, year), table[again]], ignore_index=True)


def _at(table: pd.DataFrame, column: str) -> int:
    return list(table.columns).index(column)


def _overlap(table: pd.DataFrame, may: Bools, rng: np.random.Generator) -> int:
    """Take one patient in too early; gives the row's position.

    Rows follow the order in which operations ended, so the one before in the same theatre is
    looked up; it must be the same day's and long enough to be overlapped.
    """
    before = table.groupby("theatre")["patient_out_at"].shift()
    before_in = table.groupby("theatre")["patient_in_at"].shift()
    gap = table["patient_in_at"] - before
    fits = (gap < pd.Timedelta(hours=1)) & (before - before_in > pd.Timedelta(hours=1))
    row = int(rng.choice(np.flatnonzero(fits.to_numpy() & may)))
    early = before.iloc[row] - pd.Timedelta(minutes=OVERLAP_MINUTES)
    table.iloc[row, _at(table, "patient_in_at")] = early
    return row


def _in_month(table: pd.DataFrame, year: int) -> "pd.Series[bool]":
    begins = pd.Timestamp(year, DUPLICATED_MONTH, 1)
    return table["surgery_start_at"].between(
        begins, begins + pd.offsets.MonthBegin(1), inclusive="left"
    )


def _at_night(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """An emergency reoperation in the hour that comes twice, in a theatre that is empty at night.

    It is a copy of an earlier emergency there, with a key and times of its own and no need.
    """
    last = date(year, 10, 31)
    night = pd.Timestamp(last - timedelta(days=(last.weekday() + 1) % 7))
    earlier = (
        (table["urgency"] == "emergency")
        & (table["operating_unit"] == _NIGHT_UNIT)
        & (table["patient_out_at"] < night - pd.Timedelta(days=2))
        & (table["section"] == "Ort")
    )
    row = table[earlier].tail(1).copy()
    clock = {
        "decided_at": "00:40", "requested_at": "00:48", "patient_in_at": "01:35",
        "anaesthesia_start_at": "01:41", "surgery_start_at": "02:05", "knife_start_at": "02:14",
        "surgery_end_at": "02:51", "anaesthesia_end_at": "03:12", "patient_out_at": "03:20",
    }  # fmt: skip
    for column, time in clock.items():
        row[column] = night + pd.Timedelta(f"{time}:00")
    row["operation_id"] = f"O9{year:06d}"
    row["need_id"] = None
    row["theatre"] = _NIGHT_THEATRE
    return row
