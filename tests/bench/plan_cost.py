"""What deciding costs: a plan over many runs whose traces are those of a built project.

    python tests/bench/plan_cost.py PROJECT --runs 400 4000

Each run gets a trace of its own, with the questions of a real one; days are moved so that runs
ask different questions, as those of many units and weeks do. Prints seconds of wall clock and of
processors, medians of five, for the three things a night can find.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lpe_reports.build.planning.evidence import NightEvidence
from lpe_reports.build.planning.plan import Plan, make_plan
from lpe_reports.build.planning.tools import module_digest, tool_versions
from lpe_reports.build.planning.traces import Trace, write_trace
from lpe_reports.build.runs import PlanStatus
from lpe_reports.build.storing.exposures import put_exposure
from lpe_reports.build.storing.store import put_notebook
from lpe_reports.params.loading import Params, load_params
from lpe_reports.params.reports import Report, Subject, UnitsOfKind, Window
from lpe_reports.params.units import UnitKind
from lpe_reports.periods import PeriodKind
from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.folders import find_night

WEEKS = 20
ROUNDS = 5


class ManyRuns:
    """A project whose one report has many units, and a store with a trace of every run.

    Args:
        built: A project that has been built.
        root: An empty folder.
        runs: How many runs.
        notebook_bytes: The size of each executed notebook.
    """

    def __init__(self, built: Project, root: Path, runs: int, notebook_bytes: int) -> None:
        for name in ("data", "params", "reports"):
            (root / name).symlink_to(built.root / name)
        self.project = Project(root)
        self.params = load_params(self.project)
        self.night = find_night(self.project)
        self.reports = {"many": _report(self.params, runs // WEEKS)}
        self._fill(_questions_of(built), notebook_bytes)

    def evidence(self) -> NightEvidence:
        return NightEvidence(self.project, self.params, self.night.folder.name)

    def plan(self) -> Plan:
        return make_plan(self.project, self.reports, self.night.date, self.evidence)

    def _fill(self, asked: Sequence[Sequence[Any]], notebook_bytes: int) -> None:
        evidence, modules = self.evidence(), _modules()
        plan = self.plan()
        entries = [f"units/{unit.id}/name" for unit in self.params.units][:14]
        for number, run in enumerate(plan.runs):
            questions = [
                {**moved, "parts_digest": evidence.parts_digest(moved)}
                for moved in _moved(asked[number % len(asked)], number // len(asked))
            ]
            record = {"cells": {f"{run.key}|{n}": n for n in range(50)}}
            content = os.urandom(notebook_bytes // 2).hex().encode()
            source = plan.notebooks["many"]
            trace = Trace(
                notebook=put_notebook(self.project, content),
                code_digest=source.code_digest,
                prose_digest=source.prose_digest,
                parameters=dict(run.parameters),
                under_way=None,
                params={entry: evidence.params_digest(entry) for entry in entries},
                modules=modules,
                tools=tool_versions(),
                questions=tuple(questions),
                seconds=1.0,
                exposure=put_exposure(self.project, run.key, record),
                manifest=evidence.manifest,
            )
            write_trace(self.project, run.key, trace)

    def forget_manifest(self) -> None:
        """As after a new night whose data is the same: every question is compared."""
        for key, trace in self.plan().traces.items():
            write_trace(self.project, key, replace(trace, manifest="another"))


def _report(params: Params, units: int) -> Report:
    model = next(iter(params.reports.values()))
    subjects = tuple(
        Subject(id=f"u{n}", name=f"U{n}", short="U", slug=f"u{n}") for n in range(units)
    )
    return Report(
        id="many", notebook=model.notebook, area=model.area, slug="many", title="Many",
        question="?", owner="a@example.invalid", units=UnitsOfKind(kind=UnitKind.OPERATING_UNIT),
        periods=Window(kind=PeriodKind.WEEK, last=WEEKS), parameters=model.parameters,
        subjects=subjects,
    )  # fmt: skip


def _questions_of(built: Project) -> list[list[Any]]:
    from lpe_reports.build.planning.traces import read_trace
    from lpe_reports.build.runs import RunKey

    found = []
    for file in sorted((built.store / "traces").glob("*/*/*.json")):
        trace = read_trace(built, RunKey(file.parent.parent.name, file.parent.name, file.stem))
        if trace is not None:
            found.append([dict(question) for question in trace.questions])
    return found


def _moved(questions: Sequence[Any], days: int) -> Iterator[dict[str, Any]]:
    for question in questions:
        ends = {
            name: (date.fromisoformat(question[name]) - timedelta(days=days)).isoformat()
            for name in ("start", "end")
            if question[name]
        }
        yield {**question, **ends}


def _modules() -> dict[str, str]:
    import sys

    names = [name for name in sorted(sys.modules) if name.split(".")[0] == "lpe_reports"]
    return {name: module_digest(name) or "" for name in names}


def _median(work: Callable[[], object]) -> tuple[float, float]:
    walls, cpus = [], []
    for _ in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return statistics.median(walls), statistics.median(cpus)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("project", type=Path)
    parser.add_argument("--runs", type=int, nargs="+", default=[400, 4000])
    parser.add_argument("--notebook-kb", type=int, default=30)
    given = parser.parse_args()
    for runs in given.runs:
        with tempfile.TemporaryDirectory() as folder:
            many = ManyRuns(Project(given.project), Path(folder), runs, given.notebook_kb * 1000)
            assert many.plan().count(PlanStatus.CURRENT) == runs
            same = _median(many.plan)
            many.forget_manifest()
            compared = _median(many.plan)
            print(f"{runs} runs: same manifest {same[0]:.2f} s ({same[1]:.2f} CPU)", end="; ")
            print(f"another, same data {compared[0]:.2f} s ({compared[1]:.2f} CPU)")


if __name__ == "__main__":
    main()
