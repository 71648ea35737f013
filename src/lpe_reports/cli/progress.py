"""Progress on stderr: a bar where somebody watches, plain lines where it goes to a log."""

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from lpe_reports.progress import Progress, Silent

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

# Lines of a log: often enough to see that it lives, seldom enough to be read.
_SECONDS_BETWEEN_LINES = 10.0


def make_progress(*, quiet: bool = False) -> Progress:
    """The progress for this terminal or log; silent where the output is for a machine."""
    if quiet:
        return Silent()
    return BarProgress() if sys.stderr.isatty() else LineProgress()


class LineProgress:
    """A line when work begins and ends, and one now and then between."""

    def __init__(self) -> None:
        self._what = ""
        self._total = self._done = 0
        self._began = self._told = 0.0
        self._now: Sequence[str] = ()

    def start(self, what: str, total: int) -> None:
        """A piece of work begins."""
        self._what, self._total, self._done, self._now = what, total, 0, ()
        self._began = self._told = time.monotonic()
        typer.echo(f"{what}: {total} to do" if total else f"{what} …", err=True)

    def advance(self, n: int = 1) -> None:
        """That many more things are done."""
        self._done += n
        now = time.monotonic()
        if now - self._told < _SECONDS_BETWEEN_LINES or not self._total:
            return
        self._told = now
        rate = self._done / (now - self._began)
        left = (self._total - self._done) / rate
        running = f", now {'; '.join(self._now)}" if self._now else ""
        typer.echo(
            f"{self._what}: {self._done} of {self._total}, {rate:.1f} a second, "
            f"about {left:.0f} s left{running}",
            err=True,
        )

    def running(self, names: Sequence[str]) -> None:
        """What is being worked on right now; told when one thing alone takes long."""
        going_on = list(names[:1]) == list(self._now[:1])
        self._now = list(names)
        now = time.monotonic()
        if going_on and self._total and now - self._told >= _SECONDS_BETWEEN_LINES:
            self._told = now
            typer.echo(
                f"{self._what}: {self._done} of {self._total}, now {'; '.join(names)}", err=True
            )

    def done(self) -> None:
        """The piece of work is over."""
        seconds = time.monotonic() - self._began
        typer.echo(f"{self._what}: {self._done or 'done'} in {seconds:.1f} s", err=True)


class BarProgress:
    """A bar with count, rate, time left, and what runs now."""

    def __init__(self) -> None:
        self._bars: Bars | None = None

    def start(self, what: str, total: int) -> None:
        """A piece of work begins."""
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self.done()
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[now]}"),
            console=Console(stderr=True),
        )
        self._bars.start()
        self._bars.add_task(what, total=total or None, rate="", now="")

    def advance(self, n: int = 1) -> None:
        """That many more things are done."""
        if self._bars is not None:
            task = self._bars.tasks[0]
            self._bars.update(task.id, advance=n)
            rate = f"{task.speed:.1f}/s" if task.speed else ""
            self._bars.update(task.id, rate=rate)

    def running(self, names: Sequence[str]) -> None:
        """What is being worked on right now."""
        if self._bars is not None:
            self._bars.update(self._bars.tasks[0].id, now="; ".join(names))

    def done(self) -> None:
        """The piece of work is over."""
        if self._bars is not None:
            self._bars.update(self._bars.tasks[0].id, now="")
            self._bars.stop()
            self._bars = None
