"""The whole flow: each step's people, days and links, and what is said where tables are missing."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical_frames import NEED, OPERATION, POSTOP_STAY, needs, operations, postop_stays
from drawn import drawn
from lpe_reports.measures.flow import FLOW_COLUMNS, flow
from lpe_reports.measures.flow_steps import STEPS, Pathway
from pathway_frames import CONTACT, REFERRAL, STAY, contacts, referrals, stays

MAY = {"start": date(2026, 5, 1), "end": date(2026, 6, 1)}


def at(day: str) -> str:
    return f"2026-{day} 10:00"


def way(**changes: Any) -> Pathway:
    """One patient's whole way in May, each step one day longer than the one before."""
    return replace(
        Pathway(
            referrals=referrals(
                {"referred_at": at("05-01"), "assessed_at": at("05-02"), "closed_at": at("05-07")}
            ),
            contacts=contacts({"happened_at": at("05-04")}),
            needs=needs(
                {"referral_id": "re_1", "decided_at": at("05-07"), "requested_at": at("05-11"),
                 "removed_at": at("05-16"), "removed_reason": "operated"}
            ),
            operations=operations(
                {"need_id": "ne_1", "surgery_start_at": at("05-16"), "patient_out_at": at("05-16")}
            ),
            postop_stays=postop_stays({"arrived_at": at("05-16"), "left_at": at("05-17")}),
            stays=stays({"discharged_at": at("05-24"), "discharged_to": "home"}),
        ),
        **changes,
    )  # fmt: skip


def steps(tables: Pathway, by: list[str] | None = None, **other: Any) -> pd.DataFrame:
    return flow(tables, by=by or [], **(MAY | other)).set_index("step")


def test_flow_follows_one_patient_home() -> None:
    """1, 2, 3, 4 and 5 days, the same day, and 7; each step one in, one done, one link."""
    answer = steps(way())

    assert answer.index.tolist() == list(STEPS)
    assert answer["median_days"].tolist() == [1, 2, 3, 4, 5, 0, 7]
    assert answer["km_median_days"].tolist() == [1, 2, 3, 4, 5, 0, 7]
    for column in ("number_in", "done", "linkable"):
        assert answer[column].tolist() == [1] * 7
    assert (answer["state"] == "measured").all()
    assert answer["lost_links"].tolist() == [0] * 7
    assert answer["linked_share"].tolist() == [1] * 7
    assert answer.index[answer["bottleneck"]].tolist() == ["home"]


@pytest.mark.parametrize(
    ("missing", "silent"),
    [
        ("referrals", ["assessed", "first_contact"]),
        ("contacts", ["first_contact", "decision"]),
        ("needs", ["decision", "request", "operation"]),
        ("operations", ["operation", "postop", "home"]),
        ("postop_stays", ["postop", "home"]),
        ("stays", ["home"]),
    ],
)
def test_step_without_its_table_says_no_data(missing: str, silent: list[str]) -> None:
    """The steps that need the table have no number at all; the others are as they were."""
    answer, whole = steps(way(**{missing: None})), steps(way())

    assert answer.index[answer["state"] == "no_data"].tolist() == silent
    numbers = answer.loc[silent].drop(columns=["state", "km_reached", "bottleneck"])
    assert numbers.isna().all(axis=None)
    assert not answer.loc[silent, ["km_reached", "bottleneck"]].any(axis=None)
    rest = [name for name in STEPS if name not in silent]
    pd.testing.assert_frame_equal(
        answer.loc[rest].drop(columns="bottleneck"), whole.loc[rest].drop(columns="bottleneck")
    )


def test_flow_of_no_tables_is_seven_steps_without_data() -> None:
    """A source that has none of it: every step is there and says so."""
    answer = steps(Pathway())

    assert (answer["state"] == "no_data").all()
    assert len(answer) == 7
    assert flow(Pathway(), by=["vo"], **MAY).empty


