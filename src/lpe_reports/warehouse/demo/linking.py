"""Which referral led to which decision to operate.

Queues and clinics are lived apart; here each decision finds a referral that it can have come
from: seen at a clinic of its section before the decision, that same day or while it was kept
open. The patient of the decision is the patient of the referral. Decisions choose in the order
in which they were made, so a later night changes no earlier choice.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lpe_reports.warehouse.demo.days import DAY_MINUTES, office_hours
from lpe_reports.warehouse.demo.draws import Floats, Ints, uniform
from lpe_reports.warehouse.demo.keys import patient_of_need, patient_of_referral
from lpe_reports.warehouse.demo.office import CLINICS, HOSPITALS, UNITS
from lpe_reports.warehouse.demo.people import NEVER_AT, SECTION_NAMES, People
from lpe_reports.warehouse.demo.referrals import CLOSE_REASONS, Referrals

# How many decisions come from a referral at all, and how many of those on the first visit.
FROM_REFERRAL, AT_FIRST_VISIT = 0.94, 0.42
# Who has been operated on before may come from the same referral, if it is not older than this.
SAME_REFERRAL, SAME_FOR_DAYS = 0.6, 730
USUAL_DAYS, MOST_DAYS = 42, 148
# A visit takes so long; the decision is made at its end.
VISIT_MINUTES = 25
_TRIES = 12
# The section whose clinics see a section's patients, where it has none of its own.
_SEEN_BY = {"Uro": "Kir"}


@dataclass(frozen=True)
class Links:
    """Decisions and referrals; −1 where there is none.

    Attributes:
        referral: Per decision, the index of its referral.
        decision: Per referral, the index of the first decision that it led to.
        patient: Per decision, the number of its patient.
    """

    referral: Ints
    decision: Ints
    patient: Ints


def link(people: People, referrals: Referrals, *, seed: int) -> Links:
    """Find the referral of each planned decision, and close it by the decision."""
    referral = np.full(len(people.number), -1)
    decision = np.full(len(referrals.number), -1)
    own = people.known_as == people.number
    wants = ~people.emergency & own
    wants &= uniform(seed, "link/wants", people.number) < FROM_REFERRAL
    lag = -USUAL_DAYS * np.log(uniform(seed, "link/lag", people.number))
    at_first = uniform(seed, "link/at first", people.number) < AT_FIRST_VISIT
    lag_minutes = (np.minimum(lag, MOST_DAYS - 1) * DAY_MINUTES).astype(np.int64)
    for pools, mine in _by_section(people, referrals, np.flatnonzero(wants)):
        for person in mine.tolist():
            decided = int(people.decided_at[person])
            order = pools.order[int(people.unit[person])]
            wanted = 0 if at_first[person] else int(lag_minutes[person])
            found = pools.take(order, decided, wanted)
            if found >= 0:
                referral[person], decision[found] = found, person
    _close(people, referrals, decision, seed)
    before = people.known_as - 1
    comes_as = np.where(
        referral >= 0,
        patient_of_referral(referrals.number[referral]),
        patient_of_need(people.number),
    )
    again = ~own & (uniform(seed, "link/again", people.number) < SAME_REFERRAL)
    again &= referral[before] >= 0
    since = people.decided_at - referrals.referred_at[referral[before]]
    again &= since < SAME_FOR_DAYS * DAY_MINUTES
    return Links(np.where(again, referral[before], referral), decision, comes_as[before])


class _Pools:
    """The referrals of a section's clinics that were seen, as decisions come to take them."""

    def __init__(self, clinics: list[int], referrals: Referrals) -> None:
        self._clinics = [_Pool(n, referrals) for n in clinics]
        hospitals = [_hospital(n) for n in clinics]
        self.order = {
            n: sorted(range(len(clinics)), key=lambda c: (hospitals[c] != unit.hospital, c))
            for n, unit in enumerate(UNITS)
        }

    def take(self, order: list[int], decided: int, lag: int) -> int:
        """The referral that a decision comes from, at the nearest clinic that has one; or −1."""
        for wanted in (lag, USUAL_DAYS * DAY_MINUTES // 2) if lag == 0 else (lag,):
            for n in order:
                found = self._clinics[n].take(decided, wanted)
                if found >= 0:
                    return found
        return -1


class _Pool:
    """One clinic: who was seen lately, by the time of the first contact."""

    def __init__(self, clinic: int, referrals: Referrals) -> None:
        seen = (referrals.clinic == clinic) & (referrals.first_at < NEVER_AT)
        seen &= referrals.person == referrals.number
        mine = np.flatnonzero(seen)
        mine = mine[np.argsort(referrals.first_at[mine], kind="stable")]
        self._index = mine.tolist()
        self._first_at = referrals.first_at[mine].tolist()
        self._closes_at = referrals.closes_at[mine].tolist()
        self._next = 0
        self._open: list[tuple[int, int]] = []
        self._today: list[int] = []
        self._day = -1
        self._taken: set[int] = set()

    def take(self, decided: int, lag: int) -> int:
        """The referral whose first contact lies about so long before the decision; or −1."""
        self._see(decided)
        at = self._from_today() if lag == 0 else self._from_before(decided, lag)
        if at >= 0:
            self._taken.add(at)
            return int(self._index[at])
        return -1

    def _see(self, decided: int) -> None:
        """Take in those whose first visit is over."""
        if (day := decided // DAY_MINUTES) != self._day:
            self._day, self._today = day, []
        while (
            self._next < len(self._index)
            and self._first_at[self._next] + VISIT_MINUTES <= decided
        ):  # fmt: skip
            first = self._first_at[self._next]
            if first // DAY_MINUTES == day:
                self._today.append(self._next)
            if self._closes_at[self._next] - first > 10 * DAY_MINUTES:
                self._open.append((first, self._next))
            self._next += 1
        if len(self._open) > 64 and self._open[0][0] < decided - 2 * MOST_DAYS * DAY_MINUTES:
            self._open = [
                (first, at)
                for first, at in self._open
                if self._closes_at[at] > decided and at not in self._taken
            ]

    def _from_today(self) -> int:
        while self._today:
            at = self._today.pop()
            if at not in self._taken:
                return at
        return -1

    def _from_before(self, decided: int, lag: int) -> int:
        """The one seen nearest before the wanted time that is open still, else one after it."""
        begins = self._day * DAY_MINUTES
        place = bisect_right(self._open, (decided - lag, len(self._index)))
        near: list[int] = [*range(place - 1, max(-1, place - 1 - _TRIES), -1),
                *range(place, min(len(self._open), place + 2 * _TRIES))]  # fmt: skip
        for n in near:
            first, at = self._open[n]
            if first < begins and self._closes_at[at] > decided and at not in self._taken:
                del self._open[n]
                return at
        return -1


def _by_section(people: People, referrals: Referrals, wants: Ints) -> Iterator[tuple[_Pools, Ints]]:
    """The clinics of each section that has some, and the decisions that they may lead to."""
    seen_by = [_SEEN_BY.get(name, name) for name in SECTION_NAMES]
    for name in dict.fromkeys(clinic.section for clinic in CLINICS):
        clinics = [n for n, clinic in enumerate(CLINICS) if clinic.section == name]
        sections = [n for n, by in enumerate(seen_by) if by == name]
        yield _Pools(clinics, referrals), wants[np.isin(people.section[wants], sections)]


def _hospital(clinic: int) -> int:
    return next(n for n, name in enumerate(HOSPITALS) if CLINICS[clinic].name.endswith(name))


def _close(people: People, referrals: Referrals, decision: Ints, seed: int) -> None:
    """A referral that led to a decision is answered with it, within some days."""
    led = np.flatnonzero(decision >= 0)
    drawn: Floats = uniform(seed, "link/close", referrals.number[led])
    decided = people.decided_at[decision[led]]
    later = office_hours(decided // DAY_MINUTES + 1 + (6 * drawn**2).astype(np.int64), drawn)
    # Not after it would have been closed anyway, so that nothing closed is opened again.
    referrals.closed_at[led] = np.minimum(later, np.maximum(referrals.closes_at[led], decided + 1))
    referrals.reason[led] = CLOSE_REASONS.index("listed_for_operation")
