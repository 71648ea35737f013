"""How far a curve with late entry can be trusted: until too few are seen while others come later.

Whoever has waited since before the period enters late. Where hardly anybody is seen on the short
waits, a single operation takes the curve down by a half or to nothing, and it never rises again
however many turn out to wait later on. From there on it says nothing about them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from lpe_reports.measures.intervals import Floats
from lpe_reports.measures.survival import Ints

# With fewer, one operation moves a curve by more than a fifth: chance, and near to somebody.
LEAST_AT_RISK = 5
# What can be said of a number: it is measured, or why it is not.
MEASURED, NOT_REACHED, NOT_FOLLOWED, TOO_FEW = (
    "measured", "not_reached", "not_followed", "too_few_at_risk",
)  # fmt: skip
# The time after which those are at risk who are seen from day 0.
ORIGIN = -1.0


def thin_after(
    group: Ints, entry: Floats, exit_: Floats, *, groups: int, least: int = LEAST_AT_RISK
) -> Floats:
    """The time after which each group's curve rests on too few; inf where it never does.

    Args:
        group: The number of each spell's group, from 0.
        entry: The time after which each was at risk, −1 for from day 0.
        exit_: When each ended, after its entry.
        groups: How many groups there are.
        least: The least number at risk, as long as others of the group enter later. Where nobody
            does, few are left because the others have ended, as the curve should have it.
    """
    number = len(group)
    codes, ticks = pd.factorize(np.concatenate([[ORIGIN], entry, exit_]), sort=True)
    width = len(ticks) + 1
    enters = np.sort(group * width + codes[1 : number + 1])
    leaves = np.sort(group * width + codes[number + 1 :])
    # Those at risk grow fewer only where somebody leaves, so that it is there, or at the outset.
    points = np.union1d(leaves, np.arange(groups) * width + codes[0])
    own = points // width
    entered = np.searchsorted(enters, points, side="right")
    at_risk = entered - np.searchsorted(leaves, points, side="right")
    to_enter = np.searchsorted(enters, (own + 1) * width) - entered
    thin = np.flatnonzero((at_risk < least) & (to_enter > 0))
    found, first = np.unique(own[thin], return_index=True)
    answer = np.full(groups, np.inf)
    answer[found] = ticks[points[thin[first]] % width]
    return answer


def until_thin(times: npt.ArrayLike, thin: Floats) -> Floats:
    """Times that a curve was still to be trusted at; NaN for later ones."""
    given = np.asarray(times, dtype=np.float64)
    return np.where(given <= thin, given, np.nan)


def states_of(times: Floats, thin: Floats, *, otherwise: str = NOT_REACHED) -> pd.Series[str]:
    """What can be said of each number.

    Args:
        times: The numbers, NaN for none, after `until_thin`.
        thin: From `thin_after`.
        otherwise: Why there is none where enough were at risk.
    """
    why = np.where(np.isfinite(thin), TOO_FEW, otherwise)
    return pd.Series(np.where(np.isnan(times), why, MEASURED), dtype="str")
