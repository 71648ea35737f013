"""Notebooks that go wrong, and how each is told; and what still runs when it should not."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

from lpe_reports.build.runs import FailureKind

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
# The same, but it leaves the processor to others.
WAITING = "import time\nwhile True:\n    try: time.sleep(60)\n    except BaseException: pass"


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

    @property
    def budget_seconds(self) -> int:
        """Its wall-clock budget: enough to meet the limit on a busy machine, where there is one."""
        met = (FailureKind.TOO_MUCH_MEMORY, FailureKind.TOO_MUCH_OUTPUT)
        return 60 if self.kind in met else BUDGET_SECONDS


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
        "    if 'lpe_reports.build.running.guard' in ' '.join(p.cmdline()): p.kill()\n"
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
        f"    signal.signal(s, signal.SIG_IGN)\n{WAITING}",
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


def running(project: Path, name: str = "") -> list[str]:
    """The processes that run in a project's environment, dead ones that nobody buried left out.

    Those that gave their environment away are known by their working folder.
    """
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            environment = process.environ()
            ours = environment.get("LPE_PROJECT") == str(project)
            if not environment:
                ours = Path(process.cwd()).is_relative_to(project)
            if ours and name in process.name():
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)
