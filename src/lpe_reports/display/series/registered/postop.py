"""Series of postoperative care and cancellations."""

from lpe_reports.display.about import POSTOP, SCHEDULED, STAY_KNOWN, STRUCK, WAITED, WARD_KNOWN
from lpe_reports.display.series.measure import SeriesMeasure, Wording
from lpe_reports.params.units import UnitKind

_HERE = "lpe_reports.display.series.postop"

MEASURES = (
    SeriesMeasure(
        id="postop_stays",
        label="Vårdtillfällen på postop",
        type="count",
        table="postop",
        source="postop_stays",
        compute=f"{_HERE}:stays",
        definition="postop_time",
        population=POSTOP,
        unit_kind=UnitKind.POSTOP_UNIT,
        wording=Wording("did", "vårdtillfällen", "patient", "patienter", "tog emot", "tagit emot"),
    ),
    SeriesMeasure(
        id="postop_median_minutes",
        label="Tid på postop, median",
        type="minutes",
        table="postop",
        source="postop_stays",
        compute=f"{_HERE}:median_minutes",
        unit="h:mm",
        basis="Vårdtillfällen med kända tider",
        definition="postop_time",
        population=POSTOP,
        traits=STAY_KNOWN,
        unit_kind=UnitKind.POSTOP_UNIT,
        wording=Wording("level", "mediantiden på postop"),
    ),
    SeriesMeasure(
        id="ward_wait_share",
        label="Kvar mer än 30 minuter efter klar",
        type="share",
        table="postop",
        source="postop_stays",
        compute=f"{_HERE}:ward_wait_share",
        improvement="down",
        limits="share",
        parts=("Kvar mer än 30 minuter", "Vårdtillfällen med kända tider"),
        definition="ward_wait",
        population=POSTOP,
        traits=WARD_KNOWN,
        within=WAITED,
        unit_kind=UnitKind.POSTOP_UNIT,
        wording=Wording("level", "andelen som var kvar mer än 30 minuter efter klar"),
    ),
    SeriesMeasure(
        id="cancelled_share",
        label="Andel strukna operationer",
        type="share",
        table="cancellations",
        source="cancellations",
        compute=f"{_HERE}:cancelled_share",
        improvement="down",
        limits="share",
        parts=("Strukna", "Planerade"),
        population=SCHEDULED,
        within=STRUCK,
        wording=Wording("level", "andelen strukna operationer"),
    ),
)
