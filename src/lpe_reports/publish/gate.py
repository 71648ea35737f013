"""The gate: what is built is scanned before it may be published.

A finding names page, rule and count, never the value; the candidate stays for inspection and
the published site is untouched.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lpe_reports.errors import GateError
from lpe_reports.publish.reading import Document, read_document
from lpe_reports.publish.rules.addresses import broken_links, outside_requests
from lpe_reports.publish.rules.insides import local_paths, tracebacks
from lpe_reports.publish.rules.people import personal_numbers, rekeyed_ids
from lpe_reports.settings import Project

# More lines than this help nobody at a terminal.
_TOLD = 20
# Paths shorter than this (a project in /) would be found in any text.
_SHORTEST_PLACE = 6


@dataclass(frozen=True, order=True)
class Finding:
    """What a rule found in one file of the candidate."""

    page: str
    rule: str
    count: int

    def __str__(self) -> str:
        return f"{self.page}: {self.rule} ({self.count})"


def inspect(candidate: Path, project: Project) -> list[Finding]:
    """Scan every file of a candidate.

    Args:
        candidate: The candidate's folder.
        project: The project, whose place on the machine must not be told.
    """
    places = [place for place in _places(project) if len(place) >= _SHORTEST_PLACE]
    files: set[str] = set()
    linking: list[Document] = []
    found: list[Finding] = []
    for name, path in _files(candidate):
        files.add(name)
        document = read_document(path, name)
        if document is None:
            continue
        found += _findings(document, _count_rules(document, places))
        # All texts of a large site together would take more memory than a night may have.
        document.text = ""
        linking.append(document)
    ids = {document.name: document.ids for document in linking}
    for document in linking:
        found += _findings(document, broken_links(document, files, ids))
    return sorted(found)


def pass_gate(candidate: Path, project: Project) -> None:
    """Pass when nothing is found.

    Raises:
        GateError: Lists page, rule and count.
    """
    found = inspect(candidate, project)
    if not found:
        return
    pages = len({finding.page for finding in found})
    lines = [f"  {finding}" for finding in found[:_TOLD]]
    if len(found) > _TOLD:
        lines.append(f"  … and {len(found) - _TOLD} more findings")
    raise GateError(
        f"the gate found what must not leave, in {pages} of the candidate's files; nothing was "
        f"published, the candidate stays in {project.relative(candidate)}\n" + "\n".join(lines)
    )


def _count_rules(document: Document, places: Sequence[str]) -> Iterator[tuple[str, int]]:
    yield "request to another host", outside_requests(document)
    yield "personal identity number", personal_numbers(document)
    yield "re-keyed id", rekeyed_ids(document)
    yield "traceback", tracebacks(document)
    yield "path of a machine", local_paths(document, places)
    yield "picture without words", document.unnamed


def _findings(document: Document, rules: Iterable[tuple[str, int]]) -> list[Finding]:
    return [Finding(document.name, rule, count) for rule, count in rules if count]


def _places(project: Project) -> list[str]:
    return sorted({str(project.root), str(project.root.resolve())})


def _files(candidate: Path) -> Iterator[tuple[str, Path]]:
    for folder, folders, names in os.walk(candidate):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            yield path.relative_to(candidate).as_posix(), path
