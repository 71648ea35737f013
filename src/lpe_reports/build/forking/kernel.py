"""An ordinary IPython kernel without its sockets, run by calls instead of by messages."""

import asyncio
import contextlib
import logging
import os
import tempfile
from collections.abc import Iterator
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from IPython.core.profiledir import ProfileDir
from IPython.core.shellapp import InteractiveShellApp
from traitlets.config import Config

from .session import ChannelSession

# How often other tasks of the loop get their turn between two cells, as they do in a kernel
# while it waits for the next one.
_TURNS_BETWEEN_CELLS = 5


class NotebookKernel(IPythonKernel):
    """The kernel class itself: shell, magics, tracebacks and display are an ordinary kernel's."""

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Nothing waits in a queue here."""


def make_kernel() -> NotebookKernel:
    """A kernel of nobody yet: made once, before the fork, for a notebook's process to take over.

    It asks nothing of the environment and has neither streams, channel, history nor folders of
    its own; `take_over` gives it those of its process.
    """
    config = Config()
    # As nbclient starts kernels: history is the notebook's own and stays in memory.
    config.HistoryManager.hist_file = ":memory:"
    with _plain_environment():
        kernel = NotebookKernel.instance(
            config=config,
            session=ChannelSession(),
            log=_silent_log(),
            profile_dir=ProfileDir(),
        )
    # What waits for messages to arrive by themselves; here they are all there.
    kernel._execute_sleep = 0.0
    # What a kernel's own application is asked for by those that want to know where they are.
    kernel_application: Any = IPKernelApp.instance()
    shell: Any = kernel.shell
    kernel_application.kernel, kernel_application.shell = kernel, shell
    shell.history_manager.close()  # no connection is to be carried over a fork
    shell.extension_manager.load_extension("storemagic")
    application: Any = InteractiveShellApp()
    application.init_path()  # modules in the working folder are found behind Python's own
    _use_the_kernel_s_debugger()
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


def _use_the_kernel_s_debugger() -> None:
    """As the kernel's application does."""
    import pdb

    from IPython.core import debugger

    pdb_class: Any = getattr(debugger, "InterruptiblePdb", None)
    if pdb_class is not None:
        debugger.Pdb = pdb_class  # type: ignore[misc]
        pdb.Pdb = pdb_class  # type: ignore[misc]
        pdb.set_trace = debugger.set_trace


@contextlib.contextmanager
def _plain_environment() -> Iterator[None]:
    """Nobody's environment; the folder in it exists, so that none is made."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(HOME=(folder := tempfile.gettempdir()), IPYTHONDIR=folder)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
