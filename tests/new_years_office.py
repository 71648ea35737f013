"""A small real project at New Year, whose clock is set while a night of it runs."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from changing_project import MAIN, ChangingProject
from lpe_reports.publish.naming import PLACE
from run_faults import wait_for
from set_clock import SetClock
from small_warehouse import operation_at, waiting

LAST_DAY = date(2026, 12, 31)
LISTS = (LAST_DAY - timedelta(days=7), LAST_DAY, LAST_DAY + timedelta(days=1))

REPORT = """notebook: reports/use.ipynb
area: nyttjande
slug: use
title: Användning
question: Hur mycket?
owner: a@example.invalid
units: [hu-cop, ga-cop]
periods: {kind: month, last: 1}
"""
# Each notebook says that it has begun, goes on when the clock has been set, and notes the days.
CELLS = (
    "from lpe_reports import page\np = page.open('use', unit=unit, period=period)",
    """
import datetime, pathlib, time
place = pathlib.Path({place!r})
began = datetime.date.today()
(place / "began").touch()
for _ in range(600):
    if (place / "set").exists():
        break
    time.sleep(0.1)
with (place / "seen").open("a") as file:
    file.write(f"{{began}} {{datetime.date.today()}}\\n")
""",
    "operations = p.series('operations', last=2)\np.summary(operations)",
    "p.table(operations, caption='Operationer')",
    "p.note(f'Natten {{p.night}}')",
)


class Jump(NamedTuple):
    """What the clock shows when a night begins, and when it has been set."""

    begins: datetime
    then: datetime


def _clock(days: int, hour: int, minute: int) -> datetime:
    day = LAST_DAY + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=PLACE)


JUMPS = {
    "back an hour": Jump(_clock(0, 0, 30), _clock(-1, 23, 30)),
    "forward a day": Jump(_clock(0, 23, 58), _clock(1, 23, 58)),
    "past New Year": Jump(_clock(0, 23, 58), _clock(1, 0, 1)),
}
MOMENTS = ("extract", "notebooks", "render")


class NewYearsOffice:
    """The project, and copies of it whose nights are disturbed.

    Args:
        folder: An empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._model = ChangingProject.make(folder / "model")
        root = self._model.root
        for name in ("data/extracts", "data/snapshots"):
            shutil.rmtree(root / name)
        (root / "params/reports/wait.yml").unlink()
        office = self._model.office()
        first = datetime.combine(LAST_DAY - timedelta(days=50), datetime.min.time())
        office.tables["operations"] = [
            operation_at(number, first + timedelta(hours=8 + 12 * number)) for number in range(100)
        ]
        office.tables["waiting_list"] = [
            waiting(number, list_, day)
            for day in LISTS
            for list_ in ("first_contact", "operation")
            for number in range(20)
        ]
        office.write()

    def night(self, jump: str, moment: str) -> ChangingProject:
        """A copy's night, in the middle of which the clock is set."""
        name = f"{jump} in {moment}"
        place = self._folder / f"clock {name}"
        place.mkdir()
        clock = SetClock(place)
        clock.show(JUMPS[jump].begins)
        made = self._model.copy(self._folder / name)
        made.path = (clock.path,)
        cells = [cell.format(place=str(place)) for cell in CELLS]
        made.report("use", REPORT, cells, 'unit = "hu-cop"\nperiod = "2026-12"')

        def set_clock() -> None:
            if moment == "notebooks":
                wait_for((place / "began").exists)
            clock.show(JUMPS[jump].then)
            (place / "set").touch()

        if moment == "render":
            (place / "set").touch()
        _run(made, moment, set_clock)
        return made

    def days_seen(self, jump: str, moment: str) -> set[str]:
        """The days that the notebooks of a night saw, as they began and when they went on."""
        seen = self._folder / f"clock {jump} in {moment}" / "seen"
        return set(seen.read_text().splitlines())


def _run(project: ChangingProject, moment: str, disturb: Callable[[], None]) -> None:
    """Run a night, and disturb it as soon as a stage has begun."""
    errors = project.root / "errors.txt"
    command = [sys.executable, "-c", MAIN, "nightly", "--json", "--jobs", "1"]
    left = [disturb]
    with (
        errors.open("wb") as file,
        subprocess.Popen(
            command, cwd=project.root, env=project.environment, stdout=subprocess.PIPE, stderr=file
        ) as night,
    ):
        assert night.stdout is not None
        for line in night.stdout:
            said = json.loads(line)
            if said.get("event") == "stage_began" and said["stage"] == moment and left:
                left.pop()()
    assert night.returncode == 0, errors.read_text()[-3000:]
    assert not left, f"no stage {moment}"
