"""The line under a title: a period under way says which days its numbers are about."""

from collections.abc import Callable
from datetime import date

import pytest

from lpe_reports.display.opening import find_opening, whole_months_until
from lpe_reports.display.page import Page
from lpe_reports.periods import parse_period

OpenPage = Callable[..., Page]


@pytest.mark.parametrize(
    ("period", "night", "until"),
    [
        ("2026", date(2026, 5, 11), date(2026, 5, 1)),
        ("2026", date(2026, 5, 1), date(2026, 5, 1)),
        ("2026", date(2026, 1, 20), date(2026, 1, 20)),
        ("2025", date(2026, 5, 11), date(2026, 1, 1)),
        ("2026-Q2", date(2026, 4, 9), date(2026, 4, 9)),
        ("2026-Q2", date(2026, 6, 9), date(2026, 6, 1)),
    ],
)
def test_whole_months_end_where_the_newest_did(period: str, night: date, until: date) -> None:
    """In a period's first month there is nothing but days; one that is over is counted whole."""
    assert whole_months_until(parse_period(period), night) == until


@pytest.mark.parametrize(
    ("period", "whole_months", "when"),
    [
        ("2026", True, "1 januari–30 april 2026, hela månader"),
        ("2026", False, "1 januari–31 december 2026"),
        ("2025", True, "1 januari–31 december 2025"),
    ],
)
def test_a_year_under_way_is_dated_to_where_it_is_counted(
    open_page: OpenPage, period: str, whole_months: bool, when: str
) -> None:
    """On 11 May nothing is said of the days after 30 April where months are counted whole."""
    open_page("NGB49", "2025", report="procedure")

    opening = find_opening("procedure", "NGB49", period, {}, whole_months=whole_months)

    assert opening.title.when == when
    assert opening.title.ongoing == (period == "2026")
