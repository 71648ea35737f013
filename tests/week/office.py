"""A small real office whose warehouse goes on day by day, and its nights by the command line.

The clock of each night is set to that night (Debian's `faketime`), so that versions are of their
days and what has been kept long enough is removed.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from zoneinfo import ZoneInfo

import nbformat

from changing_project import copy_of_package
from chart_library import share_chart_library
from lpe_reports.settings import Project
from parsed_params import share_parsed_params
from set_clock import SetClock
from small_warehouse import (
    NIGHT,
    ROOT,
    Rows,
    SmallOffice,
    duckdb_sources,
    need,
    operation_at,
    small_office,
    waiting,
)
from tiny_project import source_notebook

FIRST_NIGHT = NIGHT
# When all good nights begin, by the clock of the office.
BEGINS = clock_time(2, 30)
PLACE = ZoneInfo("Europe/Stockholm")
PEOPLE_WAITING = 20
# Far more than a night takes on a machine that has much else to do.
LONGEST_SECONDS = 280

USE = """notebook: reports/use.ipynb
area: nyttjande
slug: use
title: Användning
question: Hur mycket?
owner: a@example.invalid
units: [hu-cop, ga-cop]
periods: {kind: month, last: 1}
timeout_seconds: 30
"""
WAIT = """notebook: reports/wait.ipynb
area: uppfoljning
slug: wait
title: Väntan
question: Hur länge?
owner: a@example.invalid
units: [hu-cop]
periods: {kind: week, last: 1}
timeout_seconds: 30
"""
PAGES = 3
USE_CELLS = (
    "from lpe_reports import page\np = page.open('use', unit=unit, period=period)",
    "operations = p.series('operations', last=2)\np.summary(operations)",
    "p.table(operations, caption='Operationer')",
    "p.note(f'Natten {p.night}')",
)
WAIT_CELLS = (
    "from lpe_reports import page\np = page.open('wait', unit=unit, period=period)",
    "waiting = p.series('waiting', last=2)\np.summary(waiting)",
    "p.note(f'Natten {p.night}')",
)

# `lpe`, which counts its changes to the project's files; at one of them it hears a signal.
LPE = """
import os, pathlib, signal, sys
root, said, at, number, *arguments = sys.argv[1:]
at, number, made = int(at), int(number), 0
changes = {"os.rename", "os.link", "os.symlink", "os.mkdir", "os.chmod", "os.remove", "os.rmdir"}
def watch(event, given):
    global made
    if event == "open":
        if not given[2] & (os.O_WRONLY | os.O_RDWR):
            return
    elif event not in changes:
        return
    if not str(given[0]).startswith(root):
        return
    made += 1
    if made == at:
        os.kill(os.getpid(), number)
from lpe_reports.cli import run
sys.addaudithook(watch)
code = run(arguments)
sys.stdout.flush()
pathlib.Path(said).write_text(str(made))
sys.exit(code)
"""


@dataclass(frozen=True)
class Stop:
    """A signal to the night, at a change to the project's files or after some seconds."""

    number: signal.Signals
    change: int = 0
    seconds: float = 0


@dataclass(frozen=True)
class Ended:
    """How a night ended."""

    code: int
    out: str
    err: str
    seconds: float
    changes: int = 0

    @property
    def said(self) -> str:
        """The error that ended it, where one did."""
        return "\n".join(line for line in self.err.splitlines() if line.startswith("lpe: "))


