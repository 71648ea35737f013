"""Pictures have words for those who cannot see them, and words that say something."""

import re
from collections.abc import Iterator
from html import unescape

from lpe_reports.publish.documents import Document
from lpe_reports.publish.findings import Fault
from lpe_reports.publish.kinds.pdf_parts import written_parts

_UNNAMED = "picture without words"
_ROLE = ' role="img"'
_CHART = re.compile(r'<figure\b[^>]*\bclass="chart[ "]')
_NAMED = re.compile(r"<(?:svg|img)\b[^>]*\s(?:aria-label|alt)=\"\s*[^\"\s]")
_TITLE = re.compile(r"\s*<title[^>]*>\s*[^<\s]")
_CALLED = re.compile(r"\s(?:aria-label|aria-labelledby|alt|title)=\"\s*[^\"\s]")
_PRESSED = (
    re.compile(r"<area\b[^>]*\shref=[^>]*>"),
    re.compile(r"<input\b[^>]*\stype=\"image\"[^>]*>"),
)
_ALT = re.compile(
    r"<(?:img|svg)\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*?\s(?:alt|aria-label)=(?:\"([^\"]*)\"|'([^']*)')"
)
_SAYS_NOTHING = re.compile(
    r"(?:bild|image|img|picture|figur|figure|diagram|graf|chart|plot|foto|ikon|logo|alt|alt ?text)"
    r"[ _-]*\d*|\S+\.(?:svg|png|jpe?g|gif|webp)",
    re.IGNORECASE,
)
_FIGURE = re.compile(rb"/S\s*/Figure\b")
_DESCRIBED = re.compile(rb"/(?:Alt|ActualText)\s*(?:\(\s*[^)\s]|<\s*[0-9A-Fa-f])")


def unnamed_pictures(document: Document) -> Iterator[Fault]:
    """The pictures of a page or a PDF that have no words, or words that say nothing."""
    for place in document.unnamed:
        yield Fault(_UNNAMED, place)
    if document.kind == ".html":
        yield from _in_page(document)
    elif document.kind == ".pdf":
        missing = _figures_without_words(document.content)
        yield from [Fault(_UNNAMED)] * missing


def _in_page(document: Document) -> Iterator[Fault]:
    """What the reader of pages lets pass: an empty alt says that a picture only decorates."""
    source = document.source
    for chart in _CHART.finditer(source):
        end = source.find("</figure>", chart.end())
        if not _NAMED.search(source, chart.end(), end if end >= 0 else len(source)):
            yield Fault("chart without words", document.line(chart.start()))
    for start, end in _images(source):
        if not _TITLE.match(source, end) and not _CALLED.search(source, start, end):
            yield Fault(_UNNAMED, document.line(start))
    for pattern in _PRESSED:
        for match in pattern.finditer(source):
            if not _CALLED.search(match.group()):
                yield Fault(_UNNAMED, document.line(match.start()))
    for match in _ALT.finditer(source):
        if _SAYS_NOTHING.fullmatch(unescape(match[1] or match[2] or "").strip()):
            yield Fault("picture whose words say nothing", document.line(match.start()))


def _images(source: str) -> Iterator[tuple[int, int]]:
    """Where the tags of elements stand that say they are pictures; those that always are, apart."""
    at = source.find(_ROLE)
    while at >= 0:
        start, end = source.rfind("<", 0, at), source.find(">", at) + 1
        # (The reader of pages has looked at these.)
        if not source.startswith(("<svg", "<img"), start):
            yield start, end
        at = source.find(_ROLE, at + 1)


def _figures_without_words(content: bytes) -> int:
    """How many figures of a tagged PDF have no alternative text."""
    plain, *packed = written_parts(content)
    missing = 0
    # Most of a tagged PDF is what belongs to its tables: only figures' own objects are read whole.
    for found in _FIGURE.finditer(plain):
        start = plain.rfind(b" obj", 0, found.start())
        end = plain.find(b"endobj", found.end())
        missing += not _DESCRIBED.search(plain, max(start, 0), end if end >= 0 else len(plain))
    for objects in packed:
        figures, described = _FIGURE.findall(objects), _DESCRIBED.findall(objects)
        missing += max(0, len(figures) - len(described))
    return missing
