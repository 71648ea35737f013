"""Planned patients of all queues, gathered into columns: what each needs and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import chain

import numpy as np

from lpe_reports.warehouse.demo.booking import Life
from lpe_reports.warehouse.demo.catalogue import mix_of, procedures
from lpe_reports.warehouse.demo.days import DAY_MINUTES
from lpe_reports.warehouse.demo.draws import Bools, Floats, Ints, pick
from lpe_reports.warehouse.demo.office import QUEUES
from lpe_reports.warehouse.demo.pool import CHANCE

# Every KVÅ code that planned operations are written with.
CODES = tuple(chain.from_iterable(p.codes for p in procedures().values()))
YEAR_DAYS = 365.25
_DAY_STARTS, _DAY_ENDS = 8 * 60, 16 * 60


@dataclass
class Planned:
    """Planned patients; one value each, queue by queue in turn of arrival.

    Days are day numbers and times minutes; NEVER (or its minutes) where it has not happened.
    `code` is an index of CODES, `session` one of the sessions or −1, `birth` a day with a
    fraction, `known_as` the index of the person whose key they share (their own, mostly).
    """

    queue: Ints
    code: Ints
    decided: Ints
    decided_at: Ints
    requested_at: Ints
    booked_on: Ints
    session: Ints
    removed: Ints
    struck_booked_on: Ints
    struck_session: Ints
    struck_on: Ints
    minutes: Ints
    priority_days: Ints
    guarantee: Bools
    deviation: Ints
    asa: Ints
    birth: Floats
    female: Bools
    home: Ints
    local: Bools
    known_as: Ints
    noise: Floats
    chance: Floats


def gather(lives: Sequence[Life]) -> Planned:
    """Put the people of all queues into one set of columns."""
    parts = [_columns(n, life) for n, life in enumerate(lives)]
    offset = 0
    for part in parts:
        part.known_as = part.known_as + offset
        offset += len(part.queue)
    return Planned(
        **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Planned)}
    )


def age_on(birth: Floats, day: Ints) -> Ints:
    """Whole years between a birthday and a day."""
    return np.maximum(0, np.floor((day - birth) / YEAR_DAYS)).astype(np.int64)


def _columns(queue: int, life: Life) -> Planned:
    count = len(life.decided)

    def drawn(name: str) -> np.ndarray:
        return np.concatenate([getattr(block, name) for block in life.blocks])[:count]

    def lived(name: str) -> Ints:
        return np.array(getattr(life, name), dtype=np.int64)

    chance = drawn("chance")
    decided = lived("decided")
    decided_at = decided * DAY_MINUTES + _office_hours(chance[:, CHANCE["minute"]])
    birth = decided - drawn("age") * YEAR_DAYS - chance[:, CHANCE["birthday"]] * 200
    kind = drawn("kind")
    local_share = np.array([p.local for p, _ in mix_of(life.queue.unit, life.queue.section)])
    known_as = _known_as(chance, drawn("female"), birth)
    return Planned(
        queue=np.full(count, queue),
        code=_codes(queue, kind, drawn("variant")),
        decided=decided,
        decided_at=decided_at,
        requested_at=_requested(decided, decided_at, chance, lived("booked_on"), lived("removed")),
        booked_on=lived("booked_on"),
        session=lived("session"),
        removed=lived("removed"),
        struck_booked_on=lived("struck_booked_on"),
        struck_session=lived("struck_session"),
        struck_on=lived("struck_on"),
        minutes=drawn("minutes"),
        priority_days=drawn("priority_days"),
        guarantee=drawn("guarantee"),
        deviation=drawn("deviation"),
        asa=drawn("asa"),
        birth=birth[known_as],
        female=drawn("female"),
        home=drawn("home")[known_as],
        local=chance[:, CHANCE["local"]] < local_share[kind],
        known_as=known_as,
        noise=drawn("noise"),
        chance=chance,
    )


def _office_hours(uniform: Floats) -> Ints:
    return (_DAY_STARTS + uniform * (_DAY_ENDS - _DAY_STARTS)).astype(np.int64)


def _codes(queue: int, kind: Ints, variant: Floats) -> Ints:
    """The code that each operation is written with, as an index of CODES."""
    codes = np.zeros(len(kind), dtype=np.int64)
    for n, (procedure, _) in enumerate(mix_of(QUEUES[queue].unit, QUEUES[queue].section)):
        mine = kind == n
        shares = [share for _, share in procedure.variants] or [1.0]
        index = np.array([CODES.index(code) for code in procedure.codes])
        codes[mine] = index[pick(variant[mine], shares)]
    return codes


def _requested(
    decided: Ints, decided_at: Ints, chance: Floats, booked_on: Ints, removed: Ints
) -> Ints:
    """When the request reached the operating department: often the same day, and before booking."""
    uniform = chance[:, CHANCE["request"]]
    later = np.floor(np.maximum(0.0, uniform - 0.55) / 0.45 * 12).astype(np.int64)
    day = np.minimum(decided + later, np.minimum(booked_on, removed) - 1)
    same_day = decided_at + 5 + (uniform * 120).astype(np.int64)
    next_days = day * DAY_MINUTES + _office_hours(1 - uniform)
    return np.where(day <= decided, same_day, next_days)


def _known_as(chance: Floats, female: Bools, birth: Floats) -> Ints:
    """Whose key each person has: one in six has been here before, with the same queue."""
    own = np.arange(len(female))
    before = np.floor(chance[:, CHANCE["known_as"]] * own).astype(np.int64)
    returning = (chance[:, CHANCE["known"]] < 0.3) & (own > 40)
    first = ~returning
    alike = (female == female[before]) & (np.abs(birth - birth[before]) < 9 * YEAR_DAYS)
    return np.where(returning & first[before] & alike, before, own)
