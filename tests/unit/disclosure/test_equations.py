"""What is shown as equations: each unknown once, with its bounds, and each relation as one row."""

from math import inf

import pytest

from lpe_reports.disclosure.equations import (
    Component,
    Equations,
    Row,
    Unknown,
    components_of,
)
from lpe_reports.disclosure.exposure import Exposure, Mean, Relation
from lpe_reports.disclosure.groups import sum_key

pytestmark = pytest.mark.promise(
    "disclosure", "The attack finds all that follows from what is shown, and nothing that does not"
)

TOTAL, A, B, C = "p", "p|x=1", "p|x=2", "p|x=3"
ALL_DAYS, A_DAYS, B_DAYS = (sum_key(key, "days") for key in (TOTAL, A, B))
NEAR = 1e-6


def test_what_is_shown_is_a_constant_and_the_rest_unknown() -> None:
    """A hidden count is one at least, since zeros are shown; one that stands nowhere may be none.

    A group that stands in two relations is one unknown.
    """
    relations = (Relation(TOTAL, (A, B, C), True), Relation(B, (C,), True))
    found = Equations.of(Exposure({TOTAL: 10, A: 4, B: None}, relations))

    assert found.unknowns == [Unknown(B, "hidden", 1.0, inf), Unknown(C, "unseen", 0.0, inf)]
    assert found.rows == [
        Row(((0, -1.0), (1, -1.0)), -6.0, -6.0),
        Row(((0, 1.0), (1, -1.0)), 0.0, 0.0),
    ]


def test_what_a_total_has_beside_its_parts_is_unknown_by_itself() -> None:
    """Also where all of the relation is shown; how far it is trusted is kept."""
    guess = Relation(TOTAL, (A,), False, sure=False, by_definition=True)
    found = Equations.of(Exposure({TOTAL: 10, A: 4}, (guess, guess)))

    assert found.unknowns == [Unknown(TOTAL, "rest", 0.0, inf)] * 2
    assert found.rows == [
        Row(((place, -1.0),), -6.0, -6.0, sure=False, by_definition=True) for place in (0, 1)
    ]
    assert Equations.of(Exposure({TOTAL: 10, A: 10}, (Relation(TOTAL, (A,), True),))).rows == []


def test_sums_hold_as_nearly_as_floating_point_numbers_do() -> None:
    """A millionth of what is shown, or of one; a rest of sums tells of nobody."""
    relation = Relation(ALL_DAYS, (A_DAYS, B_DAYS), False)
    found = Equations.of(Exposure({TOTAL: 40, ALL_DAYS: 5, A_DAYS: None}, (relation,), {
        ALL_DAYS: Mean(TOTAL, 5.0),
    }))  # fmt: skip

    assert found.unknowns == [
        Unknown(A_DAYS, "sum", 0.0), Unknown(B_DAYS, "free", 0.0), Unknown(ALL_DAYS, "free", 0.0),
    ]  # fmt: skip
    (row,) = found.rows
    assert row.terms == ((0, -1.0), (1, -1.0), (2, -1.0))
    assert (row.low, row.high) == pytest.approx((-200 - 200 * NEAR, -200 + 200 * NEAR), abs=1e-9)
    (small,) = Equations.of(
        Exposure({ALL_DAYS: 0.25, A_DAYS: None}, (Relation(ALL_DAYS, (A_DAYS,), True),))
    ).rows
    assert (small.low, small.high) == pytest.approx((-0.25 - NEAR, -0.25 + NEAR), abs=1e-9)


@pytest.mark.parametrize(
    ("cells", "means", "least"),
    [
        ({A_DAYS: -1.0}, {}, -inf),
        ({}, {A_DAYS: Mean(A, -0.5)}, -inf),
        ({A_DAYS: -1.0}, {A_DAYS: Mean(A, 3.0)}, -inf),
        ({A_DAYS: 0.0, A: -1.0}, {A_DAYS: Mean(A, 0.0)}, 0.0),
        ({A_DAYS: None, C: 3}, {}, 0.0),
    ],
)
def test_sums_are_nought_at_least_unless_one_is_seen_that_is_less(
    cells: dict[str, float | None], means: dict[str, Mean], least: float
) -> None:
    """Days waited are never less than none; a difference of two can be, and then all may be."""
    found = Equations(cells, means)
    found.add([Relation(ALL_DAYS, (B_DAYS,), False)])

    assert [unknown.low for unknown in found.unknowns] == [least] * 3


def test_a_mean_ties_a_sum_to_the_hidden_count_that_it_is_over() -> None:
    """Of a mean of nought the sum is nought, whatever the count is."""
    cells: dict[str, float | None] = {ALL_DAYS: 300, A: None, B: None, A_DAYS: 40, B_DAYS: 0}
    means = {A_DAYS: Mean(A, 40.0), B_DAYS: Mean(B, 0.0)}
    found = Equations.of(Exposure(cells, (Relation(ALL_DAYS, (A_DAYS, B_DAYS), True),), means))

    assert found.unknowns == [
        Unknown(A_DAYS, "free", 0.0), Unknown(A, "hidden", 1.0), Unknown(B_DAYS, "free", 0.0),
    ]  # fmt: skip
    assert [(row.terms, row.low, row.high) for row in found.rows[:2]] == [
        (((0, 1.0), (1, -40.0)), -NEAR, NEAR),
        (((2, 1.0),), -NEAR, NEAR),
    ]
    assert found.rows[2].terms == ((0, -1.0), (2, -1.0))
    assert len(found.rows) == 3


