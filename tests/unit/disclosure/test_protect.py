"""Small numbers and what could reveal them are hidden before anything is shown."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn import drawn
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import Group
from lpe_reports.disclosure.ledger import Ledger
from lpe_reports.disclosure.protect import protect
from lpe_reports.disclosure.protected import Protected
from lpe_reports.errors import DisclosureError
from lpe_reports.params.disclosure import DisclosurePolicy, TableFamily
from lpe_reports.wording import ColumnType

pytestmark = pytest.mark.promise(
    "disclosure", "Small numbers, and what would give them away on their page, are hidden"
)

POLICY = DisclosurePolicy(
    decision="Regionen beslutar.",
    threshold=5,
    families=[
        TableFamily(
            id="activity", name="Verksamhet", protected=False, reason="x", tables=["operations"]
        ),
        TableFamily(
            id="patients", name="Patienter", protected=True, reason="x", tables=["waiting"]
        ),
    ],
)
UNIT = Column("unit", "Enhet")
WAITING = Column("waiting", "Väntande", "count")


def shown(
    frame: dict[str, list[object]],
    *columns: Column,
    table: str = "waiting",
    total: int | None = None,
) -> Protected:
    return protect(
        pd.DataFrame(frame), table=table, columns=columns, policy=POLICY, total_row=total
    )


def hidden_in(table: Protected, column: str) -> list[bool]:
    return table.hidden[column].tolist()


def test_protect_hides_counts_below_the_threshold() -> None:
    """1 to 4 are hidden; 0 and 5 are shown."""
    table = shown({"waiting": [0, 1, 4, 5, None]}, WAITING)

    assert hidden_in(table, "waiting") == [False, True, True, False, False]
    assert table.cells() == ((0,), (None,), (None,), (5,), (None,))


def test_protect_shows_activity_as_it_is() -> None:
    """Tables that describe no patients keep their small counts."""
    table = shown(
        {"operations": [0, 1, 4]}, Column("operations", "Op", "count"), table="operations"
    )

    assert table.cells() == ((0,), (1,), (4,))
    assert not table.hidden_cells()


def test_protect_hides_small_counts_of_a_table_nobody_listed() -> None:
    """A forgotten table is protected, not open."""
    table = shown({"waiting": [3]}, WAITING, table="something_new")

    assert table.cells() == ((None,),)


def test_protect_hides_a_count_with_a_small_remainder() -> None:
    """97 of 100 tells that three are left."""
    within = Column("within", "Inom", "count", part_of="waiting")
    table = shown({"waiting": [100, 100], "within": [97, 95]}, WAITING, within)

    assert hidden_in(table, "within") == [True, False]
    assert hidden_in(table, "waiting") == [False, False]


def test_protect_hides_a_share_with_a_small_side() -> None:
    """A share tells its numerator to who knows the denominator."""
    columns = (
        Column("covered", "Omfattas", "count"),
        Column("within", "Inom", "count"),
        Column("share", "Andel", "share", numerator="within", denominator="covered"),
    )
    frame: dict[str, list[object]] = {
        "covered": [100, 100, 100, 3, 0],
        "within": [97, 3, 50, 0, 0],
        "share": [0.97, 0.03, 0.5, 0.0, np.nan],
    }
    table = shown(frame, *columns)

    assert hidden_in(table, "share") == [True, True, False, True, False]
    assert hidden_in(table, "within") == [True, True, False, False, False]
    assert hidden_in(table, "covered") == [False, False, False, True, False]


def test_protect_hides_a_share_whose_parts_are_not_shown() -> None:
    """The counts need not be columns of the table to decide."""
    share = Column("share", "Andel", "share", numerator="within", denominator="covered")
    table = shown({"covered": [40], "within": [38], "share": [0.95]}, share)

    assert table.cells() == ((None,),)
    assert [column.id for column in table.columns] == ["share"]


def test_protect_hides_statistics_over_few() -> None:
    """A median over four is four people's business."""
    median = Column("median_days", "Median", "days", based_on="waiting")
    table = shown({"waiting": [4, 5, 0], "median_days": [80.0, 90.0, np.nan]}, WAITING, median)

    assert hidden_in(table, "median_days") == [True, False, False]


