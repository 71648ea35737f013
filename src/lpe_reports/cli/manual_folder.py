"""The manual put in its place: built beside it, looked at by the gate's rules, then exchanged."""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lpe_reports.errors import CheckError, UsageError
from lpe_reports.publish.documents import Document
from lpe_reports.publish.findings import Fault
from lpe_reports.publish.reading import read_document
from lpe_reports.publish.rules.addresses import broken_links, outside_requests
from lpe_reports.publish.rules.markup import invalid_markup
from lpe_reports.publish.rules.requests import hidden_requests
from lpe_reports.render.manual.building import lay_manual

# Says that a folder is a manual, which another may replace.
MARK = "manual.json"


def put_manual(docs: Path, target: Path, version: str) -> list[str]:
    """Build the manual and put it where it belongs, whole or not at all.

    Args:
        docs: The folder of docs.
        target: Where the manual goes; an earlier one there is replaced.
        version: The version of the package.

    Returns:
        The files of the pages, the front page first.

    Raises:
        UsageError: The folder holds something else, or one is in it.
        ParamsError: `index.md` does not name every page once.
        CheckError: A link leads nowhere, or a page asks another host for something.
    """
    _refuse_others(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".manual-", dir=target.parent) as beside:
        new = Path(beside) / "new"
        new.mkdir()
        pages = lay_manual(docs, new, version)
        if found := list(manual_faults(new)):
            raise CheckError("the manual is not whole, and was not built:\n" + "\n".join(found))
        about = {"format": 1, "version": version, "pages": pages}
        (new / MARK).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        if target.exists():
            target.replace(Path(beside) / "old")
        new.replace(target)
    return pages


def manual_faults(folder: Path) -> Iterator[str]:
    """What the gate would find in a laid manual: document, rule, and the link or the page's line."""
    documents = [read_document(folder / name, name) for name in _files(folder)]
    names = {document.name for document in documents}
    ids = {document.name: document.ids for document in documents}
    for document in documents:
        for fault in _faults(document):
            yield _told(document, fault.rule, fault.place)
        for reference in document.references:
            for fault in broken_links(document.name, [reference], names, ids):
                yield _told(document, fault.rule, reference.target)


def _faults(document: Document) -> Iterator[Fault]:
    if document.kind == ".html":
        for rule in (outside_requests, hidden_requests, invalid_markup):
            yield from rule(document)


def _told(document: Document, rule: str, where: str) -> str:
    """A line that names the document that the page was made of."""
    name = document.name.removesuffix(".html")
    return f"  docs/{name}.md: {rule}{f' ({where})' if where else ''}"


def _files(folder: Path) -> list[str]:
    found = (Path(where, name) for where, _, names in os.walk(folder) for name in names)
    return sorted(path.relative_to(folder).as_posix() for path in found)


def _refuse_others(target: Path) -> None:
    if Path.cwd().resolve().is_relative_to(target.resolve()):
        raise UsageError(
            "the manual cannot take the place of the folder that you are in; name one "
            "in it with --out"
        )
    if target.is_dir() and (not any(target.iterdir()) or (target / MARK).is_file()):
        return
    if target.exists():
        raise UsageError(
            f"{target.as_posix()} holds something that is no manual; name another folder "
            "with --out, or remove it"
        )
