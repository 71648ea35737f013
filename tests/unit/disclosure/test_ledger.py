"""Tables that join a page hide what they would tell together with those before them."""

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpe_reports.disclosure.attack import attack
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.exposure import Exposure
from lpe_reports.disclosure.groups import Group, sum_key
from lpe_reports.disclosure.ledger import Ledger
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.protect import protect
from lpe_reports.disclosure.protected import Protected
from lpe_reports.errors import DisclosureError
from lpe_reports.params.disclosure import DisclosurePolicy
from outsider import told as outsider_told

pytestmark = pytest.mark.promise(
    "disclosure", "Small numbers, and what would give them away on their page, are hidden"
)

POLICY = DisclosurePolicy(decision="Regionen beslutar.", threshold=5, families=[])
NESTING = Nesting(units={"hu": ("hu-cop",), "ga": ("ga-cop", "ga-dagkir")})
YEAR = Group.of("operated", procedure="NGB49", time="2025")
UNIT = Column("unit", "Enhet", trait="unit")
COUNT = Column("n", "Antal", "count")
MEAN = Column("mean", "Medel", "days", decimals=1, based_on="n", mean_of="wait_days")


def ledger(**options: object) -> Ledger:
    return Ledger(POLICY, nesting=NESTING, place="equity/NGB49/2025", **options)  # type: ignore[arg-type]


def shown(
    page: Ledger,
    rows: Sequence[tuple[object, ...]],
    *columns: Column,
    about: Group | None = YEAR,
    total: int | None = None,
    extra: Sequence[str] = (),
    table: str = "equity",
) -> Protected:
    names = [*(column.id for column in columns), *extra]
    return protect(
        pd.DataFrame(rows, columns=names),
        table=table,
        columns=columns,
        policy=POLICY,
        total_row=total,
        about=about,
        ledger=page,
    )


def told(page: Ledger) -> tuple[object, ...]:
    """What the page's own record tells, read as the build will read it."""
    record = json.loads(json.dumps(page.record()))
    return attack(Exposure.from_record(record), threshold=5, nesting=NESTING)


def hidden(table: Protected, column: str = "n") -> list[bool]:
    return table.hidden[column].tolist()


def test_a_group_hidden_in_one_table_is_hidden_in_the_next() -> None:
    """The second table has no total, but who reads both knows the first."""
    page = ledger()
    first = shown(
        page, [("ga-cop", 40), ("hu-cop", 3), ("bo-opc", 21), (None, 64)], UNIT, COUNT, total=3
    )
    second = shown(page, [("ga-cop", 40), ("hu-cop", 3), ("bo-opc", 21)], UNIT, COUNT)

    assert hidden(first) == [False, True, True, False]
    assert hidden(second) == [False, True, True]


def test_a_table_hides_what_a_total_of_an_earlier_table_gives_away() -> None:
    """A single hidden unit under a total that was shown before it."""
    page = ledger()
    shown(page, [("Alla", 64)], Column("what", "Vad"), COUNT)
    table = shown(page, [("ga-cop", 40), ("hu-cop", 3), ("bo-opc", 21)], UNIT, COUNT)

    assert hidden(table) == [False, True, True]
    assert told(page) == ()


def test_a_total_is_hidden_when_its_parts_were_shown_before_it() -> None:
    """What was shown is fixed, so the newest table gives way."""
    page = ledger()
    units = shown(page, [("ga-cop", 40), ("hu-cop", 3), ("bo-opc", 21)], UNIT, COUNT)
    table = shown(page, [("Alla", 64)], Column("what", "Vad"), COUNT)

    assert hidden(units) == [False, True, False]
    assert hidden(table) == [True]
    assert told(page) == ()


def test_a_small_rest_that_stands_nowhere_is_not_told() -> None:
    """97 at one unit of 100 in the county: the page never shows the other three, nor tells."""
    page = ledger()
    shown(page, [("Alla", 100)], Column("what", "Vad"), COUNT)
    table = shown(page, [("ga-cop", 97)], UNIT, COUNT)

    assert hidden(table) == [True]
    assert told(page) == ()


def test_months_do_not_tell_a_quarter() -> None:
    """A hidden month is not the quarter less the two others."""
    page = ledger()
    month = Column("month", "Månad", "month", trait="time")
    about = YEAR.but(time=None)
    shown(
        page, [("2025-Q1", 52)], Column("q", "Kvartal", "period", trait="time"), COUNT, about=about
    )
    table = shown(
        page, [("2025-01", 30), ("2025-02", 2), ("2025-03", 20)], month, COUNT, about=about
    )

    assert hidden(table) == [False, True, True]
    assert told(page) == ()


