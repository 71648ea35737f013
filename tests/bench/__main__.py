"""`make bench`: measures speed and memory side by side and writes docs/benchmarks.md.

    python -m tests.bench                 all of it: about two hours
    python -m tests.bench builds growth   some parts; the rest of the page stays
    python -m tests.bench builds --small
    python -m tests.bench load            what is left out of `all of it`, for it takes hours

Nothing else should run on the machine meanwhile.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.bench.machine import machine

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "site")]

_INTRODUCTION = """\
# Benchmarks

Made by `make bench`; what stands side by side was measured in one run on one machine. Seconds are
wall clock, CPU seconds those of the process and its children, memory the highest of one process. On
a machine that does other things too, CPU seconds are what to compare.
"""


def main() -> None:
    """Measure what is asked for and write it into the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("parts", nargs="*", choices=[[], *_PARTS], default=[])
    parser.add_argument(
        "--small", action="store_true", help="less of everything, to see that it runs"
    )
    asked = parser.parse_args()
    for name in asked.parts or [name for name in _PARTS if name not in _ALONE]:
        _write(name, _PARTS[name](asked.small))


def _extracts(small: bool) -> str:
    from tests.bench.extracts import YEARS, extract_steps

    lines = [
        "| source | rows | what | seconds | CPU s | peak MB | CPU, times the limit |",
        "|---|---|---|---|---|---|---|",
    ]
    for step in extract_steps((1,) if small else (1, 10)):
        times = f"{step.times_limit:.1f}" if step.times_limit else "1"
        line = (
            f"| {step.source} | {step.size} | {step.what} | {step.cost.seconds:.1f} | "
            f"{step.cost.cpu_seconds:.1f} | {step.cost.peak_mb:.0f} | {times} |"
        )
        print(line, flush=True)
        lines.append(line)
    return _section(
        "The extract",
        f"A demo of {YEARS} years with monthly waiting lists, of the sizes in the second column; "
        "`--small` leaves out the one of ten times the office. The limit is the same rows read "
        "and written as they come, with nothing done to them: by DuckDB into Parquet, by "
        "PostgreSQL's own COPY into text. An extract also "
        "checks, re-keys, divides, sorts, compresses and fingerprints them. A server's own work is "
        "not in the CPU seconds.",
        lines,
    )


def _measures(small: bool) -> str:
    from tests.bench.measures import OPERATIONS, measure_costs

    lines = ["| measure | seconds | CPU s | peak MB |", "|---|---|---|---|"]
    for cost in measure_costs():
        line = (
            f"| `{cost.measure}` | {cost.seconds:.2f} | {cost.cpu_seconds:.2f} | "
            f"{cost.peak_mb:.0f} |"
        )
        print(line, flush=True)
        lines.append(line)
    return _section(
        "The measures",
        f"Every public measure over {OPERATIONS:,} operations, each in a process of its own; the "
        "time is the measure's alone, the memory the process's, rows and libraries included. "
        "Allowed are 2 CPU seconds and 1 024 MB.".replace(",", " ", 1),
        lines,
    )


