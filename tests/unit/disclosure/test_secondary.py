"""What else is hidden suffices, and nothing is hidden in vain."""

from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpe_reports.disclosure import secondary
from lpe_reports.disclosure.attack import Told, attack
from lpe_reports.disclosure.beliefs import Beliefs, believed
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.exposure import Exposure, Mean, Relation
from lpe_reports.disclosure.groups import Group, sum_key
from lpe_reports.disclosure.ledger import Ledger
from lpe_reports.disclosure.neighbours import Neighbours
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.protect import protect
from lpe_reports.disclosure.secondary import Puzzle
from lpe_reports.params.disclosure import DisclosurePolicy

pytestmark = pytest.mark.promise(
    "disclosure", "Small numbers, and what would give them away on their page, are hidden"
)

POLICY = DisclosurePolicy(decision="Regionen beslutar.", threshold=5, families=[])
NESTING = Nesting(
    units={"hu": ("hu-cop", "hu-dag")},
    procedures={"hernia": ("JAB", "JAD"), "JAB30": ("JAB30",), "JAD10": ("JAD10",)},
)


def test_those_in_none_of_the_parts_are_people_too() -> None:
    """100 at all units and 90 at two of them leave 10, 60 and 54 women leave 6: so 4 men."""
    rows = pd.DataFrame(
        [("hu-cop", 50, 30), ("ga-cop", 40, 24), (None, 100, 60)], columns=["unit", "n", "women"]
    )
    columns = [
        Column("unit", "Enhet", trait="unit"),
        Column("n", "Antal", "count"),
        Column("women", "Kvinnor", "count", traits=(("sex", "F"),)),
    ]
    shown = protect(
        rows,
        table="equity",
        columns=columns,
        policy=POLICY,
        about=Group.of("operated", time="2025"),
        ledger=Ledger(POLICY, nesting=Nesting()),
    )

    assert shown.hidden.to_numpy().any()


def test_each_rest_of_a_total_is_looked_at() -> None:
    """Of two divisions of 20 one leaves 10 and the other 3: the first does not speak for both."""
    relations = (Relation("t", ("a",), False), Relation("t", ("b",), False))
    for order in (relations, relations[::-1]):
        exposure = Exposure({"t": 20, "a": 10, "b": 17}, order)
        puzzle = Puzzle(exposure, {"a": 10, "b": 17}, 5)

        assert puzzle.solve()
        assert puzzle.chosen


def _grid(counts: list[list[int]]) -> Exposure:
    """A table with margins whose small cells are hidden."""
    rows = [*counts, [sum(column) for column in zip(*counts, strict=True)]]
    full = [[*row, sum(row)] for row in rows]
    last, end = len(full) - 1, len(full[0]) - 1
    cells: dict[str, float | None] = {
        f"p|r={r}|c={c}": None if 0 < n < 5 else float(n)
        for r, row in enumerate(full)
        for c, n in enumerate(row)
    }
    whole = [
        Relation(f"p|r={r}|c={end}", tuple(f"p|r={r}|c={c}" for c in range(end)), True)
        for r in range(last + 1)
    ] + [
        Relation(f"p|r={last}|c={c}", tuple(f"p|r={r}|c={c}" for r in range(last)), True)
        for c in range(end + 1)
    ]
    return Exposure(cells, tuple(whole))


def _told(exposure: Exposure, hidden: list[str]) -> bool:
    cells = {**exposure.cells, **dict.fromkeys(hidden)}
    return bool(attack(Exposure(cells, exposure.relations), threshold=5, nesting=Nesting()))


GRIDS = st.integers(3, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=3, max_size=4
    )
)


@settings(max_examples=40, deadline=None)
@given(GRIDS, st.sampled_from([1, 30]))
def test_what_is_shown_again_tells_nothing_and_nothing_is_hidden_in_vain(
    counts: list[list[int]], close: int
) -> None:
    """After all nothing is told, and any one cell that was chosen would tell if it were shown.

    However few relations are asked first.
    """
    exposure = _grid(counts)
    puzzle = Puzzle(exposure, {key: n for key, n in exposure.cells.items() if n}, 5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secondary, "_CLOSE", close)
        if not puzzle.solve():
            return

    assert not _told(exposure, puzzle.chosen)
    if len(puzzle.chosen) > 1:
        for key in puzzle.chosen:
            assert _told(exposure, [k for k in puzzle.chosen if k != key])


