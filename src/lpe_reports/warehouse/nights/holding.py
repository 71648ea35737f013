"""Nights that are held: complete, and unseen until a person has looked at what is odd in them.

A held night lies in `data/extracts/.held-<day>` as a finished one would (`.held-<day>.2` where
another one of that day must stay). Its new waiting lists lie in it too: they are stored when it is
accepted, and no held night is removed while it is the only one that has them.
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from lpe_reports.errors import ExtractError, ExtractHeldError
from lpe_reports.params.sources import Freshness, Limits
from lpe_reports.settings import Project
from lpe_reports.system import move
from lpe_reports.warehouse.nights.changes import row_changes, standing_tables
from lpe_reports.warehouse.nights.manifest import (
    Manifest,
    read_manifest,
    write_manifest,
)

WAITING_LIST = "waiting_list"

_NAME = re.compile(r"\.held-(\d{4}-\d{2}-\d{2})(?:\.([2-9]|[1-9]\d+))?")
# A missing hospital is a thousand missing units; the first lines say enough.
_TOLD = 12


@dataclass(frozen=True)
class HeldNight:
    """A night that is held; `manifest` is None where it cannot be read."""

    day: date
    folder: Path
    manifest: Manifest | None


def reasons_to_hold(
    manifest: Manifest, before: Manifest | None, limits: Limits, freshness: Freshness
) -> list[str]:
    """What in a night a person should look at before anything is built on it; empty: nothing.

    Each reason names table, unit, count before and now, and holds no value of a row.

    Args:
        manifest: The night.
        before: The newest night before it of the same source; one that is later or of another
            source is not compared with.
        limits: How much rows may differ.
        freshness: How old events may be, and whether a source that stands still holds the night.
    """
    if before is not None and (before.source != manifest.source or before.night > manifest.night):
        before = None
    told = row_changes(manifest, before, limits)
    if freshness.then == "stop":
        behind = manifest.lists_behind_days
        standing = standing_tables(manifest.night, manifest.tables.values(), freshness, behind)
        told += [_standing(name, day, freshness, behind) for name, day in standing.items()]
    return told


def hold(project: Project, folder: Path, night: date, reasons: Sequence[str] = ()) -> Path:
    """Put a finished folder aside as the day's held night.

    An earlier held one of that day and source goes, unless it has waiting lists that are neither
    stored nor in the new one.

    Args:
        project: The project.
        folder: The night's folder, manifest and all.
        night: Its day.
        reasons: Why it is held; whoever lets it through is told.

    Returns:
        Where it lies now.
    """
    manifest = read_manifest(folder)
    write_manifest(folder, replace(manifest, held_for=tuple(reasons)))
    source = manifest.source
    earlier = [held for held in held_nights(project, source) if held.day == night]
    number, target = 1, project.extracts / f".held-{night}"
    while target.exists():
        number += 1
        target = project.extracts / f".held-{night}.{number}"
    move(folder, target)
    for held in earlier:
        if all((target / path).is_file() for path in lists_not_stored(project, held)):
            shutil.rmtree(held.folder, ignore_errors=True)
    return target


def held_error(project: Project, folder: Path, reasons: Sequence[str]) -> ExtractHeldError:
    """What is said of a night that is held, and what to do about it.

    Args:
        project: The project.
        folder: Where it lies.
        reasons: Why it is held.
    """
    manifest = read_manifest(folder)
    where = project.relative(folder)
    more = [f"and {len(reasons) - _TOLD} more"] if len(reasons) > _TOLD else []
    lines = "\n".join(f"  {reason}" for reason in (*reasons[:_TOLD], *more))
    return ExtractHeldError(
        f"the night {manifest.night} of source '{manifest.source}' is held; what was loaded "
        f"before stays in use:\n{lines}\n"
        f"If that is right, `{accepting(manifest)}` lets it through; if not, mend the source and "
        f"run `lpe extract` again. It lies in {where}, and so do its new waiting lists, which are "
        "stored when it is accepted"
    )


def held_nights(project: Project, source: str | None = None) -> list[HeldNight]:
    """The held nights, oldest first; of a source alone when one is named."""
    found: list[HeldNight] = []
    for folder in sorted(project.extracts.glob(".held-*")) if project.extracts.is_dir() else ():
        match = _NAME.fullmatch(folder.name)
        if match is None:
            continue
        try:
            manifest = read_manifest(folder)
        except ExtractError:
            manifest = None
        if source is None or (manifest is not None and manifest.source == source):
            found.append(HeldNight(date.fromisoformat(match[1]), folder, manifest))
    return sorted(found, key=lambda held: (held.day, loaded_at(held.manifest)))


def accepting(manifest: Manifest) -> str:
    """The command that lets this very night through, whatever is held by then."""
    return f"lpe extract --source {manifest.source} --accept --as-of {manifest.night}"


def lists_not_stored(project: Project, held: HeldNight) -> list[str]:
    """The waiting lists of a held night that lie nowhere else, as files of its folder."""
    if held.manifest is None:
        files = held.folder.glob(f"{WAITING_LIST}/*/*.parquet")
        paths = [file.relative_to(held.folder).as_posix() for file in sorted(files)]
    else:
        table = held.manifest.tables.get(WAITING_LIST)
        paths = [stored.path for stored in table.files] if table else []
    return [
        path for path in paths if not (project.snapshots / path[len(WAITING_LIST) + 1 :]).is_file()
    ]


def keep_lists(project: Project, held: HeldNight) -> None:
    """Store the waiting lists of a held night that are stored nowhere, so that it can go.

    Raises:
        ExtractError: One of its files is damaged.
    """
    # Every night looks for held ones, few find any: PyArrow is imported for these alone.
    from lpe_reports.warehouse.nights.snapshot_store import keep

    if held.manifest is not None:
        verify_held(project, held, tables=(WAITING_LIST,))
        keep(project, held.folder, held.manifest)


def verify_held(project: Project, held: HeldNight, tables: Sequence[str] = ()) -> None:
    """Verify the files of a held night, or of some tables of it.

    Raises:
        ExtractError: One is missing, cut or changed; names it.
    """
    from lpe_reports.warehouse.nights.digests import file_sha256

    assert held.manifest is not None
    for name, table in held.manifest.tables.items():
        if tables and name not in tables:
            continue
        for stored in table.stored:
            try:
                whole = file_sha256(held.folder / stored.path) == stored.sha256
            except OSError:
                whole = False
            if not whole:
                raise ExtractError(
                    f"the held night {project.relative(held.folder)} is damaged: {stored.path} is "
                    "missing, cut or changed. It was not accepted; run `lpe extract` to load it "
                    "again (`--as-of` with its day, if that is over)"
                )


def loaded_at(manifest: Manifest | None) -> float:
    """When a night was loaded, in seconds since 1970; 0 where that cannot be read."""
    return datetime.fromisoformat(manifest.loaded_at).timestamp() if manifest else 0.0


def _standing(name: str, day: date | None, freshness: Freshness, behind_days: int) -> str:
    if name == WAITING_LIST and behind_days > freshness.days:
        return (
            f"{name} stands still: its newest list is of {day}, and the source goes on for "
            f"{behind_days} days after it; agreed is {freshness.days} days (freshness)"
        )
    newest = f"its newest event is of {day}" if day else "it has no event at all"
    return f"{name} stands still: {newest}; agreed is {freshness.tables[name]} days (freshness)"
