"""The manual put in its place: built beside it, looked at by the gate's rules, then exchanged."""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lpe_reports.cli.starting.placing import NOTHING
from lpe_reports.errors import CheckError, SettingsError, UsageError, is_disk_full
from lpe_reports.publish.documents import Document
from lpe_reports.publish.findings import Fault
from lpe_reports.publish.reading import read_document
from lpe_reports.publish.rules.addresses import broken_links, outside_requests
from lpe_reports.publish.rules.markup import invalid_markup
from lpe_reports.publish.rules.requests import hidden_requests
from lpe_reports.render.manual.building import lay_manual
from lpe_reports.settings import find_project
from lpe_reports.system import left_behind, remove_folder, why

# Says that a folder is a manual, and which files are its own: such a folder may be replaced.
MARK = "manual.json"
# Where a manual is built, by the process whose number it bears.
_BESIDE = r"\.manual-(\d{1,9})-[a-z0-9_]{8}"
_MOST_NAMES = 6


def put_manual(docs: Path, target: Path, version: str) -> list[str]:
    """Build the manual and put it where it belongs, whole or not at all.

    Args:
        docs: The folder of docs.
        target: Where the manual goes; an earlier one there is replaced.
        version: The version of the package.

    Returns:
        The files of the pages, the front page first.

    Raises:
        UsageError: The folder holds something else, is kept for something else, or one is in it.
        SettingsError: It cannot be written there.
        ParamsError: `index.md` does not name every page once.
        CheckError: A link leads nowhere, or a page asks another host for something.
    """
    try:
        # A link stays what it is; what it leads to is the manual's place.
        return _put(docs, target.resolve(), version)
    except OSError as error:
        if is_disk_full(error):
            raise
        raise SettingsError(
            f"the manual cannot be put in {target.as_posix()} ({why(error)}); name another folder "
            "with --out, one that you may write to"
        ) from None


def _put(docs: Path, target: Path, version: str) -> list[str]:
    _refuse_kept(target)
    _refuse_others(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target.parent)
    own = f".manual-{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=own, dir=target.parent) as beside:
        new = Path(beside) / "new"
        new.mkdir()
        pages = lay_manual(docs, new, version)
        if found := list(manual_faults(new)):
            raise CheckError("the manual is not whole, and was not built:\n" + "\n".join(found))
        about = {"format": 1, "version": version, "pages": pages, "files": _files(new)}
        (new / MARK).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
        # Building takes seconds, in which somebody may have put something there.
        _refuse_others(target)
        _exchange(new, target, Path(beside) / "old")
    return pages


def _exchange(new: Path, target: Path, old: Path) -> None:
    if target.exists():
        target.replace(old)
    try:
        new.replace(target)
    except OSError:
        if old.exists():
            old.replace(target)
        raise


def _sweep(folder: Path) -> None:
    """Remove what was being built when its process was killed."""
    for beside in left_behind(folder, _BESIDE):
        with contextlib.suppress(OSError):
            remove_folder(beside)


def manual_faults(folder: Path) -> Iterator[str]:
    """What the gate would find in a laid manual: document, rule, and the link or its line."""
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


def _refuse_kept(target: Path) -> None:
    """Pass where no other command keeps what it makes or reads, in whichever project that is."""
    for start in (None, target):
        with contextlib.suppress(SettingsError):
            project = find_project(start)
            for kept in (project.public, project.store, project.candidate, project.data):
                if target.is_relative_to(kept.resolve()):
                    raise UsageError(
                        f"{project.relative(kept)}/ is kept for what other commands make, and no "
                        "place for the manual; name another folder with --out"
                    )


def _refuse_others(target: Path) -> None:
    """Pass where nothing is, or only what an earlier manual brought along."""
    if Path.cwd().resolve().is_relative_to(target):
        raise UsageError(
            "the manual cannot take the place of the folder that you are in; name one "
            "in it with --out"
        )
    if not target.exists():
        return
    others = _others(target) if target.is_dir() else [target.name]
    if others:
        more = len(others) - _MOST_NAMES
        said = ", ".join(others[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
        raise UsageError(
            f"{target.as_posix()} holds something that is no manual: {said}. Nothing was changed; "
            "name another folder with --out, or move that away"
        )


def _others(folder: Path) -> list[str]:
    """What a folder holds beside an earlier manual; all of it where no list tells them apart."""
    files = {folder / name for name in _listed(folder / MARK)}
    own = files | {parent for path in files for parent in path.parents}
    return sorted(path.relative_to(folder).as_posix() for path in _strangers(folder, own))


def _strangers(folder: Path, own: set[Path]) -> Iterator[Path]:
    for path in folder.iterdir():
        if path in own and path.is_dir() and not path.is_symlink():
            yield from _strangers(path, own)
        elif path not in own and path.name not in NOTHING:
            yield path


def _listed(mark: Path) -> list[str]:
    """The files that a manual says are its own; none where it does not say so."""
    try:
        files = json.loads(mark.read_bytes())["files"]
    except (OSError, ValueError, TypeError, KeyError):
        return []
    texts = isinstance(files, list) and all(isinstance(name, str) for name in files)
    return [MARK, *files] if texts else []
