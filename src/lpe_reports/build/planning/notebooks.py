"""Source notebooks, read and checked before anything is started.

papermill only warns of a parameter that a notebook does not have, and finds a broken notebook
when its kernel is already running; here both are refused first.
"""

import ast
import copy
import difflib
import hashlib
import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lpe_reports.build.planning.pictures import with_pictures
from lpe_reports.display.prose import shortcodes, shown_code
from lpe_reports.errors import NotebookError
from lpe_reports.settings import Project

PARAMETERS_TAG = "parameters"
ONLY_LITERALS = (
    "only `name = literal` may stand there (texts, numbers, True, False, None, lists, dicts)"
)
# What every run gets; the rest comes from the report's file in params/reports.
RUN_PARAMETERS = ("unit", "period")

# A source notebook is text; one of this size holds outputs or data that do not belong in it.
MAX_BYTES = 10_000_000

Literal = str | int | float | bool | None | list[Any] | dict[Any, Any] | tuple[Any, ...]


@dataclass(frozen=True)
class Parameter:
    """One assignment of the cell tagged `parameters`."""

    name: str
    default: Literal
    line: int  # in its cell, from 1

    @property
    def type_name(self) -> str:
        return type(self.default).__name__

    def takes(self, value: object) -> bool:
        """Whether a value is of this parameter's type; an int passes for a float, None for all."""
        if self.default is None or value is None:
            return True
        if isinstance(self.default, bool) or isinstance(value, bool):
            return isinstance(self.default, bool) and isinstance(value, bool)
        if isinstance(self.default, float):
            return isinstance(value, int | float)
        if isinstance(self.default, list | tuple):
            return isinstance(value, list | tuple)
        return isinstance(value, type(self.default))


@dataclass(frozen=True)
class SourceNotebook:
    """A notebook as its author keeps it."""

    path: Path
    name: str  # as the reader knows it: reports/followup/weekly.ipynb
    document: Mapping[str, Any]  # nbformat 4, as read, with the pictures that its prose shows
    parameters: Mapping[str, Parameter]
    code_digest: str  # of the code cells and their tags: what an execution depends on
    prose_digest: str  # of all other cells and of where they stand: what only the page shows
    cells_with_outputs: int


def read_notebook(path: Path, project: Project) -> SourceNotebook:
    """The notebook of a file, checked.

    Raises:
        NotebookError: It is missing, is no notebook of nbformat 4, is not Python, its
            parameters cell is missing or holds anything but literals, a picture is missing or
            has no alt text, or it holds what only Quarto would run.
    """
    name = project.relative(path)
    return notebook_of(path, name, read_document(path, name))


def notebook_of(path: Path, name: str, read: Mapping[str, Any]) -> SourceNotebook:
    """The notebook of a document that `read_document` gave; as `read_notebook`."""
    _check_runnable(read, name)
    document = with_pictures(read, path.parent, name)
    cells = document["cells"]
    return SourceNotebook(
        path=path,
        name=name,
        document=document,
        parameters=_parameters(cells, name),
        code_digest=_digest([[_source(c), _tags(c)] for c in cells if _is_code(c)]),
        prose_digest=_digest(
            [None if _is_code(c) else [c["cell_type"], _source(c), _tags(c)] for c in cells]
        ),
        cells_with_outputs=sum(bool(c.get("outputs")) for c in cells),
    )


def check_parameters(
    notebook: SourceNotebook, given: Mapping[str, object], *, given_by: str
) -> None:
    """Pass when a notebook takes every parameter that it is given, and `unit` and `period`.

    Args:
        notebook: The notebook.
        given: The report's own parameters, by name.
        given_by: The file that gives them, for the message.

    Raises:
        NotebookError: Names the notebook, the parameter and what the notebook has.
    """
    has = ", ".join(notebook.parameters)
    for name in RUN_PARAMETERS:
        if name not in notebook.parameters:
            raise NotebookError(
                f"{notebook.name}: its parameters cell has no '{name}', which every run is given; "
                f"it has {has or 'none'}"
            )
        if not notebook.parameters[name].takes(""):
            raise NotebookError(f"{notebook.name}: the default of '{name}' must be a text")
    for name, value in given.items():
        check_given(notebook.name, notebook.parameters, (name, value), given_by=given_by)


def check_given(
    notebook: str,
    parameters: Mapping[str, Parameter],
    given: tuple[str, object],
    *,
    given_by: str,
) -> None:
    """Pass when a notebook takes one parameter that it is given: its name and value.

    Raises:
        NotebookError: Names the notebook, the parameter and what the notebook has.
    """
    name, value = given
    if name in RUN_PARAMETERS:
        raise NotebookError(f"{given_by}: '{name}' is set for each run and cannot be given")
    if name not in parameters:
        near = difflib.get_close_matches(name, parameters, n=1)
        hint = f"; did you mean '{near[0]}'?" if near else ""
        raise NotebookError(
            f"{notebook}: has no parameter '{name}', which {given_by} gives; "
            f"it has {', '.join(parameters)}{hint}"
        )
    if not parameters[name].takes(value):
        raise NotebookError(
            f"{notebook}: parameter '{name}' is of type {parameters[name].type_name}, "
            f"{given_by} gives {type(value).__name__}"
        )


