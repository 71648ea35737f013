"""What a notebook costs by each way of running it, side by side: the demo's reports, a reference.

The ways take turns, page by page, so that what else the machine does falls on all of them alike.
CPU seconds are those of all processes concerned; what is paid once per worker (libraries, the
fork server's start) is paid before the first round and told apart.
"""

import json
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil
from tests.bench.measuring import LPE, cost_of
from tests.bench.office import FULL, REPORT, TINY, make_office

from engine_pair import FORK, KERNEL, environment, execute
from lpe_reports.build.forking.processes import family_bytes
from lpe_reports.build.running import executed
from lpe_reports.params.loading import load_params
from lpe_reports.settings import Project

ROOT = Path(__file__).resolve().parents[2]
OFFICE = ROOT / "build" / "bench" / "office"
# One page of each report that the demo has.
PAGES = (
    ("weekly", "ortopedi", "2026-W19"),
    ("procedure", "NGB49", "2025"),
    ("utilisation", "hu-cop", "2026-04"),
)
REFERENCE = (REPORT, "bo-opc", "2026-W18")
LIMIT = "the limit: the same cells, compiled, in a warm process"
FORKED = "cells run in a forked process, as a papermill engine"
ORDINARY = "papermill in one process, an ordinary kernel per notebook"
COMMAND = "`papermill` command per notebook"


@dataclass(frozen=True)
class WayCost:
    """One way: the median CPU seconds of each page."""

    way: str
    cpu_seconds: Mapping[str, float]

    def times(self, other: "WayCost", reports: list[str]) -> float:
        """How many times the other way's it is, over some reports."""
        own, theirs = (sum(cost.cpu_seconds[name] for name in reports) for cost in (self, other))
        return own / theirs


@dataclass(frozen=True)
class _Page:
    report: str
    notebook: dict[str, Any]
    parameters: dict[str, Any]
    folder: Path
    variables: dict[str, str]


def lines(small: bool) -> Iterator[str]:
    """The table, and what a worker costs beside."""
    rounds = 3 if small else 7
    own, reference = [report for report, _, _ in PAGES], [REFERENCE[0]]
    yield (
        f"| way | {' | '.join(f'`{name}`' for name in own)} | times the limit | reference | "
        "times the limit | times the forked way |"
    )
    yield "|---|" + "---|" * (len(own) + 4)
    costs = engine_costs(rounds, small)
    limit, forked = costs[LIMIT], costs[FORKED]
    for cost in costs.values():
        each = " | ".join(f"{cost.cpu_seconds[name]:.2f}" for name in own)
        yield (
            f"| {cost.way} | {each} | {cost.times(limit, own):.1f} | "
            f"{cost.cpu_seconds[REFERENCE[0]]:.2f} | {cost.times(limit, reference):.2f} | "
            f"{cost.times(forked, reference):.1f} |"
        )
    yield ""
    yield (
        f"CPU seconds of all processes; medians of {rounds} rounds in which the ways take turns. "
        f"{server_words()}"
    )


SAYS = (
    "One page of each of the demo's reports, and the reference: a notebook of 26 cells, four "
    "charts and four tables over all operations of eight years (150,000), read through the page, "
    "grouped with pandas, protected, and drawn with the page's bars and with Altair charts of the "
    "author's own. All ways read the extract and protect what they show, which is most of what "
    "remains in the limit."
)


def engine_costs(rounds: int, small: bool) -> dict[str, WayCost]:
    """What each way costs, the limit first; medians of some rounds."""
    _make_demo_office()
    office = make_office("engines", 10, TINY if small else FULL).root
    pages = [*(_page(OFFICE, *page) for page in PAGES), _page(office, *REFERENCE)]
    limit = _Limit()
    ways: dict[str, Callable[[_Page], None]] = {
        LIMIT: limit.run,
        FORKED: lambda page: _run(page, FORK),
        ORDINARY: lambda page: _run(page, KERNEL),
        COMMAND: _run_command,
    }
    found: dict[str, dict[str, list[float]]] = {
        way: {page.report: [] for page in pages} for way in ways
    }
    for number in range(rounds + 1):
        for page in pages:
            with environment(**page.variables):
                for way, run in ways.items():
                    cost = _cpu_of(lambda run=run, page=page: run(page))  # type: ignore[misc]
                    if number:  # the first round warms up
                        found[way][page.report].append(cost)
    limit.close()
    return {
        way: WayCost(way, {report: statistics.median(each) for report, each in costs.items()})
        for way, costs in found.items()
    }


