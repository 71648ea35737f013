"""Waiting lists and performed operations: who is counted, and as what."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical_frames import DAYS, operations, waited, waiting_list
from lpe_reports.measures.waiting import (
    BANDS,
    PERFORMED_COLUMNS,
    bands_by,
    operation_wait_days,
    performed_by,
    performed_contacts_by,
    queues_over_limit,
    spor_wait_days,
    unbooked_by_asa,
    waiting_by,
    with_needs,
)
from lpe_reports.params.glossary import GuaranteeLimit
from pathway_frames import contacts, referrals

SNAPSHOT = pd.Timestamp("2026-05-11")


def limit_of(days: int) -> GuaranteeLimit:
    """A limit, of whichever list; a measure is given the one that is in force."""
    since = date(2010, 7, 1)
    says = f"Inom {days} dagar."
    return GuaranteeLimit(list="operation", days=days, valid_from=since, source="Lag", says=says)


LIMIT, SHORTER = limit_of(90), limit_of(60)


def entry(days: int | None, **other: Any) -> dict[str, Any]:
    since = None if days is None else SNAPSHOT - pd.Timedelta(days=days)
    return {"since_date": since} | other


entries = st.lists(
    st.builds(
        entry,
        st.one_of(st.none(), st.integers(0, 400)),
        unit=st.sampled_from(["hu-cop", "bo-opc"]),
        guarantee=st.booleans(),
        deviation=st.sampled_from(["none", "pvv", "mov"]),
        asa=st.one_of(st.none(), st.integers(1, 7)),
        booked_for=st.sampled_from([None, "2026-06-01"]),
        procedure_group=st.sampled_from(["knee", None]),
    ),
    max_size=12,
)


def test_waiting_share_is_of_those_covered_alone() -> None:
    """Covered, neither PvV nor MoV; day 90 is within, day 91 is not; the total is all."""
    frame = waiting_list(
        entry(90),
        entry(91),
        entry(10, deviation="pvv"),
        entry(200, deviation="mov"),
        entry(300, guarantee=False),
        entry(None),
    )
    row = waiting_by(frame, by=["unit"], limit=LIMIT).iloc[0]

    assert row[["waiting", "covered", "within", "over_limit"]].tolist() == [6, 2, 1, 1]
    assert row["share_within"] == 0.5
    assert row["median_days"] == 91  # of 10, 90, 91, 200 and 300


def test_negative_wait_is_within_nothing() -> None:
    """Since a day after the list's own: on the list, counted, and in no share, band or median."""
    frame = waiting_list(entry(-1), entry(-30), entry(0), entry(100))
    row = waiting_by(frame, by=["unit"], limit=LIMIT).iloc[0]
    bands = bands_by(frame, by=["unit"]).set_index("band")["waiting"]
    queue = queues_over_limit(waiting_list(*[entry(-1)] * 10), limit=LIMIT).iloc[0]

    assert row[["waiting", "covered", "within", "over_limit"]].tolist() == [4, 2, 1, 1]
    assert (row["negative_dropped"], row["median_days"]) == (2, 50)
    assert (bands["0–30"], bands["okänd"]) == (1, 2)
    assert (np.isnan(queue["longest_days"]), queue["over"]) == (True, False)


def contact(days: int | None, **other: Any) -> dict[str, Any]:
    """A first contact on 11 May, so many days after a referral of its own; None for no referral."""
    key = None if days is None else f"re_{days}"
    return {"referral_id": key, "happened_at": "2026-05-11 10:00"} | other


def referred(*days: int) -> pd.DataFrame:
    on = [SNAPSHOT - pd.Timedelta(days=number) for number in days]
    return referrals(
        *({"referral_id": f"re_{number}", "referred_at": f"{day:%Y-%m-%d} 23:00"}
          for number, day in zip(days, on, strict=True))
    )  # fmt: skip


def covered_contacts(*rows: dict[str, Any], deviation: list[str | None]) -> pd.DataFrame:
    return contacts(*rows).assign(guarantee=True, deviation=deviation)


