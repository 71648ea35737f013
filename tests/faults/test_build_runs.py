"""Runs that go wrong, by both engines: a typed outcome each, in time, no process left, no other
run harmed, and no value told.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import psutil
import pytest

from lpe_reports.build.forking.limits import MEMORY_VARIABLE
from lpe_reports.build.logs import log_path, notebook_path
from lpe_reports.build.runs import ExecutedRun, FailureKind, RunFailure, RunStatus
from tiny_project import TinyProject, telling, told

Engine = Literal["fork", "kernel"]
ENGINES: tuple[Engine, ...] = ("fork", "kernel")
BUDGET_SECONDS = 15
GIGABYTE = 1_000_000_000

DIED = "its process was killed or crashed in cell 4"
LATE = f"cell 4 was not done after {BUDGET_SECONDS} s"
MEMORY = (
    "cell 4 wanted more memory than a notebook may have (LPE_NOTEBOOK_MEMORY_MB); read fewer "
    "columns, units or days"
)
OUTPUT = "cell 4 showed or printed more than a page can be (32 MB); print less"

# Leaves its session, its group and its parent, hears no signal that can be ignored, and goes on.
DAEMON = """
import os, subprocess, sys
code = '''
import os, signal, time
if os.fork(): os._exit(0)
os.setsid()
if os.fork(): os._exit(0)
for s in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}: signal.signal(s, signal.SIG_IGN)
time.sleep(300)
'''
subprocess.run([sys.executable, '-c', code])
subprocess.Popen(['sleep', '300'], start_new_session=True)
subprocess.Popen(['sleep', '300'], start_new_session=True, env={})
"""
ENDLESS = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"


@dataclass(frozen=True)
class Fault:
    """What the third code cell of a notebook does, and how the run fails; a page when by nothing.

    Fields:
        cell: Its code.
        kind: How the run fails.
        message: The end of the message.
        engines: By which engines it is tried.
        cell_number: The cell that is named.
    """

    cell: str
    kind: FailureKind | None
    message: str = ""
    engines: tuple[Engine, ...] = ENGINES
    cell_number: int = 4


FAULTS = {
    "raises": Fault(
        "raise ValueError('19121212-1212 väntar')",
        FailureKind.RAISED,
        "cell 4 raised ValueError",
    ),
    "wrong-python": Fault("def (", FailureKind.RAISED, "cell 4 raised SyntaxError"),
    "exits": Fault(
        "import sys\nsys.exit(0)",
        FailureKind.UNFINISHED,
        "cell 4 ended with SystemExit before the closing mark",
    ),
    "leaves": Fault("import os\nos._exit(0)", FailureKind.DIED, DIED),
    "is-killed": Fault(
        "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", FailureKind.DIED, DIED
    ),
    "segfaults": Fault("import ctypes\nctypes.string_at(0)", FailureKind.DIED, DIED),
    "aborts": Fault("import os\nos.abort()", FailureKind.DIED, DIED),
    "kills-its-parent": Fault(
        f"{DAEMON}\nimport signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)",
        FailureKind.DIED,
        DIED,
    ),
    "kills-all-above-it": Fault(
        f"{DAEMON.replace(', env={}', '')}\nimport psutil, time\n"
        "above = psutil.Process().parents()\n"
        "for p in above:\n"
        "    if 'lpe_reports.build.guard' in ' '.join(p.cmdline()): p.kill()\n"
        "time.sleep(60)",
        FailureKind.DIED,
        DIED,
    ),
    "kills-its-group": Fault(
        "import os, signal\nos.killpg(0, signal.SIGKILL)", FailureKind.DIED, DIED
    ),
    "closes-every-descriptor": Fault(
        "import os\nos.closerange(0, 4096)", FailureKind.DIED, DIED, ("fork",)
    ),
    "quits": Fault(
        "exit()",
        FailureKind.DIED,
        "its process was killed or crashed in cell 5",
        ("fork",),
        cell_number=5,
    ),
    "one-large-block": Fault(f"block = bytearray({GIGABYTE})", FailureKind.TOO_MUCH_MEMORY, MEMORY),
    "a-large-array": Fault(
        "import numpy\nblock = numpy.ones(200_000_000)", FailureKind.TOO_MUCH_MEMORY, MEMORY
    ),
    "memory-in-small-pieces": Fault(
        "kept = []\nwhile True:\n    kept.append('x' * 100_000 + str(len(kept)))",
        FailureKind.TOO_MUCH_MEMORY,
        MEMORY,
    ),
    "memory-in-other-processes": Fault(
        "import subprocess, sys\ncode = 'b = b\"x\" * 250_000_000; import time; time.sleep(60)'\n"
        "for p in [subprocess.Popen([sys.executable, '-c', code]) for _ in range(5)]: p.wait()",
        FailureKind.TOO_MUCH_MEMORY,
        MEMORY,
    ),
    "prints-a-gigabyte": Fault(
        f"for i in range({GIGABYTE} // 10_000):\n    print('x' * 9_999)",
        FailureKind.TOO_MUCH_OUTPUT,
        OUTPUT,
    ),
    "prints-and-catches-all": Fault(
        "while True:\n    try:\n        print('x' * 99_999)\n    except BaseException: pass",
        FailureKind.TOO_MUCH_OUTPUT,
        OUTPUT,
    ),
    "displays-a-gigabyte": Fault(
        f"for i in range({GIGABYTE} // 1_000_000):\n    display('x' * 1_000_000)",
        FailureKind.TOO_MUCH_OUTPUT,
        OUTPUT,
    ),
    "a-program-writes-a-gigabyte": Fault(
        f"import os\nos.system('yes | head -c {GIGABYTE}')", FailureKind.TOO_MUCH_OUTPUT, OUTPUT
    ),
    "never-ends": Fault(ENDLESS, FailureKind.TIMED_OUT, LATE),
    "ignores-every-signal": Fault(
        "import signal\nfor s in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:\n"
        f"    signal.signal(s, signal.SIG_IGN)\n{ENDLESS}",
        FailureKind.TIMED_OUT,
        LATE,
    ),
    "waits-in-c": Fault(
        "import ctypes\nctypes.PyDLL(None).sleep(1000)", FailureKind.TIMED_OUT, LATE
    ),
    "stops-itself": Fault(
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)", FailureKind.TIMED_OUT, LATE
    ),
    "stops-its-parent": Fault(
        "import os, signal, time\nos.kill(os.getppid(), signal.SIGSTOP)\ntime.sleep(60)",
        FailureKind.TIMED_OUT,
        LATE,
    ),
    "leaves-daemons-and-waits": Fault(
        f"{DAEMON}\nimport time\ntime.sleep(100)", FailureKind.TIMED_OUT, LATE
    ),
    "leaves-daemons": Fault(DAEMON, None),
    "closes-its-streams": Fault(
        "import os, sys\nsys.stdout.close()\nsys.stdout = sys.stderr = open(os.devnull, 'w')\n"
        "os.close(1)",
        None,
    ),
    "goes-elsewhere": Fault(
        "import os\nos.chdir('/')\nos.environ['TZ'] = 'UTC'\nos.umask(0o777)", None
    ),
    "opens-sockets": Fault(
        "import socket, threading\ns = socket.create_server(('127.0.0.1', 0))\n"
        "threading.Thread(target=s.accept).start()\n"
        "t = socket.create_connection(s.getsockname())",
        None,
    ),
}
# A kernel keeps in memory what it has not handed over yet: which of its limits it meets first is
# a matter of how fast the machine is. Each is the truth, and all end in time.
OF_A_KERNEL = {
    name: {FailureKind.TOO_MUCH_OUTPUT, FailureKind.TOO_MUCH_MEMORY, FailureKind.TIMED_OUT}
    for name in ("displays-a-gigabyte", "prints-a-gigabyte", "prints-and-catches-all")
}


@dataclass(frozen=True)
class Tried:
    """A build of all faults by one engine.

    Fields:
        tiny: The project.
        runs: What came of each.
        left: What still ran when the build was over.
    """

    tiny: TinyProject
    runs: dict[str, ExecutedRun]
    left: list[str]


@pytest.fixture
def tiny(tmp_path: Path) -> TinyProject:
    return TinyProject(tmp_path)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Engine], Tried]:
    """All faults in one build, good notebooks before, between and after them."""

    @cache
    def build(engine: Engine) -> Tried:
        tiny = TinyProject(tmp_path_factory.mktemp(engine))
        starts = "import pathlib, os\nwith open(os.environ['LPE_PROJECT'] + '/starts', 'a') as f:"
        for number, (name, fault) in enumerate(FAULTS.items()):
            if engine not in fault.engines:
                continue
            cells = [f"{starts} print({name!r}, file=f)\nprint('seen')", fault.cell, "2"]
            tiny.write_report(cells, name=name, timeout_seconds=BUDGET_SECONDS, engine=engine)
            if number % 5 == 0:
                tiny.write_report([telling("unit, period")], name=f"good-{number}", engine=engine)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(MEMORY_VARIABLE, "700")
            runs = {run.run.report: run for run in tiny.build(jobs=2)}
        return Tried(tiny, runs, _running(tiny.project.root))

    return build


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told_by_kind_and_cell_in_time(
    tried: Callable[[Engine], Tried], name: str, engine: Engine
) -> None:
    """Report, unit, period, kind and cell; within its wall-clock budget and ten seconds."""
    fault = FAULTS[name]
    if engine not in fault.engines:
        pytest.skip("means something else there")
    run = tried(engine).runs[name]

    assert run.seconds < BUDGET_SECONDS + 10
    if fault.kind is None:
        assert run.status is RunStatus.BUILT, run.error
        return
    failure = _failure(run)
    if engine == "kernel" and name in OF_A_KERNEL:
        assert failure.kind in OF_A_KERNEL[name]
    else:
        assert failure.kind is fault.kind
        assert failure.message == f"{name} · a · 2026-W19: {fault.message}"
    assert failure.cell == fault.cell_number
    assert run.notebook is None


@pytest.mark.parametrize("engine", ENGINES)
def test_runs_beside_faults_are_right(tried: Callable[[Engine], Tried], engine: Engine) -> None:
    """Every good notebook before, between and after them is the page it should be."""
    good = [run for name, run in tried(engine).runs.items() if name.startswith("good-")]

    assert len(good) > 4
    assert {told(run.notebook) for run in good} == {"a 2026-W19"}


@pytest.mark.parametrize("engine", ENGINES)
def test_faults_leave_no_process(tried: Callable[[Engine], Tried], engine: Engine) -> None:
    """Not one process with the build's environment runs, nor a daemon that gave it away."""
    assert tried(engine).left == []


