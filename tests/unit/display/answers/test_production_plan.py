"""The plan report on a small office: plan, outcome and forecast are those reckoned by hand.

Kirurgi has two sections. Allmän kirurgi plans 20 operations of two hours a month, from April 2026
on 18; Urologi ten of one hour. Both did what was planned through 2025. Öron, näsa och hals has a
plan since January 2026 only, Anestesi operates without one, Ögon does nothing.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from statistics import stdev
from typing import Any

import pytest

from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.answer import find_answer, find_sentence
from lpe_reports.display.answers import production_plan_words as words
from lpe_reports.display.opening import find_opening
from lpe_reports.display.page import Page
from lpe_reports.settings import Project
from small_warehouse import (
    NIGHT,
    duckdb_sources,
    need,
    operation_at,
    session,
    target,
    waiting,
    whole_project,
)

OpenPage = Callable[..., Page]
YEAR_BEFORE = {f"2025-{month:02d}": 20 for month in range(1, 13)}
# Operations of each section and month: vo, section, hours of one, number by month.
DONE: tuple[tuple[str, str, int, dict[str, int]], ...] = (
    ("Kirurgi", "Kir", 2, YEAR_BEFORE | {
        "2026-01": 20, "2026-02": 16, "2026-03": 18, "2026-04": 18, "2026-05": 4}),
    ("Kirurgi", "Uro", 1, dict.fromkeys(YEAR_BEFORE, 10) | {
        "2026-01": 10, "2026-02": 10, "2026-03": 8, "2026-04": 12, "2026-05": 3}),
    ("ÖNH", "ÖNH", 1, {f"2026-{month:02d}": 1 for month in range(1, 5)}),
    ("Anestesi", "Ane", 1, {"2026-04": 1}),
)  # fmt: skip
# vo, section, version, operations and hours a month from the version's month to December.
PLANNED = (
    ("Kirurgi", "Kir", date(2024, 12, 1), 20, 40.0),
    ("Kirurgi", "Kir", date(2025, 12, 1), 20, 40.0),
    ("Kirurgi", "Kir", date(2026, 4, 1), 18, 36.0),
    ("Kirurgi", "Uro", date(2024, 12, 1), 10, 10.0),
    ("Kirurgi", "Uro", date(2025, 12, 1), 10, 10.0),
    ("ÖNH", "ÖNH", date(2025, 12, 1), 2, 2.0),
)
Z = 1.959963984540054
# What Allmän kirurgi and Urologi did of single months' plans, all 16 that are over by May.
SPREADS = (stdev([1.0] * 14 + [0.8, 0.9]), stdev([1.0] * 14 + [0.8, 1.2]))


def operations() -> list[dict[str, Any]]:
    """One operation a day from the first of each month, each in a theatre of its own."""
    rows: list[dict[str, Any]] = []
    for vo, section, hours, months in DONE:
        for month, count in months.items():
            for number in range(count):
                begin = datetime.fromisoformat(f"{month}-01 08:00") + timedelta(days=number)
                start = begin + timedelta(minutes=30)
                end = start + timedelta(hours=hours)
                rows.append(
                    operation_at(
                        len(rows), begin, vo=vo, section=section, theatre=f"Sal {len(rows)}",
                        surgery_end_at=end, anaesthesia_end_at=end + timedelta(minutes=5),
                        patient_out_at=end + timedelta(minutes=10), operation_id=f"P{len(rows)}",
                    )
                )  # fmt: skip
    return rows


def plan() -> list[dict[str, Any]]:
    rows = []
    for vo, section, version, count, hours in PLANNED:
        year = version.year + (version.month == 12)
        for month in range(1 if version.month == 12 else version.month, 13):
            rows.append(
                {"vo": vo, "section": section, "month": f"{year}-{month:02d}", "version": version,
                 "operations": count, "hours": hours}
            )  # fmt: skip
    return rows


def planned_office(project: Project, *, planned: bool) -> Project:
    office = whole_project(project.root)
    office.tables = {
        "operations": operations(),
        "needs": [need(0)],
        "waiting_list": [waiting(number, "operation", NIGHT) for number in range(5)],
        "sessions": [session(number) for number in range(5)],
        "targets": [target("operations", 130) | {"unit": "Kirurgi"}],
    }
    if planned:
        office.tables["production_plan"] = plan()
    office.sources(duckdb_sources(*office.tables))
    office.extract()
    return office.project


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return planned_office(Project(tmp_path_factory.mktemp("plan") / "office"), planned=True)


@pytest.fixture(scope="module")
def unplanned(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return planned_office(Project(tmp_path_factory.mktemp("plan") / "none"), planned=False)


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens the plan page of a verksamhetsområde and month."""
    monkeypatch.setenv("LPE_RUN", "1")
    monkeypatch.delenv("LPE_NIGHT", raising=False)

    def opened(project: Project, unit: str = "kirurgi", period: str = "2026-04") -> Page:
        monkeypatch.setenv("LPE_PROJECT", str(project.root))
        return Page(find_opening("production_plan", unit, period, {}))

    return opened


