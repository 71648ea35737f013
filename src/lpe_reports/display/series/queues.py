"""Series of what comes to the waiting lists and leaves them.

What comes to a list, what leaves it and what is left of it add up, and how many were operated is
shown elsewhere: whoever had all of them exactly could reckon out how many were taken off the list
for another reason, who are few. What comes is therefore rounded, and what leaves is moved by as
much: rounded by itself it would, with the list's change, tell now and then what came. The
referrals of a clinic are not its list, and stand as they are.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from lpe_reports.display.series.asking import Ask, TableReader
from lpe_reports.measures.list_flow import ended_needs, ended_referrals
from lpe_reports.params.loading import Params
from lpe_reports.params.units import UnitKind

# Who comes in acutely waits in no list.
_ELECTIVE = {"urgency": "elective"}
# How long before the days asked for a wait that ends in them may have begun.
_LONGEST = timedelta(days=3 * 366)
_LONGEST_REFERRAL = timedelta(days=548)
# How long after an operation its need may be taken off the list.
_LATE = timedelta(days=31)
_NEED_COLUMNS = (
    "need_id", "operating_unit", "decided_at", "removed_at", "removed_reason",
)  # fmt: skip
_REFERRAL_COLUMNS = ("referral_id", "clinic", "referred_at", "closed_at", "close_reason")


def operation_inflow(ask: Ask) -> pd.DataFrame:
    """Decisions to operate in each window, emergencies aside, rounded: [window, value].

    Glossary: list_inflow
    """
    needs, _ = needs_and_operations(ask.reader, ask.selection.vo, ask.reach)
    own = _of_unit(needs, "operating_unit", ask.selection.unit)
    return _rounded(ask, _counted(ask, own, "decided_at"))


def operation_outflow(ask: Ask) -> pd.DataFrame:
    """Those operated or taken off the list to operation in each window, as exact as the inflow.

    Returns:
        [window, value].
    """
    ended = ended_operation_waits(ask.reader, ask.selection.vo, ask.reach)
    own = _of_unit(ended, "operating_unit", ask.selection.unit)
    left = _counted(ask, own, "ended_on").set_index("window")["value"]
    needs, _ = needs_and_operations(ask.reader, ask.selection.vo, ask.reach)
    came = _counted(ask, _of_unit(needs, "operating_unit", ask.selection.unit), "decided_at")
    moved = _rounded(ask, came).set_index("window")["value"] - came.set_index("window")["value"]
    value = left.add(moved, fill_value=0).clip(lower=0).astype("int64")
    return value.rename("value").rename_axis("window").reset_index()


def first_contact_inflow(ask: Ask) -> pd.DataFrame:
    """Referrals in each window: [window, value]."""
    clinics = clinics_of(ask.params, ask.selection.vo)
    referrals, _ = referrals_and_contacts(ask.reader, clinics, ask.reach)
    return _counted(ask, referrals, "referred_at")


def first_contact_outflow(ask: Ask) -> pd.DataFrame:
    """Referrals met or closed in each window: [window, value]."""
    clinics = clinics_of(ask.params, ask.selection.vo)
    return _counted(ask, ended_first_contact_waits(ask.reader, clinics, ask.reach), "ended_on")


def needs_and_operations(
    reader: TableReader, vo: str | None, reach: tuple[date, date]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The elective needs that may have been open in some days, and the operations since then.

    Returns:
        Needs with need_id, operating_unit, decided_at, removed_at and removed_reason; operations
        with need_id and surgery_start_at.
    """
    own = _ELECTIVE if vo is None else {"vo": vo, **_ELECTIVE}
    needs = reader.read(
        "needs",
        start=reach[0] - _LONGEST,
        end=reach[1],
        where=own,
        columns=_NEED_COLUMNS,
    )
    operations = reader.read(
        "operations",
        start=reach[0] - _LATE,
        end=reach[1],
        where=own,
        columns=["need_id", "surgery_start_at"],
    )
    return needs, operations


def ended_operation_waits(
    reader: TableReader, vo: str | None, reach: tuple[date, date]
) -> pd.DataFrame:
    """Each elective need with when and how its wait ended: [operating_unit, ended_on, outcome]."""
    needs, operations = needs_and_operations(reader, vo, reach)
    return ended_needs(needs, operations).assign(operating_unit=needs["operating_unit"])


def referrals_and_contacts(
    reader: TableReader, clinics: Sequence[str], reach: tuple[date, date]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The referrals to some clinics that may have been open in some days, and first contacts."""
    referrals = reader.read(
        "referrals",
        units=clinics,
        start=reach[0] - _LONGEST_REFERRAL,
        end=reach[1],
        columns=_REFERRAL_COLUMNS,
    )
    contacts = reader.read(
        "contacts",
        units=clinics,
        start=reach[0] - _LONGEST_REFERRAL,
        end=reach[1],
        where={"first": True},
        columns=["referral_id", "first", "happened_at"],
    )
    return referrals, contacts


def ended_first_contact_waits(
    reader: TableReader, clinics: Sequence[str], reach: tuple[date, date]
) -> pd.DataFrame:
    """Each referral with when and how its wait for a first contact ended: [ended_on, outcome]."""
    return ended_referrals(*referrals_and_contacts(reader, clinics, reach))


def clinics_of(params: Params, vo: str | None) -> list[str]:
    """The clinics of a verksamhetsområde; of all when it is None."""
    clinics = params.units.of_kind(UnitKind.CLINIC)
    return [clinic.id for clinic in clinics if vo is None or clinic.vo == vo]


def _of_unit(rows: pd.DataFrame, column: str, unit: str | None) -> pd.DataFrame:
    return rows if unit is None else rows[rows[column] == unit]


def _rounded(ask: Ask, counted: pd.DataFrame) -> pd.DataFrame:
    """To the nearest multiple of the number from which counts are shown at all."""
    step = ask.params.disclosure.threshold
    return counted.assign(value=to_nearest(counted["value"], step))


def to_nearest(counts: "pd.Series[int]", step: int) -> "pd.Series[int]":
    """Counts to the nearest multiple of a number, halves up."""
    return (2 * counts + step) // (2 * step) * step


def _counted(ask: Ask, rows: pd.DataFrame, time: str) -> pd.DataFrame:
    """How many rows lie in each window; 0 and what is not known are told apart by who asks."""
    counted = ask.in_windows(rows[[time]], time).groupby("window").size()
    return counted.rename("value").rename_axis("window").reset_index()