def test_first_contact_is_within_the_guarantee_from_the_referral() -> None:
    """Covered and not PvV; MoV stays in; a negative wait is dropped and counted, day 90 within."""
    frame = covered_contacts(
        contact(90), contact(91), contact(10), contact(200), contact(-3), contact(None),
        contact(5, first=False),
        deviation=["none", "mov", "pvv", "mov", "none", "none", "none"],
    )  # fmt: skip
    row = performed_contacts_by(
        frame, referred(200, 91, 90, 10, 5, -3), by=["clinic"], limit=LIMIT
    ).iloc[0]

    assert row["performed"] == 4
    assert row[["covered", "within", "negative_dropped"]].tolist() == [3, 1, 1]
    assert row["share_within"] == pytest.approx(1 / 3)
    assert (row["mean_days"], row["median_days"]) == ((90 + 91 + 10 + 200) / 4, 90.5)


def test_first_contacts_go_by_the_limit_that_is_given() -> None:
    """Day 61 is within 90 days and not within 60; without a limit nobody is covered."""
    frame = covered_contacts(contact(61), deviation=["none"])
    rows = [
        performed_contacts_by(frame, referred(61), by=[], limit=limit).iloc[0]
        for limit in (LIMIT, SHORTER, None)
    ]

    assert [row["within"] for row in rows] == [1, 0, 0]
    assert [row["covered"] for row in rows] == [1, 1, 0]
    assert [row["performed"] for row in rows] == [1, 1, 1]


def test_first_contacts_of_nobody_are_empty() -> None:
    """No contacts, or none that is the first: no rows, the same columns."""
    for frame in (contacts(), contacts(contact(5, first=False))):
        answer = performed_contacts_by(frame, referred(5), by=["vo"], limit=LIMIT)

        assert answer.empty
        assert answer.columns.tolist() == ["vo", *PERFORMED_COLUMNS]


def test_waiting_percentiles_are_type_seven() -> None:
    """P90 of 0, 10 … 100 days is 90; of two it lies between them."""
    eleven = waiting_list(*(entry(10 * number) for number in range(11)))
    two = waiting_list(entry(0), entry(100))

    assert waiting_by(eleven, by=["unit"], limit=LIMIT)["p90_days"].item() == 90
    assert waiting_by(two, by=["unit"], limit=LIMIT)["p90_days"].item() == 90
    assert waiting_by(two, by=["unit"], limit=LIMIT)["median_days"].item() == 50


def test_waiting_share_of_nobody_covered_is_null() -> None:
    """Nobody covered is no share, not 0 %."""
    row = waiting_by(waiting_list(entry(5, guarantee=False)), by=["unit"], limit=LIMIT).iloc[0]

    assert np.isnan(row["share_within"])
    assert row["covered"] == 0


def test_waiting_goes_by_the_limit_that_is_given() -> None:
    """Day 61 is within 90 days and not within 60; before any limit nobody is covered."""
    frame = waiting_list(*[entry(60)] * 9, entry(61))

    def counted(limit: GuaranteeLimit | None) -> list[int]:
        row = waiting_by(frame, by=["unit"], limit=limit).iloc[0]
        return list(row[["waiting", "covered", "within", "over_limit"]])

    assert counted(LIMIT) == [10, 10, 10, 0]
    assert counted(SHORTER) == [10, 10, 9, 1]
    assert counted(None) == [10, 0, 0, 0]
    over = [
        queues_over_limit(frame, limit=limit)["over"].item() for limit in (LIMIT, SHORTER, None)
    ]
    assert over == [False, True, False]


def test_performed_goes_by_the_limit_that_is_given() -> None:
    """The same operation is within one limit, past another, and covered by none."""
    frame = operations(*waited(61)).assign(guarantee=True, deviation="none")
    rows = [performed_by(frame, by=[], limit=limit).iloc[0] for limit in (LIMIT, SHORTER, None)]

    assert [row["within"] for row in rows] == [1, 0, 0]
    assert [row["covered"] for row in rows] == [1, 1, 0]
    assert [row["performed"] for row in rows] == [1, 1, 1]


def test_bands_hold_their_edges() -> None:
    """30 is in the first, 31 in the second … 181 in the last; every band has a row."""
    days = (0, 30, 31, 60, 61, 90, 91, 120, 121, 180, 181, 999)
    answer = bands_by(waiting_list(*map(entry, days)), by=["unit"])

    assert answer["band"].tolist() == list(BANDS)
    assert answer["waiting"].tolist() == [2] * 6