def read_document(path: Path, name: str) -> dict[str, Any]:
    """The JSON of a notebook's file: nbformat 4, of texts that can be written.

    Raises:
        NotebookError: It is missing, or no such notebook.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise NotebookError(f"{name}: there is no such notebook") from None
    except OSError as error:
        raise NotebookError(f"{name}: cannot be read ({error.strerror})") from None
    if len(raw) > MAX_BYTES:
        raise NotebookError(f"{name}: larger than {MAX_BYTES // 1_000_000} MB; clear its outputs")
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        raise NotebookError(f"{name}: not a notebook (no valid JSON)") from None
    if not isinstance(document, dict) or document.get("nbformat") != 4:
        raise NotebookError(f"{name}: not a notebook of nbformat 4; open and save it in JupyterLab")
    _validate(document, name)
    _check_texts(document, name)
    return document


def _check_runnable(document: Mapping[str, Any], name: str) -> None:
    _check_shortcodes(document["cells"], name)
    language = document["metadata"].get("kernelspec", {}).get("language", "python")
    if language != "python":
        raise NotebookError(f"{name}: its kernel's language is not Python")


def _validate(document: dict[str, Any], name: str) -> None:
    import nbformat

    place = "the top level"
    try:
        with warnings.catch_warnings():
            # Cell ids that an older tool left out do not matter: runs get their own.
            warnings.simplefilter("ignore")
            # On a copy: nbformat adds random ids to what it validates.
            nbformat.validate(copy.deepcopy(document))
    except nbformat.ValidationError as error:
        place = ".".join(str(step) for step in error.relative_path) or place
    except (KeyError, TypeError, AttributeError):
        # nbformat reads cells and metadata before it looks whether they are there.
        pass
    else:
        return
    raise NotebookError(f"{name}: not a valid notebook (nbformat 4), at {place}")


def _check_texts(document: Mapping[str, Any], name: str) -> None:
    """Pass when all texts can be written as UTF-8: JSON can spell half a sign, as `\\ud83d`."""
    cells = [{k: v for k, v in cell.items() if k != "outputs"} for cell in document["cells"]]
    parts = [("its metadata", document["metadata"])]
    parts += [(f"cell {number}", cell) for number, cell in enumerate(cells, start=1)]
    for place, part in parts:
        try:
            json.dumps(part, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            half = ord(error.object[error.start])
            raise NotebookError(
                f"{name}: {place} holds half of a sign (\\u{half:04x}); type the sign anew"
            ) from None


def _check_shortcodes(cells: list[dict[str, Any]], name: str) -> None:
    """Pass when nothing that is shown holds a shortcode: Quarto would run it, even in code."""
    for number, cell in enumerate(cells, start=1):
        for fault in shortcode_faults(_source(cell), number, code=_is_code(cell)):
            raise NotebookError(f"{name}, cell {number}: {fault}")


def shortcode_faults(source: str, number: int, *, code: bool) -> list[str]:
    """What is wrong with a cell for each shortcode that its page would show."""
    shown = (shown_code(source, number) or "") if code else source
    rather = "cannot be used; write what it would give, or take it away"
    return [f"the shortcode {{{{< {name} >}}}} {rather}" for name in shortcodes(shown)]


def _parameters(cells: list[dict[str, Any]], name: str) -> dict[str, Parameter]:
    tagged = [cell for cell in cells if _is_code(cell) and PARAMETERS_TAG in _tags(cell)]
    if len(tagged) != 1:
        count = "no code cell" if not tagged else f"{len(tagged)} cells"
        raise NotebookError(
            f"{name}: {count} with the tag '{PARAMETERS_TAG}', expected exactly one; "
            "in JupyterLab: the cell's Property inspector, Add tag"
        )
    try:
        body = ast.parse(_source(tagged[0])).body
    except SyntaxError as error:
        raise NotebookError(
            f"{name}: its parameters cell is not Python (line {error.lineno})"
        ) from None
    found: dict[str, Parameter] = {}
    for statement in body:
        parameter = parameter_of(statement)
        if parameter is None:
            raise NotebookError(
                f"{name}: parameters cell, line {statement.lineno}: {ONLY_LITERALS}"
            )
        if parameter.name in found:
            raise NotebookError(
                f"{name}: parameters cell, line {parameter.line}: '{parameter.name}' stands twice"
            )
        found[parameter.name] = parameter
    return found


def parameter_of(statement: ast.stmt) -> Parameter | None:
    """The parameter that a statement gives a default; None where it is not `name = literal`."""
    target: ast.expr | None = None
    value: ast.expr | None = None
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target, value = statement.targets[0], statement.value
    elif isinstance(statement, ast.AnnAssign):
        target, value = statement.target, statement.value
    if isinstance(target, ast.Name) and value is not None:
        try:
            return Parameter(target.id, ast.literal_eval(value), statement.lineno)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            pass
    return None


def _is_code(cell: Mapping[str, Any]) -> bool:
    return bool(cell["cell_type"] == "code")


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _tags(cell: Mapping[str, Any]) -> list[str]:
    return sorted(cell.get("metadata", {}).get("tags", []))


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
