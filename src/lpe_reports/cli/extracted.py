"""What an extract says when it is over: to a person, and to a machine."""

import json
from pathlib import Path
from typing import Any

from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.holding import held_nights
from lpe_reports.warehouse.nights.manifest import Manifest, TableManifest, read_manifest


def extracted_text(project: Project, folder: Path) -> str:
    """A night in a line per table, and what else a person should know of it."""
    manifest = read_manifest(folder)
    width = max(map(len, manifest.tables))
    lines = [f"  {name:<{width}} {_counts(table)}" for name, table in manifest.tables.items()]
    if manifest.moved:
        lines.append("loaded whole: the source is another database or folder than the night before")
    if manifest.rekeyed:
        lines.append(
            "loaded whole: LPE_KEY_SECRET is another than the night before, so nobody is the same "
            "person as then; set the old one and load again if that was not meant"
        )
    lines += [_behind(manifest)] if manifest.lists_behind_days else []
    lines += [f"stands still: {', '.join(manifest.standing)}"] if manifest.standing else []
    lines += [f"accepted though: {reason}" for reason in _let_through(manifest)]
    lines += _foreign_lists(manifest)
    lines += [f"held still: {name}" for name in _held(project, manifest)]
    accepted = ", accepted" if manifest.accepted else ""
    night = f"night {manifest.night}, source {manifest.source}{accepted}"
    return "\n".join([*lines, f"{project.relative(folder)}: {night}"])


def extracted_json(project: Project, folder: Path) -> str:
    """A night as one JSON object."""
    manifest = read_manifest(folder)
    body = {
        "night": manifest.night.isoformat(),
        "folder": project.relative(folder),
        "source": manifest.source,
        "loaded_at": manifest.loaded_at,
        "accepted": manifest.accepted,
        "held_for": list(manifest.held_for),
        "attempts": manifest.attempts,
        "standing": list(manifest.standing),
        "replaced": list(manifest.replaced),
        "moved": manifest.moved,
        "rekeyed": manifest.rekeyed,
        "lists_behind_days": manifest.lists_behind_days,
        "lists_of": dict(manifest.lists_of),
        "held": _held(project, manifest),
        "tables": [_body(table) for table in manifest.tables.values()],
    }
    return json.dumps(body, ensure_ascii=False)


def _counts(table: TableManifest) -> str:
    counts = [f"{_grouped(table.rows):>10} rows ({_read(table)})"]
    counts += [f"{_grouped(table.rejected)} set aside"] if table.rejected else []
    counts += [f"{_grouped(table.repaired)} repaired"] if table.repaired else []
    counts += [f"{_grouped(table.left_out)} left out"] if table.left_out else []
    if table.silent and any(table.silent[:3]):
        added, changed, removed, since = table.silent
        counts.append(
            f"changed unseen since {since}: {added} added, {changed} changed, {removed} removed"
        )
    return ", ".join(counts)


def _behind(manifest: Manifest) -> str:
    days = manifest.lists_behind_days
    left_out = sum(table.left_out for table in manifest.tables.values())
    return (
        f"the newest waiting list decides the night's day: it is {days} "
        f"{'day' if days == 1 else 'days'} older than the newest other event, and "
        f"{_grouped(left_out)} {'row' if left_out == 1 else 'rows'} after it "
        f"{'is' if left_out == 1 else 'are'} left out"
    )


def _read(table: TableManifest) -> str:
    what = {"full": "all", "increment": "what had changed", "days": "days not stored"}[table.load]
    return f"{what} read: {_grouped(table.fetched)}"


def _body(table: TableManifest) -> dict[str, Any]:
    silent = table.silent._asdict() if table.silent else None
    return {
        "table": table.name,
        "load": table.load,
        "rows": table.rows,
        "read": table.fetched,
        "set_aside": table.rejected,
        "repaired": table.repaired,
        "left_out": table.left_out,
        "changed_unseen": silent,
        "latest_event_at": table.latest_event_at,
    }


def _let_through(manifest: Manifest) -> tuple[str, ...]:
    """What an accepted night was held for."""
    return manifest.held_for if manifest.accepted else ()


def _foreign_lists(manifest: Manifest) -> list[str]:
    """The waiting lists that other sources stored; made-up sources share theirs by design."""
    if manifest.demo:
        return []
    return [
        f"waiting lists stored by source '{source}': {_grouped(lists)} of those in this night; if "
        "it is not the same warehouse, move data/snapshots/ away and load again"
        for source, lists in manifest.lists_of.items()
    ]


def _held(project: Project, manifest: Manifest) -> list[str]:
    """The nights of the same source that are held still."""
    return [project.relative(held.folder) for held in held_nights(project, manifest.source)]


def _grouped(count: int) -> str:
    return f"{count:,}".replace(",", " ")
