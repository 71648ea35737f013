"""Which points of a series are more than chance, by four rules where the first match wins.

Rules and their order are NHS England's "Making Data Count": a point outside the limits; a trend
of seven; two of three in the outer third on one side, with all three on that side; seven on one
side of the mean.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Signs = NDArray[np.int64]

OUTSIDE = "outside"
TREND = "trend"
TWO_OF_THREE = "two_of_three"
SHIFT = "shift"
RUN = 7
# A point on a line is neither over nor under it, whatever the last digits of the floats say.
_NEAR = 1e-9


def side_of(values: Floats, centre: Floats) -> Signs:
    """1 above the centre, −1 below, 0 on it."""
    return np.where(_above(values, centre), 1, np.where(_above(centre, values), -1, 0))


def special_causes(
    values: Floats, centre: Floats, lower: Floats, upper: Floats, third: Floats
) -> tuple[NDArray[np.str_], Signs]:
    """The special cause of each point, and which way it points.

    Args:
        values: The points in order, without nulls.
        centre: The mean at each point.
        lower: The lower limit at each point; NaN where there is none.
        upper: The upper limit at each point.
        third: How far from the centre the outer third begins.

    Returns:
        "outside", "trend", "two_of_three", "shift" or "" for chance; and 1 for a point that is
        high (or part of a rise), −1 for low (or a fall), 0 for chance.
    """
    side = side_of(values, centre)
    outside = _above(values, upper) | _above(lower, values)
    outer = ~outside & (_above(values, centre + third) | _above(centre - third, values))
    rising, falling = _trend(values, 1), _trend(values, -1)
    rules = [outside, rising | falling, _two_of_three(outer, side), _one_sided(side)]
    cause = np.select(rules, [OUTSIDE, TREND, TWO_OF_THREE, SHIFT], default="")
    slope = np.where(rising, 1, -1)
    return cause, np.where(cause == "", 0, np.where(cause == TREND, slope, side))


def _trend(values: Floats, direction: int) -> Flags:
    """Points of seven that each lie further in one direction than the one before."""
    step = side_of(values[1:], values[:-1]) == direction
    if len(step) < RUN - 1:
        return np.zeros(len(values), dtype=bool)
    complete: Flags = np.asarray(sliding_window_view(step, RUN - 1).all(axis=1))
    return _spread(complete, RUN, len(values))


def _one_sided(side: Signs) -> Flags:
    """Points of seven in a row on one side of the centre."""
    if len(side) < RUN:
        return np.zeros(len(side), dtype=bool)
    complete = np.abs(sliding_window_view(side, RUN).sum(axis=1)) == RUN
    return _spread(complete, RUN, len(side))


def _two_of_three(outer: Flags, side: Signs) -> Flags:
    """Points in the outer third, of three on one side of which at least two lie there."""
    if len(side) < 3:
        return np.zeros(len(side), dtype=bool)
    two = sliding_window_view(outer, 3).sum(axis=1) >= 2
    one_side = np.abs(sliding_window_view(side, 3).sum(axis=1)) == 3
    return outer & _spread(two & one_side, 3, len(side))


def _spread(complete: Flags, width: int, length: int) -> Flags:
    """The points of every window that is complete."""
    covered = np.convolve(complete, np.ones(width, dtype=np.int64))
    return covered[:length] > 0


def _above(a: Floats, b: Floats) -> Flags:
    return a > b + _NEAR * np.maximum(1.0, np.abs(b))