def test_lost_links_are_counted() -> None:
    """A contact without a referral, a decision without one, an operation whose need is gone."""
    tables = way(
        contacts=contacts(
            {"happened_at": at("05-04")},
            {"happened_at": at("05-05"), "referral_id": None},
            {"happened_at": at("05-05"), "referral_id": "re_9"},
            {"happened_at": at("05-06"), "first": False, "referral_id": None},
        ),
        needs=needs({"referral_id": None, "decided_at": at("05-07")}),
        operations=operations(
            {"need_id": "ne_8", "surgery_start_at": at("05-16"), "patient_out_at": at("05-16")}
        ),
    )
    answer = steps(tables)

    assert answer["linkable"].loc[["first_contact", "decision", "operation"]].tolist() == [3, 1, 1]
    assert answer["lost_links"].loc[["first_contact", "decision", "operation"]].tolist() == [
        2, 1, 1,
    ]  # fmt: skip
    assert answer.loc["first_contact", "linked_share"] == pytest.approx(1 / 3)
    assert answer.loc["decision", "number_in"] == 0


def test_who_leaves_or_stays_is_not_done() -> None:
    """Closed before assessment, still unassessed, assessed: one each, and one who came late."""
    tables = way(
        referrals=referrals(
            {"referred_at": at("05-01"), "closed_at": at("05-03")},
            {"referred_at": at("05-01")},
            {"referred_at": at("05-01"), "assessed_at": at("05-11")},
            {"referred_at": at("04-01"), "assessed_at": at("05-10")},
        )
    )
    row = steps(tables, least_at_risk=1).loc["assessed"]

    assert row[["number_in", "done", "left", "still_waiting"]].tolist() == [3, 2, 1, 1]
    # Day 2 loses one; of the two left one is done on day 10; day 39 loses the late one, alone
    # but for the one who waits still, who was last seen on day 30.
    assert row["median_days"] == 24.5
    assert (row["km_median_days"], row["km_reached"]) == (24.5, True)


def test_discharge_elsewhere_is_not_home() -> None:
    """Two go home, one elsewhere, one is in still; a stay for no operation is none of these."""
    tables = way(
        operations=operations(
            *(
                {"operation_id": f"op_{n}", "patient_out_at": at("05-10"),
                 "surgery_start_at": at("05-10")}
                for n in range(1, 5)
            )
        ),
        postop_stays=postop_stays(),
        stays=stays(
            {"operation_id": "op_1", "discharged_at": at("05-12"), "discharged_to": "home"},
            {"operation_id": "op_2", "discharged_at": at("05-14"), "discharged_to": "home"},
            {"operation_id": "op_3", "discharged_at": at("05-11"), "discharged_to": "care_home"},
            {"operation_id": "op_4"},
            {"operation_id": None, "discharged_at": at("05-11"), "discharged_to": "home"},
            {"operation_id": "op_9", "discharged_at": at("05-11"), "discharged_to": "home"},
        ),
    )  # fmt: skip
    answer = steps(tables)
    row = answer.loc["home"]

    assert row[["number_in", "done", "left", "still_waiting"]].tolist() == [4, 2, 1, 1]
    assert row["median_days"] == 3  # from the theatre, where no stay in postop is known
    assert (row["linkable"], row["lost_links"]) == (4, 1)
    assert answer.loc["postop", ["done", "left"]].tolist() == [0, 4]


def test_emergencies_are_not_of_this_way() -> None:
    """Their needs, operations and stays came by no referral, and are lost to nobody."""
    tables = way(
        needs=needs({"urgency": "emergency", "decided_at": at("05-07"), "referral_id": None}),
        operations=operations(
            {"urgency": "emergency", "surgery_start_at": at("05-07"), "patient_out_at": at("05-07"),
             "need_id": None}
        ),
    )  # fmt: skip
    answer = steps(tables)

    for name in ("decision", "request", "operation", "postop", "home"):
        assert answer.loc[name, "state"] == "nobody"
        assert answer.loc[name, "linkable"] == 0
        assert answer.loc[name, "number_in"] == 0


