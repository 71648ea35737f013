"""Kaplan–Meier and cumulative incidence: late entry, groups, ties, and against other ways."""

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lpe_reports.measures.incidence import cumulative_incidence
from lpe_reports.measures.log_rank import log_rank
from lpe_reports.measures.survival import (
    RiskTable,
    at_times,
    first_below,
    kaplan_meier,
    quantiles,
    restricted_mean,
    risk_table,
)

# Entry, how long after it, outcome (0 still, 1 and 2 happened), group.
spell = st.tuples(st.integers(-1, 12), st.integers(1, 15), st.integers(0, 2), st.integers(0, 2))
spells = st.lists(spell, min_size=1, max_size=30)


def table_of(rows: list[tuple[int, ...]], group: Any = None) -> RiskTable:
    entry, length, outcome, own = (np.array(column) for column in zip(*rows, strict=True))
    group = own if group is None else np.full(len(rows), group)
    return risk_table(group, entry, entry + length, outcome, outcomes=2)


def by_counting(
    rows: list[tuple[int, ...]], outcome: int
) -> tuple[dict[int, float], dict[int, float]]:
    """Survival and incidence of one group, person by person and day by day."""
    survival, any_left, incidence = 1.0, 1.0, 0.0
    curve, cumulated = {}, {}
    for day in range(30):
        at_risk = [row for row in rows if row[0] < day <= row[0] + row[1]]
        ends = [row for row in at_risk if row[0] + row[1] == day and row[2] > 0]
        these = [row for row in ends if row[2] == outcome]
        if ends:
            incidence += any_left * len(these) / len(at_risk)
            any_left *= 1 - len(ends) / len(at_risk)
            survival *= 1 - len(these) / len(at_risk)
            curve[day], cumulated[day] = survival, incidence
    return curve, cumulated


@settings(max_examples=60, deadline=None)
@given(rows=spells, outcome=st.sampled_from([1, 2]))
def test_curves_with_late_entry_are_what_counting_gives(
    rows: list[tuple[int, ...]], outcome: int
) -> None:
    """Who is at risk, survival and incidence, counted one by one for each group."""
    table = table_of(rows)
    curve = kaplan_meier(table, outcome=outcome)
    incidence = cumulative_incidence(table, outcome=outcome)
    for group in {row[3] for row in rows}:
        survival, cumulated = by_counting([row for row in rows if row[3] == group], outcome)
        own = curve[curve["group"] == group]

        assert own["time"].tolist() == list(survival)
        np.testing.assert_allclose(own["survival"], list(survival.values()), atol=1e-12)
        np.testing.assert_allclose(
            incidence.loc[incidence["group"] == group, "incidence"],
            list(cumulated.values()),
            atol=1e-12,
        )


@settings(max_examples=60, deadline=None)
@given(rows=spells)
def test_kaplan_meier_with_late_entry_is_statsmodels(rows: list[tuple[int, ...]]) -> None:
    """SurvfuncRight's survival, error and numbers at risk, group by group."""
    from statsmodels.duration.survfunc import SurvfuncRight

    curve = kaplan_meier(table_of(rows))
    for group in {row[3] for row in rows}:
        entry, length, outcome, _ = np.array([row for row in rows if row[3] == group]).T
        theirs = SurvfuncRight(entry + length, (outcome == 1).astype(int), entry=entry)
        ours = curve[(curve["group"] == group) & (curve["events"] > 0)]

        np.testing.assert_allclose(ours["time"], theirs.surv_times)
        np.testing.assert_allclose(ours["at_risk"], theirs.n_risk)
        np.testing.assert_allclose(ours["survival"], theirs.surv_prob, atol=1e-12)
        left = (ours["survival"] > 0).to_numpy()
        np.testing.assert_allclose(
            ours.loc[left, "standard_error"], theirs.surv_prob_se[left], atol=1e-12
        )


