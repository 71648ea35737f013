"""How long one waits, with those who wait still: who is seen when, and what is not known."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical_frames import NEED, needs, operations
from lpe_reports.measures.spells import DONE, LEFT, STILL_WAITING, need_spells
from lpe_reports.measures.waiting_time import CURVE_COLUMNS, WAIT_COLUMNS, wait_by, wait_curves

MAY = {"start": date(2026, 5, 1), "end": date(2026, 6, 1)}
NOTHING = pd.DataFrame(columns=list(NEED))


def need(
    decided: str, removed: str | None = None, reason: str = "operated", **other: Any
) -> dict[str, Any]:
    """One need; removed on a day for a reason, or open still."""
    left = {} if removed is None else {"removed_at": f"{removed} 12:00", "removed_reason": reason}
    return {"decided_at": f"{decided} 10:00"} | left | other


def days_of(*rows: dict[str, Any], **period: Any) -> list[tuple[int, ...]]:
    spells = need_spells(needs(*rows), **(MAY | period))
    return list(spells[["entry", "exit", "outcome"]].itertuples(index=False, name=None))


some_needs = st.lists(
    st.builds(
        lambda begun, length, reason, unit: need(
            str(date.fromordinal(date(2026, 3, 1).toordinal() + begun)),
            None
            if length is None
            else str(date.fromordinal(date(2026, 3, 1).toordinal() + begun + length)),
            reason,
            operating_unit=unit,
        ),
        st.integers(0, 100),
        st.one_of(st.none(), st.integers(0, 90)),
        st.sampled_from(["operated", "medical"]),
        st.sampled_from(["hu-cop", "bo-opc"]),
    ),
    max_size=14,
)


def test_spell_of_each_kind_of_need() -> None:
    """Decided before, in and after the period; ended before, in and after it, or not at all."""
    assert days_of(need("2026-04-21")) == [(9, 40, STILL_WAITING)]
    assert days_of(need("2026-05-10", "2026-05-20")) == [(-1, 10, DONE)]
    assert days_of(need("2026-04-21", "2026-05-01")) == [(9, 10, DONE)]
    assert days_of(need("2026-05-31", "2026-06-01")) == [(-1, 0, STILL_WAITING)]
    assert days_of(need("2026-05-10", "2026-05-12", "medical")) == [(-1, 2, LEFT)]
    assert days_of(need("2026-05-10", "2026-05-10")) == [(-1, 0, DONE)]
    assert days_of(need("2026-04-01", "2026-04-30")) == []
    assert days_of(need("2026-06-01")) == []


def test_wait_that_ended_before_it_began_is_no_spell() -> None:
    """A decision after its own operation is an error of the source, and nobody's wait."""
    assert days_of(need("2026-05-20", "2026-05-10")) == []


def test_spells_count_days_by_the_clock_of_the_hospital() -> None:
    """Over the change of clocks a day has 23 hours and is a day; late evening is that day."""
    spring = {"start": date(2026, 3, 1), "end": date(2026, 4, 1)}
    late = needs({"decided_at": "2026-03-28 23:30", "removed_at": "2026-03-30 00:30",
                  "removed_reason": "operated"})  # fmt: skip

    assert need_spells(late, **spring)[["exit"]].squeeze() == 2


def test_operation_is_what_says_when() -> None:
    """The first linked operation counts; without one the removal does; unknown keys do nothing."""
    frame = needs(
        need("2026-05-01", "2026-05-09", need_id="ne_1"),
        need("2026-05-01", "2026-05-09", need_id="ne_2"),
        need("2026-05-01", need_id="ne_3"),
    )
    done = operations(
        {"need_id": "ne_1", "surgery_start_at": "2026-05-08 09:00"},
        {"need_id": "ne_1", "surgery_start_at": "2026-05-07 09:00"},
        {"need_id": "ne_3", "surgery_start_at": "2026-05-06 09:00"},
        {"need_id": None, "surgery_start_at": "2026-05-02 09:00"},
        {"need_id": "ne_9", "surgery_start_at": "2026-05-02 09:00"},
        {"need_id": "ne_2", "surgery_start_at": None},
    )
    spells = need_spells(frame, done, **MAY)

    assert spells["exit"].tolist() == [6, 8, 5]
    assert spells["outcome"].tolist() == [DONE] * 3


