"""The attack finds what follows from all that is shown, and nothing that does not."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpe_reports.disclosure.attack import Told, attack, told_in
from lpe_reports.disclosure.bounds import narrowed
from lpe_reports.disclosure.equations import Equations
from lpe_reports.disclosure.exposure import Exposure, Mean, Relation
from lpe_reports.disclosure.groups import Group, sum_key
from lpe_reports.disclosure.nesting import Nesting

pytestmark = pytest.mark.promise(
    "disclosure", "The attack finds all that follows from what is shown, and nothing that does not"
)

NOTHING = Nesting()
NESTED = Nesting(units={"hu": ("hu-cop",), "ga": ("ga-cop", "ga-dagkir")})
Grid = list[list[int | None]]


def key(**traits: str) -> str:
    return Group.of("operated", **traits).key


def of_grid(grid: Grid) -> Exposure:
    """A table whose last row and column are totals; None is hidden."""
    rows, columns = len(grid) - 1, len(grid[0]) - 1

    def name(row: int, column: int) -> str:
        traits = {"row": str(row)} if row < rows else {}
        return key(**traits, **({"column": str(column)} if column < columns else {}))

    cells = {
        name(r, c): None if grid[r][c] is None else float(grid[r][c] or 0)
        for r, c in product(range(rows + 1), range(columns + 1))
    }
    relations = [
        Relation(name(r, columns), tuple(name(r, c) for c in range(columns)), True)
        for r in range(rows + 1)
    ]
    relations += [
        Relation(name(rows, c), tuple(name(r, c) for r in range(rows)), True)
        for c in range(columns + 1)
    ]
    return Exposure(cells, tuple(relations))


def told(exposure: Exposure, threshold: int = 5, nesting: Nesting = NOTHING) -> dict[str, Told]:
    return {t.key: t for t in attack(exposure, threshold=threshold, nesting=nesting)}


def test_attack_finds_nothing_where_nothing_is_hidden() -> None:
    """A table without holes and without rests tells no more than it shows."""
    assert told(of_grid([[1, 2, 3], [4, 5, 9], [5, 7, 12]])) == {}


def test_attack_pins_the_only_hole_of_a_row() -> None:
    """60 less 40 less 18 is 2."""
    found = told(of_grid([[None, 40, 18, 60], [None, 40, 18, 60]]))

    assert found[key(row="0", column="0")] == Told(key(row="0", column="0"), 2, 2, "pinned")


def test_attack_follows_a_chain_of_holes() -> None:
    """Textbook: no row or column but one has a single hole, and yet all are pinned in turn."""
    grid: Grid = [
        [None, None, 20, 50],
        [None, None, 20, 50],
        [None, 10, 20, 40],
        [30, 50, 60, 140],
    ]
    assert told(of_grid(grid)).keys() == {key(row="2", column="0")}
    grid[0][1] = 20
    assert len(told(of_grid(grid))) == 4


def test_attack_lets_a_rectangle_of_holes_be() -> None:
    """Textbook: four holes in two rows and two columns can take from each other."""
    grid: Grid = [[None, 30, None, 50], [10, 20, 30, 60], [None, 5, None, 25], [30, 55, 50, 135]]

    assert told(of_grid(grid)) == {}


def test_attack_knows_that_a_hole_is_at_least_one() -> None:
    """Two holes of two people are one each, and two holes of three people are small for sure."""
    two, three = (
        Exposure({"t": total, "a": None, "b": None}, (Relation("t", ("a", "b"), True),))
        for total in (2.0, 3.0)
    )

    assert told(two)["a"] == Told("a", 1, 1, "pinned")
    assert told(three)["b"] == Told("b", 1, 2, "small")


def test_attack_takes_whole_numbers_only() -> None:
    """Two rings of three who are at most three in each pair: four and a half each, but people."""
    cells: dict[str, float | None] = {"all": None}
    relations = []
    for ring in "xy":
        for one, other in ("ab", "bc", "ac"):
            total, parts = f"{ring}{one}{other}", (f"{ring}{one}", f"{ring}{other}")
            rest = f"{total}rest"
            cells |= {total: 4.0, rest: None, **dict.fromkeys(parts)}
            relations.append(Relation(total, (*parts, rest), True))
    people = tuple(f"{ring}{one}" for ring in "xy" for one in "abc")
    exposure = Exposure(cells, (*relations, Relation("all", people, True)))

    assert told(exposure, threshold=9)["all"].high == 8


def test_attack_sees_slices_of_a_cube_that_each_hide_enough() -> None:
    """Textbook, three dimensions: what is safe in every slice can be pinned by all together."""
    rng = np.random.default_rng(3)
    cube = rng.integers(6, 30, size=(2, 2, 3)).astype(float)
    holes = [(0, 0, 0), (0, 1, 0), (1, 0, 0), (0, 0, 1), (0, 1, 1), (1, 0, 1)]
    exposure = _of_cube(cube, holes)
    # In the slice of the last axis three holes of a 2 × 2 square remain: the lone one pins all.
    assert len(told(exposure)) == 6
    assert told(_of_cube(cube, [*holes, (1, 1, 0), (1, 1, 1)])) == {}


def _of_cube(cube: np.ndarray, holes: list[tuple[int, ...]]) -> Exposure:
    full = cube
    for axis in range(3):
        full = np.concatenate([full, full.sum(axis=axis, keepdims=True)], axis=axis)

    def name(at: tuple[int, ...]) -> str:
        traits = {n: str(i) for n, i, size in zip("abc", at, cube.shape, strict=True) if i < size}
        return key(**traits)

    cells = {name(at): None if at in holes else float(full[at]) for at in np.ndindex(full.shape)}
    relations = []
    for axis in range(3):
        for at in np.ndindex(full.shape):
            if at[axis] == cube.shape[axis]:
                parts = tuple(
                    name((*at[:axis], i, *at[axis + 1 :])) for i in range(cube.shape[axis])
                )
                relations.append(Relation(name(at), parts, True))
    return Exposure(cells, tuple(relations))


def test_attack_reckons_what_a_total_has_beside_its_parts() -> None:
    """97 of 100 within the guarantee: three are not, and they are not shown anywhere."""
    cells = {key(): 100.0, key(within="90"): 97.0}
    exposure = Exposure(cells, (Relation(key(), (key(within="90"),), False),))

    assert told(exposure)[key()] == Told(key(), 3, 3, "remainder")
    enough = Exposure({**cells, key(within="90"): 95.0}, exposure.relations)
    assert told(enough) == {}


def test_attack_knows_that_months_make_a_quarter() -> None:
    """A month that one page hides is its quarter less the other months."""
    months = {key(time=f"2025-0{n}"): v for n, v in ((1, 30.0), (2, None), (3, 20.0))}
    found = told(Exposure({**months, key(time="2025-Q1"): 52.0}))

    assert found[key(time="2025-02")].low == found[key(time="2025-02")].high == 2


def test_attack_links_periods_by_months_that_stand_nowhere() -> None:
    """A year and three of its quarters give the fourth, though no month is shown."""
    quarters = {key(time=f"2025-Q{n}"): 50.0 for n in (1, 2, 3)}
    cells = {**quarters, key(time="2025-Q4"): None, key(time="2025"): 153.0}

    assert told(Exposure(cells))[key(time="2025-Q4")].kind == "pinned"


def test_attack_knows_that_units_make_a_hospital() -> None:
    """A hospital with one unit tells the unit; one with two tells neither of them."""
    alone = Exposure({key(unit="hu"): 40.0, key(unit="hu-cop"): None})
    two = Exposure({key(unit="ga"): 60.0, key(unit="ga-cop"): None, key(unit="ga-dagkir"): None})

    assert told(alone, nesting=NESTED).keys() == {key(unit="hu-cop")}
    assert told(two, nesting=NESTED) == {}


def test_attack_believes_that_the_values_he_sees_are_all() -> None:
    """The county less all verksamhetsområden but one is that one."""
    cells = {key(): 100.0, key(vo="ort"): 60.0, key(vo="kir"): 37.0, key(vo="gyn"): None}

    assert told(Exposure(cells))[key(vo="gyn")] == Told(key(vo="gyn"), 3, 3, "pinned")
    more = {**cells, key(vo="onh", time="2025"): 20.0, key(time="2025"): 20.0}
    assert told(Exposure(more)).get(key(vo="gyn")) == Told(key(vo="gyn"), 1, 3, "small")


def test_attack_leaves_beliefs_that_the_numbers_refute() -> None:
    """Groups that together are more than their parent have people in common: nothing follows."""
    cells = {key(): 100.0, key(age="0-64"): 60.0, key(age="50-79"): 60.0, key(age="80-"): None}

    assert told(Exposure(cells)) == {}


def test_attack_reckons_sums_from_means() -> None:
    """A hidden mean follows from the mean of all, and the means of the others."""
    cells: dict[str, float | None] = {
        key(): 100.0, key(unit="a"): 60.0, key(unit="b"): 40.0, "operated|sum=days|unit=b": None,
    }  # fmt: skip
    means = {
        "operated|sum=days": Mean(key(), 50.0),
        "operated|sum=days|unit=a": Mean(key(unit="a"), 40.0),
    }
    relations = (
        Relation(key(), (key(unit="a"), key(unit="b")), True),
        Relation(
            "operated|sum=days", ("operated|sum=days|unit=a", "operated|sum=days|unit=b"), True
        ),
    )
    found = told(Exposure(cells, relations, means))

    assert found["operated|sum=days|unit=b"].kind == "sum"
    assert found["operated|sum=days|unit=b"].low == pytest.approx(2600, abs=0.01)


def test_attack_reckons_a_count_from_a_sum_and_its_mean() -> None:
    """Who knows the sum of all, and a mean, knows over how many it is."""
    cells: dict[str, float | None] = {
        key(unit="a"): None, key(unit="b"): None, key(): 100.0, "operated|sum=days": 5000.0,
    }  # fmt: skip
    means = {
        "operated|sum=days|unit=a": Mean(key(unit="a"), 40.0),
        "operated|sum=days|unit=b": Mean(key(unit="b"), 65.0),
    }
    relations = (
        Relation(key(), (key(unit="a"), key(unit="b")), True),
        Relation("operated|sum=days", tuple(means), True),
    )
    found = told(Exposure(cells, relations, means))

    assert found[key(unit="a")].low == found[key(unit="a")].high == 60


def test_attack_takes_nothing_from_pages_that_disagree() -> None:
    """A page kept from an earlier night can contradict another: then nothing follows."""
    cells: dict[str, float | None] = {"t": 10.0, "a": 12.0, "b": None}

    assert told(Exposure(cells, (Relation("t", ("a", "b"), True),))) == {}


def test_attack_lets_withheld_cells_be_zero() -> None:
    """Of a table that is wholly hidden nobody knows where its zeros are."""
    exposure = Exposure({"t": 2.0, "a": None, "b": None}, (Relation("t", ("a", "b"), True),))

    assert {t.kind for t in told(exposure).values()} == {"pinned"}
    withheld = Exposure(exposure.cells, exposure.relations, {}, frozenset("ab"))
    assert told(withheld) == {}


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_attack_agrees_with_counting_out_all_possible_tables(data: st.DataObject) -> None:
    """Every whole table that agrees with what is shown is tried; what is told is the same."""
    rows, columns = data.draw(st.integers(1, 2)), data.draw(st.integers(2, 3))
    cells = st.lists(st.integers(0, 4), min_size=columns, max_size=columns)
    inner = data.draw(st.lists(cells, min_size=rows, max_size=rows))
    full = [[*row, sum(row)] for row in inner]
    full.append([sum(row[c] for row in full) for c in range(columns + 1)])
    filled = [(r, c) for r, row in enumerate(full) for c, value in enumerate(row) if value]
    holes = data.draw(st.sets(st.sampled_from(filled), max_size=6)) if filled else set()
    grid: Grid = [
        [None if (r, c) in holes else value for c, value in enumerate(row)]
        for r, row in enumerate(full)
    ]
    exposure = of_grid(grid)

    assert set(told(exposure, threshold=3)) == _told_by_counting_out(grid, threshold=3)


def _told_by_counting_out(grid: Grid, threshold: int) -> set[str]:
    rows, columns = len(grid) - 1, len(grid[0]) - 1
    inner = [(r, c) for r in range(rows) for c in range(columns) if grid[r][c] is None]
    possible: dict[tuple[int, int], set[int]] = {}
    for values in product(range(1, 10), repeat=len(inner)):
        trial = [[value or 0 for value in row[:-1]] for row in grid[:-1]]
        for (r, c), value in zip(inner, values, strict=True):
            trial[r][c] = value
        full = [[*row, sum(row)] for row in trial]
        full.append([sum(row[c] for row in full) for c in range(columns + 1)])
        shown = [(r, c) for r in range(rows + 1) for c in range(columns + 1)]
        if all(grid[r][c] in (None, full[r][c]) for r, c in shown) and all(
            full[r][c] >= 1 for r, c in shown if grid[r][c] is None
        ):
            for r, c in shown:
                possible.setdefault((r, c), set()).add(full[r][c])
    names = dict(
        zip(product(range(rows + 1), range(columns + 1)), of_grid(grid).cells, strict=True)
    )
    return {
        names[at]
        for at, values_of in possible.items()
        if grid[at[0]][at[1]] is None and (len(values_of) == 1 or max(values_of) < threshold)
    }


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=2, max_size=6),
    st.booleans(),
    st.booleans(),
)
def test_arithmetic_on_one_relation_is_as_exact_as_programming(
    parts: list[tuple[int, bool]], total_hidden: bool, whole: bool
) -> None:
    """A lone relation needs no program: said twice it does, and is told the same of."""
    cells: dict[str, float | None] = {
        f"p{n}": None if hidden and value else float(value)
        for n, (value, hidden) in enumerate(parts)
    }
    total = sum(value for value, _ in parts) + (0 if whole else 7)
    cells["t"] = None if total_hidden and total else float(total)
    names = tuple(f"p{n}" for n in range(len(parts)))
    once = Exposure(cells, (Relation("t", names, whole),))
    twice = Exposure({**cells, "u": cells["t"]}, (*once.relations, Relation("t", names, whole)))
    alone, both = Equations.of(once).components(), Equations.of(twice).components()

    assert {t for c in alone for t in told_in(c, 5)} == {t for c in both for t in told_in(c, 5)}
    for component in alone:
        assert len(component.rows) <= 1
        assert len(narrowed(component)) == len(component.unknowns)


def test_of_a_mean_of_nought_the_sum_is_nought_whoever_it_is_over() -> None:
    """80 days in all and none for the first of two parts: the second has all of them."""
    total, part, other = "p", "p|c=1", "p|c=2"
    sums = [sum_key(key, "days") for key in (total, part, other)]
    exposure = Exposure(
        {total: 40, part: None, other: None, sums[0]: 2, sums[1]: 0, sums[2]: None},
        (Relation(total, (part, other), True), Relation(sums[0], tuple(sums[1:]), True)),
        {sums[0]: Mean(total, 2), sums[1]: Mean(part, 0)},
    )

    (told,) = attack(exposure, threshold=5, nesting=Nesting())

    assert (told.key, told.kind) == (sums[2], "sum")
    assert told.high == pytest.approx(80, abs=0.01)
