"""Removing what has been kept long enough.

A folder is renamed to a hidden name before it is removed, so that a kill at any moment leaves
nothing that could be taken for a night, a page or a version; the next run clears it away. Nothing
outside data/, build/ and public/ is touched, and no link is followed.
"""

import os
import secrets
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from lpe_reports.build.storing.outdated import Finder, Outdated
from lpe_reports.errors import ExtractError
from lpe_reports.params.reports import Report
from lpe_reports.params.retention import Retention
from lpe_reports.params.sources import Sources
from lpe_reports.settings import Project
from lpe_reports.system import move, remove_folder, why
from lpe_reports.warehouse.nights.folders import remove_leftovers

_ZONE = ZoneInfo("Europe/Stockholm")
_HIDDEN = ".pruned-"
# The folders that things are removed from.
_PLACES = (
    "data",
    "data/set-aside-*",
    "data/extracts",
    "build/logs",
    "build/store/pages/*",
    "public/v",
)


class PruneParams(Protocol):
    """Params, as far as pruning needs them."""

    @property
    def retention(self) -> Retention: ...
    @property
    def sources(self) -> Sources: ...
    @property
    def reports(self) -> dict[str, Report]: ...


@dataclass(frozen=True)
class Pruned:
    """What was removed, or would be.

    Fields:
        removed: The things, in the order of their kinds.
        bytes_named: The size of all files in them.
        bytes_freed: The size of those that nothing else is linked to: what the disk gains.
        left: What is past its time and stays, and why.
        failed: What could not be removed, and why.
    """

    removed: tuple[Outdated, ...]
    bytes_named: int
    bytes_freed: int
    left: tuple[str, ...]
    failed: tuple[str, ...] = ()


def prune(
    project: Project,
    params: PruneParams,
    today: date,
    *,
    more: Sequence[Outdated] = (),
    dry_run: bool = False,
) -> Pruned:
    """Remove what is older than the retention allows. Needs the lock, but for a dry run.

    Args:
        project: The project.
        params: Its params.
        today: The day it is in Sweden.
        more: What else may go, which this package does not know: published versions.
        dry_run: Only say what would go.
    """
    if not dry_run:
        _clear_leftovers(project)
    finder = Finder(project, params.retention, params.sources, params.reports, today, swedish_day)
    found = [*finder.find(), *more]
    outside = [each for each in found if not _is_inside(project, each.path)]
    found = [each for each in found if each not in outside]
    left = [*finder.left, *(_left(project, each.path) for each in outside)]
    named, freed = _sizes([each.path for each in found])
    if dry_run:
        return Pruned(tuple(found), named, freed, tuple(left))
    failed = _remove_all(project, found)
    still_named, still_freed = _sizes(list(failed))
    return Pruned(
        tuple(each for each in found if each.path not in failed),
        named - still_named,
        freed - still_freed,
        tuple(left),
        tuple(failed.values()),
    )


def swedish_day(seconds: float) -> date:
    """The Swedish day of a moment in seconds since 1970."""
    return datetime.fromtimestamp(seconds, _ZONE).date()


def _is_inside(project: Project, path: Path) -> bool:
    """Whether a thing lies in one of the project's folders, and nowhere that a link leads to."""
    if path.is_symlink():
        return False
    folder = path.parent.resolve()
    tops = (project.data, project.build, project.public)
    return any(folder.is_relative_to(top.resolve()) for top in tops)


def _left(project: Project, path: Path) -> str:
    name = path.relative_to(project.root).as_posix()
    return f"{name} is a link, or lies behind one; it is left to whoever put it there"


def _remove_all(project: Project, found: Sequence[Outdated]) -> dict[Path, str]:
    """Remove things one after the other; returns those that could not be, with the reason."""
    failed: dict[Path, str] = {}
    for each in found:
        name = each.path.relative_to(project.root).as_posix()
        try:
            each.first()
            _remove(each.path)
        except ExtractError as error:
            failed[each.path] = f"{name} stays: {error}"
        except OSError as error:
            failed[each.path] = f"{name} cannot be removed ({why(error)})"
    return failed


def _remove(path: Path) -> None:
    if path.is_dir():
        hidden = path.with_name(f"{_HIDDEN}{secrets.token_hex(8)}")
        move(path, hidden)
        remove_folder(hidden)
    else:
        path.unlink()


def _clear_leftovers(project: Project) -> None:
    """Remove what loads and prunings that were killed have left behind."""
    remove_leftovers(project)
    for place in _PLACES:
        for folder in project.root.glob(f"{place}/{_HIDDEN}*"):
            if _is_inside(project, folder):
                shutil.rmtree(folder, ignore_errors=True)


def _sizes(paths: Sequence[Path]) -> tuple[int, int]:
    """The bytes of all files, and of those that nothing outside is linked to."""
    names: Counter[tuple[int, int]] = Counter()
    files: dict[tuple[int, int], os.stat_result] = {}
    named = 0
    for path in paths:
        for file in _files(path):
            found = file.lstat()
            names[found.st_dev, found.st_ino] += 1
            files[found.st_dev, found.st_ino] = found
            named += found.st_size
    freed = sum(found.st_size for key, found in files.items() if found.st_nlink <= names[key])
    return named, freed


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield from (path,) if path.exists() else ()
        return
    for folder, _, names in os.walk(path):
        yield from (Path(folder, name) for name in names)