def asked(page: Page, name: str, **options: Any) -> Protected:
    found: Protected = find_answer(f"production_plan.{name}")(page, **options)
    return found


def said(page: Page, name: str = "summary", **options: Any) -> str:
    text: str = find_sentence(f"production_plan.{name}")(page, **options)
    return text.replace("\u00a0", " ")


def rounded(table: Protected) -> list[tuple[object, ...]]:
    return [
        tuple(round(cell, 3) if isinstance(cell, float) else cell for cell in row)
        for row in table.cells()
    ]


def test_month_holds_outcome_against_the_plan_in_force(
    office: Project, open_page: OpenPage
) -> None:
    """In April the plan of April itself; the row for all is the sum, its shares those of sums."""
    assert rounded(asked(open_page(office), "month")) == [
        ("Allmän kirurgi", 18, 18, 1.0, 36.0, 36.0, 1.0),
        ("Urologi", 12, 10, 1.2, 12.0, 10.0, 1.2),
        ("Alla sektioner", 30, 28, round(30 / 28, 3), 48.0, 46.0, round(48 / 46, 3)),
    ]


def test_month_under_way_has_no_share(office: Project, open_page: OpenPage) -> None:
    """The plan is of the whole month, so that ten days of outcome are not held against it."""
    table = asked(open_page(office, period="2026-05"), "month")

    assert [column.type for column in table.columns].count("share") == 0
    assert table.cells()[-1] == ("Alla sektioner", 7, 28, 11.0, 46.0)


def test_year_to_date_ends_with_the_last_whole_month(office: Project, open_page: OpenPage) -> None:
    """The same in April and in May, and beside it the same months of the year before."""
    expected = ("Alla sektioner", 112, 118, round(112 / 118, 3), 184.0, 196.0, round(184 / 196, 3))
    april, may = open_page(office), open_page(office, period="2026-05")

    assert rounded(asked(april, "to_date"))[-1] == expected
    assert rounded(asked(may, "to_date"))[-1] == expected
    assert rounded(asked(may, "to_date", of_before=True))[-1][:4] == ("Alla sektioner", 120, 120, 1)
    assert said(may, "to_date_label") == "Planuppfyllelse januari–april 2026"


def test_year_adds_the_forecast_to_the_months_that_are_over(
    office: Project, open_page: OpenPage
) -> None:
    """Eight months' plan times what was done of February's to April's, with its interval."""
    pace, (spread, spread_uro) = 52 / 58, SPREADS
    rest = 144 * pace
    expected = [
        (72, rest, 72 + rest, 72 + 144 * (pace - Z * spread), 72 + 144 * (pace + Z * spread)),
        (40, 80, 120, 40 + 80 * (1 - Z * spread_uro), 40 + 80 * (1 + Z * spread_uro)),
    ]
    expected.append(tuple(sum(pair) for pair in zip(*expected, strict=True)))
    plans = [(222, 240), (120, 120), (342, 360)]

    rows = asked(open_page(office), "whole_year").cells()

    assert [row[0] for row in rows] == ["Allmän kirurgi", "Urologi", "Alla sektioner"]
    for row, numbers, plan_numbers in zip(rows, expected, plans, strict=True):
        assert row[1:6] == pytest.approx(numbers)
        assert row[6:] == pytest.approx(plan_numbers)


def test_month_under_way_is_forecast_and_no_outcome(office: Project, open_page: OpenPage) -> None:
    """Seven operations of May are in the chart, and the year counts May by its forecast."""
    april, may = (open_page(office, period=f"2026-{month}") for month in ("04", "05"))

    assert asked(may, "whole_year").cells()[-1] == asked(april, "whole_year").cells()[-1]
    assert said(may, "forecast_note").endswith("Maj räknas med sin prognos.")


def test_months_show_outcome_or_forecast(office: Project, open_page: OpenPage) -> None:
    """Outcome of months begun, a forecast of those that are not over; plans of all."""
    rows = asked(open_page(office, period="2026-05"), "by_month").frame.set_index("month")

    assert rows["outcome"].dropna().to_dict() == {
        "2026-01": 30, "2026-02": 26, "2026-03": 26, "2026-04": 30, "2026-05": 7,
    }  # fmt: skip
    assert rows["forecast"].notna().tolist() == [False] * 4 + [True] * 8
    assert rows["forecast"].iloc[-1] == pytest.approx(18 * 52 / 58 + 10)
    assert rows["plan"].tolist() == [30] * 3 + [28] * 9
    assert rows["first"].tolist() == [30] * 12


def test_page_of_a_month_that_is_over_knows_no_later_plan(
    office: Project, open_page: OpenPage
) -> None:
    """The plan of April 2026 is not the plan that January's page holds the year against."""
    row = asked(open_page(office, period="2026-01"), "whole_year").cells()[-1]

    assert row[-2:] == (360, 360)