def test_wait_by_hand() -> None:
    """Three enter late, one leaves, one waits; each step by pencil.

    Ages seen: A from 10 and operated at 12, B from 10 and operated at 20, C from 0 and operated
    at 5, D from 0 and removed at 8, E from 0 and still there at 15. Day 5: three at risk (C, D,
    E): 2/3. Day 8: D leaves. Day 12: A, B and E: 2/3 · 2/3 = 4/9, so the median is 12. Day 20: B
    alone: 0, so P90 is 20. Aalen–Johansen: operated 1/3 on day 5; on day 8 one of two leaves:
    1/3; on day 12 1/3 · 1/3 = 1/9 more; on day 20 the rest, 2/9.
    """
    frame = needs(
        need("2026-04-21", "2026-05-03"),
        need("2026-04-21", "2026-05-11"),
        need("2026-05-02", "2026-05-07"),
        need("2026-05-02", "2026-05-10", "medical"),
        need("2026-05-17"),
    ).assign(operating_unit="hu-cop")
    row = wait_by(frame, by=["operating_unit"], **MAY).iloc[0]
    early = wait_by(frame, by=[], limit_days=10, **MAY).iloc[0]

    assert row[["open", "operated", "removed", "censored"]].tolist() == [5, 3, 1, 1]
    # E was last seen on day 14, so day 12 rests on A, B and E.
    assert (row["median_days"], row["p90_days"]) == (12, 20)
    assert row[["reached", "p90_reached"]].all()
    assert row["share_operated"] == pytest.approx(1 / 3 + 1 / 9 + 2 / 9)
    assert row["share_removed"] == pytest.approx(1 / 3)
    assert early["share_operated"] == pytest.approx(1 / 3)
    assert (row["from_day"], row["fewest_at_risk"]) == (0, 3)


def test_median_that_is_not_reached_says_so() -> None:
    """More than half wait still: no number, and a column that says that there is none."""
    frame = needs(need("2026-05-02", "2026-05-07"), *[need("2026-05-02")] * 4)
    row = wait_by(frame, by=[], **MAY).iloc[0]

    assert not row[["reached", "high_reached", "p90_reached"]].any()
    assert np.isnan(row["median_days"])
    assert (row["operated"], row["censored"]) == (1, 4)


def test_share_by_a_day_that_nobody_was_followed_to_is_unknown() -> None:
    """Those who wait have waited 29 days at most: what is true on day 90 is not known."""
    row = wait_by(needs(need("2026-05-02"), need("2026-05-03")), by=[], **MAY).iloc[0]
    known = wait_by(needs(need("2026-05-02", "2026-05-09")), by=[], **MAY).iloc[0]

    assert row[["share_operated", "share_removed"]].isna().all()
    assert (known["share_operated"], known["share_removed"]) == (1, 0)


def test_wait_of_one_who_is_seen_late_begins_late() -> None:
    """Nobody was seen before day 40, and the answer says from when it knows anything."""
    row = wait_by(needs(need("2026-03-22", "2026-05-09")), by=[], **MAY).iloc[0]

    assert (row["from_day"], row["fewest_at_risk"], row["median_days"]) == (40, 1, 48)


@settings(max_examples=25, deadline=None)
@given(rows=some_needs, weeks=st.integers(-6, 6), seed=st.randoms(use_true_random=False))
def test_wait_does_not_see_order_or_date(rows: list[dict[str, Any]], weeks: int, seed: Any) -> None:
    """Rows in another order, all of them and the period weeks later: the same answer."""
    moved = needs(*seed.sample(rows, len(rows)))
    step = pd.Timedelta(weeks=weeks)
    for column in ("decided_at", "removed_at"):
        local = moved[column].dt.tz_localize(None) + step
        moved[column] = local.dt.tz_localize("Europe/Stockholm")
    later = {name: (pd.Timestamp(day) + step).date() for name, day in MAY.items()}
    by = ["operating_unit"]

    pd.testing.assert_frame_equal(
        wait_by(needs(*rows), by=by, **MAY), wait_by(moved, by=by, **later)
    )


