"""The folders of the nights: which exist, which is the newest, and how one appears at once."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import psutil

from lpe_reports.errors import ExtractError, is_disk_full, is_out_of_files
from lpe_reports.settings import Project
from lpe_reports.system import POSIX, move, why
from lpe_reports.warehouse.nights.manifest import FILE, read_manifest

_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.([2-9]|[1-9]\d+))?")
_ZONE = ZoneInfo("Europe/Stockholm")
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


def has_been(night: Night) -> bool:
    """Whether a night's day has been, in Sweden.

    One that has not was made of a mistyped waiting list by an older version, and would hide every
    night until then.
    """
    return night.date <= datetime.now(_ZONE).date()


def find_night(project: Project, night: date | str | None = None) -> Night:
    """An extract: the last one of a day, the one in a folder of a name, or the newest of all.

    Args:
        project: The project.
        night: The day, or the folder's name (`2026-05-11.2`), which tells two loads of one day
            and two sources apart. The newest of all is one whose day has been.

    Raises:
        ExtractError: There is none.
    """
    found = nights(project)
    if not found:
        raise ExtractError(
            "there is no extract in data/extracts/; run `lpe extract` (for the demo, "
            "`lpe demo` before it)"
        )
    if night is None:
        past = [each for each in found if has_been(each)]
        if not past:
            raise ExtractError(
                f"there is no extract but of {found[-1].date}, a day that has not been; run "
                "`lpe extract`, and remove that folder of data/extracts/"
            )
        return past[-1]
    fitting = [each for each in found if night in (each.date, each.folder.name)]
    if not fitting:
        raise ExtractError(
            f"there is no extract of {night}; the newest is of {found[-1].date}. "
            f"Run `lpe extract --as-of {str(night)[: len('2026-05-11')]}`, or choose another night."
        )
    return fitting[-1]


def newest_night(project: Project, source: str) -> Night:
    """The newest extract of a source, whatever other sources' nights lie beside it.

    Raises:
        ExtractError: There is none; names the sources that there are extracts of. Or a newer one
            is damaged, so that it cannot be told whose it is.
    """
    others: set[str] = set()
    for night in reversed([each for each in nights(project) if has_been(each)]):
        found = read_manifest(night.folder).source
        if found == source:
            return night
        others.add(found)
    if not others:
        return find_night(project)
    named = ", ".join(f"'{other}'" for other in sorted(others))
    raise ExtractError(
        f"there is no extract of source '{source}'; there are extracts of {named}. Run "
        f"`lpe extract --source {source}`, or name the source that you mean with --source"
    )


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
        if is_out_of_files(error):
            raise
        raise ExtractError(_not_written(project, day, error)) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _not_written(project: Project, day: date, error: OSError) -> str:
    where = "data/extracts"
    if isinstance(error.filename, str) and Path(error.filename).is_relative_to(project.snapshots):
        where = "data/snapshots"
    if is_disk_full(error):
        return (
            f"the disk is full: the extract of {day} could not be written to {where}/ "
            f"({os.strerror(error.errno or 0)}). Nothing of it is visible, and the nights before "
            "are as they were. Make room there (`lpe prune --dry-run` says what is past its time) "
            "and run it again"
        )
    return (
        f"the extract of {day} cannot be written to {where}/ ({why(error)}); is the folder yours "
        "to write?"
    )


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
                move(folder, target)
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
    if not POSIX:
        return
    for name in (*sorted(p for p in folder.glob("manifest.*")), folder):
        handle = os.open(name, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
