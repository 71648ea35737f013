"""Spans of time against the slow way: a set of ticks per place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpe_reports.measures.windows import Cover, Integers, meetings, pauses, trim

Span = tuple[int, int, int]
spans = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 30), st.integers(0, 12)).map(
        lambda span: (span[0], span[1], span[1] + span[2])
    ),
    max_size=8,
)


def arrays(rows: list[Span]) -> tuple[Integers, Integers, Integers]:
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def ticks(rows: list[Span], place: int) -> set[int]:
    return {tick for at, start, end in rows if at == place for tick in range(start, end)}


@settings(max_examples=100, deadline=None)
@given(rows=spans, asked=spans)
def test_cover_within_counts_each_instant_once(rows: list[Span], asked: list[Span]) -> None:
    """Covered time of a window is the ticks that any span covers in its place."""
    covered = Cover.of(*arrays(rows)).within(*arrays(asked))

    assert covered.tolist() == [
        len(ticks(rows, place) & set(range(start, end))) for place, start, end in asked
    ]


@settings(max_examples=100, deadline=None)
@given(rows=spans)
def test_trim_leaves_no_overlap_and_loses_nothing(rows: list[Span]) -> None:
    """Trimmed spans cover what the spans covered, none twice, each within itself."""
    place, start, end = arrays(rows)
    new_start, new_end = trim(place, start, end)

    for at in range(3):
        here = place == at
        assert (new_end - new_start)[here].sum() == len(ticks(rows, at))
    some = new_end > new_start
    assert (new_start >= start)[some].all()
    assert (new_end <= end)[some].all()


@settings(max_examples=100, deadline=None)
@given(rows=spans, windows=spans)
def test_meetings_are_all_overlaps(rows: list[Span], windows: list[Span]) -> None:
    """Every pair of the same place that overlaps is found once, and no other."""
    span, window = meetings(arrays(rows), arrays(windows))
    found = list(zip(span.tolist(), window.tolist(), strict=True))

    def meet(a: Span, b: Span) -> bool:
        return a[0] == b[0] and b[2] > a[1] and b[1] < a[2] and b[2] > b[1]

    expected = [(i, j) for i, a in enumerate(rows) for j, b in enumerate(windows) if meet(a, b)]
    assert sorted(found) == expected


def test_pauses_see_past_a_short_stay() -> None:
    """A stay that another one outlasts does not make the pause longer."""
    rows = [(0, 10, 40), (0, 15, 20), (0, 50, 60), (1, 0, 5)]
    after, before, pause = pauses(*arrays(rows))

    assert list(zip(after, before, pause, strict=True)) == [(1, 0, 0), (2, 1, 10)]


def test_times_too_far_apart_are_refused() -> None:
    """A number that would not hold place and time says so instead of wrapping round."""
    far = np.iinfo(np.int64).max // 2
    with pytest.raises(OverflowError, match="places"):
        Cover.of(*arrays([(0, 0, far), (9, 0, 1)]))
