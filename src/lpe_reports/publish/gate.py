"""The gate: what is built is scanned before it may be published.

A finding names page, rule and count, never the value; the candidate stays for inspection and
the published site is untouched.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from lpe_reports.errors import GateError
from lpe_reports.publish.documents import Document, Rule
from lpe_reports.publish.findings import Fault, Finding, gather
from lpe_reports.publish.reading import read_document
from lpe_reports.publish.rules.addresses import broken_links, outside_requests
from lpe_reports.publish.rules.insides import local_paths, tracebacks
from lpe_reports.publish.rules.people import personal_numbers, rekeyed_ids
from lpe_reports.settings import Project

# More lines than this help nobody at a terminal.
_TOLD = 20
# Paths shorter than this (a project in /) would be found in any text.
_SHORTEST_PLACE = 6


def inspect(candidate: Path, project: Project) -> list[Finding]:
    """Scan every file of a candidate.

    Args:
        candidate: The candidate's folder.
        project: The project, whose place on the machine must not be told.
    """
    rules = rules_of(project)
    files: set[str] = set()
    linking: list[Document] = []
    found: list[Finding] = []
    for name, path in _files(candidate):
        files.add(name)
        document = read_document(path, name)
        if document is None:
            continue
        found += gather(name, _faults(document, rules))
        # All texts of a large site together would take more memory than a night may have.
        document.text, document.source, document.content = "", "", b""
        linking.append(document)
    ids = {document.name: document.ids for document in linking}
    for document in linking:
        found += gather(document.name, broken_links(document, files, ids))
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


def rules_of(project: Project) -> tuple[Rule, ...]:
    """The rules that look at one file at a time."""
    places = [place for place in _places(project) if len(place) >= _SHORTEST_PLACE]
    return (
        outside_requests,
        personal_numbers,
        rekeyed_ids,
        tracebacks,
        local_paths(places),
        unnamed_pictures,
    )


def unnamed_pictures(document: Document) -> Iterator[Fault]:
    """The pictures of a page that have no words for those who cannot see them."""
    for place in document.unnamed:
        yield Fault("picture without words", place)


def _faults(document: Document, rules: Sequence[Rule]) -> Iterator[Fault]:
    yield from document.faults
    for rule in rules:
        yield from rule(document)


def _places(project: Project) -> list[str]:
    return sorted({str(project.root), str(project.root.resolve())})


def _files(candidate: Path) -> Iterator[tuple[str, Path]]:
    for folder, folders, names in os.walk(candidate):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            yield path.relative_to(candidate).as_posix(), path
