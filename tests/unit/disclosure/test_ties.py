"""What adds up on a page, as it is verified on the real numbers."""

from collections.abc import Mapping, Sequence

import pytest

from lpe_reports.disclosure.exposure import Relation
from lpe_reports.disclosure.groups import Group, sum_key
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.ties import Ties

pytestmark = pytest.mark.promise(
    "disclosure", "Small numbers, and what would give them away on their page, are hidden"
)

NESTING = Nesting(units={"ga": ("ga-cop", "ga-dagkir")})
Declared = Sequence[tuple[str, tuple[str, ...]]]


def key(**traits: str) -> str:
    return Group.of("p", **traits).key


def ties(*tables: Mapping[str, float], declared: Declared = ()) -> Ties:
    """Of some tables one after another; the last one says what adds up."""
    found = Ties(NESTING)
    for source, cells in enumerate(tables, 1):
        found.add(cells.items(), (), declared if source == len(tables) else (), source)
    return found


def relations(*tables: Mapping[str, float], declared: Declared = ()) -> list[Relation]:
    return list(ties(*tables, declared=declared).relations())


def test_what_a_table_says_to_add_up_is_believed_when_it_does() -> None:
    """All of it, a part of it, or each part by itself where they have people in common."""
    says = [("t", ("a", "b"))]

    assert relations({"t": 9, "a": 4, "b": 5}, declared=says) == [Relation("t", ("a", "b"), True)]
    assert relations({"t": 9, "a": 4, "b": 4}, declared=says) == [Relation("t", ("a", "b"), False)]
    assert relations({"t": 9, "a": 9, "b": 5}, declared=says) == [
        Relation("t", ("a",), True), Relation("t", ("b",), False),
    ]  # fmt: skip
    assert relations({"t": 9, "a": 10, "b": 5}, declared=says) == [Relation("t", ("b",), False)]
    assert relations({"t": 4, "a": 10, "b": 5}, declared=says) == []


def test_what_has_no_number_says_nothing() -> None:
    """Nor is a total a part of itself."""
    assert relations({"a": 4, "b": 5}, declared=[("t", ("a", "b"))]) == []
    assert relations({"t": 9}, declared=[("t", ("a", "b"))]) == []
    assert relations({"t": 9}, declared=[("t", ("t",))]) == []
    assert relations({"t": 9, "a": 4}, declared=[("t", ("a", "b", "t"))]) == [
        Relation("t", ("a",), False)
    ]


def test_all_that_tables_say_is_kept_apart() -> None:
    """Several of one table, and those of another."""
    found = ties({"t": 9, "a": 4, "b": 5, "c": 3}, declared=[("t", ("a", "b")), ("t", ("c",))])
    found.add({"u": 3, "c": 3}.items(), (), [("u", ("c",))], 2)

    first, second = Relation("t", ("a", "b"), True), Relation("t", ("c",), False)
    third = Relation("u", ("c",), True)
    assert list(found.relations()) == [first, second, third]
    assert list(found.around("c")) == [second, third]
    assert list(found.around("b")) == [first]
    assert list(found.around("x")) == []


def test_those_in_none_of_the_parts_are_a_group_of_their_own() -> None:
    """As many as are left; of parts of the total, too, and these make up those."""
    county = {key(): 50.0, key(unit="x"): 30.0}
    women = {key(sex="F"): 20.0, key(sex="F", unit="x"): 12.0}
    found = ties(county, women)
    left, of_women = key(unit="~x"), key(sex="F", unit="~x")

    assert found.real == {
        **county, **women, left: 20, of_women: 8,
        **{k: n for k, n in found.real.items() if "sex=~" in k},
    }  # fmt: skip
    every = list(found.relations())
    assert Relation(key(), (key(unit="x"), left), True) in every
    assert Relation(key(sex="F"), (key(sex="F", unit="x"), of_women), True) in every
    assert any(r.total == left and of_women in r.parts for r in every)
    assert all(r.sure for r in every)
    assert Relation(key(), (key(unit="x"),), True) in relations({key(): 30, key(unit="x"): 30})


def test_groups_of_two_traits_more_leave_no_group_over() -> None:
    """Units by sex, where neither units nor sexes stand by themselves."""
    cells = {key(): 50.0, key(sex="F", unit="x"): 12.0, key(sex="M", unit="x"): 10.0}

    assert relations(cells) == [
        Relation(key(), (key(sex="F", unit="x"), key(sex="M", unit="x")), False)
    ]


def test_parts_that_are_too_many_together_count_table_by_table() -> None:
    """Bands of two tables, of which one has a band in common with the other."""
    age = [key(age=band) for band in "abc"]
    found = relations({key(): 50}, {age[0]: 30, age[1]: 20}, {age[0]: 30, age[2]: 10})
    left = key(age="~a+c")

    assert found == [
        Relation(key(), (age[0], age[1]), True), Relation(key(), (age[0], age[2], left), True),
    ]  # fmt: skip


