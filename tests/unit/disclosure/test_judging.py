"""When something is told of a number that lies between two bounds."""

from math import inf

import pytest

from lpe_reports.disclosure.attack import Kind, Told, attack, judged, told_in
from lpe_reports.disclosure.equations import Component, Equations, Role, Row, Unknown
from lpe_reports.disclosure.exposure import Exposure, Mean, Relation
from lpe_reports.disclosure.groups import sum_key
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.witnesses import Witnesses

pytestmark = pytest.mark.promise(
    "disclosure", "The attack finds all that follows from what is shown, and nothing that does not"
)


@pytest.mark.parametrize(
    ("role", "low", "high", "kind"),
    [
        ("hidden", 7, 7, "pinned"),
        ("hidden", 7, 8, None),
        ("hidden", 1, 4, "small"),
        ("hidden", 1, 5, None),
        ("unseen", 1, 4, "remainder"),
        ("rest", 1, 4, "remainder"),
        ("rest", 2, 2, "remainder"),
        ("rest", 0, 4, None),
        ("unseen", 1, 5, None),
        ("unseen", 7, 7, None),
        ("open", 2, 2, None),
        ("free", 2, 2, None),
        ("sum", 91, 100, "sum"),
        ("sum", 90, 100, None),
        ("sum", -100, -91, "sum"),
        ("sum", -100, -90, None),
        ("sum", -5, 100, None),
        ("sum", 0, 0, "sum"),
        ("sum", 0, inf, None),
    ],
)
def test_what_bounds_tell_of_a_number(
    role: Role, low: float, high: float, kind: Kind | None
) -> None:
    """A hidden count pinned or small; somebody, and few; a sum to within a tenth."""
    expected = None if kind is None else Told("a", low, high, kind)

    assert judged(Unknown("a", role, 0.0), low, high, 5) == expected


# Three hidden counts, each two of which are known together: all are.
THREE = Component(
    tuple(Unknown(name, "hidden", 1.0) for name in "abc"),
    tuple(
        Row(((one, 1.0), (other, 1.0)), number, number)
        for one, other, number in ((0, 1, 30), (1, 2, 42), (0, 2, 28))
    ),
)
PINNED = [Told("a", 8, 8, "pinned"), Told("b", 22, 22, "pinned"), Told("c", 20, 20, "pinned")]


def test_all_that_is_told_is_looked_for_unless_less_is_asked() -> None:
    """One where one is enough; of some keys those; with numbers known before, the same."""
    assert told_in(THREE, 5) == PINNED
    assert told_in(THREE, 5, first=True) == PINNED[:1]
    assert told_in(THREE, 5, only={"b", "c"}) == PINNED[1:]
    assert told_in(THREE, 5, only=()) == []
    assert told_in(THREE, 5, Witnesses({"a": 8, "b": 22, "c": 20})) == PINNED


def test_numbers_that_are_found_are_kept() -> None:
    """So that the next question about them needs no program."""
    witnesses = Witnesses()
    told_in(THREE, 5, witnesses)

    assert [8.0, 22.0, 20.0] in list(witnesses.fitting(THREE))


def test_what_arithmetic_tells_is_told_once_and_first() -> None:
    """One is pinned by a row of its own, the others by each other."""
    rows = (Row(((0, 1.0),), 8.0, 8.0), *THREE.rows[1:])
    found = told_in(Component(THREE.unknowns, rows), 5)

    assert sorted(found) == PINNED
    chain = told_in(Component(THREE.unknowns, (rows[0], *THREE.rows)), 5, first=True)
    assert PINNED[0] in chain


def test_the_rest_of_a_hidden_total_is_told_beside_it() -> None:
    """They have one key, and are two numbers."""
    unknowns = (
        Unknown("t", "hidden", 1.0), Unknown("a", "hidden", 1.0), Unknown("t", "rest", 0.0),
        Unknown("b", "hidden", 1.0),
    )  # fmt: skip
    rows = (
        Row(((0, 1.0), (1, -1.0), (2, -1.0)), 0.0, 0.0),
        Row(((0, 1.0),), 30.0, 30.0),
        Row(((1, 1.0), (3, 1.0)), 40.0, 40.0),
        Row(((1, 1.0), (3, -1.0)), 14.0, 14.0),
    )
    found = told_in(Component(unknowns, rows), 5)

    assert set(found) == {
        Told("t", 30, 30, "pinned"), Told("a", 27, 27, "pinned"), Told("b", 13, 13, "pinned"),
        Told("t", 3, 3, "remainder"),
    }  # fmt: skip


