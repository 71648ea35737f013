"""Which measures a new report can follow, by what it is about and for which periods."""

from lpe_reports.cli.starting.subjects import SubjectKind, Subjects
from lpe_reports.display.series.measure import SeriesMeasure
from lpe_reports.display.series.registry import MEASURES
from lpe_reports.errors import UsageError
from lpe_reports.params.glossary import Glossary
from lpe_reports.params.units import UnitKind, unknown
from lpe_reports.periods import PeriodKind

DEFAULTS: dict[SubjectKind, str] = {"clinic": "waiting", "postop_unit": "postop_stays"}
_USUAL = "operations"
# Plans, referrals and what is linked to them are a verksamhetsområde's, not a department's.
_OF_A_VO = ("plan_", "rolling_", "first_contact_", "flow_days_")
_MONTHLY = ("plan_", "rolling_")
# Rounded as a month's and a week's; what longer periods would round to is not decided.
_SHORT = ("operation_inflow", "operation_outflow")
_NARROWED = {"section": "section", "clinic": "list", "procedure": "procedure"}


def offered(kind: SubjectKind, periods: PeriodKind, glossary: Glossary) -> list[SeriesMeasure]:
    """The measures that are defined in the glossary and can be asked so; the usual one first."""
    usual = DEFAULTS.get(kind, _USUAL)
    found = [
        measure
        for measure in MEASURES.values()
        if _fits(measure, kind, periods) and measure.glossary_id in glossary
    ]
    return sorted(found, key=lambda measure: measure.id != usual)


def find_measure(
    given: str, subjects: Subjects, periods: PeriodKind, glossary: Glossary
) -> SeriesMeasure:
    """The measure of an id.

    Raises:
        UsageError: There is none, or none that can be followed so; names those that can.
    """
    fitting = {measure.id: measure for measure in offered(subjects.kind, periods, glossary)}
    if given in fitting:
        return fitting[given]
    if given in MEASURES:
        raise UsageError(
            f"'{given}' cannot be followed for each {subjects.kind} and {periods}; there are: "
            f"{', '.join(fitting)}"
        )
    raise UsageError(unknown("measure", given, fitting))


def as_call(measure: SeriesMeasure, kind: SubjectKind, history: str) -> str:
    """The call that a notebook asks it by; of a hospital one series for each department."""
    name = f'"{measure.id}"'
    match kind:
        case "hospital":
            units = "p.params.units.operating_units_of(unit)"
            return f"p.each({name}, {units}, last={history})"
        case "section":
            return f"p.series({name}, unit=None, section=unit, last={history})"
        case "clinic":
            return f'p.series({name}, list="first_contact", last={history})'
        case "procedure":
            return f"p.series({name}, procedure=unit, last={history})"
        case _:
            return f"p.series({name}, last={history})"


def _fits(measure: SeriesMeasure, kind: SubjectKind, periods: PeriodKind) -> bool:
    if measure.id.startswith(_MONTHLY) and periods is not PeriodKind.MONTH:
        return False
    if measure.id in _SHORT and periods not in (PeriodKind.WEEK, PeriodKind.MONTH):
        return False
    if kind == "postop_unit":
        return measure.unit_kind is UnitKind.POSTOP_UNIT
    if measure.unit_kind is not UnitKind.OPERATING_UNIT:
        return False
    if narrowing := _NARROWED.get(kind):
        return narrowing in measure.narrowed_by
    return kind == "vo" or not measure.id.startswith(_OF_A_VO)