def server_words() -> str:
    """What a worker's fork server costs: its start, once, and its memory."""
    from lpe_reports.build.forking.server import ForkServer

    servers: list[ForkServer] = []
    with environment(**_variables(OFFICE)):
        cost = _cpu_of(lambda: servers.append(ForkServer(60)))
    megabytes = family_bytes(servers[0].pid) / 1e6
    servers[0].close()
    return (
        f"A worker that forks starts its server once, which costs {cost:.1f} CPU seconds, is not "
        f"in them, and takes {megabytes:.0f} MB."
    )


def _cpu_of(work: Callable[[], None]) -> float:
    me = psutil.Process()
    before = _spent([me, *me.children(recursive=True)])
    work()
    # Looking for the others takes time that is not the work's.
    own = _spent([me])
    return own + _spent(me.children(recursive=True)) - before


def _spent(processes: Iterable[psutil.Process]) -> float:
    """The CPU seconds of processes, and of those that they have seen end."""
    times = [process.cpu_times() for process in processes]
    return sum(t.user + t.system + t.children_user + t.children_system for t in times)


class _Limit:
    """A process with everything imported that runs the cells as compiled code."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.compiled"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def run(self, page: _Page) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        request = {
            "notebook": page.notebook,
            "parameters": page.parameters,
            "variables": page.variables,
        }
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        if self._process.stdout.readline() != "done\n":
            raise SystemExit("the compiled cells did not run")

    def close(self) -> None:
        self._process.communicate()


def _run(page: _Page, engine: str) -> None:
    done = execute(page.notebook, engine, page.folder, page.parameters)
    if done.problem is not None:
        raise SystemExit(f"{page.report}: {done.problem!r}")


def _run_command(page: _Page) -> None:
    source = Path(page.variables["LPE_PROJECT"]) / "build" / "bench.ipynb"
    nbformat.write(nbformat.from_dict(page.notebook), source)
    parameters: list[str] = []
    for name, value in page.parameters.items():
        # As a text where it is one: a year would become a number.
        parameters += ["-r" if isinstance(value, str) else "-p", name, str(value)]
    papermill = Path(sys.executable).with_name("papermill")
    command = [papermill, "--no-progress-bar", source, source.with_suffix(".out.ipynb")]
    words = [*map(str, command), *parameters]
    subprocess.run(words, cwd=page.folder, check=True, capture_output=True)


def _page(office: Path, report_id: str, unit: str, period: str) -> _Page:
    report = load_params(Project(office)).reports[report_id]
    path = office / report.notebook
    notebook = executed.prepare(json.loads(path.read_text(encoding="utf-8")))
    parameters = {**report.parameters, "unit": unit, "period": period}
    return _Page(report_id, notebook, parameters, path.parent, _variables(office))


def _make_demo_office() -> None:
    """The demo's three years and one night of it, made once and kept."""
    for name in ("params", "reports"):
        shutil.copytree(ROOT / name, OFFICE / name, dirs_exist_ok=True)
    shutil.copyfile(ROOT / "_quarto.yml", OFFICE / "_quarto.yml")
    if not (OFFICE / "data" / "extracts").is_dir():
        cost_of([LPE, "demo", "--if-missing"], OFFICE)
        cost_of([LPE, "extract", "--source", "demo"], OFFICE)


def _variables(office: Path) -> dict[str, str]:
    night = max(path.name for path in (office / "data" / "extracts").iterdir() if path.is_dir())
    # Where something was built, as it is when notebooks run.
    (office / "build").mkdir(exist_ok=True)
    return {
        "LPE_PROJECT": str(office),
        "LPE_NIGHT": night,
        "LPE_RUN": "1",
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "TZ": "Europe/Stockholm",
    }
