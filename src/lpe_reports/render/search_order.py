"""Pagefind's index with the values of its filters in order: the same records, the same bytes.

Pagefind keeps them in a table whose order is another one each time it runs, and names the files by
what is in them, so that the same site would have another index every night. Its files are packed
with gzip, begin with a mark, and are CBOR of arrays, texts and numbers.
"""

import gzip
import hashlib
import json
from collections.abc import Mapping

from lpe_reports.errors import RenderError

_MARK = b"pagefind_dcd"
_FILTER, _META, _ENTRY = ".pf_filter", ".pf_meta", "pagefind-entry.json"
_FILTERS = 3  # their place in the meta file: version, pages, words, filters, sorts, fields
_NUMBER, _TEXT, _ARRAY = 0, 3, 4
_NAME_LENGTH = 10


def in_order(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of an index, by place, with those of its filters in order and named anew.

    Raises:
        RenderError: Pagefind writes them in another way than this.
    """
    try:
        return _in_order(files)
    except (IndexError, KeyError, ValueError, gzip.BadGzipFile, UnicodeDecodeError):
        raise RenderError("Pagefind's index is not of the form that is known here") from None


def _in_order(files: Mapping[str, bytes]) -> dict[str, bytes]:
    kept, names = {}, {}
    for place, content in files.items():
        if place.endswith(_FILTER):
            folder, _, name = place.rpartition("/")
            content = _packed(_sorted_filter(_unpacked(content)))
            names[name.removesuffix(_FILTER)] = new = _named(name, content)
            place = f"{folder}/{new}{_FILTER}"
        kept[place] = content
    if not names:
        return kept
    for place in [place for place in kept if place.endswith(_META)]:
        content = _packed(_with_names(_unpacked(kept.pop(place)), names))
        folder, _, name = place.rpartition("/")
        old = name.removeprefix("pagefind.").removesuffix(_META)
        new = _named(old, content)
        kept[f"{folder}/pagefind.{new}{_META}"] = content
        entry = f"{folder}/{_ENTRY}"
        kept[entry] = kept[entry].replace(f'"{old}"'.encode(), f'"{new}"'.encode())
        json.loads(kept[entry])
    return kept


def _sorted_filter(data: bytes) -> bytes:
    """A filter, [name, [[value, pages], …]], with its values in order."""
    name, values = _parts(data, 0)
    spans = _parts(data, values[0])
    items = sorted((data[start:end] for start, end in spans), key=_first_text)
    return data[: name[1]] + data[values[0] : _after_head(data, values[0])] + b"".join(items)


def _with_names(data: bytes, names: Mapping[str, str]) -> bytes:
    """The meta file with its filters, [[name, file], …], in order and named anew."""
    parts = _parts(data, 0)
    start, end = parts[_FILTERS]
    filters = sorted((data[each[0] : each[1]] for each in _parts(data, start)), key=_first_text)
    told = b"".join(filters)
    for old, new in names.items():
        if told.count(old.encode()) != 1 or len(old) != len(new):
            raise ValueError
        told = told.replace(old.encode(), new.encode())
    return data[: _after_head(data, start)] + told + data[end:]


def _named(name: str, content: bytes) -> str:
    """A name as long as the old one: the language, and a digest of the content."""
    language, _, digest = name.removesuffix(_FILTER).partition("_")
    made = hashlib.sha256(content).hexdigest()[: len(digest)]
    if not 0 < len(digest) <= _NAME_LENGTH:
        raise ValueError
    return f"{language}_{made}"


def _unpacked(content: bytes) -> bytes:
    data = gzip.decompress(content)
    if not data.startswith(_MARK):
        raise ValueError
    return data.removeprefix(_MARK)


def _packed(data: bytes) -> bytes:
    return gzip.compress(_MARK + data, mtime=0)


def _first_text(item: bytes) -> str:
    start, end = _parts(item, 0)[0]
    return item[_after_head(item, start) : end].decode()


def _parts(data: bytes, place: int) -> list[tuple[int, int]]:
    """Where the elements of an array begin and end."""
    kind, count, place = _head(data, place)
    if kind != _ARRAY:
        raise ValueError
    spans = []
    for _ in range(count):
        end = _end(data, place)
        spans.append((place, end))
        place = end
    return spans


def _end(data: bytes, place: int) -> int:
    """Where a value ends."""
    kind, count, after = _head(data, place)
    if kind == _ARRAY:
        for _ in range(count):
            after = _end(data, after)
    elif kind == _TEXT:
        after += count
    elif kind != _NUMBER:
        raise ValueError
    if after > len(data):
        raise ValueError
    return after


def _after_head(data: bytes, place: int) -> int:
    return _head(data, place)[2]


def _head(data: bytes, place: int) -> tuple[int, int, int]:
    """A value's kind, its number or length, and where what it holds begins."""
    kind, small = data[place] >> 5, data[place] & 31
    if small < 24:
        return kind, small, place + 1
    if small > 27:
        raise ValueError
    size = 1 << (small - 24)
    return kind, int.from_bytes(data[place + 1 : place + 1 + size]), place + 1 + size
