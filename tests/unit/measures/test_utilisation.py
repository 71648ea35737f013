"""Utilisation against a slow reference that walks every minute, and at its edges."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical_frames import block, operations, sessions, stay
from drawn import drawn
from lpe_reports.measures.utilisation import (
    ALL,
    definition_effect,
    elective_days,
    under_over_use_by,
    utilisation_by,
)

MONDAY, FRIDAY, SATURDAY = "2026-05-04", "2026-05-08", "2026-05-09"
SPRING, AUTUMN = "2026-03-29", "2026-10-25"
ELECTIVE = elective_days(date(2026, 1, 1), date(2027, 1, 1), {date(2026, 5, 14)})
CAP = 40
MINUTES = ("numerator_minutes", "denominator_minutes")
MAY_PASS_ONE = {"aacd_adjusted", "nhs_uncapped"}


def use(cases: pd.DataFrame, blocks: pd.DataFrame, by: list[str], **other: Any) -> pd.DataFrame:
    calendar = {"calendar_days": ELECTIVE, "turnover_cap_minutes": CAP} | other
    return utilisation_by(cases, blocks, by=by, **calendar)


def minutes(answer: pd.DataFrame, definition: str) -> tuple[float, float]:
    row = answer[answer["definition"] == definition].iloc[0]
    return row["numerator_minutes"], row["denominator_minutes"]


# A day in steps of ten minutes: places, sessions and operations as the reference sees them.
def clock(step: int) -> str:
    return f"{step // 6:02d}:{step % 6}0"


def day_steps(low: int, high: int, count: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(low, high), min_size=count, max_size=count, unique=True).map(sorted)


theatres = st.sampled_from(["1", "2"])
# One or two sessions in each theatre, which never overlap, as a schedule is made.
schedules = st.dictionaries(theatres, day_steps(30, 120, 4), max_size=2).map(
    lambda cuts: [
        (theatre, start, end)
        for theatre, (a, b, c, d) in cuts.items()
        for start, end in ((a, b), (c, d))
    ]
)
stays = st.lists(st.tuples(theatres, day_steps(20, 140, 4)), max_size=7)
days = st.sampled_from([MONDAY, FRIDAY, SATURDAY])


def frames(
    schedule: list[tuple[str, int, int]], cases: list[tuple[str, list[int]]], day: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    return (
        operations(*(stay(theatre, day, *map(clock, steps)) for theatre, steps in cases)),
        sessions(
            *(
                block(
                    theatre, day, clock(start), clock(end), session_id=f"se_{theatre}_{start}",
                    vo=f"vo_{number % 2}",
                )
                for number, (theatre, start, end) in enumerate(schedule)
            )
        ),
    )  # fmt: skip


def reference(
    schedule: list[tuple[str, int, int]], cases: list[tuple[str, list[int]]], day: str
) -> dict[str, tuple[float, float]]:
    """Numerator and denominator of each definition, in minutes, by sets of steps."""
    elective = {MONDAY: range(42, 102), FRIDAY: range(42, 84), SATURDAY: range(0)}[day]
    total = {name: [0, 0] for name in ALL}

    def taken(theatre: str, first: int, last: int) -> set[int]:
        return {s for at, steps in cases if at == theatre for s in range(steps[first], steps[last])}

    def owner(theatre: str, steps: list[int]) -> tuple[str, int, int] | None:
        here = [s for s in schedule if s[0] == theatre and s[2] > steps[0] and s[1] < steps[3]]
        return max(
            here,
            key=lambda s: (s[1] <= steps[1] < s[2], min(s[2], steps[3]) - max(s[1], steps[0])),
            default=None,
        )

    def add(name: str, part: int, whole: int) -> None:
        total[name][0] += part
        total[name][1] += whole

    for session in schedule:
        theatre, start, end = session
        inside, length = set(range(start, end)), end - start
        window = inside & set(elective)
        patients, surgery = taken(theatre, 0, 3), taken(theatre, 1, 2)
        own = [
            steps for at, steps in sorted(cases) if at == theatre and owner(at, steps) == session
        ]
        # A step of surgery belongs to the first case that had it.
        first_had: dict[int, list[int]] = {}
        for _, steps in sorted((c for c in cases if c[0] == theatre), key=lambda c: c[1][1]):
            for step in range(steps[1], steps[2]):
                first_had.setdefault(step, steps)
        owned = {step for step, steps in first_had.items() if steps in own}
        credit = 0
        here = sorted(steps for at, steps in cases if at == theatre)
        for position, steps in enumerate(here[1:], start=1):
            pause = steps[0] - max(other[3] for other in here[:position])
            same = owner(theatre, steps) == session == owner(theatre, here[position - 1])
            credit += min(max(pause, 0), CAP // 10) if same else 0
        add("spor_patient_time", len(patients & window), len(window))
        add("spor_operation_time", len(surgery & window), len(window))
        add("aacd_raw", len(patients & inside), length)
        add("aacd_adjusted", len(patients & inside) + credit, length)
        add("nhs_capped", len(owned & inside), length)
        add("nhs_uncapped", len(owned), length)
    for theatre in {session[0] for session in schedule}:
        here = [steps for at, steps in cases if at == theatre]
        if here:
            span = max(s[3] for s in here) - min(s[0] for s in here)
            add("room_window", len(taken(theatre, 0, 3)), span)
    return {name: (part * 10, whole * 10) for name, (part, whole) in total.items()}


@drawn(15)
@given(schedule=schedules, cases=stays, day=days)
def test_utilisation_meets_a_walk_through_every_step(
    schedule: list[tuple[str, int, int]], cases: list[tuple[str, list[int]]], day: str
) -> None:
    """Whatever sessions and patients, overlapping or not: each definition as it is defined."""
    distinct = [case for n, case in enumerate(cases) if case[1][1] not in _starts(cases[:n])]
    answer = use(*frames(schedule, distinct, day), by=[])

    if not schedule:
        assert answer.empty
        return
    assert {name: minutes(answer, name) for name in ALL} == reference(schedule, distinct, day)


def _starts(cases: list[tuple[str, list[int]]]) -> set[int]:
    """Any time of the cases, so that no two start together and the reference has no ties."""
    return {step for _, steps in cases for step in steps[:2]}


@drawn(6)
@given(
    schedule=schedules, cases=stays, day=days, weeks=st.integers(-20, 20),
    seed=st.randoms(use_true_random=False),
)  # fmt: skip
def test_utilisation_does_not_see_order_or_date(
    schedule: list[tuple[str, int, int]],
    cases: list[tuple[str, list[int]]],
    day: str,
    weeks: int,
    seed: Any,
) -> None:
    """Rows in another order, all of them weeks later (and the calendar too): the same answer."""
    moved_day = str(date.fromisoformat(day) + timedelta(weeks=weeks))
    calendar = elective_days(date(2025, 1, 1), date(2027, 1, 1), ())
    shuffled = frames(
        seed.sample(schedule, len(schedule)), seed.sample(cases, len(cases)), moved_day
    )
    by = ["theatre", "weekday"]
    here = use(*frames(schedule, cases, day), by=by, calendar_days=calendar)

    pd.testing.assert_frame_equal(here, use(*shuffled, by=by, calendar_days=calendar))


@drawn(6)
@given(schedule=schedules, cases=stays, day=days)
def test_utilisation_splits_add_up_and_shares_are_shares(
    schedule: list[tuple[str, int, int]], cases: list[tuple[str, list[int]]], day: str
) -> None:
    """VO and theatres together are the whole; only two definitions may pass 100 %."""
    blocks = frames(schedule, cases, day)
    whole = use(*blocks, by=[]).set_index("definition")
    for by in (["vo"], ["theatre", "month"], ["weekday", "week"]):
        split = use(*blocks, by=by)
        together = split.groupby("definition")[list(MINUTES)].sum()
        pd.testing.assert_frame_equal(
            together.sort_index(), whole[together.columns].sort_index(), check_dtype=False
        )
        bounded = split[~split["definition"].isin(MAY_PASS_ONE)]
        assert bounded["share"].dropna().between(0, 1).all()
    load = under_over_use_by(*blocks, by=[])
    if len(whole):
        occupied, length = whole.loc["aacd_raw", list(MINUTES)]
        assert load["unused_minutes"].item() == pytest.approx(length - occupied)
        capped, uncapped = whole.loc["nhs_capped"], whole.loc["nhs_uncapped"]
        assert uncapped["numerator_minutes"] >= capped["numerator_minutes"]


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (MONDAY, 24)])
def test_session_of_a_whole_day_has_the_hours_of_that_day(day: str, hours: int) -> None:
    """The days of the clock change have 23 and 25 hours, elective ones too."""
    tomorrow = str(date.fromisoformat(day) + timedelta(days=1))
    blocks = sessions({"date": day, "start_at": f"{day} 00:00", "end_at": f"{tomorrow} 00:00"})
    all_day = elective_days(
        date.fromisoformat(day), date.fromisoformat(tomorrow), (),
        hours=dict.fromkeys(range(1, 8), (0, 24 * 60)),
    )  # fmt: skip
    answer = use(operations(), blocks, by=[], calendar_days=all_day)

    assert minutes(answer, "aacd_raw") == (0, hours * 60)
    assert minutes(answer, "spor_patient_time") == (0, hours * 60)


def test_elective_days_are_spors() -> None:
    """Monday to Thursday 07–17, Friday 07–14, no weekends, no public holidays."""
    week = elective_days(date(2026, 5, 11), date(2026, 5, 18), {date(2026, 5, 14)})

    assert week["date"].dt.day.tolist() == [11, 12, 13, 15]
    assert week["elective_start_minute"].tolist() == [420] * 4
    assert week["elective_end_minute"].tolist() == [1020, 1020, 1020, 840]


def test_holiday_and_weekend_have_sessions_without_elective_hours() -> None:
    """SPOR's measures have no denominator there, and say so; the others count."""
    blocks = sessions(
        block("1", "2026-05-14", "08:00", "16:00"), block("1", SATURDAY, "08:00", "16:00")
    )
    answer = use(operations(), blocks, by=[]).set_index("definition")

    assert answer.loc["spor_patient_time", "denominator_minutes"] == 0
    assert np.isnan(answer.loc["spor_patient_time", "share"])
    assert answer.loc["spor_patient_time", "sessions"] == 0
    assert answer.loc["aacd_raw", ["denominator_minutes", "sessions"]].tolist() == [960, 2]


