"""Series of postoperative care and cancellations."""

from lpe_reports.display.series.measure import SeriesMeasure

MEASURES: tuple[SeriesMeasure, ...] = ()
