"""All referrals to the clinics, and what the clinics do with each.

A good third wait on a list to a first contact (`first_contact`). Of the others some are urgent
and get a time within days, past the list; many are answered without a visit, sent on to another
clinic, or withdrawn. What has been seen is answered soon, or kept open while it is looked into.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from lpe_reports.warehouse.demo.days import (
    DAY_MINUTES,
    NEVER,
    Week,
    WorkingDays,
    office_hours,
    outside_change,
)
from lpe_reports.warehouse.demo.draws import Bools, Floats, Ints, generator, pick, uniform
from lpe_reports.warehouse.demo.first_contact import Referred
from lpe_reports.warehouse.demo.office import CLINICS
from lpe_reports.warehouse.demo.people import NEVER_AT

Drawn = Callable[[str], Floats]

LISTED, URGENT, ANSWERED, SENT_ON, WITHDRAWN = range(5)
CLOSE_REASONS = ("answered", "returned", "redirected", "withdrawn", "listed_for_operation")
# Referrals past the list, for each first contact from it in an ordinary week, and what they are.
PAST_THE_LIST = 1.62
_WAYS = [0.0, 0.34, 0.40, 0.14, 0.12]
_WEEKDAYS = [0.21, 0.20, 0.20, 0.19, 0.17, 0.02, 0.01]
ELECTRONIC = 0.62
# Of those seen, how many are looked into further, and how long that may take, in days.
KEPT_OPEN, OPEN_DAYS = 0.58, (25, 150)
# Of all referrals, how many are of somebody who was referred to the same clinic before.
KNOWN_BEFORE = 0.10


@dataclass
class Referrals:
    """One value each, in order of referral; minutes, NEVER_AT where something is not to come.

    Attributes:
        number: 1 for the first; what keys are made of.
        listed: Index of those that wait on the list, as in Referred; else −1.
        person: The number of the referral whose patient this one has; mostly its own.
        first_at: The first contact.
        closes_at: When it is closed, if no operation is decided on before.
        closed_at: When it is closed.
        reason: Why, as an index of CLOSE_REASONS.
    """

    number: Ints
    clinic: Ints
    way: Ints
    listed: Ints
    person: Ints
    referred_at: Ints
    received_at: Ints
    assessed_at: Ints
    first_at: Ints
    closes_at: Ints
    closed_at: Ints
    reason: Ints
    guarantee: Bools
    deviation: Ints


@dataclass
class _Sent:
    clinic: Ints
    way: Ints
    listed: Ints
    referred_at: Ints


def live_referrals(
    referred: Referred, weeks: Sequence[Week], *, seed: int, scale: float
) -> Referrals:
    """Everything that was referred to the clinics in these weeks, listed or not."""
    sent = _in_turn([_listed(referred, seed), *_past_the_list(weeks, seed, scale)])
    number = np.arange(1, len(sent.clinic) + 1)

    def drawn(purpose: str) -> Floats:
        return uniform(seed, f"referral/{purpose}", number)

    working = WorkingDays(weeks[0].monday - 400, weeks[-1].monday + 60)
    listed = sent.way == LISTED
    seen = np.r_[referred.seen, NEVER][sent.listed]
    booked = np.r_[referred.booked_on, NEVER][sent.listed] * DAY_MINUTES + 7 * 60 + 40
    received = np.minimum(_received(sent, drawn("received"), drawn("post"), working), booked)
    urgent_day = working.at_or_after(
        received // DAY_MINUTES + 1 + np.floor(5 * drawn("urgent") ** 1.5).astype(np.int64)
    )
    first_day = np.select([listed, sent.way == URGENT], [seen, urgent_day], NEVER)
    first_at = np.where(
        first_day < NEVER, 5 * (office_hours(first_day, drawn("slot"), 8, 15.5) // 5), NEVER_AT
    )
    assess_days = np.floor(7 * drawn("assess") ** 1.6).astype(np.int64)
    assess_days = np.where(sent.way == URGENT, 0, assess_days)
    assessed = working.at_or_after(received // DAY_MINUTES + assess_days)
    assessed = np.maximum(office_hours(assessed, drawn("assess clock")), received + 6)
    assessed = np.minimum(assessed, np.minimum(booked + 5, first_at - 30))
    closes, reason = _closing(sent.way, first_at, assessed, drawn, working)
    return Referrals(
        number=number,
        clinic=sent.clinic,
        way=sent.way,
        listed=sent.listed,
        person=_persons(sent.clinic, number, drawn),
        referred_at=sent.referred_at,
        received_at=received,
        assessed_at=assessed,
        first_at=first_at,
        closes_at=closes,
        closed_at=closes.copy(),
        reason=reason,
        guarantee=np.where(listed, np.r_[referred.guarantee, False][sent.listed],
                           drawn("guarantee") < 0.9),
        deviation=np.where(listed, np.r_[referred.deviation, 0][sent.listed], 0),
    )  # fmt: skip


def _listed(referred: Referred, seed: int) -> _Sent:
    """Those that wait on the list; the day of referral is theirs already."""
    index = np.arange(len(referred.since))
    clock = uniform(seed, "referred clock", index)
    return _Sent(
        clinic=referred.clinic,
        way=np.full(len(index), LISTED),
        listed=index,
        referred_at=office_hours(referred.since, clock, 7.5, 17),
    )


def _past_the_list(weeks: Sequence[Week], seed: int, scale: float) -> list[_Sent]:
    parts = []
    for n, clinic in enumerate(CLINICS):
        usual = PAST_THE_LIST * clinic.seen_a_week * scale
        for week in weeks:
            rng = generator(seed, "past the list", clinic.name, week.key)
            count = int(rng.poisson(usual * week.decided))
            day = week.monday + pick(rng.random(count), _WEEKDAYS)
            parts.append(
                _Sent(
                    clinic=np.full(count, n),
                    way=pick(rng.random(count), _WAYS),
                    listed=np.full(count, -1),
                    referred_at=office_hours(day, rng.random(count), 7.5, 17),
                )
            )
    return parts


def _in_turn(parts: Sequence[_Sent]) -> _Sent:
    joined = {f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(_Sent)}
    order = np.argsort(joined["referred_at"], kind="stable")
    return _Sent(**{name: values[order] for name, values in joined.items()})


def _received(sent: _Sent, uniform: Floats, post: Floats, working: WorkingDays) -> Ints:
    """Most come by wire within the hour, the others by post in some days."""
    by_wire = sent.referred_at + 2 + (55 * uniform).astype(np.int64)
    day = working.at_or_after(sent.referred_at // DAY_MINUTES + 1 + (3 * uniform).astype(np.int64))
    by_post = office_hours(day, post, 7.5, 12)
    return np.where((post < ELECTRONIC) | (sent.way == URGENT), by_wire, by_post)


def _closing(
    way: Ints, first_at: Ints, assessed: Ints, drawn: Drawn, working: WorkingDays
) -> tuple[Ints, Ints]:
    """When each is closed if nothing comes of it, and why."""
    spread = drawn("close")
    shortest, longest = OPEN_DAYS
    open_days = np.where(
        drawn("kept open") < KEPT_OPEN, shortest + (longest - shortest) * spread, 7 * spread**2
    )
    seen_day = first_at // DAY_MINUTES + open_days.astype(np.int64)
    judged_day = assessed // DAY_MINUTES + np.where(
        way == WITHDRAWN, 3 + 50 * spread, 2 * spread
    ).astype(np.int64)
    seen = first_at < NEVER_AT
    day = working.at_or_after(np.where(seen, seen_day, judged_day))
    clock = office_hours(day, drawn("close clock"), 9, 16.5)
    after = np.maximum(clock, np.where(seen, first_at + 40, assessed + 3))
    closes = np.where(seen | (way > URGENT), after, NEVER_AT)
    reason = np.select([way == ANSWERED, way == SENT_ON, way == WITHDRAWN], [1, 2, 3], 0)
    return outside_change(closes), reason


def _persons(clinic: Ints, number: Ints, drawn: Drawn) -> Ints:
    """Whose referral each is: some have been referred to the same clinic before."""
    person = number.copy()
    known, whom = drawn("known before"), drawn("known as")
    for n in range(len(CLINICS)):
        mine = np.flatnonzero(clinic == n)
        before = mine[np.floor(whom[mine] * np.arange(len(mine))).astype(np.int64)]
        again = (known[mine] < KNOWN_BEFORE) & (np.arange(len(mine)) > 40)
        # Only of somebody who is there for the first time, so that one step leads to the person.
        again &= known[before] >= KNOWN_BEFORE
        person[mine] = np.where(again, number[before], number[mine])
    return person
