"""One run of Quarto: its command line and environment, a bound on its time, what it said."""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

# Terminal colours, and the return that overwrites a line of progress.
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]|\r")
# Another project, another log or another profile than those of this run.
_NOT_OURS = ("QUARTO_PROFILE", "QUARTO_PROJECT_ROOT", "QUARTO_LOG", "QUARTO_LOG_LEVEL")
# Nobody listens there: what asks for something from outside is refused at once.
_NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Ran:
    """What came of a run.

    Fields:
        status: Its exit code; negative for the signal that ended it, None when its time was up.
        log: What it wrote, without colours.
    """

    status: int | None
    log: str


def run_quarto(program: Path, project: Path, seconds: float) -> Ran:
    """Render a scratch project; after it nothing that Quarto started is left.

    Args:
        program: Quarto.
        project: The project's folder; what it wrote goes beside it.
        seconds: When it has taken so long, it is ended.

    Raises:
        OSError: The program cannot be started.
    """
    written = project.parent / "log.txt"
    with written.open("wb") as log:
        process = subprocess.Popen(
            [str(program), "render", ".", "--no-execute"],
            cwd=project,
            stdin=subprocess.DEVNULL,
            # (A file and not a pipe: who is left of its processes could hold a pipe open.)
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment(os.environ, project.parent),
            # A group of its own, which can be ended with all that it started.
            start_new_session=True,
        )
        status: int | None = None
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:
            _end(process)
    return Ran(status, _ESCAPES.sub("", written.read_bytes().decode("utf-8", "replace")))


def environment(given: Mapping[str, str], scratch: Path) -> dict[str, str]:
    """The environment of a run: the same clock and language anywhere, caches of its own."""
    made = {name: value for name, value in given.items() if name not in _NOT_OURS}
    made |= {"TZ": "UTC", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "NO_COLOR": "1"}
    made |= {"DENO_NO_UPDATE_CHECK": "1", "QUARTO_LOG_LEVEL": "INFO"}
    for kind in ("HTTP", "HTTPS", "ALL"):
        made |= {f"{kind}_PROXY": _NOWHERE, f"{kind.lower()}_proxy": _NOWHERE}
    made |= {"NO_PROXY": "", "no_proxy": ""}
    made |= {f"XDG_{kind}_HOME": str(scratch / kind.lower()) for kind in ("CACHE", "DATA")}
    # A service account's home may be missing or read-only.
    if not os.access(given.get("HOME", ""), os.W_OK):
        made["HOME"] = str(scratch)
    return made


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a run and all of its group, however far it came."""
    if sys.platform != "win32":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        with contextlib.suppress(psutil.Error):
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
        process.kill()
    process.wait(60)
