"""The fork server: imports once, then forks a process for each notebook, one at a time."""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import traceback
from typing import Any

from .child import OUT_OF_MEMORY, become_notebook
from .kernel import NotebookKernel, make_kernel
from .pages import ImportedPages
from .processes import (
    adopt_orphans,
    die_with_parent,
    end_descendants,
    end_group,
    family_bytes,
    thread_count,
)
from .warm import freeze, import_libraries

_PACKET_BYTES = 4096
# How often the memory of a notebook's processes is looked at; the first time after as long.
_LOOK_MILLISECONDS = 1000
# How a process ends whose imported pages are not those on the disk any more.
_OUTDATED = 3


def serve(descriptor: int) -> None:
    """Fork for whoever is at the other end, until that end is closed.

    A request is one packet of JSON with one file descriptor, the notebook's channel; the answer is
    one packet when the notebook's process has ended, and with it everything it had started.

    Args:
        descriptor: The control socket, of packets.
    """
    control = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    adopt_orphans()
    missing = import_libraries()
    _answer(control, {"ready": os.getpid(), "threads": thread_count(), "missing": missing})
    status = _OUTDATED
    while status == _OUTDATED:
        status = _serve_with_pages(control)
        # Of a process that was killed, the notebook's others are left.
        end_descendants()


def _serve_with_pages(control: socket.socket) -> int:
    """Serve from a process that has imported what pages need; returns how it ended."""
    server = os.getpid()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            die_with_parent(server)
            adopt_orphans()
            pages, kernel = ImportedPages(), make_kernel()
            freeze()
            status = _serve_notebooks(control, pages, kernel)
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(status)
    _, ended = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(ended)


def _serve_notebooks(control: socket.socket, pages: ImportedPages, kernel: NotebookKernel) -> int:
    """Fork for each request; 0 when the other end is closed, or that the pages are outdated."""
    poll = select.poll()
    poll.register(control, select.POLLIN)
    while True:
        poll.poll()
        if pages.outdated:
            return _OUTDATED  # the request stays in the socket, for who has imported them anew
        packet, descriptors, _, _ = socket.recv_fds(control, _PACKET_BYTES, 1)
        if not packet:
            return 0
        if not descriptors:
            continue  # an order to end a notebook that has ended already
        with socket.socket(fileno=descriptors[0]) as connection:
            pid = _fork(kernel, control, connection)
        alive, answer = _watch(control, pid, json.loads(packet)["memory_bytes"])
        end_group(pid)
        end_descendants()
        if not alive:
            return 0
        _answer(control, answer)


def _fork(kernel: NotebookKernel, control: socket.socket, connection: socket.socket) -> int:
    server = os.getpid()
    gc.disable()
    pid = os.fork()
    if pid == 0:
        control.close()
        gc.enable()
        become_notebook(kernel, connection, server)
    return pid


def _watch(control: socket.socket, pid: int, memory_bytes: int) -> tuple[bool, dict[str, Any]]:
    """Wait for a notebook's end; says whether the worker is still there, and how it ended."""
    ended = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(ended, select.POLLIN)
    poll.register(control, select.POLLIN)
    alive, over_memory = True, False
    try:
        while True:
            ready = {descriptor for descriptor, _ in poll.poll(_LOOK_MILLISECONDS)}
            if ended in ready:
                break
            if control.fileno() in ready:
                # Either an order to end it, or the end of the worker.
                alive = bool(control.recv(_PACKET_BYTES))
                break
            # All that this process has below it is the notebook's: what others left has ended.
            if memory_bytes and family_bytes(pid, os.getpid()) > memory_bytes:
                over_memory = True
                break
    finally:
        os.close(ended)
    end_group(pid)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    code, peak_bytes = os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024
    # One that crashed with as much as it may have, crashed because it got no more.
    at_the_limit = code != 0 and 0 < memory_bytes <= peak_bytes
    return alive, {
        "ended": code,
        "over_memory": over_memory or at_the_limit or code == OUT_OF_MEMORY,
        "peak_bytes": peak_bytes,
    }


def _answer(control: socket.socket, answer: dict[str, Any]) -> None:
    with contextlib.suppress(OSError):
        control.send(json.dumps(answer).encode())
