"""Waiting for a liver, against R's survival 3.5.3 (data set transplant), to six decimals.

The figures that matter most stand here as numbers; every other one is read from the file.
"""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from oracles import oracle, oracle_table

from lpe_reports.measures.incidence import cumulative_incidence
from lpe_reports.measures.log_rank import LogRank, log_rank
from lpe_reports.measures.survival import (
    Floats,
    Ints,
    at_times,
    kaplan_meier,
    quantiles,
    restricted_mean,
    risk_table,
)

# As R's multi-state curve numbers them, after its first state.
OUTCOMES = {"censored": 0, "death": 1, "ltx": 2, "withdraw": 3}
TRANSPLANTED = OUTCOMES["ltx"]


class Waited(NamedTuple):
    """The 815 of the data set; a blood group is a group."""

    group: Ints
    days: Floats
    outcome: Ints

    def curve(self, *, by_blood: bool = False) -> pd.DataFrame:
        return kaplan_meier(self.risk_table(by_blood=by_blood), outcome=TRANSPLANTED)

    def risk_table(self, *, by_blood: bool = False) -> Any:
        group = self.group if by_blood else np.zeros_like(self.group)
        return risk_table(group, from_start(self.days), self.days, self.outcome, outcomes=3)


def from_start(days: Floats) -> Floats:
    return np.full(len(days), -np.inf)


@pytest.fixture(scope="module")
def known() -> Any:
    return oracle("survival_transplant.json")


@pytest.fixture(scope="module")
def waited() -> Waited:
    """Day 0 is read as half a day, as the file says."""
    table = oracle_table("transplant.csv")
    group, _ = pd.factorize(table["abo"], sort=True)
    days = table["futime"].where(table["futime"] > 0, 0.5).to_numpy(dtype=np.float64)
    return Waited(group.astype(np.int64), days, table["event"].map(OUTCOMES).to_numpy())


def test_kaplan_meier_meets_the_figures_that_matter(waited: Waited) -> None:
    """Median 149 days (136–166), where the transplanted alone had waited 108.5."""
    median = quantiles(waited.curve(), 0.5, groups=1).iloc[0]

    assert median.tolist() == [149, 136, 166]
    assert np.median(waited.days[waited.outcome == TRANSPLANTED]) == 108.5


@pytest.mark.parametrize(("day", "share"), [(90, 0.318243114), (365, 0.711255201)])
def test_incidence_meets_the_figures_that_matter(waited: Waited, day: int, share: float) -> None:
    """Transplanted within 90 days 31.8 %, within a year 71.1 %."""
    curve = cumulative_incidence(waited.risk_table(), outcome=TRANSPLANTED)

    assert at_times(curve, "incidence", [day], groups=1, before=0).item() == pytest.approx(share)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("survival", "surv"), ("standard_error", "std_err"), ("low", "lower"), ("high", "upper")],
)
def test_kaplan_meier_meets_r_at_each_time(
    waited: Waited, known: Any, ours: str, theirs: str
) -> None:
    """The curve, Greenwood's error and the interval by the log method."""
    table = known["km_ltx"]
    found = at_times(waited.curve(), ours, table["times"], groups=1, before=1.0)[0]

    np.testing.assert_allclose(found, table[theirs], rtol=0, atol=1e-6)


@pytest.mark.parametrize("per_cent", [25, 50, 75, 90])
def test_kaplan_meier_meets_r_at_each_quantile(waited: Waited, known: Any, per_cent: int) -> None:
    """Quartiles and the 90th percentile, whose upper bound is not reached."""
    table = known["km_ltx"]["quantiles"]
    theirs = [table[name][str(per_cent)] for name in ("quantile", "lower", "upper")]
    ours = quantiles(waited.curve(), per_cent / 100, groups=1)

    np.testing.assert_allclose(ours.iloc[0], np.array(theirs, dtype=np.float64), atol=1e-6)