@settings(max_examples=15, deadline=None)
@given(GRIDS)
def test_where_too_many_equations_hang_together_more_stays_hidden(
    counts: list[list[int]],
) -> None:
    """What is not asked whether it could be shown again is not shown."""
    exposure = _grid(counts)
    candidates = {key: n for key, n in exposure.cells.items() if n}
    puzzle, cautious = Puzzle(exposure, candidates, 5), Puzzle(exposure, candidates, 5)
    if not puzzle.solve():
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secondary, "_TOO_MANY", 0)
        cautious.solve()

    assert set(cautious.chosen) >= set(puzzle.chosen)
    assert not _told(exposure, cautious.chosen)


def test_a_sum_that_is_shown_again_with_its_count_is_weighed() -> None:
    """The count of a mean is told by it; shown again, both go through the attack."""
    total, part, other = "p", "p|c=1", "p|c=2"
    sums = [sum_key(key, "days") for key in (total, part, other)]
    exposure = Exposure(
        {total: 40, part: None, other: 30, sums[0]: 10, sums[1]: None, sums[2]: 10},
        (Relation(total, (part, other), True), Relation(sums[0], tuple(sums[1:]), True)),
        {sums[0]: Mean(total, 10), sums[2]: Mean(other, 10)},
    )
    with_it = {total: [sums[0]], other: [sums[2]]}
    puzzle = Puzzle(exposure, {total: 40, other: 30, sums[0]: 40, sums[2]: 30}, 5, with_it)

    assert puzzle.solve()
    hidden = {n for key in puzzle.chosen for n in (key, *with_it.get(key, ()))}
    cells = {**exposure.cells, **dict.fromkeys(hidden)}
    means = {k: mean for k, mean in exposure.means.items() if k not in hidden}
    assert not attack(Exposure(cells, exposure.relations, means), threshold=5, nesting=Nesting())


def _keys() -> list[str]:
    times = ["2025-01", "2025-02", "2025-03", "2025-Q1"]
    units = [None, "hu", "hu-cop", "hu-dag", "ga-cop"]
    procedures = ["hernia", "JAB30", "JAD10"]
    return [
        Group.of("operated", time=t, unit=u, procedure=p).key
        for t, u, p in product(times, units, procedures)
    ]


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_what_is_believed_follows_what_is_hidden_step_by_step(data: st.DataObject) -> None:
    """Noting what is hidden later gives the beliefs of one who sees it all at once."""
    keys = data.draw(st.lists(st.sampled_from(_keys()), min_size=8, unique=True))
    cells: dict[str, float | None] = {key: data.draw(st.integers(5, 9)) * 1.0 for key in keys}
    for key in keys:  # so that some leave nobody over
        parts = [k for k in keys if k != key and k.startswith(key.partition("|unit")[0])]
        whole = data.draw(st.booleans())
        if parts and whole:
            cells[key] = sum(cells[k] or 0.0 for k in parts)
    beliefs = Beliefs(Exposure(cells), NESTING, 5)
    assert list(beliefs.relations()) == believed(Exposure(cells), NESTING, 5)

    for hidden in data.draw(
        st.lists(st.lists(st.sampled_from(keys), min_size=1, max_size=3), max_size=4)
    ):
        cells |= dict.fromkeys(hidden)
        beliefs.hide(hidden)

        assert list(beliefs.relations()) == believed(Exposure(dict(cells)), NESTING, 5)


def test_what_wider_numbers_told_is_not_believed_once_they_are_hidden() -> None:
    """That women and men are all of a unit follows from the county's numbers alone."""
    county = {"operated|time=2025": 100.0, "operated|sex=F|time=2025": 60.0}
    county |= {"operated|sex=M|time=2025": 40.0, "operated|time=2024": 50.0}
    unit = "operated|time=2025|unit=u"
    parts = ("operated|sex=F|time=2025|unit=u", "operated|sex=M|time=2025|unit=u")
    cells: dict[str, float | None] = {**county, "operated|sex=X|time=2024": 5.0}
    cells |= {unit: 50.0, parts[0]: None, parts[1]: 20.0}
    beliefs = Beliefs(Exposure(cells), Nesting(), 5)
    assert Relation(unit, parts, True, False) in list(beliefs.relations())

    cells["operated|sex=F|time=2025"] = None
    beliefs.hide(["operated|sex=F|time=2025"])

    assert Relation(unit, parts, False, False) in list(beliefs.relations())


