"""What a machine of the cluster must have in common with the one that builds.

A page must not depend on where it was run, so a worker that differs is told before anything runs.
Descriptions are plain dicts: they come from machines whose code may be another.
"""

import hashlib
import os
import platform
import socket
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

import lpe_reports
from lpe_reports.build.planning.tools import installed_versions
from lpe_reports.build.storing.store import write_whole
from lpe_reports.errors import SettingsError
from lpe_reports.settings import Project, find_project

Description = Mapping[str, Any]

# How long a machine may remember a file of a shared folder as it was.
LONGEST_SECONDS = 60.0


def source_digest() -> str:
    """One digest of the package's code as it lies on the disk now."""
    root = Path(lpe_reports.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


# A worker that lives for weeks runs its own tasks by the code that it has once imported.
_IMPORTED = source_digest()


def project_here(root: str) -> Project:
    """The project as this machine has it.

    Args:
        root: Where it lies on the machine that builds; LPE_PROJECT here goes before it.
    """
    place = Path(os.environ.get("LPE_PROJECT") or root)
    try:
        return find_project(place)
    except SettingsError:
        return Project(place)


def describe_machine() -> dict[str, Any]:
    """This process: its machine, its code, its tools."""
    return {
        "host": socket.gethostname(),
        "system": f"{platform.system()} {platform.machine()}",
        "package": metadata.version("lpe-reports"),
        "code": source_digest(),
        "imported": _IMPORTED,
        "tools": installed_versions() | {"distributed": metadata.version("distributed")},
    }


def describe(project: Project, files: Sequence[str]) -> dict[str, Any]:
    """This process, and the shared folder as it sees it.

    Args:
        project: The project on this machine.
        files: Files and folders of the project that must be the same, relative to it.
    """
    return describe_machine() | {
        "root": str(project.root),
        "files": {name: _digest(project.root / name) for name in files},
        "writes": _can_write(project),
    }


def describe_worker(root: str, files: Sequence[str]) -> dict[str, Any]:
    """A worker's own description; see `describe`.

    Args:
        root: Where the project lies on the machine that builds.
        files: Files and folders of the project.
    """
    return describe(project_here(root), files)


def differences(wanted: Description, found: Description) -> list[str]:
    """What a machine has otherwise than it must; empty when a run there gives the same page."""
    if found["system"] != wanted["system"]:
        return [f"it is {found['system']} instead of {wanted['system']}"]
    told = []
    if found["package"] != wanted["package"]:
        told.append(f"lpe-reports {found['package']} instead of {wanted['package']}")
    elif found["code"] != wanted["code"]:
        told.append("other code of lpe-reports, though of the same version")
    elif found["imported"] != wanted["code"]:
        told.append("lpe-reports was changed since it was started; start it again")
    for name, version in wanted["tools"].items():
        if (has := found["tools"].get(name)) != version:
            told.append(f"{name} {has} instead of {version}")
    return told


def folder_differences(wanted: Description, found: Description) -> list[str]:
    """What a worker sees otherwise in the shared folder; empty when it is the same folder."""
    where, files = found["root"], wanted["files"]
    if not _sees_proof(wanted, found):
        return [
            f"it does not see the project's folder as {where}; mount it there, or name its place "
            "in the worker's LPE_PROJECT"
        ]
    if not found["writes"]:
        return [f"it may not write in {where}/build; run it by the account that builds"]
    return [
        f"{name} is another in its {where}" for name in files if found["files"][name] != files[name]
    ]


def folder_seconds(wanted: Description, found: Description) -> float:
    """How long it may take until a worker sees the shared folder as it is.

    A file that is new is seen soon, or it is another folder; one that was replaced can be
    remembered for as long as servers of files let machines do so.
    """
    return LONGEST_SECONDS if _sees_proof(wanted, found) else 5.0


def _sees_proof(wanted: Description, found: Description) -> bool:
    """Whether it sees the first of the files, which was made for this build."""
    proof = next(iter(wanted["files"]))
    return bool(found["files"][proof] == wanted["files"][proof])


def _digest(path: Path) -> str | None:
    """One digest of a file, or of all files of a folder with their names; None if unreadable."""
    try:
        if not path.is_dir():
            return hashlib.sha256(path.read_bytes()).hexdigest()
        digest = hashlib.sha256()
        for file in sorted(path.rglob("*")):
            # Editors and servers of files put hidden ones beside those that are read.
            if file.is_file() and not file.name.startswith("."):
                content = hashlib.sha256(file.read_bytes()).digest()
                digest.update(file.relative_to(path).as_posix().encode() + b"\0" + content)
        return digest.hexdigest()
    except OSError:
        return None


def _can_write(project: Project) -> bool:
    # Tried, since a server of files can refuse what the rights seem to allow.
    path = project.build / "logs" / f".part-{socket.gethostname()}-{os.getpid()}"
    try:
        write_whole(path, b"")
        path.unlink()
    except OSError:
        return False
    return True
