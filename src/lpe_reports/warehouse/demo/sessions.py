"""Sessions: theatres laid out in ten-week schedules and allocated to sections.

A schedule gives every theatre and weekday to a section (or half to one and half to another)
and repeats it for ten weeks. Each week some theatre-days are closed for want of staff, more
so in summer and around holidays; a few sessions are handed back ("released"). Emergency
theatres have a session of nobody's on every working day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from lpe_reports.periods import PeriodKind, period_at
from lpe_reports.warehouse.demo.days import (
    Week,
    date_of,
    number_of,
    office_hours,
    week_at,
    weekday_of,
)
from lpe_reports.warehouse.demo.draws import Ints, generator, uniform
from lpe_reports.warehouse.demo.office import CLOSURES, QUEUES, UNITS, OperatingUnit

OPEN, CLOSED, RELEASED = "open", "closed", "released"
# Minutes after midnight.
SESSION_START = 7 * 60 + 45
SESSION_END, FRIDAY_END, SHORT_END = 16 * 60, 14 * 60 + 30, 13 * 60 + 30
HALF_PAUSE = 15
RELEASED_SHARE = 0.015
PUBLISHED_DAYS_BEFORE, PUBLISHED_HOUR = 56, 13
# Of the theatre-days that nobody can staff, how many are closed after they were published.
CLOSED_LATE = 0.4
# The queue of a session that is nobody's: an emergency theatre.
NOBODY = -1


@dataclass
class Session:
    """One theatre, one block of one day; `queue` is an index of QUEUES or NOBODY."""

    unit: int
    theatre: int
    day: int
    start: int
    end: int
    queue: int
    schedule_start: int
    status: str = OPEN
    uniform: float = 0.0
    """One random number of its own, for whoever needs one later."""
    is_away: bool = False
    """Whether it is closed with its department for a time, and not for want of staff."""

    @property
    def minutes(self) -> int:
        """How long it is."""
        return self.end - self.start


@dataclass
class TheatreDay:
    """The sessions of one theatre and day; closed and reopened together."""

    sessions: list[Session] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Whether its theatre is staffed that day."""
        return self.sessions[0].status == OPEN


def lay_sessions(first_monday: int, end: int, *, seed: int, scale: float) -> list[Session]:
    """All sessions from a Monday until (not including) a day, by day, department and theatre.

    Args:
        first_monday: The first day.
        end: The day after the last.
        seed: The demo's seed.
        scale: Multiplies the number of theatres.
    """
    laid: list[Session] = []
    for monday in range(first_monday, end, 7):
        week = week_at(monday)
        of_week = [_lay_week(unit, week, seed=seed, scale=scale) for unit in range(len(UNITS))]
        _take_in_guests(week, of_week, seed=seed, scale=scale)
        flat = [s for days in of_week for theatre_day in days for s in theatre_day.sessions]
        laid += [s for s in flat if s.day < end]
    laid.sort(key=lambda s: (s.day, s.unit, s.theatre, s.start))
    return laid


def theatres_of(unit: OperatingUnit, scale: float) -> tuple[int, int]:
    """How many elective and emergency theatres a department has at this scale."""
    emergency = max(1, round(unit.emergency_theatres * scale)) if unit.emergency_theatres else 0
    return max(1, round(unit.elective_theatres * scale)), emergency


def schedule_start(day: int) -> int:
    """The Monday on which the schedule of a day begins."""
    return number_of(period_at(PeriodKind.SCHEDULE, date_of(day)).start)


def schedule_name(start: int) -> str:
    """A schedule as the office writes it: 2026-W12/2026-W21."""
    return period_at(PeriodKind.SCHEDULE, date_of(start)).id.replace("--", "/")


def published_until(until: int) -> int:
    """The day after the last one of the schedules that are published before a day."""
    start = schedule_start(until)
    while start - PUBLISHED_DAYS_BEFORE < until:
        start += 70
    return start


def status_changed(laid: Sequence[Session], *, seed: int) -> Ints:
    """When each session got the status that it has in the end, in minutes.

    Most are as they were published; some are closed for want of staff, and those that are
    released are so, in the weeks before. A theatre-day is closed as a whole.
    """
    day, unit, theatre, published = (
        np.array([getattr(s, name) for s in laid], dtype=np.int64)
        for name in ("day", "unit", "theatre", "schedule_start")
    )
    published = office_hours(published - PUBLISHED_DAYS_BEFORE, np.zeros(len(laid)), PUBLISHED_HOUR)
    status = np.array([s.status for s in laid])
    theatre_day = day * 1000 + unit * 200 + theatre
    before = uniform(seed, "session/closed before", theatre_day)
    soon = uniform(seed, "session/closed soon", theatre_day) < CLOSED_LATE
    away = np.array([s.is_away for s in laid], dtype=np.bool_)
    closed_on = day - np.where(before < 0.5, 2 + 12 * before, 8 + 26 * (before - 0.5))
    released_on = day - 6 - 22 * before
    on = np.select([status == CLOSED, status == RELEASED], [closed_on, released_on], -1)
    changes = ((status == CLOSED) & soon & ~away) | (status == RELEASED)
    at = office_hours(on.astype(np.int64), uniform(seed, "session/clock", theatre_day))
    return np.where(changes, np.maximum(at, published), published)


