"""The capacity report on a small schedule of Bollnäs, with its need and its plan reckoned by hand.

Weeks 12–21 of 2026, under way on Monday of week 20. Sessions are 07:30–16:00, eight and a half
hours. An operation in a theatre takes two hours there, one of them surgery.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.answer import find_answer, find_sentence
from lpe_reports.display.answers.capacity_plan import planned_hours
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
at = datetime.fromisoformat
BOLLNAS, HUDIKSVALL = "Bo - Op-c", "Hu - C-op"
THIS, BEFORE = "2026-W12--2026-W21", "2026-W02--2026-W11"
HOLIDAYS = {date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14)}
# unit, theatre, day, VO (None: nobody's), status
SESSIONS = (
    (BOLLNAS, "Bo 1", "2026-03-16", "Ortopedi", "open"),
    (BOLLNAS, "Bo 1", "2026-03-23", "Ortopedi", "open"),
    (BOLLNAS, "Bo 1", "2026-05-18", "Ortopedi", "open"),
    (BOLLNAS, "Bo 1", "2026-03-24", "Ortopedi", "closed"),
    (BOLLNAS, "Bo 1", "2026-03-25", "Ortopedi", "released"),
    (BOLLNAS, "Bo 2", "2026-03-16", "Kirurgi", "open"),
    (BOLLNAS, "Bo 3", "2026-03-16", None, "open"),
    (HUDIKSVALL, "Hu 1", "2026-03-16", "Ortopedi", "open"),
    # The schedule before, of which it is learnt what session time an operation hour takes.
    (BOLLNAS, "Bo 1", "2026-01-12", "Ortopedi", "open"),
    (HUDIKSVALL, "Hu 1", "2026-01-13", "Ortopedi", "open"),
    # The one to come.
    (BOLLNAS, "Bo 1", "2026-05-25", "Ortopedi", "open"),
    (BOLLNAS, "Bo 2", "2026-05-25", "Kirurgi", "closed"),
)
# VO, medical priority (days), waiting, of whom the latest day has passed
WAITING = (("Ortopedi", 90, 9, 0), ("Kirurgi", 28, 12, 6), ("Kirurgi", 180, 7, 0))
# Three of one VO have the shortest priority, among VO of whom many have it or nobody.
FEW = (
    *WAITING, ("Ortopedi", 14, 3, 0), ("Kvinnosjukvård", 28, 6, 0), ("Kvinnosjukvård", 180, 5, 0),
    ("Ögon", 180, 8, 0), ("ÖNH", 180, 8, 0),
)  # fmt: skip
# The same three beside one VO only.
FEWER = (*WAITING, ("Ortopedi", 14, 3, 0))


def sessions() -> list[dict[str, Any]]:
    rows = []
    for number, (unit, theatre, text, vo, status) in enumerate(SESSIONS):
        day = at(text)
        coming = day >= at("2026-05-25")
        rows.append(
            session(
                number, operating_unit=unit, theatre=theatre, date=day.date(), vo=vo, status=status,
                section=None, start_at=day + timedelta(hours=7, minutes=30),
                end_at=day + timedelta(hours=16), staffed_from_at=None, staffed_to_at=None,
                schedule="2026-W22/2026-W31" if coming else "2026-W12/2026-W21",
                published_on=date(2026, 3, 30) if coming else date(2025, 11, 10),
            )
        )  # fmt: skip
    # Staffed from seven: half an hour before the session.
    rows[0] |= {"staffed_from_at": rows[0]["start_at"] - timedelta(minutes=30),
                "staffed_to_at": rows[0]["end_at"]}  # fmt: skip
    return rows


def operations() -> list[dict[str, Any]]:
    """Two in the first session, and ten in January in theatres without a session."""
    times = [("Bo 1", "2026-03-16 08:00"), ("Bo 1", "2026-03-16 11:00")]
    times += [(f"Sal {n}", f"2026-01-{12 + n} 08:00") for n in range(10)]
    rows = []
    for number, (theatre, text) in enumerate(times):
        begin = at(text)
        rows.append(
            operation_at(
                number, begin, operating_unit=BOLLNAS, theatre=theatre, procedure_code="NGB49",
                surgery_end_at=begin + timedelta(minutes=90),
                anaesthesia_end_at=begin + timedelta(minutes=100),
            )
        )  # fmt: skip
    return rows


def needs(who: tuple[tuple[str, int, int, int], ...]) -> list[dict[str, Any]]:
    rows = []
    for vo, priority, count, passed in who:
        for number in range(count):
            rows.append(
                need(
                    len(rows), decided_at=at("2026-03-02 08:00"), requested_at=None, vo=vo,
                    section=None, operating_unit=BOLLNAS, medical_priority=priority,
                    latest_on=date(2026, 5, 1) if number < passed else None,
                )
            )  # fmt: skip
    # One was operated, one was decided on the day itself, and one waits elsewhere.
    gone = {"removed_at": at("2026-04-01 08:00"), "removed_reason": "opererad"}
    rows.append(need(900, operating_unit=BOLLNAS, decided_at=at("2026-03-02 08:00")) | gone)
    rows.append(need(901, operating_unit=BOLLNAS, decided_at=at("2026-05-11 08:00")))
    rows.append(need(902, operating_unit=HUDIKSVALL, decided_at=at("2026-03-02 08:00")))
    for row in rows[-2:]:
        row["requested_at"] = None
    return rows


def plan() -> list[dict[str, Any]]:
    """One planned hour for each of the months' working days: 22, 20 and 19."""
    return [
        {"vo": "Ortopedi", "section": "Ort", "month": month, "version": date(2025, 12, 1),
         "operations": 10, "hours": hours}
        for month, hours in (("2026-03", 22.0), ("2026-04", 20.0), ("2026-05", 19.0))
    ]  # fmt: skip


