"""Taking pages out of the folder of a version: first what shows them, then what tells of them.

Versions share files as hard links, so no file is written into: each new one takes the place of
the old one by a rename, and what is the same in several versions is one file again. All of it
can be done again at any moment, and then goes on where it was left.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

from lpe_reports.build.kept import RETRACTED_MARK
from lpe_reports.build.storing.store import clear_leftovers, write_whole
from lpe_reports.publish.traces import Touched, touched_files
from lpe_reports.publish.tree import FILES, Tree, digest_bytes, link, stored_digests
from lpe_reports.render.packs.planned import FOLDER as PACKS
from lpe_reports.render.retracted import (
    Retraction,
    SharedNames,
    retracted_pack,
    retracted_page,
)
from lpe_reports.render.search_index import RECORDS
from lpe_reports.system import move, write_protect

_PAGE_FILES = (".pdf", ".xlsx", ".json")
# The JSON comes last: by it the pack is known where this has to be done again.
_PACK_FILES = (".pdf", ".json")
_FIRST_TAGS = 200


@dataclass
class Withdrawn:
    """What was changed in a version, or would be: files by their paths in it."""

    gone: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.gone or self.written)


class Withdrawal:
    """Takes pages out of one version after another.

    Args:
        pages: The pages, by address.
        dry: Change nothing; only say what would be.
    """

    def __init__(self, pages: Mapping[str, Retraction], *, dry: bool = False) -> None:
        self.pages, self.dry = pages, dry
        self._touched = Touched()
        self._made: dict[str, Path] = {}

    def show(self, folder: Path) -> Withdrawn:
        """Put in the place of each page, and of each pack that holds it, one that says so."""
        done = Withdrawn()
        for address in self._pages_in(folder):
            shared = _shared(folder / f"{address}.html")
            self._stand_in(
                folder, address, retracted_page(address, self.pages[address], shared), done
            )
            files = [f"{address}{kind}" for kind in _PAGE_FILES]
            self._remove(folder, [*files, *_inside(folder, address)], done)
        for pack, held in packs_with(folder, self.pages).items():
            shared = _shared(folder / PACKS / "index.html")
            pages = {page: self.pages[page] for page in held}
            self._stand_in(folder, pack, retracted_pack(pack, pages, shared), done)
            self._remove(folder, [f"{pack}{kind}" for kind in _PACK_FILES], done)
        return done

    def clear(self, folder: Path, done: Withdrawn, note: Callable[[str], None]) -> None:
        """Take out what else tells of the pages; `show` comes first.

        Args:
            folder: The version's folder.
            done: What was changed in it; gets what is changed now.
            note: Is told the digest of the version's list of files, before that is written.
        """
        gone = {*self._pages_in(folder), *_packs_gone(folder)}
        new, removed = touched_files(folder, gone, set(self.pages), self._touched, dry=self.dry)
        done.written += new
        done.gone += removed
        if self.dry:
            return
        stands = [f"{address}.html" for address in gone]
        self._list(folder, gone, {**_digests(folder, stands), **new}, removed, note)
        # By the records it is known whether the index is the one that is to be.
        for name in sorted(new.keys() - {RECORDS}):
            self._place(folder / name, new[name], self._touched.bytes_of(new[name]))
        for name in removed:
            (folder / name).unlink(missing_ok=True)
        if RECORDS in new:
            digest = new[RECORDS]
            self._place(folder / RECORDS, digest, self._touched.bytes_of(digest))

    def _pages_in(self, folder: Path) -> list[str]:
        """Those of the pages that a version has or had; not where a moved page leads on."""
        return [
            address
            for address in sorted(self.pages)
            if (folder / f"{address}.html").is_file()
            and ((folder / f"{address}.json").is_file() or is_retracted(folder, address))
        ]

    def _stand_in(self, folder: Path, address: str, body: bytes, done: Withdrawn) -> None:
        place = folder / f"{address}.html"
        if place.is_file() and place.read_bytes() == body:
            return
        done.written.append(f"{address}.html")
        if not self.dry:
            self._place(place, digest_bytes(body), body)

    def _remove(self, folder: Path, names: Collection[str], done: Withdrawn) -> None:
        for name in names:
            if (folder / name).is_file():
                done.gone.append(name)
                if not self.dry:
                    (folder / name).unlink()
        for name in {name.rpartition("/")[0] for name in names}:
            place = folder / name
            if not self.dry and place.is_dir() and not any(place.iterdir()):
                place.rmdir()

    def _place(self, place: Path, digest: str, body: bytes) -> None:
        """A new file in its place by one rename; a link where another version has it already."""
        clear_leftovers(place.parent)
        made = self._made.get(digest)
        if made is None:
            write_whole(place, body, mode=0o444)
            self._made[digest] = place
            return
        part = place.with_name(f".part-{token_hex(8)}")
        link(made, part)
        write_protect(part)
        move(part, place)
        # A rename onto another link to the same file leaves both names.
        part.unlink(missing_ok=True)

    def _list(
        self,
        folder: Path,
        gone: Collection[str],
        new: Mapping[str, str],
        removed: Collection[str],
        note: Callable[[str], None],
    ) -> None:
        """The version's list of files, for what it is to be: only what is changed here changes."""
        known = stored_digests(folder)
        if not known:
            return
        away = {*removed, *(f"{each}{kind}" for each in gone for kind in _PAGE_FILES)}
        inside = tuple(f"{address}/" for address in gone)
        kept = {k: v for k, v in known.items() if k not in away and not k.startswith(inside)}
        body = Tree({**kept, **new}, 0).to_json()
        if body != (folder / FILES).read_bytes():
            note(digest_bytes(body))
            self._place(folder / FILES, digest_bytes(body), body)


def is_retracted(folder: Path, address: str) -> bool:
    """Whether a page says that it stands in the place of one that was taken back."""
    try:
        with (folder / f"{address}.html").open("rb") as file:
            return RETRACTED_MARK.encode() in file.read(_FIRST_TAGS)
    except OSError:
        return False


def packs_with(folder: Path, pages: Collection[str]) -> dict[str, list[str]]:
    """The meeting packs of a version that hold some pages: by address, which of them."""
    found = {}
    for path in sorted((folder / PACKS).glob("*/*.json")):
        try:
            told = {str(page["address"]) for page in json.loads(path.read_bytes())["pages"]}
        except (OSError, ValueError, KeyError, TypeError):
            continue
        held = [page for page in sorted(pages) if f"{page}.html" in told]
        if held:
            found[path.relative_to(folder).with_suffix("").as_posix()] = held
    return found


def _packs_gone(folder: Path) -> Iterator[str]:
    for path in sorted((folder / PACKS).glob("*/*.html")):
        address = path.relative_to(folder).with_suffix("").as_posix()
        if is_retracted(folder, address):
            yield address


def _inside(folder: Path, address: str) -> list[str]:
    """The files of the folder that lies beside a page."""
    found = (path for path in (folder / address).rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _shared(page: Path) -> SharedNames:
    try:
        return SharedNames.of(page.read_text("utf-8"))
    except (OSError, ValueError):
        return SharedNames()


def _digests(folder: Path, names: Collection[str]) -> dict[str, str]:
    return {name: digest_bytes((folder / name).read_bytes()) for name in names}
