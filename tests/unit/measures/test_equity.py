"""Equal care: days per unit, the gap between units, and what it would take to close it."""

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical_frames import OPERATION, operations, waited
from lpe_reports.measures.equity import days_by_unit, gap, patients_to_move, standardised
from lpe_reports.measures.intervals import mean_interval, quantile_interval

UNITS = ("bo-opc", "ga-cop", "hu-cop")
waits = st.dictionaries(
    st.sampled_from(UNITS), st.lists(st.integers(-5, 300), min_size=1, max_size=12), max_size=3
)


def operated(days: dict[str, list[int]], **other: Any) -> pd.DataFrame:
    rows = [row for unit, some in days.items() for row in waited(*some, operating_unit=unit)]
    return operations(*(row | other for row in rows))


def test_days_by_unit_leave_out_what_is_no_wait() -> None:
    """A negative wait and an unknown one are not operations of this table; day 90 is within."""
    frame = operations(*waited(0, 90, 91, -1), {})
    row = days_by_unit(frame).iloc[0]

    assert row[["operations", "within_90"]].tolist() == [3, 2]
    assert row["share_within_90"] == pytest.approx(2 / 3)
    assert row["mean_days"] == pytest.approx(181 / 3)


@settings(max_examples=15, deadline=None)
@given(days=waits)
def test_days_by_unit_intervals_are_those_of_one_unit(days: dict[str, list[int]]) -> None:
    """Every unit's intervals are what the unit's days alone give."""
    answer = days_by_unit(operated(days)).set_index("operating_unit")

    for unit, some in days.items():
        valid = [day for day in some if day >= 0]
        if not valid:
            assert unit not in answer.index
            continue
        row = answer.loc[unit]
        np.testing.assert_allclose(
            row[["mean_low", "mean_high"]].astype(float), mean_interval(valid), atol=1e-9
        )
        np.testing.assert_allclose(
            row[["median_low", "median_high"]].astype(float), quantile_interval(valid)
        )
        assert row["median_days"] == np.median(valid)


def test_days_by_unit_split_by_a_filter_too() -> None:
    """Each value is its own group, null too."""
    frame = operations(
        *waited(10, planned=True), *waited(20, planned=None), *waited(30, planned=False)
    )
    answer = days_by_unit(frame, by=["planned"])

    assert answer["operations"].tolist() == [1, 1, 1]
    assert answer["planned"].isna().sum() == 1


def test_gap_interval_is_welchs() -> None:
    """As scipy's Welch test gives it for the same two samples."""
    from scipy import stats

    long, short = [100, 120, 150, 180, 90], [40, 45, 60, 30]
    found = gap(days_by_unit(operated({"ga-cop": long, "bo-opc": short, "hu-cop": [70, 80]})))
    theirs = stats.ttest_ind(long, short, equal_var=False).confidence_interval()

    assert (found.highest_unit, found.lowest_unit) == ("ga-cop", "bo-opc")
    assert (found.gap_low, found.gap_high) == pytest.approx((theirs.low, theirs.high))
    assert found.ratio_low < found.ratio < found.ratio_high


@pytest.mark.parametrize("days", [{}, {"ga-cop": [10, 20]}])
def test_gap_of_fewer_than_two_units_is_unknown(days: dict[str, list[int]]) -> None:
    """One unit has nobody to differ from."""
    found = gap(days_by_unit(operated(days)))

    assert not found.is_known
    assert found.highest_unit is None
    assert np.isnan([found.gap_days, found.ratio, found.between_sd, found.theil]).all()


def test_gap_is_between_units_that_have_a_name() -> None:
    """Operations of no known unit are not the unit with the longest wait."""
    days = days_by_unit(operated({"ga-cop": [20, 30], "bo-opc": [10, 10]}))
    nameless = pd.concat([days, days.iloc[:1].assign(operating_unit=None, mean_days=900.0)])

    assert gap(nameless) == gap(days)
    assert patients_to_move(nameless).equals(patients_to_move(days))


