"""Answers of the waiting lists report: who waits where, how waits ended, and what is said."""

import re
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.answers import waiting_lists_words as words
from lpe_reports.display.blocks import TableBlock
from lpe_reports.display.opening import find_opening
from lpe_reports.display.page import Page
from lpe_reports.display.series.model import Point, Series
from lpe_reports.settings import Project
from lpe_reports.wording import NBSP
from waiting_office import waiting_office

OpenPage = Callable[..., Page]
BOLLNAS, HUDIKSVALL, ALL = (
    "Operationscentrum Bollnäs",
    "Centraloperation Hudiksvall",
    "Alla enheter",
)


@pytest.fixture(scope="module")
def lists_office(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return waiting_office(tmp_path_factory.mktemp("lists") / "office")


@pytest.fixture
def lists_page(lists_office: Project, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Opens Ortopedi's page of a month."""
    monkeypatch.setenv("LPE_PROJECT", str(lists_office.root))
    monkeypatch.setenv("LPE_RUN", "1")
    monkeypatch.delenv("LPE_NIGHT", raising=False)

    def opened(period: str = "2026-04", unit: str = "ortopedi") -> Page:
        return Page(find_opening("waiting_lists", unit, period, {}))

    return opened


def rows(table: Protected) -> list[dict[str, Any]]:
    ids = [column.id for column in table.columns]
    return [dict(zip(ids, cells, strict=True)) for cells in table.cells()]


def by(table: Protected, key: str) -> dict[str, dict[str, Any]]:
    return {row[key]: row for row in rows(table)}


def summary(page: Page) -> str:
    text = page.sentence(
        "waiting_lists_words.summary",
        waiting=page.series("waiting", last=3),
        flow=page.measures(["operation_inflow", "operation_outflow"], last=3),
        first=page.series("waiting", list="first_contact", last=3),
    )
    return text.replace(NBSP, " ")


def test_by_unit_counts_the_list_of_the_months_end(lists_page: OpenPage) -> None:
    """On 1 May; medians and the fifth longest by hand, the row of all beside."""
    table = by(lists_page().answer("waiting_lists.by_unit", list="operation"), "unit")

    assert [*table] == [HUDIKSVALL, BOLLNAS, ALL]
    assert {name: row["waiting"] for name, row in table.items()} == {
        HUDIKSVALL: 20, BOLLNAS: 20, ALL: 40,
    }  # fmt: skip
    assert {name: row["unbooked"] for name, row in table.items()} == {
        HUDIKSVALL: 20, BOLLNAS: 14, ALL: 34,
    }  # fmt: skip
    assert table[ALL]["share_unbooked"] == pytest.approx(34 / 40)
    # 10 × 20, 5 × 40, 5 × 200; 12 × 10, 8 × 100; and together, the 20th and 21st of 40.
    assert {name: row["median_days"] for name, row in table.items()} == {
        HUDIKSVALL: 30, BOLLNAS: 10, ALL: 20,
    }  # fmt: skip
    assert {name: row["longest_days"] for name, row in table.items()} == {
        HUDIKSVALL: 200, BOLLNAS: 100, ALL: 200,
    }  # fmt: skip


def test_longest_wait_is_never_one_persons(lists_page: OpenPage) -> None:
    """The five who have waited longest have waited so long at least; nothing of the first."""
    table = lists_page().answer("waiting_lists.by_unit", list="operation")

    assert table.column("longest_days").label == "Fem har väntat minst"
    assert words_of_rank([300, 250, 240, 230, 220, 10], 5) == 220
    assert words_of_rank([300, 250], 5) != words_of_rank([300, 250], 5)  # not a number


def words_of_rank(days: list[float], rank: int) -> float:
    from lpe_reports.display.answers.waiting_lists import _nth_longest

    return _nth_longest(pd.Series(days), rank)


def test_guarantee_counts_whom_it_covers(lists_page: OpenPage) -> None:
    """Bollnäs 6 + 8 without the six PvV, Hudiksvall five without MoV and the ten not covered."""
    table = by(lists_page().answer("waiting_lists.guarantee", list="operation"), "unit")

    assert {name: (row["covered"], row["within"]) for name, row in table.items()} == {
        HUDIKSVALL: (5, 0), BOLLNAS: (14, 6), ALL: (19, 6),
    }  # fmt: skip
    assert table[ALL]["share_within"] == pytest.approx(6 / 19)


def test_deviations_are_counted_by_unit(lists_page: OpenPage) -> None:
    """Six PvV in Bollnäs and five MoV in Hudiksvall; noughts are shown."""
    table = by(lists_page().answer("waiting_lists.deviations", list="operation"), "unit")

    assert {name: (row["pvv"], row["mov"]) for name, row in table.items()} == {
        HUDIKSVALL: (0, 5), BOLLNAS: (6, 0), ALL: (6, 5),
    }  # fmt: skip


def test_bands_hold_everybody_once(lists_page: OpenPage) -> None:
    """10, 20, 40, 100 and 200 days, each in its band; bands add up to the list."""
    table = lists_page().answer("waiting_lists.bands", list="operation")
    found = by(table, "unit")

    assert [column.id for column in table.columns] == [
        "unit", "0–30", "31–60", "61–90", "91–120", "121–180", "över 180", "waiting",
    ]  # fmt: skip
    assert [*found[BOLLNAS].values()][1:] == [12, 0, 0, 8, 0, 0, 20]
    assert [*found[HUDIKSVALL].values()][1:] == [10, 5, 0, 0, 0, 5, 20]
    assert [*found[ALL].values()][1:] == [22, 5, 0, 8, 0, 5, 40]


def test_queues_are_those_of_ten_and_more(lists_page: OpenPage) -> None:
    """One queue a unit, knees; in both someone covered is past 90 days."""
    table = by(lists_page().answer("waiting_lists.queues"), "unit")

    assert {name: (row["queues"], row["over"]) for name, row in table.items()} == {
        HUDIKSVALL: (1, 1), BOLLNAS: (1, 1), ALL: (2, 2),
    }  # fmt: skip


def test_queues_of_no_unit_are_shown_where_one_unit_s_would_follow(
    lists_page: OpenPage, lists_office: Project
) -> None:
    """Where six are few, Hudiksvall's five are: of Bollnäs and all its queue would follow."""
    policy = lists_office.root / "params" / "disclosure.yml"
    text = policy.read_text("utf-8")
    policy.write_text(text.replace("\nthreshold: 5\n", "\nthreshold: 6\n"), "utf-8")
    try:
        table = by(lists_page().answer("waiting_lists.queues"), "unit")
    finally:
        policy.write_text(text, "utf-8")

    assert {name: (row["queues"], row["over"]) for name, row in table.items()} == {ALL: (2, 2)}


@pytest.mark.parametrize("period", ["2026-01", "2025-12"])
def test_month_without_a_list_has_empty_tables(lists_page: OpenPage, period: str) -> None:
    """Nobody is counted where no list was stored, and nothing fails."""
    page = lists_page(period)
    names = ("by_unit", "bands", "guarantee", "deviations")
    tables = [page.answer(f"waiting_lists.{name}", list=list_)
              for name in names for list_ in ("operation", "first_contact")]  # fmt: skip
    tables.append(page.answer("waiting_lists.queues"))

    assert [len(table) for table in tables] == [0] * 9
    assert page.stacked(tables[2], label="unit", parts=["0–30"], caption="Band").block
    assert len(page.answer("waiting_lists_wait.by_unit")) <= 1
    assert words.queues_over(page) == ""


def test_one_unit_has_no_row_of_all(lists_page: OpenPage) -> None:
    """In March all wait in Bollnäs: a second row would repeat the first."""
    table = lists_page("2026-03").answer("waiting_lists.by_unit", list="operation")

    assert [(row["unit"], row["waiting"]) for row in rows(table)] == [(BOLLNAS, 45)]


def test_flow_counts_events_of_the_month(lists_page: OpenPage) -> None:
    """The elective of the page's VO, 9 and 12 decided on, rounded to fives, 13 and 18 gone, as far
    from it as what came: what is left of the list is as many more or fewer."""
    page = lists_page()
    came, left = page.measures(["operation_inflow", "operation_outflow"], last=2)

    assert [point.value for point in came.points] == [10, 10]
    assert [point.value for point in left.points] == [13 + 1, 18 - 2]


def test_flow_under_way_is_compared_with_as_many_days(lists_page: OpenPage) -> None:
    """To 10 May six were decided; in the first ten days of April all twelve; rounded."""
    came = lists_page("2026-05").series("operation_inflow", last=2)

    assert (came.now.value, came.before and came.before.value) == (5, 10)
    assert came.before_label == "de tio första dagarna förra månaden"


def test_referrals_are_met_or_closed(lists_page: OpenPage) -> None:
    """Twenty came in April; twelve were met, though closed later, and five returned."""
    page = lists_page()
    came, left = page.measures(["first_contact_inflow", "first_contact_outflow"], last=2)
    ended = by(page.answer("waiting_lists_flow.outcomes", list="first_contact"), "outcome")

    assert (came.now.value, left.now.value) == (20, 17)
    assert {name: row["month"] for name, row in ended.items()} == {
        "Första kontakt": 12, "Remissen återsänd": 5, "Alla": 17,
    }  # fmt: skip


def test_outcomes_of_twelve_months_hide_no_total(lists_page: OpenPage) -> None:
    """Two declined: reasons stand together, rounded, and no month alone tells who was removed."""
    table = lists_page().answer("waiting_lists_flow.outcomes", list="operation")

    assert {row["outcome"]: row["year"] for row in rows(table)} == {
        "Opererade": 20, "Borttagna av annat skäl": 10,  # 19 and 12
    }  # fmt: skip
    assert "month" not in [column.id for column in table.columns]


def test_outcomes_tell_reasons_of_enough(lists_page: OpenPage) -> None:
    """Six for medical reasons and five by own choice: each stands by itself."""
    page = lists_page(unit="kirurgi")
    table = rows(page.answer("waiting_lists_flow.outcomes", list="operation"))

    assert {row["outcome"]: row["year"] for row in table} == {
        "Opererade": 0, "Avböjde själva": 5, "Medicinska skäl": 5,
    }  # fmt: skip


def test_waits_count_those_who_wait_still(lists_page: OpenPage) -> None:
    """By unit; how many they are would tell exactly who came, and is not shown."""
    table = lists_page().answer("waiting_lists_wait.by_unit")

    assert [row["unit"] for row in rows(table)] == [BOLLNAS]
    assert [c.id for c in table.columns if c.type == "count"] == []


def test_nobody_can_reckon_out_the_few_who_were_removed(lists_page: OpenPage) -> None:
    """With the list's exact change, whatever came and left, five numbers may be what left.

    Each rounded by itself would leave fewer: of 7 and 13 it would tell that there were 13.
    """
    came, left = lists_page().measures(["operation_inflow", "operation_outflow"], last=2)

    for (new, gone), real in zip(
        zip(came.points, left.points, strict=True), ((9, 13), (12, 18)), strict=True
    ):
        assert new.value is not None and gone.value is not None
        change = real[0] - real[1]
        near = (-2, -1, 0, 1, 2)
        may = {new.value + off - change for off in near} & {gone.value + off for off in near}
        assert new.value % 5 == 0 and real[1] in may and len(may) == 5


@pytest.mark.parametrize(
    ("median", "p90", "said"),
    [
        ("measured", "measured", ""),
        ("not_reached", "not_reached", "Fler än hälften väntar ännu"),
        ("too_few_at_risk", "too_few_at_risk", "För få kunde följas för en median"),
        ("measured", "not_reached", "Fler än var tionde väntar ännu"),
        ("measured", "too_few_at_risk", "För få kunde följas för P90"),
    ],
)
def test_state_says_why_a_number_is_missing(median: str, p90: str, said: str) -> None:
    """In words; nothing where both are measured."""
    from lpe_reports.display.answers.waiting_lists_wait import _state

    assert _state(median, p90) == said


def test_curves_are_read_off_on_fortnights() -> None:
    """No step of a single patient: every fourteenth day holds what the curve was on it."""
    from lpe_reports.display.answers.waiting_lists_wait import _read_off

    curve = pd.DataFrame(
        {
            "operating_unit": "bo-opc",
            "days": [0.0, 3.0, 14.0, 27.0, 30.0],
            "share_waiting": [1.0, 0.9, 0.8, 0.5, 0.4],
            "at_risk": [20, 18, 15, 9, 6],
        }
    )
    read = _read_off(curve)

    assert read["days"].tolist() == [0.0, 14.0, 28.0]
    assert read["share_waiting"].tolist() == [1.0, 0.8, 0.5]
    assert read["at_risk"].tolist() == [20, 15, 9]


def test_curve_of_too_few_is_words(lists_page: OpenPage) -> None:
    """In January nobody was decided on, so that none was seen on a short wait: nothing is drawn."""
    page = lists_page("2026-01")
    table = page.answer("waiting_lists_wait.curves")
    chart = page.curves(table, x="days", y="share_waiting", by="unit", caption="Kurva").block

    assert len(table) == 0
    assert isinstance(chart, TableBlock)
    assert chart.empty == "Ingen kurva ritas: för få kunde följas."


def test_summary_says_what_happened(lists_page: OpenPage) -> None:
    """The lists' days, the change since the month began, events, and queues."""
    assert summary(lists_page()) == (
        "Den 1 maj väntade 40 på operation, fem färre än den 30 mars. Under april kom omkring 10 "
        "nya beslut om operation, och omkring 16 lämnade listan. Samma dag väntade 62 på första "
        "kontakt, en fler än den 30 mars. I båda köerna till operation har någon som "
        "omfattas väntat längre än vårdgarantins 90 dagar."
    )


def test_summary_of_a_month_under_way_says_so_far(lists_page: OpenPage) -> None:
    """Nobody left in May; the list has changed since 1 May."""
    assert summary(lists_page("2026-05")).startswith(
        "Den 11 maj väntade 41 på operation, en fler än den 1 maj. Hittills i maj har omkring 5 "
        "nya beslut om operation kommit, och högst två har lämnat listan. Samma dag väntade 62 på "
        "första kontakt, lika många som den 1 maj. I den enda kön till operation med minst "
        "tio väntande har ingen som omfattas väntat"
    )


def test_summary_without_a_list_says_that_it_is_missing(lists_page: OpenPage) -> None:
    """January: no list within a week of its end, and operations begin in March."""
    assert summary(lists_page("2026-01")) == (
        "Antalet väntande till operation saknas. Under januari kom högst två nya beslut om "
        "operation. "
        "Uppgift om hur många som lämnade listan saknas. Antalet väntande till första kontakt "
        "saknas."
    )


def test_summary_of_the_first_list_compares_with_nothing(lists_page: OpenPage) -> None:
    """February's list is the first: there is none from when the month began."""
    assert summary(lists_page("2026-02")).startswith("Den 23 februari väntade 50 på operation. ")


@pytest.mark.parametrize(
    ("period", "outcomes", "waits", "unfinished"),
    [
        ("2026-04", "från maj 2025 till och med april 2026", "under april 2026", ""),
        (
            "2026-05", "från juni 2025 till och med 10 maj 2026",
            "under maj 2026, till och med 10 maj 2026",
            "Sista punkten är en månad som pågår, till och med 10 maj 2026.",
        ),
    ],
)  # fmt: skip
def test_selections_say_until_when(
    lists_page: OpenPage, period: str, outcomes: str, waits: str, unfinished: str
) -> None:
    """A month under way is known to the day before the night."""
    page = lists_page(period)

    assert words.selection(page, about="outcomes").endswith(outcomes)
    assert words.selection(page, about="waits").endswith(waits)
    assert words.unfinished(page) == unfinished


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026-04", "Väntelistorna är de som lagrades den 1 maj 2026."),
        (
            "2026-02",
            "Väntelistorna är de som lagrades den 23 februari 2026, de sista före månadens slut.",
        ),
        ("2026-05", "Väntelistorna är de som lagrades den 11 maj 2026."),
        ("2026-01", "Ingen väntelista är lagrad den sista veckan"),
    ],
)
def test_page_says_which_nights_list_it_shows(lists_page: OpenPage, period: str, said: str) -> None:
    """The month's last night, the nearest before, or none."""
    assert words.nights(lists_page(period)).startswith(said)


