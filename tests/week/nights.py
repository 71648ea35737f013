"""A week of nights: which faults are drawn, what was seen after each, and its log in words."""

import os
import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from week.faults import FAULTS, NO_FAULT, Fault
from week.inspecting import Site, faults_of, not_healed, pages_of, site_of, temporary
from week.office import Ended, WeekOffice

SEED = "LPE_WEEK_SEED"
DAYS = 7
# Of the nights of a week, whose last one is without a fault.
FAULTY = 5


@dataclass(frozen=True)
class Told:
    """One night of the log.

    Fields:
        day: The night.
        fault: What went wrong in it.
        code: How it ended.
        site: What readers had after it.
        wrong: What was not as promised; nothing, or it is a fault of ours.
    """

    day: str
    fault: Fault
    code: int
    site: Site
    wrong: tuple[str, ...]

    @property
    def line(self) -> str:
        return f"{self.day}: {self.fault.words}; exit code {self.code}; {self.site}"


def drawn_seed() -> int:
    """The seed that is asked for in LPE_WEEK_SEED, or another one each time."""
    return int(os.environ.get(SEED) or secrets.randbelow(1_000_000))


def draw(chance: random.Random, weeks: int) -> Iterator[Fault]:
    """The faults of so many weeks: every one that can be had once before any comes again."""
    deck: list[Fault] = []
    for _ in range(weeks):
        faulty = set(chance.sample(range(DAYS - 1), FAULTY))
        for day in range(DAYS):
            if day not in faulty:
                yield NO_FAULT
                continue
            if not deck:
                deck = [fault for fault in FAULTS if fault.needs()]
                chance.shuffle(deck)
            yield deck.pop()


def first_night(office: WeekOffice) -> Told:
    """The night before the week: a site that readers have."""
    return _told(office, NO_FAULT, office.night(), Site())


def nights(office: WeekOffice, chance: random.Random, faults: Iterator[Fault]) -> Iterator[Told]:
    """One night after the other, each a day later and with its fault."""
    for fault in faults:
        office.pass_day()
        before, known = site_of(office), temporary(office)
        yield _told(office, fault, fault.night(office, chance), before, known)


def _told(
    office: WeekOffice, fault: Fault, ended: Ended, before: Site, known: set[str] | None = None
) -> Told:
    wrong = faults_of(office, fault, ended, before)
    if not (fault.may_leave and ended.code < 0):
        # What an earlier night had to leave is gone after the next one without a fault.
        over = (known or set()) if fault is not NO_FAULT else set()
        wrong += [f"{name} is left" for name in sorted(temporary(office) - over)]
    if fault is NO_FAULT:
        wrong += not_healed(office, ended)
        office.remember(ended)
    return Told(str(office.day), fault, ended.code, site_of(office), tuple(wrong))


def differing_pages(office: WeekOffice, root: Path) -> list[str]:
    """Files of pages that are not as an office makes them that has never had a fault.

    Its warehouse is the same, on a machine that is new.
    """
    twin = office.twin(root)
    ended = twin.night()
    ours, theirs = pages_of(office), pages_of(twin)
    found = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
    return ([] if ended.code == 0 and theirs else [ended.err[-1500:]]) + sorted(found)


HEAD = (
    "| night | what went wrong | exit code | what readers had in the morning |",
    "|---|---|---|---|",
)


def log_lines(told: list[Told]) -> Iterator[str]:
    """A week as a table in Markdown."""
    yield from HEAD
    for night in told:
        yield f"| {night.day} | {night.fault.words} | {_code(night)} | {_readers(night)} |"


def _code(night: Told) -> str:
    return str(night.code) if night.code >= 0 else f"none, by signal {-night.code}"


def _readers(night: Told) -> str:
    if night.site.night != night.day:
        return f"the site of {night.site.night}, whole"
    kept = len(night.site.kept)
    if kept:
        pages = "one page" if kept == 1 else f"{kept} pages"
        return f"that night's site; {pages} as before, and why"
    return "that night's site, all of it new"
