"""The tables postop_stays and stays: what followed the operations, as far as it is known."""

import numpy as np
import pyarrow as pa

from lpe_reports.warehouse.demo.aftercare import DESTINATIONS, Aftercare
from lpe_reports.warehouse.demo.columns import times, words
from lpe_reports.warehouse.demo.days import DAY_MINUTES
from lpe_reports.warehouse.demo.draws import Ints
from lpe_reports.warehouse.demo.keys import keys, patient_keys
from lpe_reports.warehouse.demo.known import changed, known
from lpe_reports.warehouse.demo.linking import Links
from lpe_reports.warehouse.demo.office import UNITS
from lpe_reports.warehouse.demo.people import NEVER_AT, People


def postop_table(people: People, after: Aftercare, number: Ints, *, until: int) -> pa.Table:
    """Stays over before `until`, of the operations that are numbered, in the order they ended."""
    ends = until * DAY_MINUTES
    keep = np.flatnonzero((number > 0) & (after.left_at < ends))
    keep = keep[np.lexsort((number[keep], after.left_at[keep]))]
    return pa.table(
        {
            "operation_id": keys("O", number[keep]),
            "postop_unit": words([u.postop for u in UNITS], people.theatre_unit[keep]),
            "arrived_at": times(after.arrived_at[keep]),
            "ready_at": times(after.ready_at[keep]),
            "left_at": times(after.left_at[keep]),
            "changed_at": times(after.left_at[keep]),
        }
    )


def stays_table(
    people: People, after: Aftercare, links: Links, number: Ints, *, until: int
) -> pa.Table:
    """Stays begun before `until`, of the operations that are numbered, in turn of admission.

    Until the operation is done, nobody knows for which one a patient is in.
    """
    ends = until * DAY_MINUTES
    admitted = after.admitted_at
    turn = np.flatnonzero((number > 0) & (admitted < NEVER_AT))
    turn = turn[np.lexsort((number[turn], admitted[turn]))]
    stay = np.arange(1, len(turn) + 1)
    stay, keep = stay[admitted[turn] < ends], turn[admitted[turn] < ends]
    out = people.times.patient_out[keep]
    discharged = known(after.discharged_at[keep], ends)
    return pa.table(
        {
            "stay_id": keys("V", stay),
            "patient_key": patient_keys(links.patient[keep]),
            "operation_id": keys("O", number[keep], out < ends),
            "admitted_at": times(admitted[keep]),
            "discharged_at": times(discharged),
            "discharged_to": words(
                DESTINATIONS, np.where(discharged < NEVER_AT, after.destination[keep], -1)
            ),
            "changed_at": times(changed(ends, admitted[keep], out, after.discharged_at[keep])),
        }
    )
