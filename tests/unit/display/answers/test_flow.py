"""The whole flow of a small verksamhetsområde, step by step, and the sentences about it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.answers import flow, flow_resources
from lpe_reports.display.answers.flow_steps import STEP_NAMES
from lpe_reports.display.opening import find_opening
from lpe_reports.display.page import Page
from lpe_reports.measures.flow import flow as flow_of
from lpe_reports.settings import Project
from lpe_reports.wording import NBSP
from small_warehouse import (
    FOUR_TABLES,
    duckdb_sources,
    need,
    operation_at,
    session,
    target,
    waiting,
    whole_project,
)

OpenPage = Callable[..., Page]
REFERRED, MET, OPERATED = 20, 12, 8
UNIT, CLINIC = "Hu - C-op", "Ortopedmottagning Hudiksvall"
KEPT = (*FOUR_TABLES, "targets")
OPTIONAL = ("referrals", "contacts", "postop_stays", "stays", "staffing", "costs")


def at(day: str, hour: int = 8) -> datetime:
    return datetime.fromisoformat(f"2026-{day} {hour:02d}:00")


def tables() -> dict[str, list[dict[str, Any]]]:
    """Twenty referrals, twelve contacts after 30 days, eight operations 20 days after request.

    Seven of the eight come to postop and one elsewhere; six go home from a ward after two days.
    """
    operations = [
        operation_at(n, at("03-04"), operating_unit=UNIT, theatre=f"Hu {n}", need_id=f"N{n}",
                     decided_at=at("02-11"), requested_at=at("02-12"))
        for n in range(OPERATED)
    ]  # fmt: skip
    return {
        "referrals": [
            {"referral_id": f"R{n}", "patient_key": f"P{n}", "referred_at": at("01-05"),
             "received_at": at("01-05"), "from_unit": None, "clinic": CLINIC,
             "assessed_at": at("01-07"), "closed_at": at("02-06") if n < MET else None,
             "close_reason": "listed_for_operation" if n < MET else None}
            for n in range(REFERRED)
        ],
        "contacts": [
            {"contact_id": f"C{n}", "referral_id": f"R{n}", "clinic": CLINIC, "first": True,
             "happened_at": at("02-06"), "guarantee": True, "deviation": "none"}
            for n in range(MET)
        ],
        "needs": [
            need(n, decided_at=at("02-11"), requested_at=at("02-12"), operating_unit=UNIT,
                 removed_at=at("03-04") if n < OPERATED else None,
                 removed_reason="operated" if n < OPERATED else None)
            for n in range(MET)
        ],
        "operations": operations,
        "postop_stays": [
            {"operation_id": f"O{n}", "postop_unit": "Postop Hudiksvall",
             "arrived_at": at("03-04", 12), "ready_at": at("03-04", 14), "left_at": at("03-04", 15)}
            for n in range(OPERATED - 1)
        ],
        "stays": [
            {"stay_id": f"S{n}", "patient_key": f"P{n}", "operation_id": f"O{n}",
             "admitted_at": at("03-04", 7), "discharged_at": at("03-06"), "discharged_to": "home"}
            for n in range(6)
        ],
        "sessions": [session(n) for n in range(5)],
        "waiting_list": [waiting(n, "operation", date(2026, 5, 11)) for n in range(5)],
        "targets": [target("operations", 45)],
        "staffing": [
            {"unit": unit, "date": date(year, month, 10), "role": "undersköterska",
             "scheduled_hours": 100.0, "worked_hours": 90.0, "vacant_hours": vacant}
            for year, month, vacant in ((2025, 11, 20.0), (2026, 2, 10.0), (2026, 3, 20.0))
            for unit in (UNIT, "Bo - Op-c")
        ],
        "costs": [
            {"unit": UNIT, "month": month, "account": account, "budget": 900_000.0,
             "actual": 950_000.0}
            for month in ("2025-12", "2026-01", "2026-02") for account in ("4010", "5100")
        ],
    }  # fmt: skip


def _project(root: Any, kept: tuple[str, ...]) -> Project:
    office = whole_project(root)
    office.sources(duckdb_sources(*kept))
    office.tables = {name: rows for name, rows in tables().items() if name in kept}
    office.extract()
    return office.project


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return _project(tmp_path_factory.mktemp("flow"), (*KEPT, *OPTIONAL))


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Without one optional table."""
    return _project(tmp_path_factory.mktemp("bare"), KEPT)


