"""What holds of every measure, whatever the rows: drawn frames run down the table of measures."""

import ast
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical_frames import block, operations, postop_stays, sessions
from drawn import drawn
from lpe_reports.measures.capacity import capacity_by
from lpe_reports.measures.postop import postop_stays_by, ward_waits_by
from lpe_reports.measures.production import operations_by
from lpe_reports.measures.utilisation import under_over_use_by
from measure_frames import Size, make_frames
from measure_table import MEASURES, OF_ANSWERS, PARTS, columns_of

pytestmark = pytest.mark.promise(
    "pages",
    "Measures keep their properties whatever the rows: order, weeks, groups, shares, nothing",
)

# Mondays; the days of the clock change lie in the first fortnights, or in the ones a week later.
STARTS = (date(2026, 3, 16), date(2026, 5, 4), date(2026, 10, 12), date(2026, 12, 21))
MAY = date(2026, 5, 4)

seeds = st.integers(0, 2**32 - 1)
sizes = st.builds(
    Size,
    **{
        name: st.integers(1, 14)
        for name in (
            "operations", "sessions", "needs", "waiting_list", "postop_stays", "cancellations",
            "referrals",
        )
    },
)  # fmt: skip
Frames = Mapping[str, pd.DataFrame]
each_measure = pytest.mark.parametrize("name", MEASURES)


def given_frames(name: str, seed: int, size: Size, first: date) -> dict[str, pd.DataFrame]:
    """The frames with the columns that the measure reads, and no others."""
    frames = make_frames(seed, size, first=first, tables=MEASURES[name].reads)
    return {
        table: frames[table][[column for column in columns if column in frames[table]]]
        for table, columns in columns_of(name).items()
    }


def ask(name: str, frames: Frames, first: date, by: Sequence[str] | None = None) -> pd.DataFrame:
    measure = MEASURES[name]
    return measure.call(frames, measure.by if by is None else by, first)


def assert_same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_dtype=False, rtol=1e-9, atol=1e-9)


def ordered(answer: pd.DataFrame) -> pd.DataFrame:
    """Rows in an order that only their own values decide."""
    keys = [c for c in answer if not pd.api.types.is_float_dtype(answer[c].dtype)]
    return answer.sort_values(keys, kind="stable", ignore_index=True) if keys else answer


