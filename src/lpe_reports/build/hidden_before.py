"""What the versions that are still kept hide of times that are over: that stays hidden.

Each version says it in its own `hidden.json`: {page address: [keys of groups]}. Versions share
the files that did not change, so most of them are read once for many versions.
"""

import hashlib
import json
from pathlib import Path

from lpe_reports.disclosure.decisions import Decisions
from lpe_reports.settings import Project

HIDDEN_FILE = "hidden.json"


def hidden_before(project: Project, stored: Decisions) -> tuple[frozenset[str], str]:
    """The groups that kept versions hide, and a digest of the files that say so.

    Args:
        project: The project.
        stored: What was decided before; its groups are taken where no file has changed since,
            and are kept beside the others where one cannot be read.
    """
    files = sorted((project.public / "v").glob(f"*/{HIDDEN_FILE}"))
    stamp = _stamp(files)
    if stamp == stored.versions:
        return stored.kept, stamp
    keys: set[str] = set()
    seen: set[tuple[int, int]] = set()
    for file in files:
        found = file.stat()
        if (found.st_dev, found.st_ino) in seen:
            continue
        seen.add((found.st_dev, found.st_ino))
        pages = read_hidden(file.parent)
        if pages is None:
            keys |= stored.kept
        else:
            keys.update(key for hidden in pages.values() for key in hidden)
    return frozenset(keys), stamp


def read_hidden(version: Path) -> dict[str, list[str]] | None:
    """What the pages of a version hide, by address; None when it does not say, or not whole."""
    try:
        pages = json.loads((version / HIDDEN_FILE).read_bytes())
        return {str(page): [str(key) for key in keys] for page, keys in pages.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _stamp(files: list[Path]) -> str:
    found = [(file.parent.name, file.stat()) for file in files]
    told = [(name, facts.st_ino, facts.st_size, facts.st_mtime_ns) for name, facts in found]
    return hashlib.sha256(repr(told).encode()).hexdigest() if told else ""
