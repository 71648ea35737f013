"""A notebook as the rules see it: cell by cell, whatever else is wrong with it."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lpe_reports.build.planning.notebooks import (
    PARAMETERS_TAG,
    Parameter,
    parameter_of,
    read_document,
)
from lpe_reports.cli.checks.code import Code, literal_texts, parse_code
from lpe_reports.settings import Project

_ALLOWED = re.compile(
    r"(?:#|<!--)\s*lpe:\s*allow\s+(?:lpe\.)?(?P<rule>[\w-]+)(?:[ \t]+because[ \t]+(?P<why>[^\n]*))?"
)
_SERIES_CALLS = ("series", "each", "measures")


@dataclass(frozen=True)
class Allowance:
    """A comment that lets a cell off a rule: its name, its reason, its line."""

    rule: str
    why: str
    line: int


@dataclass(frozen=True)
class Cell:
    """One cell.

    Fields:
        number: As its author counts, from 1.
        kind: "code", "markdown" or "raw".
        source: Its text.
        document: All of it, as the file has it.
    """

    number: int
    kind: str
    source: str
    document: Mapping[str, Any]

    @cached_property
    def code(self) -> Code:
        """Its statements; none where it is no code cell."""
        return parse_code(self.source if self.kind == "code" else "")

    @property
    def is_parameters(self) -> bool:
        tags = self.document["metadata"].get("tags", [])
        return self.kind == "code" and isinstance(tags, list) and PARAMETERS_TAG in tags

    @cached_property
    def allowances(self) -> tuple[Allowance, ...]:
        """What its author asks to be let off."""
        return tuple(
            Allowance(
                found["rule"],
                (found["why"] or "").strip().removesuffix("-->").strip(),
                self.source.count("\n", 0, found.start()) + 1,
            )
            for found in _ALLOWED.finditer(self.source)
        )


@dataclass(frozen=True)
class Call:
    """A call of the page: `p.table(…)`."""

    cell: Cell
    name: str
    node: ast.Call

    @property
    def line(self) -> int:
        return self.node.lineno


class Notebook:
    """One notebook.

    Args:
        name: As the reader knows it.
        path: Its file.
        document: What it holds, nbformat 4.
        is_utf8: Whether its file is UTF-8, as `--fix` needs it.
    """

    def __init__(
        self, name: str, path: Path, document: Mapping[str, Any], *, is_utf8: bool = True
    ) -> None:
        self.name, self.path, self.document = name, path, document
        self.is_utf8 = is_utf8
        self.cells = tuple(
            Cell(number, cell["cell_type"], _text(cell["source"]), cell)
            for number, cell in enumerate(document["cells"], start=1)
        )

    @property
    def code_cells(self) -> Iterator[Cell]:
        return (cell for cell in self.cells if cell.kind == "code")

    @property
    def own_code(self) -> Iterator[Cell]:
        """The code cells but for the parameters."""
        return (cell for cell in self.code_cells if not cell.is_parameters)

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """The parameters that are written as they must be."""
        found = [
            parameter_of(statement)
            for cell in self.code_cells
            if cell.is_parameters
            for statement in cell.code.tree.body
        ]
        return {one.name: one for one in found if one is not None}

    @cached_property
    def module_names(self) -> frozenset[str]:
        """What the notebook calls `lpe_reports.page`."""
        found = {"page"}
        for cell in self.code_cells:
            for node in cell.code.all(ast.ImportFrom):
                if node.module == "lpe_reports":
                    found |= {a.asname or a.name for a in node.names if a.name == "page"}
        return frozenset(found)

    @cached_property
    def openings(self) -> tuple[Call, ...]:
        """The calls of `page.open`."""
        return tuple(
            Call(cell, "open", node)
            for cell in self.own_code
            for node in cell.code.all(ast.Call)
            if _method_of(node, self.module_names) == "open"
        )

    @cached_property
    def page_names(self) -> frozenset[str]:
        """What the notebook calls the page that it has opened."""
        opened = {id(call.node) for call in self.openings}
        found = frozenset(
            target.id
            for cell in self.own_code
            for node in cell.code.all(ast.Assign)
            if id(node.value) in opened
            for target in node.targets
            if isinstance(target, ast.Name)
        )
        # Where the opening cell is wrong itself, all others need not be told of it.
        return found or frozenset({"p"})

    @property
    def is_whole(self) -> bool:
        """Whether all its code can be read, so that what is not there is known to be missing."""
        return not any(cell.code.fault or cell.code.magics for cell in self.code_cells)

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """All calls of the page, in the order of their cells and lines."""
        found = [
            Call(cell, name, node)
            for cell in self.own_code
            for node in cell.code.all(ast.Call)
            if (name := _method_of(node, self.page_names)) is not None
        ]
        return tuple(sorted(found, key=lambda call: (call.cell.number, call.line)))

    @cached_property
    def assigned(self) -> Mapping[str, Sequence[ast.expr]]:
        """What each name of the notebook is given, wherever it is."""
        found: dict[str, list[ast.expr]] = {}
        for cell in self.own_code:
            for node in cell.code.all(ast.Assign):
                for target in node.targets:
                    for part in ast.walk(target):
                        if isinstance(part, ast.Name):
                            found.setdefault(part.id, []).append(node.value)
        return found

    @cached_property
    def series_names(self) -> frozenset[str]:
        """The names of what `p.series`, `p.each` and `p.measures` gave."""
        return self._names_of(_SERIES_CALLS)

    @cached_property
    def _names_of_units(self) -> frozenset[str]:
        """The names of what `p.each` gave."""
        return self._names_of(("each",))

    def holds_series(self, node: ast.AST) -> bool:
        """Whether an expression is made of series, which say themselves whom they are about."""
        names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        return bool(names & self.series_names) or self._asks(node, _SERIES_CALLS)

    def holds_units(self, node: ast.AST) -> bool:
        """Whether it is made of series of several units, which together say of none."""
        names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
        return bool(names & self._names_of_units) or self._asks(node, ("each",))

    def _names_of(self, calls: tuple[str, ...]) -> frozenset[str]:
        """The names of what some calls gave."""
        return frozenset(
            name
            for name, values in self.assigned.items()
            if any(self._asks(value, calls) for value in values)
        )

    def _asks(self, node: ast.AST, calls: tuple[str, ...]) -> bool:
        return any(
            _method_of(part, self.page_names) in calls
            for part in ast.walk(node)
            if isinstance(part, ast.Call)
        )

    @cached_property
    def _settings_of_names(self) -> Mapping[str, Sequence[str]]:
        """The keys of `p.settings` that a name stands for, each once."""
        return {
            name: tuple(
                dict.fromkeys(
                    key
                    for value in values
                    if not isinstance(value, ast.Name)
                    for key in self.settings_in(value)
                )
            )
            for name, values in self.assigned.items()
        }

    def settings_in(self, node: ast.AST | None) -> Iterator[str]:
        """The keys of `p.settings` that an expression stands for, by a name of its own too."""
        if isinstance(node, ast.Name):
            yield from self._settings_of_names.get(node.id, ())
        elif isinstance(node, ast.Subscript) and self._is_settings(node.value):
            yield from (part.value for part in literal_texts(node.slice))
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "get"
            and self._is_settings(node.func.value)
        ):
            yield from (part.value for part in literal_texts(node.args[0] if node.args else None))

    def _is_settings(self, node: ast.AST) -> bool:
        return (
            isinstance(node, ast.Attribute)
            and node.attr == "settings"
            and isinstance(node.value, ast.Name)
            and node.value.id in self.page_names
        )


def open_notebook(path: Path, project: Project) -> Notebook:
    """The notebook of a file, as far as it is one.

    Raises:
        NotebookError: It is none.
    """
    name = project.relative(path)
    document = read_document(path, name)
    try:
        path.read_bytes().decode()
    except UnicodeDecodeError:
        # (JSON may be UTF-16, too.)
        return Notebook(name, path, document, is_utf8=False)
    return Notebook(name, path, document)


def _method_of(node: ast.Call, names: frozenset[str]) -> str | None:
    """The method that a call asks of one of some names."""
    function = node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.attr if function.value.id in names else None
    return None


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
