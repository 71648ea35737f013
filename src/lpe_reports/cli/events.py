"""The output of `--json` while a build runs: a line of JSON for each thing that happens.

docs/programs.md says what the lines hold; other programs rely on it.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lpe_reports.progress import RunEvent

_PLACE = ZoneInfo("Europe/Stockholm")
_SECONDS_BETWEEN_LINES = 1.0

# What every line holds; null where it says nothing.
KEYS = (
    "event", "time", "report", "unit", "period", "status", "reason", "seconds", "cell", "kind",
    "stage", "done", "total", "seconds_left",
)  # fmt: skip


def say(line: str) -> None:
    """Write a line to standard output, at once.

    Whoever reads it may go away (`lpe build --json | head -1`); that is no reason to stop a build,
    nor for an exit code that tells of anything but the build.
    """
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        # What Python still holds for it must find a reader when the process ends.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class EventProgress:
    """Progress for a machine."""

    def __init__(self) -> None:
        self._stage = ""
        self._total = self._done = 0
        self._began = self._told = 0.0
        self._left: float | None = None
        self._open = False

    def start(self, what: str, total: int) -> None:
        """A piece of work begins."""
        self.done()
        self._stage, self._total, self._done, self._left = what, total, 0, None
        self._began = self._told = time.monotonic()
        self._open = True
        self._say("stage_began")

    def advance(self, n: int = 1) -> None:
        """That many more things are done; told once a second at most."""
        self._done += n
        now = time.monotonic()
        if now - self._told >= _SECONDS_BETWEEN_LINES:
            self._told = now
            if self._left is None and self._total:
                self._left = (now - self._began) / self._done * (self._total - self._done)
            self._say("progress")
            self._left = None

    def running(self, names: Sequence[str]) -> None:
        """Known from the runs' own events."""

    def left(self, seconds: float) -> None:
        """How much longer it takes."""
        self._left = seconds

    def tell(self, event: RunEvent) -> None:
        """Something happened to a run."""
        self._write(asdict(event))

    def note(self, text: str) -> None:
        """A remark."""
        self._write({"event": "note", "reason": text})

    def done(self) -> None:
        """The piece of work is over."""
        if self._open:
            self._open, self._left = False, None
            self._say("stage_ended", seconds=round(time.monotonic() - self._began, 2))

    def _say(self, event: str, **more: Any) -> None:
        left = None if self._left is None else round(self._left, 1)
        self._write(
            {
                "event": event,
                "stage": self._stage,
                "done": self._done,
                "total": self._total or None,
                "seconds_left": left,
                **more,
            }
        )

    def _write(self, said: dict[str, Any]) -> None:
        body = dict.fromkeys(KEYS) | said
        body["time"] = datetime.now(_PLACE).isoformat(timespec="milliseconds")
        say(json.dumps(body, ensure_ascii=False))
