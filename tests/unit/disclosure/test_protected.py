"""What is derived from a protected table: fewer rows, other names, tables side by side."""

import pandas as pd
import pytest

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protect import protect
from lpe_reports.disclosure.protected import Protected
from lpe_reports.errors import DisclosureError
from lpe_reports.params.disclosure import DisclosurePolicy

pytestmark = pytest.mark.promise(
    "disclosure", "What is derived from a protected table shows nothing that was hidden in it"
)

POLICY = DisclosurePolicy(decision="Regionen beslutar.", threshold=5, families=[])
UNIT = Column("unit", "Enhet")
WAITING = Column("waiting", "Väntande", "count")
MEAN = Column("mean", "Medel", "days", based_on="waiting")
ROWS = {"unit": ["c", "a", "b"], "waiting": [40, 3, 50], "mean": [1.5, 2.5, 3.0]}


def table(rows: dict[str, list[object]], *columns: Column, name: str = "waiting") -> Protected:
    return protect(pd.DataFrame(rows), table=name, columns=columns, policy=POLICY)


@pytest.fixture
def three() -> Protected:
    """Three units, of which the second is hidden."""
    return table(ROWS, UNIT, WAITING, MEAN)  # type: ignore[arg-type]


def test_the_last_rows_are_the_last(three: Protected) -> None:
    """As many as are asked for, all where there are fewer, none of none."""
    assert three.last(2).cells() == (("a", None, None), ("b", 50, 3.0))
    assert three.last(2).hidden_cells() == ((0, 1), (0, 2))
    assert three.last(9).cells() == three.cells()
    assert three.last(0).cells() == ()
    assert (len(three), len(three.last(1))) == (3, 1)


def test_rows_are_cut_and_turned_with_what_is_hidden(three: Protected) -> None:
    """Every row keeps its own hidden cells, and what the table is called."""
    turned = three.reversed()
    kept = three.where(pd.Series([0, 1, 1]))

    assert [row[0] for row in turned.cells()] == ["b", "a", "c"]
    assert turned.hidden_cells() == ((1, 1), (1, 2))
    assert kept.cells() == (("a", None, None), ("b", 50, 3.0))
    assert kept.hidden_cells() == ((0, 1), (0, 2))
    assert {turned.table, kept.table} == {"waiting"}
    assert list(kept.frame.index) == list(kept.hidden.index) == [0, 1]


def test_other_headings_are_of_the_same_table(three: Protected) -> None:
    """Those that are not named keep theirs; the numbers, their names and what is hidden stay."""
    other = three.relabelled({"waiting": "I kö"})

    assert [(c.id, c.label) for c in other.columns] == [
        ("unit", "Enhet"),
        ("waiting", "I kö"),
        ("mean", "Medel"),
    ]
    assert (other.table, other.cells()) == (three.table, three.cells())
    assert other.hidden_cells() == three.hidden_cells()


def test_other_names_are_of_the_same_table(three: Protected) -> None:
    """Those that are not named keep theirs, in the values and in what is hidden."""
    other = three.renamed({"waiting": "queue"})

    assert [c.id for c in other.columns] == ["unit", "queue", "mean"]
    assert list(other.frame) == list(other.hidden) == ["unit", "queue", "mean"]
    assert (other.table, other.cells()) == (three.table, three.cells())
    assert other.hidden_cells() == three.hidden_cells()


def test_columns_are_chosen_in_the_order_that_is_said(three: Protected) -> None:
    """And what is hidden comes along."""
    chosen = three.select("mean", "unit")

    assert [c.id for c in chosen.columns] == ["mean", "unit"]
    assert chosen.cells()[:2] == ((1.5, "c"), (None, "a"))
    assert chosen.hidden_cells() == ((1, 0),)
    assert chosen.table == "waiting"


