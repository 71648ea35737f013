"""The files of a candidate are looked at side by side: page by page, in two processes."""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Self

from lpe_reports.publish.documents import Document, Reference
from lpe_reports.publish.findings import Fault, Finding, gather
from lpe_reports.publish.masking import masked
from lpe_reports.publish.passed import PassedPages, page_key
from lpe_reports.publish.reading import documents_of
from lpe_reports.publish.rules.chosen import Rules, rules_of
from lpe_reports.publish.rules.secrets import project_secrets
from lpe_reports.settings import Project

# A second process costs half a second to begin; fewer bytes are looked at sooner without it.
_WORTH_A_PROCESS = 8 * 1024 * 1024


@dataclass
class Looked:
    """What has been found, and what later rules need to know of the files.

    Fields:
        findings: Of the rules that look at a file, or at the files of a page.
        ids: Of each page, for links to a place in it.
        references: Of each file, those that lead to others.
        pages: How many pages were looked at.
        as_before: How many were not, since they had passed as they are.
    """

    findings: list[Finding] = field(default_factory=list)
    ids: dict[str, set[str]] = field(default_factory=dict)
    references: dict[str, list[Reference]] = field(default_factory=dict)
    pages: int = 0
    as_before: int = 0

    def add(self, other: Self) -> None:
        """What was found elsewhere, too."""
        self.findings += other.findings
        self.pages += other.pages
        self.as_before += other.as_before
        self.ids |= other.ids
        self.references |= other.references

    def to_json(self) -> str:
        """For another process, or another time."""
        return json.dumps(
            {
                "findings": [finding.to_json() for finding in self.findings],
                "ids": {name: sorted(ids) for name, ids in self.ids.items()},
                "references": {
                    name: [[each.kind, each.target, each.place] for each in references]
                    for name, references in self.references.items()
                },
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """As it was written; of one page."""
        body = json.loads(text)
        return cls(
            [Finding(**{**each, "places": tuple(each["places"])}) for each in body["findings"]],
            {name: set(ids) for name, ids in body["ids"].items()},
            {
                name: [Reference(*each) for each in all_]
                for name, all_ in body["references"].items()
            },
            pages=1,
        )


def look(
    candidate: Path, project: Project, names: Sequence[str], *, remember: bool = False
) -> Looked:
    """Look at files of a candidate with all rules that need no more than the files of a page.

    Args:
        candidate: The candidate's folder.
        project: The project whose candidate it is.
        names: The files, by their paths in the candidate.
        remember: Leave out pages that have passed as they are, and remember those that do now.
    """
    secrets = project_secrets(project, os.environ)
    groups = list(_pages(names).values())
    looked = Looked()
    if not remember:
        for page in _look_side_by_side(candidate, project, secrets, groups):
            looked.add(page)
        return looked
    passed = PassedPages(project, secrets)
    keys = {tuple(group): page_key(candidate, group) for group in groups}
    clean: dict[str, str] = {}
    new = []
    for group in groups:
        key = keys[tuple(group)]
        if key is None or (noted := passed.get(key)) is None:
            new.append(group)
        else:
            clean[key] = noted
            looked.add(replace(Looked.from_json(noted), pages=0, as_before=1))
    for group, page in zip(new, _look_side_by_side(candidate, project, secrets, new), strict=True):
        key = keys[tuple(group)]
        # What another process did not come to has no findings either.
        if key is not None and page.pages and not page.findings:
            clean[key] = page.to_json()
        looked.add(page)
    passed.remember(clean)
    return looked


def _look_side_by_side(
    candidate: Path, project: Project, secrets: tuple[str, ...], groups: Sequence[list[str]]
) -> list[Looked]:
    """What is found in the files of each group, in the order of the groups."""
    sizes = [_size(candidate, group) for group in groups]
    if sum(sizes) < _WORTH_A_PROCESS:
        rules = rules_of(project, secrets)
        return [_look_at(candidate, rules, group) for group in groups]
    halves: tuple[list[int], list[int]] = ([], [])
    filled = [0, 0]
    for number in sorted(range(len(groups)), key=lambda each: -sizes[each]):
        lighter = filled.index(min(filled))
        halves[lighter].append(number)
        filled[lighter] += sizes[number]
    here, there = ([groups[number] for number in half] for half in halves)
    found = _look_in_two(candidate, project, secrets, here, there)
    by_number = dict(zip((*halves[0], *halves[1]), found, strict=True))
    return [by_number[number] for number in range(len(groups))]


def _look_in_two(
    candidate: Path,
    project: Project,
    secrets: tuple[str, ...],
    here: Sequence[list[str]],
    there: Sequence[list[str]],
) -> list[Looked]:
    """What is found by this process and by another."""
    order = {
        "candidate": str(candidate),
        "root": str(project.root),
        "groups": there,
        "secrets": secrets,
    }
    with subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            # One that died at once is told of below.
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(json.dumps(order))
                child.stdin.close()
            rules = rules_of(project, secrets)
            looked = [_look_at(candidate, rules, group) for group in here]
            said = child.stdout.read()
        except BaseException:
            child.kill()
            raise
    try:
        found = [Looked.from_json(page) for page in json.loads(said)]
        return [*looked, *(page for _, page in zip(there, found, strict=True))]
    except (ValueError, KeyError, TypeError):
        # It died, and nobody knows at which file: what has not been looked at must not leave.
        left = [name for group in there for name in group]
        unseen = Finding(masked(left[0]), "files that nobody could look at", len(left))
        return [*looked, Looked([unseen]), *(Looked() for _ in there[1:])]


def _look_at(candidate: Path, rules: Rules, group: Sequence[str]) -> Looked:
    """What is found in the files of a page."""
    looked = Looked(pages=1)
    # All texts of a large site together would take more memory than a night may have: they are
    # let go of with each page.
    documents: dict[str, Document] = {}
    for name in group:
        for document in documents_of(candidate / name, name):
            looked.findings += told(document.name, _faults(document, rules))
            if not document.inner:
                documents[name] = document
                looked.ids[name] = document.ids
                looked.references[name] = document.references
    for rule in rules.of_pages:
        by_file: dict[str, list[Fault]] = {}
        try:
            for name, fault in rule(documents):
                by_file.setdefault(name, []).append(fault)
        except Exception:
            by_file.setdefault(group[0], []).append(_crashed(rule))
        for name, faults in by_file.items():
            looked.findings += told(name, faults)
    return looked


def _faults(document: Document, rules: Rules) -> Iterator[Fault]:
    yield from document.faults
    for rule in rules.of_files:
        try:
            yield from rule(document)
        except Exception:
            yield _crashed(rule)


def _crashed(rule: object) -> Fault:
    """A rule that could not look has not let anything through."""
    name = getattr(rule, "__qualname__", type(rule).__name__).partition(".")[0]
    return Fault(f"rule that failed: {name}")


def told(name: str, faults: Iterable[Fault]) -> list[Finding]:
    """The findings of a file, in whose name and places nobody is named either."""
    found = [Fault(masked(rule), masked(place)) for rule, place in faults]
    # Most files have none, and to look a name through for secrets takes its time.
    return gather(masked(name), found) if found else []


def _pages(names: Sequence[str]) -> Mapping[str, list[str]]:
    """The files page by page: 2024.html, 2024.json, …, and those of the folder 2024."""
    pages = {PurePosixPath(name).with_suffix("").as_posix() for name in names if ".html" in name}
    found: dict[str, list[str]] = {}
    for name in names:
        path = PurePosixPath(name)
        folder = path.parent.as_posix()
        page = folder if folder in pages else path.with_suffix("").as_posix()
        found.setdefault(page, []).append(name)
    return found


def _size(candidate: Path, group: Iterable[str]) -> int:
    total = 0
    for name in group:
        try:
            total += (candidate / name).stat().st_size
        except OSError:
            # Its reader tells.
            continue
    return total


def main() -> None:
    """Look at the files that standard input names, and write what was found."""
    order: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    project = Project(Path(order["root"]))
    rules = rules_of(project, tuple(order["secrets"]))
    candidate = Path(order["candidate"])
    found = [_look_at(candidate, rules, group).to_json() for group in order["groups"]]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
