"""An ordinary IPython kernel without its sockets, run by calls instead of by messages."""

import asyncio
import logging
import os
import sys
import threading
from types import SimpleNamespace
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from tornado.ioloop import IOLoop
from traitlets.config import Config

from .session import ChannelSession
from .streams import CapturedStream, empty_pipes

# How often other tasks of the loop get their turn between two cells, as they do in a kernel
# while it waits for the next one.
_TURNS_BETWEEN_CELLS = 5


class NotebookKernel(IPythonKernel):
    """The kernel class itself: shell, magics, tracebacks and display are an ordinary kernel's."""

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Nothing waits in a queue here."""


def start_kernel(session: ChannelSession) -> NotebookKernel:
    """A kernel in this process; needs a running event loop, takes the streams over."""
    streams = tuple(
        CapturedStream(session, name, descriptor)
        for name, descriptor in (("stdout", 1), ("stderr", 2))
    )
    sys.stdout, sys.stderr = streams
    empty_pipes(streams)
    _prepare_process()
    config = Config()
    # As nbclient starts kernels: history is the notebook's own and stays in memory.
    config.HistoryManager.hist_file = ":memory:"
    kernel = NotebookKernel.instance(config=config, session=session, log=_silent_log())
    kernel.io_loop = IOLoop.current()
    # Tells the kernel that cells run in its main thread, where a signal can stop them.
    kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.current_thread())
    assert kernel.shell is not None
    kernel.shell.extension_manager.load_extension("storemagic")
    return kernel


async def run_cell(kernel: Any, request: dict[str, Any]) -> None:
    """Run one cell; everything it shows, and then the reply, goes through the session.

    Args:
        kernel: The kernel.
        request: `id` of the request, `code` and `cell_id`.
    """
    parent = {
        "header": {"msg_id": request["id"], "msg_type": "execute_request"},
        "msg_id": request["id"],
        "msg_type": "execute_request",
        "metadata": {"cellId": request["cell_id"]},
        "content": {
            "code": request["code"],
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": True,
        },
    }
    kernel.set_parent([], parent)
    kernel.pre_handler_hook()
    try:
        await kernel.execute_request(None, [], parent)
    finally:
        kernel.post_handler_hook()
    for _ in range(_TURNS_BETWEEN_CELLS):
        await asyncio.sleep(0)


def _silent_log() -> logging.Logger:
    """A log that the notebook's own logging does not show, as the kernel application's."""
    log = logging.getLogger("IPKernelApp")
    log.propagate = False
    log.setLevel(logging.CRITICAL)
    return log


def _prepare_process() -> None:
    """What the kernel's application does to its process before the first cell."""
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    import pdb

    from IPython.core import debugger

    pdb_class: Any = getattr(debugger, "InterruptiblePdb", None)
    if pdb_class is not None:
        debugger.Pdb = pdb_class  # type: ignore[misc]
        pdb.Pdb = pdb_class  # type: ignore[misc]
        pdb.set_trace = debugger.set_trace
