"""Names of shared files: `<name>.<ten signs of a digest>.<ext>`."""

import re
from collections.abc import Iterable
from pathlib import Path

_NAMED = re.compile(rb"[\w-]+\.[0-9a-f]{10}\.\w+")
# Of the shared files, those that name others.
_LEADING = {".css", ".js"}


def names_in(text: bytes) -> set[str]:
    """The shared files that a page, stylesheet or script names."""
    return {name.decode() for name in _NAMED.findall(text)}


def names_used(pages: Iterable[Path], assets: Path) -> set[str]:
    """The shared files that pages use, with those that their stylesheets and scripts use.

    Args:
        pages: The HTML files; one that many versions link to is read once.
        assets: The folder of the shared files.
    """
    read: set[tuple[int, int]] = set()
    used: set[str] = set()
    for page in pages:
        found = page.stat()
        if (found.st_dev, found.st_ino) not in read:
            read.add((found.st_dev, found.st_ino))
            used |= names_in(page.read_bytes())
    waiting = list(used)
    while waiting:
        path = assets / waiting.pop()
        if path.suffix in _LEADING and path.is_file():
            more = names_in(path.read_bytes()) - used
            used |= more
            waiting += more
    return used
