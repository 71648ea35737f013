"""Series of when theatres were done."""

from lpe_reports.display.series.measure import SeriesMeasure

MEASURES: tuple[SeriesMeasure, ...] = ()
