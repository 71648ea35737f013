"""What a series would leave unheeded is refused: an argument without effect is a wrong input."""

import difflib
from collections.abc import Iterable, Sequence

from lpe_reports.display.series.asking import Selection
from lpe_reports.display.series.measure import SeriesMeasure
from lpe_reports.display.series.surroundings import LIST_WORDS, Wish
from lpe_reports.errors import UsageError
from lpe_reports.params.loading import Params
from lpe_reports.params.units import UnitKind
from lpe_reports.periods import Period, parse_period

OPERATION, FIRST_CONTACT = "operation", "first_contact"
# One point is no series, and there is always the one that it is compared with.
FEWEST_PERIODS = 2
_ARGUMENTS = (
    "unit", "vo", "section", "procedure", "list", "last", "since", "name", "target_unit", "rebase",
)  # fmt: skip


def check_wish(wish: Wish, params: Params) -> None:
    """See that all that a series is asked for has an effect.

    Args:
        wish: What is asked.
        params: The office's units.

    Raises:
        UsageError: An argument is unknown, of another kind, or would change nothing.
    """
    check_options(wish.measure, wish.options or {})
    check_rebase(wish.rebase, wish.period)
    check_selection(wish.measure, wish.selection, params)
    for _, unit in wish.targets:
        params.units.get(unit)


def check_selection(measure: SeriesMeasure, selection: Selection, params: Params) -> None:
    """See that a measure can be asked of those whom a selection says.

    Args:
        measure: What is asked.
        selection: Whose numbers.
        params: The office's units.

    Raises:
        UsageError: It cannot; names the argument, and what would do.
    """
    if selection.list not in LIST_WORDS:
        raise _refused(measure, f"list='{selection.list}'", f"there are {_named(LIST_WORDS)}")
    given = {"section": selection.section, "procedure": selection.procedure}
    given["list"] = None if selection.list == OPERATION else selection.list
    for name, value in given.items():
        if value is not None and name not in measure.narrowed_by:
            can = _named(("unit", "vo", *measure.narrowed_by))
            raise _refused(measure, f"{name}='{value}'", f"it would change nothing; {can} can")
    if selection.list == FIRST_CONTACT and selection.procedure is not None:
        reason = "nobody on the list to first contact has a procedure yet"
        raise _refused(measure, f"procedure='{selection.procedure}'", reason)
    _check_units(measure, selection, params)


def check_options(measure: SeriesMeasure, options: Iterable[str]) -> None:
    """See that a measure has the parameters that it is given.

    Raises:
        UsageError: It has not; names the nearest argument.
    """
    for name in options:
        if name not in measure.options:
            near = difflib.get_close_matches(name, (*_ARGUMENTS, *measure.options), n=1)
            hint = f"did you mean {near[0]}=?" if near else "the measure has no such parameter"
            raise _refused(measure, f"{name}=…", hint)


def check_length(last: int | None, since: str, call: str = "p.series") -> None:
    """See that it is said once how long a series is, and that it is one.

    Raises:
        UsageError: It is said twice, or the series would be a point.
    """
    if last is not None and since:
        raise UsageError(f"{call}: last={last} and since='{since}' both say how long; leave one")
    if last is not None and last < FEWEST_PERIODS:
        raise UsageError(f"{call}: last={last} is too short; a series has two periods at least")


def check_rebase(rebase: Sequence[str], period: Period) -> None:
    """See that limits start anew at periods such as the page's; they may lie outside the series.

    Raises:
        UsageError: One is no period, or another kind of period.
    """
    for given in rebase:
        if parse_period(given).kind is not period.kind:
            raise UsageError(f"p.series: rebase='{given}' is no {period.kind}")


def _check_units(measure: SeriesMeasure, selection: Selection, params: Params) -> None:
    clinic = selection.list == FIRST_CONTACT
    kinds = {
        "unit": (selection.unit, UnitKind.CLINIC if clinic else measure.unit_kind),
        "vo": (selection.vo, UnitKind.VO),
        "section": (selection.section, UnitKind.SECTION),
    }
    for name, (value, kind) in kinds.items():
        if value is not None and (found := params.units.get(value).kind) is not kind:
            reason = f"it is of kind {found}, and must be of kind {kind}"
            raise _refused(measure, f"{name}='{value}'", reason)
    if selection.section is not None and selection.vo is not None:
        home = params.units.get(selection.section).vo
        if home != selection.vo:
            reason = f"the section is of '{home}', not of vo='{selection.vo}'"
            raise _refused(measure, f"section='{selection.section}'", reason)


def _refused(measure: SeriesMeasure, argument: str, reason: str) -> UsageError:
    return UsageError(f"p.series('{measure.id}', {argument}): {reason}")


def _named(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
