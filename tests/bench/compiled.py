"""The limit of running notebooks: cells compiled and run one after the other in a warm process.

Reads one JSON object a line (`notebook`, `parameters`, `variables`), runs its cells with these
environment variables and says `done`. It has no isolation, captures nothing and keeps nothing: no
way of running notebooks can cost less.
"""

import ast
import json
import os
import sys
from collections.abc import Mapping
from types import CodeType
from typing import Any

from IPython.core.interactiveshell import InteractiveShell


def run(
    notebook: Mapping[str, Any], parameters: Mapping[str, Any], variables: Mapping[str, str]
) -> None:
    """Run the code cells; what a cell ends with is formatted as for display."""
    os.environ.update(variables)
    format_bundle = InteractiveShell.instance().display_formatter.format
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        body, last = _compiled(cell["source"])
        exec(body, names)
        if last is not None and (value := eval(last, names)) is not None:
            format_bundle(value)
        if "parameters" in cell["metadata"].get("tags", []):
            names.update(parameters)


def _compiled(source: str) -> tuple[CodeType, CodeType | None]:
    tree = ast.parse(source)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        expression = tree.body.pop()
        assert isinstance(expression, ast.Expr)
        last = compile(ast.Expression(expression.value), "<cell>", "eval")
    return compile(tree, "<cell>", "exec"), last


if __name__ == "__main__":
    said, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        run(**json.loads(line))
        print("done", file=said, flush=True)
