"""A table that cannot be protected as it is said to be is refused, and the message tells how."""

from collections.abc import Sequence

import pandas as pd
import pytest

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import Group
from lpe_reports.disclosure.protect import protect
from lpe_reports.disclosure.protected import Protected
from lpe_reports.errors import DisclosureError, UsageError
from lpe_reports.params.disclosure import DisclosurePolicy, TableFamily

pytestmark = pytest.mark.promise(
    "disclosure", "A table that cannot be protected is refused, and no value stands in the message"
)

OPEN = TableFamily(id="open", name="x", protected=False, reason="x", tables=["open"])
POLICY = DisclosurePolicy(decision="x", threshold=5, families=[OPEN])
UNIT, COUNT = Column("unit", "Enhet"), Column("n", "Antal", "count")
DAYS = Column("days", "Dagar", "days", based_on="n")
SUM = Column("cost", "Kostnad", "number", based_on="n", largest="most")

Rows = dict[str, Sequence[object]]


def shown(rows: Rows, *columns: Column, total: int | None = None, table: str = "t") -> Protected:
    frame = pd.DataFrame({name: pd.Series(list(values)) for name, values in rows.items()})
    return protect(frame, table=table, columns=columns, policy=POLICY, total_row=total)


@pytest.mark.parametrize(
    ("rows", "columns", "where", "remedy"),
    [
        ({"n": [771]}, (COUNT, COUNT), "two columns have the id 'n'", ""),
        ({"n": [771]}, (DAYS,), "column 'days': the frame: no column 'days'", "there are: n"),
        ({"days": [771.0]}, (DAYS,), "column 'days': the frame: no column 'n'", "there are: days"),
        (
            {"n": [771]},
            (Column("n", "x", "week"),),
            "column 'n' holds numbers but is a week",
            "type",
        ),
        ({"n": ["771"]}, (COUNT, UNIT), "column 'unit': the frame", "there are: n"),
        ({"n": [771], "unit": ["772"]}, (COUNT, UNIT), "whose 1 values are all numbers", "trait="),
        ({"days": [771.0]}, (Column("days", "x", "days"),), "column 'days' must say", "based_on="),
        (
            {"s": [771.0]},
            (Column("s", "x", "share"),),
            "'s' must say",
            "numerator= and denominator=",
        ),
        (
            {"n": [771], "days": [771.0]},
            (Column("days", "x", "share", numerator="n"),),
            "'days' must",
            "denominator=",
        ),
        (
            {"n": [771], "m": [772]},
            (COUNT, Column("m", "x", "count", based_on="n")),
            "'m' is a count",
            "part_of=",
        ),
        (
            {"n": [771], "m": [772]},
            (Column("m", "x", "days", based_on="n", reckoned=True),),
            "'m' is reckoned",
            '"count"',
        ),
        ({"n": [-771, 40]}, (COUNT,), "column 'n': 1 of 2 rows are less than nought", "difference"),
        ({"n": [-771, 40], "days": [1.0, 2.0]}, (DAYS,), "column 'n': 1 of 2 rows are less", ""),
        ({"n": [40, float("inf")]}, (COUNT,), "column 'n': 1 of 2 rows are infinite", "empty"),
        (
            {"n": [40], "cost": [float("-inf")], "most": [1.0]},
            (SUM,),
            "column 'cost': 1 of 1 rows are inf",
            "empty",
        ),
        (
            {"n": [40], "cost": [9.0], "most": [float("inf")]},
            (SUM,),
            "column 'most': 1 of 1 rows are inf",
            "empty",
        ),
        ({"n": ["771 st"]}, (COUNT,), "column 'n': holds what is no number", "make it numbers"),
    ],
)
def test_a_refusal_says_where_and_what_to_do(
    rows: Rows, columns: tuple[Column, ...], where: str, remedy: str
) -> None:
    """The table, the column, the number of rows and the argument that is missing."""
    with pytest.raises(DisclosureError) as error:
        shown(rows, *columns)

    said = str(error.value)
    assert said.startswith("table 't'")
    assert where in said
    assert remedy in said
    assert "771" not in said and "772" not in said


