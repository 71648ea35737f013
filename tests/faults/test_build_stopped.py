"""A build that is stopped: nothing of it runs any more, and the next one goes on from there."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lpe_reports.build.runs import RunStatus
from run_faults import DAEMON, WAITING, Engine, running, wait_for
from tiny_project import TinyProject

pytestmark = pytest.mark.promise(
    "builds", "A build that is stopped leaves no process, and the next one goes on from there"
)


@pytest.mark.usefixtures("heard_signals")
@pytest.mark.parametrize(
    ("how", "engine"),
    [
        (signal.SIGKILL, "fork"),
        (signal.SIGTERM, "fork"),
        (signal.SIGINT, "fork"),
        (signal.SIGHUP, "fork"),
        # What a signal does is the build's matter, whatever runs; what is left is the engine's.
        (signal.SIGKILL, "kernel"),
        (signal.SIGINT, "kernel"),
    ],
)
def test_killing_the_build_leaves_no_process_and_the_next_goes_on(
    tmp_path: Path, root: Path, how: signal.Signals, engine: Engine
) -> None:
    """However it is stopped, daemons of cells included; what was done by then is not done again."""
    place = tmp_path / "p"
    with _build_of(place, root, engine) as build:
        wait_for(lambda: len(running(place, "sleep")) >= 1)
        os.kill(build.pid, how)
        build.wait(20)

        wait_for(lambda: running(place) == [], seconds=10)
    tiny = TinyProject.again(place)
    tiny.write_report(["print(1)"], name="first", engine=engine)
    tiny.write_report([DAEMON, "2"], name="second", engine=engine)
    assert [run.status for run in tiny.build()] == [RunStatus.REUSED, RunStatus.BUILT]


@pytest.mark.parametrize("seconds", [0.0, 0.2, 0.5, 1.0, 1.5, 2.0])
def test_killing_the_build_while_its_processes_start_leaves_none(
    tmp_path: Path, root: Path, seconds: float
) -> None:
    """At any moment: guard, worker and fork server may be importing, and hear nothing then."""
    place = tmp_path / "p"
    with _build_of(place, root, "fork") as build:
        wait_for(lambda: len(running(place)) >= 1)
        time.sleep(seconds)
        build.kill()
        build.wait(20)

        wait_for(lambda: running(place) == [], seconds=10)


def _build_of(place: Path, root: Path, engine: Engine) -> "subprocess.Popen[bytes]":
    """A build in a process of its own, of a notebook that is soon done and one that never is."""
    endless = f"import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n{WAITING}"
    code = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[2])\n"
        "from tiny_project import TinyProject\n"
        "tiny = TinyProject(pathlib.Path(sys.argv[1]))\n"
        f"tiny.write_report(['print(1)'], name='first', engine={engine!r})\n"
        f"tiny.write_report([{DAEMON!r}, {endless!r}], name='second', engine={engine!r})\n"
        "tiny.build(jobs=1)"
    )
    arguments = [sys.executable, "-c", code, str(place), str(root / "tests")]
    return subprocess.Popen(arguments, stderr=subprocess.DEVNULL)