APRIL = SimpleNamespace(start=date(2026, 4, 1))
PARAMS = SimpleNamespace(disclosure=SimpleNamespace(threshold=5))
FEW = "visas inte, eftersom det skulle avslöja tal om för få patienter."


@pytest.mark.parametrize(
    ("came", "left", "ongoing", "said"),
    [
        (
            Point(15), Point(20), False,
            "Under april kom omkring 15 nya beslut om operation, och omkring 20 lämnade listan.",
        ),
        (
            Point(0), Point(0), True,
            "Hittills i april har högst två nya beslut om operation kommit, "
            "och högst två har lämnat listan.",
        ),
        (
            Point(10), Point(None, hidden=True), False,
            "Under april kom omkring 10 nya beslut om operation. "
            f"Hur många som lämnade listan {FEW}",
        ),
        (
            Point(None), Point(5), True,
            "Hittills i april har omkring 5 lämnat listan. "
            "Uppgift om hur många nya beslut som kom saknas.",
        ),
        (
            Point(None, hidden=True), Point(5), False,
            f"Under april lämnade omkring 5 listan. Hur många nya beslut som kom {FEW}",
        ),
        (
            Point(None, hidden=True), Point(None, hidden=True), False,
            f"Hur många som kom till och lämnade listan {FEW}",
        ),
        (
            Point(None), Point(None), True,
            "Uppgift om nya beslut och om dem som lämnade listan saknas.",
        ),
    ],
)  # fmt: skip
def test_flow_sentence_is_true_of_what_is_known(
    came: Point, left: Point, ongoing: bool, said: str
) -> None:
    """Some, nearly none, hidden, missing, and under way."""
    assert (
        words._flow(
            cast(Page, SimpleNamespace(ongoing=ongoing, period=APRIL, params=PARAMS)), came, left
        )
        == said
    )


def test_hidden_list_is_said_to_be_hidden(lists_page: OpenPage) -> None:
    """Not missing, and no number of it."""
    series = cast(Series, SimpleNamespace(now=Point(None, hidden=True), points=()))
    said = words._stock(lists_page(), series, "operation")

    assert said.startswith("Hur många som väntar på operation visas inte")
    assert not re.search(r"\d", said)
