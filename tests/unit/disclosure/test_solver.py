"""What is answered from where the last answer ended is as true as what is answered anew."""

from collections.abc import Mapping
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse

from lpe_reports.disclosure import bounds, detours, solver
from lpe_reports.disclosure.attack import Told
from lpe_reports.disclosure.bounds import Interval, Program, narrowed
from lpe_reports.disclosure.detours import Detours
from lpe_reports.disclosure.equations import Component, Equations, Row, Unknown
from lpe_reports.disclosure.exposure import Relation
from lpe_reports.disclosure.solver import Solver

pytestmark = pytest.mark.promise(
    "disclosure", "The attack finds all that follows from what is shown, and nothing that does not"
)

Numbers = solver.Numbers


def _rows(rows: list[list[float]]) -> sparse.csr_matrix:
    return sparse.csr_matrix(np.array(rows, dtype=float))


def _anew(rows: sparse.csr_matrix, ends: Numbers, costs: Numbers, high: Numbers) -> float | None:
    found = optimize.milp(
        costs,
        bounds=optimize.Bounds(np.zeros(len(costs)), high),
        constraints=optimize.LinearConstraint(rows, ends, ends),
    )
    return None if found.x is None else float(found.fun)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_each_answer_costs_as_little_as_one_from_the_beginning(data: st.DataObject) -> None:
    """Costs and bounds change from question to question; some have no answer."""
    width = data.draw(st.integers(2, 6))
    weights = st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=width, max_size=width)
    rows = _rows(data.draw(st.lists(weights, min_size=1, max_size=4)))
    ends = rows @ np.array(data.draw(st.lists(st.integers(0, 9), min_size=width, max_size=width)))
    asked = Solver(rows, ends.astype(float), ends.astype(float))
    for _ in range(data.draw(st.integers(1, 5))):
        whole = st.lists(st.integers(0, 5), min_size=width, max_size=width)
        costs, high = np.array(data.draw(whole), float), np.array(data.draw(whole), float) * 3

        found = asked.cheapest(costs, np.zeros(width), high)
        least = _anew(rows, ends, costs, high)

        assert (found is None) == (least is None)
        if found is not None:
            assert costs @ found == pytest.approx(least, abs=1e-6)
            assert rows @ found == pytest.approx(ends, abs=1e-6)
            assert (found >= -1e-6).all()
            assert (found <= high + 1e-6).all()


def test_an_answer_that_does_not_agree_with_the_rows_is_none() -> None:
    """Whatever the solver says: a number is only taken for possible where it is."""
    asked = Solver(_rows([[1, 1]]), np.array([10.0]), np.array([10.0]))
    none, many = np.zeros(2), np.full(2, inf)
    assert asked.cheapest(np.array([1.0, 2.0]), none, many) is not None

    asked._highs.changeRowBounds(0, 9.0, 9.0)

    assert asked.cheapest(np.array([2.0, 1.0]), none, many) is None


def test_an_answer_beyond_its_bounds_is_none() -> None:
    """Both ends are held against what was asked, not against what the solver has of it."""
    asked = Solver(_rows([[1, 1]]), np.array([10.0]), np.array([10.0]))

    assert asked._agree(np.array([4.0, 6.0]), np.array([4.0, 0.0]), np.array([9.0, 6.0]))
    assert not asked._agree(np.array([4.0, 6.0]), np.array([5.0, 0.0]), np.array([9.0, 6.0]))
    assert not asked._agree(np.array([4.0, 6.0]), np.array([4.0, 0.0]), np.array([9.0, 5.0]))
    assert not asked._agree(np.array([4.0, 7.0]), np.zeros(2), np.full(2, 9.0))


@pytest.mark.parametrize(
    ("low", "high", "sums"),
    [(10.0, 10.0, 10.0), (-inf, 10.0, 10.0), (-1e9, -1e9, -1e9), (0.0, 0.0, 0.0)],
)
def test_an_answer_agrees_to_a_millionth(low: float, high: float, sums: float) -> None:
    """Of one, or of what a row sums to where that is more; a row need not have a least."""
    asked = Solver(_rows([[1]]), np.array([low]), np.array([high]))
    near, many = max(1.0, abs(low) if low > -inf else 1.0) * 1e-6, np.full(1, inf)

    def agrees(number: float) -> bool:
        return asked._agree(np.array([number]), -many, many)

    for sign in (1, -1) if low > -inf else (1,):
        assert agrees(sums + sign * near * 0.9)
        assert not agrees(sums + sign * near * 1.1)


def test_an_answer_lies_between_its_bounds_to_a_millionth() -> None:
    """What is a millionth beside one is on it."""
    asked = Solver(_rows([[1]]), np.array([-9.0]), np.array([9.0]))
    zero = np.zeros(1)

    for sign in (1, -1):
        assert asked._agree(np.array([sign * 1e-6]), zero, zero)
        assert not asked._agree(np.array([sign * 1.1e-6]), zero, zero)


