"""Units and procedures that calls name, in the notebook or under `sections:` in its params file."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lpe_reports.cli.checks.code import keyword_of, literal_text, literal_texts
from lpe_reports.cli.checks.facts import Facts
from lpe_reports.cli.checks.finding import Hit, Part, rule
from lpe_reports.cli.checks.notebook import Call, Notebook
from lpe_reports.cli.checks.rules.named import hint, measures_of
from lpe_reports.display.series.measure import SeriesMeasure
from lpe_reports.display.series.registry import MEASURES
from lpe_reports.params.units import UnitKind

_OWN = "own"
_PROCEDURE_WORDS = ("procedure", "procedures", "groups")


@dataclass(frozen=True)
class _Asked:
    """A place where a call names units or procedures.

    Fields:
        value: What stands there.
        kinds: The kinds of unit that may; any where there are none; None for procedures.
    """

    value: ast.expr | None
    kinds: frozenset[UnitKind] | None


@rule(
    "unit",
    Part.NAMED,
    "A unit or procedure that params do not have, or a unit of another kind than the measure is "
    "asked of: in a call, or under `sections:` for a call.",
    "The finding names the nearest of params/units.yml or params/procedures.yml.",
)
def units(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """The run would fail of it, for some units perhaps only."""
    for call in notebook.calls:
        for asked in _asked_of(call):
            for one in literal_texts(asked.value):
                if said := _fault(one.value, asked, facts):
                    yield Hit(said, call.cell.number, one.line)
            for key in notebook.settings_in(asked.value):
                yield from _in_settings(notebook, facts, key, asked)


def _asked_of(call: Call) -> Iterator[_Asked]:
    if call.name not in ("series", "each", "measures", "answer"):
        return
    measures: list[SeriesMeasure] = [
        MEASURES[one.value] for one in measures_of(call) if one.value in MEASURES
    ]
    own = frozenset(measure.unit_kind for measure in measures)
    if measures and literal_text(keyword_of(call.node, "list")) == "first_contact":
        own = frozenset({UnitKind.CLINIC})
    series = call.name != "answer"
    any_kind: frozenset[UnitKind] = frozenset()
    yield _Asked(keyword_of(call.node, "unit"), own if series else any_kind)
    yield _Asked(keyword_of(call.node, "vo"), frozenset({UnitKind.VO}))
    yield _Asked(keyword_of(call.node, "section"), frozenset({UnitKind.SECTION}))
    for word in ("target_unit",) if series else ("units",):
        yield _Asked(keyword_of(call.node, word), any_kind)
    if call.name == "each":
        second = call.node.args[1] if len(call.node.args) > 1 else keyword_of(call.node, "units")
        yield _Asked(second, own)
    for word in _PROCEDURE_WORDS:
        yield _Asked(keyword_of(call.node, word), None)


def _fault(name: str, asked: _Asked, facts: Facts) -> str:
    """What is wrong with a name; empty where it leads where it should."""
    if facts.units is None or facts.procedures is None or name == _OWN:
        return ""
    if asked.kinds is None:
        known = set(facts.procedures)
        return "" if name in known else f"no procedure or group '{name}'; {hint(name, known)}"
    if name not in facts.units:
        return f"no unit '{name}'; {hint(name, [unit.id for unit in facts.units])}"
    kind = facts.units.get(name).kind
    if not asked.kinds or kind in asked.kinds:
        return ""
    wanted = " or ".join(sorted(asked.kinds))
    like = [unit.id for unit in facts.units if unit.kind in asked.kinds]
    return f"'{name}' is of kind {kind}, and {wanted} is asked for; {hint(name, like)}"


def _in_settings(notebook: Notebook, facts: Facts, key: str, asked: _Asked) -> Iterator[Hit]:
    """Names under one key of the `sections:` that lead elsewhere."""
    for report, file in facts.runs(notebook.name).items():
        for unit, settings in file.sections.items():
            for name in _names(settings, key):
                if said := _fault(name, asked, facts):
                    line = facts.params_line(report, "sections", unit, key)
                    yield Hit(said, line=line, file=facts.params_name(report))


def _names(settings: Mapping[str, object], key: str) -> list[str]:
    value = settings.get(key)
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]
