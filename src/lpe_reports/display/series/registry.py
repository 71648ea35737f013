"""The measures that `p.series(…)` knows, by id.

To add one: write its function in a module of this package (an Ask in, [window, value] out) and
its entry here; its definition stands in `params/glossary.yml` under the same id.
"""

import difflib

from lpe_reports.display.about import COVERED, COVERED_WITHIN, OPERATED, UNBOOKED, WAITING
from lpe_reports.display.series.measure import Narrowing, SeriesMeasure, Wording
from lpe_reports.errors import UsageError

_HERE = "lpe_reports.display.series"
_DONE: tuple[Narrowing, ...] = ("section", "procedure")
_ON_LIST: tuple[Narrowing, ...] = (*_DONE, "list")


def _utilisation(
    measure_id: str, label: str, subject: str, *, options: tuple[str, ...] = ()
) -> SeriesMeasure:
    return SeriesMeasure(
        id=measure_id,
        label=label,
        type="share",
        table="utilisation",
        source="sessions",
        compute=f"{_HERE}.utilisation:share",
        wording=Wording("level", subject),
        parts=("Använda minuter", "Tillgängliga minuter"),
        options=options,
    )


_MEASURES = (
    SeriesMeasure(
        id="open_theatres",
        label="Öppna salar",
        type="count",
        table="open_theatres",
        source="sessions",
        compute=f"{_HERE}.activity:open_theatres",
        improvement="up",
        narrowed_by=("section",),
        wording=Wording("did", "öppna salar", "sal öppen", "salar öppna", "hade", "haft"),
    ),
    SeriesMeasure(
        id="operations",
        label="Operationer",
        type="count",
        table="operations",
        source="operations",
        compute=f"{_HERE}.activity:operations",
        improvement="up",
        narrowed_by=_DONE,
        wording=Wording("did", "operationer", "operation", "operationer", "gjorde", "gjort"),
    ),
    SeriesMeasure(
        id="operation_hours",
        label="Operationstimmar",
        type="hours",
        table="operation_hours",
        source="operations",
        compute=f"{_HERE}.activity:operation_hours",
        improvement="up",
        unit="tim",
        decimals=0,
        narrowed_by=_DONE,
        wording=Wording(
            "did", "operationstimmar", "operationstimme", "operationstimmar", "hade", "haft"
        ),
    ),
    SeriesMeasure(
        id="arthroplasties",
        label="Höft- och knäproteser",
        type="count",
        table="arthroplasties",
        source="operations",
        compute=f"{_HERE}.activity:arthroplasties",
        improvement="up",
        narrowed_by=("section",),
        wording=Wording(
            "did", "höft- och knäproteser", "höft- eller knäprotes", "höft- och knäproteser",
            "satte in", "satt in",
        ),
    ),
    SeriesMeasure(
        id="operations_for_others",
        label="Operationer för andra orters patienter",
        type="count",
        table="flows",
        source="operations",
        compute=f"{_HERE}.activity:operations_for_others",
        definition="flows",
        narrowed_by=_DONE,
        wording=Wording(
            "did", "operationer för andra orters patienter", "operation för annan orts patient",
            "operationer för andra orters patienter", "gjorde", "gjort",
        ),
    ),
    SeriesMeasure(
        id="waiting",
        label="Väntande",
        type="count",
        table="waiting",
        source="waiting_list",
        compute=f"{_HERE}.waiting:waiting",
        improvement="down",
        stock=True,
        population=WAITING,
        narrowed_by=_ON_LIST,
        wording=Wording("stock", "väntelistan", subjects="väntelistorna"),
    ),
    SeriesMeasure(
        id="guarantee_share_waiting",
        label="Inom vårdgarantin",
        type="share",
        table="waiting",
        source="waiting_list",
        compute=f"{_HERE}.waiting:guarantee_share",
        improvement="up",
        stock=True,
        limits="share",
        parts=("Väntande inom gränsen", "Väntande som garantin omfattar"),
        population=WAITING,
        traits=COVERED,
        within=COVERED_WITHIN,
        narrowed_by=_ON_LIST,
        wording=Wording("guarantee", "andelen inom vårdgarantin"),
    ),
    SeriesMeasure(
        id="unbooked",
        label="Väntande utan bokad tid",
        type="count",
        table="unbooked",
        source="waiting_list",
        compute=f"{_HERE}.waiting:unbooked",
        improvement="down",
        stock=True,
        population=WAITING,
        traits=UNBOOKED,
        narrowed_by=_ON_LIST,
        wording=Wording(
            "stock", "kön utan bokad tid", subjects="köerna utan bokad tid"
        ),
    ),
    SeriesMeasure(
        id="wait_days_performed",
        label="Median dagar till operation",
        type="days",
        table="performed",
        source="operations",
        compute=f"{_HERE}.waiting:performed_median",
        improvement="down",
        unit="dagar",
        basis="Opererade",
        population=OPERATED,
        narrowed_by=_DONE,
        wording=Wording("level", "mediantiden till operation"),
    ),
    SeriesMeasure(
        id="guarantee_share_performed",
        label="Opererade inom vårdgarantin",
        type="share",
        table="performed",
        source="operations",
        compute=f"{_HERE}.waiting:performed_share",
        improvement="up",
        limits="share",
        parts=("Opererade inom gränsen", "Opererade som garantin omfattar"),
        population=OPERATED,
        traits=COVERED,
        within=COVERED_WITHIN,
        narrowed_by=_DONE,
        wording=Wording("level", "andelen opererade inom vårdgarantin"),
    ),
    _utilisation("spor_patient_time", "SPOR, patienttid", "SPOR:s patienttid"),
    _utilisation("spor_operation_time", "SPOR, operationstid", "SPOR:s operationstid"),
    _utilisation("aacd_raw", "AACD, patienttid i pass", "patienttiden i passen"),
    _utilisation(
        "aacd_adjusted", "AACD, med bytestid", "patienttiden med bytestid",
        options=("turnover_cap_minutes",),
    ),
    _utilisation("nhs_capped", "NHS, operationstid i pass", "operationstiden i passen"),
    _utilisation("nhs_uncapped", "NHS, hela operationstiden", "hela operationstiden mot passen"),
    _utilisation("room_window", "Första in till sista ut", "tiden från första in till sista ut"),
    SeriesMeasure(
        id="under_use",
        label="Outnyttjad passtid",
        type="hours",
        table="under_over_use",
        source="sessions",
        compute=f"{_HERE}.utilisation:under_use",
        improvement="down",
        unit="tim",
        decimals=0,
        wording=Wording("level", "den outnyttjade passtiden"),
    ),
    SeriesMeasure(
        id="over_use",
        label="Tid utanför pass",
        type="hours",
        table="under_over_use",
        source="sessions",
        compute=f"{_HERE}.utilisation:over_use",
        improvement="down",
        unit="tim",
        decimals=0,
        wording=Wording("level", "tiden utanför passen"),
    ),
)  # fmt: skip
MEASURES = {measure.id: measure for measure in _MEASURES}


def get_measure(measure_id: str) -> SeriesMeasure:
    """The measure with an id.

    Raises:
        UsageError: There is none; names the nearest, or all.
    """
    if measure_id in MEASURES:
        return MEASURES[measure_id]
    near = difflib.get_close_matches(measure_id, MEASURES, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(sorted(MEASURES))}"
    raise UsageError(f"no measure '{measure_id}' that can be followed over periods; {hint}")