def _disclosure(small: bool) -> str:
    from tests.bench.disclosure import SMALL_TABLES, TABLES, least_possible, random_tables

    tables = TABLES // 10 if small else TABLES
    lines = [
        "| divided by | tables | cells | small | hidden | told | CPU ms, median | 95 % |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for result in random_tables(tables):
        line = (
            f"| {result.kind} | {result.tables:,} | {result.cells:,} | "
            f"{result.small / result.cells:.1%} | {result.hidden / result.cells:.1%} | "
            f"{result.told} | {result.at(0.5):.0f} | {result.at(0.95):.0f} |"
        )
        print(line, flush=True)
        lines.append(line)
    least = least_possible(SMALL_TABLES // 10 if small else SMALL_TABLES)
    lines += [
        "",
        f"In {least.tables} tables of two or three rows and columns {least.all_chosen} cells were "
        f"hidden, of which {least.chosen_cells} beside the small ones; counted out, the least "
        f"possible were {least.all_least} and {least.least_cells}. In {least.as_few} tables it was "
        f"the least possible. {least.needed} needed more than their small cells hidden.",
    ]
    return _section(
        "Small numbers",
        "Random tables with all margins, of which every fifth cell or so is small (1 to 4), each "
        "protected as a page does it, alone or after another table with which it shares a margin. "
        "Told is what an outsider with a solver, written apart from the package, found of hidden "
        "cells: pinned to one value, or certainly small.",
        lines,
    )


def _engines(small: bool) -> str:
    from tests.bench.engines import SAYS, lines

    written = []
    for line in lines(small):
        print(line, flush=True)
        written.append(line)
    return _section("Running a notebook", SAYS, written)


def _gate(small: bool) -> str:
    from tests.bench.gate import SAYS, lines

    written = []
    for line in lines(small):
        print(line, flush=True)
        written.append(line)
    return _section("The gate", SAYS, written)


def _builds(small: bool) -> str:
    from tests.bench.builds import SAYS, lines

    return _section("Whole nights", SAYS, _printed(lines(small)))


def _growth(small: bool) -> str:
    from tests.bench.growth import SAYS, lines

    return _section("Many small pages", SAYS, _printed(lines(small)))


def _memory(small: bool) -> str:
    from tests.bench.growth import MEMORY_SAYS, memory_lines

    return _section("Memory of a night", MEMORY_SAYS, _printed(memory_lines(small)))


def _load(small: bool) -> str:
    from tests.bench.load import SAYS, lines

    return _section("Load", SAYS, _printed(lines(small)))


def _pages(small: bool) -> str:
    from tests.bench.pages import SAYS, lines

    return _section("Pages in a browser", SAYS, _printed(lines(small)))


def _renderers(small: bool) -> str:
    from tests.bench.renderers import SAYS, lines

    return _section("Renderers", SAYS, _printed(lines(small)))


def _versions(small: bool) -> str:
    from tests.bench.versions import SAYS, lines

    return _section("Versions", SAYS, _printed(lines(small)))


def _printed(lines: Iterable[str]) -> list[str]:
    written = []
    for line in lines:
        print(line, flush=True)
        written.append(line)
    return written


def _preview(small: bool) -> str:
    from tests.bench.preview import CHANGES, preview_waits

    lines = [
        f"| report | command → page | {' | '.join(CHANGES)} |",
        f"|---|---|{'---|' * len(CHANGES)}",
    ]
    for waits in preview_waits(small):
        cells = " | ".join(f"{waits.changes[name]:.2f}" for name in CHANGES)
        line = f"| {waits.report} | {waits.first:.1f} | {cells} |"
        print(line, flush=True)
        lines.append(line)
    return _section(
        "Preview",
        "Seconds that an author waits at `lpe preview REPORT`, in a real Chromium, nothing built "
        "before: from the command to the page, and from a saved change to its content on the "
        "screen. *First question* is the first cell that reads data, so that all of the notebook "
        "runs again; *taken back* is how it was before; *measure* is a module that every measure "
        "uses.",
        lines,
    )


_PARTS: dict[str, Callable[[bool], str]] = {
    "extracts": _extracts,
    "measures": _measures,
    "gate": _gate,
    "disclosure": _disclosure,
    "engines": _engines,
    "builds": _builds,
    "growth": _growth,
    "memory": _memory,
    "load": _load,
    "pages": _pages,
    "renderers": _renderers,
    "versions": _versions,
    "preview": _preview,
}
# What takes more than an hour runs only where it is named.
_ALONE = {"load"}


def _section(title: str, says: str, lines: list[str]) -> str:
    table = "\n".join(lines)
    return f"## {title}\n\n{says} {machine()}\n\n{table}\n"


def _write(name: str, section: str) -> None:
    """Put a part in its place on the page."""
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    text = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else _INTRODUCTION
    before, found, rest = text.partition(begin)
    after = rest.partition(end)[2] if found else ""
    text = f"{before if found else text.rstrip() + chr(10) * 2}{begin}{section}{end}{after}"
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