def test_protect_hides_a_second_part_of_a_shown_total() -> None:
    """One hidden part of a row's total is the total less the others, so another goes too."""
    parts = [Column(name, name, "count", part_of="waiting") for name in ("a", "b", "c")]
    table = shown(
        {"waiting": [60, 60], "a": [2, 20], "b": [40, 20], "c": [18, 20]}, WAITING, *parts
    )

    assert table.hidden_cells() == ((0, 1), (0, 3))


def test_protect_leaves_no_small_remainder_for_the_hidden() -> None:
    """Of 64, 42 and 20 shown leave two for two hidden: one each. So one more is hidden."""
    parts = [Column(name, name, "count", part_of="all") for name in ("a", "b", "c", "d")]
    frame: dict[str, list[object]] = {"a": [42], "b": [20], "c": [1], "d": [1], "all": [64]}
    table = shown(frame, *parts, Column("all", "Alla", "count"))

    assert [hidden_in(table, name)[0] for name in "abcd"] == [False, True, True, True]


def test_protect_hides_a_part_where_the_parts_add_up_to_a_hidden_total() -> None:
    """A hidden total with every part shown is no secret."""
    columns = (
        WAITING,
        Column("unbooked", "Obokade", "count", part_of="waiting"),
        Column("a", "a", "count", part_of="unbooked"),
        Column("b", "b", "count", part_of="unbooked"),
    )
    table = shown({"waiting": [97], "unbooked": [95], "a": [50], "b": [45]}, *columns)

    assert table.hidden_cells() == ((0, 1), (0, 3))


def test_protect_hides_a_second_cell_above_a_total_row() -> None:
    """The total row gives a single hidden cell away, so the smallest other is hidden too."""
    frame: dict[str, list[object]] = {
        "unit": ["A", "B", "C", "Totalt"], "waiting": [3, 40, 21, 64],
        "mean": [10.0, 20.0, 30.0, 22.0],
    }  # fmt: skip
    mean = Column("mean", "Medel", "days", based_on="waiting")
    table = shown(frame, UNIT, WAITING, mean, total=3)

    assert hidden_in(table, "waiting") == [True, False, True, False]
    assert hidden_in(table, "mean") == [True, False, True, False]


def test_protect_shows_targets_and_limits() -> None:
    """A number that describes no patients is said to be public."""
    target = Column("target", "Mål", "count", public=True)
    table = shown({"waiting": [40], "target": [3]}, WAITING, target)

    assert table.cells() == ((40, 3),)


def test_protect_refuses_a_statistic_that_does_not_say_its_basis() -> None:
    """A median without its count cannot be judged, so it is an error and not shown."""
    with pytest.raises(DisclosureError, match="based_on="):
        shown({"waiting": [4], "m": [80.0]}, WAITING, Column("m", "Median", "days"))
    with pytest.raises(DisclosureError, match="numerator="):
        shown({"s": [0.5]}, Column("s", "Andel", "share"))


def test_protect_refuses_numbers_that_are_called_text() -> None:
    """A count without a type would be shown as it is; nobody would hide a small one."""
    with pytest.raises(DisclosureError, match="give its Column a type"):
        shown({"unit": ["Hu"], "waiting": [1]}, UNIT, Column("waiting", "Väntande"))


def test_protect_names_the_missing_column() -> None:
    """The message says which column of which table, and what there is."""
    with pytest.raises(DisclosureError, match=r"'covered'.*there are: waiting"):
        shown(
            {"waiting": [4]},
            Column("waiting", "s", "share", numerator="covered", denominator="covered"),
        )


def test_protect_takes_only_frames() -> None:
    """A list or a dict is no table."""
    with pytest.raises(TypeError, match="DataFrame"):
        protect([1, 2], table="waiting", columns=(), policy=POLICY)  # type: ignore[arg-type]


def test_protected_is_made_by_protect_alone() -> None:
    """Nobody seals a frame by hand."""
    frame = pd.DataFrame({"waiting": [3]})
    with pytest.raises(DisclosureError, match="never by hand"):
        Protected(object(), "waiting", (WAITING,), _frame=frame, _hidden=frame)


def test_protected_frame_cannot_be_changed_from_outside() -> None:
    """What is handed out is a copy."""
    table = shown({"waiting": [40]}, WAITING)
    frame = table.frame
    frame.loc[0, "waiting"] = 3

    assert table.cells() == ((40,),)


