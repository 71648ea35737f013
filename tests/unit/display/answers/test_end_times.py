"""Answers and sentences of the end times report, counted by hand in `theatre_days`."""

from collections.abc import Callable
from typing import Any

import pytest

from lpe_reports.display.opening import find_opening
from lpe_reports.display.page import Page
from lpe_reports.settings import Project
from lpe_reports.wording import NBSP
from theatre_days import theatre_office

OpenPage = Callable[..., Page]
PARAMETERS = {"cutoffs": ["14:00", "17:00"], "grace_minutes": 0, "years": 2, "history_months": 24}
BANDS = [
    "<14:00", "14:00–14:29", "14:30–14:59", "15:00–15:29", "15:30–15:59", "16:00–16:29",
    "16:30–16:59", "≥17:00",
]  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project of `theatre_days`."""
    return theatre_office(tmp_path_factory.mktemp("theatres"))


@pytest.fixture
def end_times(office: Project, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens the page of a unit and month."""
    monkeypatch.setenv("LPE_PROJECT", str(office.root))
    monkeypatch.setenv("LPE_RUN", "1")
    monkeypatch.delenv("LPE_NIGHT", raising=False)

    def opened(unit: str = "hu-cop", period: str = "2026-04", **changes: Any) -> Page:
        return Page(find_opening("end_times", unit, period, PARAMETERS | changes))

    return opened


def rows(page: Page, name: str) -> list[list[object]]:
    return [list(row) for row in page.answer(name).cells()]


def words(page: Page, name: str, **options: Any) -> str:
    return page.sentence(name, **options).replace(NBSP, " ")


def test_theatres_count_days_by_half_hour(end_times: OpenPage) -> None:
    """13:40 and 17:00 in Hu 1, 14:00 and 16:59 in Hu 2; without staff or planned, nothing."""
    page = end_times()

    assert [column.label for column in page.answer("end_times.theatres").columns] == [
        "Sal", "Summa", *BANDS,
    ]  # fmt: skip
    assert rows(page, "end_times.theatres") == [
        ["Hu 1", 2, 1, 0, 0, 0, 0, 0, 0, 1],
        ["Hu 2", 2, 0, 1, 0, 0, 0, 0, 1, 0],
        ["Alla salar", 4, 1, 1, 0, 0, 0, 0, 1, 1],
    ]


def test_theatre_shares_are_whole_per_cents_of_the_same(end_times: OpenPage) -> None:
    """One of two is 50 %, one of four 25 %."""
    found = rows(end_times(), "end_times.theatre_shares")

    assert found[0] == ["Hu 1", 0.5, 0, 0, 0, 0, 0, 0, 0.5]
    assert found[-1] == ["Alla salar", 0.25, 0.25, 0, 0, 0, 0, 0.25, 0.25]


def test_shares_have_no_decimals(end_times: OpenPage) -> None:
    """The three Tuesdays of 2026 end in a band each: 33 %, which makes 99 together."""
    page = end_times()
    by_name = {row[0]: row[1:] for row in rows(page, "end_times.weekday_shares")}

    assert by_name["Tisdag 2026"] == [0.33, 0.33, 0, 0.33, 0, 0, 0, 0]


def test_weekdays_count_the_years_to_the_month(end_times: OpenPage) -> None:
    """The newest year first, all weekdays last in each; May is not April's."""
    assert [row[:4] for row in rows(end_times(), "end_times.weekdays")] == [
        ["2026", "Tisdag", 3, 1],
        ["2026", "Onsdag", 2, 0],
        ["2026", "Alla", 5, 1],
        ["2025", "Tisdag", 1, 1],
        ["2025", "Alla", 1, 1],
    ]


def test_weekday_shares_stand_year_by_year(end_times: OpenPage) -> None:
    """Each weekday of a year beside the same weekday of another."""
    names = [row[0] for row in rows(end_times(), "end_times.weekday_shares")]

    assert names == ["Tisdag 2025", "Tisdag 2026", "Onsdag 2026", "Alla 2025", "Alla 2026"]


def test_years_are_as_many_as_said(end_times: OpenPage) -> None:
    """One year alone leaves 2025 out."""
    assert {row[0] for row in rows(end_times(years=1), "end_times.weekdays")} == {"2026"}


def test_grace_counts_who_just_came_over_a_cutoff_before_it(end_times: OpenPage) -> None:
    """With one minute 14:00 is before 14:00, and 17:00 no later than 16:59; the note says so."""
    page = end_times(grace_minutes=1)

    assert rows(page, "end_times.theatres")[-1] == ["Alla salar", 4, 2, 0, 0, 0, 0, 0, 2, 0]
    assert "slutade 2 före 14:00 och ingen klockan 17:00" in words(page, "end_times.summary")
    assert words(page, "end_times.grace_note") == (
        "Den som lämnar salen högst 1 minut efter att en halvtimme börjat räknas till halvtimmen "
        "före."
    )
    assert words(end_times(), "end_times.grace_note") == ""