@pytest.mark.parametrize("engine", ENGINES)
def test_faults_are_never_tried_again(tried: Callable[[Engine], Tried], engine: Engine) -> None:
    """Each notebook was begun once: what it does to the world it does once."""
    made = tried(engine)
    starts = (made.tiny.project.root / "starts").read_text().splitlines()

    assert sorted(starts) == sorted(n for n, f in FAULTS.items() if engine in f.engines)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.kind])
def test_the_executed_notebook_is_kept_for_the_analyst(
    tried: Callable[[Engine], Tried], name: str, engine: Engine
) -> None:
    """What was shown until then lies beside the log, for its owner alone, and not without end."""
    if engine not in FAULTS[name].engines:
        pytest.skip("means something else there")
    made = tried(engine)
    stem = made.runs[name].key.file_stem
    kept, log = notebook_path(made.tiny.project, stem), log_path(made.tiny.project, stem)

    assert kept.stat().st_mode & 0o777 == log.stat().st_mode & 0o777 == 0o600
    assert kept.stat().st_size < 40_000_000
    cells = json.loads(kept.read_bytes())["cells"]
    assert FAULTS[name].cell in [cell["source"] for cell in cells]
    if name not in ("kills-its-parent", "kills-all-above-it", "stops-its-parent"):
        assert "seen" in str([cell.get("outputs") for cell in cells])
    assert log.read_text().strip()


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


