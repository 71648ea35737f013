"""Frames without a single value have no dtypes; every measure answers them with its columns."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from canonical_frames import ENTRY, OPERATION, SESSION
from lpe_reports.measures import equity, guarantee, production, utilisation, waiting

CALENDAR = utilisation.elective_days(date(2026, 5, 1), date(2026, 5, 1), ())
OPERATIONS = pd.DataFrame(columns=list(OPERATION))
SESSIONS = pd.DataFrame(columns=list(SESSION))
ENTRIES = pd.DataFrame(columns=list(ENTRY))
BY = ["vo"]
RULE = guarantee.GuaranteeRule("operation", 90, date(2010, 7, 1))

MEASURES: dict[str, Callable[[], pd.DataFrame]] = {
    "waiting_by": lambda: waiting.waiting_by(ENTRIES, by=BY, rule=RULE),
    "bands_by": lambda: waiting.bands_by(ENTRIES, by=BY),
    "unbooked_by_asa": lambda: waiting.unbooked_by_asa(ENTRIES, by=BY),
    "queues_over_limit": lambda: waiting.queues_over_limit(ENTRIES, rule=RULE),
    "performed_by": lambda: waiting.performed_by(OPERATIONS, by=BY, rule=RULE),
    "operations_by": lambda: production.operations_by(OPERATIONS, by=BY),
    "flows": lambda: production.flows(OPERATIONS, by=BY),
    "visiting_surgeons": lambda: production.visiting_surgeons(OPERATIONS, by=BY),
    "open_theatres_by": lambda: production.open_theatres_by(SESSIONS, by=BY),
    "utilisation_by": lambda: utilisation.utilisation_by(
        OPERATIONS, SESSIONS, by=[*BY, "month", "weekday"], calendar_days=CALENDAR
    ),
    "under_over_use_by": lambda: utilisation.under_over_use_by(OPERATIONS, SESSIONS, by=BY),
    "days_by_unit": lambda: equity.days_by_unit(OPERATIONS, by=BY),
    "standardised": lambda: equity.standardised(OPERATIONS, unit="vo"),
}


@pytest.mark.parametrize("name", MEASURES)
def test_measure_of_an_untyped_empty_frame_is_empty(name: str) -> None:
    """A source that delivered nothing gives a table without rows, not an error."""
    answer = MEASURES[name]()

    assert answer.empty
    assert len(answer.columns) > len(BY)
