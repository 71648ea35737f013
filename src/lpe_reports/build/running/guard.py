"""The process above a worker: nothing that a worker or its notebooks start outlives it.

Started as `python -m lpe_reports.build.running.guard LOG`. On Linux it stays above the worker,
adopts whatever a notebook lets go of (daemons in sessions of their own included), and ends all of
it when the worker ends, when it is told to (SIGTERM), or when its standard input ends, because the
build is over or was killed. It runs no cells and holds no data, so nothing can make it busy.
Elsewhere it is the worker, which then sees to the same as well as it can.
"""

import contextlib
import os
import select
import shutil
import signal
import sys
from pathlib import Path

from lpe_reports.build.forking.platform import can_fork

# How the name of a worker's temporary folder begins.
SCRATCH = "lpe-"


def main(log: str) -> None:
    """Guard a worker until its end, or be one."""
    if can_fork():
        _stay_above()
    from lpe_reports.build.running import worker as work

    work.main(log)


def _stay_above() -> None:
    """Go on as the worker, in a process below this one, which guards it."""
    from lpe_reports.build.forking.processes import adopt_orphans, die_with_parent

    if sys.platform != "linux":
        return
    adopt_orphans()
    guard = os.getpid()
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    # A signal between here and the poll must not be lost.
    signal.signal(signal.SIGTERM, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    worker = os.fork()
    if worker:
        _guard(worker, woken)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.close(woken)
    os.close(wake)
    die_with_parent(guard)


def _guard(worker: int, woken: int) -> None:
    """Wait for the end of the worker, of the build, or for an order; then end all. No return."""
    if sys.platform != "linux":
        return
    from lpe_reports.build.forking.processes import end_descendants

    # What the worker answers must not look unfinished because this end of the pipe is open.
    with contextlib.suppress(OSError):
        os.dup2(2, 1)
    poll = select.poll()
    ended = os.pidfd_open(worker)
    poll.register(ended, select.POLLIN)
    poll.register(woken, select.POLLIN)
    poll.register(0, 0)  # only whether its other end is there
    poll.poll()
    with contextlib.suppress(ProcessLookupError):
        os.kill(worker, signal.SIGKILL)
    end_descendants()
    scratch = Path(os.environ.get("IPYTHONDIR", "")).parent
    if scratch.name.startswith(SCRATCH):
        # The build does so, too, if it lives.
        shutil.rmtree(scratch, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
