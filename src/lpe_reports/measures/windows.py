"""Spans of time in places: what they cover, and which of them meet.

Places are whole numbers from 0 (a theatre's code), times whole microseconds. All of it is
sorting and searching in arrays of one number per row, since a region's history has millions of
operations. Spans that start together in a place are taken in the order given.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
_LARGEST = np.iinfo(np.int64).max


def trim(place: Integers, start: Integers, end: Integers) -> tuple[Integers, Integers]:
    """Each span without what earlier spans of its place cover, so that none overlap.

    The spans of a place cover together what they covered before; one that lies wholly inside
    earlier ones keeps no length.

    Returns:
        Starts and ends in the order given.
    """
    order, begin, finish = _trimmed_in_order(place, start, end)
    if order is None:
        return begin, finish
    trimmed_start, trimmed_end = np.empty_like(start), np.empty_like(end)
    trimmed_start[order], trimmed_end[order] = begin, finish
    return trimmed_start, trimmed_end


def pauses(place: Integers, start: Integers, end: Integers) -> tuple[Integers, Integers, Integers]:
    """The pause between each span and all that came before it in its place.

    Returns:
        As `gaps`, with 0 where the place was taken.
    """
    after, before, gap = gaps(place, start, end)
    return after, before, np.maximum(gap, 0)


def gaps(place: Integers, start: Integers, end: Integers) -> tuple[Integers, Integers, Integers]:
    """How long each span starts after all that came before it in its place had ended.

    Returns:
        Positions of a span and of the one that starts before it in the same place, one pair for
        every span but the first of each place; and the gap, below 0 where the place was taken.
    """
    line = _Line(place, start, end)
    order, place, start, end = _in_order(line, place, start, end)
    taken_until = line.latest(place, end)[:-1]
    later = np.flatnonzero(place[1:] == place[:-1]) + 1
    gap = start[later] - taken_until[later - 1]
    if order is None:
        return later, later - 1, gap
    return order[later], order[later - 1], gap


def sorted_places(place: Integers, start: Integers) -> Integers:
    """The positions in order of place and then of time; equals in the order given."""
    order: Integers = np.argsort(_Line(place, start, start).key(place, start), kind="stable")
    return order


@dataclass(frozen=True)
class Cover:
    """The time that spans cover in their places, each instant once; sorted, without overlaps."""

    place: Integers
    start: Integers
    end: Integers
    total: Integers  # covered before each span, over all places before it too

    @classmethod
    def of(cls, place: Integers, start: Integers, end: Integers) -> Self:
        """The cover of any spans, overlapping or not, in any order."""
        order, begin, finish = _trimmed_in_order(place, start, end)
        place = place if order is None else place[order]
        some = finish > begin
        if not some.all():
            place, begin, finish = place[some], begin[some], finish[some]
        total = np.zeros(len(begin) + 1, dtype=np.int64)
        np.cumsum(finish - begin, out=total[1:])
        return cls(place, begin, finish, total)

    def within(self, place: Integers, start: Integers, end: Integers) -> Integers:
        """How much of each given window is covered, in microseconds."""
        if not len(self.start) or not len(place):
            return np.zeros(len(place), dtype=np.int64)
        return self._until(place, np.maximum(start, end)) - self._until(place, start)

    def _until(self, place: Integers, time: Integers) -> Integers:
        """Covered time in all places before a place, and in it before a time."""
        # Later places have larger keys, so one search finds the place and the time in it.
        line = _Line(np.concatenate([self.place[-1:], place]), self.start, self.end)
        begun = np.searchsorted(line.key(self.place, self.start), line.key(place, time))
        last = np.maximum(begun - 1, 0)
        under_way = (begun > 0) & (self.place[last] == place)
        ahead = np.where(under_way, np.maximum(self.end[last] - time, 0), 0)
        return self.total[begun] - ahead


def meetings(
    spans: tuple[Integers, Integers, Integers], windows: tuple[Integers, Integers, Integers]
) -> tuple[Integers, Integers]:
    """Which spans overlap which windows of the same place; a window without length meets none.

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
    line = _Line(np.concatenate([place, window_place]), window_start, window_end)
    starts = line.key(window_place, window_start)
    order = np.argsort(starts, kind="stable")
    latest_end = line.key(window_place[order], line.latest(window_place[order], window_end[order]))
    low = np.searchsorted(latest_end, line.key(place, start), side="right")
    high = np.searchsorted(starts[order], line.key(place, end), side="left")
    count = np.maximum(high - low, 0)
    span = np.repeat(np.arange(len(place)), count)
    nth = np.arange(len(span)) - np.repeat(np.cumsum(count) - count, count)
    window = order[np.repeat(low, count) + nth]
    # A long window earlier in the row keeps the search from skipping those that ended already.
    meet = (window_end[window] > start[span]) & (window_start[window] < end[span])
    meet &= window_end[window] > window_start[window]
    return span[meet], window[meet]


class _Line:
    """Place and time as one sortable number: each place is a stretch of one long line.

    Times outside the range it was made for are moved to its ends.
    """

    def __init__(self, place: Integers, start: Integers, end: Integers) -> None:
        self._first = int(start.min()) if len(start) else 0
        self._last = max(int(end.max()), self._first) if len(end) else 0
        self._width = self._last - self._first + 1
        places = int(place.max()) + 1 if len(place) else 1
        if places * self._width > _LARGEST:
            raise OverflowError(f"{places} places over {self._width} microseconds are too many")

    def key(self, place: Integers, time: Integers) -> Integers:
        key: Integers = np.clip(time, self._first, self._last)
        key -= self._first
        key += place * self._width
        return key

    def latest(self, place: Integers, time: Integers) -> Integers:
        """The latest time so far in each row's place; rows sorted by place."""
        begins = place * self._width
        furthest: Integers = np.clip(time, self._first, self._last)
        furthest -= self._first
        furthest += begins
        np.maximum.accumulate(furthest, out=furthest)
        furthest -= begins
        furthest += self._first
        return furthest


def _trimmed_in_order(
    place: Integers, start: Integers, end: Integers
) -> tuple[Integers | None, Integers, Integers]:
    """The order of spans by place and start, and their trimmed starts and ends in that order.

    The order is None where they are given in it.
    """
    line = _Line(place, start, end)
    order, place, start, end = _in_order(line, place, start, end)
    same = place[1:] == place[:-1]
    taken_until = line.latest(place, end)[:-1]
    begin = start.copy()
    begin[1:] = np.where(same, np.maximum(start[1:], taken_until), start[1:])
    return order, begin, np.maximum(end, begin)


def _in_order(
    line: _Line, place: Integers, start: Integers, end: Integers
) -> tuple[Integers | None, Integers, Integers, Integers]:
    """The order of spans by place and start, or None where they are in it, and themselves so."""
    key = line.key(place, start)
    if not (key[1:] < key[:-1]).any():
        return None, place, start, end
    order = np.argsort(key, kind="stable")
    return order, place[order], start[order], end[order]
