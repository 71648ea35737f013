"""Whether this machine can run notebooks in forked processes."""

import os
import sys


def can_fork() -> bool:
    """Whether it can.

    It takes Linux: Windows has no fork, and on macOS the system's own libraries do not survive one.
    """
    return sys.platform == "linux" and hasattr(os, "pidfd_open")