def test_a_period_is_its_months_whether_or_not_all_of_them_stand_somewhere() -> None:
    """Verified where they do; by definition where they do not, and nothing where they are more."""
    quarter, months = key(time="2025-Q1"), [key(time=f"2025-0{month}") for month in (1, 2, 3)]
    some = {quarter: 30.0, months[0]: 10.0, months[1]: 15.0}
    by_definition = Relation(quarter, tuple(months), True, sure=False, by_definition=True)

    assert relations(some) == relations(some, {}) == [by_definition]
    assert relations({quarter: 25.0, months[0]: 10.0, months[1]: 15.0}) == [by_definition]
    assert relations({quarter: 24.0, months[0]: 10.0, months[1]: 15.0}) == []
    assert relations(some, {months[2]: 5.0}) == [Relation(quarter, tuple(months), True)]
    assert relations({months[0]: 10.0, months[1]: 15.0}, {quarter: 30.0}) == [by_definition]
    assert relations({months[0]: 10.0, months[1]: 15.0}) == []


def test_of_two_divisions_of_a_group_that_stands_nowhere_those_that_leave_nobody_are_all() -> None:
    """What sums up to less is not; one trait at a time, and none where the group is shown."""
    sexes, ages = [key(sex=sex) for sex in "FM"], [key(age=age) for age in "ab"]
    numbers = dict(zip([*sexes, *ages], [30.0, 20.0, 45.0, 5.0], strict=True))
    less = {key(asa="1"): 10.0, key(asa="2"): 10.0}
    found = relations({**numbers, **less})

    assert {(r.total, r.parts) for r in found if r.total == "p"} == {
        ("p", tuple(sexes)), ("p", tuple(ages)),
    }  # fmt: skip
    assert all((r.whole, r.sure) == (True, False) for r in found if r.total == "p")
    crossed = {key(sex="F", asa="1"): 25.0, key(sex="M", asa="2"): 25.0}
    assert len([r for r in relations({**numbers, **crossed}) if r.total == "p"]) == 2
    assert all(r.sure for r in relations({**numbers, "p": 50.0}))


def add_sums(found: Ties, sums: Mapping[str, float], source: int = 9) -> None:
    found.add((), [(sum_key(count, "days"), count, n) for count, n in sums.items()], (), source)


def test_sums_that_join_later_add_up_as_their_counts_did() -> None:
    """A table of means after one of counts; each time as far as is known by then."""
    all_keys = (key(), key(sex="F"), key(sex="M"))
    sums = [sum_key(each, "days") for each in all_keys]
    found = ties(dict(zip(all_keys, (50.0, 30.0, 20.0), strict=True)))
    counts = Relation(all_keys[0], all_keys[1:], True)
    assert list(found.relations()) == [counts]

    add_sums(found, {all_keys[1]: 60.0})
    assert list(found.relations()) == [counts, Relation(sums[0], tuple(sums[1:]), True, sure=False)]
    assert list(found.around(sums[2])) == list(found.relations())[1:]

    add_sums(found, {all_keys[0]: 100.0, all_keys[2]: 40.0})
    assert found.real[sums[0]] == 100
    found.add([(all_keys[1], 30.0)], (), (), 10)
    assert next(found.relations()) == counts


def test_sums_are_all_of_a_sum_only_where_the_counts_are_all_of_the_count() -> None:
    """Also where what is beside the parts has nought; nearly is enough, below a millionth."""
    keys = (key(), key(sex="F", unit="x"), key(sex="M", unit="x"))

    def of(counts: Sequence[float], sums: Sequence[float]) -> list[tuple[bool, bool]]:
        found = Ties(NESTING)
        named = [(sum_key(k, "days"), k, n) for k, n in zip(keys, sums, strict=True)]
        found.add(zip(keys, counts, strict=True), named, (), 1)
        return [(r.whole, r.sure) for r in found.relations() if r.total == sum_key("p", "days")]

    assert of((50, 30, 20), (100, 60, 40)) == [(True, True)]
    assert of((50, 30, 10), (100, 60, 40)) == [(False, True)]
    assert of((50, 30, 20), (0.5, 0.3, 0.2 - 9e-7)) == [(True, True)]
    assert of((50, 30, 20), (0.5, 0.3, 0.2 - 1.5e-6)) == [(False, True)]
    assert of((50, 30, 20), (0.5, 0.3, 0.2 + 9e-7)) == [(True, True)]
    assert of((50, 30, 20), (0.5, 0.3, 0.2 + 1.5e-6)) == []
    assert of((50, 50, 0), (100, 100, 7)) == [(True, True)]


def test_neither_a_copy_nor_what_it_was_made_of_changes_the_other() -> None:
    """Numbers, sums, what tables say and what adds up."""
    found = ties({"t": 9, "a": 4, "p": 50, key(unit="x"): 30}, declared=[("t", ("a",))])
    copies = [found.copy(), found.copy()]
    before, real = list(found.relations()), dict(found.real)

    for each in (copies[0], found):
        each.add({"b": 5, "t": 9, "p|unit=y": 20}.items(), (), [("t", ("b",))], 2)
        add_sums(each, {"p": 10.0})
        assert list(each.relations()) != before
        assert list(copies[1].relations()) == before
        assert copies[1].real == real
        assert [list(copies[1].around(k)) for k in real] == [
            [r for r in before if k in (r.total, *r.parts)] for k in real
        ]
    assert list(found.relations()) == list(copies[0].relations())
    copies[1].add({"b": 5}.items(), (), [("t", ("b",))], 2)
    assert Relation("t", ("a",), False) in list(copies[1].relations())