def test_a_unit_is_not_told_by_its_hospital() -> None:
    """Hudiksvall has one unit: where that is hidden, so is the hospital, in whatever order."""
    page = ledger()
    hospitals = shown(page, [("hu", 30), ("ga", 60)], UNIT, COUNT)
    units = shown(page, [("ga-cop", 57), ("ga-dagkir", 3)], UNIT, COUNT)

    assert hidden(hospitals) == [False, False]
    assert hidden(units) == [True, True]
    assert told(page) == ()


def test_two_divisions_of_a_group_that_stands_nowhere_do_not_tell_each_other() -> None:
    """By sex all are shown, so by ASA the single small one needs company."""
    page = ledger()
    shown(page, [("F", 30), ("M", 34)], Column("sex", "Kön", trait="sex"), COUNT)
    table = shown(
        page, [("1–2", 40), ("3", 21), ("4–6", 3)], Column("asa", "ASA", trait="asa"), COUNT
    )

    assert hidden(table) == [False, True, True]


def test_overlapping_ages_of_two_tables_are_not_added_up() -> None:
    """Six bands and three of the same people: only those of one table are apart."""
    page = ledger()
    age = Column("age", "Ålder", trait="age")
    shown(page, [("0–64", 30), ("65–", 34), (None, 64)], age, COUNT, total=2)
    table = shown(page, [("0–49", 20), ("50–64", 10), ("65–79", 31), ("80–", 3)], age, COUNT)

    assert hidden(table) == [False, True, False, True]
    assert told(page) == ()


def test_a_mean_follows_its_group() -> None:
    """Where the count is hidden the mean is, and the mean of all gives neither away."""
    page = ledger()
    rows = [("ga-cop", 40, 100.0), ("hu-cop", 3, 700.0), ("bo-opc", 21, 60.0), (None, 64, 115.0)]
    table = shown(page, rows, UNIT, COUNT, MEAN, total=3)

    assert hidden(table, "mean") == hidden(table) == [False, True, True, False]
    assert told(page) == ()


def test_a_mean_alone_is_hidden_where_counts_are_known() -> None:
    """All counts of a table were shown before; its means are one group's too few to tell."""
    page = ledger()
    decided = Group.of("operated", procedure="NGB49", time="2025", unit="hu-cop").but(
        sum="wait_days"
    )
    page = ledger(decided=[decided.key])
    rows = [("ga-cop", 40, 100.0), ("hu-cop", 30, 90.0), ("bo-opc", 21, 60.0), (None, 91, 87.5)]
    rows[3] = (None, 91, (4000 + 2700 + 1260) / 91)
    table = shown(page, rows, UNIT, COUNT, MEAN, total=3)

    assert hidden(table) == [False] * 4
    assert hidden(table, "mean")[1]
    assert sum(hidden(table, "mean")) == 2
    assert told(page) == ()


def test_one_patient_does_not_make_a_shown_sum() -> None:
    """A sum of which one makes more than nine tenths is hidden, and one beside it."""
    hours = Column("hours", "Timmar", "hours", based_on="n", largest="longest")
    rows = [("ga-cop", 40, 80.0, 6.0), ("hu-cop", 9, 20.0, 19.0), ("bo-opc", 21, 50.0, 5.0)]
    rows.append((None, 70, 150.0, 19.0))
    table = shown(ledger(), rows, UNIT, COUNT, hours, total=3, extra=["longest"])

    assert hidden(table) == [False] * 4
    assert hidden(table, "hours") == [False, True, True, False]


def test_means_of_all_tables_are_recorded() -> None:
    """Who reads the second table has the mean of the first, and the other way round."""
    page = ledger()
    shown(page, [("ga-cop", 40, 30.0)], UNIT, COUNT, MEAN)
    shown(page, [("ga-cop", 30, 20.0)], UNIT, COUNT, MEAN, about=YEAR.but(time="2024"))

    found = page.exposure().means
    keys = [YEAR.but(unit="ga-cop", time=year).key for year in ("2024", "2025")]
    assert {key: (m.over, m.value) for key, m in found.items()} == {
        sum_key(keys[0], "wait_days"): (keys[0], 20.0),
        sum_key(keys[1], "wait_days"): (keys[1], 30.0),
    }