@pytest.mark.parametrize("engine", ENGINES)
def test_an_error_of_the_package_says_what_is_wrong(tiny: TinyProject, engine: Engine) -> None:
    """Its text is in the message: it is made to hold no data."""
    cell = "from lpe_reports.periods import parse_period\nparse_period('2026-V19')"
    tiny.write_report([cell], engine=engine)

    (run,) = tiny.build()

    assert _failure(run).message.startswith(
        "tiny · a · 2026-W19: cell 3 raised UsageError: '2026-V19' is not a period; write it like"
    )


@pytest.mark.parametrize(
    "cell",
    [
        # A value that a notebook hands to a function, which quotes it.
        "from lpe_reports.periods import parse_period\nparse_period(planted)",
        # The package's own class, raised by the notebook.
        "from lpe_reports.errors import UsageError\nraise UsageError(planted)",
        # Another class of the same name.
        "class UsageError(Exception): pass\nraise UsageError(planted)",
        # A class that is about the warehouse's tables.
        "from lpe_reports.errors import ContractError\nraise ContractError(planted)",
        # A text that looks like the end of a traceback of the package's.
        "raise ValueError('File ' + lpe + '/periods.py:1, in f\\n\\nUsageError: ' + planted)",
    ],
)
def test_no_error_s_text_tells_a_value(tiny: TinyProject, cell: str) -> None:
    """Only words of package, params and notebook, and only where the package itself raises."""
    planted = (
        "import lpe_reports, pathlib\nlpe = str(pathlib.Path(lpe_reports.__file__).parent)\n"
        "planted = ''.join(map(chr, [83, 118, 101, 110, 115, 115, 111, 110, 32])) + str(19121211+1)"
    )
    tiny.write_report([planted, cell])

    (run,) = tiny.build()

    failure = _failure(run)
    assert failure.kind is FailureKind.RAISED
    assert "Svensson" not in repr(run) and "19121212" not in repr(run)
    assert "Svensson" in log_path(tiny.project, run.key.file_stem).read_text()


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
    assert not notebook_path(tiny.project, run.key.file_stem).exists()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_notebook_may_remove_its_own_folder(tiny: TinyProject, engine: Engine) -> None:
    """Those that lie in it cannot start any more, and that is told; all others are pages."""
    lost = ["import os, shutil\nshutil.rmtree(os.getcwd())", "1"]
    tiny.write_report(lost, name="first", engine=engine)
    tiny.write_report(["1"], name="second", engine=engine)
    other = tiny.write_report(["print('good')"], name="third", engine=engine)
    elsewhere = tiny.project.reports / "elsewhere" / other.name
    elsewhere.parent.mkdir()
    other.rename(elsewhere)
    tiny.project.reports.rename(tiny.project.root / "reports-away")
    for name, folder in (("first", "one"), ("second", "one"), ("third", "other")):
        tiny.reports[name] = tiny.reports[name].model_copy(
            update={"notebook": f"reports/{folder}/{name}.ipynb"}
        )
        place = tiny.project.reports / folder / f"{name}.ipynb"
        place.parent.mkdir(parents=True, exist_ok=True)
        away = tiny.project.root / "reports-away"
        found = next(away.rglob(f"{name}.ipynb"))
        place.write_bytes(found.read_bytes())

    first, second, third = tiny.build(jobs=1)

    assert first.status is RunStatus.BUILT
    assert _failure(second).kind is FailureKind.NOT_STARTED
    assert third.status is RunStatus.BUILT


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_killing_the_build_leaves_no_process_and_the_next_goes_on(
    tmp_path: Path, root: Path, how: signal.Signals, engine: Engine
) -> None:
    """However it is stopped, daemons of cells included; what was done by then is not done again."""
    place = tmp_path / "p"
    with _build_of(place, root, engine) as build:
        _wait_for(lambda: len(_running(place, "sleep")) >= 1)
        os.kill(build.pid, how)
        build.wait(20)

        _wait_for(lambda: _running(place) == [], seconds=10)
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
        _wait_for(lambda: len(_running(place)) >= 1)
        time.sleep(seconds)
        build.kill()
        build.wait(20)

        _wait_for(lambda: _running(place) == [], seconds=10)


def _build_of(place: Path, root: Path, engine: Engine) -> "subprocess.Popen[bytes]":
    """A build in a process of its own, of a notebook that is soon done and one that never is."""
    endless = f"import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n{ENDLESS}"
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


def _failure(run: ExecutedRun) -> RunFailure:
    assert run.status is RunStatus.FAILED
    assert run.error is not None
    return run.error


def _running(project: Path, name: str = "") -> list[str]:
    """The processes that run in a project's environment, dead ones that nobody buried left out.

    Of those that have no environment, the ones that the faults start.
    """
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            environment, line = process.environ(), process.cmdline()
            ours = environment.get("LPE_PROJECT") == str(project)
            if (ours or (line == ["sleep", "300"] and not environment)) and name in process.name():
                found.append(" ".join(line))
        except psutil.Error:
            continue
    return found


def _wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)