def _puzzle(cells: dict[str, float | None], *relations: Relation, **candidates: float) -> Puzzle:
    return Puzzle(Exposure(cells, relations), candidates, 5)


PINNED = Told("h", 3, 3, "pinned")
FOUR = Relation("t", ("h", "a", "b", "c"), True)
OF_FOUR: dict[str, float | None] = {"t": 60.0, "h": None, "a": 10.0, "b": 20.0, "c": 27.0}


@pytest.mark.parametrize(
    ("costs", "hidden"), [({"a": 10.0, "b": 20.0}, ["a"]), ({"a": 9.0, "b": 9.0}, ["b"])]
)
def test_the_dearest_that_was_hidden_in_vain_is_shown_again_first(
    costs: dict[str, float], hidden: list[str]
) -> None:
    """Either of two would do; of two that cost the same the first by name is shown."""
    puzzle = _puzzle(OF_FOUR, FOUR, **costs)
    for key in costs:
        puzzle._hide(key)

    assert puzzle.solve()
    assert puzzle.chosen == hidden


@pytest.mark.parametrize(
    ("relations", "candidates", "best"),
    [
        ([FOUR], {"a": 20.0, "b": 10.0}, "b"),
        ([FOUR], {"b": 10.0, "a": 10.0}, "a"),
        # A total costs more than a part, however few it tells of.
        ([FOUR], {"a": 20.0, "t": 10.0}, "a"),
        ([FOUR], {"t": 10.0}, "t"),
        # Hidden alone in another relation it would be told there, and need another one beside it.
        ([FOUR, Relation("u", ("a", "x"), True)], {"a": 10.0, "b": 20.0}, "b"),
        ([FOUR, Relation("a", ("x", "y"), True)], {"a": 10.0, "b": 20.0}, "b"),
        ([FOUR, Relation("u", ("a", "k"), True)], {"a": 10.0, "b": 20.0}, "a"),
        ([FOUR, Relation("t", ("a", "x"), False)], {"a": 10.0, "b": 20.0}, "b"),
        # What is near goes before what is cheap; beyond what is hidden it is looked for, too.
        ([FOUR, Relation("u", ("h", "k"), True), Relation("v", ("k", "y"), True)],
         {"c": 27.0, "y": 5.0}, "c"),
        ([FOUR, Relation("u", ("h", "k"), True), Relation("v", ("k", "y"), True)],
         {"y": 5.0}, "y"),
        # And not beyond what is shown and cannot be hidden.
        ([FOUR, Relation("v", ("a", "y"), True)], {"y": 5.0}, None),
        ([FOUR, Relation("u", ("h", "k"), True), Relation("u", ("k", "h"), False)], {}, None),
        # What is hidden already helps no more.
        ([FOUR], {"k": 1.0, "h": 1.0, "nowhere": 1.0}, None),
    ],
)  # fmt: skip
def test_the_nearest_that_costs_least_is_hidden(
    relations: list[Relation], candidates: dict[str, float], best: str | None
) -> None:
    """First what gives no new number away, then parts, then those of few people, then by name."""
    cells = {**OF_FOUR, "u": 40.0, "v": 40.0, "x": 30.0, "y": 30.0, "k": None}

    assert _puzzle(cells, *relations, **candidates)._nearest(PINNED) == best


def test_of_a_rest_the_total_or_one_of_its_parts_is_hidden() -> None:
    """Whatever is cheaper beside it in what the total is itself a part of, or is made up of."""
    relations = (
        Relation("t", ("a", "b"), False),
        Relation("t", ("x", "y"), True),
        Relation("u", ("t", "z"), False),
    )
    cells: dict[str, float | None] = dict.fromkeys("abxyztu", 20.0)
    costs = {"a": 9.0, "b": 8.0, "x": 1.0, "z": 1.0}
    told = Told("t", 3, 3, "remainder")

    assert _puzzle(cells, *relations, **costs)._nearest(told) == "b"
    assert _puzzle(cells, *relations, t=9.0)._nearest(told) == "t"
    # Where it is no rest of a total but of what stands nowhere, all around it is looked at.
    assert _puzzle(cells, *relations[1:], **costs)._nearest(told) == "x"
    assert _puzzle(cells, *relations, **costs)._nearest(Told("t", 3, 3, "pinned")) == "x"