def test_cutoffs_set_the_half_hours(end_times: OpenPage) -> None:
    """From 15:00 to 16:00 there are two between."""
    page = end_times(cutoffs=["15:00", "16:00"])

    assert rows(page, "end_times.theatres")[-1] == ["Alla salar", 4, 2, 0, 0, 2]


@pytest.mark.parametrize(
    ("unit", "period", "said"),
    [
        (
            "hu-cop",
            "2026-04",
            "Den sista planerade patienten lämnade salen klockan 15:30 i median, 30 minuter senare "
            "än förra månaden. Av 4 salsdagar slutade en före 14:00 och en klockan 17:00 eller "
            "senare. Andelen sena var 25,0 %, 25,0 procentenheter högre än förra månaden.",
        ),
        (
            "hu-cop",
            "2026-05",
            "Den sista planerade patienten har hittills lämnat salen klockan 12:00 i median, 210 "
            "minuter tidigare än de tio första dagarna förra månaden. Av 1 salsdag har en slutat "
            "före 14:00 och ingen klockan 17:00 eller senare. Andelen sena är 0,0 %, 25,0 "
            "procentenheter lägre än de tio första dagarna förra månaden.",
        ),
        (
            "bo-opc",
            "2026-04",
            "Den sista planerade patienten lämnade salen klockan 12:00 i median, lika dags som "
            "förra månaden. Av 1 salsdag slutade en före 14:00 och ingen klockan 17:00 eller "
            "senare. Andelen sena var 0,0 %.",
        ),
        (
            "bo-opc",
            "2026-03",
            "Den sista planerade patienten lämnade salen klockan 12:00 i median. Av 1 salsdag "
            "slutade en före 14:00 och ingen klockan 17:00 eller senare. Andelen sena var 0,0 %.",
        ),
        (
            "ga-cop",
            "2026-04",
            "Centraloperation Gävle hade inga planerade patienter med anestesipersonal under april "
            "2026.",
        ),
        (
            "ga-dagkir",
            "2026-05",
            "Dagkirurgi Gävle har hittills inte haft några planerade patienter med "
            "anestesipersonal under maj 2026.",
        ),
    ],
)
def test_summary_is_true_of_the_month(
    end_times: OpenPage, unit: str, period: str, said: str
) -> None:
    """Later, under way and earlier, alike, first, emergencies only, nothing at all."""
    assert words(end_times(unit, period), "end_times.summary") == said


def test_selection_is_written_as_the_office_writes_it(end_times: OpenPage) -> None:
    """The unit, the days, with anaesthesia staff, elective; days to come are not counted."""
    assert words(end_times(), "end_times.selection") == (
        "Centraloperation Hudiksvall, 2026-04-01 till 2026-04-30, med anestesipersonal, elektiva"
    )
    page = end_times(period="2026-05")
    assert "2026-05-01 till 2026-05-10" in words(page, "end_times.selection")
    assert "2025-01-01 till 2026-05-10" in words(page, "end_times.selection", years=2)
    assert "2024-06-01 till 2026-05-10" in words(page, "end_times.selection", months=24)


def test_a_year_under_way_is_said_to_be(end_times: OpenPage) -> None:
    """To the month's end, or the day before the night; December's page has whole years."""
    assert "2026 räknas till och med 30 april 2026" in words(
        end_times(), "end_times.year_under_way"
    )
    page = end_times(period="2026-05")
    assert "till och med 10 maj 2026" in words(page, "end_times.year_under_way")
    assert words(end_times(period="2025-12"), "end_times.year_under_way") == ""


@pytest.mark.parametrize(
    "name",
    [
        "end_times.theatres", "end_times.theatre_shares", "end_times.weekdays",
        "end_times.weekday_shares",
    ],
)  # fmt: skip
def test_tables_of_nothing_have_no_rows(end_times: OpenPage, name: str) -> None:
    """A unit without operations has no total of nothing."""
    assert rows(end_times("ga-dagkir"), name) == []


def test_series_can_be_asked_of_one_verksamhetsomrade(end_times: OpenPage) -> None:
    """All is Ortopedi's here, and nothing Kirurgi's; by month as on the page."""
    page = end_times()
    series = page.series("end_time_median", vo="ortopedi", last=2)

    assert [point.value for point in series.points] == [900, 929.5]
    assert page.series("ended_late", vo="kirurgi", last=2).now.value is None
