"""Control charts and the funnel, ours and R's."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from answers import Figure, Section, compared, numbers, wholes
from oracles import oracle, oracle_table
from test_funnel_oracles import LIMITS, drawn, model_of, points_of, poisson_fit
from test_spc_oracles import CAUSES, SERIES, THREE_SIGMA, column

from lpe_reports.measures.funnel import dispersion_ratio
from lpe_reports.measures.runs import runs
from lpe_reports.measures.spc import laney, p_chart, u_chart, xmr

PLOT_THE_DOTS, QICHARTS = "NHSRplotthedots 0.2.2", "qicharts2"
MONTGOMERY, FUNNEL = "Montgomery, in qicharts2", "FunnelPlotR"
_LETTERS = {"": ".", "outside": "O", "trend": "T", "two_of_three": "2", "shift": "S"}
_LIMITS = ["mean", "lower", "upper"]


def charts() -> Iterator[Section]:
    """Every chart of the files."""
    yield Section(
        "XmR charts",
        "Mean and limits of the first point, how many of all points' means and limits are alike, "
        "and each point's special cause: O outside, T trend, 2 two of three, S shift, a full "
        "stop for chance. The documented example and twenty normal deviates, then ten made "
        "series with all moving ranges and screened.",
        [figure for name, rows, screened in _xmr_charts() for figure in _xmr(name, rows, screened)],
    )
    shares, montgomery = oracle("spc_shares.json"), oracle("spc_montgomery.json")
    k, n = pd.Series(shares["k"]), pd.Series(shares["n"])
    individuals = montgomery["i_frozen_20"]
    frozen = xmr(column(individuals, "y"), factor=THREE_SIGMA, baseline=20)
    figures = _qichart("p chart", p_chart(k, n), shares["p"], QICHARTS)
    figures += _qichart("Laney's p′", laney(k, n), shares["pprime"], QICHARTS)
    figures += _qichart("individuals, frozen at 20", frozen, individuals, MONTGOMERY)
    for name, chart in (("p", p_chart), ("u", u_chart)):
        rows = montgomery[name]
        size = column(rows, "n")
        ours = chart((column(rows, "y") * size).round(), size)
        figures += _qichart(f"{name} chart of table 7.4", ours, rows, MONTGOMERY)
    yield Section(
        "Charts of shares, rates and individuals",
        "As above; runs are the longest, the longest that chance allows, crossings, and the "
        "fewest that chance allows.",
        figures,
    )


def funnel() -> Section:
    """54 hospitals, before and after the adjustment."""
    known = oracle("funnel_medpar.json")
    ours, table = drawn(known["shmi"]), points_of(known["shmi"])
    model, days = model_of(oracle_table("medpar.csv"))
    _, expected, _ = poisson_fit(model, days)
    ratio = dispersion_ratio(days, expected, parameters=6)
    outside = {
        "outside": ("99.8 % limits", known["unadjusted"]["n_outliers"]),
        "adjusted_outside": ("adjusted limits", known["shmi"]["n_outliers"]),
    }
    rows = [
        ("hospitals", wholes(ours.units), wholes(known["shmi"]["n"])),
        *(
            (f"outside the {name}", wholes((ours.points[column] != "").sum()), wholes(theirs))
            for column, (name, theirs) in outside.items()
        ),
        ("φ, extremes truncated", numbers(ours.dispersion), numbers(known["shmi"]["phi"])),
        ("τ²", numbers(ours.between_variance), numbers(known["shmi"]["tau2"])),
        # R takes each weight from its fit's last step but one, which the fifth digit shows.
        ("dispersion of the stays", numbers(ratio, decimals=4),
         numbers(known["overdispersion_ratio"], decimals=4)),
    ]  # fmt: skip
    figures = [Figure(*row, source=FUNNEL) for row in rows]
    figures.append(compared("z scores", ours.points["z_score"], table["Uzscore"], FUNNEL))
    figures += [
        compared(mine.replace("_", " "), ours.points[mine], table[theirs].astype(float), FUNNEL)
        for theirs, mine in LIMITS.items()
    ]
    return Section(
        "Funnel",
        "Length of stay at hospitals of Arizona (data set medpar), against what a Poisson model "
        "expects of their patients.",
        figures,
    )


def _xmr_charts() -> Iterator[tuple[str, list[dict[str, Any]], bool]]:
    own = oracle("spc_xmr.json")
    yield "documented example, screened", own["screened"], True
    yield "documented example, unscreened", own["unscreened"], False
    yield "normal deviates, screened", own["normal_deviates"], True
    series = oracle("spc_rules.json")["series"]
    for name in SERIES:
        for way, screened in (("increase", True), ("unscreened", False)):
            kind = "screened" if screened else "unscreened"
            yield f"{name.replace('_', ' ')}, {kind}", series[name][way], screened


def _xmr(name: str, rows: list[dict[str, Any]], screened: bool) -> list[Figure]:
    chart = xmr(column(rows, "y"), screened=screened)
    theirs = pd.DataFrame({key: column(rows, key) for key in ("mean_col", "lpl", "upl")})
    causes = "".join(_LETTERS[CAUSES[row["special_cause_type"]]] for row in rows)
    return [
        *_limits(name, chart, theirs, PLOT_THE_DOTS),
        Figure(f"{name}: causes", "".join(chart["special_cause"].map(_LETTERS)), causes,
               PLOT_THE_DOTS),
    ]  # fmt: skip


def _qichart(name: str, chart: pd.DataFrame, rows: list[dict[str, Any]], who: str) -> list[Figure]:
    theirs = pd.DataFrame({key: column(rows, key) for key in ("cl", "lcl", "ucl")})
    outside = np.flatnonzero(chart["special_cause"] == "outside") + 1
    signals = [number for number, row in enumerate(rows, start=1) if row["sigma.signal"]]
    found, last = runs(chart), rows[-1]
    names = ("longest.run", "longest.run.max", "n.crossings", "n.crossings.min")
    return [
        *_limits(name, chart, theirs, who),
        Figure(f"{name}: points outside", wholes(*outside) or "–", wholes(*signals) or "–", who),
        Figure(f"{name}: runs", wholes(*(found or ())), wholes(*(last[key] for key in names)), who),
    ]


def _limits(name: str, chart: pd.DataFrame, theirs: pd.DataFrame, who: str) -> list[Figure]:
    ours = chart[_LIMITS]
    return [
        Figure(f"{name}: mean and limits", numbers(*ours.iloc[0]), numbers(*theirs.iloc[0]), who),
        compared(name, ours.to_numpy().ravel(), theirs.to_numpy().ravel(), who),
    ]
