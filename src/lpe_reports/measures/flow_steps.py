"""The steps from referral to home: whom each concerns, when it began and ended, and what links.

A step ends with the event that names it. Tables are linked by referral_id, need_id and
operation_id; an inpatient stay names its operation. Optional tables may be missing: a step that
needs one of them is None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from lpe_reports.measures.linking import positions_of, taken
from lpe_reports.measures.spells import (
    ends_of_needs,
    first_days,
    may_be_open,
    open_between,
    spells_between,
)
from lpe_reports.measures.survival import Ints
from lpe_reports.measures.times import falls_before, local_days

HOME = "home"
_SOON = timedelta(days=7)


@dataclass(frozen=True)
class Pathway:
    """The tables of the way from referral to home; None where the source has not got one.

    Attributes:
        referrals: referral_id, referred_at, assessed_at, closed_at.
        contacts: referral_id, first, happened_at.
        needs: need_id, referral_id, decided_at, requested_at, removed_at, removed_reason.
        operations: operation_id, need_id, surgery_start_at, patient_out_at.
        postop_stays: operation_id, arrived_at, left_at.
        stays: operation_id, discharged_at, discharged_to.

    The first four also have the columns of `by`. Emergencies came by no referral and are left
    out of needs and operations where `urgency` says so.
    """

    referrals: pd.DataFrame | None = None
    contacts: pd.DataFrame | None = None
    needs: pd.DataFrame | None = None
    operations: pd.DataFrame | None = None
    postop_stays: pd.DataFrame | None = None
    stays: pd.DataFrame | None = None


@dataclass(frozen=True)
class Span:
    """The days that are looked at, and the columns that make the groups."""

    by: Sequence[str]
    start: date
    end: date

    def holds(self, times: pd.Series[Any]) -> pd.Series[Any]:
        return falls_before(times, self.end) & ~falls_before(times, self.start)

    def sees(self, began: pd.Series[Any], *ended: pd.Series[Any]) -> pd.Series[Any]:
        return open_between(began, *ended, start=self.start, end=self.end)


@dataclass(frozen=True)
class StepRows:
    """One step.

    Attributes:
        spells: [*by, entry, exit, outcome] of everyone in the step at some time in the period.
        links: [*by, linked]: what ended the step in the period, and whether the row that it
            followed on could be found.
        open_ended: Whether it is known who is still in it. Nobody knows who of those who were
            seen will be operated, so the step to a decision is that of the decided alone.
    """

    spells: pd.DataFrame
    links: pd.DataFrame
    open_ended: bool = field(default=True)


def assessed(tables: Pathway, span: Span) -> StepRows | None:
    """From referral to assessment; a referral that is closed before has left."""
    referrals = tables.referrals
    if referrals is None:
        return None
    times = (referrals["referred_at"], referrals["assessed_at"], referrals["closed_at"])
    done = referrals[span.holds(referrals["assessed_at"])]
    return StepRows(_spells(referrals, span, *times), _found(done, span, linked=True))


def first_contact(tables: Pathway, span: Span) -> StepRows | None:
    """From assessment to the first contact; a referral that is closed before has left."""
    referrals, contacts = tables.referrals, _first_contacts(tables)
    if referrals is None or contacts is None:
        return None
    still = referrals[span.sees(referrals["assessed_at"], referrals["closed_at"])]
    seen = first_days(contacts["referral_id"], contacts["happened_at"], still["referral_id"])
    spells = _spells(still, span, still["assessed_at"], seen, still["closed_at"])
    done = contacts[span.holds(contacts["happened_at"])]
    return StepRows(spells, _links(done, span, "referral_id", referrals))


def decision(tables: Pathway, span: Span) -> StepRows | None:
    """From the first contact to the decision to operate, of those who were decided on."""
    contacts = _first_contacts(tables)
    needs = _elective(tables.needs, span, "referral_id", "decided_at")
    if contacts is None or needs is None:
        return None
    decided = needs[span.holds(needs["decided_at"])]
    contact = positions_of(decided["referral_id"], contacts["referral_id"])
    began = taken(contacts["happened_at"], contact).set_axis(decided.index)
    days = (local_days(decided["decided_at"]) - local_days(began)).dt.days
    took = days[days >= 0].astype(np.int64)
    spells = _keys(decided.loc[took.index], span).assign(entry=-1, exit=took, outcome=1)
    return StepRows(spells, _links(decided, span, "referral_id", contacts), open_ended=False)


def request(tables: Pathway, span: Span) -> StepRows | None:
    """From the decision to the request to the operating department; removals have left."""
    needs = _elective(tables.needs, span, "decided_at", "requested_at", "removed_at")
    if needs is None:
        return None
    times = (needs["decided_at"], needs["requested_at"], needs["removed_at"])
    done = needs[span.holds(needs["requested_at"])]
    return StepRows(_spells(needs, span, *times), _found(done, span, linked=True))


def operation(tables: Pathway, span: Span) -> StepRows | None:
    """From the request to the operation; who is removed for another reason has left."""
    needs = _elective(tables.needs, span, "need_id", "requested_at", "removed_at", "removed_reason")
    operations = _elective(tables.operations, span, "need_id", "surgery_start_at")
    if needs is None or operations is None:
        return None
    began = needs["requested_at"]
    waited = needs[may_be_open(began, needs, operations, start=span.start, end=span.end)]
    spells = _spells(waited, span, waited["requested_at"], *ends_of_needs(waited, operations))
    done = operations[span.holds(operations["surgery_start_at"])]
    return StepRows(spells, _links(done, span, "need_id", needs))


def postop(tables: Pathway, span: Span) -> StepRows | None:
    """From the theatre to postoperative care; who has no stay there left for somewhere else."""
    operations = _elective(tables.operations, span, "operation_id", "patient_out_at")
    postop_stays = tables.postop_stays
    if operations is None or postop_stays is None:
        return None
    # Whoever came out long before has come there, or gone elsewhere, since.
    near = Span(span.by, span.start - _SOON, span.end)
    recent = operations[near.holds(operations["patient_out_at"])]
    arrived = first_days(
        postop_stays["operation_id"], postop_stays["arrived_at"], recent["operation_id"]
    )
    out = local_days(recent["patient_out_at"])
    spells = _spells(recent, span, out, arrived, out.where(arrived.isna()))
    done = _not_emergency(postop_stays[span.holds(postop_stays["arrived_at"])], tables)
    own, at = _of_operations(done, operations, span)
    return StepRows(spells, own.assign(linked=at >= 0))


def home(tables: Pathway, span: Span) -> StepRows | None:
    """From postoperative care to home, of those with a stay; who goes elsewhere has left."""
    operations = _elective(tables.operations, span, "operation_id", "patient_out_at")
    postop_stays, stays = tables.postop_stays, tables.stays
    if operations is None or stays is None or postop_stays is None:
        return None
    named = stays[stays["operation_id"].notna() & ~falls_before(stays["discharged_at"], span.start)]
    named = _not_emergency(named, tables)
    own, at = _of_operations(named, operations, span)
    care = positions_of(named["operation_id"], postop_stays["operation_id"])
    out = local_days(taken(operations["patient_out_at"], at))
    after = local_days(taken(postop_stays["left_at"], care))
    began = after.where(after.notna(), out).set_axis(named.index)
    discharged = local_days(named["discharged_at"])
    went_home = (named["discharged_to"] == HOME).fillna(False).astype(bool)
    spells = _spells(own, span, began, discharged.where(went_home), discharged.mask(went_home))
    done = span.holds(named["discharged_at"])
    return StepRows(spells, own[done].assign(linked=at[done.to_numpy()] >= 0))


# In the order in which they are taken.
STEPS: Mapping[str, Callable[[Pathway, Span], StepRows | None]] = {
    "assessed": assessed,
    "first_contact": first_contact,
    "decision": decision,
    "request": request,
    "operation": operation,
    "postop": postop,
    "home": home,
}


def _spells(
    frame: pd.DataFrame,
    span: Span,
    began: pd.Series[Any],
    done: pd.Series[Any],
    left: pd.Series[Any],
) -> pd.DataFrame:
    spells = spells_between(began, done, left, start=span.start, end=span.end)
    return _keys(frame.loc[spells.index], span).assign(**spells)


def _links(done: pd.DataFrame, span: Span, key: str, among: pd.DataFrame) -> pd.DataFrame:
    return _found(done, span, linked=positions_of(done[key], among[key]) >= 0)


def _found(done: pd.DataFrame, span: Span, *, linked: Any) -> pd.DataFrame:
    return _keys(done, span).assign(linked=linked)


def _keys(frame: pd.DataFrame, span: Span) -> pd.DataFrame:
    """The grouping columns; null where a table has not got one."""
    keys = {
        name: frame[name]
        if name in frame
        else pd.Series([None] * len(frame), index=frame.index, dtype="str")
        for name in dict.fromkeys(span.by)
    }
    return pd.DataFrame(keys, index=frame.index)


def _first_contacts(tables: Pathway) -> pd.DataFrame | None:
    contacts = tables.contacts
    if contacts is None:
        return None
    first = contacts["first"].astype(bool)
    return contacts if first.all() else contacts[first]


def _elective(frame: pd.DataFrame | None, span: Span, *columns: str) -> pd.DataFrame | None:
    """The rows of the elective way with what a step needs of them, and the groups they have."""
    if frame is None:
        return None
    keys = [name for name in dict.fromkeys(span.by) if name in frame and name not in columns]
    chosen = frame[[*columns, *keys]]
    return chosen[frame["urgency"] == "elective"] if "urgency" in frame else chosen


def _not_emergency(rows: pd.DataFrame, tables: Pathway) -> pd.DataFrame:
    """Rows whose operation is not known to be an emergency."""
    operations = tables.operations
    if operations is None or "urgency" not in operations:
        return rows
    emergency = operations.loc[operations["urgency"] != "elective", "operation_id"]
    return rows[positions_of(rows["operation_id"], emergency) < 0]


def _of_operations(
    rows: pd.DataFrame, operations: pd.DataFrame, span: Span
) -> tuple[pd.DataFrame, Ints]:
    """The groups of the operations that rows name, and where those stand; null and −1 for none."""
    at = positions_of(rows["operation_id"], operations["operation_id"])
    keys = _keys(operations, span)
    own = {name: taken(keys[name], at).set_axis(rows.index) for name in keys}
    return pd.DataFrame(own, index=rows.index), at
