"""Runs that go wrong: a typed outcome each, no value named, no process left, no other harmed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import psutil
import pytest

from lpe_reports.build.logs import log_path
from lpe_reports.build.runs import ExecutedRun, FailureKind, RunFailure, RunStatus
from tiny_project import TinyProject

FAULTS = {
    "raises": (
        "raise ValueError('19121212-1212 väntar')",
        FailureKind.RAISED,
        "cell 4 raised ValueError",
    ),
    "exits": (
        "import sys\nsys.exit(0)",
        FailureKind.UNFINISHED,
        "cell 4 ended with SystemExit before the closing mark",
    ),
    "leaves": (
        "import os\nos._exit(0)",
        FailureKind.DIED,
        "its process was killed or crashed in cell 4",
    ),
    "is-killed": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
        FailureKind.DIED,
        "its process was killed or crashed in cell 4",
    ),
    "kills-its-worker": (
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nimport time\ntime.sleep(60)",
        FailureKind.DIED,
        "its process was killed or crashed in cell 4",
    ),
    "never-ends": (
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        FailureKind.TIMED_OUT,
        "cell 4 was not done after 10 s",
    ),
    "wrong-python": ("def (", FailureKind.RAISED, "cell 4 raised SyntaxError"),
}


@pytest.fixture
def tiny(tmp_path: Path) -> TinyProject:
    return TinyProject(tmp_path)


@pytest.mark.parametrize("engine", ["fork", "kernel"])
def test_each_fault_is_told_by_kind_and_cell_and_the_others_go_on(
    tiny: TinyProject, engine: Literal["fork", "kernel"]
) -> None:
    """Seven ways to fail beside one good notebook: seven typed outcomes and one page."""
    for name, (cell, _, _) in FAULTS.items():
        tiny.write_report(["1 + 1", cell, "2"], name=name, timeout_seconds=10, engine=engine)
    tiny.write_report(["print('good')"], name="good", engine=engine)

    began = time.monotonic()
    runs = {run.run.report: run for run in tiny.build(jobs=2)}

    assert runs["good"].status is RunStatus.BUILT
    for name, (_, kind, message) in FAULTS.items():
        failure = _failure(runs[name])
        assert failure.kind is kind, name
        assert failure.message == f"{name} · a · 2026-W19: {message}"
        assert failure.cell == 4
        assert runs[name].notebook is None
    assert time.monotonic() - began < 60
    assert _kernels_of(tiny) == []


def test_an_error_s_value_stays_in_the_private_log(tiny: TinyProject) -> None:
    """The outcome holds the error's class alone; the traceback lies where only its owner reads."""
    tiny.write_report(["raise ValueError('planted-value')"])

    (run,) = tiny.build()

    assert "planted-value" not in repr(run)
    log = log_path(tiny.project, run.key.file_stem)
    for path in (log, log.with_suffix(".ipynb")):
        assert "planted-value" in path.read_text()
        assert path.stat().st_mode & 0o777 == 0o600


def test_an_error_class_made_of_data_is_not_told(tiny: TinyProject) -> None:
    """A class name that is no name of a class could hold a value, so it is left out."""
    tiny.write_report(["raise type('19121212-1212', (Exception,), {})()"])

    (run,) = tiny.build()

    assert _failure(run).error_class is None
    assert _failure(run).message.endswith("cell 3 raised an error")


def test_a_notebook_that_closes_without_a_trace_has_not_ended_well(tiny: TinyProject) -> None:
    """Reaching the last cell is not enough: the closing mark must be there."""
    tiny.write_report(["1"])

    (run,) = tiny.build(close="1")

    assert _failure(run).kind is FailureKind.UNFINISHED


def test_a_failed_run_runs_again_and_clears_its_log(tiny: TinyProject) -> None:
    """A mended notebook is a page again, and the private log of its failure is gone."""
    tiny.write_report(["1 / 0"])
    tiny.build()
    tiny.write_report(["1 / 1"])

    (run,) = tiny.build()

    assert run.status is RunStatus.BUILT
    assert not log_path(tiny.project, run.key.file_stem).exists()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_killing_the_build_leaves_no_process(
    tmp_path: Path, root: Path, how: signal.Signals
) -> None:
    """However the build is stopped in the middle of its runs, workers and kernels go with it."""
    code = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[2])\n"
        "from tiny_project import TinyProject\n"
        "tiny = TinyProject(pathlib.Path(sys.argv[1]))\n"
        "tiny.write_report(['print(1)', 'import time\\ntime.sleep(100)'], units='ab')\n"
        "tiny.build()"
    )
    arguments = [sys.executable, "-c", code, str(tmp_path / "p"), str(root / "tests")]
    build = subprocess.Popen(arguments, stderr=subprocess.DEVNULL)
    _wait_for(lambda: len(psutil.Process(build.pid).children(recursive=True)) >= 4)
    family = psutil.Process(build.pid).children(recursive=True)
    time.sleep(1)

    os.kill(build.pid, how)
    build.wait(20)

    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []


def _failure(run: ExecutedRun) -> RunFailure:
    assert run.status is RunStatus.FAILED
    assert run.error is not None
    return run.error


def _kernels_of(tiny: TinyProject) -> list[int]:
    project = str(tiny.project.root)
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("LPE_PROJECT") == project:
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def _wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)