def test_naive_mean_of_the_treated_is_the_files(waited: Waited, known: Any) -> None:
    """What the transplanted alone had waited, which the curve corrects."""
    treated = waited.days[waited.outcome == TRANSPLANTED]
    counts = {name: int((waited.outcome == code).sum()) for name, code in OUTCOMES.items()}

    assert [len(treated), treated.mean(), np.median(treated)] == pytest.approx(
        [known["naive_treated"][name] for name in ("n", "mean", "median")]
    )
    assert counts == known["counts"]


def test_restricted_mean_meets_r(waited: Waited, known: Any) -> None:
    """Mean until the last day of all, and its error, for all and by blood group."""
    last = waited.days.max()
    whole = restricted_mean(waited.curve(), last, members=[815])
    groups = restricted_mean(waited.curve(by_blood=True), last, members=np.bincount(waited.group))
    names = ["rmean", "se(rmean)"]

    assert whole.iloc[0].tolist() == pytest.approx(
        [known["km_ltx"]["table"][name] for name in names], abs=1e-6
    )
    theirs = pd.DataFrame(known["km_by_abo"])
    np.testing.assert_allclose(groups, theirs[names], rtol=0, atol=1e-6)


def test_kaplan_meier_by_group_meets_r(waited: Waited, known: Any) -> None:
    """All blood groups at once: numbers, transplants, medians and their intervals."""
    theirs = pd.DataFrame(known["km_by_abo"])
    curve = waited.curve(by_blood=True)

    np.testing.assert_allclose(
        quantiles(curve, 0.5, groups=4), theirs[["median", "0.95LCL", "0.95UCL"]], atol=1e-6
    )
    assert curve.groupby("group")["events"].sum().tolist() == theirs["events"].tolist()
    assert np.bincount(waited.group).tolist() == theirs["records"].tolist()


@pytest.mark.parametrize("outcome", [1, 2, 3])
def test_incidence_meets_r_at_each_time(waited: Waited, known: Any, outcome: int) -> None:
    """Death, transplant and withdrawal: incidence and standard error."""
    table = known["aj"]
    curve = cumulative_incidence(waited.risk_table(), outcome=outcome)
    for ours, theirs in (("incidence", "pstate"), ("standard_error", "std_err")):
        found = at_times(curve, ours, table["times"], groups=1, before=0.0)[0]
        np.testing.assert_allclose(found, np.array(table[theirs])[:, outcome], rtol=0, atol=1e-6)


@pytest.mark.parametrize("outcome", [1, 2, 3])
def test_incidence_by_group_meets_r(waited: Waited, known: Any, outcome: int) -> None:
    """By blood group after 90 and 365 days."""
    table = known["aj_by_abo"]
    curve = cumulative_incidence(waited.risk_table(by_blood=True), outcome=outcome)
    ours = at_times(curve, "incidence", [90, 365], groups=4, before=0.0)

    np.testing.assert_allclose(
        ours.ravel(), np.array(table["pstate"])[:, outcome], rtol=0, atol=1e-6
    )


def test_still_waiting_is_what_r_leaves_in_its_first_state(waited: Waited, known: Any) -> None:
    """The incidences of all outcomes and those who wait still are everybody."""
    times = known["aj"]["times"]
    happened = sum(
        at_times(
            cumulative_incidence(waited.risk_table(), outcome=outcome),
            "incidence", times, groups=1, before=0.0,
        )[0]
        for outcome in (1, 2, 3)
    )  # fmt: skip

    np.testing.assert_allclose(
        1 - happened, np.array(known["aj"]["pstate"])[:, 0], rtol=0, atol=1e-6
    )


def test_log_rank_meets_r(waited: Waited, known: Any) -> None:
    """Transplants by blood group: as many as expected by chance, and how far from it."""
    theirs = known["logrank_abo"]
    got = (waited.outcome == TRANSPLANTED).astype(np.int64)
    found: LogRank = log_rank(waited.group, from_start(waited.days), waited.days, got, groups=4)

    np.testing.assert_allclose(found.observed, theirs["obs"])
    np.testing.assert_allclose(found.expected, theirs["exp"], rtol=0, atol=1e-6)
    assert found.chi_square == pytest.approx(theirs["chisq"], abs=1e-6)
    assert found.degrees == 3
    assert found.p_value < 1e-8
