"""How waits end: when somebody leaves a waiting list, and whether for what was waited for.

Who comes to a list is counted by the day of the decision: `needs.decided_at` for an operation,
`referrals.referred_at` for a first contact. What is counted are events of a period, unlike the
list itself, which is as it was stored one night.
"""

from __future__ import annotations

import pandas as pd

from lpe_reports.measures.spells import OPERATED, ends_of_needs, first_days
from lpe_reports.measures.times import local_days

MET = "met"
# Why a need or a referral was closed, where the source does not say.
UNSAID = "other"


def ended_needs(needs: pd.DataFrame, operations: pd.DataFrame) -> pd.DataFrame:
    """When each need's wait for an operation ended, and how.

    Args:
        needs: need_id, removed_at, removed_reason. Leave emergencies out: they wait in no list.
        operations: need_id and surgery_start_at; the first of a need counts.

    Returns:
        On the index of `needs`: [ended_on, outcome], the local day (null for who waits still) and
        "operated", the reason of the removal, or "other" where none is given. Where both are
        known the earlier counts, and the operation on the same day.

    Glossary: list_outflow
    """
    operated, removed = ends_of_needs(needs, operations)
    return _ended(operated, removed, needs["removed_reason"], OPERATED)


def ended_referrals(referrals: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """When each referral's wait for a first contact ended, and how.

    Args:
        referrals: referral_id, closed_at, close_reason.
        contacts: referral_id, first and happened_at; the first of a referral counts.

    Returns:
        As `ended_needs`, with "met" for a first contact. A referral that is closed after its
        contact was met.

    Glossary: list_outflow
    """
    first = contacts[contacts["first"].astype("boolean").fillna(False).astype(bool)]
    met = first_days(first["referral_id"], first["happened_at"], referrals["referral_id"])
    closed = local_days(referrals["closed_at"])
    return _ended(met, closed, referrals["close_reason"], MET)


def _ended(done: pd.Series, left: pd.Series, reason: pd.Series, outcome: str) -> pd.DataFrame:
    """The earlier of two days, and what it was."""
    was_done = done.notna() & ~(left < done)
    outcomes = reason.astype("str").fillna(UNSAID).mask(was_done, outcome)
    ended_on = done.where(was_done, left)
    return pd.DataFrame(
        {"ended_on": ended_on, "outcome": outcomes.where(ended_on.notna())}, index=done.index
    )
