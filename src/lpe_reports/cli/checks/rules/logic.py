"""A notebook is prose and one-line calls; arithmetic has its tests in the package."""

import ast
from collections.abc import Iterator

from lpe_reports.cli.checks.code import Code, keyword_of
from lpe_reports.cli.checks.facts import Facts
from lpe_reports.cli.checks.finding import Hit, Part, rule
from lpe_reports.cli.checks.notebook import Notebook

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_RECKONS = (ast.BinOp, ast.Call, ast.Lambda, *_COMPREHENSIONS)
_TO_PACKAGE = "write it in the package as a measure or an answer, with its test, and ask for it"


@rule(
    "syntax",
    Part.LOGIC,
    "A code cell that is no Python.",
    "Mend it where the line says.",
    allowed=False,
)
def not_python(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """Nothing else can be said of the code of such a cell."""
    for cell in notebook.code_cells:
        if cell.code.fault and not cell.is_parameters:
            line, words = cell.code.fault
            yield Hit(f"it is no Python ({words}); mend it", cell.number, line)


@rule(
    "magic",
    Part.LOGIC,
    "IPython's own commands: `%time`, `!ls`, `frame?`.",
    "Take the line away; what a run needs is in the package.",
)
def magics(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """They run programs and change the run, and a plain kernel of another kind has none."""
    for cell in notebook.code_cells:
        for line, word in cell.code.magics:
            yield Hit(f"'{word}' is a command of IPython's; take it away", cell.number, line)
        for node in cell.code.all(ast.Name):
            if node.id == "get_ipython":
                said = "get_ipython() gives commands of IPython's; take it away"
                yield Hit(said, cell.number, node.lineno)


@rule(
    "definition",
    Part.LOGIC,
    "A function or class of the notebook's own (`def`, `class`).",
    "Write it in the package, as a measure or an answer with its test.",
)
def definitions(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """What is written in a notebook has no test and cannot be used by another."""
    for cell in notebook.own_code:
        for node in cell.code.nodes:
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                continue
            kind = "class" if isinstance(node, ast.ClassDef) else "def"
            yield Hit(f"`{kind} {node.name}`: {_TO_PACKAGE}", cell.number, node.lineno)


@rule(
    "lambda",
    Part.LOGIC,
    "A `lambda` of more than a line.",
    "Write it in the package; a short one may stand.",
)
def long_lambdas(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """A function without a name is one all the same."""
    for cell in notebook.own_code:
        for node in cell.code.all(ast.Lambda):
            if node.end_lineno != node.lineno:
                yield Hit(f"a lambda of several lines: {_TO_PACKAGE}", cell.number, node.lineno)


@rule(
    "loop",
    Part.LOGIC,
    "`for` and `while`, and a function that is called for each row (`apply(…, axis=1)`).",
    "Ask for all at once (`p.each`, `p.measures`, `groupby`), or write it in the package.",
)
def loops(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """Nothing that is shown in a loop reaches the page."""
    for cell in notebook.own_code:
        for node in cell.code.all(ast.For, ast.AsyncFor, ast.While):
            kind = "while" if isinstance(node, ast.While) else "for"
            said = f"a loop (`{kind}`): ask for all at once with p.each(…) or p.measures(…), or "
            yield Hit(said + _TO_PACKAGE, cell.number, node.lineno)
        for call in cell.code.all(ast.Call):
            if _for_each_row(call):
                said = (
                    "a function for each row (`apply(…, axis=1)`): reckon with whole columns, or "
                )
                yield Hit(said + _TO_PACKAGE, cell.number, call.lineno)


def _for_each_row(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("apply", "agg"):
        return False
    axis = keyword_of(call, "axis") or (call.args[1] if len(call.args) > 1 else None)
    return isinstance(axis, ast.Constant) and axis.value in (1, "columns")


@rule(
    "branch",
    Part.LOGIC,
    "`if`, `match`, `try`, `with`, `assert`, `raise` and `del`; `and` and `or` as a line of their "
    "own, and `… if … else …` that asks or reckons. One that chooses (`None if whole else unit`) "
    "may stand.",
    "What differs between units stands under `sections:` in the params file; the rest belongs in "
    "the package.",
)
def branches(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """A page that has other parts for other numbers is not seen whole by any test."""
    kinds = (ast.If, ast.Match, ast.Try, ast.TryStar, ast.With, ast.Assert, ast.Raise, ast.Delete)
    for cell in notebook.own_code:
        for node in cell.code.all(*kinds):
            word = "del" if isinstance(node, ast.Delete) else type(node).__name__.lower()
            said = (
                f"`{word.removesuffix('star')}`: what differs between units is a section "
                "(`sections:` in its params file, p.section(…) here); else "
            )
            yield Hit(said + _TO_PACKAGE, cell.number, node.lineno)
        for line, words in dict.fromkeys(_branching(cell.code)):
            said = f"`{words}` that decides what is done: {_TO_PACKAGE}"
            yield Hit(said, cell.number, line)


def _branching(code: Code) -> Iterator[tuple[int, str]]:
    """The expressions that are branches, by line and words."""
    for statement in code.all(ast.Expr):
        if isinstance(value := statement.value, ast.BoolOp):
            yield value.lineno, "and" if isinstance(value.op, ast.And) else "or"
    for choice in code.all(ast.IfExp):
        if any(isinstance(part, _RECKONS) for part in ast.walk(choice)):
            yield choice.lineno, "… if … else …"


@rule(
    "comprehension",
    Part.LOGIC,
    "A comprehension that reckons: arithmetic, several `for`, or one inside another.",
    "Choosing and naming (`[one.last(26) for one in series]`) may stand; write the rest in the "
    "package.",
)
def reckoning_comprehensions(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """A comprehension that reckons is a loop."""
    for cell in notebook.own_code:
        every = [node for node in cell.code.nodes if isinstance(node, _COMPREHENSIONS)]
        inside = {id(part) for node in every for part in ast.walk(node) if part is not node}
        for node in every:
            if id(node) in inside:
                continue
            parts = list(ast.walk(node))
            reckons = any(isinstance(part, ast.BinOp | ast.Lambda) for part in parts)
            loops = sum(isinstance(part, ast.comprehension) for part in parts)
            if reckons or loops > 1:
                said = f"a comprehension that reckons: {_TO_PACKAGE}"
                yield Hit(said, cell.number, node.lineno)
