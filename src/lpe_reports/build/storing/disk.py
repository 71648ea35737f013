"""How much room the project takes, and how much there is left."""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lpe_reports.build.storing.store import write_whole
from lpe_reports.settings import Project

_MEMORY = "disk.json"


@dataclass(frozen=True)
class DiskUse:
    """Bytes on disk, a file with several names within one of them counted once.

    Fields:
        store: Of build/store: notebooks, traces and pages that can be used again.
        extracts: Of data/extracts and the stored waiting lists.
        versions: Of the published versions; pages that the store has too are the same files.
        free: That nobody uses, where the project lies.
    """

    store: int
    extracts: int
    versions: int
    free: int

    def __str__(self) -> str:
        return (
            f"on disk: store {_megabytes(self.store)} MB, extracts {_megabytes(self.extracts)} MB, "
            f"versions {_megabytes(self.versions)} MB; free {_megabytes(self.free)} MB"
        )


def disk_use(project: Project) -> DiskUse:
    """How much room everything takes now. A version is looked through once and remembered."""
    return DiskUse(
        store=_bytes(project.store),
        extracts=_bytes(project.extracts, project.snapshots),
        versions=_versions(project),
        free=shutil.disk_usage(project.root).free,
    )


def files_below(folder: str) -> Iterator[os.DirEntry[str]]:
    """All files in a folder and the folders in it; no link is followed."""
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError:
        return
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from files_below(entry.path)
        elif entry.is_file(follow_symlinks=False):
            yield entry


def _bytes(*folders: Path) -> int:
    return sum(_inodes(*folders).values())


def _inodes(*folders: Path) -> dict[tuple[int, int], int]:
    """The size of each file, by what tells files of several names apart."""
    sizes: dict[tuple[int, int], int] = {}
    for folder in folders:
        for entry in files_below(str(folder)):
            try:
                facts = entry.stat(follow_symlinks=False)
            except OSError:
                continue  # removed meanwhile
            sizes[facts.st_dev, facts.st_ino] = facts.st_size
    return sizes


def _versions(project: Project) -> int:
    """The bytes of all versions: of each what the one before it does not have."""
    place = project.build / _MEMORY
    known = _remembered(place)
    total = _bytes(project.public / "assets")
    now: dict[str, int] = {}
    before: Path | None = None
    for folder in _in_order(project.public / "v"):
        name = f"{folder.name} after {before.name if before else 'none'}"
        if name in known:
            now[name] = known[name]
        else:
            old = _inodes(before) if before else {}
            own = _inodes(folder)
            now[name] = sum(size for key, size in own.items() if key not in old)
        total += now[name]
        before = folder
    if now != known and project.build.is_dir():
        write_whole(place, json.dumps(now).encode())
    return total


def _in_order(versions: Path) -> list[Path]:
    if not versions.is_dir():
        return []
    folders = [path for path in versions.iterdir() if path.is_dir() and path.name[0] != "."]
    return sorted(folders, key=lambda path: (path.name[:10], len(path.name), path.name))


def _remembered(place: Path) -> dict[str, int]:
    try:
        return {str(name): int(size) for name, size in json.loads(place.read_bytes()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:,.0f}".replace(",", " ")
