"""Waits that are not over: Kaplan–Meier, cumulative incidence and log-rank, ours and R's."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from answers import Figure, Section, numbers, wholes
from oracles import oracle, oracle_table
from test_survival_oracles import OUTCOMES, TRANSPLANTED, Waited, from_start

from lpe_reports.measures.incidence import cumulative_incidence
from lpe_reports.measures.log_rank import log_rank
from lpe_reports.measures.survival import at_times, quantiles, restricted_mean

R = "R's survival 3.5.3"
_GROUPS = ("A", "AB", "B", "O")


def waits() -> Iterator[Section]:
    """The 815 who waited for a liver (data set transplant)."""
    known, waited = oracle("survival_transplant.json"), _waited()
    yield Section(
        "Kaplan–Meier",
        "815 who waited for a liver (data set transplant), until they got one; at each time the "
        "share that still waits, its standard error and its interval.",
        [*_curve(known, waited), *_by_group(known, waited)],
    )
    yield Section(
        "Cumulative incidence",
        "The same people: what had happened to how many, with standard error.",
        [*_incidence(known, waited), *_incidence_by_group(known, waited)],
    )


def _waited() -> Waited:
    """Day 0 is read as half a day, as the file says."""
    table = oracle_table("transplant.csv")
    group, _ = pd.factorize(table["abo"], sort=True)
    days = table["futime"].where(table["futime"] > 0, 0.5).to_numpy(dtype=np.float64)
    return Waited(group.astype(np.int64), days, table["event"].map(OUTCOMES).to_numpy())


def _curve(known: Any, waited: Waited) -> Iterator[Figure]:
    table, curve = known["km_ltx"], waited.curve()
    names = {"survival": "surv", "standard_error": "std_err", "low": "lower", "high": "upper"}
    ours = np.array(
        [at_times(curve, name, table["times"], groups=1, before=1.0)[0] for name in names]
    )
    for number, day in enumerate(table["times"]):
        theirs = numbers(*(table[name][number] for name in names.values()))
        yield Figure(f"day {day}", numbers(*ours[:, number]), theirs, R)
    for per_cent in (25, 50, 75, 90):
        mine = quantiles(curve, per_cent / 100, groups=1).iloc[0]
        parts = (table["quantiles"][part][str(per_cent)] for part in ("quantile", "lower", "upper"))
        yield Figure(f"{per_cent} % had one after days", wholes(*mine), wholes(*parts), R)
    mean = restricted_mean(curve, waited.days.max(), members=[len(waited.days)]).iloc[0]
    theirs = numbers(table["table"]["rmean"], table["table"]["se(rmean)"])
    yield Figure("restricted mean days and error", numbers(*mean), theirs, R)
    alone = waited.days[waited.outcome == TRANSPLANTED]
    naive = known["naive_treated"]
    yield Figure(
        "those with a transplant alone: mean and median",
        numbers(alone.mean(), np.median(alone)),
        numbers(naive["mean"], naive["median"]),
        R,
    )


def _by_group(known: Any, waited: Waited) -> Iterator[Figure]:
    theirs, curve = pd.DataFrame(known["km_by_abo"]), waited.curve(by_blood=True)
    median = quantiles(curve, 0.5, groups=4)
    for number, group in enumerate(_GROUPS):
        row = theirs.loc[number, ["median", "0.95LCL", "0.95UCL"]]
        yield Figure(f"blood group {group}: median", wholes(*median.iloc[number]), wholes(*row), R)
    got = (waited.outcome == TRANSPLANTED).astype(np.int64)
    test = log_rank(waited.group, from_start(waited.days), waited.days, got, groups=4)
    rank = known["logrank_abo"]
    yield Figure("log-rank: observed", wholes(*test.observed), wholes(*rank["obs"]), R)
    yield Figure("log-rank: expected", numbers(*test.expected), numbers(*rank["exp"]), R)
    yield Figure("log-rank: χ²", numbers(test.chi_square), numbers(rank["chisq"]), R)


def _incidence(known: Any, waited: Waited) -> Iterator[Figure]:
    table = known["aj"]
    for name, outcome in _happened():
        curve = cumulative_incidence(waited.risk_table(), outcome=outcome)
        share, error = (
            at_times(curve, part, table["times"], groups=1, before=0.0)[0]
            for part in ("incidence", "standard_error")
        )
        for number, day in enumerate(table["times"]):
            theirs = (table[part][number][outcome] for part in ("pstate", "std_err"))
            yield Figure(
                f"{name}, day {day}", numbers(share[number], error[number]), numbers(*theirs), R
            )


def _incidence_by_group(known: Any, waited: Waited) -> Iterator[Figure]:
    theirs = np.array(known["aj_by_abo"]["pstate"]).reshape(4, 2, 4)
    for name, outcome in _happened():
        curve = cumulative_incidence(waited.risk_table(by_blood=True), outcome=outcome)
        ours = at_times(curve, "incidence", [90, 365], groups=4, before=0.0)
        for number, group in enumerate(_GROUPS):
            yield Figure(
                f"{name}, blood group {group}, days 90 and 365",
                numbers(*ours[number]), numbers(*theirs[number, :, outcome]), R,
            )  # fmt: skip


def _happened() -> list[tuple[str, int]]:
    names = {"death": "died", "ltx": "got a transplant", "withdraw": "withdrew"}
    return [(names[key], code) for key, code in OUTCOMES.items() if key in names]