def test_staffed_hours_replace_the_session_where_they_are_known() -> None:
    """A theatre staffed from 09 to 13 has four elective hours, whatever the session."""
    blocks = sessions(
        block(
            "1", MONDAY, "08:00", "16:00",
            staffed_from_at=f"{MONDAY} 09:00", staffed_to_at=f"{MONDAY} 13:00",
        ),
        block("2", MONDAY, "08:00", "16:00", staffed_to_at=f"{MONDAY} 12:00"),
    )  # fmt: skip
    cases = operations(stay("1", MONDAY, "08:30", "08:45", "09:45", "10:00"))
    answer = use(cases, blocks, by=["theatre"])
    spor = answer[answer["definition"] == "spor_patient_time"]

    assert spor["denominator_minutes"].tolist() == [240, 240]
    assert spor["numerator_minutes"].tolist() == [60, 0]


def test_operation_belongs_where_its_surgery_starts() -> None:
    """The morning's patient is not the afternoon's, though most of the stay is there."""
    blocks = sessions(
        block("1", MONDAY, "08:00", "12:00", session_id="a", vo="morning"),
        block("1", MONDAY, "12:00", "16:00", session_id="b", vo="noon"),
    )
    cases = operations(stay("1", MONDAY, "11:30", "11:50", "14:00", "14:10"))
    answer = use(cases, blocks, by=["vo"]).set_index(["definition", "vo"])["numerator_minutes"]

    assert answer["nhs_capped"].to_dict() == {"morning": 10, "noon": 0}
    assert answer["nhs_uncapped"].to_dict() == {"morning": 130, "noon": 0}
    assert answer["aacd_raw"].to_dict() == {"morning": 30, "noon": 130}
    assert under_over_use_by(cases, blocks, by=[])["over_minutes"].item() == 0


