"""What a pruning says when it is over: to a person, and to a machine."""

import json
from dataclasses import asdict

from lpe_reports.build.storing.disk import disk_use
from lpe_reports.build.storing.outdated import Outdated
from lpe_reports.build.storing.pruning import Pruned
from lpe_reports.settings import Project

_NAMED = 4


def pruned_text(project: Project, pruned: Pruned, *, dry_run: bool) -> str:
    """What went, or would go, a line per kind; what stays, and why; how much room is taken."""
    by_kind: dict[str, list[Outdated]] = {}
    for each in pruned.removed:
        by_kind.setdefault(each.kind, []).append(each)
    lines = [_kind(project, kind, found) for kind, found in by_kind.items()]
    lines += [f"stays: {line}" for line in pruned.left]
    lines += [f"failed: {line}" for line in pruned.failed]
    lines += [pruned_line(pruned, dry_run=dry_run), str(disk_use(project))]
    return "\n".join(line for line in lines if line)


def night_pruned_text(project: Project, pruned: Pruned) -> str:
    """The same at the end of a night: nothing of a pruning that had nothing to do."""
    if pruned.removed or pruned.left or pruned.failed:
        return pruned_text(project, pruned, dry_run=False)
    return str(disk_use(project))


def pruned_line(pruned: Pruned, *, dry_run: bool = False) -> str:
    """A pruning in one line."""
    count = len(pruned.removed)
    if not count:
        return "nothing is more than params/retention.yml allows" if not pruned.failed else ""
    done = "would be removed" if dry_run else "removed"
    things = "1 thing" if count == 1 else f"{count} things"
    return (
        f"{things} {done}: {_megabytes(pruned.bytes_named)} MB by name, of which "
        f"{_megabytes(pruned.bytes_freed)} MB freed (the rest is linked to from what stays)"
    )


def pruned_json(project: Project, pruned: Pruned, *, dry_run: bool) -> str:
    """A pruning as one JSON object."""
    body = {
        "dry_run": dry_run,
        "removed": [{"kind": each.kind, "path": _name(project, each)} for each in pruned.removed],
        "bytes_named": pruned.bytes_named,
        "bytes_freed": pruned.bytes_freed,
        "left": list(pruned.left),
        "failed": list(pruned.failed),
        "disk_bytes": asdict(disk_use(project)),
    }
    return json.dumps(body, ensure_ascii=False)


def _kind(project: Project, kind: str, found: list[Outdated]) -> str:
    names = ", ".join(_name(project, each) for each in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return f"{kind:<22} {len(found):>6}  {names}{more}"


def _name(project: Project, each: Outdated) -> str:
    return each.path.relative_to(project.root).as_posix()


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:.1f}"
