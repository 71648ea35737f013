"""A page's tags, read strictly: only what needs no mending, so that the fast way is the sure one.

The standard forgives much (end tags left out, names without quotes around their values), and to
know what it forgives takes a whole parser. Pages made by our templates need none of that: here
a page is read as what it says, and what is outside the strict form is said to be so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from html.entities import html5

from lpe_reports.publish.markup.attributes import attribute_faults
from lpe_reports.publish.markup.elements import REFERRING, SVG_NAMES, SVG_ONLY, VOID

_SPACE = " \t\n\r\f"
_NAME = r"[A-Za-z][A-Za-z0-9-]*"
_ATTRIBUTE = re.compile(
    r"\s+([A-Za-z_][\w:.-]*)(?:\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)'|([^\s\"'=<>`/&]+)))?", re.ASCII
)
_INSIDE = r"(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*"
_TOKEN = re.compile(
    r"<!--(?!-?>)(?:(?!--|<!).)*-->"
    rf"|<(script|style|title|textarea)\b({_INSIDE})>((?:(?!<!--|</?\1).)*)</\1[ \t\n\r\f]*>"
    rf"|</?{_NAME}{_INSIDE}>",
    re.DOTALL | re.IGNORECASE,
)
_START = re.compile(rf"<({_NAME})({_INSIDE}?)(\s*/)?>")
_END = re.compile(rf"</({_NAME})[ \t\n\r\f]*>")
_DOCTYPE = re.compile(r"\ufeff?\s*<!doctype html>", re.IGNORECASE)

# All but control characters, surrogates and non-characters, which a parser would put right.
# The class names what is allowed: that is searched ten times faster.
_PLANES = "".join(f"{chr(plane << 16)}-{chr(plane << 16 | 0xFFFD)}" for plane in range(1, 17))
_FORBIDDEN = re.compile(f"[^\t\n\f\r -~\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd{_PLANES}]")
_REFERENCE = re.compile(r"&[#A-Za-z0-9]+;?")

# Nine of ten tags stand in rows of plain cells. Such a row says nothing that the row without
# its cells does not, and is taken out in one go, which is many times faster than to read it.
_CLASS = r"class=\"[\w -]*\""
_SPAN = rf"<span(?: (?:{_CLASS}|aria-hidden=\"true\"))?>[^<\n]*</span>"
_PLAIN = rf"[^<\n]*(?:{_SPAN}[^<\n]*)*"
_SCOPED = rf"(?: scope=\"(?:row|col)\")?(?: {_CLASS})?"
_ROW = re.compile(
    rf"<tr(?: {_CLASS})?>"
    rf"(?:<td(?: {_CLASS})?>{_PLAIN}</td>|<th{_SCOPED}>{_PLAIN}</th>)+</tr>",
    re.ASCII,
)
# Where one row may end another may follow.
_NEXT_ROW = re.compile(r"(?<=</tr>\n)<tr></tr>")
# Without their coordinates most tags of a drawing are the same, and are read once.
_COORDINATE = re.compile(r" (d|transform|[xy][12]?|[dcr][xy]|r|points)=\"[-\w.,() ]*\"", re.ASCII)

# Within a picture any of its elements may stand: those that say nothing but how a line looks are
# taken out as rows are.
_PICTURE = re.compile(r"<svg\b[^<>]*>.*?</svg>", re.DOTALL)
_LOOK = (
    r"(?: (?:class|fill|fill-opacity|stroke|stroke-width|stroke-dasharray|stroke-opacity|opacity|"
    r"stroke-miterlimit|text-anchor|font-size|font-weight|font-family|d|transform|[xy][12]?|"
    r"[dcr][xy]|r|points|width|height)=\"[^\"<>&]*\")*"
)
_LEAF = re.compile(
    rf"<(?:path|line|rect|circle){_LOOK} ?/>|<(text|tspan){_LOOK}>[^<\n]*</\1>", re.ASCII
)


class UnusualError(Exception):
    """The page is not in the strict form; whether it is wrong takes a whole parser to say."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag or an end tag."""

    name: str  # in lower case
    end: bool = False
    closed: bool = False  # <path/>
    given: tuple[tuple[str, str], ...] = ()  # names in lower case
    faults: tuple[str, ...] = ()  # in HTML
    svg_faults: tuple[str, ...] = ()  # in SVG
    noted: bool = False  # has an id, or names one

    def get(self, name: str) -> str | None:
        return next((value for own, value in self.given if own == name), None)