@pytest.mark.parametrize(
    ("cells", "means", "value"),
    [
        ({A_DAYS: 7.5, A: 4}, {}, 7.5),
        ({A_DAYS: 7.5, A: 4}, {A_DAYS: Mean(A, 7.5)}, 30.0),
        ({A_DAYS: 7.5, A: 4, B: 2}, {A_DAYS: Mean(B, 7.5)}, 15.0),
        ({A_DAYS: 7.5, A: None}, {A_DAYS: Mean(A, 7.5)}, None),
        ({A_DAYS: None, A: 0}, {}, 0.0),
        ({A_DAYS: None, A: 4}, {}, None),
        ({A: 4}, {}, None),
    ],
)
def test_a_sum_is_what_its_mean_and_count_say(
    cells: dict[str, float | None], means: dict[str, Mean], value: float | None
) -> None:
    """Of nobody it is nought; of an unknown count unknown."""
    assert Equations(cells, means).value(A_DAYS) == value


def test_nobody_sees_what_a_withheld_cell_adds_up_to() -> None:
    """A total that has withheld parts leaves an open rest; what is only withheld says nothing."""
    cells = {TOTAL: 10.0, A: None, B: None, C: 3.0}

    def of(*relations: Relation) -> Equations:
        return Equations.of(Exposure(cells, relations, withheld=frozenset({B})))

    some = of(Relation(TOTAL, (A, B, C), True, sure=False))
    assert some.unknowns == [Unknown(A, "hidden", 1.0), Unknown(TOTAL, "open", 0.0)]
    assert some.rows == [Row(((0, -1.0), (1, -1.0)), -7.0, -7.0, sure=False)]
    assert of(Relation(TOTAL, (B,), True), Relation(B, (A, C), True)).rows == []
    apart = of(Relation(TOTAL, (A, C), False))
    assert [unknown.role for unknown in apart.unknowns] == ["hidden", "rest"]
    whole = of(
        Relation(TOTAL, (A, C), True), Relation(TOTAL, (B,), True), Relation(TOTAL, (A,), True)
    )
    assert [unknown.role for unknown in whole.unknowns] == ["hidden"]
    assert len(whole.rows) == 2


def test_a_withheld_count_that_a_mean_is_over_may_be_nobody() -> None:
    """It is as good as one that stands nowhere."""
    cells: dict[str, float | None] = {ALL_DAYS: 300, A: None, A_DAYS: 40}
    exposure = Exposure(
        cells, (Relation(ALL_DAYS, (A_DAYS,), True),), {A_DAYS: Mean(A, 40.0)}, frozenset({A})
    )

    assert Equations.of(exposure).unknowns[1] == Unknown(A, "unseen", 0.0)


def test_components_know_nothing_of_one_another() -> None:
    """Each has its unknowns and rows, however they are chained, by their places in it."""
    unknowns = [Unknown(name, "hidden", 1.0) for name in "abcdefgh"]

    def row(*places: int, number: float = 0.0) -> Row:
        return Row(tuple((place, 1.0 + place) for place in places), number, number)

    rows = [
        row(0, 1, number=1),
        row(2, 3),
        row(5, 4),
        row(1, 3, number=2),
        row(7),
        row(7, number=5),
    ]
    found = components_of(unknowns, iter(rows))

    assert {"".join(u.key for u in component.unknowns) for component in found} == {
        "abcd", "ef", "g", "h",
    }  # fmt: skip
    of_first = {component.unknowns[0].key: component for component in found}
    assert of_first["a"].rows == (rows[0], rows[1], rows[3])
    assert of_first["e"].rows == (Row(((1, 6.0), (0, 5.0)), 0.0, 0.0),)
    assert of_first["g"] == Component((unknowns[6],), ())
    assert of_first["h"].rows == (Row(((0, 8.0),), 0.0, 0.0), Row(((0, 8.0),), 5.0, 5.0))
    assert of_first["h"].names == {("h", "hidden")}


def test_a_moved_row_is_trusted_as_it_was() -> None:
    """Which place an unknown has in its component says nothing of what was verified."""
    unknowns = [Unknown(name, "hidden", 1.0) for name in "ab"]
    guess = Row(((1, 1.0),), 2.0, 3.0, sure=False, by_definition=True)

    assert components_of(unknowns, [guess])[1].rows == (
        Row(((0, 1.0),), 2.0, 3.0, sure=False, by_definition=True),
    )


def test_the_equations_of_an_exposure_are_all_there_is_of_it() -> None:
    """Its parts are what hangs together in it."""
    exposure = Exposure({TOTAL: 10, A: None, B: 3}, (Relation(TOTAL, (A, B), True),))
    equations = Equations.of(exposure)

    assert equations.components() == components_of(equations.unknowns, equations.rows)
    assert [c.rows for c in equations.components()] == [(Row(((0, -1.0),), -7.0, -7.0),)]
