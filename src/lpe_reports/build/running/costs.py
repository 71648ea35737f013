"""What notebooks cost when they last ran, per report: seconds and memory.

It decides how many start at once and how much time is left; nothing is lost with the file.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from lpe_reports.build.storing.store import write_whole
from lpe_reports.settings import Project

# How much of an earlier, larger figure is believed: a report that became lighter is soon known.
_KEPT = 0.75


@dataclass(frozen=True)
class Cost:
    """What a report's notebooks cost, each."""

    seconds: float  # mean
    peak_bytes: int  # of the largest; 0 when not known


def read_costs(project: Project) -> dict[str, Cost]:
    """The cost of each report that has run; empty where nothing is known."""
    try:
        body = json.loads((project.build / "costs.json").read_bytes())
        return {
            str(report): Cost(float(cost["seconds"]), int(cost["peak_bytes"]))
            for report, cost in body.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_costs(project: Project, found: Mapping[str, Cost]) -> None:
    """Keep what has been found of some reports, beside what is known of the others."""
    known = read_costs(project)
    merged = dict(known)
    for report, cost in found.items():
        before = known[report].peak_bytes if report in known else 0
        peak = max(cost.peak_bytes, int(before * _KEPT))
        merged[report] = Cost(round(cost.seconds, 3), peak)
    body = {report: asdict(merged[report]) for report in sorted(merged)}
    write_whole(project.build / "costs.json", json.dumps(body, indent=1).encode())
