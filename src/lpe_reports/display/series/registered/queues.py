"""Series of what comes to a waiting list and leaves it."""

from lpe_reports.display.series.measure import SeriesMeasure

MEASURES: tuple[SeriesMeasure, ...] = ()
