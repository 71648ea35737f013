"""Answers and sentences of the lead times report, counted by hand in `theatre_days`."""

from collections.abc import Callable
from typing import Any

import pytest

from lpe_reports.display.opening import find_opening
from lpe_reports.display.page import Page
from lpe_reports.settings import Project
from lpe_reports.wording import NBSP
from theatre_days import theatre_office

OpenPage = Callable[..., Page]
PARAMETERS = {"grace_minutes": 5, "turnover_cap_minutes": 90, "history_months": 24}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project of `theatre_days`, of which Hudiksvall has preparation rooms."""
    project = theatre_office(tmp_path_factory.mktemp("theatres"))
    path = project.params / "reports" / "lead_times.yml"
    text = path.read_text("utf-8").partition("sections:")[0]
    path.write_text(
        f"{text}sections: {{hu-cop: {{preparation_rooms: [Hu 2, Hu 9]}}}}\n", encoding="utf-8"
    )
    return project


@pytest.fixture
def lead_times(office: Project, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens the page of a unit and month."""
    monkeypatch.setenv("LPE_PROJECT", str(office.root))
    monkeypatch.setenv("LPE_RUN", "1")
    monkeypatch.delenv("LPE_NIGHT", raising=False)

    def opened(unit: str = "hu-cop", period: str = "2026-04", **changes: Any) -> Page:
        return Page(find_opening("lead_times", unit, period, PARAMETERS | changes))

    return opened


def rows(page: Page, name: str) -> list[list[object]]:
    return [list(row) for row in page.answer(name).cells()]


def words(page: Page, name: str, **options: Any) -> str:
    return page.sentence(name, **options).replace(NBSP, " ")


def labels(page: Page, name: str) -> list[str]:
    return [column.label for column in page.answer(name).columns]


def test_graces_count_the_same_starts_ever_more_kindly(lead_times: OpenPage) -> None:
    """0, 5, 10 and 90 minutes late; the one start of March was in time."""
    page = lead_times()

    assert rows(page, "lead_times.graces") == [
        ["Ingen", 1, 4, 0.25, 1.0],
        [f"5{NBSP}minuter", 2, 4, 0.5, 1.0],
        [f"15{NBSP}minuter", 3, 4, 0.75, 1.0],
    ]
    assert labels(page, "lead_times.graces")[-1] == "Förra månaden"


def test_graces_of_a_first_month_have_nothing_beside_them(lead_times: OpenPage) -> None:
    """Nothing is known of February, so that it has no column."""
    assert labels(lead_times(period="2026-03"), "lead_times.graces")[-1] == "Andel i tid"


def test_starts_by_theatre_leave_emergencies_out(lead_times: OpenPage) -> None:
    """An emergency starts no day: the patient after it came 90 minutes late."""
    assert rows(lead_times(), "lead_times.starts_by_theatre") == [
        ["Hu 1", 2, 0.5, 0.5, 1.0, 5.0, pytest.approx(9.0)],
        ["Hu 2", 2, 0.0, 0.5, 0.5, 47.5, pytest.approx(81.5)],
        ["Alla salar", 4, 0.25, 0.5, 0.75, 7.5, pytest.approx(66.0)],
    ]


def test_starts_by_weekday_reach_a_year_back(lead_times: OpenPage) -> None:
    """Two Tuesdays in April's theatres and one in March; May has one more."""
    found = rows(lead_times(period="2026-05"), "lead_times.starts_by_weekday")

    assert [row[:2] for row in found] == [["Tisdag", 4], ["Onsdag", 2], ["Alla dagar", 6]]
    assert found[0][2:5] == [0.5, 0.75, 1.0]


def test_delays_add_up_to_the_starts(lead_times: OpenPage) -> None:
    """Each start is in one part; the parts are named after the graces."""
    page = lead_times()

    assert rows(page, "lead_times.delays") == [["Hu 1", 1, 0, 1, 0], ["Hu 2", 0, 1, 0, 1]]
    assert labels(page, "lead_times.delays")[1:] == [
        "I tid", "Högst 5 min sent", "5–15 min sent", "Mer än 15 min sent",
    ]  # fmt: skip


