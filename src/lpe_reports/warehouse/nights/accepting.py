"""Letting a held night through: that one, as it is, and never one that nobody has looked at."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

from lpe_reports.errors import ExtractError, UsageError
from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.folders import finish, has_been, nights, unfinished_folder
from lpe_reports.warehouse.nights.holding import (
    HeldNight,
    accepting,
    held_nights,
    loaded_at,
    verify_held,
)
from lpe_reports.warehouse.nights.manifest import read_manifest, write_manifest
from lpe_reports.warehouse.nights.parts import link
from lpe_reports.warehouse.nights.snapshot_store import TABLE as WAITING_LIST
from lpe_reports.warehouse.nights.snapshot_store import keep
from lpe_reports.warehouse.nights.stored_lists import mend_lists, read_list


def accept_held(project: Project, source: str, day: date | None = None) -> Path:
    """Make the held night of a source visible, every file of it verified.

    Without a day it is the newest one, if no night of that source that is as new or newer has
    been let through since. A day must be named for one that later nights have overtaken; it then
    takes its place among them, and its waiting lists are stored.

    Args:
        project: The project.
        source: The source's name.
        day: The night's day.

    Returns:
        The night's folder.

    Raises:
        UsageError: No night is held that could be accepted; names those that are held still.
        ExtractError: The held night is damaged, or its waiting lists have been stored with other
            content since; it stays as it is.
    """
    found = [h for h in held_nights(project, source) if not _overtaken(project, h, named=day)]
    found = [held for held in found if day in (None, held.day)]
    if not found:
        raise _none_to_accept(project, source, day)
    held = found[-1]
    assert held.manifest is not None
    verify_held(project, held)
    mend_lists(project.snapshots)
    _refuse_other_lists(project, held)
    with unfinished_folder(project, held.day) as folder:
        # The held folder stays whole until the night is visible, whatever kills this.
        for table in held.manifest.tables.values():
            for stored in table.stored:
                link(held.folder / stored.path, folder / stored.path)
        manifest = replace(held.manifest, accepted=True)
        write_manifest(folder, manifest)
        keep(project, folder, manifest)
        night = finish(project, folder, held.day)
    shutil.rmtree(held.folder, ignore_errors=True)
    return night


def _none_to_accept(project: Project, source: str, day: date | None) -> UsageError:
    """What is said where nothing can be accepted: what is held still, and what to do about it."""
    of_day = f" of {day}" if day else ""
    lines = [
        f"no night{of_day} of source '{source}' is held that could be accepted; nothing was loaded "
        "and nothing let through. `lpe extract` loads one, and holds it if a person should look"
    ]
    for held in held_nights(project, source):
        assert held.manifest is not None
        where = project.relative(held.folder)
        if _overtaken(project, held, named=held.day):
            lines.append(f"  {held.day} was held ({where}); it was loaded again since, and stands")
            continue
        overtaken = _overtaken(project, held, named=None)
        why = ", and was overtaken by a later night" if overtaken else ""
        lines.append(
            f"  {held.day} is held ({where}){why}: look at it; `{accepting(held.manifest)}` lets "
            "it through"
        )
    return UsageError("\n".join(lines))


def _overtaken(project: Project, held: HeldNight, *, named: date | None) -> bool:
    """Whether a night of the same source stands in its place already.

    A later load of the same day does, always; a later day only where no day was asked for.
    """
    for night in filter(has_been, nights(project)):
        if night.date < held.day or (named is not None and night.date != held.day):
            continue
        try:
            manifest = read_manifest(night.folder)
        except ExtractError:
            continue
        later = night.date > held.day or loaded_at(manifest) > loaded_at(held.manifest)
        if manifest.source == (held.manifest and held.manifest.source) and later:
            return True
    return False


def _refuse_other_lists(project: Project, held: HeldNight) -> None:
    """Refuse a held night one of whose lists was stored with other content in the meantime."""
    assert held.manifest is not None
    table = held.manifest.tables.get(WAITING_LIST)
    own: dict[tuple[str, str], dict[str, str]] = {}
    for part in table.parts if table else ():
        own.setdefault((part.group, part.period), {})[part.unit] = part.digest
    for (group, period), digests in sorted(own.items()):
        known = read_list(project, group, period)
        stored = known and {part.unit: part.digest for part in known.parts}
        by_name = f"{group}/{period}" in held.manifest.replaced
        if stored not in (None, digests) and not by_name:
            raise ExtractError(
                f"the waiting list of {period} ({group}) has been stored with other content since "
                f"{project.relative(held.folder)} was held, and a stored list is never changed. "
                "It was not accepted; run `lpe extract` to load the night again"
            )
