"""What else is hidden suffices, and nothing is hidden in vain."""

from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpe_reports.disclosure import secondary
from lpe_reports.disclosure.attack import attack
from lpe_reports.disclosure.beliefs import Beliefs, believed
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.exposure import Exposure, Mean, Relation
from lpe_reports.disclosure.groups import Group, sum_key
from lpe_reports.disclosure.ledger import Ledger
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
