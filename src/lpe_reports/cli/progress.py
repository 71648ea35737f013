"""Progress on stderr: a bar where somebody watches, plain lines where it goes to a log."""

import contextlib
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from lpe_reports.cli.events import EventProgress
from lpe_reports.progress import Progress, RunEvent, Silent

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

# Lines of a log: often enough to see that it lives, seldom enough to be read.
_SECONDS_BETWEEN_LINES = 10.0


def make_progress(*, quiet: bool = False, events: bool = False) -> Progress:
    """The progress for this terminal or log; events or nothing where the output is for a machine.

    Args:
        quiet: The output is one JSON object.
        events: The output is a line of JSON for each thing that happens.
    """
    if quiet:
        return Silent()
    if events:
        return EventProgress()
    return BarProgress() if sys.stderr.isatty() else LineProgress()


def _tell(line: str) -> None:
    # A log that nobody takes any more is no reason to stop the work.
    with contextlib.suppress(OSError):
        typer.echo(line, err=True)


class LineProgress:
    """A line when work begins and ends, and one now and then between."""

    def __init__(self) -> None:
        self._what = ""
        self._total = self._done = 0
        self._began = self._told = 0.0
        self._left: float | None = None
        self._now: Sequence[str] = ()

    def start(self, what: str, total: int) -> None:
        """A piece of work begins."""
        self._what, self._total, self._done, self._now = what, total, 0, ()
        self._left = None
        self._began = self._told = time.monotonic()
        _tell(f"{what}: {total} to do" if total else f"{what} …")

    def advance(self, n: int = 1) -> None:
        """That many more things are done."""
        self._done += n
        now = time.monotonic()
        if now - self._told < _SECONDS_BETWEEN_LINES or not self._total:
            return
        self._told = now
        rate = self._done / max(now - self._began, 1e-9)
        left = (self._total - self._done) / rate if self._left is None else self._left
        running = f", now {'; '.join(self._now)}" if self._now else ""
        _tell(
            f"{self._what}: {self._done} of {self._total}, {told_rate(rate)}, "
            f"about {told_seconds(left)} left{running}"
        )

    def running(self, names: Sequence[str]) -> None:
        """What is being worked on right now; told when one thing alone takes long."""
        going_on = list(names[:1]) == list(self._now[:1])
        self._now = list(names)
        now = time.monotonic()
        if going_on and self._total and now - self._told >= _SECONDS_BETWEEN_LINES:
            self._told = now
            _tell(f"{self._what}: {self._done} of {self._total}, now {'; '.join(names)}")

    def left(self, seconds: float) -> None:
        """How much longer it takes."""
        self._left = seconds

    def tell(self, event: RunEvent) -> None:
        """Each run by itself is nothing for a log."""

    def note(self, text: str) -> None:
        """A remark."""
        _tell(text)

    def done(self) -> None:
        """The piece of work is over."""
        seconds = time.monotonic() - self._began
        _tell(f"{self._what}: {self._done or 'done'} in {seconds:.1f} s")


class BarProgress:
    """A bar with count, rate, time left, and what runs now."""

    def __init__(self) -> None:
        self._bars: Bars | None = None
        self._known_left = False
        self._began = 0.0

    def start(self, what: str, total: int) -> None:
        """A piece of work begins."""
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        self.done()
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[left]}"),
            TextColumn("{task.fields[now]}"),
            console=Console(stderr=True),
        )
        self._bars.start()
        self._known_left = False
        self._began = time.monotonic()
        self._bars.add_task(what, total=total or None, rate="", left="", now="")

    def advance(self, n: int = 1) -> None:
        """That many more things are done."""
        if self._bars is None:
            return
        task = self._bars.tasks[0]
        self._bars.update(task.id, advance=n)
        rate = task.completed / max(time.monotonic() - self._began, 1e-9)
        self._bars.update(task.id, rate=told_rate(rate))
        if not self._known_left and task.remaining is not None:
            self._bars.update(task.id, left=f"{told_seconds(task.remaining / rate)} left")

    def left(self, seconds: float) -> None:
        """How much longer it takes."""
        self._known_left = True
        if self._bars is not None:
            self._bars.update(self._bars.tasks[0].id, left=f"{told_seconds(seconds)} left")

    def tell(self, event: RunEvent) -> None:
        """The bar shows what runs."""

    def note(self, text: str) -> None:
        """A remark, above the bar."""
        if self._bars is not None:
            self._bars.console.print(text, highlight=False)
        else:
            _tell(text)

    def running(self, names: Sequence[str]) -> None:
        """What is being worked on right now."""
        if self._bars is not None:
            self._bars.update(self._bars.tasks[0].id, now="; ".join(names))

    def done(self) -> None:
        """The piece of work is over."""
        if self._bars is not None:
            self._bars.update(self._bars.tasks[0].id, left="", now="")
            self._bars.stop()
            self._bars = None


def told_rate(rate: float) -> str:
    """How fast it goes: by the second, or by the minute where that is less than one."""
    return f"{rate:.1f} a second" if rate >= 1 else f"{rate * 60:.1f} a minute"


def told_seconds(seconds: float) -> str:
    """A time as people say it: 40 s, 3 min, 2 h 05 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"
