"""The queue to operation: decisions come in, sessions are filled, people are operated on.

Every Monday the sessions three weeks ahead are filled to most of their time and those of next
week to all of it, from the head of the queue: the most urgent first, then by turn. A session
takes the first of the next eighteen people who fits into the time that is left. Some bookings
are struck, and those people stand in the queue again; some leave the list without operation.
"""

from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from lpe_reports.warehouse.demo.catalogue import mix_of
from lpe_reports.warehouse.demo.days import NEVER, Week, weekday_of
from lpe_reports.warehouse.demo.draws import generator
from lpe_reports.warehouse.demo.office import Queue
from lpe_reports.warehouse.demo.pool import BLOCK, UNKNOWN, Block, draw_block
from lpe_reports.warehouse.demo.sessions import SESSION_END, SESSION_START, Session

WEEKS_AHEAD = 3
LOOKS_AT = 18
# How far a planned programme may reach beyond its session, in minutes.
SLACK_MINUTES = 28
NOBODY_YET = -1
# How fast decisions answer to a list that is longer or shorter than usual, and by how much.
PULL, MOST = 0.22, 0.32
_WEEKDAY_EDGES = (0.21, 0.43, 0.65, 0.86, 0.985, 0.993)


@dataclass
class Life:
    """What happened to the people of one queue; lists with one value for each, in turn of arrival.

    Days are day numbers, NEVER where it has not happened. A booking that was struck is kept
    apart from the one that held.
    """

    queue: Queue
    blocks: list[Block] = field(default_factory=list)
    costs: list[int] = field(default_factory=list)
    decided: list[int] = field(default_factory=list)
    booked_on: list[int] = field(default_factory=list)
    session: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    struck_booked_on: list[int] = field(default_factory=list)
    struck_session: list[int] = field(default_factory=list)
    struck_on: list[int] = field(default_factory=list)

    def arrive(self, day: int, seed: int) -> int:
        """One more decision to operate; gives the person's number."""
        person = len(self.decided)
        if person % BLOCK == 0:
            block = draw_block(self.queue, person // BLOCK, seed)
            self.blocks.append(block)
            usual = self.queue.operating_unit.turnover_minutes
            self.costs += [m + turnover_after(m, usual) for m in block.minutes.tolist()]
        self.decided.append(day)
        for never in (self.booked_on, self.removed, self.struck_booked_on, self.struck_on):
            never.append(NEVER)
        self.session.append(NOBODY_YET)
        self.struck_session.append(NOBODY_YET)
        return person


class QueueRun:
    """One queue, lived week by week."""

    def __init__(self, queue: Queue, sessions: Sequence[Session], *, seed: int, scale: float):
        self.life = Life(queue)
        self._sessions = sessions
        self._seed = seed
        self._scale = scale
        self._turnover = queue.operating_unit.turnover_minutes
        self._rng = generator(seed, "arrivals", queue.name)
        self._usual = _usual_operations(queue) * scale
        self._wait_days = 7 * queue.levels[-1][1] * scale / self._usual
        self._line: list[tuple[float, int]] = []
        self._room: dict[int, int] = {}
        self._returns: dict[int, list[int]] = {}
        self._leaves: dict[int, list[int]] = {}
        self._waiting = 0
        self._gone_in_week: dict[int, int] = {}
        self._carry = 0.0

    def begin(self, monday: int, week: int) -> None:
        """Stand the queue up as if it had always been there: people by turn, the oldest first."""
        count = round(self.life.queue.level_on(monday) * self._scale)
        span = max(14.0, self._wait_days)
        days = monday - 1 - np.sort(np.floor(self._rng.random(count) * span))[::-1]
        for day in days.astype(int).tolist():
            self._enter(day, week)

    def live(self, week: Week, number: int, mine: Mapping[int, Sequence[int]]) -> None:
        """One week: book ahead, let people leave, and take in the week's decisions.

        Args:
            week: The calendar week.
            number: Its number in this demo.
            mine: The queue's open sessions by week number.
        """
        self._waiting -= self._gone_in_week.pop(number - 1, 0)
        for person in self._returns.pop(number, ()):
            insort(self._line, (self._turn(person), person))
        self._let_leave(number)
        for session in mine.get(number + 1, ()):
            self._fill(session, 1.0, week.monday, number + 1)
        for session in mine.get(number + WEEKS_AHEAD, ()):
            share = 0.74 + 0.26 * self._sessions[session].uniform
            self._fill(session, share, week.monday, number + WEEKS_AHEAD)
        for day in self._decision_days(week):
            self._enter(day, number)

    def _decision_days(self, week: Week) -> list[int]:
        """The days of this week's decisions: as many as usual, more when the list is short.

        The list follows the level that the office had, because demand does so here: referrals
        answer to the wait in life as well, only more slowly.
        """
        level = self.life.queue.level_on(week.monday) * self._scale
        coming = self.life.queue.level_on(week.monday + 7) * self._scale
        usual = self._usual / 0.935
        answer = (coming - level) + PULL * (level - self._waiting)
        answer = min(MOST * usual, max(-MOST * usual, answer))
        expected = max(0.0, usual * week.decided + answer) + self._carry
        count = max(0, round(expected + self._rng.normal(0, 0.35 * np.sqrt(max(expected, 0.1)))))
        self._carry = min(2.0, max(-2.0, expected - count))
        weekdays = np.searchsorted(_WEEKDAY_EDGES, np.sort(self._rng.random(count)))
        return [week.monday + int(weekday) for weekday in weekdays]

    def _enter(self, day: int, week: int) -> None:
        person = self.life.arrive(day, self._seed)
        self._waiting += 1
        insort(self._line, (self._turn(person), person))
        after = int(self._block(person).leaves_after[person % BLOCK])
        if after != UNKNOWN:
            self._leaves.setdefault(week + max(1, after // 7), []).append(person)

    def _turn(self, person: int) -> float:
        """The day by which the queue is ordered."""
        block, n = self._block(person), person % BLOCK
        own = block.wait_share[n] * self._wait_days + block.later_days[n]
        return self.life.decided[person] + float(own)

    def _block(self, person: int) -> Block:
        return self.life.blocks[person // BLOCK]

    def _let_leave(self, number: int) -> None:
        """Those whose time it is leave the list, unless an operation is booked."""
        going = set(self._leaves.pop(number, ()))
        if not going:
            return
        staying = []
        for turn, person in self._line:
            if person not in going:
                staying.append((turn, person))
                continue
            self.life.removed[person] = self.life.decided[person] + int(
                self._block(person).leaves_after[person % BLOCK]
            )
            self._waiting -= 1
        self._line = staying

    def _fill(self, session: int, share: float, monday: int, week: int) -> None:
        """Book people into a session until nobody of those next in turn fits."""
        usual = self._turnover
        whole = self._sessions[session].minutes
        left = self._room.get(session, whole + usual + SLACK_MINUTES)
        kept_free = round((1 - share) * whole)
        costs = self.life.costs
        at = seen = 0
        while at < len(self._line) and seen < LOOKS_AT and left - kept_free > usual:
            person = self._line[at][1]
            cost = costs[person]
            # The first of a day may take all of it: else the longest would never come in.
            if cost > left - (kept_free if left < whole else 0):
                at += 1
                seen += 1
                continue
            del self._line[at]
            if self._book(person, session, monday, week):
                left -= cost
        self._room[session] = left

    def _book(self, person: int, session: int, monday: int, week: int) -> bool:
        """Book one person; gives whether their time in the session is used up by it."""
        life, day = self.life, self._sessions[session].day
        before = int(self._block(person).struck_before[person % BLOCK])
        if before == UNKNOWN or life.struck_on[person] != NEVER:
            life.booked_on[person], life.session[person] = monday, session
            life.removed[person] = day
            self._gone_in_week[week] = self._gone_in_week.get(week, 0) + 1
            return True
        struck_on = max(monday + 1, day - before)
        life.struck_booked_on[person], life.struck_session[person] = monday, session
        life.struck_on[person] = struck_on
        weeks_before = (struck_on - (day - weekday_of(day))) // 7
        self._returns.setdefault(week + weeks_before + 1, []).append(person)
        return day - struck_on <= 1


def turnover_after(minutes: int, usual: int) -> int:
    """Planned turnover for an operation of so many minutes; short ones need less."""
    return round(usual * min(1.15, max(0.45, minutes / 100)))


def _usual_operations(queue: Queue) -> float:
    """Operations that a queue's theatre-days hold in an ordinary week."""
    unit = queue.operating_unit
    mix = mix_of(queue.unit, queue.section)
    weights = np.array([weight for _, weight in mix])
    minutes = unit.pace * float(np.dot([p.minutes for p, _ in mix], weights) / weights.sum())
    day_minutes = SESSION_END - SESSION_START - 18
    held = 0.95 * day_minutes / (minutes + turnover_after(round(minutes), unit.turnover_minutes))
    return queue.days_a_week * unit.open_share * held
