"""Series of plan and outcome."""

from lpe_reports.display.series.measure import SeriesMeasure

MEASURES: tuple[SeriesMeasure, ...] = ()