def test_gap_of_units_of_one_operation_has_no_interval() -> None:
    """The difference is known, its uncertainty is not."""
    found = gap(days_by_unit(operated({"ga-cop": [20], "bo-opc": [10]})))

    assert (found.gap_days, found.ratio) == (10, 2)
    assert np.isnan([found.gap_low, found.gap_high, found.ratio_low]).all()


def test_gap_to_a_unit_without_waits_has_no_ratio() -> None:
    """Nothing is so many times as long as no wait at all."""
    found = gap(days_by_unit(operated({"ga-cop": [20, 30], "bo-opc": [0, 0]})))

    assert found.gap_days == 25
    assert np.isnan([found.ratio, found.ratio_low]).all()


def test_equal_units_are_equal_by_every_index() -> None:
    """No gap, ratio one, all indexes nothing, nobody to move."""
    days = days_by_unit(operated({"ga-cop": [10, 30], "bo-opc": [20, 20, 20]}))
    found = gap(days)

    assert (found.gap_days, found.ratio, found.between_sd, found.gini) == (0, 1, 0, 0)
    assert found.theil == pytest.approx(0)
    assert patients_to_move(days).empty


@settings(max_examples=15, deadline=None)
@given(days=waits)
def test_moving_patients_brings_each_unit_to_the_mean(days: dict[str, list[int]]) -> None:
    """With so many moved the unit's patients wait no longer than all did; one fewer is too few."""
    table = days_by_unit(operated(days))
    moves = patients_to_move(table)
    whole = days_by_unit(operated(days), by=())["mean_days"]
    shortest = table["mean_days"].min()
    means = table.set_index("operating_unit")["mean_days"]

    for _, move in moves.iterrows():
        n, own = move["operations"], means[move["from_unit"]]
        after = [own - x / n * (own - shortest) for x in (move["patients"], move["patients"] - 1)]
        assert after[0] <= whole.item() + 1e-6 < after[1] + 2e-6
        assert 0 < move["patients"] <= n
        assert means[move["to_unit"]] == shortest
    assert set(moves["from_unit"]) == set(means[means > whole.sum() + 1e-9].index)


def test_standardised_takes_the_mix_away() -> None:
    """Units that treat the same patients alike have ratio 1 whatever their mix."""
    frame = operations(
        *waited(50, 50, 50, sex="F", operating_unit="ga-cop"),
        *waited(100, sex="M", operating_unit="ga-cop"),
        *waited(50, sex="F", operating_unit="bo-opc"),
        *waited(100, 100, 100, sex="M", operating_unit="bo-opc"),
    )
    answer = standardised(frame, on=["sex"])

    assert answer["observed"].tolist() == [87.5, 62.5]
    assert answer["expected"].tolist() == [87.5, 62.5]
    assert answer["ratio"].tolist() == [1, 1]
    assert standardised(frame, on=[])["ratio"].round(3).tolist() == [1.167, 0.833]


def test_standardised_by_hand() -> None:
    """F wait 40 in mean, M 80; ga-cop (F 60, M 80) is expected 60 and has 70: ratio 7/6."""
    frame = operations(
        *waited(60, sex="F", operating_unit="ga-cop"),
        *waited(80, sex="M", operating_unit="ga-cop"),
        *waited(20, sex="F", operating_unit="bo-opc"),
        *waited(80, sex="M", operating_unit="bo-opc"),
    )
    answer = standardised(frame, on=["sex"]).set_index("operating_unit")

    assert answer.loc["ga-cop", ["observed", "expected"]].tolist() == [70, 60]
    assert answer["ratio"].tolist() == pytest.approx([50 / 60, 70 / 60])
    assert (answer["low"] < answer["ratio"]).all()
    assert (answer["ratio"] < answer["high"]).all()


