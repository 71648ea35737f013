"""Series of plan and outcome."""

from lpe_reports.display.series.measure import SeriesMeasure, Wording

_HERE = "lpe_reports.display.series.plan"

MEASURES: tuple[SeriesMeasure, ...] = (
    # As `operations` and `operation_hours`, whose targets are a week's: here the plan is what a
    # month is held against.
    SeriesMeasure(
        id="plan_operations",
        label="Operationer",
        type="count",
        table="operations",
        source="operations",
        compute=f"{_HERE}:operations",
        definition="operations",
        improvement="up",
        narrowed_by=("section",),
        wording=Wording("did", "operationer", "operation", "operationer", "gjorde", "gjort"),
    ),
    SeriesMeasure(
        id="plan_hours",
        label="Operationstimmar",
        type="hours",
        table="operation_hours",
        source="operations",
        compute=f"{_HERE}:operation_hours",
        definition="operation_hours",
        improvement="up",
        unit="tim",
        decimals=0,
        narrowed_by=("section",),
        wording=Wording(
            "did", "operationstimmar", "operationstimme", "operationstimmar", "hade", "haft"
        ),
    ),
    SeriesMeasure(
        id="plan_fulfilment",
        label="Planuppfyllelse, operationer",
        type="share",
        table="production_plan",
        source="operations",
        compute=f"{_HERE}:fulfilment",
        narrowed_by=("section",),
        wording=Wording("level", "planuppfyllelsen"),
    ),
    SeriesMeasure(
        id="plan_fulfilment_hours",
        label="Planuppfyllelse, timmar",
        type="share",
        table="production_plan",
        source="operations",
        compute=f"{_HERE}:fulfilment",
        definition="plan_fulfilment",
        narrowed_by=("section",),
        wording=Wording("level", "planuppfyllelsen i timmar"),
    ),
    SeriesMeasure(
        id="rolling_operations",
        label="Operationer, rullande tolv månader",
        type="number",
        table="operations",
        source="operations",
        compute=f"{_HERE}:rolling",
        definition="rolling_year",
        decimals=0,
        narrowed_by=("section",),
        wording=Wording("level", "antalet operationer på tolv månader"),
    ),
    SeriesMeasure(
        id="rolling_hours",
        label="Operationstimmar, rullande tolv månader",
        type="number",
        table="operation_hours",
        source="operations",
        compute=f"{_HERE}:rolling",
        definition="rolling_year",
        unit="tim",
        decimals=0,
        narrowed_by=("section",),
        wording=Wording("level", "operationstimmarna på tolv månader"),
    ),
)
