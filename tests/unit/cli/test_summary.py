"""What a night says when it is over: what a person can act on, and no more lines than that."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from lpe_reports.build.nightly import Build, Night
from lpe_reports.build.runs import (
    ExecutedRun,
    FailureKind,
    Kept,
    PlannedRun,
    PlanStatus,
    RunFailure,
    RunStatus,
)
from lpe_reports.cli.summary import night_json, night_text
from lpe_reports.periods import parse_period
from lpe_reports.settings import Project


@dataclass(frozen=True)
class _Candidate:
    folder: Path = Path("candidate")
    pages: int = 5
    rendered: int = 5
    note: str = ""
    unmade: tuple[str, ...] = ()
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Version:
    id: str = "2026-05-12"
    megabytes: float = 45.7


def _failed(report: str, unit: str, message: str, kept: Kept | None = None) -> ExecutedRun:
    run = PlannedRun(report, unit, parse_period("2026-05"), {}, PlanStatus.NEW, "never run before")
    status = RunStatus.KEPT if kept else RunStatus.FAILED
    failure = RunFailure(FailureKind.RAISED, f"{run.key}: {message}")
    return ExecutedRun(run, status, None, failure, kept=kept)


def _night(*runs: ExecutedRun, new: bool = True) -> Night:
    build = Build(date(2026, 5, 11), runs, _Candidate(), {"execute": 61.0})
    return Night(build, _Version(), new, {"extract": 2.0, "execute": 61.0})


def test_each_failure_is_told_with_its_page_and_log() -> None:
    """Report, unit, period, cell, what became of the page, and where the traceback lies."""
    kept = Kept("2026-05-11", "2026-05-12", "beräkningen avbröts av ett fel")
    night = _night(
        _failed("utilisation", "hu-cop", "cell 4 raised ValueError", kept),
        _failed("weekly", "onh", "cell 2 raised KeyError"),
    )

    lines = night_text(Project(Path("/p")), night).splitlines()

    assert night.exit_code == 3
    assert lines[:3] == [
        "failed: utilisation · hu-cop · 2026-05: cell 4 raised ValueError (page kept from version "
        "2026-05-11; private log: build/logs/utilisation.hu-cop.2026-05.log)",
        "failed: weekly · onh · 2026-05: cell 2 raised KeyError (no page; private log: "
        "build/logs/weekly.onh.2026-05.log)",
        "night 2026-05-11: 5 pages (1 kept, 1 failed)",
    ]
    assert lines[3] == "published version 2026-05-12: 45.7 MB"
    assert lines[4] == "63.0 s (extract 2.0, execute 61.0)"
    assert "public/latest/index.html" in lines[5]


def test_a_pack_that_could_not_be_made_is_told_and_ends_with_three() -> None:
    """Its pages are published, but a planner will miss it."""
    address = "motesunderlag/operationsrad/2026-04.pdf"
    build = Build(date(2026, 5, 11), (), _Candidate(unmade=(address,)), {"execute": 61.0})
    night = Night(build, _Version(), True, {})

    assert night.exit_code == 3
    assert f"not made: {address}" in night_text(Project(Path("/p")), night)
    assert json.loads(night_json(night))["unmade"] == [address]


def test_a_report_that_fails_for_many_units_is_one_line() -> None:
    """Twenty units that fail alike need one mending, so they are told once."""
    runs = [_failed("utilisation", f"unit-{n}", "cell 4 raised ValueError") for n in range(20)]

    told = night_text(Project(Path("/p")), _night(*runs))

    assert told.count("failed:") == 1
    assert told.startswith(
        "failed: utilisation, 20 runs: cell 4 raised ValueError (no page; logs: "
        "build/logs/utilisation.*.log)\n"
    )


def test_nothing_new_is_said_to_be_nothing_new() -> None:
    """The version that shows it all already is named; machines learn the same."""
    night = _night(new=False)

    assert "nothing to publish: version 2026-05-12 shows all of this already" in night_text(
        Project(Path("/p")), night
    )
    body = json.loads(night_json(night))
    assert (body["version"], body["new"], body["counts"]["built"]) == ("2026-05-12", False, 0)


def test_what_the_renderer_warned_of_is_told_in_few_lines() -> None:
    """What most pages have comes first, once; a person gets five lines, a machine gets all."""
    warnings = {f"a/{n}": ("no video", f"odd {n}") for n in range(9)}
    build = Build(date(2026, 5, 11), (), _Candidate(warnings=warnings), {})
    night = Night(build, _Version(), True, {})

    told = [line for line in night_text(Project(Path("/p")), night).splitlines() if "warn" in line]

    assert told[0] == "warning: no video (a/0.html and 8 more pages)"
    assert told[1] == "warning: odd 0 (a/0.html)"
    assert told[4:] == ["warning: 6 more kinds, all in build.json"]
    assert json.loads(night_json(night))["warnings"]["a/8.html"] == ["no video", "odd 8"]
    assert night.exit_code == 0


def test_the_renderer_is_told_as_the_status_page_tells_it() -> None:
    """Who misses Quarto sees here that it was not there."""
    build = Build(date(2026, 5, 11), (), _Candidate(note="Sidorna är gjorda utan Quarto."), {})

    told = night_text(Project(Path("/p")), Night(build, _Version(), True, {}))

    assert "\nrenderer: Sidorna är gjorda utan Quarto.\n" in told