def test_year_that_is_over_has_no_forecast(office: Project, open_page: OpenPage) -> None:
    """Outcome and plans alone, and no words on how to read a forecast."""
    page = open_page(office, period="2025-12")

    assert asked(page, "whole_year").cells()[-1] == ("Alla sektioner", 360, 360, 360)
    assert said(page, "forecast_note") == ""


def test_rolling_year_is_twelve_months(office: Project, open_page: OpenPage) -> None:
    """Eight months of 2025 and four of 2026; before that the data does not reach."""
    page = open_page(office, period="2026-05")

    assert asked(page, "rolling").cells() == (("2026-04", 8 * 30 + 112),)
    assert len(asked(page, "rolling", of_before=True)) == 0


def test_fulfilment_is_followed_per_month(office: Project, open_page: OpenPage) -> None:
    """Of both sections together; a month under way has none."""
    series = open_page(office, period="2026-05").series("plan_fulfilment", last=4)

    values = [point.value for point in series.points]
    assert values[:3] == pytest.approx([26 / 30, 26 / 30, 30 / 28])
    assert values[3] is None
    hours = open_page(office).series("plan_fulfilment_hours", section="uro", last=2)
    assert [point.value for point in hours.points] == pytest.approx([0.8, 1.2])


def test_monthly_operations_have_no_weekly_target(office: Project, open_page: OpenPage) -> None:
    """A target of 130 operations is a week's; a month's operations are held against the plan."""
    series = open_page(office).series("plan_operations", last=2)

    assert (series.now.value, series.target) == (30, None)


SUMMARIES = {
    ("kirurgi", "2025-12"): (
        "I december 2025 gjordes 30 operationer, precis som planerat (30). Operationstimmarna blev "
        "100,0 % av planens. Hela 2025 gjordes 360 operationer, precis som planerat (360)."
    ),
    ("kirurgi", "2026-02"): (
        "I februari 2026 gjordes 26 operationer, fyra färre än planens 30 (86,7 %). "
        "Operationstimmarna blev 84,0 % av planens. Januari–februari 2026 gjordes 56 operationer, "
        "fyra färre än planens 60 (93,3 %). "
    ),
    ("kirurgi", "2026-04"): (
        "I april 2026 gjordes 30 operationer, två fler än planens 28 (107,1 %). "
        "Operationstimmarna blev 104,3 % av planens. Januari–april 2026 gjordes 112 operationer, "
        "sex färre än planens 118 (94,9 %). Prognosen för hela 2026 är 321 operationer (294–348), "
        "och planen på 342 ligger inom det intervallet."
    ),
    ("kirurgi", "2026-05"): (
        "Hittills i maj 2026 har 7 operationer gjorts, 13 färre än de tio första dagarna förra "
        "månaden. Planen för hela månaden är 28. Januari–april 2026 gjordes 112 operationer"
    ),
    ("onh", "2026-04"): (
        "I april 2026 gjordes en operation, en färre än planens 2 (50,0 %). Operationstimmarna "
        "blev 50,0 % av planens. Januari–april 2026 gjordes 4 operationer, fyra färre än planens "
        "8 (50,0 %). Prognosen för hela 2026 är 12 operationer; planen är 24."
    ),
    ("anestesi", "2026-04"): (
        "I april 2026 gjordes en operation; någon plan finns inte. Januari–april 2026 gjordes en "
        "operation; någon plan finns inte."
    ),
    ("ogon", "2026-04"): "I april 2026 gjordes inga operationer; någon plan finns inte.",
}  # fmt: skip


@pytest.mark.parametrize(("unit", "period"), SUMMARIES)
def test_summary_says_what_happened(
    office: Project, open_page: OpenPage, unit: str, period: str
) -> None:
    """More, fewer and as many as planned; under way, new, without a plan, and nothing at all."""
    assert said(open_page(office, unit, period)).startswith(SUMMARIES[unit, period])


def test_january_is_not_told_twice(office: Project, open_page: OpenPage) -> None:
    """The year so far is the month itself."""
    text = said(open_page(office, period="2026-01"))

    assert text.startswith("I januari 2026 gjordes 30 operationer, precis som planerat (30).")
    assert text.count("gjordes") == 1


def test_plan_lies_where_the_shown_numbers_say() -> None:
    """As they are rounded: what reads as the interval's end is within it."""
    assert words._place(351.4, 291.0, 351.4) == "inom det intervallet"
    assert words._place(352.0, 291.0, 351.4) == "över det intervallet"
    assert words._place(290.0, 291.0, 351.4) == "under det intervallet"


def test_page_without_a_plan_tells_what_was_done(unplanned: Project, open_page: OpenPage) -> None:
    """Where the office delivered no plan the outcome stands, and nothing is made up."""
    page = open_page(unplanned)

    assert asked(page, "month").cells()[-1][:4] == ("Alla sektioner", 30, None, None)
    assert page.series("plan_fulfilment", last=2).now.value is None
    assert said(page).startswith("I april 2026 gjordes 30 operationer; någon plan finns inte.")
