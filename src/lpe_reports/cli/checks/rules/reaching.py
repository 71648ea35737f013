"""Ways out of what a notebook is given: modules inside modules, and the page made another."""

import ast
import re
from collections.abc import Iterator

from lpe_reports.cli.checks.facts import Facts
from lpe_reports.cli.checks.finding import Hit, Part, rule
from lpe_reports.cli.checks.notebook import Notebook

_INSIDES = ("getattr", "setattr", "delattr", "vars", "globals", "locals", "__import__")
_MODULES = ("os", "sys", "subprocess", "builtins", "importlib", "shutil", "ctypes", "socket")
_DUNDER = re.compile(r"__\w+__")


@rule(
    "way-out",
    Part.LOGIC,
    "A module inside another (`pd.io.common.os`), a name or attribute `__…__`, or `getattr`, "
    "`vars` and their like.",
    "Take it away; what a run needs is in the package.",
)
def ways_out(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """They reach whatever the interpreter has, past every other rule."""
    for cell in notebook.code_cells:
        for node in cell.code.nodes:
            for name in _leading_out(node):
                said = f"'{name}' reaches past what a notebook is given; take it away"
                yield Hit(said, cell.number, getattr(node, "lineno", None))


def _leading_out(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id] if node.id in _INSIDES or _DUNDER.fullmatch(node.id) else []
    names = [node.attr] if isinstance(node, ast.Attribute) else []
    names += [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
    return [name for name in names if name in _MODULES or _DUNDER.fullmatch(name)]


@rule(
    "page-changed",
    Part.LOGIC,
    "Something of the page or of `lpe_reports.page` that is given another value: `p.protect = …`.",
    "Take it away; what the page should do otherwise is changed in the package.",
)
def page_changed(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """Disclosure control and provenance hold for a page as the package makes it."""
    names = notebook.page_names | notebook.module_names
    for cell in notebook.code_cells:
        for node in cell.code.nodes:
            if not isinstance(node, ast.Attribute | ast.Subscript) or isinstance(
                node.ctx, ast.Load
            ):
                continue
            owner = node.value
            while isinstance(owner, ast.Attribute | ast.Subscript):
                owner = owner.value
            if isinstance(owner, ast.Name) and owner.id in names:
                said = f"{ast.unparse(node)} is given another value; a page stays as it is made"
                yield Hit(said, cell.number, node.lineno)
