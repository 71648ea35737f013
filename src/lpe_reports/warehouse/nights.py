"""The folders of the nights: which exist, which is the newest, and how one appears at once."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import psutil

from lpe_reports.errors import ExtractError
from lpe_reports.settings import Project
from lpe_reports.warehouse.manifest import FILE

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.([2-9]|[1-9]\d+))?")
_UNFINISHED = re.compile(r"\.unfinished-(\d+)-.*")


class Night(NamedTuple):
    """One complete extract; `load` is 1 for the first of its day."""

    date: date
    load: int
    folder: Path


def nights(project: Project) -> list[Night]:
    """The complete extracts, oldest first."""
    found: list[Night] = []
    for folder in project.extracts.iterdir() if project.extracts.is_dir() else ():
        match = _NAME.fullmatch(folder.name)
        if match and (folder / FILE).is_file():
            found.append(Night(date.fromisoformat(match[1]), int(match[2] or 1), folder))
    return sorted(found)


def night_of(folder: Path) -> date:
    """The day of an extract's folder."""
    return date.fromisoformat(folder.name[: len("2026-05-11")])


def find_night(project: Project, day: date | None = None) -> Night:
    """The last extract of a day, or the newest of all.

    Raises:
        ExtractError: There is none.
    """
    found = nights(project)
    if not found:
        raise ExtractError(
            "there is no extract in data/extracts/; run `lpe extract` (for the demo, "
            "`lpe demo` before it)"
        )
    if day is None:
        return found[-1]
    of_day = [night for night in found if night.date == day]
    if not of_day:
        raise ExtractError(
            f"there is no extract of {day}; the newest is of {found[-1].date}. "
            f"Run `lpe extract --as-of {day}`, or choose another night."
        )
    return of_day[-1]


@contextmanager
def unfinished_folder(project: Project, day: date) -> Iterator[Path]:
    """A folder to make a night in; removed when anything goes wrong before `finish`."""
    remove_leftovers(project)
    folder = project.extracts / f".unfinished-{os.getpid()}-{day}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True)
        yield folder
    except OSError as error:
        raise ExtractError(
            f"the extract of {day} cannot be written to data/extracts/ "
            f"({error.strerror or type(error).__name__}); is the disk full, or not yours to write?"
        ) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def finish(project: Project, folder: Path, day: date) -> Path:
    """Make a folder visible as the day's extract, by one rename.

    Returns:
        Its place: `<day>`, or `<day>.2` and so on when the day has one already.
    """
    _flush(folder)
    load = 1
    while True:
        target = project.extracts / (f"{day}.{load}" if load > 1 else f"{day}")
        if not target.exists():
            try:
                folder.rename(target)
            except FileExistsError:
                continue
            _flush(project.extracts)
            return target
        load += 1


def remove_leftovers(project: Project) -> None:
    """Remove what loads that were killed have left behind."""
    for folder in project.extracts.iterdir() if project.extracts.is_dir() else ():
        match = _UNFINISHED.fullmatch(folder.name)
        if match and (int(match[1]) == os.getpid() or not psutil.pid_exists(int(match[1]))):
            shutil.rmtree(folder, ignore_errors=True)


def _flush(folder: Path) -> None:
    """See to it that a folder's entries survive a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    for name in (*sorted(p for p in folder.glob("manifest.*")), folder):
        handle = os.open(name, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