@settings(max_examples=60, deadline=None)
@given(rows=spells)
def test_incidence_without_late_entry_is_statsmodels(rows: list[tuple[int, ...]]) -> None:
    """CumIncidenceRight's incidences and errors; where it divides by nothing it has none."""
    from statsmodels.duration.survfunc import CumIncidenceRight

    length, outcome = np.array([row[1] for row in rows]), np.array([row[2] for row in rows])
    table = risk_table(
        np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows)), length, outcome, outcomes=2
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        theirs = CumIncidenceRight(length, outcome)
    for number, known in enumerate(theirs.cinc):
        ours = cumulative_incidence(table, outcome=number + 1)
        for column, values in (("incidence", known), ("standard_error", theirs.cinc_se[number])):
            found = at_times(ours, column, theirs.times, groups=1, before=0.0)[0]
            # Theirs takes the square root of a last digit below nothing, too.
            compared = ~np.isnan(values)
            np.testing.assert_allclose(found[compared], values[compared], atol=1e-7)


@settings(max_examples=40, deadline=None)
@given(rows=spells)
def test_groups_do_not_touch_each_other(rows: list[tuple[int, ...]]) -> None:
    """A group's curve is to the last digit what it is alone, whatever stands beside it."""
    together = kaplan_meier(table_of(rows))
    for group in {row[3] for row in rows}:
        alone = kaplan_meier(table_of([row for row in rows if row[3] == group]))

        pd.testing.assert_frame_equal(
            together[together["group"] == group].reset_index(drop=True), alone
        )


@settings(max_examples=40, deadline=None)
@given(rows=spells, seed=st.randoms(use_true_random=False))
def test_incidences_and_waiting_are_everybody(rows: list[tuple[int, ...]], seed: Any) -> None:
    """Shares are shares, add up to one with those who wait, and do not see the rows' order."""
    table, shuffled = table_of(rows, 0), table_of(seed.sample(rows, len(rows)), 0)
    shares = [cumulative_incidence(table, outcome=n)["incidence"] for n in (1, 2)]
    ended = kaplan_meier(
        RiskTable(table.group, table.time, table.at_risk, table.events.sum(axis=1, keepdims=True))
    )

    np.testing.assert_allclose(1 - sum(shares), ended["survival"], atol=1e-12)
    assert all(share.between(0, 1 + 1e-12).all() for share in shares)
    for ours, again in zip(table, shuffled, strict=True):
        np.testing.assert_array_equal(ours, again)


def test_interval_lies_around_its_curve() -> None:
    """Within 0 and 1, the curve between; where nobody is left there is none."""
    table = table_of([(-1, day, 1, 0) for day in range(1, 9)])
    curve, incidence = kaplan_meier(table), cumulative_incidence(table)
    some = curve[curve["survival"] > 0]

    assert ((some["low"] <= some["survival"]) & (some["survival"] <= some["high"])).all()
    assert some["low"].ge(0).all()
    assert some["high"].le(1).all()
    assert curve.iloc[-1][["low", "high"]].isna().all()
    inside = incidence.iloc[:-1]
    assert ((inside["low"] < inside["incidence"]) & (inside["incidence"] < inside["high"])).all()
    assert incidence.iloc[-1][["low", "high"]].isna().all()


def test_incidence_interval_by_hand() -> None:
    """One of four done on day 1, another leaves on day 2: 1/4, both ends on the scale log(−log).

    The error is √(1/4 · 3/4 / 4) = 0.216506 after day 1, and that over 1/4 · |ln 1/4| = 0.346574
    is 0.624705; times 1.959964 it is 1.224400. To the power of e^±1.224400 (3.402124, 0.293934)
    1/4 is 0.008948 and 0.665325. Day 2 adds nothing to what has happened.
    """
    curve = cumulative_incidence(table_of([(0, 1, 1, 0), (0, 2, 2, 0), (0, 3, 0, 0), (0, 3, 0, 0)]))

    assert curve["incidence"].tolist() == pytest.approx([0.25, 0.25])
    assert curve["standard_error"].iloc[0] == pytest.approx(0.216506, abs=1e-6)
    assert curve["low"].iloc[0] == pytest.approx(0.008948, abs=1e-6)
    assert curve["high"].iloc[0] == pytest.approx(0.665325, abs=1e-6)


