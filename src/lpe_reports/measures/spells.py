"""Spells of waiting: from when to when somebody was seen to wait in a period, and how it ended.

Days are whole local days since the wait began. Someone can be seen from day `entry + 1` to day
`exit`, both included: whoever began before the period enters on its first day (delayed entry),
whoever still waits is last seen on its last day. One who was decided on and operated the same
day was seen on day 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from lpe_reports.measures.linking import positions_of
from lpe_reports.measures.times import falls_before, local_days

STILL_WAITING, DONE, LEFT = 0, 1, 2
SPELL_COLUMNS = ["entry", "exit", "outcome"]
OPERATED = "operated"


def spells_between(
    began: pd.Series[Any], done: pd.Series[Any], left: pd.Series[Any], *, start: date, end: date
) -> pd.DataFrame:
    """The spells that were open at some time in a period.

    Args:
        began: When each wait began, times or days; one without is no spell.
        done: When what was waited for came; null where it has not.
        left: When the wait ended otherwise; null where it has not. Where both are known the
            earlier counts, and `done` on the same day. A wait that ended before it began is no
            spell.
        start: The period's first day.
        end: The day after the last day of which anything is known.

    Returns:
        On the index of `began`, only those seen in the period: [entry, exit, outcome], int64
        days and STILL_WAITING, DONE or LEFT.
    """
    seen = open_between(began, done, left, start=start, end=end).to_numpy()
    first, came, went = (_day_numbers(days[seen]) for days in (began, done, left))
    opens, closes = (np.datetime64(day, "D").astype(np.int64) for day in (start, end))
    last = closes - 1
    over = np.fmin(came, went)
    ended = np.where(came == over, DONE, LEFT)
    outcome = np.where(over <= last, ended, STILL_WAITING)
    entry = np.fmax(opens - first, 0) - 1
    spells = {"entry": entry, "exit": np.fmin(over, last) - first, "outcome": outcome}
    kept = ~(over < first)
    return pd.DataFrame(
        {name: values[kept].astype(np.int64) for name, values in spells.items()},
        index=began.index[seen][kept],
    )


def open_between(
    began: pd.Series[Any], *ended: pd.Series[Any], start: date, end: date
) -> pd.Series[Any]:
    """Whether each wait began before a period's end and had not ended before its start."""
    is_open = falls_before(began, end)
    for times in ended:
        is_open &= ~falls_before(times, start)
    return is_open


def need_spells(
    needs: pd.DataFrame,
    operations: pd.DataFrame | None = None,
    *,
    by: Sequence[str] = (),
    start: date,
    end: date,
) -> pd.DataFrame:
    """Each need's wait for its operation, as far as it lies in a period.

    Args:
        needs: need_id, decided_at, removed_at, removed_reason and the columns of `by`.
        operations: need_id and surgery_start_at, on or after the need; the first one counts.
            Where they are not given, or none is linked, a need that was removed with the reason
            "operated" was operated when it was removed.
        by: Columns to keep.
        start: The period's first day.
        end: The day after the last day of which anything is known: the period's end, or the
            night's date where that comes before.

    Returns:
        [*by, entry, exit, outcome], one row per need open at some time in the period.
    """
    waited = needs[may_be_open(needs["decided_at"], needs, operations, start=start, end=end)]
    operated, left = ends_of_needs(waited, operations)
    spells = spells_between(waited["decided_at"], operated, left, start=start, end=end)
    return waited.loc[spells.index, list(dict.fromkeys(by))].assign(**spells)


def may_be_open(
    began: pd.Series[Any],
    needs: pd.DataFrame,
    operations: pd.DataFrame | None,
    *,
    start: date,
    end: date,
) -> pd.Series[Any]:
    """Whether each need began before a period's end and may have ended no earlier than its start.

    The day of the operation ends a wait, also of one who left the list some days before it: who
    left before the period is looked at where an operation in it, or after it, names the need.

    Args:
        began: When each wait began.
        needs, operations: As for `need_spells`.
        start, end: The period.
    """
    maybe = open_between(began, needs["removed_at"], start=start, end=end)
    if operations is not None:
        gone = np.flatnonzero(falls_before(began, end) & ~maybe)
        later = operations.loc[~falls_before(operations["surgery_start_at"], start), "need_id"]
        named = positions_of(needs["need_id"].iloc[gone], later) >= 0
        maybe = maybe.copy()
        maybe.iloc[gone[named]] = True
    return maybe


def ends_of_needs(
    needs: pd.DataFrame, operations: pd.DataFrame | None
) -> tuple[pd.Series[Any], pd.Series[Any]]:
    """When each need was operated, and when it was removed for another reason; null for neither.

    Args:
        needs, operations: As for `need_spells`.
    """
    removed = local_days(needs["removed_at"])
    was_operated = (needs["removed_reason"] == OPERATED).fillna(False).astype(bool)
    operated = removed.where(was_operated)
    if operations is not None:
        linked = first_days(operations["need_id"], operations["surgery_start_at"], needs["need_id"])
        operated = linked.where(linked.notna(), operated)
    return operated, removed.mask(was_operated)


def first_days(
    keys: pd.Series[Any], times: pd.Series[Any], among: pd.Series[Any]
) -> pd.Series[Any]:
    """The first local day that stands under each of some keys; null where none does.

    Args:
        keys: The key of each time, str; null and unknown ones are left out.
        times: Times or days, row by row with `keys`.
        among: The keys to answer for, each once.

    Returns:
        datetime64[us] without a zone, on the index of `among`.
    """
    never = np.iinfo(np.int64).max
    found = positions_of(keys, among)
    known = (found >= 0) & times.notna().to_numpy()
    days = local_days(times[known]).to_numpy("datetime64[us]").view(np.int64)
    first = np.full(len(among), never, dtype=np.int64)
    np.minimum.at(first, found[known], days)
    first[first == never] = np.iinfo(np.int64).min  # NaT
    return pd.Series(first.view("datetime64[us]"), index=among.index)


def _day_numbers(times: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Local days as numbers, NaN where null."""
    days = local_days(times)
    numbers = days.to_numpy("datetime64[D]").astype(np.int64).astype(np.float64)
    numbers[days.isna().to_numpy()] = np.nan
    return numbers