@settings(max_examples=25, deadline=None)
@given(rows=some_needs)
def test_wait_of_units_adds_up_and_keeps_in_bounds(rows: list[dict[str, Any]]) -> None:
    """Counts of the units are the counts of all, kinds of ending are everybody, shares shares."""
    counts = ["open", "operated", "removed", "censored"]
    units = wait_by(needs(*rows), by=["operating_unit"], **MAY)
    whole = wait_by(needs(*rows), by=[], **MAY)
    curves = wait_curves(needs(*rows), by=["operating_unit"], **MAY)

    assert units[counts].sum().equals(whole[counts].sum())
    assert (units["open"] == units[counts[1:]].sum(axis=1)).all()
    assert (units["reached"] == units["median_days"].notna()).all()
    known = units[units["reached"] & units["low_reached"]]
    assert (known["median_low"] <= known["median_days"]).all()
    shares = pd.concat([units["share_operated"], units["share_removed"],
                        *(curves[name] for name in CURVE_COLUMNS[2:])]).dropna()  # fmt: skip
    assert shares.between(0, 1 + 1e-12).all()
    for _, own in curves.groupby("operating_unit"):
        assert own["share_waiting"].is_monotonic_decreasing
        assert own["days"].is_monotonic_increasing
        assert own.iloc[0][["days", "share_waiting"]].tolist() == [0, 1]


def test_curves_are_those_of_each_group() -> None:
    """A group's points are what it gives alone; each begins with all waiting on day 0."""
    rows = [
        need("2026-05-02", "2026-05-07", operating_unit="hu-cop"),
        need("2026-05-02", operating_unit="hu-cop"),
        need("2026-05-02", "2026-05-09", "medical", operating_unit="bo-opc"),
    ]
    both = wait_curves(needs(*rows), by=["operating_unit"], **MAY)
    alone = wait_curves(needs(*rows[:2]), by=["operating_unit"], **MAY)

    assert both["operating_unit"].tolist() == ["bo-opc"] * 2 + ["hu-cop"] * 2
    assert both["share_waiting"].tolist() == [1, 1, 1, 0.5]
    assert both["share_removed"].tolist() == [0, 1, 0, 0]
    assert both["at_risk"].tolist() == [1, 1, 2, 2]
    pd.testing.assert_frame_equal(both.iloc[2:].reset_index(drop=True), alone)


@pytest.mark.parametrize("frame", [needs(), NOTHING, needs(need("2020-01-01", "2020-01-02"))])
@pytest.mark.parametrize("by", [["vo"], []])
def test_wait_of_nobody_is_empty(frame: pd.DataFrame, by: list[str]) -> None:
    """No rows, no dtypes, nobody in the period: no rows out, the same columns, no error."""
    answer = wait_by(frame, operations(), by=by, **MAY)
    curves = wait_curves(frame, by=by, **MAY)

    assert answer.empty
    assert answer.columns.tolist() == [*by, *WAIT_COLUMNS]
    assert curves.empty
    assert curves.columns.tolist() == [*by, *CURVE_COLUMNS]


def test_wait_of_nulls_is_no_error() -> None:
    """A need that says nothing is nobody's wait; one without a unit is a group of its own."""
    frame = needs({"decided_at": None, "removed_reason": None}, need("2026-05-02"))
    frame["operating_unit"] = pd.Series([None, None], dtype="str")
    answer = wait_by(frame, by=["operating_unit"], **MAY)

    assert answer["open"].tolist() == [1]
    assert answer["operating_unit"].isna().all()