def test_delays_need_no_grace_of_nothing(lead_times: OpenPage) -> None:
    """Graces of 10 and 20 minutes alone."""
    page = lead_times(graces_minutes=[20], grace_minutes=10)

    assert rows(page, "lead_times.delays") == [["Hu 1", 2, 0, 0], ["Hu 2", 1, 0, 1]]
    assert labels(page, "lead_times.delays")[1:] == [
        "Högst 10 min sent", "10–20 min sent", "Mer än 20 min sent",
    ]  # fmt: skip


def test_turnovers_to_planned_patients_count_what_they_leave_out(lead_times: OpenPage) -> None:
    """20 in Hu 1; 40 and 15 in Hu 2; a gap of 120 and an overlap are counted beside."""
    assert rows(lead_times(), "turnovers.by_theatre") == [
        ["Hu 1", 1, 20.0, 20.0, 20.0, 1, 0],
        ["Hu 2", 2, 27.5, 27.5, pytest.approx(37.5), 0, 1],
        ["Alla salar", 3, 25.0, 20.0, pytest.approx(36.0), 1, 1],
    ]


def test_turnovers_obey_the_cap(lead_times: OpenPage) -> None:
    """With a cap of 30 minutes the 40 is a gap too."""
    total = rows(lead_times(turnover_cap_minutes=30), "turnovers.by_theatre")[-1]

    assert total[1:3] == [2, 17.5]
    assert total[5:] == [2, 1]


def test_conditions_keep_preparation_rooms_apart(lead_times: OpenPage) -> None:
    """Hu 2 has one, Hu 1 and Hu 3 have none; Hu 9 is named, and was not used."""
    page = lead_times()

    assert rows(page, "lead_times.conditions") == [
        ["Med", 2, 0.5, 47.5, 2, 27.5, pytest.approx(37.5)],
        ["Utan", 2, 0.5, 5.0, 1, 20.0, 20.0],
    ]
    assert words(page, "lead_times.rooms_note") == (
        "Förberedelserum finns till Hu 2 och Hu 9. Hu 9 hade inga öppna salspass."
    )


@pytest.mark.parametrize(
    ("unit", "period", "said"),
    [
        (
            "hu-cop",
            "2026-04",
            "Dagens första patient kom högst 5 minuter efter passets start vid 50,0 % av starterna "
            "(2 av 4), 50,0 procentenheter lägre än förra månaden. De sena starterna tog "
            "sammanlagt 1,8 tim.",
        ),
        (
            "hu-cop",
            "2026-03",
            "Dagens första patient kom högst 5 minuter efter passets start vid 100,0 % av "
            "starterna (1 av 1).",
        ),
        (
            "hu-cop",
            "2026-05",
            "Hittills har dagens första patient kommit högst 5 minuter efter passets start vid "
            "0,0 % av starterna (0 av 1), 50,0 procentenheter lägre än de tio första dagarna förra "
            "månaden. De sena starterna har tagit sammanlagt 0,2 tim.",
        ),
        (
            "bo-opc",
            "2026-04",
            "Dagens första patient kom högst 5 minuter efter passets start vid 100,0 % av "
            "starterna (1 av 1), 20,0 procentenheter över målet.",
        ),
        (
            "ga-cop",
            "2026-04",
            "På Centraloperation Gävle började ingen dag under april 2026 med en planerad patient "
            "i ett öppet salspass.",
        ),
        (
            "ga-dagkir",
            "2026-05",
            "På Dagkirurgi Gävle började hittills ingen dag under maj 2026 med en planerad patient "
            "i ett öppet salspass.",
        ),
    ],
)
def test_summary_is_true_of_the_month(
    lead_times: OpenPage, unit: str, period: str, said: str
) -> None:
    """Falling, first, under way, with a target, without starts, without anything."""
    assert words(lead_times(unit, period), "lead_times.summary") == said


