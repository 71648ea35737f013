"""Forked notebooks that go wrong: a typed outcome each, in time, and not one process left."""

import subprocess
import sys
from pathlib import Path

import pytest

from lpe_reports.build.running.logs import log_path
from lpe_reports.build.runs import ExecutedRun, FailureKind, RunFailure, RunStatus
from run_faults import running, wait_for
from tiny_project import TinyProject


@pytest.fixture
def tiny(tmp_path: Path) -> TinyProject:
    return TinyProject(tmp_path)


@pytest.mark.promise(
    "notebooks", "The executed notebook of a failed run is kept for its analyst alone"
)
def test_what_was_shown_before_the_limit_is_kept_for_the_analyst(tiny: TinyProject) -> None:
    """The executed notebook of the failed run lies beside its log, bounded as its output was."""
    tiny.write_report(["print('seen')", "while True: print('x' * 9_999)"], timeout_seconds=60)

    (run,) = tiny.build()

    kept = log_path(tiny.project, run.key.file_stem).with_suffix(".ipynb")
    assert "seen" in kept.read_text()
    assert "OutputTooLargeError" in kept.read_text()
    assert kept.stat().st_size < 40_000_000


@pytest.mark.promise("notebooks", "No process outlives its notebook")
@pytest.mark.parametrize("victim", ["guard", "worker", "server", "notebook"])
def test_any_process_of_a_run_can_be_killed(tiny: TinyProject, victim: str) -> None:
    """Killed from outside: that run died, the next one is a page, and nobody is left."""
    tiny.write_report(["import time\ntime.sleep(100)"], name="first")
    tiny.write_report(["print('good')"], name="second")
    killer = subprocess.Popen([sys.executable, "-c", _KILLER, str(tiny.project.root), victim])

    first, second = tiny.build(jobs=1)

    assert killer.wait(60) == 0
    assert _failure(first).kind is FailureKind.DIED
    assert _failure(first).cell == 3
    assert second.status is RunStatus.BUILT
    wait_for(lambda: _processes_of(tiny) == [], seconds=10)


# Waits for a notebook's process, and kills it or one of those above it.
_KILLER = """
import os, psutil, sys, time
root, victim = sys.argv[1:]
until = time.monotonic() + 50
while time.monotonic() < until:
    time.sleep(0.5)
    for process in psutil.process_iter():
        try:
            line = process.cmdline()
            guarded = "lpe_reports.build.running.guard" in line and process.children()
            if guarded and process.environ()["LPE_PROJECT"] == root:
                worker = process.children()[0]
                server = [p for p in worker.children() if "start.py" in " ".join(p.cmdline())][0]
                notebook = server.children(recursive=True)[-1]
                if os.getsid(notebook.pid) != notebook.pid:
                    continue  # not one yet
                time.sleep(1)
                family = {"guard": process, "worker": worker, "server": server}
                family.get(victim, notebook).kill()
                sys.exit(0)
        except (psutil.Error, IndexError, KeyError):
            continue
sys.exit(1)
"""


def _failure(run: ExecutedRun) -> RunFailure:
    assert run.status is RunStatus.FAILED
    assert run.error is not None
    return run.error


def _processes_of(tiny: TinyProject) -> list[str]:
    return running(tiny.project.root)
