"""Nothing of how the pages were made: tracebacks (they can hold values) and paths of a machine."""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from urllib.parse import unquote

from lpe_reports.publish.documents import Document, Rule, words_of
from lpe_reports.publish.findings import Fault

_PATH_RULE = "path of a machine"
_SCRIPTS = (".js", ".mjs")
_TRACEBACK = re.compile(
    r"Traceback \(most recent call last\)|File \"[^\"\n\x1f]+\", line \d+|<ipython-input|"
    r"ipykernel_\d+|Cell In\s*\[\d+\], line \d+|\x1b\[[0-9;]+m"
)
# How Python says what went wrong, with what it went wrong for. (Scripts say so in their own texts.)
_ERROR = re.compile(
    r"(?<![\w\"'`])(?:\w+\.)*(?:Assertion|Attribute|Catalog|Computation|Database|DuckDB|"
    r"FileNotFound|Import|Index|Integrity|Key|Lookup|ModuleNotFound|Name|OS|Operational|Overflow|"
    r"Parser|Permission|Programming|Runtime|Schema|Type|Unicode\w{6}|Value|ZeroDivision)"
    r"(?:Error|Exception): \S"
)
_PATH = re.compile(
    r"(?<![\w/.])(?<!:/)/(?:home|root|Users|tmp|var|mnt|opt|srv|private|etc|usr|Volumes|workspace)"
    r"/[\w.-]+|"
    r"(?<![\w/.:])/(?:app|data|builds)/(?:[\w.-]+/)*[\w-]+"
    r"\.(?:py|ipynb|parquet|duckdb|db|ya?ml|csv|xlsx)(?!\w)|"
    r"(?<!\w)[A-Za-z]:(?:\\{1,2}[\w.-]|/(?:Users|Windows|Temp|Program Files|ProgramData)/)[\w.-]*|"
    r"\\{2,4}[\w.-]+\\{1,2}[\w.$-]+|file://"
)

# Looking for a fixed word is many times faster than for a pattern, and finds nothing in nearly
# every document; what a pattern above finds holds one of these.
_TRACEBACK_MARKS = (b"traceback", b'py"', b'>"', b"ipython-input", b"ipykernel_", b"cell", b"\x1b")
_ERROR_MARKS = (b"error:", b"exception:")
_PATH_MARKS = (
    b"/home/", b"/root/", b"/users/", b"/tmp/", b"/var/", b"/mnt/", b"/opt/", b"/srv/",
    b"/private/", b"/etc/", b"/usr/", b"/volumes/", b"/workspace/", b"/app/", b"/data/",
    b"/builds/", b":/windows/", b":/temp/", b":/program", b":\\", b"\\\\", b"file://",
)  # fmt: skip


def tracebacks(document: Document) -> Iterator[Fault]:
    """The marks of a traceback that a document shows."""
    patterns = []
    if any(mark in document.words for mark in _TRACEBACK_MARKS):
        patterns.append(_TRACEBACK)
    said = any(mark in document.words for mark in _ERROR_MARKS)
    if said and document.kind not in _SCRIPTS:
        patterns.append(_ERROR)
    for pattern in patterns:
        for match in pattern.finditer(document.text):
            yield Fault("traceback", document.place(match.start()))


def local_paths(places: Sequence[str]) -> Rule:
    """A rule that finds the paths of a machine that a document shows or leads to.

    Args:
        places: Paths that must not be seen whatever they look like, the project's own for one.
    """

    def look(document: Document) -> Iterator[Fault]:
        for reference in document.references:
            target = unquote(reference.target)
            if target.startswith("file:") or any(place in target for place in places):
                yield Fault(_PATH_RULE, reference.place)
        text = document.text
        for place in places:
            start = text.find(place)
            while start >= 0:
                yield Fault(_PATH_RULE, document.place(start))
                start = text.find(place, start + 1)
            # As long as it was, so that the places of what follows stay right.
            text = text.replace(place, " " * len(place))
        if any(mark in document.words for mark in _PATH_MARKS):
            for match in _PATH.finditer(text):
                yield Fault(_PATH_RULE, document.place(match.start()))
        yield from _in_markup(document, places)

    return look


def _in_markup(document: Document, places: Sequence[str]) -> Iterator[Fault]:
    """Paths in what a page's markup holds beside its text, and in a workbook's own notes."""
    for name, source in document.markup.items():
        words = words_of(source) if name else b""
        if any(mark in words for mark in _PATH_MARKS):
            yield from [Fault(_PATH_RULE, name)] * len(_PATH.findall(unescape(source)))
        elif not name and any(place in source and place not in document.text for place in places):
            yield Fault(_PATH_RULE)
