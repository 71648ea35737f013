"""A table as groups: whom each of its cells counts, and what is known where a sum may stand."""

import pandas as pd
import pytest

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft, protect_coarsest
from lpe_reports.disclosure.groups import Group, sum_key
from lpe_reports.disclosure.ledger import Ledger
from lpe_reports.disclosure.protect import _with_sum, protect
from lpe_reports.disclosure.protected import Protected
from lpe_reports.disclosure.sheet import Sheet, make_sheet, own_group
from lpe_reports.params.disclosure import DisclosurePolicy

pytestmark = pytest.mark.promise(
    "disclosure", "Small numbers, and what would give them away on their page, are hidden"
)

POLICY = DisclosurePolicy(decision="x", threshold=5, most_hidden=0.25, families=[])
UNIT, COUNT = Column("unit", "Enhet", trait="unit"), Column("n", "Antal", "count")
WOMEN = Column("women", "Kvinnor", "count", part_of="n", traits=(("sex", "F"),))
MEN = Column("men", "Män", "count", part_of="n", traits=(("sex", "M"),))
YEAR = Group.of("operated", time="2025")


def sheet(
    frame: pd.DataFrame, *columns: Column, about: Group | None = YEAR, total: int | None = None
) -> Sheet:
    own = own_group("page", "t", 0)
    return make_sheet(frame, table="t", columns=columns, total_row=total, about=about, own=own)


def test_rows_and_columns_narrow_whom_a_table_is_about() -> None:
    """A total row, and one without a value, is about all values; a day is written as one."""
    frame = pd.DataFrame(
        {
            "unit": ["Kirurgi", "Alla", None],
            "id": ["ga", "all", None],
            "day": pd.to_datetime(["2025-03-01", "2025-03-02", None]),
            "n": [40, 50, 60],
            "women": [20, 30, 40],
        }
    )
    columns = (
        Column("unit", "Enhet", trait="unit", trait_from="id"),
        Column("day", "Dag", "date", trait="time"),
        COUNT,
        WOMEN,
    )
    keys = sheet(frame, *columns, total=1).keys

    assert keys["n"] == [
        "operated|time=2025-03-01|unit=ga",
        "operated|time=2025",
        "operated|time=2025",
    ]
    assert keys["women"][0] == "operated|sex=F|time=2025-03-01|unit=ga"


def test_rows_of_a_table_about_nobody_are_told_apart_by_their_texts() -> None:
    """And by their place where those are the same; its columns each count their own."""
    frame = pd.DataFrame({"unit": ["a", "a", "b"], "n": [40, 50, 60], "women": [20, 30, 40]})

    keys = sheet(frame, UNIT, COUNT, WOMEN, about=None).keys

    base = own_group("page", "t", 0).key.partition("|")[0]
    assert all(key.startswith(f"{base}|column=n|") for key in keys["n"])
    assert len({*keys["n"], *keys["women"]}) == 6
    assert ["row=" in key for key in keys["n"]] == [True, True, False]


def test_tables_of_one_id_that_say_nothing_are_apart() -> None:
    """The first has the name that it has alone; those after it are counted."""
    names = [own_group("page", "t", times).key for times in range(3)]

    assert names == ["~page|table=t", "~page|n=2|table=t", "~page|n=3|table=t"]
    assert own_group("other", "t", 0).key == "~other|table=t"


def test_what_adds_up_in_a_table_is_said_by_its_columns_and_its_total_row() -> None:
    """Parts by the same traits together; those of another trait by themselves."""
    old = Column("old", "80+", "count", part_of="n", traits=(("age", "80+"),))
    frame = pd.DataFrame(
        {"unit": ["a", None], "n": [40, 50], "women": [20, 30], "men": [20, 20], "old": [9, 9]}
    )
    table = sheet(frame, UNIT, COUNT, WOMEN, MEN, old, total=1)
    keys = table.keys
    found = list(table.relations())

    for row in (0, 1):
        assert (keys["n"][row], (keys["women"][row], keys["men"][row])) in found
        assert (keys["n"][row], (keys["old"][row],)) in found
    for name in ("n", "women", "men", "old"):
        assert (keys[name][1], (keys[name][0],)) in found
    assert len(found) == 8