def test_a_question_writes_nothing_and_takes_so_many_steps_at_most(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Twenty for each number and row."""
    asked = Solver(_rows([[1, 1], [1, -1]]), np.array([10.0, 2.0]), np.array([10.0, 2.0]))
    found = asked.cheapest(np.array([1.0, 2.0]), np.zeros(2), np.full(2, inf))

    assert found is not None
    assert capfd.readouterr() == ("", "")
    assert asked._highs.getOptionValue("simplex_iteration_limit")[1] == 80


def test_the_next_question_is_answered_after_one_without_an_answer() -> None:
    """What no numbers agree with leaves nothing behind."""
    asked = Solver(_rows([[1, 1]]), np.array([10.0]), np.array([10.0]))
    costs, none = np.array([1.0, 2.0]), np.zeros(2)

    assert asked.cheapest(costs, none, np.full(2, 4.0)) is None
    found = asked.cheapest(costs, none, np.full(2, 7.0))

    assert found is not None
    assert found.tolist() == [7.0, 3.0]


def _let_answer(answers: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not answers:
        monkeypatch.setattr(Solver, "cheapest", lambda *given: None)


def _triangle() -> Component:
    """Three hidden counts of which each two are known together: 7, 8 and 9."""
    unknowns = tuple(Unknown(key, "hidden", 1.0) for key in "abc")
    pairs = [((0, 1), 7.0), ((0, 2), 8.0), ((1, 2), 9.0)]
    return Component(unknowns, tuple(Row(tuple((p, 1.0) for p in pair), n, n) for pair, n in pairs))


@pytest.mark.parametrize("answers", [True, False])
def test_bounds_are_the_same_without_the_solver_that_goes_on(
    answers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it has no answer, `milp` is asked."""
    _let_answer(answers, monkeypatch)
    program = Program(_triangle(), [Interval(1.0, inf)] * 3)

    found = [program.extreme(1, most=most, cap=1000.0) for most in (True, False, True)]

    assert [end for end, _ in found] == [4.0] * 3
    assert [numbers for _, numbers in found] == [[3.0, 4.0, 5.0]] * 3
    with pytest.raises(bounds.ContradictionError):
        Program(_triangle(), [Interval(4.0, inf)] * 3).extreme(0, most=True, cap=1000.0)


@pytest.mark.parametrize("answers", [True, False])
@pytest.mark.parametrize(
    ("told", "costs", "hidden"),
    [
        # a is hidden and told to be 3: one of b and c must be able to be less for it.
        ("a", {"b": 1.0, "c": 2.0}, ["b"]),
        ("a", {"b": 2.0, "c": 1.0}, ["c"]),
        # b holds 1, which is the least: it cannot be less, whatever it costs.
        ("d", {"e": 1.0, "f": 9.0}, ["f"]),
    ],
)
def test_the_detour_is_the_cheapest_that_there_is(
    told: str,
    costs: Mapping[str, float],
    hidden: list[str],
    answers: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A candidate is more or less than it shows, but never less than one."""
    _let_answer(answers, monkeypatch)
    values = {"b": 20.0, "c": 20.0, "e": 1.0, "f": 20.0}
    cells = {"t": 43.0, "u": 24.0, **dict.fromkeys("abcdef")}
    equations = Equations(cells, {})
    equations.add([Relation("t", ("a", "b", "c"), True), Relation("u", ("d", "e", "f"), True)])

    ways = Detours(equations, values)
    found = ways.cheapest(Told(told, 3, 3, "pinned"), 5, {**dict.fromkeys("bcef", 50.0), **costs})

    assert found == hidden


def test_a_candidate_that_is_hidden_and_still_told_gets_a_detour_of_its_own() -> None:
    """It has to be more than it shows, which nothing that it is less may make up for."""
    cells = {"t": 23.0, "a": None, "b": None}
    equations = Equations(cells, {})
    equations.add([Relation("t", ("a", "b"), True)])
    ways = Detours(equations, {"a": 3.0, "b": 20.0})

    assert ways.cheapest(Told("a", 3, 3, "pinned"), 5, {"a": 0.0, "b": 1.0}) == ["b"]
    assert detours._ROUNDS > 1


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_what_arithmetic_narrows_is_true_and_as_narrow_as_one_row_tells(
    data: st.DataObject,
) -> None:
    """Of one row, with ends open on neither, one or both sides, it gives the exact bounds."""
    width = data.draw(st.integers(1, 4))
    weights = data.draw(st.lists(st.sampled_from([-2.0, -1.0, 1.0, 3.0]), min_size=width,
                                 max_size=width))  # fmt: skip
    lows = data.draw(st.lists(st.integers(0, 3), min_size=width, max_size=width))
    ends = data.draw(st.lists(st.sampled_from([0.0, 2.0, inf]), min_size=width, max_size=width))
    right = float(sum(w * (n + 1) for w, n in zip(weights, lows, strict=True)))
    row = Row(tuple(enumerate(weights)), right, right)
    unknowns = tuple(
        Unknown(str(place), "free", float(low), low + 1 + end)
        for place, (low, end) in enumerate(zip(lows, ends, strict=True))
    )

    for place, found in enumerate(narrowed(Component(unknowns, (row,)))):
        for sign, end in ((1.0, found.low), (-1.0, found.high)):
            costs = np.zeros(width)
            costs[place] = sign
            exact = optimize.linprog(
                costs,
                A_eq=np.array([weights]),
                b_eq=[right],
                bounds=[(u.low, None if u.high == inf else u.high) for u in unknowns],
            )
            assert (exact.fun * sign if exact.status == 0 else sign * -inf) == pytest.approx(
                end, abs=1e-4
            )


def test_of_two_the_one_without_an_end_is_what_the_other_leaves() -> None:
    """Ten together and the other 0 to 4: it is 6 to 10. Of two without ends nothing."""
    row = Row(((0, 1.0), (1, 1.0)), 10.0, 10.0)
    one = Component((Unknown("a", "free", -inf), Unknown("b", "free", 0.0, 4.0)), (row,))
    less = Component(
        (Unknown("a", "free", -inf), Unknown("b", "free", -inf)),
        (Row(((0, 1.0), (1, -1.0)), 10.0, 10.0),),
    )

    assert [(found.low, found.high) for found in narrowed(one)] == [(6.0, 10.0), (0.0, 4.0)]
    assert [(found.low, found.high) for found in narrowed(less)] == [(-inf, inf)] * 2
