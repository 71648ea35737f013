"""The gate: what is built is scanned before it may be published.

A finding names page, rule, count and places, never the value; the candidate stays for inspection
and the published site is untouched.
"""

import json
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from lpe_reports.build.storing.store import write_whole
from lpe_reports.errors import GateError
from lpe_reports.publish.findings import Fault, Finding
from lpe_reports.publish.inspecting import Looked, look, told
from lpe_reports.publish.rules.addresses import broken_links
from lpe_reports.settings import Project

REPORT = "gate.json"
_FORMAT = 1
# More lines than this help nobody at a terminal.
_TOLD = 20


def inspect(candidate: Path, project: Project) -> list[Finding]:
    """Scan every file of a candidate.

    Args:
        candidate: The candidate's folder.
        project: The project, whose place on the machine must not be told.
    """
    return _inspected(candidate, project, remember=False)[0]


def _inspected(
    candidate: Path, project: Project, *, remember: bool
) -> tuple[list[Finding], Looked]:
    names, found = _files(candidate)
    looked = look(candidate, project, names, remember=remember)
    found += looked.findings
    files = set(names)
    # A link that held may be broken by another page, so all are followed each time.
    for name, references in looked.references.items():
        found += told(name, broken_links(name, references, files, looked.ids))
    return sorted(found), looked


def pass_gate(
    candidate: Path, project: Project, *, between_versions: Sequence[Mapping[str, object]] = ()
) -> None:
    """Pass when nothing is found; either way, tell in `build/gate.json` what was.

    Pages that passed before, and are as they were, are not looked at again (`passed`).

    Args:
        candidate: The candidate's folder.
        project: The project.
        between_versions: Where kept versions of a page differ in a way that tells of a hidden
            cell. No finding: it is told, and does not stop the publishing.

    Raises:
        GateError: Lists page, rule, count and places.
    """
    found, looked = _inspected(candidate, project, remember=True)
    report = {
        "format": _FORMAT,
        "passed": not found,
        "looked_at": looked.pages,
        "passed_before": looked.as_before,
        "findings": [finding.to_json() for finding in found],
        "between_versions": list(between_versions),
    }
    body = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    write_whole(project.build / REPORT, body.encode())
    if not found:
        return
    pages = len({finding.page for finding in found})
    lines = [f"  {finding}" for finding in found[:_TOLD]]
    if len(found) > _TOLD:
        lines.append(f"  … and {len(found) - _TOLD} more findings")
    raise GateError(
        f"the gate found what must not leave, in {pages} of the candidate's files; nothing was "
        f"published, the candidate stays in {project.relative(candidate)}\n" + "\n".join(lines)
    )


def _files(candidate: Path) -> tuple[list[str], list[Finding]]:
    """The candidate's files in order, and what in it is none.

    A link is not followed: what lies behind it may be another thing when it is published.
    """
    names: list[str] = []
    found: list[Finding] = []

    def unread(error: OSError) -> None:
        name = os.path.relpath(error.filename or candidate, candidate)
        found.extend(told(name, [Fault("folder that cannot be read")]))

    for folder, folders, files in os.walk(candidate, onerror=unread):
        for name in (*files, *folders):
            path = Path(folder, name)
            inner, mode = path.relative_to(candidate).as_posix(), _mode(path)
            if stat.S_ISLNK(mode):
                found += told(inner, [Fault("symbolic link")])
            elif stat.S_ISREG(mode):
                names.append(inner)
            elif not stat.S_ISDIR(mode):
                found += told(inner, [Fault("file that cannot be read")])
    return sorted(names), found


def _mode(path: Path) -> int:
    try:
        return path.lstat().st_mode
    except OSError:
        return 0
