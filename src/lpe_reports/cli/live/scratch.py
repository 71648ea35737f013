"""The folder that goes with a preview: named for its owner, removed by whoever finds it left."""

import os
import re
import shutil
import tempfile
from pathlib import Path

import psutil

from lpe_reports.cli.live.maker import SCRATCH

_NAME = re.compile(rf"{SCRATCH}(\d+)-(\d+)-.*")
# The start of a process is counted from that of the machine, which moves as its clock is set.
_APART_SECONDS = 60


def new_scratch() -> "tempfile.TemporaryDirectory[str]":
    """A folder of this process's."""
    pid = os.getpid()
    began = int(psutil.Process(pid).create_time())
    prefix = f"{SCRATCH}{pid}-{began}-"
    return tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)


def remove_leftovers() -> None:
    """Remove the folders of previews that were killed with the processes that made their pages."""
    for folder in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        owner = _NAME.fullmatch(folder.name)
        if owner and not _lives(int(owner[1]), int(owner[2])):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(pid: int, began: int) -> bool:
    try:
        found: float = psutil.Process(pid).create_time()
        return abs(found - began) < _APART_SECONDS
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True
