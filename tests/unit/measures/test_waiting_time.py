"""How long one waits, with those who wait still: who is seen when, and what is not known."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical_frames import NEED, needs, operations
from drawn import drawn
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
    row = wait_by(frame, by=["operating_unit"], least_at_risk=1, **MAY).iloc[0]
    early = wait_by(frame, by=[], limit_days=10, least_at_risk=1, **MAY).iloc[0]

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
    """Nobody was seen before day 40: what came before is not known, unless one asks for less."""
    frame = needs(need("2026-03-22", "2026-05-09"))
    row = wait_by(frame, by=[], **MAY).iloc[0]
    asked = wait_by(frame, by=[], least_at_risk=0, **MAY).iloc[0]

    assert (row["from_day"], row["median_state"]) == (40, "too_few_at_risk")
    assert (asked["from_day"], asked["fewest_at_risk"], asked["median_days"]) == (40, 1, 48)


NUMBERS = ["median_days", "median_low", "median_high", "p90_days", "share_operated",
           "share_operated_low", "share_operated_high", "share_removed"]  # fmt: skip
STATES = ["median_state", "p90_state", "share_state"]


def test_one_operated_at_once_is_not_how_long_two_hundred_wait() -> None:
    """One decided and operated the same day, 200 who have waited since February: nothing is told.

    On day 0 the one is all there is at risk, and the curve falls to nothing for good.
    """
    frame = needs(need("2026-05-04", "2026-05-04"), *[need("2026-02-01")] * 200)
    row = wait_by(frame, by=[], **MAY).iloc[0]
    curve = wait_curves(frame, by=[], **MAY)

    assert (row["open"], row["operated"], row["censored"]) == (201, 1, 200)
    assert row[NUMBERS].isna().all()
    assert row[STATES].tolist() == ["too_few_at_risk"] * 3
    assert not row[["reached", "low_reached", "high_reached", "p90_reached"]].any()
    assert curve["days"].tolist() == [0]
    assert curve["share_waiting"].tolist() == [1]


@pytest.mark.parametrize(
    ("first", "state"), [(4, "too_few_at_risk"), (5, "measured"), (6, "measured")]
)
def test_five_at_risk_are_enough(first: int, state: str) -> None:
    """Decided in May and operated after ten days; three have waited since before.

    With four there are too few before the others enter, with five there are as many as it takes.
    """
    new = [need("2026-05-02", "2026-05-12")] * first
    row = wait_by(needs(*new, *[need("2026-04-27", "2026-05-09")] * 3), by=[], **MAY).iloc[0]

    assert row["median_state"] == state
    assert row["reached"] == (state == "measured")
    assert row["median_days"] == (10 if state == "measured" else None) or not row["reached"]


def test_quantile_before_the_thin_days_is_told() -> None:
    """Median on day 3 of ten; then two are left, while one enters on day 60: no P90, no share."""
    rows = [need("2026-05-02", "2026-05-05")] * 8 + [need("2026-05-02", "2026-05-21")] * 2
    frame = needs(*rows, need("2026-03-02"))
    row = wait_by(frame, by=[], **MAY).iloc[0]
    early = wait_by(frame, by=[], limit_days=3, **MAY).iloc[0]
    late = wait_by(frame, by=[], limit_days=4, **MAY).iloc[0]

    assert (row["median_days"], row["median_state"]) == (3, "measured")
    assert (row["p90_state"], row["share_state"]) == ("too_few_at_risk", "too_few_at_risk")
    assert (early["share_operated"], early["share_state"]) == (0.8, "measured")
    assert late["share_state"] == "too_few_at_risk"
    assert wait_curves(frame, by=[], **MAY)["days"].tolist() == [0, 3]


def test_quantile_on_the_last_day_that_is_known_is_told() -> None:
    """Eleven of twelve on day 3, after which one is left: median and P90 rest on the twelve."""
    rows = [need("2026-05-02", "2026-05-05")] * 11 + [need("2026-05-02"), need("2026-03-02")]
    row = wait_by(needs(*rows), by=[], **MAY).iloc[0]

    assert (row["median_days"], row["p90_days"]) == (3, 3)
    assert row[STATES].tolist() == ["measured", "measured", "too_few_at_risk"]


def test_few_who_all_are_seen_from_the_first_day_are_told_of() -> None:
    """Two are at risk and nobody comes later: the curve is theirs to the end."""
    row = wait_by(needs(need("2026-05-02", "2026-05-05"), need("2026-05-02", "2026-05-09")),
                  by=[], **MAY).iloc[0]  # fmt: skip

    assert row[STATES].tolist() == ["measured"] * 3
    assert row["p90_days"] == 7


def test_state_tells_not_reached_from_not_followed() -> None:
    """All wait still: no median, no P90, and no share on a day that nobody has come to."""
    row = wait_by(needs(need("2026-05-02"), need("2026-05-03")), by=[], **MAY).iloc[0]

    assert row[STATES].tolist() == ["not_reached", "not_reached", "not_followed"]


def test_operation_on_the_other_side_of_the_edge_is_counted() -> None:
    """Off the list on 30 April as operated, operated on 1 May: waiting in April, done in May."""
    frame = needs(need("2026-04-10", "2026-04-30"))
    done = operations({"need_id": "ne_1", "surgery_start_at": "2026-05-01 09:00"})
    counts = ["open", "operated", "removed", "censored"]
    april = {"start": date(2026, 4, 1), "end": date(2026, 5, 1)}
    june = {"start": date(2026, 6, 1), "end": date(2026, 7, 1)}

    assert wait_by(frame, done, by=[], **MAY).loc[0, counts].tolist() == [1, 1, 0, 0]
    assert wait_by(frame, done, by=[], **april).loc[0, counts].tolist() == [1, 0, 0, 1]
    assert wait_by(frame, done, by=[], **june).empty
    assert wait_by(frame, by=[], **MAY).empty


def test_operation_counts_on_the_day_that_one_leaves_the_list() -> None:
    """Removed for another reason on the day of the operation: operated; the day before: left."""
    done = operations({"need_id": "ne_1", "surgery_start_at": "2026-05-12 15:00"})
    same = needs(need("2026-05-02", "2026-05-12", "medical"))
    before = needs(need("2026-05-02", "2026-05-11", "medical"))

    for frame, outcome, day in ((same, DONE, 10), (before, LEFT, 9)):
        spells = need_spells(frame, done, **MAY)
        assert spells[["exit", "outcome"]].to_numpy().tolist() == [[day, outcome]]


@pytest.mark.parametrize(
    ("decided", "operated", "days"),
    [
        ("2026-03-28 23:30", "2026-03-29 00:30", 1),
        ("2026-03-29 23:30", "2026-03-30 00:30", 1),
        ("2026-03-29 00:30", "2026-03-29 23:30", 0),
        ("2025-10-26 00:30", "2025-10-26 23:30", 0),
        ("2025-10-25 23:30", "2025-10-27 00:30", 2),
    ],
)
def test_wait_over_a_change_of_clocks_is_of_whole_days(
    decided: str, operated: str, days: int
) -> None:
    """The days of 23 and 25 hours are one each, whatever the hours between the times are."""
    month = date.fromisoformat(operated[:7] + "-01")
    period = {"start": month, "end": date(month.year, month.month + 1, 1)}
    done = operations({"need_id": "ne_1", "surgery_start_at": operated})
    row = wait_by(needs({"decided_at": decided}), done, by=[], **period).iloc[0]

    assert (row["median_days"], row["open"], row["operated"]) == (days, 1, 1)


@drawn(10)
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


@drawn(10)
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
