"""Time to relapse in leukaemia, against statsmodels; everything that is needed stands here.

Source: data set aml of R's package survival (Miller 1997, Survival Analysis). The tables are in the
form in which R's summary(survfit(Surv(time, status) ~ x, aml)) is printed, but no R was run for
them: they were written down from what is known of it. What vouches for them is statsmodels, which
is run here on the same weeks; R's own numbers are those of ../shared/oracles.
"""

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from lpe_reports.measures.log_rank import log_rank
from lpe_reports.measures.survival import kaplan_meier, quantiles, risk_table

# Weeks; with a minus those who had not relapsed when they were last seen.
MAINTAINED = [9, 13, -13, 18, 23, -28, 31, 34, -45, 48, -161]
NOT_MAINTAINED = [5, 5, 8, 8, 12, -16, 23, 27, 30, 33, 43, 45]
WEEKS = np.array(MAINTAINED + NOT_MAINTAINED, dtype=np.float64)
GROUP = np.repeat([0, 1], [len(MAINTAINED), len(NOT_MAINTAINED)])
RELAPSED = (WEEKS > 0).astype(np.int64)
ENTRY = np.full(len(WEEKS), -np.inf)
# time, n.risk, n.event, survival, std.err, lower and upper 95% CI.
PRINTED_MAINTAINED = [
    (9, 11, 1, 0.909, 0.0867, 0.7541, 1.000),
    (13, 10, 1, 0.818, 0.1163, 0.6192, 1.000),
    (18, 8, 1, 0.716, 0.1397, 0.4884, 1.000),
    (23, 7, 1, 0.614, 0.1526, 0.3769, 0.999),
    (31, 5, 1, 0.491, 0.1642, 0.2549, 0.946),
    (34, 4, 1, 0.368, 0.1627, 0.1549, 0.875),
    (48, 2, 1, 0.184, 0.1535, 0.0359, 0.944),
]
PRINTED_NOT_MAINTAINED = [
    (5, 12, 2, 0.8333, 0.1076, 0.6470, 1.000),
    (8, 10, 2, 0.6667, 0.1361, 0.4468, 0.995),
    (12, 8, 1, 0.5833, 0.1423, 0.3616, 0.941),
    (23, 6, 1, 0.4861, 0.1481, 0.2675, 0.883),
    (27, 5, 1, 0.3889, 0.1470, 0.1854, 0.816),
    (30, 4, 1, 0.2917, 0.1387, 0.1148, 0.741),
    (33, 3, 1, 0.1944, 0.1219, 0.0569, 0.664),
    (43, 2, 1, 0.0972, 0.0919, 0.0153, 0.620),
    (45, 1, 1, 0.0000, np.nan, np.nan, np.nan),
]
SHOWN = ["time", "at_risk", "events", "survival", "standard_error", "low", "high"]


@pytest.fixture(scope="module")
def curve() -> pd.DataFrame:
    return kaplan_meier(risk_table(GROUP, ENTRY, np.abs(WEEKS), RELAPSED))


@pytest.mark.parametrize(
    ("group", "printed"), [(0, PRINTED_MAINTAINED), (1, PRINTED_NOT_MAINTAINED)]
)
def test_kaplan_meier_is_as_it_is_printed(
    curve: pd.DataFrame, group: int, printed: list[tuple[float, ...]]
) -> None:
    """Each line: at risk, relapsed, survival, Greenwood's error, interval by the log method."""
    ours = curve.loc[curve["group"] == group, SHOWN].to_numpy(dtype=np.float64)

    np.testing.assert_allclose(ours, np.array(printed), rtol=0, atol=5.1e-4)


@pytest.mark.parametrize("printed", [PRINTED_MAINTAINED, PRINTED_NOT_MAINTAINED])
def test_what_is_written_down_is_what_statsmodels_gives(
    printed: list[tuple[float, ...]],
) -> None:
    """The tables above hold no slip of the pen: another implementation, run now, agrees."""
    weeks = MAINTAINED if printed is PRINTED_MAINTAINED else NOT_MAINTAINED
    theirs = SurvfuncRight(np.abs(weeks), np.array(weeks) > 0)
    rows = np.array(printed)

    assert theirs.surv_times.tolist() == rows[:, 0].tolist()
    assert theirs.n_risk.tolist() == rows[:, 1].tolist()
    np.testing.assert_allclose(theirs.surv_prob, rows[:, 3], rtol=0, atol=5.1e-4)
    known = ~np.isnan(rows[:, 4])
    np.testing.assert_allclose(theirs.surv_prob_se[known], rows[known, 4], rtol=0, atol=5.1e-4)


def test_medians_are_as_they_are_printed(curve: pd.DataFrame) -> None:
    """31 weeks (18 to unknown) with maintenance, 23 (8 to unknown) without."""
    medians = quantiles(curve, 0.5, groups=2)

    assert medians["value"].tolist() == [31, 23]
    assert medians["low"].tolist() == [18, 8]
    assert medians["high"].isna().all()


def test_log_rank_is_as_it_is_printed() -> None:
    """Observed 7 and 11, expected 10.69 and 7.31, chi-square 3.4 on 1 degree, p = 0.07."""
    found = log_rank(GROUP, ENTRY, np.abs(WEEKS), RELAPSED, groups=2)

    assert found.observed.tolist() == [7, 11]
    assert found.expected.tolist() == pytest.approx([10.69, 7.31], abs=5e-3)
    assert found.chi_square == pytest.approx(3.4, abs=5e-2)
    assert found.degrees == 1
    assert found.p_value == pytest.approx(0.07, abs=5e-3)
