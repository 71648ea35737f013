"""The checks of the data contract that look at several columns, or at rows together, per table.

Times that cannot have followed each other are errors of the row: a measure would count with them.
What is odd but can be true, or harms one measure only, is flagged. Where sources know only the
day of a time, days are compared. Rules about rows together look back two days at most.
"""

from typing import TYPE_CHECKING

from lpe_reports.warehouse.rules.rule import Consequence, Rule, days_ordered, ordered, times
from lpe_reports.warehouse.rules.theatre import (
    CANCELLATION_RULES,
    KVA,
    OPERATION_RULES,
    POSTOP_RULES,
    SESSION_RULES,
)

if TYPE_CHECKING:
    import pandas as pd

_ROW, _FLAG = Consequence.ROW, Consequence.FLAG
_MOST_WORKED = 2


def _discharged_somewhere(frame: "pd.DataFrame") -> "pd.Series[bool]":
    return frame["discharged_to"].isna() | times(frame, "discharged_at").notna()


def _vacant_of_scheduled(frame: "pd.DataFrame") -> "pd.Series[bool]":
    return ~(frame["vacant_hours"] > frame["scheduled_hours"])


def _worked_of_scheduled(frame: "pd.DataFrame") -> "pd.Series[bool]":
    return ~(frame["worked_hours"] > _MOST_WORKED * frame["scheduled_hours"])


TABLE_RULES: dict[str, tuple[Rule, ...]] = {
    "operations": OPERATION_RULES,
    "sessions": SESSION_RULES,
    "postop_stays": POSTOP_RULES,
    "cancellations": CANCELLATION_RULES,
    "needs": (
        days_ordered(
            _ROW,
            "the removal not on an earlier day than the decision",
            "decided_at",
            "removed_at",
            rule="negative_wait",
        ),
        days_ordered(
            _FLAG,
            "the request not on an earlier day than the decision",
            "decided_at",
            "requested_at",
        ),
        days_ordered(
            _FLAG, "the latest day not before that of the decision", "decided_at", "latest_on"
        ),
        KVA,
    ),
    "waiting_list": (
        days_ordered(
            _ROW,
            "the decision not on a later day than the snapshot",
            "since_date",
            "snapshot_date",
            rule="negative_wait",
        ),
        days_ordered(
            _FLAG,
            "not booked for a day before the snapshot",
            "snapshot_date",
            "booked_for",
            rule="booked_in_the_past",
        ),
    ),
    "referrals": (
        days_ordered(
            _ROW,
            "days in the order referred ≤ received ≤ assessed (where given)",
            "referred_at",
            "received_at",
            "assessed_at",
        ),
        days_ordered(
            _ROW,
            "days in the order referred ≤ received ≤ closed (where given)",
            "referred_at",
            "received_at",
            "closed_at",
        ),
    ),
    "stays": (
        ordered(_ROW, "admitted not later than discharged", "admitted_at", "discharged_at"),
        Rule(
            "not_discharged",
            _FLAG,
            ("discharged_to", "discharged_at"),
            "a time of discharge where somebody went somewhere",
            _discharged_somewhere,
        ),
    ),
    "targets": (ordered(_ROW, "the first day not later than the last", "valid_from", "valid_to"),),
    "staffing": (
        Rule(
            "more_than_scheduled",
            _FLAG,
            ("vacant_hours", "scheduled_hours"),
            "not more vacant hours than scheduled ones",
            _vacant_of_scheduled,
        ),
        Rule(
            "more_than_scheduled",
            _FLAG,
            ("worked_hours", "scheduled_hours"),
            f"worked at most {_MOST_WORKED} times what was scheduled; more is often minutes",
            _worked_of_scheduled,
        ),
    ),
}