def test_a_shares_numerator_is_a_part_of_its_denominator_unsaid() -> None:
    """Not of itself, nor where it says another; and of something public nothing is a part."""
    share = Column("share", "Andel", "share", numerator="women", denominator="n")
    unsaid = Column("women", "Kvinnor", "count")
    frame = pd.DataFrame({"n": [40], "women": [20], "m": [90], "share": [0.5]})

    def parts(*columns: Column) -> dict[str, str | None]:
        return {c.id: c.part_of for c in sheet(frame, *columns).columns if c.type == "count"}

    assert parts(COUNT, unsaid, share) == {"n": None, "women": "n"}
    of_m = Column("women", "Kvinnor", "count", part_of="m")
    other = Column("m", "Andra", "count")
    assert parts(COUNT, other, of_m, share) == {"n": None, "m": None, "women": "m"}
    goal = Column("m", "Mål", "count", public=True)
    assert parts(COUNT, goal, of_m) == {"n": None, "women": None}


def test_a_count_that_is_not_shown_has_a_key_all_the_same() -> None:
    """What a mean is over is the row's own group; what else it rests on has its own name."""
    mean = Column("mean", "Medel", "days", based_on="n", mean_of="wait_days")
    share = Column("share", "Andel", "share", numerator="women", denominator="men")
    frame = pd.DataFrame(
        {"unit": ["a"], "n": [40], "women": [20], "men": [20], "mean": [3.0], "share": [1.0]}
    )
    table = sheet(frame, UNIT, mean, share)
    group = YEAR.but(unit="a")

    assert table.unshown == ["n", "women", "men"]
    assert table.keys == {
        "n": [group.key],
        "women": [group.but(column="women").key],
        "men": [group.but(column="men").key],
    }
    assert table.sums == {"mean": [sum_key(group.key, "wait_days")]}
    assert list(table.statistics()) == [(table.sums["mean"][0], group.key, 3.0, True)]
    assert list(table.cells()) == []
    assert dict(table.basis_cells()) == {
        keys[0]: n for keys, n in zip(table.keys.values(), (40, 20, 20), strict=True)
    }


def test_what_is_not_known_in_a_row_is_no_number() -> None:
    """Neither of a count, nor of a sum, nor of a row that is taken out."""
    cost = Column("cost", "Kostnad", "number", based_on="n", largest="most")
    frame = pd.DataFrame(
        {"unit": ["a", "b", "c"], "n": [40, None, 60], "cost": [1.0, 2.0, None], "most": 0.5}
    )
    table = sheet(frame, UNIT, COUNT, cost)
    keys = table.keys["n"]

    assert dict(table.cells()) == {keys[0]: 40, keys[2]: 60}
    assert [(number, mean) for *_, number, mean in table.statistics()] == [
        (1.0, False),
        (2.0, False),
    ]
    assert table.rows_with({keys[1], keys[2]}) == [2]
    assert table.rows_with({table.sums["cost"][1]}) == [1]
    assert table.keys_in([0]) == {keys[0], table.sums["cost"][0]}
    without = table.without([0])
    assert dict(without.cells()) == {keys[2]: 60}
    assert [number for *_, number, _ in without.statistics()] == [2.0]
    assert dict(table.cells())[keys[0]] == 40


def protected(rows: dict[str, list[object]], *columns: Column, **more: object) -> Protected:
    return protect(pd.DataFrame(rows), table="t", columns=columns, policy=POLICY, **more)  # type: ignore[arg-type]


def test_a_known_sum_hides_a_second_row_and_no_sum_of_its_own_does() -> None:
    """Whatever the frame's own index is; what is reckoned is no count and not summed."""
    rows = {"unit": ["a", "b", "c"], "n": [3, 20, 30], "change": [1, 2, 3]}
    change = Column("change", "Ändring", "count", based_on="n", reckoned=True)
    frame = pd.DataFrame(rows, index=[7, 7, 9])
    columns = (Column("unit", "Enhet"), COUNT, change)

    known = protect(frame, table="t", columns=columns, policy=POLICY, sum_known=True)
    unknown = protect(frame, table="t", columns=columns, policy=POLICY)

    assert known.hidden["n"].tolist() == known.hidden["change"].tolist() == [True, True, False]
    assert unknown.hidden["n"].tolist() == [True, False, False]
    assert known.cells()[2] == ("c", 30, 3)


def test_a_known_sum_changes_nothing_where_a_total_row_stands() -> None:
    """It is that row."""
    rows: dict[str, list[object]] = {"unit": ["a", "b", None], "n": [8, 20, 31]}

    assert protected(rows, UNIT, COUNT, total_row=2, sum_known=True).hidden_cells() == (
        protected(rows, UNIT, COUNT, total_row=2).hidden_cells()
    )


