"""The pages that tests of the reports look at, and a project folder with its command line."""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# One page of each report and of each kind of unit and period that reads differently: with and
# without a followed unit, over and under way, few patients and many.
PAGES = {
    "uppfoljning/veckouppfoljning/ortopedi/2026-W19": ("weekly", "ortopedi", "2026-W19"),
    "uppfoljning/veckouppfoljning/kirurgi/2026-W14": ("weekly", "kirurgi", "2026-W14"),
    "uppfoljning/veckouppfoljning/operation-bollnas/2026-W19": (
        "weekly", "operation-bollnas", "2026-W19",
    ),
    "uppfoljning/veckouppfoljning/anestesi/2026-W12": ("weekly", "anestesi", "2026-W12"),
    "jamlik-vard/vantetid-per-atgard/ngb49/2025": ("procedure", "NGB49", "2025"),
    "jamlik-vard/vantetid-per-atgard/hand/2026": ("procedure", "hand", "2026"),
    "jamlik-vard/vantetid-per-atgard/kna/r12-2026-04": ("procedure", "knee", "r12-2026-04"),
    "nyttjande/nyttjandegrad/hu-cop/2026-04": ("utilisation", "hu-cop", "2026-04"),
    "nyttjande/nyttjandegrad/bo-opc/2026-05": ("utilisation", "bo-opc", "2026-05"),
    "uppfoljning/produktionsplan/kirurgi/2026-05": ("production_plan", "kirurgi", "2026-05"),
    "nyttjande/kapacitet/hu-cop/2026-W12--2026-W21": (
        "capacity", "hu-cop", "2026-W12--2026-W21",
    ),
    "nyttjande/ledtider/bo-opc/2026-05": ("lead_times", "bo-opc", "2026-05"),
    "nyttjande/sluttider/hu-cop/2026-04": ("end_times", "hu-cop", "2026-04"),
    "uppfoljning/vantelistor/ortopedi/2026-04": ("waiting_lists", "ortopedi", "2026-04"),
    "uppfoljning/vantelistor/ogon/2026-05": ("waiting_lists", "ogon", "2026-05"),
    "uppfoljning/hela-flodet/ortopedi/2026-Q1": ("flow", "ortopedi", "2026-Q1"),
    "uppfoljning/hela-flodet/anestesi/2026-Q2": ("flow", "anestesi", "2026-Q2"),
    "nyttjande/postop/hu-postop/2026-Q1": ("postop", "hu-postop", "2026-Q1"),
}  # fmt: skip

BUILD = """
import json, sys
from lpe_reports.build.planning import plan
from lpe_reports.cli import main

pages = {tuple(page) for page in json.loads(sys.argv.pop(1))}
select_targets = plan.select_targets
plan.select_targets = lambda *given: [
    target for target in select_targets(*given)
    if (target.report.id, target.unit, target.period.id) in pages
]
main()
"""


@dataclass(frozen=True)
class Office:
    """A project folder and the command line in it."""

    root: Path

    def lpe(self, *arguments: str, expect: int = 0) -> "subprocess.CompletedProcess[str]":
        """Run a command as an operator does; it must end with the expected exit code."""
        command = [str(Path(sys.executable).parent / "lpe"), *arguments]
        return self._run(command, expect)

    def build(self, pages: Iterable[tuple[str, str, str]], *arguments: str) -> None:
        """Run `lpe build`, and of what it would make only the pages of a report, unit and period.

        Its own selection makes every unit's page of every period, twice as many.
        """
        self._run([sys.executable, "-c", BUILD, json.dumps(list(pages)), "build", *arguments], 0)

    def _run(self, command: list[str], expect: int) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            command, cwd=self.root, capture_output=True, text=True, timeout=280, check=False
        )
        assert done.returncode == expect, done.stderr[-2000:] + done.stdout[-2000:]
        return done

    def page(self, address: str) -> dict[str, Any]:
        """A page's JSON in the candidate."""
        path = self.root / "build" / "candidate" / f"{address}.json"
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found
