"""How finely the equity report tells where patients were operated, and what it says instead."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from lpe_reports.disclosure.decisions import Decisions
from lpe_reports.display.answers import equity
from lpe_reports.display.answers.equity_patients import counted_until, days_of
from lpe_reports.display.blocks import TableBlock
from lpe_reports.display.page import Page
from lpe_reports.periods import PeriodKind, period_at
from lpe_reports.wording import NBSP

OpenPage = Callable[..., Page]
NOT_PER_UNIT = "Visas inte per operationsenhet, eftersom för många tal då skulle döljas."


def table(page: Page, answer: str = "by_unit") -> TableBlock:
    block = page.table(page.answer(f"equity.{answer}"), caption="x", empty="Inga.").block
    assert isinstance(block, TableBlock)
    return block


def on(page: Page, night: date) -> Page:
    """The page as another night sees it."""
    page.ongoing = not page.period.is_over(night)
    page.until = min(page.period.end, night)
    return page


def test_units_of_one_hospital_stand_together_where_each_hides_too_much(
    equity_page: OpenPage,
) -> None:
    """Four and three in Gävle are hidden apart; the hospital's seven are shown, and a note why."""
    page = equity_page("JAB30")
    block = table(page)

    assert block.columns[0].label == "Sjukhus"
    assert [row[:2] for row in block.rows] == [
        ("Gävle sjukhus", 7), ("Hudiksvalls sjukhus", 20), ("Bollnäs sjukhus", 30),
        ("Hela länet", 57),
    ]  # fmt: skip
    assert block.hidden == ()
    assert block.note.startswith("Visas per sjukhus: per operationsenhet skulle för många tal")


@pytest.mark.parametrize("answer", ["per_unit", "case_mix"])
def test_other_tables_are_divided_as_the_first(equity_page: OpenPage, answer: str) -> None:
    """Chart, case mix and the gap are between hospitals where the table is."""
    page = equity_page("JAB30")
    block = table(page, answer)

    assert (block.columns[0].label, len(block.rows), block.hidden) == ("Sjukhus", 3, ())
    moved = page.answer("equity.moves").cells()
    assert {row[0] for row in moved} <= {"Gävle sjukhus", "Hudiksvalls sjukhus"}
    assert "På Gävle sjukhus väntade patienterna" in equity.summary(page)


def test_no_unit_is_shown_where_all_have_few(equity_page: OpenPage) -> None:
    """A sentence in place of each table of hidden cells; what the county waited is still told."""
    page = equity_page("CJE20")

    assert (table(page).rows, table(page, "case_mix").rows) == ((), ())
    assert table(page).empty == f"{NOT_PER_UNIT} Hela länets tal står överst på sidan."
    assert table(page, "case_mix").empty == NOT_PER_UNIT
    assert table(page, "per_unit").empty.startswith("Inget diagram, eftersom")
    assert page.answer("equity.whole").cells()[0][1] == 10
    assert equity.summary(page).replace(NBSP, " ") == (
        "I hela länet var väntetiden under 2025 i genomsnitt 163 dagar. Per operationsenhet kan "
        "den inte visas utan att tal om få patienter går att räkna ut."
    )


def test_a_division_that_is_not_shown_leaves_no_trace(equity_page: OpenPage) -> None:
    """What was only tried binds no later table, and is not weighed with what the page shows."""
    page = equity_page("CJE20")
    table(page)

    keys = page.ledger.exposure().cells
    assert "operated|procedure=CJE20|time=2025" in keys
    assert [key for key in keys if "unit=" in key] == []


def test_numbers_stand_alone_where_their_waits_are_hidden(equity_page: OpenPage) -> None:
    """Decided elsewhere to be hidden: the means go, and the numbers, which may be shown, stay."""
    page = equity_page("NDM49")
    about = "operated|procedure=NDM49|sum=wait_days|time=2025"
    kept = frozenset({about, f"{about}|unit=ga-cop", f"{about}|unit=bo-opc"})
    page._opening = replace(page._opening, decisions=Decisions(kept=kept))
    block = table(page)

    assert [column.label for column in block.columns] == ["Operationsenhet", "Antal"]
    assert [row[1] for row in block.rows] == [12, 37, 49]
    assert block.note.startswith("Per operationsenhet visas bara antalen")
    assert table(page, "case_mix").rows == ()
    assert "kan inte visas" in equity.summary(page)


