"""A PDF's objects as they are written: what no reader of its pages is given."""

import re
import zlib
from collections.abc import Iterator
from functools import lru_cache

_BEGUN, _ENDED = b"stream", b"endstream"
# Objects that are packed together, in files of other makers than ours.
_PACKED = re.compile(rb"/ObjStm\b(?:(?!endobj).){0,200}?stream\r?\n", re.DOTALL)
_NOTES = re.compile(rb"/Subtype\s*/XML\b(?:(?!endobj).){0,200}?stream\r?\n", re.DOTALL)
_MOST_UNPACKED = 16 * 1024 * 1024
# A letter of a name by its number (/J#61vaScript).
_LETTER = re.compile(rb"#([0-9A-Fa-f]{2})")
_TEXT = re.compile(rb"\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f\s]{12,})>", re.DOTALL)
_REMARK = re.compile(rb"%[^\r\n]{10,}")
_ESCAPED = re.compile(rb"\\(?:([0-7]{1,3})|(.))", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"\n": b""}
_WIDE = (b"\xfe\xff", b"\xff\xfe")


# Three rules look at the same PDF, one after another.
@lru_cache(maxsize=2)
def written_parts(content: bytes) -> tuple[bytes, ...]:
    """A PDF's objects, those that are packed together, and its notes (XMP).

    Whatever else stands in packed bytes stands there by chance.
    """
    parts = [_without_streams(content)]
    for pattern in (_PACKED, _NOTES):
        parts += [_unpacked(content, match.end()) for match in pattern.finditer(content)]
    return tuple(_LETTER.sub(_letter, part) if b"#" in part else part for part in parts)


def texts_of(content: bytes) -> Iterator[str]:
    """What a PDF says that is no page of it: its objects' texts, remarks, and what is around it."""
    for part in written_parts(content):
        if part.lstrip().startswith(b"<"):
            yield part.decode("utf-8", errors="replace")
        yield from (text_of(*found) for found in _TEXT.findall(part))
        yield from (remark.decode("latin-1") for remark in _REMARK.findall(part))
    yield content[: max(content.find(b"%PDF-"), 0)].decode("latin-1")
    yield content[content.rfind(b"%%EOF") :].decode("latin-1")


def text_of(literal: bytes, hexadecimal: bytes) -> str:
    """A text that is written between parentheses, or as hexadecimal digits."""
    if hexadecimal:
        digits = bytes(digit for digit in hexadecimal if digit not in b" \r\n\t")
        raw = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    else:
        raw = _ESCAPED.sub(_unescaped, literal)
    return raw.decode("utf-16" if raw.startswith(_WIDE) else "latin-1", errors="replace")


def _without_streams(content: bytes) -> bytes:
    kept, end = [], 0
    begun = content.find(_BEGUN)
    while begun >= 0:
        after = begun + len(_BEGUN)
        if content[after : after + 1] in (b"\r", b"\n") and content[begun - 3 : begun] != b"end":
            kept.append(content[end:begun])
            end = after = content.find(_ENDED, after)
            if end < 0:
                return b"".join(kept)
            after += len(_ENDED)
        begun = content.find(_BEGUN, after)
    return b"".join([*kept, content[end:]])


def _unpacked(content: bytes, start: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(content[start:], _MOST_UNPACKED)
    except zlib.error:
        # Not packed; the reader of PDFs tells when it is damaged.
        return content[start : content.find(_ENDED, start)]


def _letter(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1], 16)])


def _unescaped(match: re.Match[bytes]) -> bytes:
    octal, letter = match[1], match[2]
    return bytes([int(octal, 8) & 255]) if octal else _LETTERS.get(letter, letter)