def _lay_week(unit: int, week: Week, *, seed: int, scale: float) -> list[TheatreDay]:
    """One department's theatre-days of one week, closed ones included."""
    start = schedule_start(week.monday)
    elective, emergency = theatres_of(UNITS[unit], scale)
    template = _template(unit, elective, generator(seed, "schedule", unit, start))
    rng = generator(seed, "staffing", unit, week.key)
    laid: list[TheatreDay] = []
    for day in week.working:
        for theatre in range(elective):
            sections = template[theatre][weekday_of(day)]
            blocks = _blocks(day, week, halves=len(sections) == 2)
            laid.append(
                TheatreDay(
                    [
                        Session(unit, theatre + 1, day, *block, queue, start)
                        for block, queue in zip(blocks, sections, strict=True)
                    ]
                )
            )
    _close(laid, unit, week, rng)
    for day in week.working:
        (block,) = _blocks(day, week, halves=False)
        for theatre in range(elective, elective + emergency):
            laid.append(TheatreDay([Session(unit, theatre + 1, day, *block, NOBODY, start)]))
    for theatre_day in laid:
        for session in theatre_day.sessions:
            session.uniform = float(rng.random())
    return laid


def _blocks(day: int, week: Week, *, halves: bool) -> list[tuple[int, int]]:
    """Start and end of a day's one or two sessions, in minutes after midnight."""
    end = FRIDAY_END if weekday_of(day) == 4 else SESSION_END
    if day in week.short:
        end = min(end, SHORT_END)
    if not halves:
        return [(SESSION_START, end)]
    middle = (SESSION_START + end) // 30 * 15
    return [(SESSION_START, middle), (middle + HALF_PAUSE, end)]


def _template(unit: int, theatres: int, rng: np.random.Generator) -> list[list[tuple[int, ...]]]:
    """Who has which theatre on which weekday: theatre → weekday → one or two queues."""
    slots = theatres * 5
    queues = [n for n, queue in enumerate(QUEUES) if queue.unit == UNITS[unit].id]
    wanted = np.array([QUEUES[n].days_a_week for n in queues])
    halves = _share_out(wanted, 2 * slots)
    days = [(n,) for n, h in zip(queues, halves, strict=True) for _ in range(h // 2)]
    odd = [n for n, h in zip(queues, halves, strict=True) if h % 2]
    laid: list[tuple[int, ...]] = [*days, *zip(odd[::2], odd[1::2], strict=True)]
    for _ in range(round(UNITS[unit].split_share * slots / 2)):
        one, other = (int(n) for n in rng.choice(len(laid), 2, replace=False))
        if len(laid[one]) == len(laid[other]) == 1 and laid[one] != laid[other]:
            laid[one], laid[other] = (*laid[one], *laid[other]), (*laid[other], *laid[one])
    return [laid[5 * t : 5 * t + 5] for t in range(theatres)]


def _share_out(wanted: np.ndarray, total: int) -> list[int]:
    """Whole numbers in the proportions of `wanted` with the given total (largest remainder)."""
    exact = wanted / wanted.sum() * total
    shares = np.floor(exact).astype(int)
    for n in np.argsort(shares - exact, kind="stable")[: total - int(shares.sum())]:
        shares[n] += 1
    return [int(n) for n in shares]


def _close(laid: Sequence[TheatreDay], unit: int, week: Week, rng: np.random.Generator) -> None:
    """Close what cannot be staffed this week, and hand back a few sessions."""
    share = UNITS[unit].open_share * week.staffed + rng.normal(0, 0.025)
    missing = (1 - min(1.0, share)) * len(laid)
    count = int(missing) + int(rng.random() < missing % 1)
    closed = {int(n) for n in rng.permutation(len(laid))[:count]}
    handed_back = rng.random(len(laid)) < RELEASED_SHARE
    for n, theatre_day in enumerate(laid):
        away = _is_shut(unit, theatre_day.sessions[0].day)
        shut = away or n in closed
        for session in theatre_day.sessions:
            session.is_away = away
            session.status = CLOSED if shut else RELEASED if handed_back[n] else OPEN


def _is_shut(unit: int, day: int) -> bool:
    return any(c.unit == UNITS[unit].id and c.first <= day <= c.last for c in CLOSURES)


def _take_in_guests(
    week: Week, of_week: list[list[TheatreDay]], *, seed: int, scale: float
) -> None:
    """Give theatre-days to the patients of a department that is closed this week.

    Staff who cannot work there open theatres that would have been closed; where none is, the
    hosts step back.
    """
    for host, queue, count in _guests(week.monday, scale):
        rng = generator(seed, "guests", host, queue, week.key)
        own = [
            day
            for day in of_week[host]
            if len(day.sessions) == 1 and day.sessions[0].queue != NOBODY
            and QUEUES[day.sessions[0].queue].unit == UNITS[host].id
        ]  # fmt: skip
        order = [own[int(n)] for n in rng.permutation(len(own))]
        order.sort(key=lambda day: day.is_open)
        for theatre_day in order[:count]:
            session = theatre_day.sessions[0]
            session.queue, session.status = queue, OPEN


def _guests(monday: int, scale: float) -> Iterator[tuple[int, int, int]]:
    """Receiving department, queue and number of theatre-days of each group of guests."""
    units = [unit.id for unit in UNITS]
    names = [queue.name for queue in QUEUES]
    for closure in CLOSURES:
        if closure.first <= monday <= closure.last:
            for host, section, days in closure.guests:
                queue = names.index(f"{closure.unit}/{section}")
                yield units.index(host), queue, max(1, round(days * scale))


def by_week(sessions: Sequence[Session], first_monday: int) -> dict[int, dict[int, list[int]]]:
    """Indices of the open sessions that a queue may fill: week number → queue → sessions."""
    found: dict[int, dict[int, list[int]]] = {}
    numbered = [(n, s) for n, s in enumerate(sessions) if s.status == OPEN and s.queue != NOBODY]
    for week, of_week in groupby(numbered, key=lambda pair: (pair[1].day - first_monday) // 7):
        queues: dict[int, list[int]] = {}
        for n, session in of_week:
            queues.setdefault(session.queue, []).append(n)
        found[week] = queues
    return found
