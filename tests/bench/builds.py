"""Whole nights by the real `lpe nightly`, beside what others make the same pages with.

The ways take turns: some pages by each of the others, the night, some more pages by each. They
are slow, so they make a sample of the same pages, and what is compared is the cost per page.
"""

import json
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.measuring import LPE
from tests.bench.office import FULL, TINY, Office, make_office
from tests.bench.peers import QUARTO, Page, Peer, peers
from tests.bench.processes import TreeCost, tree_cost

SAYS = (
    "A page of the reference notebook: 26 cells, four charts and four tables over all operations "
    "up to the end of its week, for ten units and forty weeks (`--small`: one week, a tiny demo). "
    "Ours is the whole night, beside which others only run the notebook, or write HTML too, or "
    "HTML and PDF; they make a sample of the same pages, before and after the night. Changed weeks "
    "are changed in the warehouse, so that night begins with its extract. Memory is the highest "
    "sum over all processes, shared pages divided among them (PSS), at two workers."
)
PAGES, SMALL_PAGES = 400, 8
SAMPLE, SMALL_SAMPLE = 4, 1
WEEKS_CHANGED = 2  # of forty: 5 %
LAST_WEEK = "2026-W19"  # the last whole one of every demo
OWN = "`lpe nightly`: HTML, PDF, xlsx, csv, json, indexes, gate"


@dataclass(frozen=True)
class PageCost:
    """One way to make pages: what a page costs, and how many times ours that is."""

    way: str
    pages: int
    seconds: float
    cpu_seconds: float
    times_seconds: float
    times_cpu: float


@dataclass(frozen=True)
class NightCost:
    """One night: how many pages were run, of how many, and how long each step took."""

    what: str
    built: int
    pages: int
    cost: TreeCost
    steps: dict[str, float]


@dataclass(frozen=True)
class Builds:
    """All that was measured."""

    ways: list[PageCost]
    nights: list[NightCost]


def measure_builds(office: Office, others: Sequence[Peer], sample: int) -> Builds:
    """A full night, the nights after it, and others before and after the first.

    Args:
        office: Where nothing is built yet.
        others: Who makes the same pages.
        sample: How many of them each makes, each time.
    """
    pages = [Page(unit, LAST_WEEK) for unit in office.units[:sample]]
    spent: dict[str, list[tuple[float, float]]] = {peer.name: [] for peer in others}

    def let_others_work() -> None:
        for peer in others:
            spent[peer.name].append(peer.make(office, pages))

    let_others_work()
    nights = [_night(office, "the first: every page")]
    let_others_work()
    nights.append(_night(office, "nothing changed"))
    weeks = min(WEEKS_CHANGED, -(-office.pages // len(office.units)))
    office.change_newest(weeks)
    nights.append(_night(office, f"{weeks} of the weeks changed"))
    nights.append(_night(office, "nothing changed again"))
    each = nights[0].cost.seconds / office.pages
    cpu_each = nights[0].cost.cpu_seconds / office.pages
    ways = [PageCost(OWN, office.pages, each, cpu_each, 1.0, 1.0)]
    for name, costs in spent.items():
        made = len(pages) * len(costs)
        seconds = sum(wall for wall, _ in costs) / made
        cpu_seconds = statistics.fmean(cpu for _, cpu in costs) / len(pages)
        times = (seconds / each, cpu_seconds / cpu_each)
        ways.append(PageCost(name, made, seconds, cpu_seconds, *times))
    return Builds(ways, nights)


def lines(small: bool) -> Iterator[str]:
    """The tables of the page."""
    demo, wanted = (TINY, SMALL_PAGES) if small else (FULL, PAGES)
    office = make_office(f"pages-{wanted}", wanted, demo)
    others, missing = peers()
    if small:
        # It makes a page in ten seconds.
        others = [peer for peer in others if peer.name != QUARTO]
    found = measure_builds(office, others, SMALL_SAMPLE if small else SAMPLE)
    fewer = wanted // 4
    found.nights.append(
        _night(make_office(f"pages-{fewer}", fewer, demo), "the first of a smaller office")
    )
    yield "| way | pages | seconds a page | times ours | CPU s a page | times ours |"
    yield "|---|---|---|---|---|---|"
    for way in found.ways:
        yield (
            f"| {way.way} | {way.pages} | {way.seconds:.2f} | {way.times_seconds:.1f} | "
            f"{way.cpu_seconds:.2f} | {way.times_cpu:.1f} |"
        )
    yield ""
    yield f"The warehouse has {office.operations:,} operations. {' '.join(missing)}".rstrip()
    yield ""
    yield "| night | pages run | of | seconds | CPU s | of the first | plan s | peak MB | steps |"
    yield "|---|---|---|---|---|---|---|---|---|"
    first = found.nights[0].cost.cpu_seconds
    for night in found.nights:
        steps = ", ".join(f"{name} {taken:.1f}" for name, taken in night.steps.items())
        yield (
            f"| {night.what} | {night.built} | {night.pages} | {night.cost.seconds:.1f} | "
            f"{night.cost.cpu_seconds:.1f} | {night.cost.cpu_seconds / first:.1%} | "
            f"{night.steps['plan']:.2f} | {night.cost.peak_mb:.0f} | {steps} |"
        )


def run_night(office: Office) -> tuple[TreeCost, dict[str, Any]]:
    """`lpe nightly` with two workers, and what it said of itself."""
    cost = tree_cost([LPE, "nightly", "--jobs", "2", "--json"], office.root)
    # Events come first, a line each.
    return cost, json.loads(cost.said.splitlines()[-1])


def _night(office: Office, what: str) -> NightCost:
    cost, said = run_night(office)
    return NightCost(what, said["counts"]["built"], said["pages"], cost, said["seconds"])
