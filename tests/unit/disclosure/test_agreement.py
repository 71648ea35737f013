"""What an outsider goes by where not all that he knows and believes can be true."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from math import inf

import pytest

from lpe_reports.disclosure.agreement import agreeing
from lpe_reports.disclosure.attack import Told, told_despite_errors, told_in
from lpe_reports.disclosure.bounds import ContradictionError
from lpe_reports.disclosure.equations import Component, Row, Unknown

pytestmark = pytest.mark.promise(
    "disclosure", "The attack finds all that follows from what is shown, and nothing that does not"
)

A, B = Unknown("a", "hidden", 1.0), Unknown("b", "hidden", 1.0)
REST, OPEN = Unknown("t", "rest", 0.0), Unknown("t", "open", 0.0)


def row(number: float, *places: int, sure: bool = False, by_definition: bool = False) -> Row:
    """A total that is shown, less its parts."""
    terms = tuple((place, -1.0) for place in places)
    return Row(terms, -number, -number, sure=sure, by_definition=by_definition)


def loosened(belief: Row) -> Row:
    """Parts that are not all of their total, yet lie within it."""
    return replace(belief, high=inf)


@pytest.mark.parametrize("rest", [REST, OPEN])
def test_he_trusts_what_was_verified_then_words_then_parts_then_wholes(rest: Unknown) -> None:
    """Of any two that contradict each other the same one is kept, whichever comes first."""
    verified, named, whole = row(3, 0, sure=True), row(4, 0, by_definition=True), row(6, 0)
    within = row(5, 0, 1)  # the second unknown is what the total has beside its part
    only_two = replace(within, low=-2.0, high=-2.0)
    for order in permutations((whole, named, verified)):
        kept = agreeing(Component((A, rest), order))
        assert kept == [verified, loosened(named), loosened(whole)]
    for order in permutations((whole, only_two)):
        assert agreeing(Component((A, rest), order)) == [only_two, loosened(whole)]
    for order in permutations((named, only_two)):
        assert agreeing(Component((A, rest), order))[0] == named
    for order in permutations((row(1, 0, sure=True, by_definition=True), named)):
        assert agreeing(Component((A, rest), order)) == [
            row(1, 0, sure=True, by_definition=True), loosened(named),
        ]  # fmt: skip


def test_a_belief_whose_parts_are_more_than_its_total_is_left_out() -> None:
    """Then they do not lie within it either; nor is what was verified loosened."""
    verified = row(8, 0, sure=True)

    assert agreeing(Component((A, B), (row(6, 0), verified))) == [verified]
    assert agreeing(Component((A, B), (verified, row(9, 0, sure=True)))) == [verified]


def test_one_belief_that_is_wrong_leaves_all_others() -> None:
    """Wherever it stands among them."""
    unknowns = tuple(Unknown(name, "hidden", 1.0) for name in "abcde")
    verified = row(7, 2, sure=True)
    beliefs = [row(10, 0, 1), row(11, 1, 2), row(12, 2, 3), row(13, 3, 4), row(14, 0, 4)]
    fine = [row(10, 0, 1), row(11, 1, 2), row(12, 2, 3), row(13, 3, 4)]  # 6, 4, 7, 5, 8
    assert agreeing(Component(unknowns, (verified, *beliefs))) == [verified, *beliefs]
    for place in range(len(fine) + 1):
        wrong = row(5, 2)
        some = (*fine[:place], wrong, *fine[place:])
        assert agreeing(Component(unknowns, (verified, *some))) == [verified, *fine]


def test_what_arithmetic_does_not_refute_whole_numbers_can() -> None:
    """Two people that are ten together are not three apart."""
    ten = Row(((0, 1.0), (1, 1.0)), 10.0, 10.0)
    apart = Row(((0, 1.0), (1, -1.0)), 3.0, 3.0, sure=False)

    assert agreeing(Component((A, B), (apart, ten))) == [ten, loosened(apart)]


def told(rows: Sequence[Row], *, first: bool = False) -> list[Told]:
    return told_despite_errors(Component((A, B), tuple(rows)), 5, first=first)


def test_what_is_told_is_told_despite_a_belief_that_is_wrong() -> None:
    """Of those that agree all is told; one is enough where one is asked for."""
    rows = [row(2, 0, sure=True), row(9, 0), row(3, 1, sure=True)]

    found = told(rows)
    assert {(t.key, t.low, t.high, t.kind) for t in found} == {
        ("a", 2, 2, "pinned"), ("b", 3, 3, "pinned"),
    }  # fmt: skip
    assert len(told(rows, first=True)) == 1
    with pytest.raises(ContradictionError):
        told_in(Component((A, B), tuple(rows)), 5)
    assert told([row(12, 0, 1, sure=True), Row(((0, -1.0),), -20, -19, sure=True)]) == []