def public_functions(root: Path) -> list[str]:
    modules = sorted((root / "src" / "lpe_reports" / "measures").glob("*.py"))
    return [
        f"{path.stem}.{node.name}"
        for path in modules
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def test_every_public_function_is_a_measure_or_a_part_of_one(root: Path) -> None:
    """A new measure without its line in the table, and so without its properties, fails here."""
    known = {*MEASURES, *OF_ANSWERS, *PARTS}
    found = public_functions(root)
    homeless = [f for f in found if f not in known and f"{f.split('.')[0]}.*" not in PARTS]

    assert homeless == []
    assert {name for name in known if not name.endswith("*")} <= set(found)


@each_measure
@drawn(2)
@given(seed=seeds, size=sizes, first=st.sampled_from(STARTS), order=seeds)
def test_order_of_rows_is_nothing(
    name: str, seed: int, size: Size, first: date, order: int
) -> None:
    """Rows in any order, and any index: the same answer."""
    frames = given_frames(name, seed, size, first)
    rng = np.random.default_rng(order)
    mixed = {table: rows.iloc[rng.permutation(len(rows))] for table, rows in frames.items()}

    assert_same(ask(name, frames, first), ask(name, mixed, first))


@each_measure
@drawn(2)
@given(seed=seeds, size=sizes, first=st.sampled_from(STARTS))
def test_everything_a_week_later_is_the_same(name: str, seed: int, size: Size, first: date) -> None:
    """The clock on the wall is what counts, over the days of the clock change too.

    Where months decide, days are moved within May.
    """
    first = MAY if MEASURES[name].monthly else first
    later = first + timedelta(days=7)
    before = ask(name, given_frames(name, seed, size, first), first)

    assert_same(before, ask(name, given_frames(name, seed, size, later), later))


@each_measure
@drawn(2)
@given(seed=seeds, size=sizes, first=st.sampled_from(STARTS))
def test_groups_add_up_to_the_whole(name: str, seed: int, size: Size, first: date) -> None:
    """What is counted in groups is counted in all, and each group's answer is its own."""
    measure = MEASURES[name]
    frames = given_frames(name, seed, size, first)
    answer = ask(name, frames, first)
    if measure.any_by and measure.adds:
        columns = list(measure.adds)
        whole = ask(name, frames, first, by=())
        for some in (measure.by, measure.by[:1]):
            split = ask(name, frames, first, by=some)
            assert np.allclose(split[columns].sum(), whole[columns].sum())
    if measure.separate:
        split_by = measure.by[0]
        values = {v for rows in frames.values() if split_by in rows for v in rows[split_by]}
        parts = [
            ask(name, {table: only(rows, split_by, v) for table, rows in frames.items()}, first)
            for v in sorted(values, key=str)
        ]
        together = pd.concat([p for p in parts if len(p)] or parts[:1], ignore_index=True)
        assert_same(ordered(together), ordered(answer))


def only(rows: pd.DataFrame, column: str, value: Any) -> pd.DataFrame:
    return rows[rows[column].isna() if pd.isna(value) else rows[column] == value]


@each_measure
@drawn(4)
@given(seed=seeds, size=sizes, first=st.sampled_from(STARTS))
def test_shares_are_shares_and_nothing_is_infinite(
    name: str, seed: int, size: Size, first: date
) -> None:
    """Between 0 and 1, or nothing; counts are not below 0."""
    measure = MEASURES[name]
    answer = ask(name, given_frames(name, seed, size, first), first)

    of_shares = answer
    if measure.no_shares:
        of_shares = answer[~answer["definition"].isin(list(measure.no_shares))]
        assert (answer["share"].dropna() >= 0).all()
    for column in measure.shares:
        assert of_shares[column].dropna().between(0, 1 + 1e-12).all()
    for column in answer.select_dtypes("number"):
        assert not np.isinf(answer[column].astype("float64")).any()
    for column in measure.adds:
        assert (answer[column].dropna() >= 0).all()


def empty(frames: Frames) -> Frames:
    return {table: rows.iloc[:0] for table, rows in frames.items()}


def untyped(frames: Frames) -> Frames:
    return {table: pd.DataFrame(columns=rows.columns) for table, rows in frames.items()}


def nulls(frames: Frames) -> Frames:
    """Every row without a value where one may be missing."""
    return {
        table: rows.assign(
            **{
                name: pd.Series(pd.NA if pd.api.types.is_extension_array_dtype(rows[name].dtype)
                                and not isinstance(rows[name].dtype, pd.DatetimeTZDtype)
                                else pd.NaT, index=rows.index, dtype=rows[name].dtype)
                for name in rows
                if rows[name].dtype not in (bool, "int64", "float64")
            }
        )
        for table, rows in frames.items()
    }  # fmt: skip


def one_row(frames: Frames) -> Frames:
    return {table: rows.iloc[:1] for table, rows in frames.items()}


def one_unit(frames: Frames) -> Frames:
    return {
        table: rows.assign(**{c: "hu-cop" for c in ("operating_unit", "unit") if c in rows})
        for table, rows in frames.items()
    }


SOME = Size(*[9] * 7)
INPUTS: dict[str, Callable[[Frames], Frames]] = {
    f.__name__: f for f in (empty, untyped, nulls, one_row, one_unit)
}


@each_measure
@pytest.mark.parametrize("kind", INPUTS)
@pytest.mark.filterwarnings("error")
def test_little_or_nothing_gives_the_same_columns(name: str, kind: str) -> None:
    """Nothing, nulls alone, a single row or a single unit: a table like any other, or an empty."""
    frames = given_frames(name, 1, SOME, MAY)
    usual = ask(name, frames, MAY)
    answer = ask(name, INPUTS[kind](frames), MAY)

    assert answer.columns.tolist() == usual.columns.tolist()
    if kind in ("empty", "untyped"):
        no_rows = answer if MEASURES[name].by[0] in answer else answer[:0]
        assert no_rows.empty
    for column in answer.select_dtypes("number"):
        assert not np.isinf(answer[column].astype("float64")).any()


@pytest.mark.parametrize("name", [name for name in MEASURES if MEASURES[name].any_by])
def test_nothing_asked_of_all_is_nothing(name: str) -> None:
    """Without groups too, an empty frame gives a table with the usual columns."""
    frames = given_frames(name, 1, SOME, MAY)
    usual = ask(name, frames, MAY, by=())

    assert ask(name, empty(frames), MAY, by=()).columns.tolist() == usual.columns.tolist()
    assert ask(name, untyped(frames), MAY, by=()).columns.tolist() == usual.columns.tolist()


def _stay_hours(
    measure: Callable[..., pd.DataFrame], column: str, start: str
) -> Callable[..., Any]:
    def hours(day: str, after: str) -> Any:
        times = {"arrived_at": f"{day} 00:00", start: f"{day} 00:00", "left_at": f"{after} 00:00"}
        return measure(postop_stays(times), by=[])[column] / 60

    return hours


def _session(day: str, after: str) -> pd.DataFrame:
    times = {"start_at": f"{day} 00:00", "end_at": f"{after} 00:00"}
    return sessions(block("1", day, "08:00", "16:00") | times)


WHOLE_DAYS: dict[str, Callable[[str, str], Any]] = {
    "operation_hours": lambda day, after: operations_by(
        operations({"surgery_start_at": f"{day} 00:00", "surgery_end_at": f"{after} 00:00"}), by=[]
    )["operation_hours"],
    "session_minutes": lambda day, after: (
        under_over_use_by(operations(), _session(day, after), by=[])["session_minutes"] / 60
    ),
    "open_hours": lambda day, after: capacity_by(operations(), _session(day, after), by=[])[
        "open_hours"
    ],
    "staffed_hours": lambda day, after: capacity_by(operations(), _session(day, after), by=[])[
        "staffed_hours"
    ],
    "stay_minutes": _stay_hours(postop_stays_by, "stay_minutes", "ready_at"),
    "wait_minutes": _stay_hours(ward_waits_by, "wait_minutes", "ready_at"),
}


@pytest.mark.parametrize("name", WHOLE_DAYS)
@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-05-04", 24)]
)
def test_days_have_the_hours_they_have(name: str, day: str, hours: int) -> None:
    """The days of the clock change have 23 and 25 hours in whatever is measured in hours."""
    after = str(date.fromisoformat(day) + timedelta(days=1))

    assert WHOLE_DAYS[name](day, after).item() == hours
