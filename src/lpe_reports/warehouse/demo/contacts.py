"""The tables referrals and contacts: what the clinics were asked, and when they saw whom."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from lpe_reports.warehouse.demo.columns import clinics, times, words
from lpe_reports.warehouse.demo.days import DAY_MINUTES, WorkingDays, office_hours
from lpe_reports.warehouse.demo.draws import Bools, Ints, pick, uniform
from lpe_reports.warehouse.demo.keys import keys, patient_keys, patient_of_referral
from lpe_reports.warehouse.demo.known import changed, known
from lpe_reports.warehouse.demo.linking import VISIT_MINUTES, Links
from lpe_reports.warehouse.demo.office import REFERRERS
from lpe_reports.warehouse.demo.people import NEVER_AT, People
from lpe_reports.warehouse.demo.pool import DEVIATIONS
from lpe_reports.warehouse.demo.referrals import CLOSE_REASONS, Referrals

PART_ROWS = 1_000_000
# Visits while something is looked into: at most so many, so many days apart.
MOST_VISITS, VISIT_DAYS = 4, (24, 55)
# Contacts that the clinic's system does not tie to a referral.
NO_REFERRAL = 0.03


def referral_parts(
    people: People, referrals: Referrals, links: Links, *, first: int, until: int, seed: int
) -> Iterator[pa.Table]:
    """Referrals made before `until` that are shown, in order of referral."""
    ends = until * DAY_MINUTES
    shown = is_shown(people, referrals, links, first)
    rows = np.flatnonzero((referrals.referred_at < ends) & shown)
    for at in range(0, max(1, len(rows)), PART_ROWS):
        keep = rows[at : at + PART_ROWS]
        moments = [
            getattr(referrals, name)[keep]
            for name in ("referred_at", "received_at", "assessed_at", "closed_at")
        ]
        closed = known(moments[-1], ends)
        yield pa.table(
            {
                "referral_id": keys("R", referrals.number[keep]),
                "patient_key": patient_keys(patient_of_referral(referrals.person[keep])),
                "referred_at": times(moments[0]),
                "received_at": times(known(moments[1], ends)),
                "from_unit": _referrers(referrals.number[keep], seed),
                "clinic": clinics(referrals.clinic[keep]),
                "assessed_at": times(known(moments[2], ends)),
                "closed_at": times(closed),
                "close_reason": words(
                    CLOSE_REASONS, np.where(closed < NEVER_AT, referrals.reason[keep], -1)
                ),
                "changed_at": times(changed(ends, *moments)),
            }
        )


def contact_parts(
    people: People, referrals: Referrals, links: Links, *, first: int, until: int, seed: int
) -> Iterator[pa.Table]:
    """Contacts over before `until`, of the referrals that are shown, in the order they ended."""
    contacts = _contacts(people, referrals, links, seed)
    number = np.arange(1, len(contacts.referral) + 1)
    over = contacts.happened_at + VISIT_MINUTES
    shown = is_shown(people, referrals, links, first)
    rows = np.flatnonzero((over < until * DAY_MINUTES)
                          & shown[contacts.referral])  # fmt: skip
    for at in range(0, max(1, len(rows)), PART_ROWS):
        keep = rows[at : at + PART_ROWS]
        of = contacts.referral[keep]
        tied = uniform(seed, "contact/tied", number[keep]) >= NO_REFERRAL
        yield pa.table(
            {
                "contact_id": keys("C", number[keep]),
                "referral_id": keys("R", referrals.number[of], tied),
                "clinic": clinics(referrals.clinic[of]),
                "first": pa.array(contacts.is_first[keep]),
                "happened_at": times(contacts.happened_at[keep]),
                "guarantee": pa.array(referrals.guarantee[of]),
                "deviation": words(DEVIATIONS, referrals.deviation[of]),
                "changed_at": times(over[keep]),
            }
        )


def is_shown(people: People, referrals: Referrals, links: Links, first: int) -> Bools:
    """Whether a referral is in the tables: not if it, and what it led to, was over before."""
    begins = first * DAY_MINUTES
    shown = referrals.closed_at >= begins
    needs = (people.removed_at >= begins) & (links.referral >= 0)
    shown[links.referral[needs]] = True
    return shown


@dataclass(frozen=True)
class _Contacts:
    referral: Ints
    happened_at: Ints
    is_first: Bools


def _contacts(people: People, referrals: Referrals, links: Links, seed: int) -> _Contacts:
    """All contacts, in the order in which they ended."""
    seen = np.flatnonzero(referrals.first_at < NEVER_AT)
    first_at = referrals.first_at[seen]
    linked = links.decision[seen] >= 0
    decided = np.where(linked, people.decided_at[links.decision[seen]], NEVER_AT)
    parts = [(seen, first_at, True)]
    later = linked & (decided // DAY_MINUTES > first_at // DAY_MINUTES)
    parts.append((seen[later], decided[later] - VISIT_MINUTES, False))
    for which, at in _visits(referrals, seen, np.minimum(decided, referrals.closes_at[seen]), seed):
        parts.append((which, at, False))
    referral = np.concatenate([which for which, _, _ in parts])
    happened = np.concatenate([at for _, at, _ in parts])
    is_first = np.concatenate([np.full(len(which), one) for which, _, one in parts])
    order = np.lexsort((referral, happened))
    return _Contacts(referral[order], happened[order], is_first[order])


def _visits(referrals: Referrals, seen: Ints, ends: Ints, seed: int) -> Iterator[tuple[Ints, Ints]]:
    """Visits on days between the first one and the decision, or the end."""
    shortest, longest = VISIT_DAYS
    number = referrals.number[seen]
    day = referrals.first_at[seen] // DAY_MINUTES
    if not len(day):
        return
    working = WorkingDays(int(day.min()), int(day.max()) + 60)
    for n in range(MOST_VISITS):
        step = shortest + (longest - shortest) * uniform(seed, f"contact/{n}", number)
        day = working.at_or_after(day + step.astype(np.int64))
        on = day < ends // DAY_MINUTES
        clock = uniform(seed, f"contact/clock {n}", number)
        at = 5 * (office_hours(day, clock, 8, 15.5) // 5)
        yield seen[on], at[on]


def _referrers(number: Ints, seed: int) -> pa.DictionaryArray:
    """Who referred: mostly health centres, as they call themselves."""
    names = tuple(REFERRERS)
    which = pick(uniform(seed, "referral/from", number), list(REFERRERS.values()))
    unknown = uniform(seed, "referral/no sender", number) < 0.012
    return words(names, np.where(unknown, -1, which))
