"""A table can join a page for trial, and a page tells what became of its tables."""

import json
from collections.abc import Sequence

import pandas as pd
import pytest

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import Group, sum_key
from lpe_reports.disclosure.ledger import Ledger
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.protect import protect
from lpe_reports.disclosure.protected import Protected
from lpe_reports.errors import DisclosureError
from lpe_reports.params.disclosure import DisclosurePolicy

pytestmark = pytest.mark.promise(
    "disclosure", "Small numbers, and what would give them away on their page, are hidden"
)

POLICY = DisclosurePolicy(decision="Regionen beslutar.", threshold=5, families=[])
NESTING = Nesting(units={"ga": ("ga-cop", "ga-dagkir")})
YEAR = Group.of("operated", time="2025")
UNIT = Column("unit", "Enhet", trait="unit")
COUNT = Column("n", "Antal", "count")
MEAN = Column("mean", "Medel", "days", decimals=1, based_on="n", mean_of="wait_days")


def join(
    page: Ledger,
    rows: Sequence[tuple[object, ...]],
    *columns: Column,
    about: Group | None = YEAR,
    total: int | None = None,
) -> Protected:
    return protect(
        pd.DataFrame(rows, columns=[column.id for column in columns]),
        table="equity",
        columns=columns,
        policy=POLICY,
        total_row=total,
        about=about,
        ledger=page,
    )


def page_of_units(**options: object) -> Ledger:
    page = Ledger(POLICY, nesting=NESTING, place="equity/2025", **options)  # type: ignore[arg-type]
    join(page, [("a", 40, 10.0), ("b", 3, 20.0), ("c", 21, 30.0)], UNIT, COUNT, MEAN)
    return page


def join_more(page: Ledger) -> list[object]:
    """Tables that change all that a page keeps; what of them is hidden."""
    sex = Column("sex", "Kön", trait="sex")
    tables = [
        join(page, [("F", 30, 7.0), ("M", 34, 9.0)], sex, COUNT, MEAN),
        join(page, [("d", 50)], UNIT, COUNT, about=YEAR.but(time="2024")),
        join(page, [("x", 8), ("y", 3)], UNIT, COUNT, about=None),
        join(page, [("x", 9), ("y", 3)], UNIT, COUNT, about=None),
        _withheld(page),
    ]
    return [table.hidden.to_numpy().tolist() for table in tables]


def _withheld(page: Ledger) -> Protected:
    """Eight are left for two units, and one of them has six kinds of patients."""
    about = Group.of("waiting")
    join(page, [("a", 2), ("b", 6), ("c", 30), (None, 38)], UNIT, COUNT, about=about, total=3)
    asa = Column("asa", "ASA", trait="asa")
    return join(page, [(str(n), "b", 1) for n in range(6)] + [("9", "b", 0)], asa, UNIT, COUNT,
                about=about)  # fmt: skip


def told(page: Ledger) -> str:
    return json.dumps(page.record())


DECIDED = [YEAR.but(time="2024", unit="d").key]


def test_a_trial_changes_nothing_of_its_page() -> None:
    """Whatever joined the trial: the page goes on as if it had not been."""
    page, other = page_of_units(decided=DECIDED), page_of_units(decided=DECIDED)
    before = told(page)
    trial = page.trial()
    assert told(trial) == before

    hidden = join_more(trial)
    trial.count_lost(5, 9)

    assert told(page) == before
    assert join_more(page) == hidden == join_more(other)
    assert told(page) == told(other) != before


def test_a_trial_that_is_adopted_is_the_page() -> None:
    """All that joined it."""
    page, other = page_of_units(decided=DECIDED), page_of_units(decided=DECIDED)
    trial = page.trial()
    join_more(trial)
    join_more(other)

    page.adopt(trial)

    assert told(page) == told(other)
    assert page.record()["withheld"]
    assert page.record()["decided"] == DECIDED


def test_what_is_lost_is_counted_over_all_tables() -> None:
    """Hidden cells, and all."""
    page = Ledger(POLICY)
    assert page.record()["lost"] == [0, 0]
    page.count_lost(2, 10)
    page.count_lost(1, 7)

    assert page.record()["lost"] == [3, 17]


@pytest.mark.parametrize("place", ["r/u/p", Group.of("r/u/p")])
def test_tables_that_say_nothing_of_their_groups_are_told_apart_by_their_number(
    place: Group | str,
) -> None:
    """Those of one id after one another, those of another from the first again."""
    page = Ledger(POLICY, place=place)

    keys = [page.own_group(table).key for table in ("one", "one", "two", "one")]

    assert keys == [
        "~r/u/p|table=one", "~r/u/p|n=2|table=one", "~r/u/p|table=two", "~r/u/p|n=3|table=one",
    ]  # fmt: skip
    assert Ledger(POLICY).own_group("one").key == "~|table=one"


def test_two_numbers_of_one_group_are_refused_with_what_to_do() -> None:
    """In one table as in two; the message has no number."""
    page = Ledger(POLICY)
    with pytest.raises(DisclosureError) as error:
        join(page, [("a", 40), ("a", 41)], Column("what", "Vad", trait="unit"), COUNT)

    assert str(error.value).endswith(
        "table 'equity': the group operated|time=2025|unit=a has two different numbers on this "
        "page; give its Column or its rows the trait that tells them apart, or the table another "
        "about="
    )
    assert page.record()["cells"] == {}


def test_a_number_that_was_shown_is_not_hidden_afterwards() -> None:
    """It would hide nothing; a number that was hidden stays so, with the mean over it."""
    page = page_of_units()
    again = join(page, [("a", 40, 10.0), ("b", 3, 20.0), ("c", 21, 30.0)], UNIT, COUNT, MEAN)

    assert again.hidden["n"].tolist() == again.hidden["mean"].tolist() == [False, True, False]
    cells, means = page.record()["cells"], page.record()["means"]
    units = {name: YEAR.but(unit=name).key for name in "abc"}
    assert {name: cells[key] for name, key in units.items()} == {"a": 40, "b": None, "c": 21}
    assert cells[sum_key(units["b"], "wait_days")] is None
    assert means == [
        [sum_key(units[n], "wait_days"), units[n], m] for n, m in (("a", 10), ("c", 30))
    ]


def test_only_decided_keys_that_the_page_has_are_recorded() -> None:
    """Those of its own past where they hide something; those across pages where they stand."""
    keys = {name: YEAR.but(unit=name).key for name in "abcz"}
    page = page_of_units(decided=[keys["a"], keys["b"], keys["z"]], across=[keys["c"]])

    assert page.record()["decided"] == [keys["a"], keys["c"]]
    assert [page.record()["cells"][keys[name]] for name in "abc"] == [None] * 3


def test_the_record_has_no_mean_over_a_count_that_is_hidden_for_another() -> None:
    """Who reads the record is told no more than who reads the page."""
    page = Ledger(POLICY, nesting=NESTING)
    rows = [("a", 40, 10.0), ("b", 3, 20.0), ("c", 21, 30.0), (None, 64, 1090 / 64)]
    join(page, rows, UNIT, COUNT, MEAN, total=3)
    units = {name: YEAR.but(unit=name).key for name in "abc"}

    cells, means = page.record()["cells"], page.record()["means"]
    for name in "bc":
        assert cells[units[name]] is cells[sum_key(units[name], "wait_days")] is None
    assert [count for _, count, _ in means] == [YEAR.key, units["a"]]
