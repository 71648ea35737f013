"""docs/params.md: every file of params/ and every key in it, as the models have them."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from lpe_reports.cli.manual.examples import Examples, written
from lpe_reports.cli.manual.models import (
    Key,
    default_of,
    is_required,
    keys_of,
    summary_of,
)
from lpe_reports.cli.manual.tables import code, table, words
from lpe_reports.params.calendar import CalendarFile
from lpe_reports.params.citations import Citations
from lpe_reports.params.disclosure import DisclosurePolicy
from lpe_reports.params.glossary import GlossaryFile
from lpe_reports.params.moved import Moved
from lpe_reports.params.packs import PacksFile
from lpe_reports.params.procedures import ProceduresFile
from lpe_reports.params.reading import ParamsModel
from lpe_reports.params.reports import ReportFile
from lpe_reports.params.retention import Retention
from lpe_reports.params.site import Site
from lpe_reports.params.sources import Sources
from lpe_reports.params.units import UnitsFile
from lpe_reports.render.manual.markdown import anchors
from lpe_reports.settings import Project

# In the order in which an office meets them.
FILES: Mapping[str, type[ParamsModel]] = {
    "params/site.yml": Site,
    "params/units.yml": UnitsFile,
    "params/procedures.yml": ProceduresFile,
    "params/sources.yml": Sources,
    "params/reports/*.yml": ReportFile,
    "params/packs.yml": PacksFile,
    "params/glossary.yml": GlossaryFile,
    "params/disclosure.yml": DisclosurePolicy,
    "params/calendar.yml": CalendarFile,
    "params/retention.yml": Retention,
    "params/moved.yml": Moved,
    "params/citations.yml": Citations,
}
_INTRODUCTION = """\
# Params

Every file in `params/` and every key in it: what the office decides, in YAML, without programming.
This page is made from the models that read the files (`make docs`); a test holds the two together.
The files themselves say more of each choice in their comments, and the examples here come from
those of the demo.

A key that is not here, a wrong type, a key that stands twice or a tab is an error that names file
and line: `lpe check` lists them, and nothing runs before they are mended. YAML 1.2: `no` is a word.
`<name>` stands for a name of your own, `[]` for each
entry of a list.
"""


def params_page(project: Project) -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *_lines(project)])


def _lines(project: Project) -> Iterator[str]:
    titles = anchors("\n".join(["# Params", *(f"## {name}" for name in FILES)]))[1:]
    yield from table(
        ("file", "what it holds"),
        (
            (f"[`{name}`](#{anchor})", words(summary_of(model)))
            for (name, model), anchor in zip(FILES.items(), titles, strict=True)
        ),
    )
    for name, model in FILES.items():
        yield f"\n## {name}\n\n{words(summary_of(model))}\n"
        examples = Examples.read(project, name, model)
        yield from _model(model, "", examples, {model: ""})
    yield ""


def _model(
    model: type[ParamsModel], place: str, examples: Examples, told: dict[type[ParamsModel], str]
) -> Iterator[str]:
    """A model's keys, then the models within it, each once."""
    keys, new = keys_of(model), []
    for key in keys:
        for way, inner in key.inner:
            if inner not in told:
                told[inner] = _place(f"{place}.{key.name}{way}".removeprefix("."), key, inner)
                new.append(inner)
    yield from table(
        ("key", "what it means", "what it takes", "default", "example"),
        (
            (
                code(key.name),
                words(key.says),
                _kind(key, told),
                _default(key),
                examples.of(model, key.name),
            )
            for key in keys
        ),
    )
    for inner in new:
        yield f"\n### {code(told[inner])}\n\n{words(summary_of(inner))}\n"
        yield from _model(inner, told[inner], examples, told)


def _place(where: str, key: Key, model: type[ParamsModel]) -> str:
    """Where a model's keys stand; where one of several may, the one that has its first key."""
    ways = [way for way, _ in key.inner if not way]
    return f"{where}: {{{keys_of(model)[0].name}: …}}" if len(ways) > 1 else where


def _kind(key: Key, told: Mapping[type[ParamsModel], str]) -> str:
    """What it takes, with where the keys of each model in it are told."""
    kind = key.kind
    for _, inner in key.inner:
        kind = kind.replace(f"{{{inner.__name__}}}", code(told[inner]))
    return kind


def _default(key: Key) -> str:
    if is_required(key.field):
        return "must be written"
    value: Any = default_of(key.field)
    if isinstance(value, BaseModel):
        return "as the keys say"
    return code(written(value))