def test_what_describes_no_patients_is_looked_at_no_further() -> None:
    """An open table, and a column that is public: only that they are there."""
    rows: Rows = {"n": [-3, 2], "unit": ["1", "2"], "days": [1.0, float("inf")]}
    columns = (COUNT, UNIT, Column("days", "x", "days"))

    assert len(shown(rows, *columns, table="open")) == 2
    assert len(shown(rows, *columns, table="open", total=7)) == 2
    public = [Column(c.id, c.label, c.type, public=True) for c in columns]
    assert len(shown(rows, *public)) == 2
    with pytest.raises(DisclosureError, match="no column 'gone'"):
        shown(rows, Column("gone", "x"), table="open")


def test_a_reckoned_count_and_a_sum_may_be_less_than_nought() -> None:
    """They count nobody; what they are based on does."""
    reckoned = Column("change", "Ändring", "count", based_on="n", reckoned=True)
    rows: Rows = {"n": [40, 50], "change": [-7, 2], "cost": [-9.0, 8.0], "most": [-2.0, 3.0]}

    assert shown(rows, COUNT, reckoned, SUM).cells() == ((40, -7, -9.0), (50, 2, 8.0))


@pytest.mark.parametrize("rows", [[30.0, 11.0000001, 41.0], [30.0, None, 41.0], [30, 12, None]])
def test_rows_may_be_their_total_or_less(rows: list[float | None]) -> None:
    """The last digits of a number make no difference, and what is not known is not summed."""
    assert len(shown({"n": rows}, COUNT, total=2)) == 3


def test_a_group_that_stands_twice_is_added_up_once() -> None:
    """Two rows of one unit are one part of the total."""
    unit = Column("unit", "Enhet", trait="unit")
    rows: Rows = {"unit": ["a", "a", "b", None], "n": [30, 30, 11, 41]}
    frame = pd.DataFrame(rows)

    table = protect(
        frame,
        table="t",
        columns=(unit, COUNT),
        policy=POLICY,
        total_row=3,
        about=Group.of("operated"),
    )
    assert not table.hidden_cells()
    more = frame.assign(n=[30, 30, 12, 41])
    said = "column 'n': its 2 rows are together more than row 3 "
    with pytest.raises(DisclosureError, match=said):
        protect(
            more,
            table="t",
            columns=(unit, COUNT),
            policy=POLICY,
            total_row=3,
            about=Group.of("operated"),
        )


@pytest.mark.parametrize("total", [0, 1, -1, -2])
def test_any_row_may_be_the_total(total: int) -> None:
    """Also the first; one hidden part beside it goes with another, or is alone with it."""
    rows: Rows = {"unit": ["a", "b"], "n": [40, 40]}

    assert shown(rows, UNIT, COUNT, total=total).cells() == (("a", 40), ("b", 40))
    assert shown({"unit": [], "n": []}, UNIT, COUNT, total=-1).cells() == ()


@pytest.mark.parametrize(
    "text", ["7 71", "771,5", "+7", "−7", "7 %", "7 av 71", " 7/71 ", "7.5 % av 71"]
)
def test_figures_as_people_write_them_are_numbers(text: str) -> None:
    """Each alone, and beside what is no word."""
    rows: Rows = {"n": [40, 50], "said": [text, "–"]}

    with pytest.raises(DisclosureError, match="column 'said' is a text column whose"):
        shown(rows, COUNT, Column("said", "Sagt"))
    assert (
        shown(rows | {"said": [text, "okänt"]}, COUNT, Column("said", "Sagt")).cells()[0][0] == 40
    )
    assert shown(rows | {"said": ["", "–"]}, COUNT, Column("said", "Sagt")).cells()[0][0] == 40


def test_a_type_that_there_is_not_is_refused_with_all_there_are() -> None:
    """The nearest where one is near; what is not said has the decimals of its type."""
    with pytest.raises(
        UsageError, match=r"Column 'n': no type 'cuont'; did you mean 'count'\?"
    ) as error:
        Column("n", "x", "cuont")  # type: ignore[arg-type]
    assert "There are: " in str(error.value) and "minutes" in str(error.value)
    with pytest.raises(UsageError, match="there are: ") as error:
        Column("n", "x", "zzzzz")  # type: ignore[arg-type]
    assert "There are: " not in str(error.value)
    decimals = [Column("n", "x", kind).decimals for kind in ("count", "share", "hours", "number")]  # type: ignore[arg-type]
    assert decimals == [0, 1, 1, 1]
    assert Column("n", "x", "share", decimals=0).decimals == 0
    assert Column("s", "x", "share", numerator="a", denominator="b").references() == ("a", "b")
    assert Column("s", "x", "days", based_on="a", part_of="b").references() == ("a", "b")
