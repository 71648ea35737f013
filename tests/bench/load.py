"""The eleven-year warehouse at ten times its size, and two thousand real pages in one version.

Takes more than an hour, so `make bench` leaves it out: `python -m tests.bench load` runs it.
"""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.bench.growth import warehouse_rows
from tests.bench.measuring import LPE
from tests.bench.office import BENCH, TINY, Demo, lay_out, real_office
from tests.bench.processes import TreeCost, tree_cost

SAYS = (
    "First the office's warehouse ten times over and eleven years long, with monthly waiting "
    "lists: the demo, its extract, the extract again when nothing has changed, and the pages of "
    "one week, month, quarter and year. Then eleven years of the office as it is, with the same "
    "ten reports and so many periods that one version has two thousand pages: a night of the "
    "periods in `params/`, the night when they are widened, and one with nothing changed. Memory "
    "is the highest sum over all processes of a step, shared pages divided among them (PSS), at "
    "two workers. `a page` is CPU seconds for each page that was new."
)
TENFOLD = Demo("tenfold", ("--years", "11", "--scale", "10", "--snapshots", "monthly"))
ELEVEN = Demo("eleven", ("--years", "11", "--snapshots", "monthly"))
_ONE_OF_EACH = ("2026-W19", "2026-04", "2026-Q1", "2025")
# How far back each report goes where a version is to have two thousand pages.
_WINDOWS = {
    "end_times": 124,
    "flow": 20,
    "lead_times": 124,
    "postop": 20,
    "production_plan": 30,
    "utilisation": 124,
}
_WIDER = "more periods"
_WINDOW = re.compile(r"\blast: \d+")


def lines(small: bool) -> Iterator[str]:
    """Both tables."""
    yield from _warehouse_lines(TINY if small else TENFOLD)
    yield ""
    yield from _page_lines(TINY if small else ELEVEN, small)


def _warehouse_lines(demo: Demo) -> Iterator[str]:
    root = BENCH / "offices" / f"load-{demo.name}"
    shutil.rmtree(root, ignore_errors=True)
    lay_out(root)
    yield "| step | seconds | CPU s | peak MB | disk, MB |"
    yield "|---|---|---|---|---|"
    one_of_each = [part for period in _ONE_OF_EACH for part in ("--period", period)]
    for what, command, folder in (
        ("the demo", ["demo", *demo.options], "data/demo"),
        ("the extract: all of it", ["extract", "--source", "demo"], "data/extracts"),
        ("the extract: nothing changed", ["extract", "--source", "demo"], "data/extracts"),
        ("a week, month, quarter and year", ["build", "--jobs", "2", *one_of_each], "build"),
    ):
        cost = tree_cost([LPE, *command], root, allowed=(0, 3))
        yield (
            f"| {what} | {cost.seconds:.0f} | {cost.cpu_seconds:.0f} | {cost.peak_mb:.0f} | "
            f"{_megabytes(root / folder):.0f} |"
        )
    yield ""
    yield f"It has {warehouse_rows(root / 'data' / 'demo' / 'warehouse.duckdb')}."


def _page_lines(demo: Demo, small: bool) -> Iterator[str]:
    root = real_office(f"load-pages-{demo.name}", demo)
    every = [path.stem for path in (root / "params" / "reports").glob("*.yml")]
    if small:
        widen(root, dict.fromkeys(every, 1))
    yield "| night | pages | new | step | seconds | CPU s | a page | peak MB |"
    yield "|---|---|---|---|---|---|---|---|"
    tree_cost([LPE, "extract", "--source", "demo"], root)
    for what in ("the periods in `params/`", _WIDER, "nothing changed"):
        if what == _WIDER:
            widen(root, dict.fromkeys(every, 2) if small else _WINDOWS)
        build, said = _said(["build", "--jobs", "2", "--json"], root)
        pages, new = said["pages"], said["counts"]["built"]
        yield _page_line(what, pages, new, "build", build)
        publish = tree_cost([LPE, "publish"], root, allowed=(0, 3, 4))
        yield _page_line(what, pages, new, "gate and publish", publish)
    yield ""
    yield (
        f"`public/` has {_megabytes(root / 'public'):.0f} MB with both versions, `build/` "
        f"{_megabytes(root / 'build'):.0f} MB."
    )


def _page_line(what: str, pages: int, new: int, step: str, cost: TreeCost) -> str:
    each = f"{cost.cpu_seconds / new:.3f}" if new else ""
    return (
        f"| {what} | {pages} | {new} | {step} | {cost.seconds:.0f} | {cost.cpu_seconds:.0f} | "
        f"{each} | {cost.peak_mb:.0f} |"
    )


def widen(root: Path, windows: Mapping[str, int]) -> None:
    """Let the reports of a project go back so many periods, of the last kind that they have."""
    for name, last in windows.items():
        place = root / "params" / "reports" / f"{name}.yml"
        text = place.read_text(encoding="utf-8")
        *_, window = _WINDOW.finditer(text)
        text = f"{text[: window.start()]}last: {last}{text[window.end() :]}"
        place.write_text(text, encoding="utf-8")


def _said(command: list[str], root: Path) -> tuple[TreeCost, dict[str, Any]]:
    cost = tree_cost([LPE, *command], root, allowed=(0, 3))
    return cost, json.loads(cost.said.splitlines()[-1])


def _megabytes(folder: Path) -> float:
    """What a folder takes on the disk; a file of several names counts once."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            stat = path.stat()
            found[stat.st_ino] = stat.st_blocks * 512
    return sum(found.values()) / 1024**2
