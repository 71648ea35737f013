"""What calls name: measures, answers, arguments, definitions and units that there are."""

import ast
import difflib
from collections.abc import Iterable, Iterator

from lpe_reports.cli.checks.code import Text, keyword_of, literal_text, literal_texts
from lpe_reports.cli.checks.facts import Facts
from lpe_reports.cli.checks.finding import Hit, Part, rule
from lpe_reports.cli.checks.notebook import Call, Notebook
from lpe_reports.cli.checks.signatures import answers_of, page_signatures
from lpe_reports.display.series.measure import SeriesMeasure
from lpe_reports.display.series.registry import MEASURES

_NARROWINGS = ("section", "procedure", "list")
# Told by rules of their own.
_TOLD_ELSEWHERE = ("caption=… is missing",)


def hint(name: str, known: Iterable[str]) -> str:
    """The nearest of what there is, or all of it."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(names)}"


def measures_of(call: Call) -> list[Text]:
    """The literal measures that a call asks for."""
    if call.name not in ("series", "each", "measures"):
        return []
    word = "ids" if call.name == "measures" else "measure"
    return literal_texts(call.node.args[0] if call.node.args else keyword_of(call.node, word))


@rule(
    "measure",
    Part.NAMED,
    "A measure that `p.series`, `p.each` and `p.measures` do not know.",
    "The finding names the nearest; docs/definitions.md has them all.",
)
def measures(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """The run would fail of it."""
    for call in notebook.calls:
        for one in measures_of(call):
            if one.value not in MEASURES:
                said = f"no measure '{one.value}' that can be followed over periods; "
                yield Hit(said + hint(one.value, MEASURES), call.cell.number, one.line)


@rule(
    "answer",
    Part.NAMED,
    'An answer or a sentence that the package has not (`p.answer("family.name")`).',
    "The finding names the nearest.",
)
def answers(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """The run would fail of it."""
    for call in notebook.calls:
        name = _answer_name(call)
        if name is None:
            continue
        family, _, own = name.partition(".")
        known = answers_of(family)
        if known is None:
            said = f"p.{call.name}('{name}'): there is no family '{family}' of answers"
            yield Hit(said, call.cell.number, call.line)
            continue
        of_kind = [key for key, (kind, _) in known.items() if kind == call.name]
        if own not in of_kind:
            said = f"p.{call.name}('{name}'): no such {call.name}; {hint(own, of_kind)}"
            yield Hit(said, call.cell.number, call.line)


def _answer_name(call: Call) -> str | None:
    if call.name not in ("answer", "sentence"):
        return None
    return literal_text(call.node.args[0] if call.node.args else keyword_of(call.node, "name"))


@rule(
    "argument",
    Part.NAMED,
    "A call of the page that there is not, an argument that it does not take, one that is missing, "
    "or one that would change nothing for the measure.",
    "docs/page-calls.md has an example of every call.",
)
def arguments(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """The run would fail of it."""
    known = page_signatures()
    for call in notebook.calls:
        at = (call.cell.number, call.line)
        if call.name not in known:
            yield Hit(f"p.{call.name}(…): no such call; {hint(call.name, known)}", *at)
            continue
        for fault in _faults(call):
            if fault not in _TOLD_ELSEWHERE:
                yield Hit(f"p.{call.name}(…): {fault}", *at)


def _faults(call: Call) -> Iterator[str]:
    """What is wrong with how a call is made, by its own signature and by what it asks for."""
    known = page_signatures()
    name = _answer_name(call)
    if name is not None:
        family, _, own = name.partition(".")
        found = (answers_of(family) or {}).get(own)
        if found is not None:
            own_call = ast.Call(call.node.func, call.node.args[1:], call.node.keywords)
            yield from found[1].faults(own_call)
        return
    asked = [MEASURES[m.value] for m in measures_of(call) if m.value in MEASURES]
    if asked:
        options = tuple(option for measure in asked for option in measure.options)
        more = (*known["series"].names, *options)
        yield from known[call.name].faults(call.node, more)
        for measure in asked:
            yield from _without_effect(call.node, measure)
    else:
        yield from known[call.name].faults(call.node)


def _without_effect(call: ast.Call, measure: SeriesMeasure) -> Iterator[str]:
    """What narrows nothing of a measure."""
    for word in _NARROWINGS:
        value = literal_text(keyword_of(call, word))
        if value is None or (word == "list" and value == "operation"):
            continue
        if word not in measure.narrowed_by:
            can = ", ".join(("unit", "vo", *measure.narrowed_by))
            yield f"{word}='{value}' would change nothing of '{measure.id}'; {can} can"


@rule(
    "glossary",
    Part.NAMED,
    "A definition that params/glossary.yml has not, or a measure without one.",
    "Define what is shown, in params/glossary.yml.",
)
def definitions(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """Everything that is shown is defined."""
    if facts.glossary is None:
        return
    for call in notebook.calls:
        named = literal_texts(keyword_of(call.node, "definitions"))
        named += literal_texts(keyword_of(call.node, "definition"))
        if call.name == "selection" and len(call.node.args) > 1:
            named += literal_texts(call.node.args[1])
        for one in named:
            if one.value and one.value not in facts.glossary:
                ids = [entry.id for entry in facts.glossary.entries]
                said = f"params/glossary.yml has no entry '{one.value}'; "
                yield Hit(said + hint(one.value, ids), call.cell.number, one.line)
        for one in measures_of(call):
            measure = MEASURES.get(one.value)
            if measure is not None and measure.glossary_id not in facts.glossary:
                said = f"the measure '{measure.id}' has no entry '{measure.glossary_id}' in "
                said += "params/glossary.yml; define what is shown"
                yield Hit(said, call.cell.number, one.line)
        family, _, own = (_answer_name(call) or "").partition(".")
        if own and own in (known := answers_of(family) or {}):
            for name in known[own][1].defined:
                if name not in facts.glossary:
                    said = f"p.{call.name}('{family}.{own}') has no entry '{name}' in "
                    said += "params/glossary.yml; define what is shown"
                    yield Hit(said, call.cell.number, call.line)
