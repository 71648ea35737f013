"""The lists to a first contact: referrals come in to each clinic and are seen roughly in turn."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from heapq import heappop, heappush

import numpy as np

from lpe_reports.warehouse.demo.days import NEVER, Week, week_at
from lpe_reports.warehouse.demo.draws import Bools, Floats, Ints, generator, pick
from lpe_reports.warehouse.demo.office import CLINICS, Clinic
from lpe_reports.warehouse.demo.pool import NONE

BOOKED_WEEKS_AHEAD = 2
_PULL, _MOST = 0.16, 0.25


@dataclass
class Referred:
    """Everyone referred to a clinic, in turn; days, NEVER where something has not been.

    `clinic` is an index of CLINICS; someone leaves the list on the day they are seen.
    """

    clinic: Ints
    since: Ints
    booked_on: Ints
    seen: Ints
    guarantee: Bools
    deviation: Ints


def live_clinics(weeks: Sequence[Week], *, seed: int, scale: float) -> Referred:
    """Live all clinics through the weeks; in order of referral."""
    parts = []
    for number, clinic in enumerate(CLINICS):
        run = _ClinicRun(clinic, weeks[0].monday, seed=seed, scale=scale)
        for week in weeks:
            run.live(week)
        parts.append(run.referred(number))
    names = [field.name for field in fields(Referred)]
    columns = {name: np.concatenate([getattr(p, name) for p in parts]) for name in names}
    order = np.argsort(columns["since"], kind="stable")
    return Referred(**{name: column[order] for name, column in columns.items()})


class _ClinicRun:
    """One clinic, lived week by week."""

    def __init__(self, clinic: Clinic, monday: int, *, seed: int, scale: float) -> None:
        self._clinic = clinic
        self._rng = generator(seed, "clinic", clinic.name)
        self._usual, self._level = clinic.seen_a_week * scale, clinic.waiting * scale
        self._wait_days = 7 * clinic.waiting / clinic.seen_a_week
        self._line: list[tuple[float, int]] = []
        self._since: list[int] = []
        self._guarantee: list[bool] = []
        self._deviation: list[int] = []
        self._booked_on: dict[int, int] = {}
        self._seen: dict[int, int] = {}
        self._leaving: dict[int, int] = {}
        self._waiting = 0
        span = np.floor(self._rng.random(round(self._level)) * self._wait_days)
        self._enter(monday - 1 - np.sort(span.astype(np.int64))[::-1])

    def live(self, week: Week) -> None:
        """Give out the appointments two weeks ahead, then take in the week's referrals."""
        self._waiting -= self._leaving.pop(week.monday - 7, 0)
        self._give_appointments(week.monday, week_at(week.monday + 7 * BOOKED_WEEKS_AHEAD))
        pull = _PULL * (self._level - self._waiting)
        answer = min(_MOST * self._usual, max(-_MOST * self._usual, pull))
        expected = max(0.0, 0.97 * self._usual * week.decided + answer)
        count = max(0, round(expected + self._rng.normal(0, 0.5 * np.sqrt(expected))))
        self._enter(week.monday + np.sort(self._rng.integers(0, 5, count)))

    def referred(self, number: int) -> Referred:
        """Everyone so far."""
        count = len(self._since)
        return Referred(
            clinic=np.full(count, number),
            since=np.array(self._since),
            booked_on=np.array([self._booked_on.get(n, NEVER) for n in range(count)]),
            seen=np.array([self._seen.get(n, NEVER) for n in range(count)]),
            guarantee=np.array(self._guarantee),
            deviation=np.array(self._deviation),
        )

    def _give_appointments(self, monday: int, week: Week) -> None:
        share = week.staffed * len(week.working) / 5
        held = self._usual * (0.15 + 0.85 * share) + self._rng.normal(0, 0.06 * self._usual)
        count = min(max(0, round(held)), len(self._line))
        self._leaving[week.monday] = count
        for day in np.sort(self._rng.choice(week.working, count)).tolist():
            _, person = heappop(self._line)
            self._booked_on[person], self._seen[person] = monday, day

    def _enter(self, since: Ints) -> None:
        """Let people into the line; the urgent stand early in it, those who chose to wait late."""
        count = len(since)
        deviation = pick(self._rng.random(count), [0.93, 0.06, 0.01])
        turn = (
            since
            + self._turns(count)
            + np.where(deviation == NONE, 0, self._rng.integers(15, 80, count))
        )
        first = len(self._since)
        self._since += since.tolist()
        self._deviation += deviation.tolist()
        self._guarantee += (self._rng.random(count) < 0.94).tolist()
        self._waiting += count
        for n, day in enumerate(turn.tolist()):
            heappush(self._line, (day, first + n))

    def _turns(self, count: int) -> Floats:
        urgent = self._rng.random(count) < 0.14
        usual = self._rng.normal(0, self._clinic.disorder_days, count)
        return np.where(urgent, -0.8 * self._wait_days, usual)
