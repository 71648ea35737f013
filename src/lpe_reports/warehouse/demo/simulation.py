"""The whole demo lived through: from an empty office to the last night."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from lpe_reports.progress import Progress
from lpe_reports.warehouse.demo.aftercare import Aftercare, live_aftercare
from lpe_reports.warehouse.demo.booking import WEEKS_AHEAD, QueueRun
from lpe_reports.warehouse.demo.cancellations import Struck, strike
from lpe_reports.warehouse.demo.days import Week, number_of, week_at
from lpe_reports.warehouse.demo.emergency import live_emergencies
from lpe_reports.warehouse.demo.first_contact import Referred, live_clinics
from lpe_reports.warehouse.demo.linking import Links, link
from lpe_reports.warehouse.demo.office import QUEUES
from lpe_reports.warehouse.demo.people import People, bring_together
from lpe_reports.warehouse.demo.planned import Planned, gather
from lpe_reports.warehouse.demo.referrals import Referrals, live_referrals
from lpe_reports.warehouse.demo.sessions import Session, by_week, lay_sessions, published_until
from lpe_reports.warehouse.demo.steering import lived_until, meet_ngb49
from lpe_reports.warehouse.demo.theatre import run_programmes

# The queues find their way before the first day that is written down.
WARM_UP_WEEKS = 32


@dataclass(frozen=True)
class Lived:
    """What the demo lived; `first` and `until` are the days that its tables span.

    It was lived further than `until`: what is later is not written down. `shown` are the
    sessions that were published before.
    """

    first: int
    until: int
    sessions: list[Session]
    shown: list[Session]
    people: People
    referred: Referred
    referrals: Referrals
    links: Links
    after: Aftercare
    struck: Struck


def live(until: date, years: int, *, scale: float, seed: int, progress: Progress) -> Lived:
    """Live the office from `years` whole years before the year of `until` up to its morning.

    The first day is the Monday of week 1, whatever day `until` is, so that a demo a night
    longer has the same past.
    """
    last = number_of(until)
    first = number_of(date.fromisocalendar(until.year - years, 1, 1))
    begins = first - 7 * WARM_UP_WEEKS
    lived = lived_until(first, last)
    weeks = [week_at(monday) for monday in range(begins, lived + 1, 7)]
    ends = max(published_until(last), weeks[-1].monday + 7 * (WEEKS_AHEAD + 1))
    sessions = lay_sessions(begins, ends, seed=seed, scale=scale)
    planned = _live_queues(weeks, sessions, seed=seed, scale=scale, progress=progress)
    meet_ngb49(planned, sessions, first=first, lived=lived, seed=seed, scale=scale)
    operated = np.flatnonzero(planned.session >= 0)
    programme = run_programmes(
        operated, planned.session[operated], planned.minutes[operated], planned.noise[operated],
        sessions,
    )  # fmt: skip
    emergencies = live_emergencies(begins, lived + 1, seed=seed, scale=scale)
    people = bring_together(planned, programme, emergencies, sessions)
    referred = live_clinics(weeks, seed=seed, scale=scale)
    referrals = live_referrals(referred, weeks, seed=seed, scale=scale)
    published = published_until(last)
    return Lived(
        first=first,
        until=last,
        sessions=sessions,
        shown=[s for s in sessions if s.day < published],
        people=people,
        referred=referred,
        referrals=referrals,
        links=link(people, referrals, seed=seed),
        after=live_aftercare(people, seed=seed),
        struck=strike(people, sessions, first=first, seed=seed),
    )


def _live_queues(
    weeks: Sequence[Week],
    sessions: Sequence[Session],
    *,
    seed: int,
    scale: float,
    progress: Progress,
) -> Planned:
    """Every queue through all weeks; they only meet in the schedule, so one after another."""
    mine = by_week(sessions, weeks[0].monday)
    lives = []
    for n, queue in enumerate(QUEUES):
        progress.running([queue.name])
        own = {week: queues[n] for week, queues in mine.items() if n in queues}
        run = QueueRun(queue, sessions, seed=seed, scale=scale)
        run.begin(weeks[0].monday, 0)
        for number, week in enumerate(weeks):
            run.live(week, number, own)
        lives.append(run.life)
        progress.advance()
    return gather(lives)
