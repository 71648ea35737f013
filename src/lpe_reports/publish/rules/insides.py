"""Nothing of how the pages were made: tracebacks (they can hold values) and paths of a machine."""

import re
from collections.abc import Sequence

from lpe_reports.publish.reading import Document

_TRACEBACK = re.compile(
    r"Traceback \(most recent call last\)|File \"[^\"\n]+\", line \d+|<ipython-input|"
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


def tracebacks(document: Document) -> int:
    """How many marks of a traceback a document shows."""
    return _count(_TRACEBACK, document.text, _TRACEBACK_MARKS)


def local_paths(document: Document, places: Sequence[str]) -> int:
    """How many paths of a machine a document shows or leads to.

    Args:
        document: The document.
        places: Paths that must not be seen whatever they look like, the project's own for one.
    """
    leads = [reference.target for reference in document.references]
    text = document.text
    counted = sum(target.startswith("file:") for target in leads)
    for place in places:
        counted += text.count(place)
        text = text.replace(place, "")
    return counted + _count(_PATH, text, _PATH_MARKS)


def _count(pattern: re.Pattern[str], text: str, marks: Sequence[str]) -> int:
    if not any(mark in text for mark in marks):
        return 0
    return sum(1 for _ in pattern.finditer(text))
