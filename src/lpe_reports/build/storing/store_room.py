"""Keeping the store within its size: what no page of today needs goes, the longest unused first."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lpe_reports.build.planning.traces import Trace, trace_path
from lpe_reports.build.runs import RunKey
from lpe_reports.build.storing.disk import files_below
from lpe_reports.build.storing.exposures import exposure_path
from lpe_reports.build.storing.store import notebook_path
from lpe_reports.settings import Project


@dataclass(frozen=True)
class Spare:
    """What can go together.

    Fields:
        kind: What it is, for the summary.
        paths: Its files or folders; what tells of the others comes first.
        used: When it was last used, in seconds since 1970.
    """

    kind: str
    paths: tuple[Path, ...]
    used: float


def spare_entries(
    project: Project,
    traces: Mapping[RunKey, Trace],
    needed: Collection[RunKey],
    last_build: date,
    day_of: Callable[[float], date],
) -> Iterator[Spare]:
    """What no page of today needs: runs that are made no more, notebooks of runs that were made
    again, and pages that the last build did not use.

    Args:
        project: The project.
        traces: The stored traces.
        needed: The runs of today.
        last_build: The day of the last build.
        day_of: The Swedish day of a moment, in seconds since 1970.
    """
    of_needed = {trace.notebook for key, trace in traces.items() if key in needed}
    named = of_needed | {trace.notebook for trace in traces.values()}
    for key, trace in traces.items():
        if key not in needed:
            paths = [trace_path(project, key), exposure_path(project, key)]
            if trace.notebook not in of_needed:
                paths.append(notebook_path(project, trace.notebook))
            yield Spare("unused runs", tuple(paths), _used(paths[0]))
    for path in (project.store / "notebooks").glob("*.ipynb"):
        if path.stem not in named:
            yield Spare("unused notebooks", (path,), _used(path))
    for folder in (project.store / "pages").glob("*/*"):
        used = _used(folder)
        if not folder.parent.name.startswith(".") and day_of(used) < last_build:
            yield Spare("unused pages", (folder,), used)


def over_bound(
    spare: Iterable[Spare], store_bytes: int, bound_bytes: int
) -> tuple[list[Spare], int]:
    """What has to go for the store to be within its bound, and the size that it then has."""
    going = []
    for each in sorted(spare, key=lambda each: (each.used, each.paths)):
        if store_bytes <= bound_bytes:
            break
        size = sum(bytes_of(path) for path in each.paths)
        store_bytes -= size
        going.append(each)
    return going, store_bytes


def bytes_of(path: Path) -> int:
    """The size of a file, or of all files in a folder; 0 where it is gone."""
    try:
        if path.is_dir():
            return sum(e.stat(follow_symlinks=False).st_size for e in files_below(str(path)))
        return path.lstat().st_size
    except OSError:
        return 0


def _used(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return 0.0
