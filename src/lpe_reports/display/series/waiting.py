"""Series of waiting: the lists as they stood at each window's end, and those who were operated.

A list's state at the end of a week is its snapshot of the Monday after; where that night is
missing, the nearest earlier one within three days stands for it.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pandas as pd

from lpe_reports.display.series.asking import Ask, Window
from lpe_reports.measures.waiting import performed_by, waiting_by, with_needs
from lpe_reports.warehouse.questions import Prefix

_BY = ["window"]
_ENTRY = [
    "snapshot_date", "unit", "section", "since_date", "guarantee", "deviation", "booked_for",
]  # fmt: skip
# Who comes in acutely waits in no list; counted in, a unit with an emergency theatre would
# seem to have hardly any wait.
_ELECTIVE = {"urgency": "elective"}
_NEEDS_YEARS = 3  # how long before its operation a need may have been decided


def waiting(ask: Ask) -> pd.DataFrame:
    """How many waited at each window's end: [window, value]; 0 where a snapshot has nobody."""
    return _in_every_snapshot(ask, _waiting(ask).set_index("window")["waiting"])


def guarantee_share(ask: Ask) -> pd.DataFrame:
    """Share of those covered who were within the guarantee: [window, value, numerator, …]."""
    return _share(_waiting(ask))


def unbooked(ask: Ask) -> pd.DataFrame:
    """How many waited without a booked date at each window's end: [window, value]."""
    entries = _entries(ask)
    free = entries["booked_for"].isna()
    return _in_every_snapshot(ask, free.groupby(entries["window"]).sum())


def performed_median(ask: Ask) -> pd.DataFrame:
    """Median days from decision to operation of the operated: [window, value, n]."""
    columns = ["decided_at", "surgery_start_at"]
    frame = ask.rows("operations", columns, time="surgery_start_at", where=_ELECTIVE)
    done = _by_limit(ask, frame, performed_by)
    return done[["window", "median_days", "performed"]].rename(
        columns={"median_days": "value", "performed": "n"}
    )


def performed_share(ask: Ask) -> pd.DataFrame:
    """Share of the operated whom the guarantee covered that came within it."""
    columns = ["need_id", "decided_at", "surgery_start_at"]
    frame = ask.rows("operations", columns, time="surgery_start_at", where=_ELECTIVE)
    needs = ask.reader.read(
        "needs",
        start=ask.reach[0] - timedelta(days=366 * _NEEDS_YEARS),
        end=ask.reach[1],
        where=None if ask.selection.vo is None else {"vo": ask.selection.vo},
        columns=["need_id", "guarantee", "deviation"],
    )
    return _share(_by_limit(ask, with_needs(frame, needs), performed_by))


def _share(counted: pd.DataFrame) -> pd.DataFrame:
    names = {"share_within": "value", "within": "numerator", "covered": "denominator"}
    return counted[["window", *names]].rename(columns=names)


def _waiting(ask: Ask) -> pd.DataFrame:
    key = ("waiting", ask.selection, ask.windows)
    return ask.reader.remember(key, lambda: _by_limit(ask, _entries(ask), waiting_by))


def _entries(ask: Ask) -> pd.DataFrame:
    """The entries of the snapshots that stand for each window's end, with its id."""
    chosen = ask.selection
    key = ("entries", chosen.list, chosen.vo, chosen.procedure, ask.windows)
    entries = ask.reader.remember(key, lambda: _entries_of_all_units(ask))
    for column, value in (("unit", chosen.unit), ("section", chosen.section)):
        if value is not None:
            entries = entries[entries[column] == value]
    return entries


def _entries_of_all_units(ask: Ask) -> pd.DataFrame:
    """One reading serves every series of a page."""
    days = {window.id: _snapshot_day(ask, window) for window in ask.windows}
    wanted = sorted({day for day in days.values() if day is not None})
    if not wanted:
        return pd.DataFrame(columns=[*_ENTRY, "window"])
    where: dict[str, object] = {"list": ask.selection.list, "snapshot_date": wanted}
    if ask.selection.vo is not None:
        where["vo"] = ask.selection.vo
    if ask.selection.procedure is not None:
        where["procedure_code"] = Prefix(*ask.params.procedures.prefixes(ask.selection.procedure))
    entries = ask.reader.read(
        "waiting_list",
        start=wanted[0],
        end=wanted[-1] + timedelta(days=1),
        where=where,
        columns=_ENTRY,
    )
    stands_for = pd.DataFrame(
        {
            "window": pd.array(list(days), dtype="str"),
            "snapshot_date": pd.Series(list(days.values()), dtype="datetime64[us]"),
        }
    )
    # One snapshot can stand for two windows: a period under way and its first days.
    return entries.merge(stands_for.dropna(), on="snapshot_date")


def _snapshot_day(ask: Ask, window: Window) -> date | None:
    return ask.reader.snapshot_on(ask.selection.list, min(window.end, ask.reader.night))


def _in_every_snapshot(ask: Ask, counted: "pd.Series[Any]") -> pd.DataFrame:
    windows = [window.id for window in ask.windows if _snapshot_day(ask, window) is not None]
    return pd.DataFrame(
        {
            "window": pd.array(windows, dtype="str"),
            "value": counted.reindex(windows, fill_value=0).to_numpy(),
        }
    )


def _by_limit(ask: Ask, frame: pd.DataFrame, compute: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    """A measure with the guarantee's limit that was in force in each window."""
    glossary, list_ = ask.params.glossary, ask.selection.list
    limits = {
        window.id: glossary.guarantee_on(window.end - timedelta(days=1), list=list_)
        for window in ask.windows
    }
    distinct = list(dict.fromkeys(limits.values()))
    in_force = frame["window"].map({name: distinct.index(limit) for name, limit in limits.items()})
    parts = [
        compute(frame[in_force == number], by=_BY, limit=limit)
        for number, limit in enumerate(distinct)
    ]
    return pd.concat(parts, ignore_index=True)