def test_chart_of_mostly_hidden_waits_leaves_them_to_the_table(equity_page: OpenPage) -> None:
    """The waits of two units of three are hidden: the table beside has all that is left."""
    page = equity_page("JKA21")
    waits = "operated|procedure=JKA21|sum=wait_days|time=2025|unit="
    kept = frozenset({f"{waits}{unit}" for unit in ("ga-cop", "hu-cop")})
    page._opening = replace(page._opening, decisions=Decisions(kept=kept))

    assert [(row[1], row[2] is None) for row in table(page).rows] == [
        (21, True), (22, True), (30, False), (73, False),
    ]  # fmt: skip
    assert table(page, "per_unit").empty.startswith("Inget diagram, eftersom")


def test_first_table_keeps_units_where_half_can_be_shown(equity_page: OpenPage) -> None:
    """Two of three units are hidden: Bollnäs' own numbers are worth more than none."""
    block = table(equity_page("NGB49"))

    assert [row[1] for row in block.rows] == [None, None, 37, 52]


@pytest.mark.parametrize(
    ("unit", "period", "said"),
    [
        ("NGB49", "2025", "Se i stället gruppen Knä."),
        (
            "NGB49", "2026",
            "Se i stället sidan för 2025, de senaste tolv månaderna eller gruppen Knä.",
        ),
        ("knee", "2026", "Se i stället sidan för 2025 eller de senaste tolv månaderna."),
        ("knee", "2025", ""),
        ("CJE20", "2025", ""),  # its group has no page
    ],
)  # fmt: skip
def test_page_says_where_to_look_instead(
    equity_page: OpenPage, unit: str, period: str, said: str
) -> None:
    """A longer time, or the group; nothing where the report has neither."""
    assert equity.instead(equity_page(unit, period)) == said


def test_report_has_the_pages_that_it_points_to(equity_page: OpenPage) -> None:
    """The year before the one under way, and rolling twelve months."""
    windows = {w.kind: w.last for w in equity_page()._opening.report.windows()}

    assert windows[PeriodKind.YEAR] >= 2
    assert windows[PeriodKind.ROLLING12] >= 1


@pytest.mark.parametrize(
    ("night", "end", "before", "words"),
    [
        ("2026-05-11", "2026-05-01", "2025-05-01", "till och med april 2026"),
        ("2026-05-01", "2026-05-01", "2025-05-01", "till och med april 2026"),
        ("2026-01-20", "2026-01-20", "2025-01-20", "hittills under 2026"),
        ("2027-01-01", "2027-01-01", "2026-01-01", "under 2026"),
    ],
)
def test_year_under_way_counts_whole_months(
    equity_page: OpenPage, night: str, end: str, before: str, words: str
) -> None:
    """Days of a month that has begun wait until it is over; in January there is nothing else."""
    page = on(equity_page("NFB49", "2026"), date.fromisoformat(night))

    assert counted_until(page) == date.fromisoformat(end)
    assert days_of(page, True) == (date(2025, 1, 1), date.fromisoformat(before))
    assert equity.summary(page) == f"Inga planerade patienter opererades {words}."


def test_leap_days_are_compared_with_a_day_that_there_is(equity_page: OpenPage) -> None:
    """Twelve months that began in February, seen on the 29th, have no such day a year earlier."""
    page = equity_page("NFB49", "r12-2026-04")
    page.period = period_at(PeriodKind.ROLLING12, date(2029, 1, 1))
    page = on(page, date(2028, 2, 29))

    assert days_of(page, True) == (date(2027, 2, 1), date(2027, 2, 28))
