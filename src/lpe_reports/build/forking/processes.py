"""Families of processes: made so that none escapes, and ended as a whole. Linux."""

import contextlib
import ctypes
import os
import signal

import psutil

_SET_PARENT_DEATH_SIGNAL = 1
_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends, as init otherwise would."""
    _control_process(_SET_CHILD_SUBREAPER, 1)


def die_with_parent(parent: int) -> None:
    """Be killed when the parent ends, however it does.

    Args:
        parent: Its id, known before the fork: it may be gone already.
    """
    _control_process(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def end_group(leader: int) -> None:
    """Kill a process group that may be gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def end_descendants() -> None:
    """Kill and bury all descendants of this process, those that its children left behind too.

    Costs one system call when there is none.
    """
    while True:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if ended:
            continue
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                process.kill()
        # Their orphans become ours, so there may be more to bury than was killed.
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, 0)


def family_bytes(pid: int, adopter: int | None = None) -> int:
    """The memory of a process and its descendants, in bytes; what they share counts once.

    Args:
        pid: The process.
        adopter: Whose descendants count; the process's own when None. The one that adopts orphans
            has those too that the process has started and left.
    """
    total = 0
    with contextlib.suppress(psutil.Error):
        total = psutil.Process(pid).memory_info().rss
        for process in psutil.Process(adopter or pid).children(recursive=True):
            if process.pid == pid:
                continue
            with contextlib.suppress(psutil.Error, AttributeError):
                total += process.memory_full_info().uss
    return total


def private_bytes() -> int:
    """The private memory that this process may write to, used or not: what RLIMIT_DATA counts."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
        pages = int(file.read().split()[5])
    return pages * os.sysconf("SC_PAGE_SIZE")


def thread_count() -> int:
    """How many threads this process has, those of C libraries too."""
    return len(os.listdir("/proc/self/task"))  # noqa: PTH208


def _control_process(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
