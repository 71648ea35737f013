"""What a source knew on the morning of a night, and when each row was last changed.

Every moment of the demo is lived before it is written down. What lies after the night is not
known yet, and a row's `changed_at` is the newest of its moments that is: a demo of a later night
differs only in rows that were changed since.
"""

import numpy as np

from lpe_reports.warehouse.demo.draws import Ints
from lpe_reports.warehouse.demo.people import NEVER_AT


def known(minutes: Ints, ends: int) -> Ints:
    """The same times; those that have not come before `ends` as NEVER_AT."""
    return np.where(minutes < ends, minutes, NEVER_AT)


def changed(ends: int, *moments: Ints) -> Ints:
    """The newest of several moments before `ends`, row by row; the first of them has come."""
    newest = moments[0]
    for moment in moments[1:]:
        newest = np.where((moment < ends) & (moment > newest), moment, newest)
    return newest