def scheduled_office(
    root: Project, who: tuple[tuple[str, int, int, int], ...], *, planned: bool = True
) -> Project:
    office = whole_project(root.root)
    office.tables = {
        "operations": operations(),
        "needs": needs(who),
        "waiting_list": [waiting(number, "operation", NIGHT) for number in range(5)],
        "sessions": sessions(),
        "targets": [target("aacd_raw", 0.8)],
    }
    if planned:
        office.tables["production_plan"] = plan()
    office.sources(duckdb_sources(*office.tables))
    office.extract()
    return office.project


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return scheduled_office(Project(tmp_path_factory.mktemp("capacity") / "office"), WAITING)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return scheduled_office(Project(tmp_path_factory.mktemp("capacity") / "few"), FEW)


@pytest.fixture(scope="module")
def fewer(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return scheduled_office(Project(tmp_path_factory.mktemp("capacity") / "fewer"), FEWER)


@pytest.fixture(scope="module")
def unplanned(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return scheduled_office(
        Project(tmp_path_factory.mktemp("capacity") / "none"), WAITING[:1], planned=False
    )


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens the capacity page of a unit and schedule."""
    monkeypatch.setenv("LPE_RUN", "1")
    monkeypatch.delenv("LPE_NIGHT", raising=False)

    def opened(project: Project, unit: str = "bo-opc", period: str = THIS) -> Page:
        monkeypatch.setenv("LPE_PROJECT", str(project.root))
        return Page(find_opening("capacity", unit, period, {}))

    return opened


def asked(page: Page, name: str, **options: Any) -> Protected:
    found: Protected = find_answer(f"capacity.{name}")(page, **options)
    return found


def said(page: Page, name: str = "summary", **options: Any) -> str:
    text: str = find_sentence(f"capacity.{name}")(page, **options)
    return text.replace("\u00a0", " ")


def test_sessions_are_of_the_whole_schedule(office: Project, open_page: OpenPage) -> None:
    """Those to come too, and how many of the open ones they are; nobody's come last."""
    table = asked(open_page(office), "sessions")

    assert table.cells() == (
        ("Ortopedi", 5, 3, 1, 1, 1), ("Kirurgi", 1, 1, 0, 0, 0), ("Ej fördelat", 1, 1, 0, 0, 0),
        ("Alla", 7, 5, 1, 1, 1),
    )  # fmt: skip
    assert table.columns[-1].id == "coming"
    assert asked(open_page(office, period=BEFORE), "sessions").columns[-1].id == "released_sessions"


def test_hours_are_of_days_that_have_been(office: Project, open_page: OpenPage) -> None:
    """The session of 18 May is not unused time on 11 May; of the others four hours are used."""
    assert asked(open_page(office), "hours").cells() == (
        ("Ortopedi", 17.0, 17.5, 4.0, pytest.approx(4 / 17)),
        ("Kirurgi", 8.5, 8.5, 0.0, 0.0),
        ("Ej fördelat", 8.5, 8.5, 0.0, 0.0),
        ("Alla", 34.0, 34.5, 4.0, pytest.approx(4 / 34)),
    )


def test_weeks_have_a_column_each(office: Project, open_page: OpenPage) -> None:
    """Ten of them, those without a session too; closed and released sessions are not open."""
    table = asked(open_page(office), "open_by_week")

    assert [column.label.replace("\u00a0", " ") for column in table.columns[1:]] == [
        f"v. {week}" for week in range(12, 22)
    ]
    assert table.cells() == (
        ("Ortopedi", 1, 1, 0, 0, 0, 0, 0, 0, 0, 1), ("Kirurgi", 1, *[0] * 9),
        ("Ej fördelat", 1, *[0] * 9),
    )  # fmt: skip


def test_history_leaves_out_a_schedule_that_the_data_begins_within(
    office: Project, open_page: OpenPage
) -> None:
    """The first session of the schedule before is of its second week, so that it is not whole."""
    assert asked(open_page(office), "history", last=3).cells() == ((THIS, 5, 1, 1),)


def test_plan_needs_session_time_as_its_operations_have_taken_it(
    office: Project, open_page: OpenPage
) -> None:
    """46 planned hours, 17 session hours for ten hours of surgery; four sessions in the county."""
    table = asked(open_page(office), "against_plan")

    ortopedi, kirurgi = table.cells()
    assert ortopedi == (
        "Ortopedi", 46.0, 1.7, pytest.approx(78.2), 34.0, pytest.approx(34 / 78.2), 25.5,
    )  # fmt: skip
    assert kirurgi == ("Kirurgi", None, None, None, 8.5, None, 8.5)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (date(2026, 3, 1), date(2026, 4, 1), 22.0),
        (date(2026, 3, 16), date(2026, 4, 1), 12.0),
        (date(2026, 4, 1), date(2026, 4, 7), 2.0),
        (date(2026, 4, 3), date(2026, 4, 7), 0.0),
    ],
)
def test_planned_hours_lie_on_working_days(start: date, end: date, hours: float) -> None:
    """A month's plan is spread over its weekdays; Good Friday to Easter Monday has none of it."""
    frame = pd.DataFrame(plan())

    assert planned_hours(frame, start, end, HOLIDAYS).to_dict() == {"Ortopedi": hours}