def test_bands_show_who_has_no_date() -> None:
    """An entry without a date is nobody's band, but it is not lost."""
    answer = bands_by(waiting_list(entry(5), entry(None)), by=["unit"])

    assert dict(zip(answer["band"], answer["waiting"], strict=True)) == dict.fromkeys(BANDS, 0) | {
        "0–30": 1,
        "okänd": 1,
    }


def test_performed_keeps_mov_and_leaves_pvv() -> None:
    """Covered and not PvV; MoV stays in; a negative wait is dropped and counted."""
    frame = operations(
        *waited(90), *waited(91), *waited(10), *waited(200), *waited(20), *waited(-3), {}
    ).assign(
        guarantee=[True, True, True, True, None, True, True],
        deviation=["none", "mov", "pvv", "mov", None, "none", "none"],
    )
    row = performed_by(frame, by=["operating_unit"], limit=LIMIT).iloc[0]

    assert row["performed"] == 5
    assert row[["covered", "within", "negative_dropped"]].tolist() == [3, 1, 1]
    assert row["share_within"] == pytest.approx(1 / 3)
    assert row["mean_days"] == pytest.approx((90 + 91 + 10 + 200 + 20) / 5)
    assert row["median_days"] == 90


def test_performed_without_needs_covers_nobody() -> None:
    """Days are known without the need; the guarantee is not."""
    row = performed_by(operations(*waited(10)), by=[], limit=LIMIT).iloc[0]

    assert (row["performed"], row["covered"]) == (1, 0)
    assert np.isnan(row["share_within"])


def test_performed_on_the_day_of_the_decision_waited_no_days() -> None:
    """A wait of 0 days is a wait."""
    row = performed_by(operations(*waited(0)), by=[], limit=LIMIT).iloc[0]

    assert (row["performed"], row["mean_days"], row["negative_dropped"]) == (1, 0, 0)


def test_performed_group_of_negative_waits_is_still_a_row() -> None:
    """What was dropped is shown where nothing else was."""
    row = performed_by(operations(*waited(-1)), by=["operating_unit"], limit=LIMIT).iloc[0]

    assert (row["performed"], row["negative_dropped"]) == (0, 1)
    assert np.isnan(row["mean_days"])


def test_needs_are_joined_without_losing_operations() -> None:
    """An operation without a need stays, and an unlinked one never meets a null key."""
    frame = operations({"need_id": "ne_1"}, {"need_id": None}, {"need_id": "ne_9"})
    needs = pd.DataFrame(
        {
            "need_id": pd.Series(["ne_1", None], dtype="str"),
            "guarantee": [True, True],
            "deviation": ["pvv", "none"],
        }
    )
    joined = with_needs(frame, needs)

    assert joined["deviation"].tolist()[0] == "pvv"
    assert joined["guarantee"].isna().tolist() == [False, True, True]


def test_spor_wait_is_of_planned_operations_from_the_request() -> None:
    """Another start, another population: never the wait from the decision."""
    frame = operations(*waited(30, planned=True), *waited(30, planned=None), *waited(30))
    frame["requested_at"] = frame["decided_at"] + pd.Timedelta(days=5)
    frame.loc[2, "planned"] = False

    assert spor_wait_days(frame).tolist()[0] == 25
    assert spor_wait_days(frame).isna().tolist() == [False, True, True]
    assert operation_wait_days(frame).tolist() == [30, 30, 30]


def test_queues_are_over_when_someone_covered_is() -> None:
    """PvV past the limit does not put a queue over it; nine waiting are no queue."""
    frame = waiting_list(
        *[entry(10)] * 9, entry(91),
        *[entry(10, unit="bo-opc")] * 9, entry(300, unit="bo-opc", deviation="pvv"),
        *[entry(500, unit="ga-cop")] * 9,
        *[entry(90, unit="ga-cop", procedure_group=None)] * 10,
    )  # fmt: skip
    answer = queues_over_limit(frame, limit=LIMIT).set_index("unit")

    assert answer["over"].to_dict() == {"bo-opc": False, "ga-cop": False, "hu-cop": True}
    assert answer["longest_days"].to_dict() == {"bo-opc": 10, "ga-cop": 90, "hu-cop": 91}
    assert answer["waiting"].tolist() == [10, 10, 10]


