"""What a build says to other programs while it runs, and what becomes of it when they go away."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from chart_library import share_chart_library
from lpe_reports.cli.events import KEYS
from page_office import page_office

pytestmark = pytest.mark.promise("builds", "A reader or a log that goes away stops no build")

LPE = str(Path(sys.executable).parent / "lpe")
BUILD = (
    "build", "--json", "--jobs", "2", "--report", "procedure", "--unit", "NGB49",
    "--period", "2025", "--period", "2026",
)  # fmt: skip
SUMMARY = {
    "night",
    "pages",
    "rendered",
    "counts",
    "hidden",
    "cells",
    "unmade",
    "warnings",
    "runs",
    "seconds",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a night: of 2025 it has not one operation, of 2026 some."""
    project = page_office(tmp_path_factory.mktemp("office"))
    share_chart_library(project)
    return project.root


def _lpe(root: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [LPE, *arguments], cwd=root, capture_output=True, text=True, timeout=200, check=False
    )


def _started(root: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [LPE, *arguments], cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_each_line_is_an_event_and_the_last_one_the_summary(root: Path) -> None:
    """The contract of docs/programs.md: keys, order, what failed in which words, what is reused."""
    shutil.rmtree(root / "build" / "store" / "traces", ignore_errors=True)

    first = _lpe(root, *BUILD)
    again = _lpe(root, *BUILD)

    *events, summary = [json.loads(line) for line in first.stdout.splitlines()]
    assert first.returncode == 3 and first.stderr == ""
    assert all(tuple(event) == KEYS for event in events)
    assert set(summary) == SUMMARY
    assert [event["time"] for event in events] == sorted(event["time"] for event in events)
    stages = [e for e in events if e["stage"] == "notebooks" and e["event"] != "progress"]
    assert [(e["event"], e["done"], e["total"]) for e in stages] == [
        ("stage_began", 0, 2), ("stage_ended", 2, 2),
    ]  # fmt: skip
    runs = {e["period"]: e for e in events if e["event"] == "run_ended"}
    assert set(runs) == {"2025", "2026"}
    failed, built = runs["2025"], runs["2026"]
    assert (failed["status"], failed["kind"], failed["cell"]) == ("failed", "no rows", None)
    assert failed["reason"].startswith("operations gave not one row for its period")
    assert (built["status"], built["kind"], built["reason"]) == ("built", None, "never run before")
    assert built["seconds"] > 0 and (built["report"], built["unit"]) == ("procedure", "NGB49")
    _check_begun_before_ended(events)

    *events, summary = [json.loads(line) for line in again.stdout.splitlines()]
    reused = [e for e in events if e["event"] == "run_reused"]
    assert [(e["period"], e["status"]) for e in reused] == [("2026", "reused")]
    assert summary["counts"]["reused"] == 1


def _check_begun_before_ended(events: list[dict[str, Any]]) -> None:
    began = []
    for event in events:
        if event["event"] == "run_began":
            assert event["status"] in ("new", "changed")
            began.append(event["period"])
        elif event["event"] == "run_ended":
            began.remove(event["period"])
    assert began == []


def test_a_reader_that_goes_away_does_not_stop_the_build(root: Path) -> None:
    """`lpe build --json | head -1`: built to its end, and the exit code tells of the build."""
    shutil.rmtree(root / "build" / "candidate", ignore_errors=True)

    build = _started(root, *BUILD)
    assert build.stdout is not None and build.stderr is not None
    first = json.loads(build.stdout.readline())
    build.stdout.close()
    with build.stderr:
        told = build.stderr.read()

    assert first["event"] in ("stage_began", "run_reused")
    assert build.wait(200) == 3
    assert told == ""
    assert (root / "build" / "candidate" / "index.html").is_file()


def test_a_log_that_goes_away_does_not_stop_the_build(root: Path) -> None:
    """Progress that nobody takes any more is no fault either."""
    build = _started(root, *(each for each in BUILD if each != "--json"))
    assert build.stdout is not None and build.stderr is not None
    build.stderr.readline()
    build.stderr.close()
    with build.stdout:
        told = build.stdout.read()

    assert build.wait(200) == 3
    assert "failed: procedure · NGB49 · 2025" in told
    assert "what failed notebooks had shown by then is beside their logs" in told
    assert "open build/logs/procedure.NGB49.2025.ipynb in JupyterLab" in told


@pytest.mark.promise(
    "builds",
    "Of two builds at once the second is told who holds the lock; a dead holder holds nothing",
)
def test_the_second_of_two_is_told_who_is_at_work(root: Path) -> None:
    """Exit code 8, command, process, host and time; the first one goes on as if nothing were."""
    first = _started(root, *BUILD)
    assert first.stdout is not None and first.stderr is not None
    first.stdout.readline()

    second = _lpe(root, "nightly", "--json")

    assert second.returncode == 8
    assert second.stderr.startswith(f"lpe: `lpe build` (process {first.pid} on ")
    assert ") since 20" in second.stderr
    with first.stdout, first.stderr:
        rest = first.stdout.read().splitlines()
    assert first.wait(200) == 3
    assert set(json.loads(rest[-1])) == SUMMARY


@pytest.mark.promise(
    "builds", "A build that is stopped leaves no process, and the next one goes on from there"
)
@pytest.mark.usefixtures("heard_signals")
@pytest.mark.parametrize(
    ("how", "code", "workers"),
    [
        (signal.SIGKILL, -signal.SIGKILL, 1),
        (signal.SIGTERM, 128 + signal.SIGTERM, 2),
        (signal.SIGHUP, 128 + signal.SIGHUP, 1),
    ],
)
def test_a_build_that_is_stopped_holds_no_lock_and_no_process(
    root: Path, how: signal.Signals, code: int, workers: int
) -> None:
    """The next build begins at once; told to stop, nothing of it stays in the temporary folder.

    Beside the run that fails every time it is stopped in one that was current before, or not.
    """
    if workers == 2:
        shutil.rmtree(root / "build" / "store" / "traces", ignore_errors=True)
    place = root / "temporary"
    place.mkdir(exist_ok=True)
    build = subprocess.Popen(
        [LPE, *BUILD], cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"TMPDIR": str(place)},
    )  # fmt: skip
    assert build.stdout is not None and build.stderr is not None
    while json.loads(build.stdout.readline())["event"] != "run_began":
        pass
    # The guards are there; before, nobody could know of a folder that a killed build had made.
    until = time.monotonic() + 10
    while len(psutil.Process(build.pid).children()) < workers and time.monotonic() < until:
        time.sleep(0.01)

    build.send_signal(how)

    with build.stdout, build.stderr:
        assert build.wait(20) == code
    until = time.monotonic() + 10
    while list(place.glob("lpe-*")) and time.monotonic() < until:
        time.sleep(0.1)
    assert list(place.glob("lpe-*")) == []
    assert _lpe(root, *BUILD).returncode == 3
