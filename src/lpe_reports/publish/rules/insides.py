"""Nothing of how the pages were made: tracebacks (they can hold values) and paths of a machine."""

import re
from collections.abc import Iterator, Sequence

from lpe_reports.publish.documents import Document, Rule
from lpe_reports.publish.findings import Fault

_PATH_RULE = "path of a machine"
_TRACEBACK = re.compile(
    r"Traceback \(most recent call last\)|File \"[^\"\n\x1f]+\", line \d+|<ipython-input|"
    r"ipykernel_\d+|Cell In\s*\[\d+\], line \d+|\x1b\[[0-9;]+m"
)
_PATH = re.compile(
    r"(?<![\w/.:])/(?:home|root|Users|tmp|var|mnt|opt|srv|private|etc|usr)/[\w.-]+|"
    r"(?<!\w)[A-Za-z]:\\[\w.-]+|\\\\[\w.-]+\\[\w.$-]+|file://"
)

# Looking for a fixed text is many times faster than for a pattern, and finds nothing in nearly
# every document; each pattern above holds one of these.
_TRACEBACK_MARKS = ("Traceback (", 'File "', "ipython-input", "ipykernel_", "Cell In", "\x1b[")
_PATH_MARKS = (
    "/home/", "/root/", "/Users/", "/tmp/", "/var/", "/mnt/", "/opt/", "/srv/", "/private/",
    "/etc/", "/usr/", ":\\", "\\\\", "file://",
)  # fmt: skip


def tracebacks(document: Document) -> Iterator[Fault]:
    """The marks of a traceback that a document shows."""
    for start in _found(_TRACEBACK, document.text, _TRACEBACK_MARKS):
        yield Fault("traceback", document.place(start))


def local_paths(places: Sequence[str]) -> Rule:
    """A rule that finds the paths of a machine that a document shows or leads to.

    Args:
        places: Paths that must not be seen whatever they look like, the project's own for one.
    """

    def look(document: Document) -> Iterator[Fault]:
        for reference in document.references:
            if reference.target.startswith("file:"):
                yield Fault(_PATH_RULE, reference.place)
        text = document.text
        for place in places:
            start = text.find(place)
            while start >= 0:
                yield Fault(_PATH_RULE, document.place(start))
                start = text.find(place, start + 1)
            # As long as it was, so that the places of what follows stay right.
            text = text.replace(place, " " * len(place))
        for start in _found(_PATH, text, _PATH_MARKS):
            yield Fault(_PATH_RULE, document.place(start))

    return look


def _found(pattern: re.Pattern[str], text: str, marks: Sequence[str]) -> Iterator[int]:
    if any(mark in text for mark in marks):
        yield from (match.start() for match in pattern.finditer(text))
