"""docs/definitions.md: every entry of the glossary, under its English name."""

from collections.abc import Iterator, Sequence

from lpe_reports.cli.manual.tables import code, table, words
from lpe_reports.display.series.measure import SeriesMeasure
from lpe_reports.display.series.registry import MEASURES
from lpe_reports.params.glossary import (
    Definition,
    FormerRule,
    Glossary,
    GuaranteeLimit,
    load_glossary,
)
from lpe_reports.params.units import UnitKind
from lpe_reports.settings import Project

_INTRODUCTION = """\
# Definitions

What every measure counts, leaves out and divides by, under its English name; readers of the site
find the same in Swedish under "Så räknar vi". This page is made from `params/glossary.yml`
(`make docs`), which is the place to change it: a page may only show what has an entry there. The
`id` is what [`p.series`, `p.answer` and key figures](page-calls.md) call a measure; where a measure
can be followed over periods, its entry says how a notebook asks for it.
"""
_LISTS = {"first_contact": "first contact", "operation": "operation"}


def definitions_page(project: Project) -> str:
    """The whole page."""
    glossary = load_glossary(project.params / "glossary.yml", project.root)
    return "\n".join([_INTRODUCTION, *_lines(glossary)])


def _lines(glossary: Glossary) -> Iterator[str]:
    anchors = _anchors([entry.english for entry in glossary.entries])
    named = sorted(
        zip(glossary.entries, anchors, strict=True), key=lambda each: each[0].english.casefold()
    )
    yield from table(
        ("measure", "in Swedish", "id"),
        (
            (f"[{words(entry.english)}](#{anchor})", _swedish(entry.name), code(entry.id))
            for entry, anchor in named
        ),
    )
    for entry in glossary.entries:
        yield f"\n## {words(entry.english)}\n"
        yield f"{_swedish(entry.name)} · {code(entry.id)}\n"
        yield f"{_swedish(entry.definition)}\n"
        for label, text in _facts(entry, glossary.guarantee):
            yield f"- **{label}:** {text}"
    yield ""


def _facts(entry: Definition, guarantee: Sequence[GuaranteeLimit]) -> Iterator[tuple[str, str]]:
    for label, text in (
        ("Numerator", entry.numerator),
        ("Denominator", entry.denominator),
        ("Left out", entry.excluded),
        ("Method", entry.method),
    ):
        if text:
            yield label, _swedish(text)
    if entry.limit:
        for limit in guarantee:
            yield "Limit", _limit(limit)
    for measure in MEASURES.values():
        if measure.glossary_id == entry.id:
            yield "In a notebook", _series(measure)
    yield "Source", _swedish(entry.source)
    if entry.valid_from or entry.valid_to:
        yield "In force", _days(entry.valid_from, entry.valid_to)
    for rule in entry.former:
        yield "Before", _former(rule)


def _series(measure: SeriesMeasure) -> str:
    """How a notebook asks for the measure over periods, and what that reads."""
    call = code(f'p.series("{measure.id}")')
    also = [*measure.narrowed_by, *measure.options]
    asked = f", which also takes {', '.join(map(code, also))}" if also else ""
    where = " of a postop unit" if measure.unit_kind is UnitKind.POSTOP_UNIT else ""
    return f"{call}{where}{asked}; needs [{measure.source}](data-contract.md#{measure.source})"


def _limit(limit: GuaranteeLimit) -> str:
    days = _days(limit.valid_from, limit.valid_to)
    said = f"{_swedish(limit.says)} ({_swedish(limit.source)})"
    return f"{_LISTS[limit.list]}, {limit.days} days, {days}: {said}"


def _former(rule: FormerRule) -> str:
    source = f" ({_swedish(rule.source)})" if rule.source else ""
    return f"{_days(rule.valid_from, rule.valid_to)}: {_swedish(rule.definition)}{source}"


def _days(first: object, last: object) -> str:
    until = f"until {last}" if last else ""
    return f"from {first}{' ' if until else ''}{until}" if first else until


def _swedish(text: str) -> str:
    """Words that a reader's program shall not read aloud as English."""
    return f'<span lang="sv">{words(text)}</span>'


def _anchors(titles: Sequence[str]) -> list[str]:
    from lpe_reports.render.manual.markdown import anchors

    # The heading of the page comes first, and takes its own.
    return anchors("\n".join(["# Definitions", *(f"## {title}" for title in titles)]))[1:]
