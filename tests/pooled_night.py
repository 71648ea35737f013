"""Nights over tiny pages that show counts of groups: real runs, decisions and publishing.

Each page is a report of one unit; what it counts stands in `pages.json`. It hides counts below
five, and what was decided outside it, as a page's ledger does.
"""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from kept_worker import kept_worker
from lpe_reports.build.deciding import standing_decisions
from lpe_reports.build.looking import Rules
from lpe_reports.build.nightly import BuildOptions, Night, NightSteps, run_nightly
from lpe_reports.build.planning.plan import Plan, make_plan
from lpe_reports.build.planning.selection import Selection
from lpe_reports.build.runs import ExecutedRun, RunKey, RunStatus
from lpe_reports.build.storing.exposures import read_exposure
from lpe_reports.disclosure.decisions import Decisions, read_decisions
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.progress import Silent
from lpe_reports.publish.catalogue import latest_version
from lpe_reports.publish.kept_versions import Difference, differing_pages
from lpe_reports.publish.versions import publish, same_pages
from tiny_project import NIGHT, TinyEvidence, TinyProject

WEEK = "2026-W18"
NESTING = Nesting(units={"ga": ("ga-cop", "ga-dagkir"), "hu": ("hu-cop",)})

# What `page.close()` leaves behind, as a page with a ledger; `name` is set by its notebook.
CLOSE = """
import json, os, pathlib
from IPython.display import display
from lpe_reports.disclosure.decisions import read_decisions
from lpe_reports.settings import Project
root = pathlib.Path(os.environ["LPE_PROJECT"])
data = json.loads((root / "data.json").read_text())
page = json.loads((root / "pages.json").read_text())[name]
decided = read_decisions(Project(root))
small = {key for key, count in page["cells"].items() if 0 < count < 5} | set(page["hidden"])
across = set(decided.across) & set(page["cells"])
kept = (set(decided.kept) & set(page["cells"])) - small
hidden = small | across | kept
(root / "ran.txt").open("a").write(f"{name}\\n")
display({"application/vnd.lpe.trace+json": {
    "questions": [{"table": "operations", "units": [name],
                   "parts_digest": data[name]["parts"], "answer_digest": data[name]["answer"]}],
    "params": {}, "modules": {},
    "exposure": {
        "cells": {k: None if k in hidden else n for k, n in page["cells"].items()},
        "whole": page["whole"], "within": [], "decided": sorted(across | kept),
        "lost": [len(hidden), len(page["cells"])],
    },
}}, raw=True)
"""


@dataclass(frozen=True)
class PooledCandidate:
    folder: Path
    pages: int
    rendered: int
    note: str = ""
    unmade: tuple[str, ...] = ()
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class PooledNight:
    """A project whose pages, named by a letter each, count groups."""

    def __init__(self, root: Path) -> None:
        self.tiny = TinyProject(root, kept_worker)
        self.project = self.tiny.project
        self.night = NIGHT
        self._pages: dict[str, Any] = {}

    def page(
        self,
        name: str,
        cells: Mapping[str, int],
        *,
        whole: Sequence[tuple[str, Sequence[str]]] = (),
        hidden: Sequence[str] = (),
    ) -> None:
        """Let a page count these groups and hide by itself the small ones and `hidden`."""
        page = {"cells": dict(cells), "whole": list(whole), "hidden": list(hidden)}
        answer = json.dumps(page)
        self._pages[name] = page
        self.tiny.write_report([f"name = {name!r}"], name=name)
        (self.project.root / "pages.json").write_text(json.dumps(self._pages))
        file = self.project.root / "data.json"
        data = json.loads(file.read_text())
        data[name] = {"parts": answer, "answer": answer}
        file.write_text(json.dumps(data))

    def run(self) -> Night:
        """One night; `ran` then tells which pages were run, in order."""
        self._ran.unlink(missing_ok=True)
        steps = NightSteps(
            plan=self.plan,
            addresses=address,
            assemble=self._assemble,
            rules=Rules(5, NESTING),
            extract=lambda: None,
            unchanged=lambda folder: same_pages(self.project, folder, but_for=["build.json"]),
            gate=lambda folder: None,
            publish=lambda folder: publish(self.project, folder, now=self._now()),
            published=lambda: latest_version(self.project),
            prune=lambda: "",
        )
        options = BuildOptions(2, self.night, Silent(), CLOSE, self.tiny.runners)
        return run_nightly(self.project, steps, options)

    def plan(self) -> Plan:
        return make_plan(
            self.project, self.tiny.reports, self.night, lambda: TinyEvidence(self.project),
            Selection(periods=[WEEK]), decisions=standing_decisions(self.project, self.night),
        )  # fmt: skip

    @property
    def ran(self) -> list[str]:
        """The pages that the last night ran, each as often as it was run, in alphabetic order."""
        return sorted(self._ran.read_text().split()) if self._ran.is_file() else []

    @property
    def decisions(self) -> Decisions:
        return read_decisions(self.project)

    def shown(self, name: str) -> dict[str, Any]:
        """What a page of the published site shows, null where hidden."""
        file = self.project.public / "latest" / f"{name}/a/{WEEK}.json"
        (table,) = json.loads(file.read_text())["tables"]
        return dict(table["rows"])

    def differences(self) -> list[Difference]:
        """What the report of kept versions says of the last candidate."""
        return differing_pages(self.project, self.project.candidate)

    @property
    def _ran(self) -> Path:
        return self.project.root / "ran.txt"

    def _now(self) -> datetime:
        return datetime.combine(self.night, time(1), UTC)

    def _assemble(self, plan: Plan, runs: Sequence[ExecutedRun]) -> PooledCandidate:
        folder = self.project.candidate
        shutil.rmtree(folder, ignore_errors=True)
        paged = [run for run in runs if run.status is not RunStatus.FAILED]
        kept, hidden = {}, {}
        for run in paged:
            place = folder / f"{address(run.key)}.json"
            place.parent.mkdir(parents=True, exist_ok=True)
            if run.kept:
                old = self.project.public / "v" / run.kept.version
                place.write_bytes((old / f"{address(run.key)}.json").read_bytes())
                kept[f"{address(run.key)}.html"] = vars(run.kept)
            else:
                record = read_exposure(self.project, run.key, run.digests.get("exposure"))
                assert record is not None
                place.write_text(json.dumps(page_json(record["cells"])))
                hidden[f"{address(run.key)}.html"] = list(run.closed)
            place.with_suffix(".html").write_text("<h1>Sida</h1>")
        (folder / "index.html").write_text("<h1>Start</h1>")
        (folder / "hidden.json").write_text(json.dumps(hidden))
        record = {"night": plan.night.isoformat(), "kept": kept}
        (folder / "version.json").write_text(json.dumps(record))
        (folder / "build.json").write_text(json.dumps({"pages": len(paged)}))
        return PooledCandidate(folder, len(paged), len(paged))


def address(key: RunKey) -> str:
    """Where a run's page lies."""
    return f"{key.report}/{key.unit}/{key.period}"


def page_json(cells: Mapping[str, int | None]) -> dict[str, Any]:
    """A page's numbers as its JSON file has them."""
    rows = [[key, count] for key, count in sorted(cells.items())]
    return {
        "key_figures": [],
        "tables": [
            {
                "id": "antal",
                "columns": [{"id": "group", "type": "text"}, {"id": "count", "type": "count"}],
                "rows": rows,
                "hidden": [[number, 1] for number, row in enumerate(rows) if row[1] is None],
            }
        ],
    }


def next_night(night: date) -> date:
    """The day after."""
    return date.fromordinal(night.toordinal() + 1)