def test_need_is_set_against_what_the_schedule_gave(office: Project, open_page: OpenPage) -> None:
    """Two hours each; nineteen of Kirurgi need four and a half such schedules."""
    table = asked(open_page(office), "need_by_vo")

    assert [column.id for column in table.columns] == [
        "vo", "waiting", "urgent", "need_hours", "urgent_hours", "session_hours",
        "schedules_needed",
    ]  # fmt: skip
    assert table.cells() == (
        ("Kirurgi", 19, 12, 38.0, 24.0, 8.5, pytest.approx(38 / 8.5)),
        ("Ortopedi", 9, 0, 18.0, 0.0, 25.5, pytest.approx(18 / 25.5)),
        ("Alla", 28, 12, 56.0, 24.0, 34.0, pytest.approx(56 / 34)),
    )
    assert [row[0] for row in asked(open_page(office), "need_by_vo", total=False).cells()] == [
        "Kirurgi", "Ortopedi",
    ]  # fmt: skip


def test_need_by_priority_counts_those_past_their_latest_day(
    office: Project, open_page: OpenPage
) -> None:
    """In the order of priority; bands that nobody waits in are not there."""
    assert asked(open_page(office), "need_by_priority").cells() == (
        ("Högst 30 dagar", 12, 6, 24.0), ("31–90 dagar", 9, 0, 18.0), ("91–180 dagar", 7, 0, 14.0),
        ("Alla", 28, 6, 56.0),
    )  # fmt: skip


def test_few_waiting_are_hidden(few: Project, open_page: OpenPage) -> None:
    """Three with the shortest priority, another VO beside them, and the hours of both; nobody
    takes them from the row for all, nor from the table by priority."""
    page = open_page(few)
    table = asked(page, "need_by_vo")
    rows = {str(row[0]): row for row in table.cells()}

    for vo, waiting_there in (("Ortopedi", 12), ("Kvinnosjukvård", 11)):
        assert (rows[vo][1], rows[vo][2], rows[vo][4]) == (waiting_there, None, None)
    assert rows["Kirurgi"][2] == 12
    assert rows["Alla"][1:3] == (58, 21)
    assert asked(page, "need_by_priority").cells()[0][:2] == ("Högst 30 dagar", 21)
    numbers = [column.id for column in table.columns if not column.is_text and not column.public]
    assert table.hidden[numbers].to_numpy().mean() <= 0.25


