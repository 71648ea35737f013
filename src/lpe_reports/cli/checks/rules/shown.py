"""What cells show: by calls of the page, last in their cells, with caption, words and selection."""

import ast
import difflib
from collections.abc import Iterator

from lpe_reports.cli.checks.code import ends_silenced, keyword_of, names_in
from lpe_reports.cli.checks.facts import Facts
from lpe_reports.cli.checks.finding import Hit, Level, Part, rule
from lpe_reports.cli.checks.notebook import Call, Cell, Notebook
from lpe_reports.cli.checks.signatures import page_signatures
from lpe_reports.display.prose import HEADING

_PRINTS = ("print", "display")
# Of tables that are no series; series say themselves whom they are about, and are defined.
_TABULAR = ("table", "bars", "chart", "stacked", "heat", "curves", "plan")
_CAPTIONED = (*_TABULAR, "lines")


def _shows(call: Call) -> bool:
    known = page_signatures().get(call.name)
    return known is not None and known.shows


def _last(cell: Cell) -> ast.expr | None:
    """The expression that a cell shows."""
    body = cell.code.tree.body
    return body[-1].value if body and isinstance(body[-1], ast.Expr) else None


@rule(
    "not-shown",
    Part.SHOWN,
    "A call that shows something and is not the last line of its cell, or ends with a semicolon.",
    "A cell for each, or `p.row(…)` around those that stand side by side.",
)
def not_shown(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """IPython shows the last expression of a cell; the run would fail when the page is closed."""
    rows = [call for call in notebook.calls if call.name == "row"]
    in_rows = {id(part) for row in rows for part in ast.walk(row.node) if part is not row.node}
    led = {name for row in rows for name in names_in(row.node)}
    led |= {
        last.id
        for cell in notebook.own_code
        if isinstance(last := _last(cell), ast.Name) and not ends_silenced(cell.source)
    }
    kept = {id(value) for name in led for value in notebook.assigned.get(name, ())}
    for call in notebook.calls:
        if not _shows(call) or id(call.node) in in_rows | kept:
            continue
        if call.node is not _last(call.cell):
            yield Hit(
                f"p.{call.name}(…) is not the last line of its cell, so that it is not shown; give "
                "it a cell of its own, or put what stands side by side in p.row(…)",
                call.cell.number,
                call.line,
            )
        elif ends_silenced(call.cell.source):
            said = f"the semicolon after p.{call.name}(…) keeps it from being shown; take it away"
            yield Hit(said, call.cell.number, call.line)


@rule(
    "foreign-output",
    Part.SHOWN,
    "A cell that ends with a value that is not the page's (`rows.head()`), `print` or `display`.",
    "Show it with `p.table(p.protect(…), caption=…)`, or take it away.",
)
def foreign_output(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """It has not passed disclosure control: text is not shown, a frame fails the run."""
    calls = {id(call.node): call for call in (*notebook.calls, *notebook.openings)}
    made = {
        name
        for name, values in notebook.assigned.items()
        for value in values
        if id(value) in calls and _shows(calls[id(value)])
    }
    for cell in notebook.own_code:
        printed = [
            node
            for node in cell.code.all(ast.Call)
            if isinstance(node.func, ast.Name) and node.func.id in _PRINTS
        ]
        for node in printed:
            word = node.func.id if isinstance(node.func, ast.Name) else ""
            said = f"{word}(…) shows nothing on the page; use p.note(…) or p.table(…)"
            yield Hit(said, cell.number, node.lineno)
        last = _last(cell)
        if last is None or last in printed or (isinstance(last, ast.Name) and last.id in made):
            continue
        call = calls.get(id(last))
        known = call is not None and (call.name == "open" or call.name not in page_signatures())
        if call is not None and (known or _shows(call)):
            continue
        yield Hit(
            "the cell ends with something that is not the page's and has not passed disclosure "
            "control; show it with p.table(p.protect(…), caption=…), or take the line away",
            cell.number,
            last.lineno,
        )


@rule(
    "caption",
    Part.SHOWN,
    "A table or chart without `caption=`, or with an empty one.",
    "Say what it shows; one series alone is called by its name.",
)
def captions(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """Whoever hears the page, or sees its parts in a pack, has nothing else to go by."""
    for call in notebook.calls:
        if call.name not in _CAPTIONED or any(k.arg is None for k in call.node.keywords):
            continue
        caption = keyword_of(call.node, "caption")
        if caption is None and call.name == "table" and _one_series(notebook, call.node):
            continue
        if caption is None or (isinstance(caption, ast.Constant) and not caption.value):
            said = f'p.{call.name}(…) has no caption; write caption="what it shows"'
            yield Hit(said, call.cell.number, call.line)


def _one_series(notebook: Notebook, call: ast.Call) -> bool:
    first = call.args[0] if call.args else keyword_of(call, "what")
    return (
        first is not None
        and not isinstance(first, ast.List | ast.Tuple | ast.ListComp)
        and notebook.holds_series(first)
    )


@rule(
    "alt-text",
    Part.SHOWN,
    "An Altair chart of your own (`p.chart`) without `alt=`.",
    "Say in a sentence what it tells; other charts have words made from their numbers.",
)
def alt_texts(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """Nobody but its author knows what it tells."""
    for call in notebook.calls:
        if call.name != "chart" or any(k.arg is None for k in call.node.keywords):
            continue
        alt = keyword_of(call.node, "alt")
        if alt is None or (isinstance(alt, ast.Constant) and not str(alt.value).strip()):
            said = 'p.chart(…) has no words for those who do not see it; write alt="what it tells"'
            yield Hit(said, call.cell.number, call.line)


@rule(
    "selection",
    Part.SHOWN,
    "A table or chart that does not say whom it is about.",
    "`p.selection(…)` after the heading, or `selection=` in the call; series say it themselves.",
)
def selections(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """A number without its selection is read as another's."""
    for call, selected, _ in _with_selection(notebook):
        if not selected:
            yield Hit(
                f"p.{call.name}(…) does not say whom it is about; write p.selection(…) in a cell "
                "after the heading, or selection=… here",
                call.cell.number,
                call.line,
            )


@rule(
    "definition-link",
    Part.SHOWN,
    "A table, chart or key figure without a link to its definition.",
    "Name the glossary entry: `definitions=`, `definition=`, or the second part of `p.selection`.",
    level=Level.NOTE,
)
def definition_links(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """A reader who asks how it is counted finds nothing."""
    unlinked = [call for call, _, defined in _with_selection(notebook) if not defined]
    unlinked += [
        call
        for call in notebook.calls
        if call.name == "key_figure" and keyword_of(call.node, "definition") is None
    ]
    for call in unlinked:
        word = "definition" if call.name == "key_figure" else "definitions"
        said = f"p.{call.name}(…) leads to no definition; name its glossary entry with {word}=…"
        yield Hit(said, call.cell.number, call.line)


def _with_selection(notebook: Notebook) -> Iterator[tuple[Call, bool, bool]]:
    """Each call that shows a table, or series of several units: whether selected, and defined."""
    selected = defined = False
    for call in notebook.calls if notebook.is_whole else ():
        words = {keyword.arg for keyword in call.node.keywords}
        if call.name == "section":
            selected = defined = False
        elif call.name == "selection":
            selected, defined = True, len(call.node.args) > 1 or "definitions" in words
        elif call.name in _CAPTIONED and None not in words:
            first = call.node.args[0] if call.node.args else None
            data = keyword_of(call.node, "data") if call.name == "chart" else first
            series = call.name == "lines" or (data is not None and notebook.holds_series(data))
            if series and not (data is not None and notebook.holds_units(data)):
                continue  # they say themselves whom they are about
            yield (
                call,
                selected or "selection" in words,
                series or defined or "definitions" in words,
            )


@rule(
    "section",
    Part.SHOWN,
    'A section for some units (`p.section("name")`) without a heading above it, without end, or '
    "of a name that no unit's `sections:` has.",
    "Begin what follows with `p.section()` under its own heading.",
)
def sections(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """Where it is left out, all to the next heading of its rank goes with it."""
    if not notebook.is_whole:
        return
    names = {
        key
        for file in facts.runs(notebook.name).values()
        for settings in file.sections.values()
        for key in settings
    }
    calls: dict[int, list[Call]] = {}
    for call in notebook.calls:
        calls.setdefault(call.cell.number, []).append(call)
    rank = left_out = 0  # of the heading above, and of the one that the section stands under
    inside = after = ""
    for cell in notebook.cells:
        for heading in HEADING.finditer(cell.source) if cell.kind == "markdown" else ():
            rank = len(heading[1])
            if inside and rank <= left_out:
                after = heading[2]
        for call in calls.get(cell.number, ()):
            if call.name == "section":
                inside, left_out, after = _named(call), rank, ""
                yield from _section_faults(call, inside, rank, names)
            elif after and _shows(call):
                said = f"what follows '{after}' still belongs to the section '{inside}', and goes "
                said += "where that is left out; begin it with p.section() in a cell of its own"
                yield Hit(said, cell.number, call.line)
                inside, after = "", ""


def _named(call: Call) -> str:
    first = call.node.args[0] if call.node.args else keyword_of(call.node, "name")
    return str(first.value) if isinstance(first, ast.Constant) and first.value else ""


def _section_faults(call: Call, name: str, rank: int, known: set[str]) -> Iterator[Hit]:
    if name and not rank:
        said = f"p.section('{name}') stands under no heading; write one above it"
        yield Hit(said, call.cell.number, call.line)
    if name and known and name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(sorted(known))}"
        said = f"no unit has a section '{name}' under `sections:` in the params file; {hint}"
        yield Hit(said, call.cell.number, call.line)
