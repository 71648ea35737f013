"""The files of a version that tell of pages they are not, and what these are without them."""

import gzip
import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any

from lpe_reports.publish.catalogue import VERSION_FILE
from lpe_reports.publish.tree import digest_bytes
from lpe_reports.render.addresses import way
from lpe_reports.render.changes.record import DIFF_FILE
from lpe_reports.render.dataset.files import FOLDER as DATASET
from lpe_reports.render.dataset.without import csv_without, names_with, parquet_without
from lpe_reports.render.packs.planned import FOLDER as PACKS
from lpe_reports.render.quoting import MARK, without_quotes
from lpe_reports.render.search_index import FOLDER as SEARCH
from lpe_reports.render.search_index import RECORDS, index_files, read_records, records_bytes

_FILE_LINK = re.compile(r'href="([^"#?:]+)\.(?:pdf|xlsx|json|csv)"(?: download)?')
_FRAGMENTS = f"{SEARCH}/fragment"

# What a file is without what it tells of; the same where it tells of nothing.
Change = Callable[[str, bytes], bytes]


@dataclass
class Touched:
    """What has been found of files that several versions share, so that each is read once."""

    digests: dict[tuple[object, ...], str | None] = field(default_factory=dict)
    searches: dict[tuple[object, ...], dict[str, str]] = field(default_factory=dict)
    quick: dict[tuple[int, int], str] = field(default_factory=dict)
    _bytes: dict[str, bytes] = field(default_factory=dict)

    def keep(self, body: bytes) -> str:
        """Remember a new file; returns its digest."""
        digest = digest_bytes(body)
        self._bytes[digest] = body
        return digest

    def bytes_of(self, digest: str) -> bytes:
        """A new file, once: whoever has written it links to it from then on."""
        return self._bytes.pop(digest, b"")


def touched_files(
    folder: Path, gone: Collection[str], pages: Collection[str], touched: Touched, *, dry: bool
) -> tuple[dict[str, str], list[str]]:
    """The files of a version that change, with the digests they get; and those that go.

    Args:
        folder: The version's folder.
        gone: The addresses of pages and meeting packs that are gone from it.
        pages: The addresses of all pages that are taken back.
        touched: What was found in other versions.
        dry: Do not make what takes long; the digest is empty then.
    """
    new: dict[str, str] = {}
    for name, change in _changes(folder, gone, pages):
        found = (folder / name).stat()
        key = (found.st_dev, found.st_ino, name, frozenset(gone))
        if key not in touched.digests:
            before = (folder / name).read_bytes()
            after = change(name, before)
            touched.digests[key] = touched.keep(after) if after != before else None
        if digest := touched.digests[key]:
            new[name] = digest
    found_new, removed = _search(folder, pages, touched, dry=dry)
    return {**new, **found_new}, removed


def _changes(
    folder: Path, gone: Collection[str], pages: Collection[str]
) -> Iterator[tuple[str, Change]]:
    if gone:
        requote = _requoted(gone)
        for path in sorted(folder.rglob("*.html")):
            yield path.relative_to(folder).as_posix(), requote
    records: tuple[tuple[str, Change], ...] = (
        (VERSION_FILE, lambda _, data: version_without(data, pages)),
        (DIFF_FILE, lambda _, data: diff_without(data, pages)),
    )
    slugs = {page.split("/")[1] for page in pages if page.count("/") > 1}
    for name in names_with(slugs):
        if name.endswith(".csv"):
            records += ((f"{DATASET}/{name}", lambda _, data: csv_without(data, pages)),)
        else:
            records += ((f"{DATASET}/{name}", lambda _, data: parquet_without(data, pages)),)
    yield from ((name, change) for name, change in records if (folder / name).is_file())


def _requoted(gone: Collection[str]) -> Change:
    ends = [f"{address.rpartition('/')[2]}.".encode() for address in gone]

    def change(name: str, data: bytes) -> bytes:
        if MARK.encode() not in data and not any(end in data for end in ends):
            return data
        return page_without(name, data.decode("utf-8"), gone).encode()

    return change


