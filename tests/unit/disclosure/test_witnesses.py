"""Numbers that agree with what is shown: which are found, kept, and what they decide."""

from math import inf

import pytest

from lpe_reports.disclosure.attack import attack
from lpe_reports.disclosure.bounds import ContradictionError, Interval, Program, narrowed
from lpe_reports.disclosure.equations import Component, Equations, Row, Unknown
from lpe_reports.disclosure.exposure import Exposure, Mean, Relation
from lpe_reports.disclosure.groups import (
    Group,
    count_of,
    sum_key,
    with_new_trait,
    without,
)
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.ties import Ties
from lpe_reports.disclosure.witnesses import Witnesses

pytestmark = pytest.mark.promise(
    "disclosure", "The attack finds all that follows from what is shown, and nothing that does not"
)

# Two hidden counts that are ten together.
TEN = Component(
    (Unknown("a", "hidden", 1.0), Unknown("b", "hidden", 1.0)),
    (Row(((0, 1.0), (1, 1.0)), 10.0, 10.0),),
)
# The same, and whoever is in neither: the total less the parts and the rest is nought.
MORE = Component(
    (*TEN.unknowns, Unknown("all", "rest", 0.0)),
    (Row(((0, -1.0), (1, -1.0), (2, -1.0)), -10.0, -10.0),),
)


def program(component: Component) -> Program:
    return Program(component, [Interval(u.low, u.high) for u in component.unknowns])


def fitting(witnesses: Witnesses, component: Component) -> list[list[float]]:
    return list(witnesses.fitting(component))


def test_real_numbers_are_a_witness_where_they_agree() -> None:
    """In the order of the unknowns; a rest takes what is left, if it can."""
    assert fitting(Witnesses({"a": 3, "b": 7}), TEN) == [[3, 7]]
    assert fitting(Witnesses({"a": 3, "b": 8}), TEN) == []
    assert fitting(Witnesses({"a": 0, "b": 10}), TEN) == []
    assert fitting(Witnesses({"a": 3}), TEN) == []
    assert fitting(Witnesses(), TEN) == []
    assert fitting(Witnesses({"a": 3, "b": 5}), MORE) == [[3, 5, 2]]
    assert fitting(Witnesses({"a": 3, "b": 8}), MORE) == []


def test_what_was_found_is_a_witness_as_long_as_it_agrees() -> None:
    """The last first; what is shown again has its real number."""
    witnesses = Witnesses({"b": 7})
    witnesses.note(MORE, [2.0, 6.0, 2.0])
    witnesses.note(TEN, [4.0, 6.0])

    assert fitting(witnesses, MORE) == [[4, 6, 0], [2, 6, 2]]
    assert fitting(witnesses, TEN) == [[4, 6]]
    shown = Component((Unknown("c", "hidden", 1.0), TEN.unknowns[1]), TEN.rows)
    assert fitting(witnesses, shown) == []
    witnesses.note(Component((Unknown("a", "hidden", 1.0),), ()), [3.0])
    assert fitting(witnesses, TEN) == [[3, 7], [4, 6]]


def test_so_many_witnesses_are_kept_and_the_real_numbers_always() -> None:
    """The oldest go."""
    witnesses = Witnesses({"a": 5, "b": 5})
    for _ in range(60):
        witnesses.note(TEN, [4.0, 6.0])

    found = fitting(witnesses, TEN)
    assert found[-1] == [5, 5]
    assert found[:-1] == [[4, 6]] * len(found[:-1])
    assert 30 < len(found) < 50


def test_the_extremes_of_an_unknown_are_found_with_numbers_that_show_them() -> None:
    """As far as is looked."""
    asked = program(TEN)

    assert asked.extreme(0, most=True, cap=1000) == (9, [9, 1])
    assert asked.extreme(0, most=False, cap=1000) == (1, [1, 9])
    assert asked.extreme(1, most=True, cap=4) == (4, [6, 4])
    assert [(b.low, b.high) for b in narrowed(TEN)] == [(1, 9), (1, 9)]


def test_extremes_are_whole_where_people_are_counted() -> None:
    """Three equal ones of ten are three each at most, as one is left over; a sum may be between."""
    third = Row(((0, 3.0), (1, 1.0)), 10.0, 10.0)
    people = Component((Unknown("a", "hidden", 0.0), Unknown("all", "rest", 0.0)), (third,))
    days = Component((Unknown("a", "free", 0.0), Unknown("b", "free", 0.0)), (third,))

    assert program(people).extreme(0, most=True, cap=1000) == (3, [3, 1])
    assert program(days).extreme(0, most=True, cap=1000)[0] == pytest.approx(10 / 3)


