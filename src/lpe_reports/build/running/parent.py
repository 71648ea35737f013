"""A process that ends with the one that started it: a killed build must leave nothing behind."""

import contextlib
import os
import time
from threading import Thread

import psutil


def end_with_parent(parent: int) -> None:
    """See to it, from now on, that this process ends within a second or so of its parent.

    Args:
        parent: Its process id; told and not asked for, since a parent that was killed while this
            one began is gone by now.
    """
    Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    # Windows goes on naming a parent that has ended, and gives its number to others.
    with contextlib.suppress(psutil.NoSuchProcess):
        watched = psutil.Process(parent)
        while os.getppid() == parent and watched.is_running():
            time.sleep(1)
    os._exit(1)
