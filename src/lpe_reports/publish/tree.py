"""The files of a candidate or version: their digests, and linking them without copying."""

import filecmp
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lpe_reports.system import NO_LINK, move, write_protect

ASSETS = "assets"
FILES = "files.json"


@dataclass(frozen=True)
class Tree:
    """The files of a folder, by their path from it with forward slashes; assets left out."""

    digests: Mapping[str, str]  # SHA-256
    size: int  # bytes, of all files together

    def to_json(self) -> bytes:
        """As `files.json` keeps it."""
        return json.dumps(self.digests, indent=0, sort_keys=True).encode()


def read_tree(folder: Path) -> Tree:
    """The files of a folder with the digests of their bytes."""
    digests, size = {}, 0
    for name, path in _files(folder):
        digests[name] = digest_of(path)
        size += path.stat().st_size
    return Tree(digests, size)


def asset_digests(folder: Path) -> dict[str, str]:
    """The digests of the shared files that a candidate brings, by their names."""
    return {path.name: digest_of(path) for path in sorted((folder / ASSETS).glob("*"))}


def file_names(folder: Path) -> list[str]:
    """The files of a folder, assets left out, without reading them."""
    return [name for name, _ in _files(folder)]


def same_files(one: Path, other: Path, left_out: Sequence[str]) -> bool:
    """Whether two folders have the same files, but for some files and folders in them.

    Unchanged pages are links to one file, whose bytes need not be read to be the same.
    """
    before, now = _known(one, left_out), _known(other, left_out)
    return before.keys() == now.keys() and all(_same(before[name], now[name]) for name in before)


def _known(folder: Path, left_out: Sequence[str]) -> dict[str, Path]:
    return {
        name: path
        for name, path in _files(folder)
        if name not in left_out and not any(name.startswith(f"{each}/") for each in left_out)
    }


def _same(one: Path, other: Path) -> bool:
    first, second = one.stat(), other.stat()
    if os.path.samestat(first, second):
        return True
    return first.st_size == second.st_size and digest_of(one) == digest_of(other)


def stored_digests(folder: Path) -> dict[str, str]:
    """The digests that a version was published with; empty when they cannot be read."""
    try:
        body = json.loads((folder / FILES).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in body.items()} if isinstance(body, dict) else {}


def link_tree(candidate: Path, tree: Tree, target: Path, earlier: Path | None) -> None:
    """Fill a new folder with links to a candidate's files, read-only.

    A file whose bytes an earlier version has already is linked to that one, so that unchanged
    pages take no more room however often they are made anew.
    """
    known = stored_digests(earlier) if earlier else {}
    target.mkdir(parents=True)
    for name, digest in tree.digests.items():
        source = candidate / name
        if earlier is not None and known.get(name) == digest:
            source = _same_file(earlier / name, source, digest)
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        link(source, place)
        write_protect(place)


def copy_tree(version: Path, target: Path) -> None:
    """Fill a new folder with all that a version has, its assets too: links, or copies."""
    for place, _, names in os.walk(version, followlinks=True):
        folder = target / Path(place).relative_to(version)
        folder.mkdir(parents=True)
        for name in names:
            link(Path(place, name), folder / name)


def link_files(source: Path, names: Iterable[str], target: Path) -> None:
    """Fill a new folder with links to some files of another."""
    target.mkdir(parents=True)
    for name in names:
        link(source / name, target / name)


def place_assets(source: Path, target: Path) -> None:
    """Add a candidate's assets to those that all versions share; what is there stays."""
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(source.rglob("*")) if source.is_dir() else ():
        if not path.is_file():
            continue
        place = target / path.relative_to(source)
        if place.is_file() and filecmp.cmp(path, place, shallow=False):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary = place.with_name(f".part-{os.getpid()}-{place.name}")
        temporary.unlink(missing_ok=True)
        link(path, temporary)
        write_protect(temporary)
        move(temporary, place)


def link(source: Path, place: Path) -> None:
    """Make a hard link, or a copy where the disk has no links."""
    try:
        place.hardlink_to(source)
    except OSError as error:
        if error.errno not in NO_LINK:
            raise
        shutil.copyfile(source, place)


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_bytes(data: bytes) -> str:
    """SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for place, folders, names in os.walk(folder):
        if Path(place) == folder and ASSETS in folders:
            folders.remove(ASSETS)
        folders.sort()
        inside = Path(place).relative_to(folder).as_posix()
        for name in sorted(names):
            yield name if inside == "." else f"{inside}/{name}", Path(place, name)


def _same_file(earlier: Path, source: Path, digest: str) -> Path:
    try:
        if earlier.samefile(source) or digest_of(earlier) == digest:
            return earlier
    except OSError:
        pass
    # It was damaged or taken away since; the candidate's own is whole.
    return source
