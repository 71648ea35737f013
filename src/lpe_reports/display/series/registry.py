"""The measures that `p.series(…)` knows, by id.

To add one: write its function in a module of this package (an Ask in, [window, value] out) and
its entry in its family's module in `registered/`; its definition stands in `params/glossary.yml`
under the same id.
"""

import difflib

from lpe_reports.display.series.measure import SeriesMeasure
from lpe_reports.display.series.registered import (
    activity,
    capacity,
    care_flow,
    end_times,
    lead_times,
    plan,
    postop,
    queues,
    utilisation,
    waiting,
)
from lpe_reports.errors import UsageError

_FAMILIES: tuple[tuple[SeriesMeasure, ...], ...] = (
    activity.MEASURES,
    waiting.MEASURES,
    queues.MEASURES,
    plan.MEASURES,
    care_flow.MEASURES,
    utilisation.MEASURES,
    lead_times.MEASURES,
    end_times.MEASURES,
    postop.MEASURES,
    capacity.MEASURES,
)
MEASURES = {measure.id: measure for family in _FAMILIES for measure in family}


def get_measure(measure_id: str) -> SeriesMeasure:
    """The measure with an id.

    Raises:
        UsageError: There is none; names the nearest, or all.
    """
    if measure_id in MEASURES:
        return MEASURES[measure_id]
    near = difflib.get_close_matches(measure_id, MEASURES, n=1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(sorted(MEASURES))}"
    raise UsageError(f"no measure '{measure_id}' that can be followed over periods; {hint}")
