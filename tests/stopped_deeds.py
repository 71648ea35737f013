"""Deeds on published versions, each stopped at a chosen change to the file system.

A small server imports the package once and forks for every deed, so that hundreds of kills cost
no more than a few seconds.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

# How a deed is stopped: killed, or refused by the system from the n-th change on, or at it alone.
Fault = Literal["kill", "full", "denied", "read-only"]
FAULTS: tuple[Fault, ...] = ("kill", "full", "denied", "read-only")

_SERVER = """
import errno, json, os, pathlib, signal, sys
from datetime import UTC, date, datetime
from lpe_reports.cli.pruning import prune_all
from lpe_reports.params.loading import load_params
from lpe_reports.publish import versions
from lpe_reports.publish.repairing import repair
from lpe_reports.publish.rolling_back import roll_back
from lpe_reports.publish.verifying import verify
from lpe_reports.settings import Project

changes = {"os.rename", "os.link", "os.symlink", "os.mkdir", "os.chmod", "os.truncate",
           "os.remove", "os.rmdir"}
numbers = {"full": errno.ENOSPC, "denied": errno.EACCES, "read-only": errno.EROFS}
now = datetime(2026, 5, 12, 9, tzinfo=UTC)
params = load_params(Project(pathlib.Path(sys.argv[1])))

def publish(project, pointer=None):
    versions.publish(project, project.candidate, pointer=pointer, now=now)

def prune(project):
    found = prune_all(project, params, date(2026, 5, 12))
    if found.failed:
        raise versions.SettingsError("; ".join(found.failed))

deeds = {
    "publish": publish,
    "publish as a copy": lambda project: publish(project, "copy"),
    "publish by a link": lambda project: publish(project, "symlink"),
    "roll back": lambda project: roll_back(project, "2026-05-10", now=now),
    "prune": prune,
    "repair": lambda project: repair(project, verify(project)),
}

def stop_at(fault, number):
    left = number
    def watch(event, arguments):
        nonlocal left
        if not (event in changes or event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
            return
        left -= 1
        if left == 0 and fault == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if left == 0 or (left < 0 and fault == "read-only"):
            raise OSError(numbers[fault], os.strerror(numbers[fault]))
    sys.addaudithook(watch)
    return lambda: left <= 0

def told(deed, root, fault, number):
    project = Project(pathlib.Path(root))
    stopped = stop_at(fault, number) if fault else lambda: False
    try:
        deeds[deed](project)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "went on" if stopped() else "never stopped"

for line in sys.stdin:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = told(*json.loads(line))
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read().decode()
    os.waitpid(child, 0)
    print(json.dumps(said or "killed"), flush=True)
"""


@dataclass(frozen=True)
class Deeds:
    """Does deeds in processes of their own."""

    _server: "subprocess.Popen[str]"

    def do(self, deed: str, root: Path, fault: Fault | None = None, at: int = 0) -> str:
        """Do a deed on a project, stopped at its `at`-th change to the file system.

        Returns:
            "killed", "never stopped" when it ended before, "went on" when it ended in spite of
            the fault, or the error's class and words.
        """
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps([deed, str(root), fault, at]) + "\n")
        self._server.stdin.flush()
        return str(json.loads(self._server.stdout.readline()))


@contextmanager
def deeds(params: Path) -> Iterator[Deeds]:
    """What does deeds.

    Args:
        params: A project whose params say what pruning keeps.
    """
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER, str(params)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as server:  # fmt: skip
        yield Deeds(server)
