"""How the cost of a page grows with the number of pages, and what memory a night takes."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
from tests.bench.builds import run_night
from tests.bench.measuring import LPE
from tests.bench.office import DEFAULT, FULL, LARGE, TINY, Demo, Office, make_office, real_office
from tests.bench.processes import TreeCost, tree_cost

SAYS = (
    "Small pages of eight cells and one table over a week of one unit, each with HTML, PDF, xlsx, "
    "csv and json; the whole night with indexes and gate. The night of the fewest pages is run "
    "before and after that of the most; its mean is what a page's cost is compared with. Allowed "
    "are 1.2 times. `plan s` is deciding that nothing has to run, when the night is run again."
)
FEWEST, MOST = 100, 4_000
SMALL_FEWEST, SMALL_MOST = 4, 8
MEMORY_SAYS = (
    "The highest sum over all processes of a step, shared pages divided among them (PSS), at two "
    "workers, with the demo's own reports: all their pages on the default demo (1,024 MB are "
    "allowed), and those of one week, one month and one year on a large one (4,096 MB)."
)
_ONE_OF_EACH = ("--period", "2026-W19", "--period", "2026-04", "--period", "2025")


def lines(small: bool) -> Iterator[str]:
    """The growth's table."""
    fewest, most = (SMALL_FEWEST, SMALL_MOST) if small else (FEWEST, MOST)
    demo = TINY if small else FULL
    yield "| pages | seconds | CPU s | CPU s a page | times | plan s | again s | again CPU s |"
    yield "|---|---|---|---|---|---|---|---|"
    first = _nights(f"small-{fewest}-before", fewest, demo)
    large = _nights(f"small-{most}", most, demo)
    after = _nights(f"small-{fewest}-after", fewest, demo)
    least = (first[0].cpu_seconds + after[0].cpu_seconds) / 2 / fewest
    for pages, (night, again, plan_seconds) in ((fewest, first), (most, large), (fewest, after)):
        each = night.cpu_seconds / pages
        yield (
            f"| {pages} | {night.seconds:.1f} | {night.cpu_seconds:.1f} | {each:.3f} | "
            f"{each / least:.2f} | {plan_seconds:.2f} | {again.seconds:.1f} | "
            f"{again.cpu_seconds:.1f} |"
        )


def _nights(name: str, pages: int, demo: Demo) -> tuple[TreeCost, TreeCost, float]:
    """The first night of an office, and the same again, with nothing changed."""
    office: Office = make_office(name, pages, demo, small=True)
    night, said = run_night(office)
    if said["counts"]["built"] != pages:
        raise SystemExit(f"{pages} pages were to be built, not {said['counts']}")
    again, said_again = run_night(office)
    if said_again["counts"]["built"] or said_again["new"]:
        raise SystemExit(f"nothing had changed, yet: {said_again['counts']}")
    return night, again, float(said_again["seconds"]["plan"])


def memory_lines(small: bool) -> Iterator[str]:
    """The memory's table; the large demo takes a quarter of an hour to make and extract."""
    yield "| rows | step | seconds | CPU s | peak MB |"
    yield "|---|---|---|---|---|"
    if small:
        yield from _steps(TINY, _ONE_OF_EACH)
        return
    yield from _steps(DEFAULT, ())
    yield from _steps(LARGE, _ONE_OF_EACH)


def _steps(demo: Demo, selection: tuple[str, ...]) -> Iterator[str]:
    root = real_office(f"memory-{demo.name}", demo)
    rows = warehouse_rows(root / "data" / "demo" / "warehouse.duckdb")
    for what, command in (
        ("extract", [LPE, "extract", "--source", "demo"]),
        ("build", [LPE, "build", "--jobs", "2", *selection]),
        ("gate and publish", [LPE, "publish"]),
    ):
        if selection and what == "gate and publish":
            continue  # a build of a selection is no site
        cost = tree_cost(command, root, allowed=(0, 3))
        yield (
            f"| {rows} | {what} | {cost.seconds:.1f} | {cost.cpu_seconds:.1f} | "
            f"{cost.peak_mb:.0f} |"
        )


def warehouse_rows(warehouse: Path) -> str:
    """How many operations and waiting patients a warehouse has."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        counted = {
            name: connection.sql(f"SELECT count(*) FROM {name}").fetchall()[0][0]
            for name in ("operations", "waiting_list")
        }
    return ", ".join(f"{rows / 1e6:.2f} M {name}" for name, rows in counted.items())
