"""Bounds are true, and as narrow as was looked for; what is not known to the end is told so."""

from math import inf
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from lpe_reports.disclosure import bounds
from lpe_reports.disclosure.bounds import ContradictionError, Interval, Program, narrowed
from lpe_reports.disclosure.equations import Component, Role, Row, Unknown

pytestmark = pytest.mark.promise(
    "disclosure", "The attack finds all that follows from what is shown, and nothing that does not"
)


def row(low: float, high: float, *weights: float) -> Row:
    """The weighted sum of the first unknowns, without those of no weight."""
    return Row(tuple((n, weight) for n, weight in enumerate(weights) if weight), low, high)


def ends(component: Component) -> list[tuple[float, float]]:
    return [(found.low, found.high) for found in narrowed(component)]


def free(low: float, high: float, role: Role = "free") -> Unknown:
    return Unknown("x", role, low, high)


def program(component: Component) -> Program:
    return Program(component, [Interval(u.low, u.high) for u in component.unknowns])


def test_a_row_narrows_from_both_of_its_ends() -> None:
    """Whichever sign a weight has; counts to whole numbers, sums to what is left."""
    rows = (row(7.5, 12.5, 2.0, -1.0),)
    count, total = free(1.0, 9.0, "hidden"), free(0.0, 4.0)

    assert ends(Component((count, total), rows)) == [(4, 8), (0, 4)]
    assert ends(Component((free(1.0, 9.0), total), rows)) == [(3.75, 8.25), (0, 4)]
    halves = (row(3, 4, 0.5, -0.5),)
    assert ends(Component((free(0.0, 9.0), free(0.0, 9.0)), halves)) == [(6, 9), (0, 3)]
    assert ends(Component((free(7.0, 9.0), free(0.0, inf)), rows)) == [(7, 9), (1.5, 10.5)]


def test_what_has_no_end_leaves_the_others_without_one_on_that_side_alone() -> None:
    """Two without a most: each is at most what there is. One without any: it follows itself."""
    open_ended = free(0.0, inf)
    assert ends(Component((open_ended, open_ended), (row(10, 10, 1, 1),))) == [(0, 10)] * 2
    less = Component((open_ended, open_ended, free(0, 5)), (row(0, 0, 1, 1, -1),))
    assert ends(less) == [(0, 5), (0, 5), (0, 5)]
    alone = Component((free(-inf, inf), free(2, 5)), (row(10, 10, 1, 1),))
    assert ends(alone) == [(5, 8), (2, 5)]
    both = Component((free(-inf, inf), free(-inf, inf), free(2, 5)), (row(10, 10, 1, 1, 1),))
    assert ends(both) == [(-inf, inf), (-inf, inf), (2, 5)]
    counts = Component((free(0, inf, "hidden"), free(-inf, 0)), (row(4, 4, 1, 1),))
    assert ends(counts) == [(4, inf), (-inf, 0)]
    beyond = Component((free(0.0, inf), free(0.0, inf)), (row(4, inf, 1, 1),))
    assert ends(beyond) == [(0, inf)] * 2


def chain() -> Component:
    """Each two that follow are ten together, and the first is four: told from the last on."""
    rows = tuple(row(10, 10, *[0] * place, 1, 1) for place in (3, 2, 1, 0))
    return Component((free(4, 4), *[free(0, inf)] * 4), rows)