def test_standardised_interval_is_of_what_the_mix_leaves() -> None:
    """F wait 40 in mean, M 80; ga-cop has F 60, F 50 and M 80: 20, 10 and 0 beyond expected.

    Those vary with SD 10, however much more the days do. Mean 190/3 of expected 160/3: 1.1875;
    half width 4.302653 · 10 / √3 = 24.841379 days, as a factor exp(24.841379 / 63.333) = 1.480.
    """
    frame = operations(
        *waited(60, 50, sex="F", operating_unit="ga-cop"),
        *waited(80, sex="M", operating_unit="ga-cop"),
        *waited(20, 30, sex="F", operating_unit="bo-opc"),
        *waited(80, sex="M", operating_unit="bo-opc"),
    )
    row = standardised(frame, on=["sex"]).set_index("operating_unit").loc["ga-cop"]
    factor = np.exp(24.841379 * 3 / 190)

    assert row["ratio"] == pytest.approx(1.1875)
    assert row[["low", "high"]].tolist() == pytest.approx([1.1875 / factor, 1.1875 * factor])


def test_standardised_takes_the_columns_that_are_there() -> None:
    """Sex and urgency stand in operations as delivered; a null is a stratum of its own."""
    frame = operations(*waited(60, 40, sex=None), *waited(20, sex="F"))

    assert standardised(frame)["ratio"].tolist() == [1]


def test_equity_of_nothing_is_empty() -> None:
    """No rows in, no rows out, the same columns."""
    for frame in (operations(), operations({})):
        assert days_by_unit(frame).columns[0] == "operating_unit"
        assert days_by_unit(frame).empty
        assert standardised(frame, on=["sex"]).columns.tolist() == [
            "operating_unit", "observed", "expected", "ratio", "low", "high",
        ]  # fmt: skip
        assert standardised(frame).empty
        assert patients_to_move(days_by_unit(frame)).empty


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame(columns=list(OPERATION)),
        operations(dict.fromkeys(OPERATION)),
        operations(*waited(5)),
        operations(*waited(5, 6, operating_unit=None)),
    ],
    ids=["untyped", "all null", "one row", "no unit"],
)
def test_equity_of_too_little_has_no_gap(frame: pd.DataFrame) -> None:
    """No dtypes, nothing but nulls, one operation, no unit with a name: nobody to differ from."""
    days = days_by_unit(frame)

    assert not gap(days).is_known
    assert patients_to_move(days).empty
    assert standardised(frame)["ratio"].dropna().eq(1).all()


def test_equity_of_units_without_a_mean_is_unknown() -> None:
    """Units with nothing but nulls are no units."""
    nulls = pd.DataFrame(
        {
            "operating_unit": ["ga-cop", "bo-opc"],
            "operations": pd.array([None, None], dtype="Int64"),
            "mean_days": [np.nan, np.nan],
        }
    )

    assert not gap(nulls).is_known
    assert patients_to_move(nulls).empty


@settings(max_examples=10, deadline=None)
@given(days=waits, seed=st.randoms(use_true_random=False))
def test_equity_does_not_see_order_and_adds_up(days: dict[str, list[int]], seed: Any) -> None:
    """Any order of the rows; the units' numbers together are the whole; indexes in their range."""
    frame = operated(days)
    order = seed.sample(range(len(frame)), len(frame))
    table = days_by_unit(frame)
    found = gap(table)

    pd.testing.assert_frame_equal(table, days_by_unit(frame.iloc[order]))
    assert table["operations"].sum() == days_by_unit(frame, by=())["operations"].sum()
    assert table["share_within_90"].between(0, 1).all()
    if found.is_known and not np.isnan(found.gini):
        assert 0 <= found.gini < 1
        assert found.theil >= -1e-12


def test_longest_wait_is_moved_first() -> None:
    """The table of moves begins with the longest wait."""
    days = days_by_unit(operated({"ga-cop": [100] * 4, "hu-cop": [90] * 4, "bo-opc": [10] * 9}))

    assert patients_to_move(days)["from_unit"].tolist() == ["ga-cop", "hu-cop"]
    assert all(a >= b for a, b in pairwise(patients_to_move(days)["patients"]))