def test_numbers_for_many_go_as_far_as_is_asked() -> None:
    """Up as high as is asked of each, or as low; where they hinder each other, some do."""
    asked = program(MORE)

    assert asked.many({0: 5.0, 1: 5.0}, most=True) == [5, 5, 0]
    low = asked.many({0: 1.0, 1: 1.0}, most=False)
    assert low is not None and low[:2] == [1, 1] and low[2] == 8
    over = asked.many({0: 9.0, 1: 9.0}, most=True)
    assert over is not None and over[0] + over[1] == 10


def test_numbers_that_cannot_be_are_a_contradiction() -> None:
    """Of rows that no numbers fulfil, by arithmetic or by a program."""
    rows = (*TEN.rows, Row(((0, 1.0), (1, -1.0)), 3.0, 3.0))
    assert program(Component(TEN.unknowns, TEN.rows)).many({0: 9.0, 1: 9.0}, most=True)
    with pytest.raises(ContradictionError):
        program(Component(TEN.unknowns, rows)).extreme(0, most=True, cap=1000)
    with pytest.raises(ContradictionError):
        narrowed(Component(TEN.unknowns, (Row(((0, 1.0), (1, 1.0)), 1.0, 1.0),)))


def test_a_sum_follows_from_a_mean_and_the_count_it_is_over() -> None:
    """Also as equations of a whole exposure; of nobody it is nought."""
    total, part, other = "p", "p|c=1", "p|c=2"
    sums = [sum_key(key, "days") for key in (total, part, other)]
    exposure = Exposure(
        {total: 40, part: 10, other: 30, sums[0]: 4.0, sums[1]: None, sums[2]: 2.0},
        (Relation(sums[0], (sums[1], sums[2]), True),),
        {sums[0]: Mean(total, 4.0), sums[2]: Mean(other, 2.0)},
    )
    equations = Equations.of(exposure)

    assert [equations.value(key) for key in sums] == [160, None, 60]
    assert [told.key for told in attack(exposure, threshold=5, nesting=Nesting())] == [sums[1]]
    nobody = Equations({part: 0, sums[1]: None}, {})
    assert nobody.value(sums[1]) == 0


@pytest.mark.parametrize("names", [("a", "a-1"), ("a", "a b"), ("time", "time!"), ("z", "åäö")])
def test_traits_are_sorted_by_their_names_however_a_key_is_made(names: tuple[str, str]) -> None:
    """A name that begins as another does comes after it, whatever its values are."""
    short, long = names
    whole = Group.of("p", **{short: "1", long: "2"}).key
    one, two = Group.of("p", **{short: "1"}).key, Group.of("p", **{long: "2"}).key

    assert with_new_trait(one, long, "2") == with_new_trait(two, short, "1") == whole
    assert without(whole, (long,)) == one
    summed = sum_key(whole, "days")
    assert summed == Group.from_key(whole).but(sum="days").key
    assert count_of(summed) == whole


def test_keys_with_separators_in_them_can_be_read_back() -> None:
    """A value, a name and a population that hold what keys are written with."""
    group = Group.of("p|q", **{"a=b": "50 % | =", "c": "å"})

    assert group.key == "p%7Cq|a%3Db=50 %25 %7C %3D|c=å"
    assert Group.from_key(group.key) == group


def ties(
    counts: dict[str, float], sums: dict[tuple[str, str], float] | None = None
) -> list[Relation]:
    found = Ties(Nesting())
    named = [(sum_key(key, of), key, number) for (key, of), number in (sums or {}).items()]
    found.add(counts.items(), named, (), 1)
    return list(found.relations())


def test_two_divisions_of_a_group_that_stands_nowhere_are_both_all_of_it() -> None:
    """Where their sums agree; not where they differ, or count nobody."""
    sexes = {"p|sex=F": 30.0, "p|sex=M": 20.0}
    agreeing = ties({**sexes, "p|asa=1": 45.0, "p|asa=2": 5.0})

    assert {(r.total, r.parts, r.whole, r.sure) for r in agreeing} == {
        ("p", ("p|sex=F", "p|sex=M"), True, False),
        ("p", ("p|asa=1", "p|asa=2"), True, False),
    }
    assert ties({**sexes, "p|asa=1": 45.0, "p|asa=2": 6.0}) == []
    assert ties(sexes) == []
    assert ties(dict.fromkeys(("p|sex=F", "p|sex=M", "p|asa=1", "p|asa=2"), 0.0)) == []