def test_a_statistic_without_its_count_stays_hidden_by_its_group() -> None:
    """The count is no column, yet the record holds that it is hidden, and `decided` works."""
    median = Column("median", "Median", "days", based_on="n")
    page = ledger()
    table = shown(page, [("hu-cop", 80.0, 3)], UNIT, median, extra=["n"])
    key = YEAR.but(unit="hu-cop").key
    again = shown(ledger(decided=[key]), [("hu-cop", 80.0, 9)], UNIT, median, extra=["n"])

    assert hidden(table, "median") == hidden(again, "median") == [True]
    assert page.record()["cells"][key] is None


def test_what_was_decided_stays_hidden_and_is_recorded() -> None:
    """A correction of a closed period does not show what was hidden before, not even as zero."""
    keys = [YEAR.but(unit=unit).key for unit in ("hu-cop", "ga-cop", "bo-opc")]
    page = ledger(decided=keys[:2], across=[keys[2], "elsewhere|unit=x"])
    table = shown(page, [("ga-cop", 40), ("hu-cop", 0), ("bo-opc", 21), ("x", 3)], UNIT, COUNT)

    assert hidden(table) == [True, True, True, True]
    assert page.record()["decided"] == sorted(keys)


def test_a_decided_key_that_is_small_anyway_is_not_in_force() -> None:
    """Only what would else be shown is said to be hidden by a decision."""
    key = YEAR.but(unit="hu-cop").key
    page = ledger(decided=[key])
    shown(page, [("hu-cop", 3)], UNIT, COUNT)

    assert page.record()["decided"] == []


def test_the_record_holds_no_hidden_number() -> None:
    """Its bytes are the same whatever the hidden numbers are."""
    records = []
    for small, mean in ((3, 7919.0), (2, 41.5)):
        page = ledger()
        rows = [("ga-cop", 40, 100.0), ("hu-cop", small, mean), ("bo-opc", 24 - small, 60.0)]
        shown(page, rows, UNIT, COUNT, MEAN)
        other = Group.of("waiting", time="2025-01-01", list="operation")
        shown(page, [("hu-cop", small)], UNIT, COUNT, about=other)
        records.append(json.dumps(page.record()).replace(f"{24 - small}.0", "shown"))

    assert records[0] == records[1]
    assert "7919" not in records[0]


def test_the_record_counts_what_is_lost() -> None:
    """Hidden cells of all cells of protected tables; targets and texts do not count."""
    page = ledger()
    target = Column("target", "Mål", "count", public=True)
    shown(page, [("ga-cop", 40, 3), ("hu-cop", 3, 3)], UNIT, COUNT, target)

    assert page.record()["lost"] == [1, 2]


def test_one_group_with_two_numbers_is_refused() -> None:
    """Else the attack would reckon with numbers that are not of the same people."""
    page = ledger()
    shown(page, [("ga-cop", 40)], UNIT, COUNT)
    with pytest.raises(
        DisclosureError, match=r"group operated\|.*unit=ga-cop has two different"
    ) as e:
        shown(page, [("ga-cop", 41)], UNIT, COUNT)
    assert "41" not in str(e.value)


def test_tables_that_say_nothing_of_their_groups_are_apart() -> None:
    """The same table for another year has other numbers; the keys are the same another night."""
    keys = []
    for _ in range(2):
        page = ledger()
        shown(page, [("ga-cop", 40)], replace(UNIT, trait=None), COUNT, about=None)
        shown(page, [("ga-cop", 3)], replace(UNIT, trait=None), COUNT, about=None)
        keys.append(list(page.record()["cells"]))

    assert keys[0] == keys[1]
    assert len(keys[0]) == 2


def test_a_table_that_cannot_be_made_safe_is_withheld() -> None:
    """Eight are left for two units; that one of them has six kinds of patients tells the other."""
    page = ledger()
    units = shown(page, [("a", 2), ("b", 6), ("c", 30), (None, 38)], UNIT, COUNT, total=3)
    asa = Column("asa", "ASA", trait="asa")
    table = shown(page, [(str(n), "b", 1) for n in range(6)] + [("9", "b", 0)], asa, UNIT, COUNT)

    assert hidden(units) == [True, True, False, False]
    assert hidden(table) == [True] * 7
    assert told(page) == ()


