"""Series of what was done: operations, their hours, open theatres."""

from lpe_reports.display.series.measure import Narrowing, SeriesMeasure, Wording

_HERE = "lpe_reports.display.series"
_DONE: tuple[Narrowing, ...] = ("section", "procedure")

MEASURES = (
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
            "did",
            "höft- och knäproteser",
            "höft- eller knäprotes",
            "höft- och knäproteser",
            "satte in",
            "satt in",
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
            "did",
            "operationer för andra orters patienter",
            "operation för annan orts patient",
            "operationer för andra orters patienter",
            "gjorde",
            "gjort",
        ),
    ),
)
