"""Series of the whole flow."""

from lpe_reports.display.about import FLOW
from lpe_reports.display.series.measure import SeriesMeasure, Wording

_COMPUTE = "lpe_reports.display.series.care_flow:step_days"


def _days(measure_id: str, label: str, subject: str, step: str, source: str) -> SeriesMeasure:
    return SeriesMeasure(
        id=measure_id,
        label=label,
        type="days",
        table="flow_steps",
        source=source,
        compute=_COMPUTE,
        improvement="down",
        unit="dagar",
        basis="Gick vidare",
        definition="care_flow",
        population=FLOW,
        traits=(("step", step), ("event", "timed")),
        wording=Wording("level", subject),
    )


MEASURES = (
    _days(
        "flow_days_first_contact",
        "Median dagar, bedömning till första kontakt",
        "mediantiden från bedömning till första kontakt",
        "first_contact",
        "contacts",
    ),
    _days(
        "flow_days_operation",
        "Median dagar, anmälan till operation",
        "mediantiden från anmälan till operation",
        "operation",
        "operations",
    ),
)