def test_bottleneck_is_each_groups_own() -> None:
    """The longest median; one that is not reached is longer than any other."""
    tables = way(
        referrals=referrals(
            {"referred_at": at("05-01"), "assessed_at": at("05-02"), "closed_at": at("05-07")},
            *({"vo": "kirurgi", "referral_id": f"re_{n}", "referred_at": at("05-01")}
              for n in range(2, 5)),
        )
    )  # fmt: skip
    answer = flow(tables, by=["vo"], **MAY)
    slowest = answer[answer["bottleneck"]].set_index("vo")["step"].to_dict()
    surgery = answer[(answer["vo"] == "kirurgi") & (answer["step"] == "assessed")].iloc[0]

    # The stay has no VO of its own and takes its operation's.
    assert slowest == {"kirurgi": "assessed", "ortopedi": "home"}
    assert not surgery["km_reached"]
    assert surgery["still_waiting"] == 3
    assert len(answer) == 14


def test_step_with_too_few_at_risk_is_no_bottleneck() -> None:
    """One is assessed on the day; of 200 referred in February nobody knows how long it takes."""
    tables = way(
        referrals=referrals(
            {"referred_at": at("05-04"), "assessed_at": at("05-04"), "closed_at": at("05-07")},
            *({"referral_id": f"re_{n}", "referred_at": at("02-01")} for n in range(2, 202)),
        )
    )
    answer = steps(tables)
    row = answer.loc["assessed"]

    assert (row["done"], row["still_waiting"]) == (1, 200)
    assert np.isnan(row["km_median_days"])
    assert (row["km_reached"], row["km_state"]) == (False, "too_few_at_risk")
    assert answer.index[answer["bottleneck"]].tolist() == ["home"]


def test_operation_on_the_other_side_of_the_edge_ends_its_step() -> None:
    """Off the list on 30 April as operated, operated on 1 May: one in May, and one in April."""
    tables = way(
        needs=needs(
            {"decided_at": at("04-07"), "requested_at": at("04-11"), "removed_at": at("04-30"),
             "removed_reason": "operated"}
        ),
        operations=operations(
            {"need_id": "ne_1", "surgery_start_at": at("05-01"), "patient_out_at": at("05-01")}
        ),
    )  # fmt: skip
    counts = ["number_in", "done", "left", "still_waiting"]
    may = steps(tables).loc["operation", counts]
    april = steps(tables, start=date(2026, 4, 1), end=date(2026, 5, 1)).loc["operation", counts]

    assert may.tolist() == [0, 1, 0, 0]
    assert april.tolist() == [1, 0, 0, 1]


def test_step_that_most_leave_for_elsewhere_is_no_bottleneck() -> None:
    """One of three to postop, two home: its median is not reached, and nobody waits in it."""
    out = {"surgery_start_at": at("05-16"), "patient_out_at": at("05-16")}
    done = operations(*({"operation_id": f"op_{n}", "need_id": f"ne_{n}"} | out for n in range(3)))
    stays_ = postop_stays({"operation_id": "op_0", "arrived_at": at("05-16")})
    answer = steps(way(operations=done, postop_stays=stays_, stays=None))

    assert answer.loc["postop", ["done", "left", "still_waiting"]].tolist() == [1, 2, 0]
    assert answer.loc["postop", "km_state"] == "not_reached"
    assert answer.index[answer["bottleneck"]].tolist() == ["operation"]


def test_step_that_more_than_half_wait_in_is_the_bottleneck() -> None:
    """Six decided long ago and none requested: longer than any step whose median is known."""
    waiting = needs(
        *({"need_id": f"ne_{n}", "referral_id": "re_1", "decided_at": at("05-03")}
          for n in range(6))
    )  # fmt: skip
    answer = steps(way(needs=waiting))

    assert answer.loc["request", "still_waiting"] == 6
    assert answer.index[answer["bottleneck"]].tolist() == ["request"]


