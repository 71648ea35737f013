"""Forked notebooks that go wrong: a typed outcome each, in time, and not one process left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from lpe_reports.build.forking.limits import MEMORY_VARIABLE
from lpe_reports.build.logs import log_path
from lpe_reports.build.runs import ExecutedRun, FailureKind, RunFailure, RunStatus
from tiny_project import TinyProject

BUDGET_SECONDS = 15
GIGABYTE = 1_000_000_000

# What a cell does → kind of the outcome, and what its message ends with.
FAULTS = {
    "segfault": (
        "import ctypes\nctypes.string_at(0)",
        FailureKind.DIED,
        "its process was killed or crashed in cell 4",
    ),
    "aborts": (
        "import os\nos.abort()",
        FailureKind.DIED,
        "its process was killed or crashed in cell 4",
    ),
    "quits": ("exit()", FailureKind.DIED, "its process was killed or crashed in cell 5"),
    "kills-its-group": (
        "import os, signal\nos.killpg(0, signal.SIGKILL)",
        FailureKind.DIED,
        "its process was killed or crashed in cell 4",
    ),
    "kills-the-fork-server": (
        "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)",
        FailureKind.DIED,
        "its process was killed or crashed in cell 4",
    ),
    "too-much-memory": (
        f"block = bytearray({GIGABYTE})",
        FailureKind.RAISED,
        "cell 4 raised MemoryError",
    ),
    "too-much-memory-in-small-pieces": (
        "kept = []\nwhile True:\n    kept.append('x' * 100_000 + str(len(kept)))",
        FailureKind.RAISED,
        "cell 4 raised MemoryError",
    ),
    "too-much-memory-in-other-processes": (
        "import subprocess, sys\ncode = 'b = b\"x\" * 250_000_000; import time; time.sleep(60)'\n"
        "for p in [subprocess.Popen([sys.executable, '-c', code]) for _ in range(5)]: p.wait()",
        FailureKind.RAISED,
        "cell 4 raised MemoryError",
    ),
    "prints-a-gigabyte": (
        f"for i in range({GIGABYTE} // 10_000):\n    print('x' * 9_999)",
        FailureKind.RAISED,
        "cell 4 raised OutputTooLargeError",
    ),
    "prints-a-gigabyte-and-catches-all": (
        "while True:\n    try:\n        print('x' * 99_999)\n    except BaseException: pass",
        FailureKind.RAISED,
        "cell 4 raised OutputTooLargeError",
    ),
    "displays-a-gigabyte": (
        f"for i in range({GIGABYTE} // 1_000_000):\n    display('x' * 1_000_000)",
        FailureKind.RAISED,
        "cell 4 raised OutputTooLargeError",
    ),
    "a-program-writes-a-gigabyte": (
        f"import os\nos.system('yes | head -c {GIGABYTE}')",
        FailureKind.RAISED,
        "cell 4 raised OutputTooLargeError",
    ),
    "ignores-every-signal": (
        "import signal\nfor s in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:\n"
        "    signal.signal(s, signal.SIG_IGN)\nwhile True:\n    try:\n        while True: pass\n"
        "    except BaseException: pass",
        FailureKind.TIMED_OUT,
        f"cell 4 was not done after {BUDGET_SECONDS} s",
    ),
    "waits-in-c": (
        "import ctypes\nctypes.PyDLL(None).sleep(1000)",
        FailureKind.TIMED_OUT,
        f"cell 4 was not done after {BUDGET_SECONDS} s",
    ),
    "stops-itself": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
        FailureKind.TIMED_OUT,
        f"cell 4 was not done after {BUDGET_SECONDS} s",
    ),
    "closes-every-descriptor": (
        "import os\nos.closerange(0, 4096)",
        FailureKind.DIED,
        "its process was killed or crashed in cell 4",
    ),
}

# Leaves its session, its group and its parent, and goes on.
DAEMON = (
    "import os, subprocess, sys\n"
    "subprocess.run([sys.executable, '-c', 'import os, time\\nif os.fork(): os._exit(0)\\n"
    "os.setsid()\\nif os.fork(): os._exit(0)\\ntime.sleep(300)'])\n"
    "subprocess.Popen(['sleep', '300'], start_new_session=True)"
)


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyProject:
    monkeypatch.setenv(MEMORY_VARIABLE, "700")
    return TinyProject(tmp_path)


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told_by_kind_and_cell_in_time(tiny: TinyProject, name: str) -> None:
    """Within its budget and ten seconds; the notebook beside it is a page; nobody is left."""
    cell, kind, message = FAULTS[name]
    tiny.write_report(["1 + 1", cell, "2"], name=name, timeout_seconds=BUDGET_SECONDS)
    tiny.write_report(["print('good')"], name="good")

    began = time.monotonic()
    runs = {run.run.report: run for run in tiny.build(jobs=1)}
    seconds = time.monotonic() - began

    failure = _failure(runs[name])
    assert (failure.kind, failure.message) == (kind, f"{name} · a · 2026-W19: {message}")
    assert runs["good"].status is RunStatus.BUILT
    # The good one and two starts of a worker are in it.
    assert seconds < BUDGET_SECONDS + 10 + 10
    assert _processes_of(tiny) == []


def test_what_was_shown_before_the_limit_is_kept_for_the_analyst(tiny: TinyProject) -> None:
    """The executed notebook of the failed run lies beside its log, bounded as its output was."""
    tiny.write_report(["print('seen')", "while True: print('x' * 9_999)"], timeout_seconds=60)

    (run,) = tiny.build()

    kept = log_path(tiny.project, run.key.file_stem).with_suffix(".ipynb")
    assert "seen" in kept.read_text()
    assert "OutputTooLargeError" in kept.read_text()
    assert kept.stat().st_size < 40_000_000


def test_processes_that_a_notebook_starts_end_with_it(tiny: TinyProject) -> None:
    """Daemons too: those that left session, group and parent are gone when the page is there."""
    tiny.write_report([DAEMON, "print('done')"])

    (run,) = tiny.build()

    assert run.status is RunStatus.BUILT
    assert _processes_of(tiny) == []


def test_daemons_of_a_notebook_that_takes_too_long_end_with_it(tiny: TinyProject) -> None:
    """The budget is over for all that it started."""
    tiny.write_report([DAEMON, "import time\ntime.sleep(100)"], timeout_seconds=10)

    (run,) = tiny.build()

    assert _failure(run).kind is FailureKind.TIMED_OUT
    _wait_for(lambda: _processes_of(tiny) == [], seconds=10)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_killing_the_build_leaves_no_process_and_the_next_goes_on(
    tmp_path: Path, root: Path, how: signal.Signals
) -> None:
    """However it is stopped, daemons of cells included; what was done by then is not done again."""
    code = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[2])\n"
        "from tiny_project import TinyProject\n"
        "tiny = TinyProject(pathlib.Path(sys.argv[1]))\n"
        "tiny.write_report(['print(1)'], name='first')\n"
        f"tiny.write_report([{DAEMON!r}, 'import time\\ntime.sleep(100)'], name='second')\n"
        "tiny.build(jobs=1)"
    )
    place = tmp_path / "p"
    arguments = [sys.executable, "-c", code, str(place), str(root / "tests")]
    build = subprocess.Popen(arguments, stderr=subprocess.DEVNULL)
    _wait_for(lambda: len(_running(place, "sleep")) >= 1)

    os.kill(build.pid, how)
    build.wait(20)

    _wait_for(lambda: _running(place) == [], seconds=10)
    tiny = TinyProject.again(place)
    tiny.write_report(["print(1)"], name="first")
    tiny.write_report([DAEMON, "2"], name="second")
    assert [run.status for run in tiny.build()] == [RunStatus.REUSED, RunStatus.BUILT]


@pytest.mark.parametrize("victim", ["worker", "server", "notebook"])
def test_any_process_of_a_run_can_be_killed(tiny: TinyProject, victim: str) -> None:
    """Killed from outside: that run died, the next one is a page, and nobody is left."""
    tiny.write_report(["import time\ntime.sleep(100)"], name="first")
    tiny.write_report(["print('good')"], name="second")
    code = "LPE_KILL"
    killer = subprocess.Popen(
        [sys.executable, "-c", _KILLER, str(tiny.project.root), victim], env=os.environ | {code: ""}
    )

    first, second = tiny.build(jobs=1)

    assert killer.wait(30) == 0
    assert _failure(first).kind is FailureKind.DIED
    assert _failure(first).cell == 3
    assert second.status is RunStatus.BUILT
    _wait_for(lambda: _processes_of(tiny) == [], seconds=10)


# Waits for a notebook's process, and kills it or one of those above it.
_KILLER = """
import psutil, sys, time
root, victim = sys.argv[1:]
until = time.monotonic() + 25
while time.monotonic() < until:
    time.sleep(0.5)
    for process in psutil.process_iter():
        try:
            line = process.cmdline()
            if "lpe_reports.build.worker" in line and process.environ()["LPE_PROJECT"] == root:
                server = [p for p in process.children() if "start.py" in " ".join(p.cmdline())][0]
                notebook = server.children()[0]
                time.sleep(1)
                {"worker": process, "server": server, "notebook": notebook}[victim].kill()
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
    return _running(tiny.project.root)


def _running(project: Path, name: str = "") -> list[str]:
    """The processes that run in a project's environment, dead ones that nobody buried left out."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            if process.environ().get("LPE_PROJECT") == str(project) and name in process.name():
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def _wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)