def test_room_window_is_the_longest_sessions() -> None:
    """A theatre's day is whole: it counts once, for the VO that had the most of it."""
    blocks = sessions(
        block("1", MONDAY, "08:00", "11:00", session_id="a", vo="short"),
        block("1", MONDAY, "11:00", "16:00", session_id="b", vo="long"),
    )
    cases = operations(
        stay("1", MONDAY, "08:00", "08:10", "09:50", "10:00"),
        stay("1", MONDAY, "12:00", "12:10", "12:50", "13:00"),
    )
    answer = use(cases, blocks, by=["vo"], definitions=["room_window"]).set_index("vo")

    assert answer["numerator_minutes"].to_dict() == {"long": 180, "short": 0}
    assert answer["denominator_minutes"].to_dict() == {"long": 300, "short": 0}
    assert answer["sessions"].to_dict() == {"long": 1, "short": 0}


def test_same_theatre_name_in_two_units_is_two_theatres() -> None:
    """A patient in Hudiksvall's theatre 1 does not use Bollnäs's."""
    blocks = sessions(
        block("1", MONDAY, "08:00", "16:00"),
        block("1", MONDAY, "08:00", "16:00", operating_unit="bo-opc"),
    )
    cases = operations(stay("1", MONDAY, "08:00", "09:00", "10:00", "12:00"))
    answer = use(cases, blocks, by=["operating_unit"], definitions=["aacd_raw"])

    assert answer["numerator_minutes"].tolist() == [0, 240]


