"""Why a run runs or not, and how it failed: in English for the terminal, in Swedish for the site.

None of these sentences holds a data value: names of files, tables, tools and error classes, and
numbers of cells, are all they are made of.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """One reason, said twice."""

    text: str  # English
    words: str  # Swedish, as it follows on "därför att" or stands alone


NEVER_RUN = Reason("never run before", "sidan är ny")
DAMAGED = Reason(
    "what is stored of it is missing or damaged", "den sparade körningen saknas eller är skadad"
)
OLDER = Reason(
    "run by an earlier version of lpe", "sidan gjordes av en tidigare version av programmet"
)
FRESH = Reason("asked for with --fresh", "allt gjordes om på begäran")
UNCHANGED = Reason("nothing it read has changed", "inget som sidan bygger på har ändrats")
CODE = Reason("the notebook's code changed", "rapportens beräkning har ändrats")
PERIOD = Reason("its period is or was still under way", "perioden pågår eller pågick")
DECIDED = Reason(
    "other pages would give away what it must hide",
    "andra sidor skulle annars avslöja små tal som ska vara dolda",
)
LAPSED = Reason(
    "a decision to hide, made across pages or versions, no longer stands",
    "ett tidigare beslut om att dölja små tal gäller inte längre",
)
PROSE = Reason("only the notebook's text changed", "bara rapportens text har ändrats")


def asked_again(questions: int) -> Reason:
    """The data has changed, but not what the run reads of it."""
    return Reason(
        f"the data changed, the answers it read did not ({questions} asked)",
        "de uppgifter som sidan bygger på är oförändrade",
    )


def parameters_changed(names: Sequence[str]) -> Reason:
    """Other values of some parameters, or other parameters."""
    return Reason(f"parameter {_listed(names)} changed", f"ändrad inställning: {_listed(names)}")


def params_changed(entries: Sequence[str]) -> Reason:
    """Other entries of params."""
    return Reason(f"params {_listed(entries)} changed", f"ändrat i params: {_listed(entries)}")


def modules_changed(names: Sequence[str]) -> Reason:
    """Other code of the package."""
    short = [name.removeprefix("lpe_reports.") for name in names]
    return Reason(f"module {_listed(short)} changed", f"ändrad beräkning: {_listed(short)}")


def tool_changed(name: str, before: str, now: str) -> Reason:
    """Another version of a tool."""
    return Reason(f"{name} {before} → {now}", f"ny version av {name}")


def answer_changed(table: str) -> Reason:
    """Another answer from a table, the first of those the run read."""
    return Reason(f"other answers from {table}", f"nya uppgifter i {table}")


def joined(reasons: Sequence[Reason]) -> Reason:
    """Several reasons as one."""
    return Reason("; ".join(r.text for r in reasons), "; ".join(r.words for r in reasons))


def raised(cell: int | None, error_class: str | None) -> Reason:
    """A cell raised an error; without a number it was the closing one."""
    where = f"cell {cell}" if cell else "closing the page"
    by = error_class or "an error"
    place = f"i cell {cell}" if cell else "när sidan avslutades"
    kind = f" ({error_class})" if error_class else ""
    return Reason(f"{where} raised {by}", f"beräkningen avbröts av ett fel {place}{kind}")


def unfinished(cell: int | None, error_class: str | None) -> Reason:
    """The notebook ended without its closing mark."""
    how = f" with {error_class}" if error_class else ""
    return Reason(
        f"{_cell(cell)} ended{how} before the closing mark", "beräkningen slutade i förtid"
    )


def timed_out(cell: int | None, seconds: float) -> Reason:
    """It took longer than the report may."""
    return Reason(
        f"{_cell(cell)} was not done after {seconds:g} s",
        f"beräkningen inte blev klar på {seconds:g} sekunder",
    )


def too_much_memory(cell: int | None) -> Reason:
    """It wanted more memory than a notebook may have."""
    return Reason(
        f"{_cell(cell)} wanted more memory than a notebook may have (LPE_NOTEBOOK_MEMORY_MB); "
        "read fewer columns, units or days",
        "beräkningen behövde mer minne än den får använda",
    )


def too_much_output(cell: int | None) -> Reason:
    """It showed more than a page can be."""
    return Reason(
        f"{_cell(cell)} showed or printed more than a page can be (32 MB); print less",
        "rapporten visade mer än en sida rymmer",
    )


def not_started() -> Reason:
    """No kernel or worker came up, twice."""
    return Reason("its kernel did not start", "beräkningen inte kunde startas")


def no_rows(tables: Sequence[str]) -> Reason:
    """A table that the report requires is empty for the page's period."""
    return Reason(
        f"{_listed(tables)} gave not one row for its period, and the report requires some "
        "(requires_rows)",
        f"det inte finns några uppgifter i {_listed(tables)} för perioden",
    )


def foreign(cell: int | None) -> Reason:
    """A cell shows a data frame, a picture, or anything else that disclosure control never saw."""
    where = f" i cell {cell}" if cell else ""
    return Reason(
        f"{_cell(cell)} shows something that did not come from the page; show tables with "
        "p.table(…), charts with p.chart(…), and end no cell with a data frame",
        f"rapporten visar något{where} som inte har gått genom sekretessprövningen",
    )


def not_rendered() -> Reason:
    """It ran, and its page could not be made of what it showed."""
    return Reason("its page could not be rendered", "sidan inte kunde framställas")


def told() -> Reason:
    """What the pages show together gives a hidden number away, whatever more is hidden."""
    return Reason(
        "its numbers and those of other pages together give away what must be hidden",
        "sidan tillsammans med andra sidor skulle avslöja små tal som ska vara dolda",
    )


def died(cell: int | None, error_class: str | None) -> Reason:
    """Its process was killed or crashed."""
    how = f" ({error_class})" if error_class else ""
    return Reason(
        f"its process was killed or crashed in {_cell(cell)}{how}",
        "beräkningen avbröts av datorn",
    )


def _cell(cell: int | None) -> str:
    return f"cell {cell}" if cell else "the notebook"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" (+{len(names) - 3})" if len(names) > 3 else "")