@pytest.mark.parametrize("scale", [1.0, 1e5, 1e9])
def test_sums_are_looked_at_however_large_they_are(scale: float) -> None:
    """Kronor are many more than days: three sums, each two of which are known, are told."""
    keys = [sum_key(f"p|x={x}", "cost") for x in "abc"]
    unknowns = tuple(Unknown(key, "sum", 0.0) for key in keys)
    rows = tuple(
        Row(((one, 1.0), (other, 1.0)), number * scale, number * scale)
        for one, other, number in ((0, 1, 30), (1, 2, 42), (0, 2, 28))
    )
    found = {t.key: t for t in told_in(Component(unknowns, rows), 5)}

    assert [found[key].low / scale for key in keys] == pytest.approx([8, 22, 20])
    assert [found[key].high / scale for key in keys] == pytest.approx([8, 22, 20])
    assert {t.kind for t in found.values()} == {"sum"}


def test_numbers_of_thousands_hide_no_small_one_that_hangs_together_with_them() -> None:
    """However far an unknown is looked at: that it lies farther away contradicts nothing."""
    numbers = {"a": 8000.0, "b": 22000.0, "c": 20000.0, "u": 1004.0, "v": 5.0, "w": 3.0}
    pairs = ("ab", "bc", "ac", "uv", "vw", "uw")
    cells = {pair: numbers[pair[0]] + numbers[pair[1]] for pair in pairs} | {"all": 20_000.0}
    relations = [Relation(pair, tuple(pair), True) for pair in pairs]
    relations.append(Relation("all", ("a", "u", "z"), True))
    exposure = Exposure({**cells, **dict.fromkeys([*numbers, "z"])}, tuple(relations))
    found = {t.key: t for t in attack(exposure, threshold=5, nesting=Nesting())}

    assert {key: (told.low, told.high) for key, told in found.items()} == {
        key: (number, number) for key, number in {**numbers, "z": 10_996.0}.items()
    }


def test_sums_that_can_be_anything_are_not_told() -> None:
    """Two hidden sums of which only the whole is known, twice."""
    unknowns = tuple(Unknown(sum_key(f"p|x={x}", "cost"), "sum", 0.0) for x in "ab")
    row = Row(((0, 1.0), (1, 1.0)), 1e6, 1e6)

    assert told_in(Component(unknowns, (row, row)), 5) == []


def test_hidden_numbers_of_thousands_are_not_told_where_they_can_differ() -> None:
    """However many they are."""
    relation = Relation("t", ("a", "b"), True)
    same = Relation("u", ("a", "b"), True)
    exposure = Exposure({"t": 90_000.0, "u": 90_000.0, "a": None, "b": None}, (relation, same))

    assert attack(exposure, threshold=5, nesting=Nesting()) == ()


def test_what_is_told_is_told_in_an_order_of_its_own() -> None:
    """The same whatever the order of what is shown; with relations beside what is believed."""
    relations = (Relation("t", ("a",), True), Relation("s", ("b",), True))
    cells = {"t": 9.0, "s": 8.0, "b": None, "a": None}
    found = attack(Exposure(cells, relations), threshold=5, nesting=Nesting())

    assert found == (Told("a", 9, 9, "pinned"), Told("b", 8, 8, "pinned"))
    assert found == attack(Exposure(cells, relations[::-1]), threshold=5, nesting=Nesting())


def test_a_sum_over_a_withheld_count_is_none_of_nobody() -> None:
    """The means that are shown are what counts of an exposure are reckoned with."""
    key = sum_key("p|x=1", "days")
    total = sum_key("p", "days")
    exposure = Exposure(
        {total: 120.0, key: 40.0, "p|x=1": None},
        (Relation(total, (key,), True),),
        {key: Mean("p|x=1", 40.0)},
    )

    assert [(t.key, t.low) for t in attack(exposure, threshold=5, nesting=Nesting())] == [
        ("p|x=1", 3)
    ]
    withheld = Exposure(exposure.cells, exposure.relations, exposure.means, frozenset({"p|x=1"}))
    assert [t.kind for t in attack(withheld, threshold=5, nesting=Nesting())] == ["remainder"]
    assert [u.role for u in Equations.of(withheld).unknowns] == ["free", "unseen"]
