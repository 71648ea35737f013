"""A clock that a test sets while a command runs: libfaketime, in every process of the command.

Files keep the times that the system gives them, and the monotonic clock runs on: as on a machine
whose clock is set. Notebooks get an environment of their own, so each Python begins by taking the
clock itself.
"""

from datetime import datetime
from pathlib import Path

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))

# Beside a real monotonic clock libfaketime 0.9.10 answers each sleep of Python with an error.
_BEGIN = """
import os, select, sys, time
if "LD_PRELOAD" not in os.environ:
    os.environ.update({settings!r})
    os.execv(sys.executable, sys.orig_argv)
time.sleep = lambda seconds: select.select([], [], [], seconds) and None
"""


class SetClock:
    """A clock that shows what a test says, and goes on from there.

    Args:
        folder: An empty folder for what it consists of, outside any project.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "clock"
        settings = {
            "LD_PRELOAD": str(LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }
        (folder / "sitecustomize.py").write_text(_BEGIN.format(settings=settings), "utf-8")
        self.path = folder
        """What must come first on Python's path of a command that is to go by it."""

    def show(self, moment: datetime) -> None:
        """Set it, for all processes at once."""
        ahead = moment.timestamp() - datetime.now(moment.tzinfo).timestamp()
        new = self._file.with_suffix(".new")
        new.write_text(f"{ahead:+.0f}\n", encoding="ascii")
        new.replace(self._file)  # never half a number
