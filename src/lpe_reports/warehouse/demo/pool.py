"""People who come to need an operation, drawn ahead in blocks for one queue.

Everything that is random about a person is drawn here, once, in blocks of fixed size: what is
to be done, how urgent it is, who it is, and how their day in theatre will go. What happens to
them is then decided by the queue alone.
"""

from dataclasses import dataclass

import numpy as np

from lpe_reports.warehouse.demo.catalogue import mix_of
from lpe_reports.warehouse.demo.draws import Bools, Floats, Ints, generator, pick
from lpe_reports.warehouse.demo.office import Queue

BLOCK = 512
# The longest that is planned, in minutes: it fits into a whole day.
LONGEST = 430
NONE, PVV, MOV = 0, 1, 2
DEVIATIONS = ("none", "pvv", "mov")
# Given to nobody: no priority noted, stays until operated.
UNKNOWN = -1


@dataclass(frozen=True)
class Block:
    """BLOCK people of one queue; every field has one value for each.

    Attributes:
        kind: Index of the queue's mix of procedures.
        variant: Uniform; which of the kind's codes it is written with.
        minutes: Planned minutes from patient in to patient out.
        priority_days: Medical priority, or UNKNOWN.
        wait_share: Call order: how much later (or earlier) than in turn, as a share of the
            queue's usual wait.
        later_days: The same in days, for those whose wait is long for a reason of their own.
        deviation: NONE, PVV or MOV.
        leaves_after: Days until they leave the list without an operation, or UNKNOWN.
        struck_before: If a first booking is struck, how many days before it; else UNKNOWN.
        noise: Standard normal, one column per step of the day in theatre.
        chance: Uniform, one column per matter that the frames decide.
    """

    kind: Ints
    variant: Floats
    minutes: Ints
    priority_days: Ints
    wait_share: Floats
    later_days: Ints
    guarantee: Bools
    deviation: Ints
    leaves_after: Ints
    struck_before: Ints
    age: Floats
    female: Bools
    home: Ints
    asa: Ints
    noise: Floats
    chance: Floats


# Columns of Block.noise and Block.chance.
NOISE = {"delay": 0, "length": 1, "turnover": 2, "induction": 3, "close": 4, "order": 5}
CHANCE = {
    "weekday": 0, "minute": 1, "request": 2, "surgeon": 3, "planned": 4, "link": 5,
    "known": 6, "known_as": 7, "birthday": 8, "reason": 9, "local": 10, "blank": 11,
}  # fmt: skip


def draw_block(queue: Queue, number: int, seed: int) -> Block:
    """The queue's people number `number` × BLOCK onwards; the same whenever they are asked for."""
    rng = generator(seed, "people", queue.name, number)
    mix = mix_of(queue.unit, queue.section)
    kind = pick(rng.random(BLOCK), [weight for _, weight in mix])
    usual = queue.operating_unit.pace * np.array([p.minutes for p, _ in mix])[kind]
    fives = np.round(usual * np.exp(rng.normal(-0.01, 0.15, BLOCK)) / 5)
    priority = np.array([p.priority_days for p, _ in mix])[kind]
    priority = _sometimes_other(priority, rng)
    deviation = pick(rng.random(BLOCK), [0.915, 0.055, 0.03])
    age, female = _who(queue, kind, rng)
    return Block(
        kind=kind,
        variant=rng.random(BLOCK),
        minutes=5 * np.clip(fives, 4, LONGEST // 5).astype(np.int64),
        priority_days=np.where(rng.random(BLOCK) < 0.06, UNKNOWN, priority),
        wait_share=_called_early(priority) + rng.normal(0, queue.disorder, BLOCK),
        later_days=_later(deviation, rng),
        guarantee=rng.random(BLOCK) < (0.2 if queue.section == "Obst" else 0.955),
        deviation=deviation,
        leaves_after=_leaving(queue, rng),
        struck_before=np.where(rng.random(BLOCK) < 0.05, rng.integers(0, 12, BLOCK), UNKNOWN),
        age=age,
        female=female,
        home=pick(rng.random(BLOCK), list(queue.homes)),
        asa=asa_of(age, rng),
        noise=rng.standard_normal((BLOCK, len(NOISE))),
        chance=rng.random((BLOCK, len(CHANCE))),
    )


def asa_of(age: Floats, rng: np.random.Generator, *, shift: float = 0.0) -> Ints:
    """ASA class 1–5, or 0 where none is noted; older people have higher ones.

    Args:
        age: Years.
        rng: Where to draw from.
        shift: Added to the score; emergencies are sicker.
    """
    score = (age - 58) / 24 + shift + rng.logistic(0, 0.55, len(age))
    classes = 1 + np.searchsorted(np.array([-0.75, 0.85, 2.9, 4.6]), score)
    return np.where(rng.random(len(age)) < 0.015, 0, classes).astype(np.int64)


def _sometimes_other(priority: Ints, rng: np.random.Generator) -> Ints:
    """Priorities as people get them: most the usual one of the procedure, some another."""
    other = np.array([30, 90, 180])[pick(rng.random(BLOCK), [0.2, 0.5, 0.3])]
    may_differ = (priority > 28) & (rng.random(BLOCK) < 0.15)
    return np.where(may_differ, other, priority)


def _called_early(priority: Ints) -> Floats:
    return np.select([priority <= 14, priority <= 30, priority <= 90], [-0.97, -0.85, -0.06], 0.04)


def _later(deviation: Ints, rng: np.random.Generator) -> Ints:
    """Days by which some are called later than in turn: they asked for it, are not fit yet, or
    nobody knows why (one in twelve)."""
    known = deviation != NONE
    unknown = rng.random(BLOCK) < 0.08
    return np.where(
        known, rng.integers(20, 110, BLOCK), np.where(unknown, rng.integers(15, 95, BLOCK), 0)
    )


def _leaving(queue: Queue, rng: np.random.Generator) -> Ints:
    """When someone leaves without an operation: one in fourteen, sooner or later."""
    leaves = rng.random(BLOCK) < (0.01 if queue.section == "Obst" else 0.07)
    return np.where(leaves, rng.integers(4, 170, BLOCK), UNKNOWN)


def _who(queue: Queue, kind: Ints, rng: np.random.Generator) -> tuple[Floats, Bools]:
    """Age in years and sex of each person, as the procedure has them."""
    mix = mix_of(queue.unit, queue.section)
    age = np.array([p.age for p, _ in mix])[kind]
    spread = np.array([p.age_spread for p, _ in mix])[kind]
    female = np.array([p.female for p, _ in mix])[kind]
    years = np.clip(age + spread * rng.standard_normal(BLOCK), 1, 96)
    return years, rng.random(BLOCK) < female
