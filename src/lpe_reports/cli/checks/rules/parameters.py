"""The parameters cell: every parameter there, a literal, of the type that the params file gives."""

import ast
from collections.abc import Iterator

from lpe_reports.build.planning.notebooks import (
    ONLY_LITERALS,
    PARAMETERS_TAG,
    RUN_PARAMETERS,
    check_given,
    parameter_of,
)
from lpe_reports.cli.checks.facts import Facts
from lpe_reports.cli.checks.finding import Hit, Part, rule
from lpe_reports.cli.checks.notebook import Cell, Notebook
from lpe_reports.errors import NotebookError


def _cells(notebook: Notebook) -> list[Cell]:
    return [cell for cell in notebook.code_cells if cell.is_parameters]


@rule(
    "parameters-cell",
    Part.PARAMETERS,
    "No code cell, or more than one, with the tag `parameters`; or one after `page.open`.",
    "In JupyterLab: the cell's Property inspector, Add tag.",
    allowed=False,
)
def parameters_cell(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """A run is given its unit and period right after that cell."""
    found = _cells(notebook)
    if not found:
        yield Hit(
            f"no code cell has the tag '{PARAMETERS_TAG}'; write one with `unit = \"…\"` and "
            '`period = "…"`, and in JupyterLab: the cell\'s Property inspector, Add tag'
        )
    for cell in found[1:]:
        said = f"a second cell with the tag '{PARAMETERS_TAG}'; write all parameters in cell "
        yield Hit(f"{said}{found[0].number}", cell.number)
    for call in notebook.openings:
        if found and call.cell.number < found[0].number:
            yield Hit("page.open(…) stands before the parameters; move them up", call.cell.number)


@rule(
    "parameter",
    Part.PARAMETERS,
    "A line of the parameters cell that is not `name = literal`, or a name that stands twice, "
    "or is given another value in a later cell.",
    "Only texts, numbers, True, False, None, lists and dicts; reckon in the package.",
    allowed=False,
)
def literals(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """What is given instead of a default must be able to stand in its place."""
    for cell in _cells(notebook):
        if cell.code.fault:
            line, words = cell.code.fault
            yield Hit(f"the parameters cell is no Python ({words}); mend it", cell.number, line)
        seen: set[str] = set()
        for statement in cell.code.tree.body:
            one = parameter_of(statement)
            if one is None:
                if isinstance(statement, ast.AnnAssign) and statement.value is None:
                    said = "a parameter without a default; write `name = literal`"
                else:
                    said = ONLY_LITERALS
                yield Hit(said, cell.number, statement.lineno)
            elif one.name in seen:
                yield Hit(f"'{one.name}' stands twice; leave one", cell.number, one.line)
            else:
                seen.add(one.name)
    for cell in notebook.own_code:
        inside = {
            id(part) for loop in cell.code.all(ast.comprehension) for part in ast.walk(loop.target)
        }
        for node in cell.code.all(ast.Name):
            if isinstance(node.ctx, ast.Load) or id(node) in inside:
                continue
            if node.id in notebook.parameters:
                said = f"the parameter '{node.id}' is given another value than the run's; call it "
                yield Hit(said + "by a name of its own", cell.number, node.lineno)


@rule(
    "parameter-missing",
    Part.PARAMETERS,
    "No default of `unit` or `period`, or one that is no text.",
    "Every run is given both; the defaults are what is seen in JupyterLab.",
    allowed=False,
)
def missing(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """Every run is given both."""
    for cell in [cell for cell in _cells(notebook)[:1] if not cell.code.fault]:
        for name in RUN_PARAMETERS:
            one = notebook.parameters.get(name)
            if one is None:
                said = f"'{name}' is missing, which every run is given; write `{name} = \"…\"`"
                yield Hit(said, cell.number)
            elif not isinstance(one.default, str):
                yield Hit(f"the default of '{name}' must be a text", cell.number, one.line)


@rule(
    "parameter-type",
    Part.PARAMETERS,
    "A parameter whose default is None and tells no type.",
    "Give it a value, or say in an annotation what it may be.",
    allowed=False,
)
def untyped(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """A default is also what says which values a params file may give."""
    for cell in _cells(notebook):
        for statement in cell.code.tree.body:
            one = parameter_of(statement)
            if one is None or one.default is not None or isinstance(statement, ast.AnnAssign):
                continue
            said = (
                f"'{one.name}' is None, so that a params file may give it anything; write a value "
                f"or `{one.name}: int | None = None`"
            )
            yield Hit(said, cell.number, one.line)


@rule(
    "parameter-given",
    Part.PARAMETERS,
    "A parameter of the params file that the notebook has not, or has of another type.",
    "Write it the same in both.",
    allowed=False,
)
def given(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """papermill would only warn of it, and the default would count."""
    if len(_cells(notebook)) != 1 or _cells(notebook)[0].code.fault:
        return
    for report, file in facts.runs(notebook.name).items():
        for name, value in file.parameters.items():
            by = facts.params_name(report)
            try:
                check_given(notebook.name, notebook.parameters, (name, value), given_by=by)
            except NotebookError as error:
                line = facts.params_line(report, "parameters", name)
                yield Hit(str(error).removeprefix(f"{by}: "), line=line, file=by)


@rule(
    "page-open",
    Part.PARAMETERS,
    "`page.open` is not called once, with the report's id and every parameter by its own name.",
    'Write `p = page.open("report", unit=unit, period=period, weeks=weeks)`.',
    allowed=False,
)
def opened(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """A parameter that the page is not told of is not in its provenance."""
    calls = notebook.openings
    if not calls and notebook.is_whole:
        yield Hit("page.open(…) is not called; the cell after the parameters opens the page")
    for call in calls[1:]:
        yield Hit("page.open(…) is called a second time; leave one", call.cell.number, call.line)
    for call in calls[:1]:
        at = (call.cell.number, call.line)
        runs = facts.runs(notebook.name)
        named = call.node.args[0] if call.node.args else None
        report = named.value if isinstance(named, ast.Constant) else None
        if facts.whole and runs and report not in runs:
            said = f"page.open(…) must open '{', '.join(runs)}', the report that runs this notebook"
            yield Hit(said, *at)
        given_names = {keyword.arg: keyword.value for keyword in call.node.keywords}
        if None in given_names:
            continue
        for name in notebook.parameters:
            value = given_names.get(name)
            if not (isinstance(value, ast.Name) and value.id == name):
                yield Hit(f"page.open(…) is not given {name}={name}; its page must say it", *at)