def test_a_page_of_many_series_is_safe_whatever_comes_after_what() -> None:
    """County, units and VO of a list, three counts each, one after another: nothing is told."""
    rng = np.random.default_rng(11)
    units, vos = ["ga-cop", "ga-dagkir", "hu-cop"], ["ort", "kir", "gyn"]
    waiting = rng.poisson(9 * rng.gamma(1, 1, size=(3, 3, 3)))
    covered = rng.binomial(waiting, 0.8)
    counts = {"n": waiting, "covered": covered, "within": rng.binomial(covered, 0.7)}
    day = Column("day", "Dag", "date", trait="time")
    some = (("covered", "yes"),)
    columns = [
        day,
        COUNT,
        Column("covered", "Omfattas", "count", part_of="n", traits=some),
        Column("within", "Inom", "count", part_of="covered", traits=(*some, ("within", "90"))),
    ]
    page = ledger()
    for vo in (None, *vos):
        for unit in (None, *units):
            place = [units.index(unit)] if unit else [0, 1, 2], [vos.index(vo)] if vo else [0, 1, 2]
            sums = {name: c[np.ix_(*place)].sum(axis=(0, 1)) for name, c in counts.items()}
            protect(
                pd.DataFrame({"day": ["2026-05-04", "2026-05-11", "2026-05-18"], **sums}),
                table="waiting",
                columns=columns,
                policy=POLICY,
                about=Group.of("waiting", unit=unit, vo=vo),
                ledger=page,
            )

    assert told(page) == ()
    assert page.record()["lost"][1] == 144


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_table_with_margins_tells_an_outsider_anything(data: st.DataObject) -> None:
    """Random tables, alone or two with a margin in common: a solver finds nothing in them."""
    page = ledger()
    rows = data.draw(st.integers(2, 4))
    first = _drawn(data, rows, data.draw(st.integers(2, 4)))
    totals = first.sum(axis=1)
    tables = [("col", _shown_with_margins(page, first, "col"))]
    if data.draw(st.booleans()):
        share = data.draw(st.lists(st.integers(0, 100), min_size=rows, max_size=rows))
        part = (totals * np.array(share)) // 100
        tables.append(
            ("sex", _shown_with_margins(page, np.column_stack([part, totals - part]), "sex"))
        )

    assert (
        outsider_told([(("unit", axis), table) for axis, table in tables], 5, integers=True) == []
    )
    assert told(page) == ()


def _drawn(data: st.DataObject, rows: int, columns: int) -> np.ndarray:
    line = st.lists(st.integers(0, 14), min_size=columns, max_size=columns)
    return np.array(data.draw(st.lists(line, min_size=rows, max_size=rows)))


def _shown_with_margins(page: Ledger, inner: np.ndarray, trait: str) -> np.ndarray:
    names = [f"{trait}{number}" for number in range(inner.shape[1])]
    full = np.vstack([inner, inner.sum(axis=0)])
    frame = pd.DataFrame(np.column_stack([full, full.sum(axis=1)]), columns=[*names, "n"])
    frame["unit"] = [*(f"u{row}" for row in range(len(inner))), None]
    parts = [Column(n, n, "count", part_of="n", traits=((trait, n),)) for n in names]
    table = protect(
        frame,
        table="equity",
        columns=[UNIT, *parts, COUNT],
        policy=POLICY,
        total_row=len(inner),
        about=YEAR,
        ledger=page,
    )
    numbers = table.frame[[*names, "n"]].to_numpy(dtype=float, na_value=np.nan)
    small = full[:, : len(names)]
    assert np.isnan(numbers[:, :-1][(small > 0) & (small < 5)]).all()
    return np.asarray(numbers)


def test_an_interval_is_hidden_with_its_mean() -> None:
    """The middle of an interval is its mean; one that is hidden takes it along, count or not."""
    frame = pd.DataFrame(
        {"unit": ["a", "b"], "n": [10, 20], "mean": [5.0, 6.0], "low": [4.0, 5.5], "high": [6, 6.5]}
    )
    columns = [
        Column("unit", "Enhet", trait="unit"),
        Column("n", "Antal", "count"),
        Column("mean", "Medel", "days", based_on="n", mean_of="wait_days"),
        Column("low", "KI från", "days", based_on="n"),
        Column("high", "KI till", "days", based_on="n"),
    ]
    about = Group.of("operated")
    ledger = Ledger(POLICY, decided={sum_key(about.but(unit="a").key, "wait_days")})
    shown = protect(
        frame, table="equity", columns=columns, policy=POLICY, about=about, ledger=ledger
    )

    assert shown.hidden.loc[0].tolist() == [False, False, True, True, True]
    assert not shown.hidden.loc[1].any()
