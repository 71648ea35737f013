"""The process of one notebook, from the fork to its end."""

import asyncio
import atexit
import contextlib
import os
import resource
import signal
import socket
import sys
import tempfile
import time
import traceback
import typing
from typing import Any

from .channel import Channel, Message
from .kernel import NotebookKernel, run_cell
from .processes import die_with_parent, private_bytes
from .takeover import take_over
from .warm import renew_seeds

# The exit code of a notebook's process that could not go on for want of memory.
OUT_OF_MEMORY = 77


def become_notebook(kernel: NotebookKernel, connection: socket.socket, server: int) -> None:
    """Run the notebook at the other end of a connection, and end this process.

    Args:
        kernel: What runs its cells, made before the fork.
        connection: Where the cells come from and outputs go to.
        server: The process that this one was forked from.
    """
    status = 1
    # The worker's private log; the notebook's own streams take the place of it.
    log = os.fdopen(os.dup(2), "w", encoding="utf-8")
    try:
        os.setsid()
        die_with_parent(server)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        start = Channel(connection).receive()
        if start is not None:
            _settle(start)
            channel = Channel(connection, start["output_bytes"])
            channel.leave_to(os.getpid())
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            loop.run_until_complete(_run(kernel, channel))
            _leave()
            status = 0
    except MemoryError:
        # There was not even enough left to show the error.
        status = OUT_OF_MEMORY
    except BaseException:
        traceback.print_exc(file=log)
        log.flush()
    finally:
        os._exit(status)


def _settle(start: Message) -> None:
    """Be as a process that was started for this notebook: its folder, environment and memory."""
    os.environ.clear()
    os.environ.update(start["environment"])
    time.tzset()
    tempfile.tempdir = None  # where it is, the environment says
    os.chdir(start["folder"])
    renew_seeds()
    sys.argv = ["ipykernel_launcher.py"]
    if start["memory_bytes"]:
        # Private memory that may be written to: what a notebook allocates, not the files that it
        # maps. Libraries have set aside more than a gigabyte of it before, and use little.
        limit = private_bytes() + start["memory_bytes"]
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _leave() -> None:
    """Do what is to be done at the end of a process, except what only tidies its memory."""
    # A library has the caches of `typing` emptied then, so that it finds no leaks of its own.
    getattr(typing, "_cleanups", []).clear()
    atexit._run_exitfuncs()


async def _run(kernel: NotebookKernel, channel: Channel) -> None:
    take_over(kernel, channel)
    channel.send({"ready": os.getpid(), "language_info": kernel.language_info})
    requests = _Requests(channel)
    while (request := await requests.next()) is not None and "code" in request:
        await run_cell(kernel, request)
        if kernel.shell is None or kernel.shell.exit_now:
            break  # `exit` or `quit`: an ordinary kernel ends here too
    with contextlib.suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()


class _Requests:
    """The cells to run; the loop's other tasks go on while the next one is waited for."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._loop = asyncio.get_running_loop()

    async def next(self) -> dict[str, Any] | None:
        readable: asyncio.Future[None] = self._loop.create_future()
        descriptor = self._channel.socket.fileno()

        def wake() -> None:
            self._loop.remove_reader(descriptor)
            readable.set_result(None)

        self._loop.add_reader(descriptor, wake)
        await readable
        return self._channel.receive()
