"""Series of what a schedule gave."""

from lpe_reports.display.series.measure import SeriesMeasure

MEASURES: tuple[SeriesMeasure, ...] = ()
