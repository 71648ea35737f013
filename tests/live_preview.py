"""A preview in a process of its own, with a copy of the package that a test may change."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from html import unescape
from http.client import HTTPResponse
from pathlib import Path

import lpe_reports

PACKAGE = Path(lpe_reports.__file__).parent
_CLI = "from lpe_reports.cli import main; main()"
_START_SECONDS = 60
_CHANGE_SECONDS = 20


class LivePreview:
    """`lpe preview`, as a context; what it serves is asked for over HTTP.

    Args:
        project: The project's folder.
        folder: Where the copy of the package is laid.
        arguments: The command's arguments.
    """

    def __init__(self, project: Path, folder: Path, *arguments: str) -> None:
        self.package = folder / PACKAGE.name
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PACKAGE, self.package, ignore=ignored, dirs_exist_ok=True)
        path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-c", _CLI, "preview", *arguments, "--port", "0", "--no-open"],
            env={**os.environ, "LPE_PROJECT": str(project), "PYTHONPATH": path},
            cwd=folder,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            bufsize=1,
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        self.address = self.process.stdout.readline().split()[0]
        self._events: HTTPResponse = urllib.request.urlopen(
            f"{self.address}_lpe/events", timeout=_START_SECONDS
        )
        self.number = 0

    def __enter__(self) -> "LivePreview":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)
        self._events.close()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def wait(self, seconds: float = _START_SECONDS) -> bool:
        """Wait until there is something newer to show, good or bad; returns whether there is."""
        end = time.monotonic() + seconds
        # It tells that it is there every ten seconds, so this ends.
        for line in self._events:
            if line.startswith(b"data: "):
                number = int(json.loads(line.removeprefix(b"data: "))["number"])
                if number > self.number:
                    self.number = number
                    return True
            if time.monotonic() > end:
                break
        return False

    def wait_until_made(self, seconds: float = _START_SECONDS) -> None:
        """Wait until it has begun to make the page anew, and is done with it."""
        end, begun = time.monotonic() + seconds, False
        for line in self._events:
            if line.startswith(b"data: "):
                told = json.loads(line.removeprefix(b"data: "))
                self.number = max(self.number, int(told["number"]))
                begun = begun or bool(told["making"])
                if begun and not told["making"]:
                    return
            if time.monotonic() > end:
                break
        raise AssertionError("nothing was made")

    def read(self, path: str = "") -> str:
        """What is served at an address; the page where none is given."""
        with urllib.request.urlopen(f"{self.address}{path}", timeout=_START_SECONDS) as answer:
            return str(answer.read().decode())

    def problem(self) -> str:
        """What the page says that is wrong, without markup; empty when nothing is."""
        found = re.search(r'<section id="lpe-problem".*?</section>', self.read(), re.DOTALL)
        return unescape(re.sub(r"<[^>]+>", " ", found[0])) if found else ""

    def after(self, change: Callable[[], object], shows: Callable[[], bool]) -> float:
        """Make a change and wait until the page shows it; returns the seconds it took."""
        began = time.monotonic()
        change()
        while time.monotonic() < began + _CHANGE_SECONDS:
            self.wait(_CHANGE_SECONDS)
            took = time.monotonic() - began
            if shows():
                return took
        raise AssertionError(f"not shown; {self.problem()}")


def replacing(path: Path, old: str, new: str) -> Callable[[], None]:
    """A change of a file, in which the text must stand."""

    def change() -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text, path
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change