def test_a_column_that_is_not_there_is_named_with_the_nearest(three: Protected) -> None:
    """In whichever way it is asked for."""
    said = r"table 'waiting': no column 'waitin'; did you mean 'waiting'\?"
    for ask in (three.column, three.select, lambda name: three.relabelled({name: "x"})):
        with pytest.raises(DisclosureError, match=said):
            ask("waitin")
    assert three.column("mean") is three.columns[2]


def test_tables_side_by_side_have_the_rows_of_all(three: Protected) -> None:
    """Names in the order in which they come, of the first table first; none is sorted."""
    second = table({"unit": ["d", "a"], "moved": [7, 2]}, UNIT, Column("moved", "M", "count"))
    third = table({"unit": ["b"], "new": [8]}, UNIT, Column("new", "N", "count"))

    beside = three.beside(second, third, on="unit")

    assert [c.id for c in beside.columns] == ["unit", "waiting", "mean", "moved", "new"]
    assert beside.cells() == (
        ("c", 40, 1.5, None, None),
        ("a", None, None, None, None),
        ("b", 50, 3.0, None, 8),
        ("d", None, None, 7, None),
    )
    assert beside.hidden_cells() == ((1, 1), (1, 2), (1, 3))
    assert beside.table == "waiting"


@pytest.mark.parametrize(
    ("kind", "early", "late"),
    [
        ("week", "2025-W52", "2026-W02"),
        ("month", "2025-12", "2026-02"),
        ("period", "2025-T3", "2026-T1"),
    ],
)
def test_periods_of_tables_side_by_side_are_in_order(kind: str, early: str, late: str) -> None:
    """Also where the first table begins later."""
    period = Column("at", "När", kind)  # type: ignore[arg-type]
    first = table({"at": [late], "waiting": [40]}, period, WAITING)
    second = table({"at": [early], "moved": [7]}, period, Column("moved", "M", "count"))

    beside = first.beside(second, on="at")

    assert beside.cells() == ((early, None, 7), (late, 40, None))
    assert beside.hidden_cells() == ()


def test_tables_that_cannot_stand_side_by_side_are_refused(three: Protected) -> None:
    """Two columns of one name, or rows that are not told apart; the message names them."""
    with pytest.raises(DisclosureError, match="two tables have the columns mean, waiting"):
        three.beside(table(ROWS, UNIT, MEAN, WAITING), on="unit")  # type: ignore[arg-type]
    twice = table({"unit": ["a", "a"], "moved": [7, 8]}, UNIT, Column("moved", "M", "count"))
    with pytest.raises(DisclosureError, match="'unit' names a row of table 'waiting' more than"):
        three.beside(twice, on="unit")


def test_cells_are_plain_values_of_their_type() -> None:
    """Whole numbers of counts and minutes, else numbers; text where text is; true is true."""
    frame = pd.DataFrame(
        {
            "what": pd.Series([1.0, True, pd.NaT], dtype=object),
            "n": pd.Series([40, 50, None], dtype="Int64"),
            "minutes": [90.0, 61.5, 0.0],
            "mean": [2.0, 3.5, None],
            "open": pd.Series([True, False, None], dtype=object),
        }
    )
    columns = (
        Column("what", "Vad"),
        Column("n", "Antal", "count"),
        Column("minutes", "Tid", "minutes", based_on="n"),
        Column("mean", "Medel", "days", based_on="n"),
        Column("open", "Öppet", "number", public=True),
    )
    rows = protect(frame, table="x", columns=columns, policy=POLICY).cells()

    assert rows == (
        ("1.0", 40, 90, 2.0, True),
        (True, 50, 61.5, 3.5, False),
        (None, None, 0, None, None),
    )
    kinds = [[type(cell) for cell in row] for row in rows[:2]]
    assert kinds == [[str, int, int, float, bool], [bool, int, float, float, bool]]


def test_a_protected_table_says_what_it_is_and_no_value(three: Protected) -> None:
    """Where it is printed by mistake."""
    assert repr(three) == "<Protected waiting: 3 rows, 3 columns>"