@pytest.mark.parametrize(("rounds", "known"), [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (100, 5)])
def test_arithmetic_goes_on_as_long_as_something_follows_and_ends_after_so_many_rounds(
    rounds: int, known: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the rows of what has changed are looked at again."""
    monkeypatch.setattr(bounds, "_MOST_ROUNDS", rounds)

    found = ends(chain())

    assert found[:known] == [(4, 4), (6, 6), (4, 4), (6, 6), (4, 4)][:known]
    assert all(low < high for low, high in found[known:])


@pytest.mark.parametrize("end", [(4, inf), (-inf, 4)])
def test_one_end_that_moves_tells_the_next(end: tuple[float, float]) -> None:
    """Three that are the same: what one has at least, or at most, the others have."""
    rows = (row(0, 0, 0, 1, -1), row(0, 0, 1, -1))

    assert ends(Component((free(*end), *[free(-inf, inf)] * 2), rows)) == [end] * 3


@pytest.mark.parametrize(
    ("low", "high", "agree"),
    [
        (1e-6, 0.0, True),
        (1.5e-6, 0.0, False),
        (1e9 + 900, 1e9, True),
        (1e9 + 1100, 1e9, False),
        (-1e9 + 900, -1e9, True),
        (1.0, -inf, False),
    ],
)
def test_ends_that_cross_by_more_than_a_millionth_contradict(
    low: float, high: float, agree: bool
) -> None:
    """Of one, or of the number where that is more: so much are sums of means beside it."""
    component = Component((free(low, high), free(-inf, inf)), (row(0, 0, 1, 1),))

    if agree:
        narrowed(component)
    else:
        with pytest.raises(ContradictionError):
            narrowed(component)


def test_a_bound_moves_by_more_than_a_millionth_or_not_at_all() -> None:
    """Else the last digits of sums would go round and round."""
    near = Component((free(0, 5),), (row(1e-6, 5 - 0.9e-6, 1),))
    beyond = Component((free(0, 5),), (row(1.1e-6, 5 - 1.1e-6, 1),))

    assert ends(near) == [(0, 5)]
    assert ends(beyond) == [(1.1e-6, 5 - 1.1e-6)]


def test_a_program_looks_as_far_as_it_is_told() -> None:
    """At least to what is known already; both ways, and of one unknown alone."""
    two = Component((free(-inf, inf), free(-inf, inf)), (row(0, 0, 1, -1),))
    asked = program(two)
    assert asked.extreme(0, most=True, cap=50.0) == (50.0, [50.0, 50.0])
    assert asked.extreme(1, most=False, cap=50.0) == (-50.0, [-50.0, -50.0])

    above = Component((free(80, 90), free(-inf, inf)), (row(0, 0, 1, -1),))
    below = Component((free(-90, -80), free(-inf, inf)), (row(0, 0, 1, -1),))
    assert program(above).extreme(0, most=True, cap=50.0) == (80.0, [80.0, 80.0])
    assert program(below).extreme(0, most=False, cap=50.0) == (-80.0, [-80.0, -80.0])
    assert program(above).extreme(0, most=True, cap=99.0) == (90.0, [90.0, 90.0])
    assert program(below).extreme(0, most=False, cap=99.0) == (-90.0, [-90.0, -90.0])


def halves(role: Role) -> Component:
    """Three of which each two are nine together: 4.5 each, which no counts are."""
    pairs = (row(9, 9, 1, 1), row(9, 9, 1, 0, 1), row(9, 9, 0, 1, 1))
    return Component(tuple(Unknown(key, role, 0.0, 9.0) for key in "abc"), pairs)


def test_what_agrees_by_halves_agrees_for_sums_and_for_counts_does_not() -> None:
    """People are whole."""
    sums, counts = program(halves("free")), program(halves("hidden"))

    assert sums.is_consistent()
    assert sums.extreme(1, most=True, cap=99.0) == (4.5, [4.5, 4.5, 4.5])
    assert sums.many({0: 9.0, 1: 9.0}, most=True) == [4.5, 4.5, 4.5]
    assert not counts.is_consistent()
    assert counts.many({0: 9.0, 1: 9.0}, most=True) is None
    with pytest.raises(ContradictionError):
        counts.extreme(1, most=True, cap=99.0)


def test_the_most_of_counts_is_a_whole_number_where_the_rows_allow_a_half() -> None:
    """Two of one and three of another are ten at most: of the other there are three."""
    asked = program(Component((free(0, 9, "hidden"), free(1, 9, "hidden")), (row(0, 11, 2, 3),)))

    assert asked.extreme(0, most=True, cap=99.0) == (4.0, [4.0, 1.0])
    assert asked.extreme(1, most=True, cap=99.0)[0] == 3.0
    fewest = program(Component((free(0, 9, "hidden"), free(0, 1, "hidden")), (row(6, 9, 4, 1),)))
    assert fewest.extreme(0, most=False, cap=99.0)[0] == 2.0
    assert asked.is_consistent()


def test_many_go_as_far_as_is_asked_and_no_further() -> None:
    """Or stay where they must be; those that are not asked for are free."""
    four = Component(tuple(Unknown(key, "hidden", 1.0, 50.0) for key in "abcd"),
                     (row(100, 100, 1, 1, 1, 1),))  # fmt: skip
    asked = program(four)

    up = asked.many({0: 5.0, 2: 7.0}, most=True)
    down = asked.many({1: 20.0, 3: 10.0}, most=False)

    assert up is not None and down is not None
    assert (up[0], up[2], up[1] + up[3]) == (5.0, 7.0, 88.0)
    assert (down[1], down[3], down[0] + down[2]) == (20.0, 10.0, 70.0)
    assert asked.many({0: 0.0}, most=True) is not None
    assert asked.many({0: 99.0}, most=False) is not None
    held = program(Component((free(3, 9, "hidden"), free(0, 9, "hidden")), (row(9, 9, 1, 1),)))
    assert held.many({0: 2.0, 1: 9.0}, most=True) == [3.0, 6.0]


def stopped(asked: Program, *, status: int, x: Any = None, **more: float) -> Program:
    """Let the search end before it is done."""
    asked._solver = SimpleNamespace(cheapest=lambda *given: None)  # type: ignore[assignment]
    answer = SimpleNamespace(x=x, status=status, **more)
    seen: list[dict[str, Any]] = []

    def milp(costs: Any, **given: Any) -> Any:
        seen.append(given)
        return answer

    asked._optimize = SimpleNamespace(milp=milp, Bounds=asked._optimize.Bounds, seen=seen)  # type: ignore[assignment]
    return asked


def test_where_the_search_is_not_finished_its_outer_bound_is_taken() -> None:
    """And where it has none, what arithmetic knows: both are true."""
    pair = Component((free(1, 9, "hidden"), free(2, 8, "hidden")), (row(10, 10, 1, 1),))

    known = stopped(program(pair), status=1, mip_dual_bound=-6.5)
    assert known.extreme(0, most=True, cap=99.0) == (6.0, None)
    known = stopped(program(pair), status=1, mip_dual_bound=2.5)
    assert known.extreme(0, most=False, cap=99.0) == (3.0, None)
    for whole, most in ((-6.0, True), (6.0, False)):
        known = stopped(program(pair), status=1, mip_dual_bound=whole)
        assert known.extreme(0, most=most, cap=99.0) == (6.0, None)
    for more in ({}, {"mip_dual_bound": inf}, {"mip_dual_bound": -inf}):
        unknown = stopped(program(pair), status=1, **more)
        assert unknown.extreme(1, most=True, cap=99.0) == (8.0, None)
        assert unknown.extreme(1, most=False, cap=99.0) == (2.0, None)
        assert unknown.is_consistent()
    assert not stopped(program(pair), status=2).is_consistent()
    with pytest.raises(ContradictionError):
        stopped(program(pair), status=2).extreme(0, most=True, cap=99.0)


def test_numbers_that_were_found_on_the_way_are_kept_beside_the_outer_bound() -> None:
    """They can be, though they need not be the most; counts are rounded, sums are not."""
    pair = Component((free(1, 9, "hidden"), free(2, 8)), (row(10, 10, 1, 1),))
    numbers = np.array([3.0000001, 6.25])

    asked = stopped(program(pair), status=1, x=numbers, mip_dual_bound=-7.0)
    assert asked.extreme(0, most=True, cap=99.0) == (7.0, [3.0, 6.25])
    unknown = stopped(program(pair), status=1, x=numbers)
    assert unknown.extreme(0, most=True, cap=99.0) == (9.0, [3.0, 6.25])
    assert unknown.extreme(1, most=False, cap=99.0) == (2.0, [3.0, 6.25])
    done = stopped(program(pair), status=0, x=numbers)
    assert done.extreme(1, most=True, cap=99.0) == (6.25, [3.0, 6.25])


def test_a_search_for_whole_numbers_weighs_one_unknown_by_one_and_ends_after_so_many_nodes() -> (
    None
):
    """Bounds of another weight would be bounds of another number."""
    pair = Component((free(1, 9, "hidden"), free(2, 8, "hidden")), (row(10, 10, 1, 1),))
    asked = stopped(program(pair), status=1, x=np.array([3.5, 6.5]), mip_dual_bound=-7.0)
    seen: list[list[float]] = []
    asked._solver = SimpleNamespace(  # type: ignore[assignment]
        cheapest=lambda costs, *given: seen.append(costs.tolist())
    )

    asked.extreme(0, most=True, cap=99.0)
    asked.extreme(1, most=False, cap=99.0)

    assert seen == [[-1.0, 0.0], [0.0, 1.0]]
    relaxed, whole = asked._optimize.seen[:2]
    assert "integrality" not in relaxed
    assert relaxed["bounds"].ub.tolist() == [9.0, 8.0]
    assert whole["integrality"].tolist() == [True, True]
    assert whole["options"] == {"node_limit": bounds._MOST_NODES}
    assert (whole["bounds"].lb.tolist(), whole["bounds"].ub.tolist()) == ([1.0, 2.0], [9.0, 8.0])