def page_without(name: str, html: str, gone: Collection[str]) -> str:
    """An index page without its quotes of some pages and packs, and without links to their files.

    Args:
        name: The page's file.
        html: The page.
        gone: The addresses of what is gone.
    """
    address = name.removesuffix(".html")

    def instead(found: str) -> str:
        words = "Tillbakadraget" if found.startswith(f"{PACKS}/") else "Tillbakadragen"
        return f'<a href="{way(address, f"{found}.html")}">{words}</a>'

    def lead_on(match: re.Match[str]) -> str:
        target = normpath(f"{dirname(name)}/{match[1]}".lstrip("/"))
        return f'href="{match[1]}.html"' if target in gone else match[0]

    return _FILE_LINK.sub(lead_on, without_quotes(html, gone, instead))


def version_without(data: bytes, pages: Collection[str]) -> bytes:
    """`version.json` without the signals of some pages."""
    record = _json(data)
    signals = record.get("signals")
    if not isinstance(signals, list):
        return data
    kept = [each for each in signals if not _is_of(each, "page", pages)]
    if len(kept) == len(signals):
        return data
    return json.dumps({**record, "signals": kept}, ensure_ascii=False, indent=1).encode()


def diff_without(data: bytes, pages: Collection[str]) -> bytes:
    """`diff.json` without what it says of some pages."""
    record = _json(data)
    kept = {
        name: [each for each in record[name] if not _is_of(each, "address", pages)]
        for name in ("new", "gone", "changed")
        if isinstance(record.get(name), list)
    }
    if all(len(kept[name]) == len(record[name]) for name in kept):
        return data
    return f"{json.dumps({**record, **kept}, ensure_ascii=False, indent=1)}\n".encode()


def _search(
    folder: Path, pages: Collection[str], touched: Touched, *, dry: bool
) -> tuple[dict[str, str], list[str]]:
    """The search index anew without some pages, and the files of the old one that go."""
    path = folder / RECORDS
    if not path.is_file():
        return {}, list(_fragments_of(folder, pages, touched))
    found = path.stat()
    key = found.st_dev, found.st_ino
    if key not in touched.searches:
        touched.searches[key] = _index_without(path.read_bytes(), pages, touched, dry=dry)
    new = touched.searches[key]
    if not new:
        return {}, []
    if dry:
        return new, []
    there = {
        each.relative_to(folder).as_posix(): each
        for each in sorted((folder / SEARCH).rglob("*"))
        if each.is_file()
    }
    changed = {
        name: digest
        for name, digest in new.items()
        if name not in there or digest_bytes(there[name].read_bytes()) != digest
    }
    return changed, [name for name in there if name not in new]


def _index_without(
    data: bytes, pages: Collection[str], touched: Touched, *, dry: bool
) -> dict[str, str]:
    try:
        records = read_records(data)
    except (ValueError, KeyError, TypeError):
        return {}
    named = {f"{page}.html" for page in pages}
    left = [record for record in records if record.place not in named]
    if len(left) == len(records):
        # The records are written last, so the index is made of them.
        return {}
    if dry:
        return {RECORDS: ""}
    files = {**index_files(left), RECORDS: records_bytes(left)}
    return {name: touched.keep(body) for name, body in files.items()}


def _fragments_of(folder: Path, pages: Collection[str], touched: Touched) -> Iterator[str]:
    """The fragments of pages in an index whose records are not kept."""
    places = {f"/{page}.html" for page in pages}
    for path in sorted((folder / _FRAGMENTS).glob("*.pf_fragment")):
        found = path.stat()
        key = found.st_dev, found.st_ino
        if key not in touched.quick:
            touched.quick[key] = _place_of(path.read_bytes())
        if touched.quick[key] in places:
            yield path.relative_to(folder).as_posix()


def _place_of(data: bytes) -> str:
    try:
        text = gzip.decompress(data)
        return str(json.loads(text[text.index(b"{") :])["url"])
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return ""


def _is_of(told: object, name: str, pages: Collection[str]) -> bool:
    if not isinstance(told, dict):
        return False
    return str(told.get(name, "")).removesuffix(".html") in pages


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