def test_protected_keeps_what_is_hidden_when_cut_and_joined() -> None:
    """Fewer rows, other order, two side by side: a hidden cell stays hidden."""
    week = Column("period", "Vecka", "week")
    left = shown({"period": ["2026-W08", "2026-W09"], "waiting": [3, 40]}, week, WAITING)
    right = shown({"period": ["2026-W09", "2026-W10"], "waiting": [2, 50]}, week, WAITING)
    both = left.beside(right.renamed({"waiting": "other"}), on="period")

    assert left.reversed().hidden_cells() == ((1, 1),)
    assert left.where([True, False]).hidden_cells() == ((0, 1),)
    assert left.select("waiting").hidden_cells() == ((0, 0),)
    assert both.cells() == (
        ("2026-W08", None, None),
        ("2026-W09", 40, None),
        ("2026-W10", None, 50),
    )
    assert both.hidden_cells() == ((0, 1), (1, 2))


def test_protected_cells_are_plain_values() -> None:
    """Dates as ISO text, whole numbers as int, nothing of numpy."""
    frame = {"day": [pd.Timestamp("2026-05-11")], "waiting": [np.int64(40)]}
    table = shown(frame, Column("day", "Dag", "date"), WAITING)  # type: ignore[arg-type]

    assert table.cells() == ((date(2026, 5, 11).isoformat(), 40),)
    assert type(table.cells()[0][1]) is int


@drawn(100)
@given(
    st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=1, max_size=5),
    st.booleans(),
)
def test_no_hidden_part_is_what_its_row_leaves_over(
    rows: list[tuple[int, int, int]], with_totals: bool
) -> None:
    """In no row is exactly one part hidden under a shown total, so subtraction gives nothing."""
    parts = pd.DataFrame(rows, columns=["a", "b", "c"])
    if with_totals:
        parts = pd.concat([parts, parts.sum().to_frame().T], ignore_index=True)
    parts["waiting"] = parts.sum(axis=1)
    table = protect(
        parts,
        table="waiting",
        columns=[WAITING, *(Column(n, n, "count", part_of="waiting") for n in "abc")],
        policy=POLICY,
        total_row=len(parts) - 1 if with_totals else None,
    )
    hidden = table.hidden
    lost = hidden[["a", "b", "c"]].sum(axis=1)
    others_zero = parts[["a", "b", "c"]].where(~hidden[["a", "b", "c"]], 0).sum(axis=1) == 0

    assert not (~hidden["waiting"] & (lost == 1) & ~others_zero & (parts["waiting"] > 4)).any()
    small = parts[["a", "b", "c"]].isin([1, 2, 3, 4])
    assert (hidden[["a", "b", "c"]] | ~small).all().all()


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        ([40, -3], "1 of 2 rows are less than nought"),
        ([40, float("inf")], "1 of 2 rows are infinite"),
        ([40, "3 st"], "holds what is no number"),
    ],
)
def test_counts_that_nobody_could_count_are_refused(counts: list[object], says: str) -> None:
    """They are not small, so nobody would hide them; the value is not told."""
    with pytest.raises(DisclosureError, match="table 'waiting', column 'waiting'") as error:
        shown({"waiting": counts}, WAITING)

    assert says in str(error.value)
    assert "-3" not in str(error.value) and "3 st" not in str(error.value)


def test_counts_that_decide_and_are_not_shown_are_refused_too() -> None:
    """A median over fewer than none is a median over nobody knows how many."""
    median = Column("median_days", "Median", "days", based_on="waiting")

    with pytest.raises(DisclosureError, match="column 'waiting': 1 of 1 rows"):
        shown({"waiting": [-3], "median_days": [80.0]}, median)


@pytest.mark.parametrize("total", [-3, 2])
def test_a_total_row_that_is_no_row_is_refused(total: int) -> None:
    """Nothing would be known of what adds up."""
    with pytest.raises(DisclosureError, match="'waiting' has 2 rows, and total_row"):
        shown({"unit": ["a", "alla"], "waiting": [40, 40]}, UNIT, WAITING, total=total)


