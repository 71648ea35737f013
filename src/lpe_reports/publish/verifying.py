"""Whether published versions are what they were published as: every file against its digest.

The shared files that a version uses are among its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lpe_reports.publish.catalogue import version_folders
from lpe_reports.publish.journal import digests_told
from lpe_reports.publish.naming import place_in_time
from lpe_reports.publish.tree import FILES, digest_of, file_names, stored_digests
from lpe_reports.settings import Project

Problem = Literal["missing", "changed", "not of the version"]


@dataclass(frozen=True)
class Damage:
    """A file that is not what it was published as.

    Fields:
        version: The version.
        file: Its path from the version's folder.
        problem: What is wrong with it.
        digest: SHA-256 of what should be there; empty where nothing should.
    """

    version: str
    file: str
    problem: Problem
    digest: str = ""

    def __str__(self) -> str:
        return f"public/v/{self.version}/{self.file}: {self.problem}"


class Digests:
    """Digests of files on the disk, each file read once however many versions link to it."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], str] = {}

    def of(self, path: Path) -> str | None:
        """SHA-256 of a file; None where it cannot be read."""
        try:
            found = path.stat()
            key = found.st_dev, found.st_ino
            if key not in self._known:
                self._known[key] = digest_of(path)
            return self._known[key]
        except OSError:
            return None


def verify(project: Project, versions: Iterable[str] | None = None) -> list[Damage]:
    """What is damaged in the published versions.

    Args:
        project: The project.
        versions: The ids of the versions to look at; all when not given.
    """
    digests = Digests()
    public = project.public
    wanted = set(versions) if versions is not None else None
    folders = sorted(version_folders(public), key=lambda folder: place_in_time(folder.name))
    lists = {version: told[-1] for version, told in digests_told(public).items()}
    found: list[Damage] = []
    for folder in folders:
        if wanted is None or folder.name in wanted:
            found += _of_version(folder, lists.get(folder.name), digests)
    return found


def _of_version(folder: Path, listed: str | None, digests: Digests) -> Iterator[Damage]:
    if not (folder / FILES).is_file():
        yield Damage(folder.name, FILES, "missing", listed or "")
        return
    if listed and digests.of(folder / FILES) != listed:
        yield Damage(folder.name, FILES, "changed", listed)
        return
    yield from _of_files(folder, stored_digests(folder), digests)


def _of_files(folder: Path, known: Mapping[str, str], digests: Digests) -> Iterator[Damage]:
    for name, digest in known.items():
        found = digests.of(folder / name)
        if found != digest:
            yield Damage(folder.name, name, "changed" if found else "missing", digest)
    for name in file_names(folder):
        if name not in known and name != FILES:
            yield Damage(folder.name, name, "not of the version")
