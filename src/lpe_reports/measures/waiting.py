"""Waiting: those who wait on a day, and those who were operated.

Days are whole local days. Two populations that are never mixed: the waiting (snapshot −
decision) and the performed (surgery − decision). Numerator and denominator of a share within
the guarantee are columns of their own, since they are other people than the list's total.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from lpe_reports.measures.grouping import UNKNOWN, add_up, share, with_asa_group
from lpe_reports.measures.linking import positions_of, taken
from lpe_reports.measures.times import days_between
from lpe_reports.params.glossary import GuaranteeLimit

# The last day of each band but the open one; KCHD (SKR).
BAND_LAST_DAYS = (30, 60, 90, 120, 180)
BANDS = ("0–30", "31–60", "61–90", "91–120", "121–180", "över 180")
SMALLEST_QUEUE = 10
WAITING_COLUMNS = (
    "waiting", "covered", "within", "share_within", "median_days", "p90_days", "over_limit",
    "negative_dropped",
)  # fmt: skip
PERFORMED_COLUMNS = (
    "performed", "mean_days", "median_days", "p90_days", "covered", "within", "share_within",
    "negative_dropped",
)  # fmt: skip


def waiting_days(waiting_list: pd.DataFrame) -> pd.Series[Any]:
    """Days waited so far: snapshot_date − since_date, float64, NaN where either is null.

    A wait that begins after the list's own day is negative: an error of the source, which the
    measures below leave out.

    Glossary: wait_days_waiting
    """
    return days_between(waiting_list["since_date"], waiting_list["snapshot_date"])


def operation_wait_days(operations: pd.DataFrame) -> pd.Series[Any]:
    """Days waited by the operated: day of surgery_start_at − day of decided_at, NaN where null.

    Glossary: wait_days_performed
    """
    return days_between(operations["decided_at"], operations["surgery_start_at"])


def spor_wait_days(operations: pd.DataFrame) -> pd.Series[Any]:
    """Days waited as SPOR counts: day of requested_at to that of surgery_start_at, planned only.

    A second measure beside `operation_wait_days`, never mixed with it. NaN where a time is null
    or the operation was not planned.

    Glossary: wait_days_spor

    Source: SPOR, V310 to V565.
    """
    days = days_between(operations["requested_at"], operations["surgery_start_at"])
    return days.where(_true(operations["planned"]))


def with_needs(
    operations: pd.DataFrame,
    needs: pd.DataFrame,
    columns: Sequence[str] = ("guarantee", "deviation"),
) -> pd.DataFrame:
    """Each operation with what its need says; null where no need is linked.

    Args:
        operations: Operations with need_id.
        needs: Needs with need_id (unique) and `columns`.
        columns: What to bring over.
    """
    own = operations.drop(columns=[name for name in columns if name in operations.columns])
    known = needs.loc[needs["need_id"].notna(), ["need_id", *columns]]
    return own.merge(known, on="need_id", how="left", validate="many_to_one")


def waiting_by(
    waiting_list: pd.DataFrame, *, by: Sequence[str], limit: GuaranteeLimit | None
) -> pd.DataFrame:
    """Who waits, how long, and how many of those the guarantee covers are within its limit.

    Args:
        waiting_list: Entries with since_date, snapshot_date, guarantee and deviation. Where it
            holds several snapshots, `by` must keep them apart (snapshot_date, a period).
        by: Columns of the frame that make the groups.
        limit: The guarantee's limit in force on the snapshot's date; without one nobody is covered.

    Returns:
        [*by, waiting, covered, within, share_within, median_days, p90_days, over_limit,
        negative_dropped]. `waiting` are all entries. `covered` are covered by the guarantee with
        neither patient-chosen (pvv) nor medically caused (mov) wait; `within` those of them with
        days ≤ limit, `over_limit` the rest. Median and P90 are days waited so far of all who wait.
        Entries without a date, and the `negative_dropped` whose wait begins after the list's day,
        are in `waiting` alone.

    Glossary: waiting, waiting_first_contact, waiting_operation, guarantee_share_waiting,
        wait_days_waiting

    Source: KCHD (SKR) v2.4.
    """
    counted = waiting_days(waiting_list)
    days = counted.where(counted >= 0)
    covered = _covered_waiting(waiting_list, limit) & days.notna()
    answer = add_up(
        waiting_list,
        by,
        sums={
            "waiting": _each(waiting_list),
            "covered": covered,
            "within": covered & _within(days, limit),
            "negative_dropped": counted < 0,
        },
        values=days,
        statistics={"median_days": 0.5, "p90_days": 0.9},
    )
    return answer.assign(
        share_within=share(answer["within"], answer["covered"]),
        over_limit=answer["covered"] - answer["within"],
    )[[*dict.fromkeys(by), *WAITING_COLUMNS]]


def bands_by(waiting_list: pd.DataFrame, *, by: Sequence[str]) -> pd.DataFrame:
    """How many wait in each band of days.

    Args:
        waiting_list: Entries with since_date and snapshot_date.
        by: Columns of the frame that make the groups.

    Returns:
        [*by, band, waiting]: every band of every group in the order of BANDS, also those with
        nobody; one more, "okänd", where a group has entries without a date, or with one after
        the list's day.

    Glossary: waiting_bands

    Source: KCHD (SKR).
    """
    keys = list(dict.fromkeys(by))
    days = waiting_days(waiting_list)
    position = np.searchsorted(BAND_LAST_DAYS, days.to_numpy(), side="left")
    position[~(days >= 0).to_numpy()] = len(BANDS)
    names = (*BANDS, UNKNOWN)
    in_band = {
        name: pd.Series(position == number, index=waiting_list.index)
        for number, name in enumerate(names)
    }
    wide = add_up(waiting_list, keys, sums=in_band)
    bands = [wide[keys].assign(band=name, waiting=wide[name]) for name in names]
    long = pd.concat(bands).sort_index(kind="stable")
    return long[(long["band"] != UNKNOWN) | (long["waiting"] > 0)].reset_index(drop=True)


def performed_by(
    operations_with_needs: pd.DataFrame, *, by: Sequence[str], limit: GuaranteeLimit | None
) -> pd.DataFrame:
    """How long the operated had waited, and how many within the guarantee.

    Args:
        operations_with_needs: Operations with decided_at and surgery_start_at; guarantee and
            deviation where they are known (see `with_needs`). Without them nobody is covered.
        by: Columns of the frame that make the groups.
        limit: The guarantee's limit in force when they were operated; without one nobody is
            covered.

    Returns:
        [*by, performed, mean_days, median_days, p90_days, covered, within, share_within,
        negative_dropped]. `performed` are the operations with a known wait of 0 days or more,
        which all else rests on; `negative_dropped` those with a negative one. `covered` are
        covered by the guarantee and not patient-chosen (pvv); medically caused (mov) stay in.

    Glossary: guarantee_share_performed, wait_days_performed

    Source: KCHD (SKR) v2.4. Percentiles: linear, type 7.
    """
    days = operation_wait_days(operations_with_needs)
    return _performed(operations_with_needs, days, by, limit)


def performed_contacts_by(
    contacts: pd.DataFrame,
    referrals: pd.DataFrame,
    *,
    by: Sequence[str],
    limit: GuaranteeLimit | None,
) -> pd.DataFrame:
    """How long those had waited who came to their first contact, and how many within the guarantee.

    Args:
        contacts: Contacts with referral_id, first and happened_at; guarantee and deviation where
            they are known. Those that are not the first after their referral are left out.
        referrals: referral_id (unique) and referred_at, the day of the decision to refer, which
            the guarantee counts from; not when the clinic had the referral.
        by: Columns of `contacts` that make the groups.
        limit: That of "first_contact" in force when they came; without one nobody is covered.

    Returns:
        As `performed_by`. A contact whose referral is not found has no known wait, and is
        counted nowhere.

    Glossary: guarantee_share_first_contact, wait_days_first_contact

    Source: KCHD (SKR) v2.4. Percentiles: linear, type 7.
    """
    first = contacts[_true(contacts["first"])]
    at = positions_of(first["referral_id"], referrals["referral_id"])
    referred = taken(referrals["referred_at"], at).set_axis(first.index)
    return _performed(first, days_between(referred, first["happened_at"]), by, limit)


def queues_over_limit(
    waiting_list: pd.DataFrame, *, limit: GuaranteeLimit | None, minimum: int = SMALLEST_QUEUE
) -> pd.DataFrame:
    """The queues, and in which of them someone covered has waited past the limit.

    Args:
        waiting_list: One snapshot's entries with unit, procedure_group (null is a queue of its
            own), since_date, snapshot_date, guarantee and deviation.
        limit: The guarantee's limit in force on the snapshot's date; without one nobody is covered.
        minimum: Smaller queues are left out.

    Returns:
        One row per queue (unit × procedure group): [unit, procedure_group, waiting,
        longest_days, over]; `longest_days` is the longest wait of those covered, NaN where
        nobody is. "6 av 88 köer" is `over.sum()` of `len`.

    Glossary: queues_over_limit
    """
    by = ["unit", "procedure_group"]
    days = waiting_days(waiting_list)
    covered = _covered_waiting(waiting_list, limit) & (days >= 0)
    answer = add_up(
        waiting_list,
        by,
        sums={"waiting": _each(waiting_list)},
        values=days.where(covered),
        statistics={"longest_days": "max"},
    )
    queues = answer[answer["waiting"] >= minimum].reset_index(drop=True)
    return queues.assign(
        over=queues["longest_days"].notna() & ~_within(queues["longest_days"], limit)
    )


def unbooked_by_asa(waiting_list: pd.DataFrame, *, by: Sequence[str]) -> pd.DataFrame:
    """How many wait without a booked date, by ASA group.

    Args:
        waiting_list: Entries with booked_for (null: unbooked) and asa.
        by: Columns of the frame that make the groups.

    Returns:
        [*by, asa_1_2, asa_3, asa_4_6, asa_unknown, unbooked]; a group where all are booked
        has zeros. The four groups add up to `unbooked`.

    Glossary: unbooked, asa_group
    """
    unbooked = waiting_list["booked_for"].isna()
    group = with_asa_group(waiting_list, as_="_asa_group")["_asa_group"]
    columns = {"1–2": "asa_1_2", "3": "asa_3", "4–6": "asa_4_6", UNKNOWN: "asa_unknown"}
    sums = {column: unbooked & (group == label) for label, column in columns.items()}
    return add_up(waiting_list, by, sums=sums | {"unbooked": unbooked})


def _performed(
    frame: pd.DataFrame, days: pd.Series[Any], by: Sequence[str], limit: GuaranteeLimit | None
) -> pd.DataFrame:
    """PERFORMED_COLUMNS of rows that each were done after so many days."""
    valid = days >= 0
    covered = _covered_performed(frame, limit) & valid
    answer = add_up(
        frame,
        by,
        sums={
            "performed": valid,
            "covered": covered,
            "within": covered & _within(days, limit),
            "negative_dropped": days < 0,
        },
        values=days.where(valid),
        statistics={"mean_days": "mean", "median_days": 0.5, "p90_days": 0.9},
    )
    return answer.assign(share_within=share(answer["within"], answer["covered"]))[
        [*dict.fromkeys(by), *PERFORMED_COLUMNS]
    ]


def _each(frame: pd.DataFrame) -> pd.Series[Any]:
    return pd.Series(True, index=frame.index, dtype=bool)


def _covered_waiting(waiting_list: pd.DataFrame, limit: GuaranteeLimit | None) -> pd.Series[Any]:
    if limit is None:
        return ~_each(waiting_list)
    return _true(waiting_list["guarantee"]) & (waiting_list["deviation"] == "none")


def _covered_performed(operations: pd.DataFrame, limit: GuaranteeLimit | None) -> pd.Series[Any]:
    if limit is None or "guarantee" not in operations:
        return ~_each(operations)
    covered = _true(operations["guarantee"])
    if "deviation" in operations:
        covered &= operations["deviation"] != "pvv"
    return covered


def _within(days: pd.Series[Any], limit: GuaranteeLimit | None) -> pd.Series[Any]:
    return days <= (np.nan if limit is None else limit.days)


def _true(flags: pd.Series[Any]) -> pd.Series[Any]:
    """Null counts as no, whatever the column's dtype (bool, boolean, or object after a join)."""
    return flags.astype("boolean").fillna(False).astype(bool)
