"""Spans of time in places: what they cover, and which of them meet.

Places are whole numbers (a theatre's code), times whole microseconds. All of it is sorting and
searching in arrays, since a year has 16,000 operations and a region's history 1.6 million.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Integers = NDArray[np.int64]
_NEVER = np.iinfo(np.int64).min


def trim(place: Integers, start: Integers, end: Integers) -> tuple[Integers, Integers]:
    """Each span without what earlier spans of its place cover, so that none overlap.

    The spans of a place cover together what they covered before; one that lies wholly inside
    earlier ones keeps no length.

    Returns:
        Starts and ends in the order given.
    """
    order = np.lexsort((end, start, place))
    covered_until = _latest_end_before(place[order], end[order])
    trimmed_start, trimmed_end = np.empty_like(start), np.empty_like(end)
    trimmed_start[order] = np.maximum(start[order], covered_until)
    trimmed_end[order] = np.maximum(end[order], trimmed_start[order])
    return trimmed_start, trimmed_end


def gaps_before(
    place: Integers, start: Integers, end: Integers
) -> tuple[Integers, Integers, Integers]:
    """The pause between each span and all that came before it in its place.

    Returns:
        The order of the spans in their places; for each in that order, which span comes before
        it (-1 for a place's first), and the pause, 0 where they overlap.
    """
    order = np.lexsort((end, start, place))
    covered_until = _latest_end_before(place[order], end[order])
    before = np.concatenate([[-1], order[:-1]]).astype(np.int64)[: len(order)]
    first = covered_until == _NEVER
    before[first] = -1
    pause = np.where(first, 0, np.maximum(start[order] - np.where(first, 0, covered_until), 0))
    return order, before, pause


@dataclass(frozen=True)
class Cover:
    """The time that spans cover in their places, each instant once."""

    place: Integers
    start: Integers
    end: Integers
    total: Integers  # covered before each span, over all places before it too

    @classmethod
    def of(cls, place: Integers, start: Integers, end: Integers) -> Self:
        """The cover of any spans, overlapping or not, in any order."""
        trimmed_start, trimmed_end = trim(place, start, end)
        some = trimmed_end > trimmed_start
        order = np.lexsort((trimmed_start[some], place[some]))
        begin, finish = trimmed_start[some][order], trimmed_end[some][order]
        total = np.concatenate([[0], np.cumsum(finish - begin)]).astype(np.int64)
        return cls(place[some][order], begin, finish, total)

    def within(self, place: Integers, start: Integers, end: Integers) -> Integers:
        """How much of each given window is covered, in microseconds."""
        if not len(self.start) or not len(place):
            return np.zeros(len(place), dtype=np.int64)
        end = np.maximum(start, end)
        return self._until(place, end) - self._until(place, start)

    def _until(self, place: Integers, time: Integers) -> Integers:
        """Covered time in all places before a place, and in it before a time."""
        key = _Key(self.start, self.end)
        begun = np.searchsorted(key.of(self.place, self.start), key.of(place, time), side="left")
        last = np.maximum(begun - 1, 0)
        under_way = (begun > 0) & (self.place[last] == place)
        ahead = np.where(under_way, np.maximum(self.end[last] - time, 0), 0)
        return self.total[begun] - ahead


def meetings(
    spans: tuple[Integers, Integers, Integers], windows: tuple[Integers, Integers, Integers]
) -> tuple[Integers, Integers]:
    """Which spans overlap which windows of the same place.

    Args:
        spans: Place, start and end of each span.
        windows: Place, start and end of each window.

    Returns:
        Positions of a span and of a window that meet, one pair per meeting, by span.
    """
    place, start, end = spans
    window_place, window_start, window_end = windows
    if not len(place) or not len(window_place):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    order = np.lexsort((window_end, window_start, window_place))
    key = _Key(window_start, window_end)
    sorted_place, sorted_start = window_place[order], window_start[order]
    latest_end = _latest_end(sorted_place, window_end[order])
    low = np.searchsorted(key.of(sorted_place, latest_end), key.of(place, start), side="right")
    high = np.searchsorted(key.of(sorted_place, sorted_start), key.of(place, end), side="left")
    count = np.maximum(high - low, 0)
    span = np.repeat(np.arange(len(place)), count)
    nth = np.arange(len(span)) - np.repeat(np.cumsum(count) - count, count)
    window = order[np.repeat(low, count) + nth]
    # A long window earlier in the row keeps the search from skipping those that ended already.
    meet = (window_end[window] > start[span]) & (window_start[window] < end[span])
    return span[meet], window[meet]


class _Key:
    """Place and time as one sortable number; times outside a range are moved to its ends."""

    def __init__(self, start: Integers, end: Integers) -> None:
        self._first = int(start.min())
        self._last = int(end.max())

    def of(self, place: Integers, time: Integers) -> Integers:
        width = self._last - self._first + 1
        return place * width + (np.clip(time, self._first, self._last) - self._first)


def _latest_end(place: Integers, end: Integers) -> Integers:
    """The latest end so far in each span's place; spans sorted by place and start."""
    return pd.Series(end).groupby(place).cummax().to_numpy(dtype=np.int64)


def _latest_end_before(place: Integers, end: Integers) -> Integers:
    """As `_latest_end`, without the span itself; a place's first has none."""
    latest = pd.Series(_latest_end(place, end))
    return latest.groupby(place).shift(fill_value=_NEVER).to_numpy(dtype=np.int64)
