"""Functions of answers on little or nothing: no error, nothing infinite, the same shape."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lpe_reports.measures.assurance import assess
from lpe_reports.measures.equity import gap, patients_to_move
from lpe_reports.measures.funnel import funnel_of_ratios, funnel_of_shares
from lpe_reports.measures.grouping import with_asa_group, with_procedure_group
from lpe_reports.measures.incidence import cumulative_incidence
from lpe_reports.measures.intervals import mean_interval, quantile_interval, wilson
from lpe_reports.measures.log_rank import log_rank
from lpe_reports.measures.production import target_in_force
from lpe_reports.measures.runs import runs
from lpe_reports.measures.spc import laney, p_chart, share_chart, u_chart, xmr
from lpe_reports.measures.survival import kaplan_meier, restricted_mean, risk_table
from lpe_reports.measures.utilisation import definition_effect

pytestmark = pytest.mark.promise(
    "pages", "Little or nothing gives no error and nothing infinite, and says that there is no data"
)

Columns = Mapping[str, Any]


def of_spells(call: Callable[..., Any]) -> Callable[[pd.DataFrame], Any]:
    """Asked of spells in two groups, of which the second may have nobody."""

    def asked(frame: pd.DataFrame) -> Any:
        known = frame.dropna()
        group = known["group"].to_numpy(dtype=np.int64)
        last = known["days"].to_numpy(dtype=np.float64)
        return call(group, np.full(len(last), -np.inf), last, known["event"].to_numpy(np.int64))

    return asked


def of_curve(*spells: Any) -> pd.DataFrame:
    members = np.bincount(spells[0], minlength=2)
    return restricted_mean(kaplan_meier(risk_table(*spells)), 90.0, members=members)


def ask_target(frame: pd.DataFrame) -> Any:
    return target_in_force(frame, measure="operations", unit="u1", on=date(2026, 5, 4))


UNITS = {"operating_unit": "u{}", "operations": 40, "mean_days": 80.0, "mean_low": 70.0,
         "mean_high": 90.0}  # fmt: skip
COUNTED = {"operating_unit": "u{}", "observed": 12, "expected": 10.0}
COVERED = {"operating_unit": "u{}", "within": 30, "covered": 40}
POINT = {"k": 5, "n": 40}
SPELL = {"group": 0, "days": 30.0, "event": 1}
TARGET = {"measure": "operations", "unit": "u1", "valid_from": pd.Timestamp("2026-01-01"),
          "valid_to": pd.NaT, "value": 40.0, "direction": "up"}  # fmt: skip
USED = {"definition": "aacd_raw", "month": "2026-{:02d}", "share": 0.8}
ASKED: dict[str, tuple[Columns, Callable[[pd.DataFrame], Any]]] = {
    "gap": (UNITS, gap),
    "patients_to_move": (UNITS, patients_to_move),
    "funnel_of_ratios": (COUNTED, funnel_of_ratios),
    "funnel_of_shares": (COVERED, funnel_of_shares),
    "xmr": (POINT, lambda f: xmr(f["k"], improvement="up")),
    "p_chart": (POINT, lambda f: p_chart(f["k"], f["n"])),
    "laney": (POINT, lambda f: laney(f["k"], f["n"])),
    "share_chart": (POINT, lambda f: share_chart(f["k"], f["n"], rebase=[1, 12])),
    "u_chart": (POINT, lambda f: u_chart(f["k"], f["n"])),
    "runs": (POINT, lambda f: runs(xmr(f["k"]))),
    "assess": (POINT, lambda f: assess(xmr(f["k"]), improvement="up", target=4.0)),
    "wilson": (POINT, lambda f: wilson(f["k"].astype("float64"), f["n"].astype("float64"))),
    "mean_interval": (POINT, lambda f: mean_interval(f["k"])),
    "quantile_interval": (POINT, lambda f: quantile_interval(f["k"])),
    "kaplan_meier": (SPELL, of_spells(lambda *s: kaplan_meier(risk_table(*s)))),
    "cumulative_incidence": (SPELL, of_spells(lambda *s: cumulative_incidence(risk_table(*s)))),
    "restricted_mean": (SPELL, of_spells(of_curve)),
    "log_rank": (SPELL, of_spells(lambda *s: log_rank(*s, groups=2))),
    "definition_effect": (USED, definition_effect),
    "target_in_force": (TARGET, ask_target),
    "with_asa_group": ({"asa": 2}, with_asa_group),
    "with_procedure_group": (
        {"procedure_code": "NGB49"}, lambda f: with_procedure_group(f, {"knee": ["NGB"]}),
    ),
}  # fmt: skip
KINDS = ("empty", "untyped", "one_row", "nulls", "one_null")


def usual(columns: Columns) -> pd.DataFrame:
    """A year of rows, in the nullable dtypes of answers."""
    rows = [
        {name: value.format(number) if isinstance(value, str) else value
         for name, value in columns.items()}
        for number in range(1, 13)
    ]  # fmt: skip
    return pd.DataFrame(rows).convert_dtypes(dtype_backend="numpy_nullable")


def little(columns: Columns, kind: str) -> pd.DataFrame:
    frame = usual(columns)
    if kind == "untyped":
        return pd.DataFrame(columns=list(columns))
    if kind == "nulls":
        return frame.mask(np.ones(frame.shape, dtype=bool))
    if kind == "one_null":
        return frame.mask(np.arange(len(frame))[:, None] == np.zeros(frame.shape[1]))
    return frame.head(0 if kind == "empty" else 1)


def parts_of(answer: Any) -> list[Any]:
    """What an answer is made of: its fields, or itself."""
    if is_dataclass(answer) and not isinstance(answer, type):
        return list(vars(answer).values()) if hasattr(answer, "__dict__") else [asdict(answer)]
    return list(answer) if isinstance(answer, tuple) else [answer]


def infinite(part: Any) -> bool:
    if isinstance(part, pd.DataFrame):
        return any(infinite(part[column]) for column in part.select_dtypes("number"))
    if isinstance(part, str | None):
        return False
    return bool(np.isinf(np.asarray(part, dtype=np.float64)).any())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ASKED)
@pytest.mark.filterwarnings("error")
def test_little_or_nothing_has_an_answer_of_the_usual_shape(name: str, kind: str) -> None:
    """Nothing, one row, nulls alone or among others: the same columns, and no infinity."""
    columns, ask = ASKED[name]
    answer, whole = ask(little(columns, kind)), ask(usual(columns))

    assert not any(infinite(part) for part in parts_of(answer))
    if answer is None:
        return
    assert type(answer) is type(whole)
    for part, known in zip(parts_of(answer), parts_of(whole), strict=True):
        if isinstance(known, pd.DataFrame):
            assert part.columns.tolist() == known.columns.tolist()