@pytest.fixture(scope="module")
def unrequested(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Of twelve who wait three are not requested to the operating department yet."""
    office = whole_project(tmp_path_factory.mktemp("unrequested"))
    office.sources(duckdb_sources(*KEPT, *OPTIONAL))
    waiting_ = [
        need(n, decided_at=at("02-11"), requested_at=at("02-12") if n % 4 else None,
             operating_unit=UNIT, removed_at=None, removed_reason=None)
        for n in range(OPERATED, OPERATED + 12)
    ]  # fmt: skip
    office.tables = tables() | {"needs": tables()["needs"][:OPERATED] + waiting_}
    office.extract()
    return office.project


@pytest.fixture
def requested(unrequested: Project, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    def open_() -> Page:
        monkeypatch.setenv("LPE_RUN", "1")
        monkeypatch.delenv("LPE_NIGHT", raising=False)
        monkeypatch.setenv("LPE_PROJECT", str(unrequested.root))
        return Page(find_opening("flow", "ortopedi", "2026-Q1", {}))

    return open_


@pytest.fixture
def opened(whole: Project, bare: Project, monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    monkeypatch.setenv("LPE_RUN", "1")
    monkeypatch.delenv("LPE_NIGHT", raising=False)

    def open_(period: str = "2026-Q1", *, unit: str = "ortopedi", whole_: bool = True) -> Page:
        monkeypatch.setenv("LPE_PROJECT", str((whole if whole_ else bare).root))
        return Page(find_opening("flow", unit, period, {}))

    return open_


def rows(page: Page) -> dict[str, dict[str, Any]]:
    return flow.rows_by_step(flow.steps(page))


def test_steps_are_counted_one_by_one(opened: OpenPage) -> None:
    """In, on and still there, to the nearest five, and the days; few who wait are hidden."""
    found = rows(opened())
    counts = {step: (row["number_in"], row["done"], row["still_waiting"]) for step, row in
              found.items()}  # fmt: skip

    assert counts == {
        "assessed": (20, 20, 0),
        "first_contact": (20, 10, 10),  # twelve; eight wait
        "decision": (10, 10, None),
        "request": (10, 10, 0),
        "operation": (10, 10, None),  # eight of twelve; four wait
        "postop": (10, 5, 0),  # seven of eight: one went elsewhere
        "home": (5, 5, 0),  # six
    }
    days = {step: row["median_days"] for step, row in found.items()}
    assert days == {"assessed": 2, "first_contact": 30, "decision": 5, "request": 1,
                    "operation": 20, "postop": 0, "home": 2}  # fmt: skip
    assert [row["km_median_days"] for row in found.values()] == [2, 30, 5, 1, 20, 0, 2]
    assert {step for step, row in found.items() if row["remark"]} == {"first_contact"}
    assert found["first_contact"]["remark"] == "Flaskhals"
    assert [row["linked_share"] for row in found.values()] == [1.0] * 7


def hidden_of(table: Protected) -> set[tuple[str, str]]:
    names, order = [c.id for c in table.columns], list(STEP_NAMES)
    return {(order[row], names[column]) for row, column in table.hidden_cells()}


def test_few_who_wait_are_hidden(opened: OpenPage) -> None:
    """Four of the list to operation wait in its last step, and nobody in the one before."""
    assert hidden_of(flow.steps(opened())) == {("operation", "still_waiting")}


def test_who_left_a_step_follows_from_nothing_that_is_shown(opened: OpenPage) -> None:
    """One of eight went elsewhere: with eight operations, shown as they are, it may be any few.

    The outsider takes what he reads for what it is, rounded to the nearest five.
    """
    table = flow.steps(opened())
    step = flow.rows_by_step(table)["postop"]
    came, took = step["number_in"], step["done"]
    may_have_left = {
        operations - stays
        for operations in range(came - 2, came + 3)
        for stays in range(took - 2, took + 3)
        if operations == OPERATED
    }

    assert OPERATED - (OPERATED - 1) in may_have_left
    assert len(may_have_left) == 5
    assert {row["linked_share"] * 100 % 1 for row in flow.rows_by_step(table).values()} == {0.0}


def test_few_in_a_step_do_not_follow_from_their_list(requested: OpenPage) -> None:
    """Three wait for the request and nine for the operation: the list of twelve is shown elsewhere.

    So the nine, who are many, are hidden too.
    """
    table = flow.steps(requested())

    assert hidden_of(table) == {("request", "still_waiting"), ("operation", "still_waiting")}


def test_summary_names_the_slowest_step(opened: OpenPage) -> None:
    """What is hidden is left out, and nothing is compared with a quarter that had nobody."""
    assert flow.summary(opened()).replace(NBSP, " ") == (
        "Steget från bedömning till första kontakt tog längst tid: 30 dagar i median, med dem som "
        "väntar inräknade. Omkring 10 remisser ledde till en första kontakt och omkring 10 "
        "operationsanmälningar till en operation. När kvartalet var slut väntade omkring 10 "
        "på en första kontakt."
    )


def test_summary_of_a_quarter_under_way_says_how_far_it_has_come(opened: OpenPage) -> None:
    """Nobody came through; eight wait, whom nobody saw on their first 84 days: no median."""
    page = opened("2026-Q2")

    assert page.ongoing
    assert rows(page)["first_contact"]["remark"].startswith("För få följs")
    assert flow.summary(page).replace(NBSP, " ") == (
        "Vilket steg som tar längst tid kan inte anges: för få patienter har följts. Inga "
        "remisser har lett till en första kontakt och inga operationsanmälningar till en "
        "operation. Den 10 maj 2026 väntade omkring 10 på en första kontakt."
    )
    assert flow.before_label(page) == "de 40 första dagarna förra kvartalet"
    assert flow.before_label(page, at_end=True).startswith("efter de 40 första dagarna")


def test_quarter_under_way_is_compared_with_as_many_days(opened: OpenPage) -> None:
    """1 January to 9 February had the twelve contacts, so about ten, and no operation yet."""
    before = flow.rows_by_step(flow.steps(opened("2026-Q2"), of_before=True))

    assert before["first_contact"]["done"] == 10
    assert before["operation"]["number_in"] == 0


def test_steps_without_their_tables_say_so(opened: OpenPage) -> None:
    """No referrals, contacts, postop or wards: the other steps are as they were."""
    page = opened(whole_=False)
    found = rows(page)

    missing = [step for step, row in found.items() if row["remark"] == "Uppgift saknas"]
    assert missing == ["assessed", "first_contact", "decision", "postop", "home"]
    assert found["operation"]["done"] == 10
    assert flow.summary(page).replace(NBSP, " ") == (
        "Steget från operationsanmälan till operation tog längst tid: 20 dagar i median, med dem "
        "som väntar inräknade. Omkring 10 operationsanmälningar ledde till en "
        "operation."
    )
    assert page.series("flow_days_first_contact", last=2).now.value is None


def test_another_vo_has_nobody(opened: OpenPage) -> None:
    """No row of another VO is counted in; nothing is called a bottleneck."""
    page = opened(unit="kirurgi")

    assert {row["remark"] for row in rows(page).values()} == {"Ingen i steget"}
    assert flow.summary(page) == "Ingen fanns i något av flödets steg under kvartal 1 2026."
    assert len(flow_resources.staffing(page)) == len(flow_resources.costs(page)) == 0


@pytest.mark.parametrize("measure", ["flow_days_first_contact", "flow_days_operation"])
def test_series_of_days_is_the_median_of_the_step(opened: OpenPage, measure: str) -> None:
    """A quarter's point is what the table says of it: 30 and 20 days; before there was nobody."""
    page = opened()
    step = measure.removeprefix("flow_days_")
    series = page.series(measure, last=4)

    assert series.now.value == rows(page)[step]["median_days"]
    assert [point.value for point in series.points] == [series.now.value]
    assert series.table.frame["n"].tolist() == [{"first_contact": 12, "operation": 8}[step]]


def row(days: float | None, remark: str = "") -> dict[str, Any]:
    return {"km_median_days": days, "remark": remark, "done": None, "still_waiting": None}


def quarter(slowest: str, days: float | None, remark: str = "Flaskhals") -> dict[str, Any]:
    return {step: row(9.0) for step in STEP_NAMES} | {slowest: row(days, remark)}


OPERATION = "Steget från operationsanmälan till operation tog längst tid"
BEFORE = {"before_label": "förra kvartalet"}


@pytest.mark.parametrize(
    ("was", "said"),
    [
        (90.0, ", 7 dagar längre än förra kvartalet."),
        (98.0, ", 1 dag kortare än förra kvartalet."),
        (97.4, ", lika länge som förra kvartalet."),
        (None, "."),
    ],
)
def test_slowest_step_is_held_against_itself(was: float | None, said: str) -> None:
    """Longer, shorter, as long, or nothing where the quarter before has no number."""
    now, before = quarter("operation", 97.0), quarter("operation", was, "")

    assert flow.slowest_words(now, before, **BEFORE).replace(NBSP, " ") == (
        f"{OPERATION}: 97 dagar i median, med dem som väntar inräknade{said}"
    )


def test_slowest_step_that_was_another_before_is_told() -> None:
    """The bottleneck moved; how the step did before is told as well."""
    now, before = quarter("operation", 97.0), quarter("first_contact", 100.0)

    assert flow.slowest_words(now, before, **BEFORE).endswith(
        "88 dagar längre än förra kvartalet; förra kvartalet var det steget från bedömning till "
        "första kontakt.".replace("88 ", f"88{NBSP}")
    )


def test_slowest_step_under_way_says_how_far_it_has_come() -> None:
    """Where more than half wait still there is no number, and none to compare with."""
    now = quarter("operation", None, "Flaskhals: fler än hälften väntar ännu")
    before = quarter("operation", 90.0)

    assert flow.slowest_words(now, before, **BEFORE, so_far="Hittills under kvartal 2 2026") == (
        "Hittills under kvartal 2 2026 har steget från operationsanmälan till operation tagit "
        "längst tid: fler än hälften väntar ännu."
    )


def test_slowest_step_whose_median_is_hidden_is_not_named() -> None:
    """A mark beside a hidden number tells which step is longest: nothing is said of it."""
    said = flow.slowest_words(quarter("operation", None), quarter("operation", 90.0), **BEFORE)

    assert said.startswith("Vilket steg som tar längst tid kan inte anges")


def test_staffing_is_that_of_units_where_the_vo_operates(opened: OpenPage) -> None:
    """Hudiksvall only: 30 of 200 hours vacant, 20 of 100 the quarter before; all operations."""
    (found,) = flow_resources.staffing(opened()).cells()

    assert found == ("Centraloperation Hudiksvall", 1.0, 200.0, 180.0, 30.0, 0.15, 0.2)


def test_costs_are_of_booked_months_with_their_sum(opened: OpenPage) -> None:
    """January and February, two accounts each, in thousands; March is not booked."""
    page = opened()

    assert flow_resources.costs(page).cells() == (
        ("Centraloperation Hudiksvall", 3600.0, 3800.0, 200.0),
        ("Alla", 3600.0, 3800.0, 200.0),
    )
    assert flow_resources.booked(page) == "Bokförda månader: januari och februari."


def test_costs_of_a_quarter_without_books_have_no_rows(opened: OpenPage) -> None:
    """Nothing is summed where nothing is booked, and no month is named."""
    page = opened("2026-Q2")

    assert len(flow_resources.costs(page)) == 0
    assert flow_resources.booked(page) == ""


def test_steps_agree_with_the_measure(opened: OpenPage) -> None:
    """The page's medians are those of `flow` over the VO's own rows, read as the page reads."""
    from lpe_reports.display.series.care_flow import way_to_operation

    page = opened()
    tables_ = way_to_operation(page, page.params, "ortopedi", page.until)
    measured = flow_of(tables_, by=[], start=page.period.start, end=page.period.end)
    known = measured.set_index("step").loc[["assessed", "first_contact", "operation"]]

    assert known["median_days"].tolist() == [rows(page)[s]["median_days"] for s in known.index]
    assert timedelta(days=known.loc["operation", "median_days"]) == at("03-04") - at("02-12")


def test_notes_say_why_numbers_are_not_those_of_other_pages(opened: OpenPage) -> None:
    """Rounded where who left would follow; and another count than that of the stored lists."""
    page = opened()

    assert page.sentence("flow.numbers_note").startswith("Antalen är avrundade till steg om fem.")
    assert "Veckouppföljning kan därför ha andra tal" in page.sentence("flow.other_lists")
