"""Title, prose and pictures."""

from collections.abc import Iterator

from lpe_reports.build.planning.notebooks import shortcode_faults
from lpe_reports.build.planning.pictures import with_pictures
from lpe_reports.cli.checks.facts import Facts
from lpe_reports.cli.checks.finding import RULES, Hit, Part, rule
from lpe_reports.cli.checks.notebook import Notebook
from lpe_reports.errors import NotebookError


@rule(
    "title",
    Part.SHOWN,
    "No raw cell with `title:` before the parameters, or an empty one.",
    "Write a raw cell of three lines: `---`, `title: …`, `---`.",
    allowed=False,
)
def title(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """What the notebook is called where it is rendered alone, and who opens it reads."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    raw = next((cell for cell in notebook.cells if cell.kind == "raw"), None)
    first_code = next((cell.number for cell in notebook.code_cells), len(notebook.cells))
    if raw is None or raw.number > first_code:
        yield Hit("no title: write a raw cell first, with the lines `---`, `title: …` and `---`")
        return
    try:
        found = YAML(typ="safe", pure=True).load(raw.source.strip().strip("-").strip())
    except (YAMLError, ValueError, RecursionError):
        yield Hit("the title cell is no YAML; write `title: …` between lines of ---", raw.number)
        return
    if not isinstance(found, dict) or not str(found.get("title") or "").strip():
        yield Hit("the title cell says no title; write `title: …`", raw.number)


@rule(
    "picture",
    Part.SHOWN,
    "A picture of the prose that is missing, lies elsewhere, can run something, or has no words "
    "for those who do not see it.",
    '`![Caption](file.svg){fig-alt="what it shows"}`, the file beside the notebook.',
    allowed=False,
)
def pictures(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """The build would refuse it, and say the same."""
    for cell in notebook.cells:
        try:
            with_pictures({"cells": [cell.document]}, notebook.path.parent, "x")
        except NotebookError as error:
            yield Hit(str(error).removeprefix("x, cell 1: "), cell.number)


@rule(
    "shortcode",
    Part.SHOWN,
    "A shortcode of Quarto's, which would be run.",
    "Write what it would give.",
    allowed=False,
)
def shortcodes(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """The build would refuse it, and say the same."""
    for cell in notebook.cells:
        code = cell.kind == "code"
        for said in shortcode_faults(cell.source, cell.number, code=code):
            yield Hit(said, cell.number)


@rule(
    "allow",
    Part.SHOWN,
    "A comment `# lpe: allow …` that names no rule, gives no reason, or is of a rule that holds "
    "for every cell.",
    "`# lpe: allow lambda because the measure comes next week`.",
    allowed=False,
)
def allowances(notebook: Notebook, facts: Facts) -> Iterator[Hit]:
    """Whoever reads it later wants to know why."""
    for cell in notebook.cells:
        for one in cell.allowances:
            made = RULES.get(f"lpe.{one.rule}")
            if made is None:
                said = f"there is no rule '{one.rule}'; `lpe check --rules` has them all"
            elif not made.allowed:
                said = f"the rule '{one.rule}' holds for every cell; mend what it names"
            elif not one.why:
                said = f"say why: `# lpe: allow {one.rule} because …`"
            else:
                continue
            yield Hit(said, cell.number, one.line)
