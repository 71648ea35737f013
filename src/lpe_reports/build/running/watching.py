"""Watching a notebook while it runs: its wall-clock budget, and what an ordinary kernel takes.

A forked notebook's memory is bounded where it runs. An ordinary kernel bounds nothing, so its
memory is looked at from the outside. Whatever has taken too much is killed, with all that it
started; the worker lives on and tells what came of it.
"""

import contextlib
import os
import re
import sys
import threading
import time
from collections.abc import Callable

import psutil

from lpe_reports.build.forking.limits import memory_limit_bytes
from lpe_reports.build.forking.processes import family_bytes
from lpe_reports.build.forking.server import running_server
from lpe_reports.build.runs import FailureKind

_LOOK_SECONDS = 0.5
# A cell that takes longer has what was shown before it kept.
_LONG_SECONDS = 1.0
# A kernel that died with nearly as much memory as it may have, died because it got no more.
_NEARLY = 0.85
# What the worker may hold of a kernel's messages while it takes them apart: lists in lists take
# many times the bytes that they were sent in.
_WORKER_BYTES = 1_500_000_000
_STRAY_SECONDS = 5
# How a process says that it got no memory, before it ends of it: Python, C++, the system.
_NO_MEMORY = re.compile(rb"MemoryError|bad_alloc|[Cc]annot allocate memory|[Oo]ut of memory")
_WORDS_BYTES = 100_000
# How long a fork server may take to bury a notebook.
_ANSWER_SECONDS = 3


class Watch:
    """Watches one notebook, as a context; ends it when it takes too much.

    Args:
        timeout_seconds: Its wall-clock budget.
        save: Keeps the notebook as far as it has come; called when a cell takes long.
        kernel: Whether it runs in an ordinary kernel.

    Fields:
        ended_for: What it was ended for, if it was.
        peak_bytes: The most memory that it was seen to have.
    """

    def __init__(
        self,
        timeout_seconds: float,
        save: Callable[[], None],
        *,
        kernel: bool,
    ) -> None:
        self.ended_for: FailureKind | None = None
        self.peak_bytes = 0
        self._until = time.monotonic() + timeout_seconds
        self._save = save
        self._unsaved = False
        self._cell_began = 0.0
        self._kernel = kernel
        self._limit_bytes = memory_limit_bytes()
        self._own_bytes = psutil.Process().memory_info().rss
        self._logged = _log_bytes()
        self._ended_bytes = _ended_bytes()
        self._ended = 0.0  # when it was ended for something
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="lpe-watch", daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        self._over.set()
        self._thread.join()
        server = running_server()
        if not self._kernel and server is not None:
            self.peak_bytes = server.peak_bytes
        if self._kernel and (ended := _ended_bytes()) > self._ended_bytes:
            self.peak_bytes = max(self.peak_bytes, ended)  # nobody may have looked at the time
        # A fork server ends all that its notebooks leave behind, unless it was ended itself.
        if self._kernel or self.ended_for is not None or error is not None:
            end_strays()

    @property
    def out_of_memory(self) -> bool:
        """Whether it had, when last seen, nearly all it may have, or a kernel has said so."""
        nearly_all = 0 < self._limit_bytes * _NEARLY <= self.peak_bytes
        return nearly_all or (self._kernel and bool(_NO_MEMORY.search(_logged_since(self._logged))))

    def cell_begins(self, *, first: bool) -> None:
        """Bound the memory of a kernel that has just started; see how much one has."""
        self._cell_began, self._unsaved = time.monotonic(), True
        if not self._kernel or sys.platform != "linux":
            return
        for process in _family():
            with contextlib.suppress(psutil.Error, OSError, ValueError, IndexError):
                if first and self._limit_bytes:
                    _bound(process.pid, self._limit_bytes)
                self.peak_bytes = max(self.peak_bytes, process.memory_info().rss)

    def _look(self) -> None:
        while not self._over.wait(self._pause()):
            if self.ended_for is None:
                self._save_when_long()
                self.ended_for = self._too_much()
                self._ended = time.monotonic()
            if self.ended_for is not None:
                # Again and again: it may be starting processes while it is being ended. It may
                # also have stopped the fork server, which then would not tell of the end.
                late = time.monotonic() - self._ended > _ANSWER_SECONDS
                _kill(_family(server_too=late))

    def _pause(self) -> float:
        if self._kernel or self.ended_for is not None:
            return _LOOK_SECONDS
        return min(_LONG_SECONDS, max(0.0, self._until - time.monotonic()))

    def _save_when_long(self) -> None:
        """In case the worker does not live to tell what was shown before this cell."""
        if self._unsaved and time.monotonic() - self._cell_began > _LONG_SECONDS:
            self._unsaved = False
            with contextlib.suppress(OSError, RuntimeError):  # it changes while it is written
                self._save()

    def _too_much(self) -> FailureKind | None:
        if time.monotonic() >= self._until:
            return FailureKind.TIMED_OUT
        if not self._kernel:
            return None
        server = running_server()
        family_size = sum(
            family_bytes(child.pid)
            for child in psutil.Process().children()
            if server is None or child.pid != server.pid
        )
        self.peak_bytes = max(self.peak_bytes, family_size)
        if 0 < self._limit_bytes < family_size:
            return FailureKind.TOO_MUCH_MEMORY
        grown = psutil.Process().memory_info().rss - self._own_bytes
        if grown > _WORKER_BYTES:
            return FailureKind.TOO_MUCH_OUTPUT
        return None


def _log_bytes() -> int:
    """How long the private log is, which a kernel's own last words go to."""
    with contextlib.suppress(OSError):
        return os.fstat(2).st_size
    return 0


def _logged_since(start: int) -> bytes:
    with contextlib.suppress(OSError), open("/proc/self/fd/2", "rb") as file:  # noqa: PTH123
        file.seek(max(start, file.seek(0, os.SEEK_END) - _WORDS_BYTES))
        return file.read(_WORDS_BYTES)
    return b""


def end_strays() -> None:
    """End whatever a notebook has left behind in this process's keeping."""
    strays = _family()
    _kill(strays)
    psutil.wait_procs(strays, timeout=_STRAY_SECONDS)


def _family(*, server_too: bool = False) -> list[psutil.Process]:
    """All descendants of this process but its fork server, which is to run the next notebook.

    Forked notebooks and kernels begin sessions of their own; the fork server is in this process's.
    """
    with contextlib.suppress(psutil.Error):
        family = psutil.Process().children(recursive=True)
        return family if server_too else [p for p in family if not _in_own_session(p.pid)]
    return []


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.kill()


if sys.platform == "linux":

    def _ended_bytes() -> int:
        """The most memory that any process had which this one has started and seen end."""
        import resource

        return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024

    def _in_own_session(pid: int) -> bool:
        with contextlib.suppress(ProcessLookupError):
            return os.getsid(pid) == os.getsid(0)
        return False

    def _bound(pid: int, limit_bytes: int) -> None:
        """Give a process that much more memory of its own than it has, and what it starts, too."""
        import resource

        with open(f"/proc/{pid}/statm", encoding="ascii") as file:  # noqa: PTH123
            pages = int(file.read().split()[5])
        limit = pages * os.sysconf("SC_PAGE_SIZE") + limit_bytes
        resource.prlimit(pid, resource.RLIMIT_DATA, (limit, limit))

else:

    def _ended_bytes() -> int:
        return 0  # not known

    def _in_own_session(pid: int) -> bool:
        return False  # there is no fork server

    def _bound(pid: int, limit_bytes: int) -> None:
        """Not possible here."""