@pytest.mark.parametrize("number", [3, 7, 10, 37, 49, 120])
def test_incidence_that_is_all_but_one_has_no_interval(number: int) -> None:
    """All are done, one by one; what adds up to one but for a last digit is one."""
    curve = cumulative_incidence(table_of([(-1, day + 1, 1, 0) for day in range(number)]))

    assert curve["incidence"].iloc[-1] == pytest.approx(1)
    assert curve["incidence"].le(1).all()
    assert curve.iloc[-1][["low", "high"]].isna().all()
    assert curve.iloc[:-1][["low", "high"]].notna().all(axis=None)


def test_median_on_a_level_stretch_is_its_middle() -> None:
    """Of 4, 6, 10 and 20 half are done from 6 to 10: the median is 8, as R has it."""
    curve = kaplan_meier(table_of([(-1, day + 1, 1, 0) for day in (4, 6, 10, 20)]))

    assert first_below(curve, "survival", 0.5, groups=1).tolist() == [8]


def test_median_that_is_not_reached_is_none() -> None:
    """One of three done: the median is at least day 4, and no more is known of it."""
    curve = kaplan_meier(table_of([(-1, 5, 1, 0), (-1, 9, 0, 0), (-1, 9, 0, 0)]))

    assert quantiles(curve, 0.5, groups=2).loc[0].fillna(-1).tolist() == [-1, 4, -1]
    assert quantiles(curve, 0.5, groups=2).loc[1].isna().all()


def test_restricted_mean_by_hand() -> None:
    """Done on days 2 and 6 of two until day 10: 2 + 4/2 = 4; of nobody done, all of it."""
    curve = kaplan_meier(table_of([(0, 2, 1, 0), (0, 6, 1, 0), (0, 4, 0, 1)]))
    means = restricted_mean(curve, 10, members=[2, 1])

    assert means["mean"].tolist() == [4, 10]
    # Of the area 2 lies to the right of the first event: 2² · 1/(2·1) = 2.
    assert means["standard_error"].tolist() == pytest.approx([2**0.5, 0])


def test_log_rank_of_one_group_or_none_is_unknown() -> None:
    """There is nothing to tell apart."""
    one = np.array([0, 0, 0])
    nothing = np.array([], dtype=np.int64)
    for found in (
        log_rank(one, one - 1.0, one + 5.0, one + 1, groups=2),
        log_rank(one, one - 1.0, one + 5.0, one, groups=1),
        log_rank(nothing, nothing.astype(float), nothing.astype(float), nothing, groups=2),
    ):
        assert np.isnan([found.chi_square, found.p_value]).all()


def test_log_rank_of_groups_alike_is_nothing() -> None:
    """The same days in each group: as many as expected."""
    group = np.repeat([0, 1], 6)
    days = np.tile([1.0, 2, 3, 4, 5, 6], 2)
    found = log_rank(group, days * 0, days, np.ones(12, dtype=np.int64), groups=2)

    assert found.chi_square == pytest.approx(0)
    assert found.p_value == pytest.approx(1)


def test_survival_of_nobody_is_empty() -> None:
    """No spells, no points; and no error."""
    nothing = np.array([], dtype=np.int64)
    table = risk_table(nothing, nothing.astype(float), nothing.astype(float), nothing, outcomes=2)
    curve = kaplan_meier(table)

    assert curve.empty
    assert cumulative_incidence(table).empty
    assert quantiles(curve, 0.5, groups=0).empty
    assert quantiles(curve, 0.5, groups=1).isna().all(axis=None)
    assert at_times(curve, "survival", [5], groups=1, before=1.0).tolist() == [[1.0]]


def test_restricted_mean_of_nobody_is_unknown() -> None:
    """A group without anybody has no mean; one where all wait still has waited all of it."""
    curve = kaplan_meier(table_of([(0, 4, 0, 0)]))
    means = restricted_mean(curve, 90, members=[1, 0])

    assert means.loc[0].tolist() == [90, 0]
    assert means.loc[1].isna().all()
