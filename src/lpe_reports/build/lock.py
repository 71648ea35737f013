"""One build at a time: the lock that a command holds while it writes to the project.

The lock is the operating system's lock on an open file, so it is released by the death of the
process that holds it, whatever kills it; what stands in the file only says who that is.
"""

import contextlib
import json
import os
import socket
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from lpe_reports.errors import LockedError, SettingsError
from lpe_reports.settings import Project

_PLACE = ZoneInfo("Europe/Stockholm")


@contextlib.contextmanager
def locked(project: Project, command: str) -> Iterator[None]:
    """Hold the project's lock for as long as the block runs.

    Args:
        project: The project.
        command: What holds it, for whoever comes second: `nightly`.

    Raises:
        LockedError: Another process holds it; says which command, process and since when.
        SettingsError: The lock's file cannot be written.
    """
    try:
        project.lock.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(project.lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        where = project.relative(project.lock)
        raise SettingsError(f"{where} cannot be written ({error.strerror})") from None
    with os.fdopen(descriptor, "r+b") as file:
        if not _take(descriptor):
            raise LockedError(_holder(project.lock))
        since = datetime.now(_PLACE).isoformat(timespec="seconds")
        body = {
            "command": command, "pid": os.getpid(), "host": socket.gethostname(), "since": since,
        }  # fmt: skip
        file.truncate(0)
        file.write(json.dumps(body).encode())
        file.flush()
        try:
            yield
        finally:
            # The file stays: removing it could take away a lock that another has just taken.
            file.truncate(0)


def _holder(path: Path) -> str:
    try:
        body = json.loads(path.read_bytes())
        process = f"process {body['pid']} on {body['host']}"
        who = f"`lpe {body['command']}` ({process}) since {body['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        who = "another lpe command"
    return f"{who} is at work in this project; wait until it is done, nothing was started"


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> bool:
        # Far behind the text, which others must be able to read.
        os.lseek(descriptor, 1 << 30, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
