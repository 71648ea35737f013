"""Whether a source's files are the same as when the last extract was made of them.

A night that is run again (after a failure, or by hand) need not read the same warehouse file
anew. Only files can be known to be unchanged; any other kind of source is always read.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from lpe_reports.build.planning.tools import package_digest
from lpe_reports.build.storing.store import write_whole
from lpe_reports.params.sources import SourceEntry
from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.folders import nights


def source_stamp(project: Project, source: str, entry: SourceEntry, today: date) -> str | None:
    """What the source's files look like now; None where no file can tell. Ask before they are read.

    Args:
        project: The project.
        source: The source's name.
        entry: What params/sources.yml says of it.
        today: An extract is made anew each day, whatever its source.
    """
    if entry.kind == "sql":
        return None  # a server's rows change without a file that could tell
    parts: list[object] = [source, today.isoformat(), package_digest("params", "warehouse")]
    for name in ("sources.yml", "units.yml"):
        parts.append(hashlib.sha256((project.params / name).read_bytes()).hexdigest())
    for path in _files(project, entry):
        known = path.stat() if path.is_file() else None
        parts.append([str(path), known and [known.st_size, known.st_mtime_ns]])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def unchanged_night(project: Project, stamp: str | None, today: date) -> Path | None:
    """The folder of the extract that was made of the source as it is; None when it has to be read.

    Args:
        project: The project.
        stamp: What the source looks like now.
        today: A night of a later day is nobody's newest one.
    """
    try:
        known = json.loads(_place(project).read_bytes())
        folder = project.extracts / str(known["night"])
        same = stamp is not None and known["of"] == stamp
    except (OSError, ValueError, KeyError, TypeError):
        return None
    found = [night for night in nights(project) if night.date <= today]
    return folder if same and found and found[-1].folder == folder else None


def write_stamp(project: Project, stamp: str | None, night: Path) -> None:
    """Remember which files an extract was made of."""
    body = {"night": night.name, "of": stamp}
    write_whole(_place(project), json.dumps(body, indent=1).encode())


def _files(project: Project, entry: SourceEntry) -> Iterator[Path]:
    if entry.path:
        yield project.root / entry.path
    for table in entry.tables.values():
        if table.file:
            whole = project.root / (entry.folder or "") / table.file
            yield from sorted(whole.parent.glob(whole.name))


def _place(project: Project) -> Path:
    return project.build / "source.json"