def test_rows_that_are_more_than_their_total_are_refused() -> None:
    """What is hidden would be judged by sums that do not hold; rows may be left out, though."""
    rows: dict[str, list[object]] = {"unit": ["a", "b", "alla"], "waiting": [30, 12, 41]}

    with pytest.raises(DisclosureError, match="table 'waiting', column 'waiting': its 2 rows are"):
        shown(rows, UNIT, WAITING, total=2)
    assert shown(rows | {"waiting": [30, 12, 60]}, UNIT, WAITING, total=2).cells()[2] == (
        "alla",
        60,
    )


def test_a_count_is_judged_as_a_count_whatever_it_is_based_on() -> None:
    """Three of forty are three; only what is said to be reckoned is shown small."""
    frame: dict[str, list[object]] = {"waiting": [40, 3], "moved": [3, 2]}

    with pytest.raises(DisclosureError, match="column 'moved' is a count, which is judged as one"):
        shown(frame, WAITING, Column("moved", "Flyttade", "count", based_on="waiting"))
    reckoned = Column("moved", "Flyttade", "count", based_on="waiting", reckoned=True)
    assert shown(frame, WAITING, reckoned).cells() == ((40, 3), (None, None))
    with pytest.raises(DisclosureError, match="column 'moved' is reckoned"):
        shown(frame, WAITING, Column("moved", "Flyttade", "count", reckoned=True))


@pytest.mark.parametrize(
    "values", [["3", "17"], ["3 av 10", None], ["3/10", "–"], [3, None], ["30 %", "1 234,5"]]
)
def test_numbers_written_as_text_are_refused(values: list[object]) -> None:
    """Nobody would hide a small one; a number in words, or one beside words, is not told apart."""
    frame = {"unit": ["a", "b"], "waiting": [40, 50], "moved": pd.Series(values, dtype=object)}
    columns = [UNIT, WAITING, Column("moved", "Flyttade")]

    with pytest.raises(DisclosureError, match="column 'moved' is a text column whose"):
        protect(pd.DataFrame(frame), table="waiting", columns=columns, policy=POLICY)


def test_numbers_that_name_the_rows_are_text() -> None:
    """A class, an age or a year before the numbers, or one with a trait, is shown."""
    frame: dict[str, list[object]] = {
        "year": ["2025", "2026"],
        "asa": ["3", "3"],
        "waiting": [40, 50],
        "age": ["30", "40"],
        "remark": ["", "2 sedan maj"],
    }
    columns = (
        Column("year", "År"),
        Column("asa", "ASA"),
        WAITING,
        Column("age", "Ålder", trait="age"),
        Column("remark", "Not"),
    )

    assert shown(frame, *columns).cells()[0] == ("2025", "3", 40, "30", "")


@drawn(60)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=8))
def test_a_hidden_part_is_not_what_a_known_sum_leaves_over(counts: list[int]) -> None:
    """Where the sum of the rows may stand elsewhere, what is shown tells no hidden number."""
    frame = pd.DataFrame({"unit": [f"u{n}" for n in range(len(counts))], "waiting": counts})

    table = protect(frame, table="own", columns=[UNIT, WAITING], policy=POLICY, sum_known=True)

    pairs = list(zip(counts, hidden_in(table, "waiting"), strict=True))
    hidden = [count for count, out in pairs if out]
    assert len(table.frame) == len(counts)
    assert len(hidden) != 1 or sum(counts) < POLICY.threshold
    assert not any(0 < count < POLICY.threshold and not out for count, out in pairs)


def test_the_last_row_may_be_named_from_the_end() -> None:
    """`total_row=-1` is the last, as it is where the table is shown."""
    frame = {"unit": ["a", "b", "c", "Alla"], "waiting": [3, 20, 30, 53]}

    assert hidden_in(shown(frame, UNIT, WAITING, total=-1), "waiting") == hidden_in(
        shown(frame, UNIT, WAITING, total=3), "waiting"
    )
    assert hidden_in(shown(frame, UNIT, WAITING, total=-1), "waiting")[:2] == [True, True]
    with pytest.raises(DisclosureError, match="total_row"):
        shown(frame, UNIT, WAITING, total=-5)


