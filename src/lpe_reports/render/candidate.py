"""A candidate version: the tree that the gate inspects and publishing moves in.

It is laid beside the place where it will stand and swapped in whole, so that a build that is
stopped leaves the candidate before it. Pages are links to the store's files.
"""

import os
import posixpath
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lpe_reports.errors import RenderError
from lpe_reports.render.page_store import StoredPage
from lpe_reports.system import NO_LINK, move, remove_folder, write_protect

_SHARED = re.compile(rb"(?:\.\./|\./)*assets/([\w-]+\.[0-9a-f]{10}\.\w+)")
_NAMED = re.compile(rb"url\(([\w.-]+)\)")
_IMPORTED = re.compile(rb'import\("\./([\w.-]+)"\)')


@dataclass(frozen=True)
class Candidate:
    """A laid candidate.

    Fields:
        folder: Where it lies.
        pages: How many pages of reports it has.
        rendered: How many pages, index pages included, were rendered for it now.
        reused: How many were in the store already.
        files: How many files it has.
        note: Which renderer made it, for the summary.
        unmade: The addresses of meeting packs that could not be made.
        warnings: What the renderer warned of, by the address of the page.
    """

    folder: Path
    pages: int
    rendered: int
    reused: int
    files: int
    note: str
    unmade: tuple[str, ...] = ()
    warnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class CandidateTree:
    """A candidate while it is laid; `finish` puts it in its place."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self._part = target.with_name(f"{target.name}.part")
        remove_folder(self._part)
        self._part.mkdir(parents=True)
        self._folders = {""}
        self.files = 0

    def link_page(self, address: str, page: StoredPage) -> None:
        """A stored page at its address: page.html as <address>.html, tables/ as <address>/."""
        for name in page.files:
            first, _, rest = name.partition("/")
            place = f"{address}/{rest}" if rest else f"{address}{posixpath.splitext(first)[1]}"
            self._link(f"{page.folder}/{name}", place)

    def link_kept(self, address: str, version: Path) -> None:
        """A page of an earlier version, with the shared files that it refers to.

        Raises:
            RenderError: That version has no such page.
        """
        html = version / f"{address}.html"
        if not html.is_file():
            raise RenderError(f"{address}: version {version.name} has no such page to keep")
        for path in html.parent.glob(f"{html.stem}.*"):
            self._link(path.resolve(), f"{address}{path.suffix}")
        for path in (version / address).glob("*"):
            self._link(path.resolve(), f"{address}/{path.name}")
        for name in _shared_files(version / "assets", html.read_bytes()):
            if not (self._part / "assets" / name).exists():
                self._link((version / "assets" / name).resolve(), f"assets/{name}")

    def write(self, place: str, data: bytes) -> None:
        """A file of this version's own.

        Raises:
            RenderError: Two files want the same address.
        """
        target = self._place(place)
        try:
            with open(target, "xb") as file:  # noqa: PTH123 - of thousands, as a plain text
                file.write(data)
        except FileExistsError:
            raise _taken(place) from None
        write_protect(target)

    def finish(self) -> Path:
        """Put the tree in its place, in one rename; an older candidate goes away."""
        old = self.target.with_name(f"{self.target.name}.old")
        remove_folder(old)
        if self.target.exists():
            move(self.target, old)
        move(self._part, self.target)
        shutil.rmtree(old, ignore_errors=True)
        return self.target

    def _link(self, source: str | Path, place: str) -> None:
        target = self._place(place)
        try:
            os.link(source, target)
        except FileExistsError:
            raise _taken(place) from None
        except OSError as error:
            if error.errno not in NO_LINK:
                raise
            if os.path.lexists(target):
                raise _taken(place) from None
            shutil.copyfile(source, target)
            write_protect(target)

    def _place(self, place: str) -> str:
        """The path of a place, in a folder that is there; texts, for a version has thousands."""
        folder = place.rpartition("/")[0]
        if folder not in self._folders:
            os.makedirs(f"{self._part}/{folder}", exist_ok=True)  # noqa: PTH103
            self._folders.add(folder)
        self.files += 1
        return f"{self._part}/{place}"


def _taken(place: str) -> RenderError:
    return RenderError(f"two files want the address {place}")


def _shared_files(assets: Path, html: bytes) -> Iterator[str]:
    """The shared files that a page refers to, and those that its stylesheet and script do."""
    for match in _SHARED.finditer(html):
        path = assets / match[1].decode()
        if path.is_file():
            yield path.name
        if path.suffix == ".css" and path.is_file():
            yield from (name.decode() for name in _NAMED.findall(path.read_bytes()))
        if path.suffix == ".js" and path.is_file():
            imported = (name.decode() for name in _IMPORTED.findall(path.read_bytes()))
            yield from (name for name in imported if (assets / name).is_file())