def test_definitions_come_in_the_order_asked_for() -> None:
    """Those asked for and no others, per group."""
    blocks = sessions(block("1", MONDAY, "08:00", "16:00"), block("2", MONDAY, "08:00", "16:00"))
    answer = use(operations(), blocks, by=["theatre"], definitions=["room_window", "aacd_raw"])

    assert answer["definition"].tolist() == ["room_window", "aacd_raw"] * 2


MEASURES: dict[str, Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]] = {
    "utilisation": lambda cases, blocks: use(cases, blocks, by=["vo", "month", "weekday"]),
    "under_over": lambda cases, blocks: under_over_use_by(cases, blocks, by=["vo", "week"]),
}


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize(
    "blocks",
    [
        sessions(),
        sessions({}),
        sessions(block("1", MONDAY, "08:00", "16:00", status="closed")),
        sessions(block("1", MONDAY, "16:00", "08:00")),
    ],
    ids=["none", "nulls", "closed", "backwards"],
)
@pytest.mark.parametrize("cases", [operations(), operations({})], ids=["none", "nulls"])
def test_utilisation_of_nothing_is_empty(
    name: str, blocks: pd.DataFrame, cases: pd.DataFrame
) -> None:
    """No open session, no row; the columns are there, and nulls are no error."""
    measure = MEASURES[name]
    some = measure(cases, sessions(block("1", MONDAY, "08:00", "16:00")))
    answer = measure(cases, blocks)

    assert answer.empty
    assert answer.columns.tolist() == some.columns.tolist()
    assert len(some) == (len(ALL) if name == "utilisation" else 1)


def test_definition_effect_tells_definition_from_period() -> None:
    """Two definitions 20 points apart in months 10 points apart: 80 % is definition."""
    shares = pd.DataFrame(
        {
            "month": ["2026-03", "2026-04"] * 2,
            "definition": ["a", "a", "b", "b"],
            "share": [0.4, 0.5, 0.6, 0.7],
        }
    )
    effect = definition_effect(shares)

    assert effect.definition == pytest.approx(0.8)
    assert effect.period == pytest.approx(0.2)
    assert effect.remainder == pytest.approx(0)
    assert np.isnan(definition_effect(shares.iloc[:0]).definition)
    assert np.isnan(definition_effect(shares.assign(share=0.5)).definition)


def test_patient_out_before_in_uses_no_time() -> None:
    """Such an operation is left out, rather than taking an hour from the rest or the day."""
    blocks = sessions(block("1", MONDAY, "08:00", "16:00"))
    right = stay("1", MONDAY, "09:00", "09:10", "09:50", "10:00")
    wrong = stay("1", MONDAY, "12:00", "12:10", "12:20", "11:00")

    with_it = use(operations(right, wrong), blocks, [])
    pd.testing.assert_frame_equal(with_it, use(operations(right), blocks, []))
    pd.testing.assert_frame_equal(use(operations(wrong), blocks, []), use(operations(), blocks, []))
