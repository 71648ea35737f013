"""The checks of the data contract, each with its consequence.

A rule says for every row whether it passes. Rules that follow from what a column is (a unit that
nobody knows, a code that does not exist, a number outside its limits) are made from the columns;
those about several columns are written out below, per table.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from lpe_reports.errors import UsageError
from lpe_reports.periods import parse_period
from lpe_reports.warehouse.columns import UNKNOWN, Column, Kind, TableContract


class Consequence(StrEnum):
    LOAD = "load"  # the table is refused
    ROW = "row"  # the row is set aside and counted
    REPAIR = "repair"  # mended as the rule says, and counted
    FLAG = "flag"  # kept and counted


Passes = Callable[[pd.DataFrame], "pd.Series[bool]"]


@dataclass(frozen=True)
class Rule:
    """One check.

    Attributes:
        name: What operators and pages call it.
        consequence: What happens to what does not pass.
        columns: The columns it looks at; a repair sets the first to null.
        says: The promise, for docs and messages; ends the sentence "expected …".
        passes: A frame in, True for each row that keeps the promise.
        whole: It looks at rows together, so it needs the whole table.
    """

    name: str
    consequence: Consequence
    columns: tuple[str, ...]
    says: str
    passes: Passes
    whole: bool = False

    @property
    def id(self) -> str:
        return f"{self.name}({', '.join(self.columns)})"


def rules_of(contract: TableContract) -> list[Rule]:
    """All checks of a table that look at values, in the order in which they are reported."""
    made = [rule for column in contract for rule in _column_rules(column)]
    return [*made, *_TABLE_RULES.get(contract.name, ())]


def _column_rules(column: Column) -> Iterator[Rule]:
    name, row, repair = (column.name,), Consequence.ROW, Consequence.REPAIR
    match column.kind:
        case Kind.UNIT:
            if not column.nullable:
                yield Rule("null_unit", row, name, "a unit in every row", _not_null(column.name))
            kinds = " or ".join((*column.units, *column.values))
            says = f"a unit of params/units.yml ({kinds})"
            yield Rule("unknown_unit", row, name, says, _known(column.name))
        case Kind.CODE:
            yield Rule(
                "unknown_code",
                repair if column.nullable else row,
                name,
                f"one of {', '.join(column.values)}",
                _known(column.name),
            )
        case Kind.WHOLE if column.highest is not None or column.lowest is not None:
            limits = f"{column.lowest}–{'' if column.highest is None else column.highest}"
            yield Rule(
                "out_of_range",
                repair if column.nullable else row,
                name,
                f"{limits}, whole numbers",
                _within(column),
            )
        case Kind.PERIOD:
            says = "a period like 2026-W19"
            yield Rule("unknown_period", row, name, says, _is_period(column.name))


def _not_null(name: str) -> Passes:
    return lambda frame: frame[name].notna()


def _known(name: str) -> Passes:
    return lambda frame: frame[name] != UNKNOWN


def _within(column: Column) -> Passes:
    def passes(frame: pd.DataFrame) -> "pd.Series[bool]":
        values = frame[column.name]
        low = values >= column.lowest if column.lowest is not None else values.isna()
        good = low if column.highest is None else low & (values <= column.highest)
        return good.fillna(True).astype(bool)

    return passes


def _is_period(name: str) -> Passes:
    def known(text: str) -> bool:
        try:
            parse_period(text)
        except UsageError:
            return False
        return True

    def passes(frame: pd.DataFrame) -> "pd.Series[bool]":
        good = {text: known(text) for text in frame[name].dropna().unique()}
        return frame[name].map(good).fillna(True).astype(bool)

    return passes


def _ordered(*names: str) -> Passes:
    """Each time not later than the next; one that is null is passed over."""

    def passes(frame: pd.DataFrame) -> "pd.Series[bool]":
        latest = frame[names[0]]
        good = pd.Series(True, index=frame.index)
        for name in names[1:]:
            good &= ~(frame[name] < latest)
            latest = frame[name].fillna(latest)
        return good

    return passes


def _not_later_day(first: str, then: str) -> Passes:
    """The day of one time not after the day of another; nulls pass."""
    return lambda frame: ~(_day(frame[then]) < _day(frame[first]))


def _day(times: "pd.Series[pd.Timestamp]") -> "pd.Series[pd.Timestamp]":
    naive = times.dt.tz_localize(None) if times.dt.tz is not None else times
    return naive.dt.normalize()


def _stay_under_a_day(frame: pd.DataFrame) -> "pd.Series[bool]":
    return ~(frame["patient_out_at"] - frame["patient_in_at"] >= pd.Timedelta(hours=24))


def _alone_in_theatre(frame: pd.DataFrame) -> "pd.Series[bool]":
    """False for an operation that begins before everyone earlier has left the same theatre."""
    ordered = frame.sort_values(["operating_unit", "theatre", "patient_in_at", "patient_out_at"])
    theatre = [ordered["operating_unit"], ordered["theatre"]]
    out = ordered["patient_out_at"].astype("int64")
    latest_out = out.groupby(theatre).cummax()
    earlier = latest_out.groupby(theatre).shift(fill_value=np.iinfo("int64").min)
    alone = ordered["patient_in_at"].astype("int64") >= earlier
    return alone.reindex(frame.index)


_TIMES = ("patient_in_at", "surgery_start_at", "knife_start_at", "surgery_end_at", "patient_out_at")
_TABLE_RULES: dict[str, tuple[Rule, ...]] = {
    "operations": (
        Rule(
            "order_of_times",
            Consequence.ROW,
            _TIMES,
            "patient in ≤ surgery start ≤ knife start (where given) ≤ surgery end ≤ patient out",
            _ordered(*_TIMES),
        ),
        Rule(
            "stay_of_a_day",
            Consequence.ROW,
            ("patient_in_at", "patient_out_at"),
            "less than 24 hours in the theatre",
            _stay_under_a_day,
        ),
        Rule(
            "negative_wait",
            Consequence.ROW,
            ("decided_at", "surgery_start_at"),
            "the decision not on a later day than the operation",
            _not_later_day("decided_at", "surgery_start_at"),
        ),
        Rule(
            "overlap",
            Consequence.FLAG,
            ("theatre", "patient_in_at", "patient_out_at"),
            "nobody taken into a theatre before the one before has left it",
            _alone_in_theatre,
            whole=True,
        ),
    ),
    "needs": (
        Rule(
            "negative_wait",
            Consequence.ROW,
            ("decided_at", "removed_at"),
            "the removal not on an earlier day than the decision",
            _not_later_day("decided_at", "removed_at"),
        ),
    ),
    "waiting_list": (
        Rule(
            "negative_wait",
            Consequence.ROW,
            ("since_date", "snapshot_date"),
            "the decision not on a later day than the snapshot",
            _not_later_day("since_date", "snapshot_date"),
        ),
    ),
    "sessions": (
        Rule(
            "order_of_times",
            Consequence.ROW,
            ("start_at", "end_at"),
            "the start not later than the end",
            _ordered("start_at", "end_at"),
        ),
        Rule(
            "order_of_times",
            Consequence.ROW,
            ("staffed_from_at", "staffed_to_at"),
            "staffed from not later than staffed to",
            _ordered("staffed_from_at", "staffed_to_at"),
        ),
    ),
    "targets": (
        Rule(
            "order_of_times",
            Consequence.ROW,
            ("valid_from", "valid_to"),
            "the first day not later than the last",
            _ordered("valid_from", "valid_to"),
        ),
    ),
}