def test_coarser_table_is_shown_where_much_would_be_hidden(
    fewer: Project, open_page: OpenPage
) -> None:
    """Of two VO both would have to be hidden; the table leaves the priority out and says so."""
    page = open_page(fewer)
    shown = page.table(asked(page, "need_by_vo"), caption="Behov")

    assert [column.id for column in asked(page, "need_by_vo").columns] == [
        "vo", "waiting", "need_hours", "session_hours", "schedules_needed",
    ]  # fmt: skip
    assert "Visas utan dem med kortast prioritet" in str(shown.block)


def test_coming_schedule_stands_beside_this_one(office: Project, open_page: OpenPage) -> None:
    """A VO that has nothing in it yet is there, with what it loses."""
    page = open_page(office)

    assert asked(page, "coming").cells() == (
        ("Ortopedi", 1, 0, 8.5, 25.5, -17.0), ("Kirurgi", 0, 1, 0.0, 8.5, -8.5),
        ("Ej fördelat", 0, 0, 0.0, 8.5, -8.5), ("Alla", 1, 1, 8.5, 42.5, -34.0),
    )  # fmt: skip
    assert said(page, "coming_words") == (
        "Schemat för vecka 22–31 2026 publicerades den 30 mars 2026 och har 1 öppet salspass "
        "med 9 timmar, 34 timmar färre än i detta schema. Tillfällig stängning v. "
        "27–37 (2026-06-29 till 2026-09-13)."
    )


def test_schedule_that_is_not_published_is_said_to_be(office: Project, open_page: OpenPage) -> None:
    """Hudiksvall has no session in it."""
    page = open_page(office, "hu-cop")

    assert len(asked(page, "coming")) == 0
    assert said(page, "coming_words") == (
        "Schemat för vecka 22–31 2026 var inte publicerat den 2026-05-10."
    )


SUMMARIES = {
    ("bo-opc", THIS): (
        "Av schemats 7 salspass är 5 öppna, 1 stängt och 1 släppt; av de öppna har 4 varit och 1 "
        "återstår. Hittills har patienter varit på sal 11,8 % av den öppna tiden, 11,8 "
        "procentenheter mer än de 56 första dagarna förra schemat. I hela länet har Ortopedi 43 % "
        "av den passtid som planen behöver."
    ),
    ("bo-opc", BEFORE): (
        "Av schemats 1 salspass var 1 öppet. Patienter var på sal 0,0 % av den öppna tiden."
    ),
    ("ga-cop", THIS): "Inga salspass finns i schemat vecka 12–21 2026.",
}


@pytest.mark.parametrize(("unit", "period"), SUMMARIES)
def test_summary_says_what_happened(
    office: Project, open_page: OpenPage, unit: str, period: str
) -> None:
    """Under way, over and first of its kind, and a unit without a session."""
    assert said(open_page(office, unit, period)) == SUMMARIES[unit, period]


def test_sessions_are_followed_per_schedule(office: Project, open_page: OpenPage) -> None:
    """Up to the night, and beside the same days of the schedule before."""
    page = open_page(office)
    rooms, closed, staffed = page.measures(["open_sessions", "closed_sessions", "staffed_hours"])

    assert (rooms.now.value, closed.now.value, staffed.now.value) == (4, 1, 34.5)
    assert rooms.before is not None
    assert (rooms.before.value, rooms.before_label) == (1, "de 56 första dagarna förra schemat")


def test_unit_without_sessions_has_empty_tables(office: Project, open_page: OpenPage) -> None:
    """Nothing is allocated, nobody waits there, and no table fails for it."""
    page = open_page(office, "ga-cop")
    names = ("sessions", "hours", "open_by_week", "against_plan", "need_by_vo", "need_by_priority")

    assert [len(asked(page, name)) for name in names] == [0] * len(names)
    assert len(asked(page, "history", last=3)) == 0


def test_page_without_a_plan_says_nothing_of_one(unplanned: Project, open_page: OpenPage) -> None:
    """Where the office delivered no plan its need is not known; the rest stands."""
    page = open_page(unplanned)

    assert {row[1] for row in asked(page, "against_plan").cells()} == {None}
    assert "planen" not in said(page)
    assert asked(page, "need_by_vo").cells() == (
        ("Ortopedi", 9, 0, 18.0, 0.0, 25.5, pytest.approx(18 / 25.5)),
    )
