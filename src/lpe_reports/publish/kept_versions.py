"""Where a page of the candidate and the same page in a version that is kept tell different things:
cells that one hides and the other shows.

What is hidden of a time that is over stays hidden, so such a difference is of a time that was
under way, or of a correction made before. It is no fault of the candidate, and nobody can take
it back from the versions; whoever publishes shall know of it. Never is a value told.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lpe_reports.publish.catalogue import list_versions
from lpe_reports.publish.tree import digest_of, stored_digests
from lpe_reports.settings import Project

_TEXT = {"text", "week", "month", "period", "date"}
_SUFFIX = ".json"
# More lines than this help nobody at a terminal.
_TOLD = 5

Cell = tuple[str, ...]  # table, the row's texts, which of the rows with these texts, column


@dataclass(frozen=True, order=True)
class Difference:
    """One page in the candidate and as some kept versions have it.

    Fields:
        page: The page's address.
        versions: The kept versions that have it so, the newest first.
        count: How many cells one hides and the other shows.
    """

    page: str
    versions: tuple[str, ...]
    count: int

    def __str__(self) -> str:
        more = f" and {len(self.versions) - 1} more" if len(self.versions) > 1 else ""
        return f"{self.page}: {self.count} cells, version {self.versions[0]}{more}"

    def to_json(self) -> dict[str, Any]:
        """As `build/gate.json` tells it."""
        return {"page": self.page, "versions": list(self.versions), "count": self.count}


def differing_pages(project: Project, candidate: Path) -> list[Difference]:
    """The pages of which a kept version hides what the candidate shows, or shows what it hides.

    Args:
        project: The project.
        candidate: The candidate's folder.
    """
    versions = [version.id for version in list_versions(project)]
    folders = {version: project.public / "v" / version for version in versions}
    digests = {version: stored_digests(folder) for version, folder in folders.items()}
    found = []
    for name in _pages(candidate):
        own = digest_of(candidate / name)
        earlier: dict[str, list[str]] = {}
        for version in versions:
            digest = digests[version].get(name)
            if digest is not None and digest != own:
                earlier.setdefault(digest, []).append(version)
        if earlier:
            now = _cells(candidate / name)
            for having in earlier.values():
                count = _revealing(now, _cells(folders[having[0]] / name))
                if count:
                    page = f"{name.removesuffix(_SUFFIX)}.html"
                    found.append(Difference(page, tuple(having), count))
    return sorted(found)


def differences_text(found: Sequence[Difference]) -> list[str]:
    """The differences in a few lines; nothing where there is none."""
    if not found:
        return []
    pages = len({each.page for each in found})
    lines = [f"  {each}" for each in found[:_TOLD]]
    if len(found) > _TOLD:
        lines.append(f"  … and {len(found) - _TOLD} more; build/gate.json has them all")
    return [
        f"{pages} pages hide what a kept version shows, or show what it hides; this stops nothing:",
        *lines,
    ]


def _pages(candidate: Path) -> Iterator[str]:
    """The JSON files of the candidate's pages."""
    for path in sorted(candidate.rglob(f"*{_SUFFIX}")):
        if path.with_suffix(".html").is_file():
            yield path.relative_to(candidate).as_posix()


def _revealing(one: Mapping[Cell, bool], other: Mapping[Cell, bool]) -> int:
    return sum(one[cell] != other[cell] for cell in one.keys() & other.keys())


def _cells(path: Path) -> dict[Cell, bool]:
    """The cells of a page that have a value or are hidden, and whether they are hidden."""
    try:
        page = json.loads(path.read_bytes())
        found = dict(_table_cells(page["tables"]))
        for figure in page["key_figures"]:
            if figure["hidden"] or figure["value"] is not None:
                found["", str(figure["id"])] = bool(figure["hidden"])
    except (OSError, ValueError, KeyError, TypeError):
        # Of another form, or not whole: the gate and the version's digests tell of that.
        return {}
    return found


def _table_cells(tables: list[dict[str, Any]]) -> Iterator[tuple[Cell, bool]]:
    for table in tables:
        columns = table["columns"]
        heads = [place for place, column in enumerate(columns) if column["type"] in _TEXT]
        hidden = {(int(row), int(column)) for row, column in table["hidden"]}
        seen: Counter[Cell] = Counter()
        for number, row in enumerate(table["rows"]):
            texts = tuple(str(row[place]) for place in heads)
            seen[texts] += 1
            for place, value in enumerate(row):
                is_hidden = (number, place) in hidden
                if place not in heads and (is_hidden or value is not None):
                    cell = (table["id"], *texts, str(seen[texts]), columns[place]["id"])
                    yield cell, is_hidden
