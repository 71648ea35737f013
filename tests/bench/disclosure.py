"""What the protection of tables costs, and whether an outsider learns anything from them.

    python -m tests.bench.disclosure            10,000 random tables
    python -m tests.bench.disclosure 1000

The tables are divided by one, two or three traits, with all margins, and many of their cells
are small. Each is protected as a page does it; then an outsider with a solver (tests/outsider.py,
written apart) looks for what follows. On small tables it is also counted out how few cells could
have been hidden at the least.
"""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, product

import numpy as np
import numpy.typing as npt
import pandas as pd
from tests.outsider import Table, told

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import Group
from lpe_reports.disclosure.ledger import Ledger
from lpe_reports.disclosure.protect import protect
from lpe_reports.params.disclosure import DisclosurePolicy

TABLES, SMALL_TABLES = 10_000, 300
SEED = 5
THRESHOLD = 5
POLICY = DisclosurePolicy(decision="Regionen beslutar.", threshold=THRESHOLD, families=[])
ABOUT = Group.of("operated", time="2025")

Counts = npt.NDArray[np.int64]
Division = tuple[tuple[str, ...], Counts]  # traits, the last in columns; and the counts


@dataclass
class Result:
    """What became of many tables of one kind."""

    kind: str
    tables: int = 0
    cells: int = 0
    small: int = 0
    hidden: int = 0
    told: int = 0
    cpu_seconds: list[float] = field(default_factory=list)

    def at(self, quantile: float) -> float:
        """A quantile of the processor milliseconds per table."""
        return float(np.quantile(self.cpu_seconds, quantile)) * 1000


@dataclass
class Least:
    """How many cells were hidden beside the small ones in small tables, and could have been."""

    tables: int = 0
    needed: int = 0  # tables in which more than the small ones must be hidden
    chosen_cells: int = 0
    least_cells: int = 0
    all_chosen: int = 0
    all_least: int = 0
    as_few: int = 0


def random_tables(count: int) -> Iterator[Result]:
    """Protect random tables and let the outsider look; one result per kind."""
    kinds = (("two traits", 0.7), ("three traits", 0.15), ("two tables, one margin", 0.15))
    for number, (kind, share) in enumerate(kinds):
        rng = np.random.default_rng([SEED, number])
        result = Result(kind)
        for _ in range(round(count * share)):
            _judge(_draw(rng, kind), result)
        yield result


def least_possible(count: int) -> Least:
    """Small tables, against the fewest cells that could be hidden so that nothing is told."""
    rng = np.random.default_rng([SEED, 9])
    found = Least()
    for _ in range(count):
        inner = _counts(rng, (int(rng.integers(2, 4)), int(rng.integers(2, 4))))
        [(axes, shown)] = _protected([(("unit", "asa"), inner)])
        full = _with_margins(inner)
        small = (full > 0) & (full < THRESHOLD)
        chosen = int(np.isnan(shown).sum() - small.sum())
        least = _least(axes, full, small, chosen)
        found.tables += 1
        found.needed += least > 0
        found.chosen_cells, found.least_cells = (
            found.chosen_cells + chosen,
            found.least_cells + least,
        )
        found.all_chosen += int(small.sum()) + chosen
        found.all_least += int(small.sum()) + least
        found.as_few += chosen == least
    return found


def _judge(divisions: list[Division], result: Result) -> None:
    before = time.process_time()
    shown = _protected(divisions)
    result.cpu_seconds.append(time.process_time() - before)
    result.tables += 1
    for (_, inner), (_, table) in zip(divisions, shown, strict=True):
        full = _with_margins(inner)
        small = (full > 0) & (full < THRESHOLD)
        result.told += int((small & ~np.isnan(table)).sum())
        result.cells, result.small = result.cells + full.size, result.small + int(small.sum())
        result.hidden += int(np.isnan(table).sum())
    three = any(inner.ndim > 2 for _, inner in divisions)
    result.told += len(told(shown, THRESHOLD, integers=three))


def _draw(rng: np.random.Generator, kind: str) -> list[Division]:
    if kind == "three traits":
        shape = (int(rng.integers(2, 5)), int(rng.integers(2, 4)), int(rng.integers(2, 4)))
        return [(("unit", "asa", "sex"), _counts(rng, shape))]
    inner = _counts(rng, (int(rng.integers(2, 9)), int(rng.integers(2, 7))))
    if kind == "two traits":
        return [(("unit", "asa"), inner)]
    totals = inner.sum(axis=1)
    women = rng.binomial(totals, rng.uniform(0.1, 0.9))
    other = np.column_stack([women, totals - women])
    return [(("unit", "asa"), inner), (("unit", "sex"), other)]


def _counts(rng: np.random.Generator, shape: tuple[int, ...]) -> Counts:
    """Counts of which about a fifth are small: means of 3 to 40, unevenly spread."""
    mean = rng.choice([3, 8, 20, 40])
    return np.asarray(rng.poisson(mean * rng.gamma(1, 1, size=shape)), dtype=np.int64)


def _with_margins(inner: Counts) -> Counts:
    for axis in range(inner.ndim):
        inner = np.concatenate([inner, inner.sum(axis=axis, keepdims=True)], axis=axis)
    return inner


def _protected(divisions: list[Division]) -> list[tuple[tuple[str, ...], Table]]:
    """The tables as a page shows them one after another, holes as NaN."""
    ledger = Ledger(POLICY)
    return [(axes, _shown(ledger, axes, inner)) for axes, inner in divisions]


def _shown(ledger: Ledger, axes: tuple[str, ...], inner: Counts) -> Table:
    full = _with_margins(inner)
    *rows, last = axes
    parts = [f"{last}{number}" for number in range(inner.shape[-1])]
    frame = pd.DataFrame(full.reshape(-1, full.shape[-1]), columns=[*parts, "n"])
    places = list(product(*(range(size) for size in full.shape[:-1])))
    for axis, name in enumerate(rows):
        values = [str(at[axis]) if at[axis] < inner.shape[axis] else None for at in places]
        frame[name] = pd.Series(values, dtype="str")
    columns = [Column(name, name, trait=name) for name in rows]
    columns += [Column(p, p, "count", part_of="n", traits=((last, p),)) for p in parts]
    table = protect(
        frame,
        table="equity",
        columns=[*columns, Column("n", "Antal", "count")],
        policy=POLICY,
        total_row=len(frame) - 1 if len(rows) == 1 else None,
        about=ABOUT,
        ledger=ledger,
    )
    return table.frame[[*parts, "n"]].to_numpy(dtype=float, na_value=np.nan).reshape(full.shape)


def _least(axes: tuple[str, ...], full: Counts, small: npt.NDArray[np.bool_], chosen: int) -> int:
    """The fewest cells beside the small ones that must be hidden; no more than were chosen."""
    table = np.where(small, np.nan, full)
    places = [at for at in np.ndindex(full.shape) if full[at] > 0 and not small[at]]
    for count in range(chosen):
        for more in combinations(places, count):
            trial = table.copy()
            for at in more:
                trial[at] = np.nan
            if not _has_lonely(trial) and not told([(axes, trial)], THRESHOLD):
                return count
    return chosen


def _has_lonely(table: Table) -> bool:
    """Whether a row or column has a single hole, which is then told."""
    holes = np.isnan(table)
    return bool((holes.sum(axis=0) == 1).any() or (holes.sum(axis=1) == 1).any())


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else TABLES
    for each in random_tables(size):
        print(each.kind, each.tables, "tables,", each.hidden, "hidden,", each.told, "told")
    print(least_possible(max(20, size * SMALL_TABLES // TABLES)))
