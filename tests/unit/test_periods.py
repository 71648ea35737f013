"""Periods: spelling, order and neighbours, across ISO years too."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn import drawn
from lpe_reports.errors import UsageError
from lpe_reports.periods import PeriodKind, last_periods, parse_period, period_at, week_label

pytestmark = pytest.mark.promise(
    "clock", "Weeks, months and years follow each other without a gap, over week 53 and New Year"
)

days = st.dates(min_value=date(2001, 1, 1), max_value=date(2090, 12, 31))
kinds = st.sampled_from(list(PeriodKind))


@drawn(100)
@given(kind=kinds, day=days)
def test_period_id_reads_back_as_the_same_period(kind: PeriodKind, day: date) -> None:
    """What is written in an address can be read again."""
    period = period_at(kind, day)

    assert parse_period(period.id) == period


@drawn(100)
@given(kind=kinds, day=days)
def test_period_holds_the_day_it_was_made_for(kind: PeriodKind, day: date) -> None:
    """A day lies in its own period."""
    period = period_at(kind, day)

    assert period.start <= day < period.end


@drawn(100)
@given(kind=kinds.filter(lambda kind: kind is not PeriodKind.ROLLING12), day=days)
def test_neighbouring_periods_leave_no_gap(kind: PeriodKind, day: date) -> None:
    """Each period begins where the one before it ends."""
    period = period_at(kind, day)

    assert period.previous().end == period.start
    assert period.next().start == period.end
    assert period.previous().next() == period


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-W08", date(2026, 2, 16), date(2026, 2, 22)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2027-W01", date(2027, 1, 4), date(2027, 1, 10)),
        ("2026-05", date(2026, 5, 1), date(2026, 5, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-T1", date(2026, 1, 1), date(2026, 4, 30)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("r12-2026-05", date(2025, 6, 1), date(2026, 5, 31)),
        ("2026-W12--2026-W21", date(2026, 3, 16), date(2026, 5, 24)),
    ],
)
def test_period_spelling_names_its_days(text: str, first: date, last: date) -> None:
    """Every spelling of the plan of record means the days it should."""
    period = parse_period(text)

    assert (period.start, period.last_day) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["2026-19", "2026-W54", "2025-W53", "2026-13", "2026-Q5", "vecka 19", "", "2026-W12--2026-W20"],
)
def test_impossible_period_is_refused_with_examples(text: str) -> None:
    """A period that the calendar lacks is an error that shows how one is written."""
    with pytest.raises(UsageError, match="2026-W19"):
        parse_period(text)


def test_week_label_has_no_zero_padding() -> None:
    """Weeks are shown as the office writes them."""
    assert week_label(date(2026, 2, 16)) == "2026-8"


def test_window_ends_with_the_period_under_way() -> None:
    """On Monday 11 May the last whole week is 19, and May has begun."""
    night = date(2026, 5, 11)

    assert [p.id for p in last_periods(PeriodKind.WEEK, night, 2)] == ["2026-W18", "2026-W19"]
    assert last_periods(PeriodKind.MONTH, night, 1)[0].id == "2026-05"
    assert last_periods(PeriodKind.ROLLING12, night, 1)[0].id == "r12-2026-04"


def test_week_53_is_compared_with_week_52_of_a_shorter_year() -> None:
    """The same week last year exists for every week."""
    assert parse_period("2026-W53").same_last_year().id == "2025-W52"


@drawn(100)
@given(day=days)
def test_rolling_twelve_months_are_a_year_long(day: date) -> None:
    """Twelve whole months, whatever the month."""
    period = period_at(PeriodKind.ROLLING12, day)

    assert period.days in (365, 366)
    assert (period.last_day + timedelta(days=1)).day == 1


def test_dates_in_words_name_each_month_and_year_once() -> None:
    """4–10 maj 2026, and both years where a week spans New Year."""
    assert parse_period("2026-W19").dates == "4–10 maj 2026"
    assert parse_period("2026-W18").dates == "27 april–3 maj 2026"
    assert parse_period("2026-W53").dates == "28 december 2026–3 januari 2027"


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2020, 12, 27), "2020-W52"),
        (date(2020, 12, 28), "2020-W53"),
        (date(2021, 1, 3), "2020-W53"),
        (date(2021, 1, 4), "2021-W01"),
        (date(2026, 12, 27), "2026-W52"),
        (date(2026, 12, 28), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2024, 12, 30), "2025-W01"),
        (date(2026, 1, 1), "2026-W01"),
    ],
)
def test_week_at_new_year_belongs_to_the_year_of_its_thursday(day: date, week: str) -> None:
    """ISO 8601: the year of a week is not always that of its days."""
    period = period_at(PeriodKind.WEEK, day)

    assert period.id == week
    assert parse_period(week) == period
    assert str((period.start + timedelta(days=3)).year) == week[:4]


def test_weeks_follow_each_other_over_week_53() -> None:
    """2020-W53 stands between 2020-W52 and 2021-W01, as 2026-W53 does six years later."""
    for year in (2020, 2026):
        last = parse_period(f"{year}-W53")

        assert last.previous().id == f"{year}-W52"
        assert last.next().id == f"{year + 1}-W01"
        assert last.next().previous() == last


@settings(max_examples=100, deadline=None, derandomize=True)
@given(kind=kinds, day=days, count=st.integers(1, 60))
def test_last_periods_are_as_many_as_asked_for_without_gaps(
    kind: PeriodKind, day: date, count: int
) -> None:
    """Oldest first, each spelt in its own way, the newest begun before the night."""
    periods = last_periods(kind, day, count)

    assert len(periods) == len({period.id for period in periods}) == count
    assert periods == sorted(periods)
    assert all(then.previous() == first for first, then in pairwise(periods))
    assert periods[-1].start < day
    assert [parse_period(period.id) for period in periods] == periods


@settings(max_examples=100, deadline=None, derandomize=True)
@given(day=days)
def test_schedule_is_ten_weeks_from_a_monday(day: date) -> None:
    """Also over New Year and week 53; every week lies in one schedule."""
    schedule = period_at(PeriodKind.SCHEDULE, day)
    weeks = [period_at(PeriodKind.WEEK, schedule.start + timedelta(weeks=n)) for n in range(10)]

    assert schedule.days == 70
    assert schedule.start.isoweekday() == 1
    assert schedule.id == f"{weeks[0].id}--{weeks[-1].id}"
    assert all(period_at(PeriodKind.SCHEDULE, week.start) == schedule for week in weeks)


def test_a_schedule_over_new_year_names_both_years() -> None:
    """Week 44 of one year to week 1 of the next; within a year it is named once."""
    over = period_at(PeriodKind.SCHEDULE, date(2025, 12, 1))

    assert over.long == "vecka 44 2025–1 2026"
    assert over.next().next().long == "vecka 12–21 2026"