def test_queue_of_nobody_covered_has_no_longest_wait() -> None:
    """It is a queue, and it is not over."""
    answer = queues_over_limit(waiting_list(*[entry(400, guarantee=False)] * 10), limit=LIMIT)

    assert answer["over"].tolist() == [False]
    assert answer["longest_days"].isna().all()


def test_unbooked_leaves_the_booked_out() -> None:
    """Only those without a date are counted, and a group where all have one shows 0."""
    frame = waiting_list(
        entry(1, asa=1), entry(1, asa=2), entry(1, asa=3), entry(1, asa=5), entry(1, asa=None),
        entry(1, asa=1, booked_for="2026-06-01"),
        entry(1, unit="bo-opc", booked_for="2026-06-01"),
    )  # fmt: skip
    answer = unbooked_by_asa(frame, by=["unit"]).set_index("unit")

    assert answer.loc["hu-cop"].tolist() == [2, 1, 1, 1, 5]
    assert answer.loc["bo-opc"].tolist() == [0, 0, 0, 0, 0]


MEASURES = {
    "waiting": lambda frame, by: waiting_by(frame, by=by, limit=LIMIT),
    "bands": lambda frame, by: bands_by(frame, by=by),
    "unbooked": lambda frame, by: unbooked_by_asa(frame, by=by),
    "queues": lambda frame, by: queues_over_limit(frame, limit=LIMIT, minimum=1),
}


@pytest.mark.parametrize("name", MEASURES)
@settings(max_examples=8, deadline=None)
@given(rows=entries, week=st.integers(-8, 8), seed=st.randoms(use_true_random=False))
def test_waiting_measures_do_not_see_order_or_date(
    name: str, rows: list[dict[str, Any]], week: int, seed: Any
) -> None:
    """Rows in another order, all of them weeks later: the same answer."""
    frame = waiting_list(*rows)
    moved = waiting_list(*seed.sample(rows, len(rows)))
    for column in ("since_date", "snapshot_date", "booked_for"):
        moved[column] += pd.Timedelta(weeks=week)
    measure = MEASURES[name]

    pd.testing.assert_frame_equal(measure(frame, ["unit"]), measure(moved, ["unit"]))


@settings(max_examples=12, deadline=None)
@given(rows=entries)
def test_waiting_units_add_up_to_the_whole(rows: list[dict[str, Any]]) -> None:
    """Counts of the units together are the counts of all; shares are shares."""
    frame = waiting_list(*rows)
    counts = ["waiting", "covered", "within", "over_limit"]
    units = waiting_by(frame, by=["unit"], limit=LIMIT)

    assert units[counts].sum().equals(waiting_by(frame, by=[], limit=LIMIT)[counts].sum())
    assert bands_by(frame, by=["unit"])["waiting"].sum() == len(frame)
    assert units["share_within"].dropna().between(0, 1).all()


@pytest.mark.parametrize("name", MEASURES)
def test_waiting_measures_of_nothing_are_empty(name: str) -> None:
    """No rows in, no rows out, the same columns."""
    some, nothing = MEASURES[name](waiting_list(entry(3)), ["unit"]), waiting_list()
    answer = MEASURES[name](nothing, ["unit"])

    assert answer.empty
    assert answer.columns.tolist() == some.columns.tolist()


@pytest.mark.parametrize("name", MEASURES)
def test_waiting_measures_of_nulls_are_no_error(name: str) -> None:
    """An entry that says nothing is one who waits, and nothing else."""
    frame = waiting_list({"since_date": None, "deviation": None, "asa": None, "unit": None})
    frame["since_date"] = pd.Series([None], dtype=DAYS)
    answer = MEASURES[name](frame, ["unit"])

    assert answer.iloc[:, 1:].select_dtypes("int64").to_numpy().sum() in (1, 2)


def test_performed_of_nothing_is_empty() -> None:
    """No rows in, no rows out, the same columns."""
    answer = performed_by(operations(), by=["vo"], limit=LIMIT)

    assert answer.columns.tolist() == [
        "vo", "performed", "mean_days", "median_days", "p90_days",
        "covered", "within", "share_within", "negative_dropped",
    ]  # fmt: skip
    assert answer.empty