@pytest.mark.parametrize(
    ("candidates", "hidden"),
    [
        ({"a": 10.0, "c": 20.0}, ["a"]),
        ({"a": 20.0, "c": 10.0}, ["c"]),
        # One cell of many people goes before two cells of few, which hang together.
        ({"a": 5.0, "b": 0.1, "x": 0.1}, ["a"]),
        ({"b": 0.1, "x": 0.1}, ["b", "x"]),
        ({"a": 5.0, "h": 3.0}, ["a"]),
        ({"x": 1.0}, []),
        ({}, []),
    ],
)
def test_the_fewest_cells_are_hidden_and_of_those_the_ones_of_fewest_people(
    candidates: dict[str, float], hidden: list[str]
) -> None:
    """So that what is told can be another number."""
    cells = {**OF_FOUR, "u": 50.0, "x": 30.0}
    puzzle = _puzzle(cells, FOUR, Relation("u", ("b", "x"), True), **candidates)

    assert sorted(puzzle._detour(PINNED)) == hidden


def test_what_cannot_be_helped_is_named_with_all_that_hangs_with_it() -> None:
    """By what is unknown or could be hidden, and no further than to the next that is shown."""
    relations = (
        FOUR,
        Relation("u", ("h", "k"), True),
        Relation("v", ("k", "y"), True),
        Relation("w", ("a", "z"), True),
        Relation("p", ("y", "q"), True),
    )
    cells: dict[str, float | None] = {**OF_FOUR, **dict.fromkeys("uvwypqz", 30.0), "k": None}

    assert _puzzle(cells, *relations)._reached_from("h") == set("habctukvy")
    assert _puzzle(cells, *relations, a=1.0)._reached_from("h") == set("habctukvywz")
    assert _puzzle(cells, *relations)._reached_from("a") == {"a"}
    stuck = _puzzle(OF_FOUR, FOUR)
    assert not stuck.solve()
    assert (stuck.stuck, stuck.chosen) == (set("habct"), [])


def _with_sums() -> Puzzle:
    """Two counts with a mean and a sum each; of one the sum is hidden anyway."""
    sums = {name: sum_key(f"p|c={name}", "days") for name in ("a", "b")}
    exposure = Exposure(
        {"p|c=a": 10.0, "p|c=b": 20.0, sums["a"]: 2.0, sums["b"]: None},
        (),
        {sums["a"]: Mean("p|c=a", 2.0)},
    )
    with_it = {"p|c=a": [sums["a"]], "p|c=b": [sums["b"]]}
    costs = dict.fromkeys((*exposure.cells, "p|c=c"), 10.0)
    return Puzzle(exposure, costs, 5, with_it)


def test_a_sum_is_hidden_with_its_count_and_shown_with_it() -> None:
    """Unless it is hidden for itself, or was before."""
    puzzle, whole = _with_sums(), _with_sums()
    a, b, of_a, of_b = puzzle.exposure.cells
    puzzle._hide(a)
    puzzle._hide(b)
    puzzle._hide(a)
    assert (puzzle._cells, puzzle._means) == (dict.fromkeys((a, b, of_a, of_b)), {})
    assert puzzle.chosen == [a, b]

    puzzle._show(a)
    puzzle._show(b)
    assert (puzzle._cells, puzzle._means) == (whole._cells, whole._means)
    assert puzzle.chosen == []

    puzzle._hide(of_a)
    puzzle._hide(a)
    puzzle._show(a)
    assert (puzzle._cells[a], puzzle._cells[of_a], puzzle._means) == (10.0, None, {})
    puzzle._show(of_a)
    assert (puzzle._cells, puzzle._means) == (whole._cells, whole._means)


def test_a_sum_whose_mean_is_shown_is_unknown_as_long_as_its_count_is() -> None:
    """Who knows one of count, mean and sum knows it of the other two."""
    puzzle = _with_sums()
    a, b, of_a, of_b = puzzle.exposure.cells

    assert [puzzle._is_unknown(key) for key in (a, b, of_a, of_b)] == [False, False, False, True]
    puzzle._cells[a] = None
    assert [puzzle._is_unknown(key) for key in (a, b, of_a)] == [True, False, True]
    assert not puzzle._may_hide(a)
    assert puzzle._may_hide(b) and not puzzle._may_hide(of_b)