EMPTY = Pathway(
    *(pd.DataFrame(columns=list(names))
      for names in (REFERRAL, CONTACT, NEED, OPERATION, POSTOP_STAY, STAY))
)  # fmt: skip
NULLS = Pathway(
    *(frame({name: None for name in names if name != "first"})
      for frame, names in ((referrals, REFERRAL), (contacts, CONTACT)))
)  # fmt: skip


@pytest.mark.parametrize(
    "tables",
    [EMPTY, Pathway(referrals(), contacts(), needs(), operations(), postop_stays(), stays())],
)
def test_flow_of_empty_tables_has_nobody(tables: Pathway) -> None:
    """Tables without rows, typed or not: nobody in any step, which is not the same as no data."""
    answer = steps(tables)

    assert (answer["state"] == "nobody").all()
    assert answer["number_in"].tolist() == [0] * 7
    assert not answer["bottleneck"].any()
    grouped = flow(tables, by=["vo"], **MAY)
    assert grouped.empty
    assert grouped.columns.tolist() == ["vo", *FLOW_COLUMNS]


def test_flow_of_nulls_is_no_error() -> None:
    """Rows that say nothing are nobody's way."""
    answer = flow(NULLS, by=["vo"], **MAY)

    assert (answer["number_in"].fillna(0) == 0).all()


people = st.lists(
    st.tuples(st.sampled_from(["ortopedi", "kirurgi"]),
              *[st.one_of(st.none(), st.integers(0, 12))] * 5),
    max_size=10,
)  # fmt: skip


def lived(rows: list[tuple[Any, ...]]) -> Pathway:
    """Ways of as many patients, each ending where a step takes no days."""
    start = pd.Timestamp("2026-04-20 10:00")
    parts: dict[str, list[dict[str, Any]]] = {"re": [], "co": [], "ne": [], "op": []}
    for number, (vo, *lengths) in enumerate(rows):
        times = [start]
        for length in lengths:
            if length is None:
                break
            times.append(times[-1] + pd.Timedelta(days=length))
        moment = dict(enumerate(times))
        keys = {"vo": vo, "referral_id": f"re_{number}"}
        parts["re"].append(keys | {"referred_at": moment[0], "assessed_at": moment.get(1)})
        if 2 in moment:
            parts["co"].append(keys | {"happened_at": moment[2]})
        if 3 in moment:
            parts["ne"].append(keys | {"need_id": f"ne_{number}", "decided_at": moment[3],
                                       "requested_at": moment.get(4)})  # fmt: skip
        if 5 in moment:
            parts["op"].append({"vo": vo, "need_id": f"ne_{number}", "patient_out_at": moment[5],
                                "surgery_start_at": moment[5]})  # fmt: skip
    return Pathway(
        referrals(*parts["re"]), contacts(*parts["co"]), needs(*parts["ne"]),
        operations(*parts["op"]), postop_stays(), stays(),
    )  # fmt: skip


@drawn(4)
@given(rows=people, seed=st.randoms(use_true_random=False))
def test_flow_of_groups_adds_up_in_any_order(rows: list[tuple[Any, ...]], seed: Any) -> None:
    """Groups are the whole, whoever comes first; who came in or was in is done, left or in it."""
    counts = ["number_in", "done", "left", "still_waiting", "linkable", "lost_links"]
    groups, whole = flow(lived(rows), by=["vo"], **MAY), steps(lived(rows))
    again = flow(lived(seed.sample(rows, len(rows))), by=["vo"], **MAY)

    pd.testing.assert_frame_equal(groups, again)
    summed = groups.groupby("step")[counts].sum()
    for name in summed.index:
        known = whole.loc[name, counts].dropna()
        assert summed.loc[name, known.index].tolist() == known.tolist()
    assert groups["linked_share"].dropna().between(0, 1).all()
    assert (groups.groupby("vo")["bottleneck"].sum() <= 1).all()
