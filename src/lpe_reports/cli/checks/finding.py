"""What a check finds, and the rules that it finds it by."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lpe_reports.cli.checks.facts import Facts
    from lpe_reports.cli.checks.notebook import Notebook

PREFIX = "lpe."


class Level(StrEnum):
    """Whether a finding ends `lpe check` with exit code 9."""

    ERROR = "error"
    NOTE = "note"


class Part(StrEnum):
    """What a rule is about, in the order of the list of rules."""

    FILE = "The notebook's file"
    PARAMETERS = "Parameters"
    LOGIC = "Logic that belongs in the package"
    SHOWN = "What is shown"
    NAMED = "What is named"
    PROJECT = "Params and the project"


@dataclass(frozen=True)
class Rule:
    """One thing that can be wrong.

    Fields:
        id: What a finding, and a comment that allows it, call it.
        part: What it is about.
        looks_for: What it finds, as a sentence of the docs begins.
        instead: What to do.
        level: Whether it stops.
        allowed: Whether one cell may be let off, with a reason.
    """

    id: str
    part: Part
    looks_for: str
    instead: str
    level: Level = Level.ERROR
    allowed: bool = True


@dataclass(frozen=True)
class Finding:
    """Something found.

    Fields:
        rule: The id of its rule.
        file: The file, as the reader knows it.
        said: What is wrong, and what to do.
        level: Whether it stops.
        cell: The notebook's cell, counted from 1.
        line: The line, from 1: of the cell, or of a file that is no notebook.
    """

    rule: str
    file: str
    said: str
    level: Level
    cell: int | None = None
    line: int | None = None

    def __str__(self) -> str:
        if self.cell is not None:
            line = f", line {self.line}" if self.line else ""
            return f"{self.file}, cell {self.cell}{line}: {self.said}"
        return f"{self.file}:{self.line}: {self.said}" if self.line else f"{self.file}: {self.said}"


@dataclass(frozen=True)
class Hit:
    """What a rule finds in a notebook; `file` where it lies in another file."""

    said: str
    cell: int | None = None
    line: int | None = None
    file: str = ""


NotebookRule = Callable[["Notebook", "Facts"], Iterable[Hit]]
RULES: dict[str, Rule] = {}
_OF_NOTEBOOKS: dict[str, NotebookRule] = {}


def rule(
    id: str,
    part: Part,
    looks_for: str,
    instead: str,
    *,
    level: Level = Level.ERROR,
    allowed: bool = True,
) -> Callable[[NotebookRule], NotebookRule]:
    """Make a function a rule that every notebook is held against; see `Rule`."""
    made = project_rule(id, part, looks_for, instead, level=level, allowed=allowed)

    def add(function: NotebookRule) -> NotebookRule:
        _OF_NOTEBOOKS[made.id] = function
        return function

    return add


def project_rule(
    id: str,
    part: Part,
    looks_for: str,
    instead: str,
    *,
    level: Level = Level.ERROR,
    allowed: bool = False,
) -> Rule:
    """A rule that something else than a function over one notebook finds by; see `Rule`."""
    made = Rule(f"{PREFIX}{id}", part, looks_for, instead, level, allowed)
    RULES[made.id] = made
    return made


def found(made: Rule, file: str, said: str, *, line: int | None = None) -> Finding:
    """A finding in a file as a whole or at a line of it."""
    return Finding(made.id, file, said, made.level, line=line)


def find_in(notebook: "Notebook", facts: "Facts") -> Iterator[Finding]:
    """What all rules find in a notebook, in the order of its cells."""
    findings = [
        Finding(id, hit.file or notebook.name, hit.said, RULES[id].level, hit.cell, hit.line)
        for id, function in _OF_NOTEBOOKS.items()
        for hit in function(notebook, facts)
    ]
    yield from sorted(findings, key=lambda one: (one.cell or 0, one.line or 0))