def test_a_total_row_may_stand_first() -> None:
    """Named from either end."""
    frame = {"unit": ["Alla", "a", "b", "c"], "waiting": [53, 3, 20, 30]}

    for total in (0, -4):
        table = shown(frame, UNIT, WAITING, total=total)
        assert hidden_in(table, "waiting") == [False, True, True, False]


def test_an_empty_table_is_shown_empty() -> None:
    """There is nobody in it, and nothing of it joins the page."""
    page = Ledger(POLICY)
    frame = pd.DataFrame({"unit": pd.Series([], dtype=str), "waiting": []})
    table = protect(frame, table="waiting", columns=[UNIT, WAITING], policy=POLICY, ledger=page)

    assert (table.cells(), len(table.hidden)) == ((), 0)
    assert list(table.hidden.columns) == ["unit", "waiting"]
    assert page.exposure().cells == {}
    assert page.record()["lost"] == [0, 0]


def test_a_page_counts_what_it_lost_of_what_it_had() -> None:
    """Numbers alone, not texts nor what was not known; and nothing of a table of no patients."""
    page = Ledger(POLICY)
    frame = pd.DataFrame({"unit": ["a", "b", "c"], "waiting": [3, 40, None], "operations": 1})
    operations = Column("operations", "Op", "count")

    protect(frame, table="waiting", columns=[UNIT, WAITING], policy=POLICY, ledger=page)
    protect(frame, table="operations", columns=[UNIT, operations], policy=POLICY, ledger=page)

    assert page.record()["lost"] == [1, 2]


@pytest.mark.parametrize(
    ("values", "kind", "written"),
    [
        ([40.0, 50.0, None], "count", "Int64"),
        ([40.0, 50.5, None], "minutes", "float64"),
        ([40.0, 50.0, None], "minutes", "Int64"),
        ([40.0, 50.0, None], "days", "float64"),
    ],
)
def test_whole_numbers_are_shown_whole(
    values: list[float | None], kind: ColumnType, written: str
) -> None:
    """Counts and minutes, also where some are not known; the rows are numbered anew."""
    number = Column("number", "Antal", kind, based_on=None if kind == "count" else "waiting")
    frame = pd.DataFrame({"waiting": [90, 90, 90], "number": values}, index=[5, 5, 6])
    table = protect(frame, table="waiting", columns=[number], policy=POLICY)

    assert tuple(cell for (cell,) in table.cells()) == tuple(values)
    assert str(table.frame["number"].dtype) == written
    assert table.frame.index.tolist() == [0, 1, 2]


def test_numbers_that_may_be_missing_are_shown_whole_too() -> None:
    """As pandas has them when a whole number is not known."""
    frame = pd.DataFrame({"waiting": pd.array([40, None, 3], dtype="Int64")})
    table = protect(frame, table="waiting", columns=[WAITING], policy=POLICY)

    assert table.cells() == ((40,), (None,), (None,))
    assert hidden_in(table, "waiting") == [False, False, True]


@pytest.mark.parametrize("table", ["waiting", "operations"])
def test_whether_a_cell_is_hidden_is_said_of_each_as_yes_or_no(table: str) -> None:
    """Also of a table of which nothing can be."""
    hidden = shown({"unit": ["a"], "waiting": [40]}, UNIT, WAITING, table=table).hidden

    assert hidden.dtypes.tolist() == [bool, bool]
    assert hidden.columns.tolist() == ["unit", "waiting"]


def test_a_table_that_says_whom_it_is_about_takes_no_name_from_those_that_do_not() -> None:
    """What a page calls its first table does not depend on the others."""
    page = Ledger(POLICY)
    frame = pd.DataFrame({"waiting": [40]})
    for about in (Group.of("waiting", time="2025"), None):
        protect(frame, table="waiting", columns=[WAITING], policy=POLICY, about=about, ledger=page)

    keys = sorted(page.exposure().cells)
    assert keys[0] == "waiting|time=2025"
    assert len(keys) == 2 and "|n=" not in keys[1]
    assert keys[1].endswith("|table=waiting")


def test_what_is_no_frame_is_refused_by_the_name_of_what_it_is() -> None:
    """And none of what is in it."""
    with pytest.raises(TypeError) as refused:
        protect({"waiting": [3]}, table="waiting", columns=(), policy=POLICY)  # type: ignore[arg-type]

    assert str(refused.value) == "protect() takes a pandas DataFrame, not dict"