def test_what_tells_close_by_is_not_asked_of_all_that_hangs_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All pages together hang together: to ask all of them of each cell would take a night."""
    sums = Relation("p|sum=days", ("p|c=1|sum=days", "p|c=2|sum=days"), True)
    counts = Relation("p", ("p|c=1", "p|c=2"), True)
    exposure = Exposure(
        {"p": 40, "p|c=1": None, "p|c=2": 30, "p|sum=days": 90, "p|c=2|sum=days": 50}
        | {"p|c=1|sum=days": None},
        (counts, sums),
    )
    nothing = Puzzle(Exposure({**exposure.cells, "p|c=2": None}, (counts,)), {"p": 9.0}, 5)
    assert not nothing._tells("p")
    monkeypatch.setattr(Neighbours, "hanging_with", lambda *given: pytest.fail("asked of all"))
    for keys in (["p"], ["p|c=2"], ["p|sum=days"], ["p|c=2|sum=days"]):
        far = Puzzle(exposure, dict.fromkeys(keys, 9.0), 5)
        for key in keys:
            assert far._tells(key)
    both = Puzzle(exposure, {"p": 9.0}, 5, {"p": ["p|sum=days"]})
    assert both._tells("p")


@pytest.mark.parametrize(("most", "tells"), [(0, True), (1, True), (2, False), (600, False)])
def test_with_more_equations_than_can_be_asked_at_once_a_cell_stays_hidden(
    most: int, tells: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And with exactly as many it is asked."""
    monkeypatch.setattr(secondary, "_TOO_MANY", most)
    puzzle = _puzzle(
        {**OF_FOUR, "a": None, "u": 40.0, "x": None},
        FOUR,
        Relation("u", ("a", "x"), True),
        b=20.0,
    )

    assert puzzle._tells("b") is tells


def test_of_relations_that_say_the_same_the_strongest_stays() -> None:
    """And of those that leave somebody over, such as are no part of another; in one order."""
    ab, more = ("a", "b"), ("a", "b", "c")
    weak, sure = Relation("t", ab, False, False), Relation("t", ("b", "a"), False)
    whole = Relation("t", ab, True, False)
    meant = Relation("t", ab, True, False, True)
    wide, other = Relation("t", more, False, False), Relation("s", ab, False, False)

    assert secondary.distinct([weak, sure]) == secondary.distinct([sure, weak]) == [sure]
    assert secondary.distinct([sure, whole]) == secondary.distinct([whole, sure]) == [whole]
    assert secondary.distinct([whole, meant]) == secondary.distinct([meant, whole]) == [meant]
    assert secondary.distinct([weak, Relation("t", ("b", "a"), False, False)]) == [weak]
    assert secondary.distinct([weak, wide, other]) == [other, wide]
    assert secondary.distinct([wide, whole, weak]) == [whole, wide]
    assert secondary.distinct([wide, Relation("t", ("c", "d"), False)]) == [
        wide,
        Relation("t", ("c", "d"), False),
    ]
    assert secondary.distinct([]) == []


def test_what_is_withheld_may_be_nobody_on_a_detour_too() -> None:
    """Then the others can be more than if it were somebody, and nothing has to be hidden."""
    cells: dict[str, float | None] = {"t": 15.0, "h": None, "a": 10.0, "w": None}
    relation = Relation("t", ("h", "a", "w"), True)
    costs = {"a": 10.0}

    withheld = Puzzle(Exposure(cells, (relation,), {}, frozenset("w")), costs, 5)
    assert withheld._detour(PINNED) == []
    assert Puzzle(Exposure(cells, (relation,)), costs, 5)._detour(PINNED) == ["a"]


def test_a_detour_by_what_is_hidden_already_costs_nothing() -> None:
    """One more cell of few people beside a hidden one goes before another of many."""
    cells = {**OF_FOUR, "u": 50.0, "x": 30.0}
    costs = {"a": 10.0, "b": 9.0, "x": 1.0}
    puzzle = _puzzle(cells, FOUR, Relation("u", ("b", "x"), True), **costs)
    assert puzzle._detour(PINNED) == ["a"]

    puzzle._hide("b")

    assert puzzle._detour(PINNED) == ["x"]


def test_beside_what_is_withheld_nothing_is_hidden_in_vain() -> None:
    """Of five in two cells of which one may be nobody, the other may be all five."""
    cells: dict[str, float | None] = {"t": 5.0, "h": None, "w": None}
    relation = Relation("t", ("h", "w"), True)

    withheld = Puzzle(Exposure(cells, (relation,), {}, frozenset("w")), {"t": 5.0}, 5)
    assert withheld.solve()
    assert withheld.chosen == []
    shown = Puzzle(Exposure(cells, (relation,)), {"t": 5.0}, 5)
    assert shown.solve()
    assert shown.chosen == ["t"]