def test_sums_add_up_as_the_counts_that_they_are_over_do() -> None:
    """Nearly: they are made of means. Of nobody the sum is nought; of an unknown one nothing."""
    counts = {"p": 50.0, "p|sex=F": 30.0, "p|sex=M": 20.0}
    keys = ("p", "p|sex=F", "p|sex=M")
    names = [sum_key(key, "days") for key in keys]

    def of_sums(*numbers: float | None, **others: float) -> list[tuple[bool, bool]]:
        given = {(k, "days"): n for k, n in zip(keys, numbers, strict=True) if n is not None}
        found = ties({**counts, **others}, given)
        return [(r.whole, r.sure) for r in found if (r.total, *r.parts) == (names[0], *names[1:])]

    assert of_sums(90_000.0, 60_000.0, 30_000.01) == [(True, True)]
    assert of_sums(90.0, 60.0, 20.0) == [(False, True)]
    assert of_sums(90.0, 60.0, 40.0) == []
    assert of_sums(90.0, 60.0, None) == [(True, False)]


def test_an_infinite_end_stays_one() -> None:
    """A sum that may be anything is not bounded by what may be anything beside it."""
    row = Row(((0, 1.0), (1, 1.0)), 10.0, 10.0)
    both = Component((Unknown("a", "free", 0.0), Unknown("b", "free", -inf)), (row,))

    assert [(b.low, b.high) for b in narrowed(both)] == [(0.0, inf), (-inf, 10.0)]


def test_bands_of_each_table_add_up_by_themselves() -> None:
    """Three tables divide the same people by age, each in its own bands."""
    found = Ties(Nesting())
    found.add([("p", 50.0)], (), (), 1)
    for source, (one, two) in enumerate([("a", "b"), ("c", "d"), ("e", "f")], 2):
        found.add([(f"p|age={one}", 30.0), (f"p|age={two}", 20.0)], (), (), source)

    assert {(r.parts, r.whole) for r in found.relations()} == {
        ((f"p|age={one}", f"p|age={two}"), True) for one, two in ("ab", "cd", "ef")
    }
    assert {r.parts for r in found.around("p|age=a")} == {("p|age=a", "p|age=b")}


def test_what_added_up_before_more_was_known_is_found_anew() -> None:
    """Two of three units leave some over; with the third nobody is left, and nothing else holds."""
    found = Ties(Nesting())
    found.add([("p", 50.0), ("p|unit=a", 30.0), ("p|unit=b", 15.0)], (), (), 1)
    (before,) = [r for r in found.relations() if r.total == "p"]
    assert set(before.parts) > {"p|unit=a", "p|unit=b"}

    found.add([("p|unit=c", 5.0)], (), (), 2)

    units = ("p|unit=a", "p|unit=b", "p|unit=c")
    assert [(r.parts, r.whole) for r in found.relations() if r.total == "p"] == [(units, True)]
    for key in ("p", *units):
        assert [r.parts for r in found.around(key)] == [units]
    assert [r for key in before.parts[2:] for r in found.around(key)] == []


def test_a_copy_changes_nothing_of_what_it_was_made_of() -> None:
    """Neither its numbers nor what adds up."""
    found = Ties(Nesting())
    found.add([("p", 50.0), ("p|unit=a", 30.0)], (), (), 1)
    before = list(found.relations())
    other = found.copy()
    other.add([("p|unit=b", 20.0)], (), (), 2)

    assert list(found.relations()) == before != list(other.relations())
    assert "p|unit=b" not in found.real


def test_withheld_parts_of_a_total_may_be_nobody() -> None:
    """One that is hidden is the rest of what is shown; with one withheld beside it, it is not."""
    relation = Relation("p", ("a", "b", "c"), True)
    cells = {"p": 40.0, "a": 33.0, "b": None, "c": None}

    def told(withheld: frozenset[str]) -> list[tuple[str, float, float]]:
        exposure = Exposure(cells, (relation,), withheld=withheld)
        return [(t.key, t.low, t.high) for t in attack(exposure, threshold=5, nesting=Nesting())]

    assert told(frozenset()) == []
    assert told(frozenset({"c"})) == []
    assert told(frozenset({"b", "c"})) == []
    small = Exposure({**cells, "a": 37.0}, (relation,))
    assert {t.key for t in attack(small, threshold=5, nesting=Nesting())} == {"b", "c"}
