"""Series of first case starts and turnover."""

from lpe_reports.display.series.measure import SeriesMeasure, Wording

_HERE = "lpe_reports.display.series.lead_times"


def _turnover(measure_id: str, label: str, subject: str, decimals: int) -> SeriesMeasure:
    return SeriesMeasure(
        id=measure_id,
        label=label,
        type="number",
        table="lead_times",
        source="operations",
        compute=f"{_HERE}:{measure_id}",
        wording=Wording("level", subject),
        unit="min",
        decimals=decimals,
        improvement="down",
        basis="Byten",
        definition="turnover_time",
        options=("turnover_cap_minutes",),
    )


MEASURES: tuple[SeriesMeasure, ...] = (
    SeriesMeasure(
        id="first_case_on_time",
        label="Första patienten i tid",
        type="share",
        table="lead_times",
        source="sessions",
        compute=f"{_HERE}:on_time",
        wording=Wording("level", "andelen första patienter i tid"),
        improvement="up",
        limits="share",
        parts=("I tid", "Starter"),
        definition="first_case_start",
        options=("grace_minutes", "start"),
    ),
    SeriesMeasure(
        id="first_case_late_hours",
        label="Sena starter, sammanlagt",
        type="hours",
        table="lead_times",
        source="sessions",
        compute=f"{_HERE}:late_hours",
        wording=Wording("level", "tiden från passens start till den första patienten"),
        unit="tim",
        improvement="down",
        definition="first_case_start",
        options=("start",),
    ),
    _turnover("turnover_mean", "Bytestid, medel", "bytestiden", 1),
    _turnover(
        "turnover_p90", "Bytestid, nio av tio inom", "den längsta bytestiden i nio av tio fall", 0
    ),
)