@dataclass
class WeekOffice:
    """A project with two reports, whose warehouse is a DuckDB file that is written each day.

    Fields:
        root: Its folder.
        site: What comes first on Python's path of its nights.
        day: The day of the newest waiting list.
        tables: What the warehouse holds.
        usual: How the last good night ended; how many changes and seconds one takes.
    """

    root: Path
    site: Path
    day: date = FIRST_NIGHT
    tables: dict[str, Rows] = field(default_factory=dict)
    usual: Ended = field(default_factory=lambda: Ended(0, "", "", 20, 400))

    @classmethod
    def make(cls, root: Path) -> "WeekOffice":
        """One that has had no night."""
        shutil.copytree(ROOT / "params", root / "project" / "params")
        made = cls(root / "project", root / "site")
        shutil.rmtree(made.project.params / "reports")
        (made.project.params / "reports").mkdir()
        # The packs are of reports that this one does not have.
        (made.project.params / "packs.yml").unlink()
        shutil.copy(ROOT / "_quarto.yml", made.root)
        for name, text in (("use", USE), ("wait", WAIT)):
            (made.project.params / "reports" / f"{name}.yml").write_text(text, encoding="utf-8")
        made.project.reports.mkdir()
        made.write_notebooks()
        made.scratch.mkdir()
        copy_of_package(root / "site")
        (root / "tables").mkdir()
        made.tables = small_office(root / "tables").tables
        made.source.sources(duckdb_sources(*made.tables))
        made.write_warehouse()
        share_chart_library(made.project)
        share_parsed_params(made.project)
        return made

    @property
    def project(self) -> Project:
        return Project(self.root)

    @property
    def source(self) -> SmallOffice:
        return SmallOffice(self.root, self.tables)

    @property
    def scratch(self) -> Path:
        """The folder for temporary files."""
        return self.root / "tmp"

    def write_warehouse(self) -> None:
        """Write the warehouse as it is today."""
        self.source.write()

    def write_notebooks(self, *, use: Sequence[str] = (), wait: Sequence[str] = ()) -> None:
        """Write the notebooks, with some more cells at their ends."""
        parameters = 'unit = "hu-cop"\nperiod = ""'
        for name, cells in (("use", (*USE_CELLS, *use)), ("wait", (*WAIT_CELLS, *wait))):
            made = nbformat.from_dict(source_notebook(cells, parameters))
            path = self.project.reports / f"{name}.ipynb"
            path.write_text(nbformat.writes(made), encoding="utf-8")

    def pass_day(self) -> None:
        """A day more: who was operated on yesterday, and who waits today."""
        yesterday, self.day = self.day, self.day + timedelta(days=1)
        first = len(self.tables["operations"])
        for number in range(first, first + 4):
            begin = datetime.combine(yesterday, datetime.min.time()) + timedelta(hours=8)
            theatre = f"Sal {number % 4 + 90}"
            self.tables["operations"].append(operation_at(number, begin, theatre=theatre))
            self.tables["needs"].append(need(number, decided_at=begin - timedelta(days=60)))
        for name in ("first_contact", "operation"):
            for number in range(PEOPLE_WAITING):
                self.tables["waiting_list"].append(waiting(number, name, self.day))
        self.write_warehouse()

    def night(self, *before: str, stop: Stop | None = None) -> Ended:
        """Run `lpe nightly` as of this night's clock.

        Args:
            before: A command that is given the night's command line.
            stop: What it is told while it is at work.
        """
        began = time.monotonic()
        self.set_clock()
        process = self.start(*before, stop=stop)
        if stop and stop.seconds:
            with suppress(subprocess.TimeoutExpired):
                process.wait(stop.seconds)
            process.send_signal(stop.number)
        return self.end(process, began)

    def set_clock(self) -> None:
        """Let it be night."""
        SetClock(self._clock).show(self._begins)

    def start(
        self, *before: str, stop: Stop | None = None, name: str = "night"
    ) -> "subprocess.Popen[bytes]":
        """Begin a night, in a session of its own."""
        at, number = (stop.change, stop.number) if stop else (0, 0)
        command = [
            *before, sys.executable, "-c", LPE, str(self.root),
            str(self._said(name, "changes")), str(at), str(int(number)), "nightly", "--jobs", "2",
        ]  # fmt: skip
        self._said(name, "changes").unlink(missing_ok=True)
        with self._said(name, "out").open("wb") as out, self._said(name, "err").open("wb") as err:
            return subprocess.Popen(
                command, cwd=self.root, stdout=out, stderr=err, start_new_session=True,
                env=self._environment,
            )  # fmt: skip

    def end(self, process: "subprocess.Popen[bytes]", began: float, name: str = "night") -> Ended:
        """Wait for a night's end."""
        try:
            code = process.wait(LONGEST_SECONDS)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
        changes = self._said(name, "changes")
        ended = Ended(
            code,
            self._said(name, "out").read_text(encoding="utf-8"),
            self._said(name, "err").read_text(encoding="utf-8"),
            time.monotonic() - began,
            int(changes.read_text()) if changes.is_file() else 0,
        )
        self._date_files()
        return ended

    def remember(self, ended: Ended) -> None:
        """Take a good night for the measure of the next ones."""
        self.usual = replace(ended, out="", err="")

    def twin(self, root: Path) -> "WeekOffice":
        """The same office as on a new machine: no build, no extract, nothing published."""
        made = replace(self, root=root / "project")
        left = shutil.ignore_patterns("build", "public", "data", "tmp")
        shutil.copytree(self.root, made.root, ignore=left)
        made.scratch.mkdir()
        made.write_warehouse()
        share_chart_library(made.project)
        return made

    def _said(self, name: str, kind: str) -> Path:
        return self.root.parent / f"{name}.{kind}"

    @property
    def _environment(self) -> dict[str, str]:
        """With the package as it was when the week began: nobody edits that while nights run."""
        own = {"LPE_RENDERER": "pandoc", "TMPDIR": str(self.scratch)}
        return {**os.environ, **own, "PYTHONPATH": f"{self._clock}{os.pathsep}{self.site}"}

    @property
    def _clock(self) -> Path:
        folder = self.root.parent / "clock"
        folder.mkdir(exist_ok=True)
        return folder

    @property
    def _begins(self) -> datetime:
        return datetime.combine(self.day, BEGINS, PLACE)

    def _date_files(self) -> None:
        """Give what the night has written the night's own time: the system wrote its own."""
        tomorrow = (self._begins + timedelta(days=1)).timestamp()
        night = self._begins.timestamp()
        for place, folders, names in os.walk(self.root):
            for name in (*folders, *names):
                path = Path(place, name)
                with suppress(FileNotFoundError):
                    if path.lstat().st_mtime > tomorrow:
                        os.utime(path, (night, night), follow_symlinks=False)