def test_summary_says_what_started_and_by_which_grace(lead_times: OpenPage) -> None:
    """Operations instead of patients, and no grace at all."""
    page = lead_times(start="surgery_start_at", grace_minutes=0)

    assert words(page, "lead_times.summary").startswith(
        "Dagens första operation började senast när passet började vid 25,0 % av starterna (1 av 4)"
    )
    assert "dagens första planerade operation per sal" in words(page, "lead_times.selection")


def test_selection_of_a_month_under_way_says_how_far_it_has_come(lead_times: OpenPage) -> None:
    """May is told to the day before the night; the twelve months end that day too."""
    page = lead_times(period="2026-05")

    assert words(page, "turnovers.selection").endswith("maj 2026, till och med 10 maj 2026")
    assert words(page, "lead_times.selection", months=12).endswith(
        "juni 2025 till och med 10 maj 2026"
    )
    assert words(lead_times(), "turnovers.selection").endswith("minuter, april 2026")


@pytest.mark.parametrize(
    ("unit", "period", "said"),
    [
        (
            "hu-cop",
            "2026-04",
            "Bytet till nästa planerade patient tog i genomsnitt 25 minuter, 5 minuter kortare än "
            "förra månaden.",
        ),
        ("hu-cop", "2026-03", "Bytet till nästa planerade patient tog i genomsnitt 30 minuter."),
        ("hu-cop", "2026-05", ""),
        (
            "bo-opc",
            "2026-04",
            "Bytet till nästa planerade patient tog i genomsnitt 20 minuter, lika länge som förra "
            "månaden.",
        ),
        ("ga-cop", "2026-04", ""),
    ],
)
def test_turnovers_summary_is_true_of_the_month(
    lead_times: OpenPage, unit: str, period: str, said: str
) -> None:
    """Shorter, first, none, alike; a turnover to an emergency is no planned one."""
    assert words(lead_times(unit, period), "turnovers.summary") == said


def test_notes_name_what_is_left_out(lead_times: OpenPage) -> None:
    """The emergencies' theatre has no starts; its turnover and the gaps are told."""
    page = lead_times()

    assert words(page, "lead_times.notes") == (
        "Hu 3 hade öppna salspass men inga starter, och är inte med."
    )
    assert words(page, "turnovers.notes") == (
        "Uppehåll längre än 90 minuter och överlappningar räknas inte som byten. 1 byte till en "
        "akut patient är inte med."
    )
    assert words(lead_times("bo-opc"), "lead_times.notes") == ""
    assert words(lead_times(period="2026-05"), "lead_times.notes") == ""
    assert words(lead_times("bo-opc"), "turnovers.notes") == ""


@pytest.mark.parametrize(
    "name",
    [
        "lead_times.graces", "lead_times.starts_by_theatre", "lead_times.starts_by_weekday",
        "lead_times.delays", "lead_times.conditions", "turnovers.by_theatre",
    ],
)  # fmt: skip
def test_tables_of_nothing_have_no_rows(lead_times: OpenPage, name: str) -> None:
    """A unit without operations and sessions, or with emergencies only, has no total of nothing."""
    assert rows(lead_times("ga-dagkir"), name) == []
    assert rows(lead_times("ga-cop"), name) == []


def test_series_tell_hours_lost_and_turnovers(lead_times: OpenPage) -> None:
    """105 minutes late in April, none in March; 25 minutes a turnover, over three of them."""
    page = lead_times()
    late = page.series("first_case_late_hours", last=3)
    mean = page.series("turnover_mean", last=3, turnover_cap_minutes=90)

    assert [point.value for point in late.points][-2:] == [0.0, pytest.approx(1.75)]
    assert [point.value for point in mean.points] == [30.0, 25.0]
    assert mean.table.frame["n"].tolist() == [1, 3]


def test_series_can_be_asked_of_one_verksamhetsomrade(lead_times: OpenPage) -> None:
    """All is Ortopedi's here, and nothing Kirurgi's."""
    page = lead_times()

    assert page.series("turnover_p90", vo="ortopedi", last=2).now.value == pytest.approx(36.0)
    assert page.series("first_case_on_time", vo="kirurgi", last=2).now.value is None
