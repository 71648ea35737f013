"""Series of capacity: a schedule's sessions and hours."""

from lpe_reports.display.series.measure import SeriesMeasure, Wording

_COMPUTE = "lpe_reports.display.series.capacity:sessions"


def _sessions(measure_id: str, label: str, words: tuple[str, str]) -> SeriesMeasure:
    return SeriesMeasure(
        id=measure_id,
        label=label,
        type="count",
        table="capacity",
        source="sessions",
        compute=_COMPUTE,
        definition="capacity_sessions",
        narrowed_by=("section",),
        wording=Wording("did", words[1], words[0], words[1], "hade", "haft"),
    )


MEASURES: tuple[SeriesMeasure, ...] = (
    _sessions("open_sessions", "Öppna salspass", ("öppet salspass", "öppna salspass")),
    _sessions("closed_sessions", "Stängda salspass", ("stängt salspass", "stängda salspass")),
    _sessions("released_sessions", "Släppta salspass", ("släppt salspass", "släppta salspass")),
    SeriesMeasure(
        id="staffed_hours",
        label="Bemannad tid",
        type="hours",
        table="capacity",
        source="sessions",
        compute=_COMPUTE,
        definition="capacity_hours",
        unit="tim",
        decimals=0,
        narrowed_by=("section",),
        wording=Wording("level", "den bemannade tiden"),
    ),
)
