"""Runs inside a notebook's process, of which it makes a chain: each waits where a cell begins.

It is sent there as text and imports nothing of the package: what a notebook has imported is what
its page depends on. A process that is told to go back ends itself, and so do those above it up to
the one that waits where it shall go on; that one begins anew with a child of its own.
"""

import asyncio
import contextlib
import mmap
import os
import resource
import sys
import warnings
from types import SimpleNamespace
from typing import Any

_BACK = 98  # how a process ends that goes back
_target = mmap.mmap(-1, 4)  # where to; seen by all of the chain


def begin(memory_bytes: int) -> None:
    """Bound the memory that the notebook may allocate, as a build does."""
    from lpe_forking.processes import private_bytes  # type: ignore[import-not-found]

    if memory_bytes:
        limit = private_bytes() + memory_bytes
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def wait(number: int) -> None:
    """Let a child of this process go on from here, again and again; returns in each of them."""
    kernel = _kernel()
    channel, loop = kernel.session.channel, asyncio.get_running_loop()
    channel.send({"type": "lpe_files", "parent": None, "content": _files()})
    channel._pid = -1  # this process is silent from now on
    parent = os.getpid()
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of threads that read nothing now
            child = os.fork()
        if child == 0:
            _go_on(kernel, loop, parent)
            return
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code != _BACK or int.from_bytes(_target[:4], "little") != number:
            os._exit(code if code >= 0 else 1)
        _forget_reader(loop, channel.socket.fileno())


def back(number: int) -> None:
    """End this process, and those above it up to the one that waits at a number."""
    _target[:4] = number.to_bytes(4, "little")
    os._exit(_BACK)


def _go_on(kernel: Any, loop: asyncio.AbstractEventLoop, parent: int) -> None:
    from lpe_forking.processes import die_with_parent

    die_with_parent(parent)
    asyncio._set_running_loop(loop)  # which belongs to the process that it was noted in
    kernel.session.pid = kernel.session.channel._pid = os.getpid()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "_master_pid"):
            stream._master_pid = os.getpid()


def _forget_reader(loop: Any, descriptor: int) -> None:
    """The child that was here may have left word that it listens; the system shares that."""
    with contextlib.suppress(AttributeError, KeyError, OSError, ValueError):
        loop._selector._selector.unregister(descriptor)


def _kernel() -> Any:
    from IPython import get_ipython

    return get_ipython().kernel


def _files() -> list[str]:
    """The files that this process has imported or read so far: the package's and the project's."""
    names = [name for name in sys.modules if name.partition(".")[0] == "lpe_reports"]
    found = {getattr(sys.modules[name], "__file__", None) for name in names}
    beside = sys.modules.get("lpe_reports.display.beside")
    opened = getattr(beside, "_opened", None) or ()
    return sorted({file for file in found if file} | {str(path) for path in opened})


_inside: Any = SimpleNamespace(begin=begin, wait=wait, back=back)
sys.modules["lpe_inside"] = _inside
