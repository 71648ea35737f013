"""What a command costs together with every process that it starts, also those it leaves behind.

Linux hands orphans to the nearest process that asks for them, so that the seconds of workers that
ended after their parent are counted too. Elsewhere only what the command itself waits for is.
"""

import ctypes
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

_SET_CHILD_SUBREAPER = 36
_SAMPLE_SECONDS = 0.5
_ORPHANS_END_SECONDS = 15


@dataclass(frozen=True)
class TreeCost:
    """A command and all its processes.

    Fields:
        seconds: Wall clock of the command.
        cpu_seconds: Of all processes, in user and system.
        peak_mb: The highest sum of what they have in memory, shared pages divided among them
            (PSS); the highest of one process where the system does not tell.
        said: What the command wrote to standard output.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    said: str


def tree_cost(
    command: Sequence[str | Path],
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    *,
    allowed: Sequence[int] = (0,),
) -> TreeCost:
    """Run a command to its end, and wait for what it leaves behind.

    Args:
        command: The command.
        cwd: Where it runs.
        environment: Variables beside those of this process.
        allowed: Exit codes that are no failure.

    Raises:
        SystemExit: It failed; its own words are shown.
    """
    began = time.monotonic()
    with (
        _orphans() as orphans_cpu_seconds,
        tempfile.TemporaryFile("w+", encoding="utf-8") as complaints,
        subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=os.environ | dict(environment or {}),
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        ) as child,
        _Memory(child.pid) as memory,
    ):
        assert child.stdout is not None
        said = child.stdout.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        complaints.seek(0)
        complained = complaints.read()
        cpu_seconds = usage.ru_utime + usage.ru_stime + orphans_cpu_seconds()
    if child.returncode not in allowed:
        raise SystemExit(
            f"{' '.join(map(str, command))} ended with {child.returncode}:\n{said}{complained}"
        )
    one_mb = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return TreeCost(seconds, cpu_seconds, memory.peak_mb or one_mb, said)


class _Memory:
    """Adds up, twice a second, what a process and its descendants have in memory."""

    def __init__(self, pid: int) -> None:
        self.peak_mb = 0.0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "_Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_SAMPLE_SECONDS):
            self.peak_mb = max(self.peak_mb, _pss_mb(self._pid))


def _pss_mb(pid: int) -> float:
    try:
        root = psutil.Process(pid)
        family = [root, *root.children(recursive=True)]
    except psutil.Error:
        return 0.0
    kilobytes = 0
    for process in family:
        try:
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue  # it has ended, or this system has none
        kilobytes += sum(
            int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")
        )
    return kilobytes / 1024


@contextmanager
def _orphans() -> Iterator[Callable[[], float]]:
    """While it lasts, this process is given those that outlive their parent.

    Gives what waits for them and says how many processor seconds they used.
    """
    if sys.platform != "linux":
        yield lambda: 0.0
        return
    own = _children()
    control = ctypes.CDLL(None).prctl
    control(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield lambda: _cpu_seconds_of_ended(own)
    finally:
        control(_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def _cpu_seconds_of_ended(own: set[int]) -> float:
    used = 0.0
    until = time.monotonic() + _ORPHANS_END_SECONDS
    while (given := _children() - own) and time.monotonic() < until:
        for child in given:
            try:
                pid, _, usage = os.wait4(child, os.WNOHANG)
            except ChildProcessError:
                continue
            used += usage.ru_utime + usage.ru_stime if pid else 0.0
        time.sleep(0.05)
    return used


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}