@pytest.mark.parametrize(
    ("about", "hidden"), [(None, [True, True, False]), (YEAR, [True, False, False])]
)
def test_a_draft_that_says_whom_it_is_about_has_no_sum_of_its_own(
    about: Group | None, hidden: list[bool]
) -> None:
    """The page's ledger knows what of it stands elsewhere; of the others nobody does."""
    frame = pd.DataFrame({"unit": ["a", "b", "c"], "n": [3, 20, 30]})
    draft = Draft(frame, [UNIT, COUNT], about=about)

    def coarsest(**more: bool) -> list[bool]:
        table = protect_coarsest([draft], table="t", policy=POLICY, ledger=Ledger(POLICY), **more)
        return table.hidden["n"].tolist()

    assert coarsest(sum_known=True) == hidden
    assert coarsest() == [True, False, False]


def test_a_drafts_total_row_is_its_total() -> None:
    """And of three drafts the finest that shows enough is taken, exactly enough too."""
    frame = pd.DataFrame({"unit": ["a", "b", "c", None], "n": [3, 20, 30, 53]})
    half = Draft(frame, [UNIT, COUNT], total_row=3, about=YEAR)
    fewer = Draft(frame.assign(n=[3, 20, 30, 90]), [UNIT, COUNT], about=YEAR)
    coarse = Draft(pd.DataFrame({"n": [53]}), [COUNT], about=YEAR)

    def chosen(*drafts: Draft) -> Protected:
        return protect_coarsest(drafts, table="t", policy=POLICY, ledger=Ledger(POLICY))

    assert chosen(half).hidden["n"].tolist() == [True, True, False, False]
    assert len(chosen(half, coarse)) == 1
    assert len(chosen(half, fewer, coarse)) == len(chosen(fewer, coarse)) == 4


def test_a_single_row_without_a_trait_is_the_whole_group_whatever_its_heading() -> None:
    """Of several such rows each is one of its own, told apart by its text."""
    text = Column("heading", "Rubrik")

    one = sheet(pd.DataFrame({"heading": ["Alla"], "n": [40]}), text, COUNT)
    two = sheet(pd.DataFrame({"heading": ["Nya", "Gamla"], "n": [40, 50]}), text, COUNT)

    assert one.keys["n"] == [YEAR.key]
    assert two.keys["n"] == [YEAR.but(heading="Nya").key, YEAR.but(heading="Gamla").key]


def test_a_total_row_that_stands_first_or_repeats_a_group_sums_each_group_once() -> None:
    """Two rows of one group are one part of the total."""
    frame = pd.DataFrame({"unit": [None, "a", "b", "b"], "n": [90, 40, 50, 50]})
    table = sheet(frame, UNIT, COUNT, total=0)
    keys = table.keys["n"]

    assert list(table.relations()) == [(keys[0], (keys[1], keys[2]))]
    assert keys[2] == keys[3]


def test_a_table_without_counts_has_no_rows_of_any_group() -> None:
    """A list of limits says nothing of people."""
    goal = Column("goal", "Mål", "number", public=True)
    table = sheet(pd.DataFrame({"unit": ["a"], "goal": [3.0]}), UNIT, goal)

    assert (table.counts, table.unshown, table.keys, table.sums) == ([], [], {}, {})
    assert table.rows_with({"a"}) == []
    assert table.keys_in([]) == set()


def test_a_sum_of_nothing_known_is_not_known() -> None:
    """And only what counts people is summed; the rows stay as they are, by their places."""
    change = Column("change", "Ändring", "count", based_on="n", reckoned=True)
    columns = (UNIT, COUNT, WOMEN, change, Column("mean", "Medel", "days", based_on="n"))
    rows = {"unit": ["a", "b"], "n": [40, None], "women": [None, None]}
    frame = pd.DataFrame({**rows, "change": [1, 2], "mean": [3.0, 4.0]}, index=[7, 7])

    whole = _with_sum(frame, columns)

    assert whole.columns.tolist() == frame.columns.tolist()
    assert whole.index.tolist() == [0, 1, 2]
    assert whole["n"].tolist()[::2] == [40, 40]
    assert whole.iloc[2].isna().tolist() == [True, False, True, True, True]
    assert whole["change"].tolist()[:2] == [1, 2]


def test_a_count_that_is_not_shown_is_the_group_that_is_first_said_of_it() -> None:
    """What a mean is over stays the row's own group where a share rests on it, too."""
    mean = Column("mean", "Medel", "days", based_on="n", mean_of="wait_days")
    share = Column("share", "Andel", "share", numerator="women", denominator="n")
    frame = pd.DataFrame({"n": [40], "women": [20], "mean": [3.0], "share": [0.5]})

    assert sheet(frame, mean, share).keys["n"] == [YEAR.key]