@dataclass(frozen=True, slots=True)
class Token:
    """A tag, with the text before it."""

    at: int
    before: str
    tag: Tag
    raw: str | None = None  # the inside of a script, style, title or textarea, with its end tag


def without_plain_parts(source: str) -> str:
    """A page without its plain rows and coordinates; every line is where it was."""
    text = _NEXT_ROW.sub("", _ROW.sub("<tr></tr>", source))
    return _PICTURE.sub(_without_leaves, text)


def _without_leaves(match: re.Match[str]) -> str:
    # A text may hold others.
    bare = _LEAF.sub("", _LEAF.sub("", match.group()))
    return _COORDINATE.sub(r' \1=""', bare)


def read_tags(text: str) -> Iterator[Token]:
    """The tags of a page in their order; the last one ends nothing and has the text at its end.

    Raises:
        UnusualError: Something is outside the strict form.
    """
    doctype = _DOCTYPE.match(text)
    if doctype is None:
        raise UnusualError
    end = doctype.end()
    for match in _TOKEN.finditer(text, end):
        before = text[end : match.start()]
        if "<" in before:
            raise UnusualError
        end = match.end()
        found = match.group()
        if found.startswith("<!"):
            continue
        if match.group(1):
            start = tag_of(f"<{match.group(1)}{match.group(2)}>")
            yield Token(match.start(), before, start, match.group(3))
        else:
            yield Token(match.start(), before, tag_of(found))
    if "<" in text[end:]:
        raise UnusualError
    yield Token(len(text), text[end:], Tag("", end=True))


def is_sound_text(source: str) -> bool:
    """Whether a page's characters and references need no mending."""
    if _FORBIDDEN.search(source):
        return False
    return all(map(_is_sound, set(_REFERENCE.findall(source))))


@lru_cache(maxsize=4096)
def tag_of(text: str) -> Tag:
    """One tag as it is written.

    Raises:
        UnusualError: It is outside the strict form.
    """
    if ending := _END.fullmatch(text):
        return Tag(ending.group(1).lower(), end=True)
    starting = _START.fullmatch(text)
    if starting is None:
        raise UnusualError
    name, inside, slash = starting.groups()
    name = name.lower()
    end = 0
    given: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(inside):
        attribute = match.group(1).lower()
        if match.start() != end or attribute in given:
            raise UnusualError
        end = match.end()
        given[attribute] = unescape(next((v for v in match.groups()[1:] if v is not None), ""))
    if inside[end:].strip(_SPACE):
        raise UnusualError
    return make_tag(name, given, closed=slash is not None)


def make_tag(name: str, given: dict[str, str], *, closed: bool = False) -> Tag:
    """A start tag with what is wrong with its attributes."""
    return Tag(
        name,
        closed=closed or name in VOID,
        given=tuple(given.items()),
        faults=() if name in SVG_ONLY else attribute_faults(name, given, foreign=False),
        svg_faults=attribute_faults(name, given, foreign=True) if name in SVG_NAMES else (),
        noted="id" in given or not REFERRING.isdisjoint(given),
    )


def _is_sound(reference: str) -> bool:
    if not reference.endswith(";"):
        return False
    if not reference.startswith("&#"):
        return reference[1:] in html5
    digits = reference[2:-1]
    try:
        number = int(digits[1:], 16) if digits[:1] in ("x", "X") else int(digits)
    except ValueError:
        return False
    if number in (9, 10, 12):
        return True
    return 31 < number < 0x110000 and not _FORBIDDEN.search(chr(number))
