"""Series of when theatres were done."""

from typing import Literal

from lpe_reports.display.series.measure import SeriesMeasure, Wording

_HERE = "lpe_reports.display.series.end_times"


def _ended(
    measure_id: str, label: str, subject: str, part: str, improvement: Literal["down"] | None = None
) -> SeriesMeasure:
    return SeriesMeasure(
        id=measure_id,
        label=label,
        type="share",
        table="end_times",
        source="operations",
        compute=f"{_HERE}:{measure_id.removeprefix('ended_')}",
        wording=Wording("level", subject),
        improvement=improvement,
        limits="share",
        parts=(part, "Salsdagar"),
        definition="end_time",
        options=("cutoff", "grace_minutes"),
    )


MEASURES: tuple[SeriesMeasure, ...] = (
    SeriesMeasure(
        id="end_time_median",
        label="Sluttid, median",
        type="minutes",
        table="end_times",
        source="operations",
        compute=f"{_HERE}:median",
        wording=Wording("level", "sluttidens median"),
        basis="Salsdagar",
        definition="end_time",
    ),
    _ended("ended_early", "Slutade tidigt", "andelen som slutade tidigt", "Tidigt"),
    _ended("ended_late", "Slutade sent", "andelen som slutade sent", "Sent", "down"),
)
