"""A kernel that was made before the fork becomes that of one notebook's process."""

import os
import sys
import threading
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tornado.ioloop import IOLoop

from .channel import Channel
from .kernel import NotebookKernel
from .streams import CapturedStream, empty_pipes


def take_over(kernel: NotebookKernel, channel: Channel) -> None:
    """Give a kernel what is this process's own, in the order in which kernels are made.

    Needs a running event loop, takes the streams over. The environment and the folder are those
    of the notebook already.

    Args:
        kernel: As it was made before the fork.
        channel: Where everything goes.
    """
    _name(kernel, channel)
    _open_streams(kernel)
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    kernel.io_loop = IOLoop.current()
    # Tells the kernel that cells run in its main thread, where a signal can stop them.
    kernel.shell_channel_thread = SimpleNamespace(parent_thread=threading.current_thread())
    shell: Any = kernel.shell
    shell.starting_dir = str(Path.cwd())
    shell.init_ipython_dir(None)
    kernel.profile_dir = None
    shell.init_profile_dir(None)
    shell.init_environment()
    shell.init_virtualenv()
    _begin_history(shell.history_manager)
    if session_name := os.environ.get("JPY_SESSION_NAME"):
        shell.user_ns["__session__"] = session_name


def _name(kernel: Any, channel: Channel) -> None:
    session = kernel.session
    session.channel = channel
    session.pid = os.getpid()
    session.session = str(uuid.uuid4())
    kernel.ident = str(uuid.uuid4())
    kernel.shell.displayhook.topic = kernel._topic("execute_result")


def _open_streams(kernel: Any) -> None:
    streams = tuple(
        CapturedStream(kernel.session, name, descriptor)
        for name, descriptor in (("stdout", 1), ("stderr", 2))
    )
    sys.stdout, sys.stderr = kernel._stdout, kernel._stderr = streams
    kernel.shell._orig_sys_module_state.update(stdout=streams[0], stderr=streams[1])
    empty_pipes(streams)


def _begin_history(history: Any) -> None:
    history.init_db()
    history.session_number = 0  # none to be ended
    history.reset()
