"""What a page has shown of whom: groups that tables share, and what was decided elsewhere."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from lpe_reports.build.deciding import write_decisions
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.decisions import Across, Decisions, decisions_path
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.disclosure.groups import Group
from lpe_reports.display.blocks import ChartBlock, TableBlock
from lpe_reports.display.closing import trace
from lpe_reports.display.page import Page
from lpe_reports.errors import DisclosureError
from lpe_reports.settings import Project

OpenPage = Callable[..., Page]

BOLLNAS = "waiting|list=operation|time=2026-05-11|unit=bo-opc|vo=ortopedi"
HUDIKSVALL = "waiting|list=operation|time=2026-05-11|unit=hu-cop|vo=ortopedi"


def cells(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.ledger.record()["cells"]
    return found


def test_series_and_tables_name_the_same_people_alike(open_page: OpenPage) -> None:
    """Those who wait in a series and in the table of the week are one group, on any page."""
    first, second = open_page(), open_page()
    first.each("waiting", ["bo-opc", "hu-cop"], last=4)
    second.answer("followup.waiting_now", list="operation", units=["bo-opc", "hu-cop"])

    for page in (first, second):
        assert cells(page)[BOLLNAS] == 60
        assert cells(page)[HUDIKSVALL] is None


def test_shares_name_whom_they_are_of(open_page: OpenPage) -> None:
    """Numerator and denominator narrow the same list, in the series and in the table."""
    first, second = open_page(), open_page()
    first.series("guarantee_share_waiting", unit="bo-opc", last=4)
    second.answer("followup.waiting_now", list="operation", units=["bo-opc"])

    covered = Group.from_key(BOLLNAS).but(covered="yes")
    for page in (first, second):
        assert cells(page)[covered.key] == 60
        assert cells(page)[covered.but(within="guarantee").key] == 42


def test_a_days_list_is_closed_and_a_week_under_way_is_not(open_page: OpenPage) -> None:
    """What happened in a week that is not over is another group each night; a list is a day's."""
    page = open_page(period="2026-W20")
    page.series("waiting", unit="bo-opc", last=3)
    page.series("wait_days_performed", unit="bo-opc", last=3)

    groups = [Group.from_key(key) for key in cells(page)]
    waited = {g.get("time"): g.is_closed(page.night) for g in groups if g.population == "waiting"}
    assert waited["2026-05-11"]
    operated = {g.get("time"): g.is_closed(page.night) for g in groups if g.population != "waiting"}
    assert operated["2026-W19"]
    assert not any(closed for time, closed in operated.items() if time and "@" in time)


def test_activity_is_nobodys_group(open_page: OpenPage) -> None:
    """Operations and theatres are shown as they are, and say nothing of patients."""
    page = open_page()
    page.series("operations", unit="bo-opc", last=4)
    page.series("open_theatres", unit="bo-opc", vo=None, last=4)

    assert page.ledger.record()["lost"] == [0, 0]


def test_what_was_decided_stays_hidden(open_page: OpenPage) -> None:
    """A group that another page or an earlier version hides is hidden here, whatever its size."""
    page = open_page()
    assert page.series("waiting", unit="bo-opc", last=4).now.value == 60

    for decisions in (
        Decisions(kept=frozenset({BOLLNAS})),
        Decisions(across={BOLLNAS: Across(("weekly.ortopedi.2026-W19",))}),
    ):
        page = open_page()
        page._opening = replace(page._opening, decisions=decisions)
        series = page.series("waiting", unit="bo-opc", last=4)

        assert series.now.hidden
        assert [point.value for point in series.points[:-1]] == [61, 60, 60]
        assert page.ledger.record()["decided"] == [BOLLNAS]


def test_a_page_reads_what_was_decided(open_page: OpenPage, office: Project) -> None:
    """From the store, when it opens; a file that is not whole fails the page and shows nothing."""
    path = decisions_path(office)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        write_decisions(office, Decisions(kept=frozenset({BOLLNAS})))
        assert open_page().series("waiting", unit="bo-opc", last=4).now.hidden
        path.write_bytes(path.read_bytes().replace(b"bo-opc", b"ga-cop"))
        with pytest.raises(DisclosureError, match="damaged"):
            open_page()
    finally:
        path.unlink()
    assert not open_page().series("waiting", unit="bo-opc", last=4).now.hidden


def test_trace_tells_what_was_shown_and_no_hidden_number(open_page: OpenPage) -> None:
    """The three of Hudiksvall are a group without a number; what the page shows has one."""
    page = open_page()
    page.answer("followup.waiting_now", list="operation", units=["bo-opc", "hu-cop"])

    opening = page._opening
    exposure = trace(opening.extract, page._record, page.ledger, opening.root)["exposure"]
    assert exposure["cells"][BOLLNAS] == 60
    assert exposure["cells"][HUDIKSVALL] is None
    assert exposure["lost"][0] > 0


def drafts(counts: dict[str, list[int]]) -> list[Draft]:
    columns = [Column("name", "Namn"), Column("waiting", "Väntande", "count")]
    return [
        Draft(pd.DataFrame({"name": [f"{name} {n}" for n in range(len(of))], "waiting": of}),
              columns)
        for name, of in counts.items()
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "note"),
    [
        ({"fin": [30, 20, 10], "grov": [50, 10]}, "Alla grupper."),
        ({"fin": [3, 2, 40], "grov": [5, 40]}, "Visas grövre. Alla grupper."),
    ],
)
def test_table_says_that_it_is_coarser(
    open_page: OpenPage, counts: dict[str, list[int]], note: str
) -> None:
    """The draft's words stand under the table with the author's own; nothing where it is fine."""
    page = open_page()
    chosen = page.protect_coarsest(drafts(counts), table="waiting", notes=["", "Visas grövre."])
    block = page.table(chosen, caption="Väntande", note="Alla grupper.").block

    assert isinstance(block, TableBlock)
    assert block.note == note
    assert block.hidden == ()


@pytest.mark.parametrize(
    ("fine", "note"), [([30, 20, 10], "Alla grupper."), ([3, 2, 40], "Visas grövre. Alla grupper.")]
)
def test_chart_says_that_it_is_coarser(open_page: OpenPage, fine: list[int], note: str) -> None:
    """As the table does: a reader of the chart alone must know what was put together."""
    page = open_page()
    given = drafts({"fin": fine, "grov": [50, 10]})
    chosen = page.protect_coarsest(given, table="waiting", notes=["", "Visas grövre."])
    block = page.stacked(
        chosen, label="name", parts=["waiting"], caption="Väntande", note="Alla grupper."
    ).block

    assert isinstance(block, ChartBlock)
    assert block.note == note


def test_what_stands_for_an_empty_chart_says_why_once(open_page: OpenPage) -> None:
    """The note of the coarsest draft, which has no rows, is all that is said."""
    page = open_page()
    (fine,) = drafts({"fin": [3, 2, 1]})
    given = [fine, replace(fine, frame=fine.frame[:0])]
    chosen = page.protect_coarsest(given, table="waiting", notes=["", "Visas inte."])
    block = page.stacked(chosen, label="name", parts=["waiting"], caption="Väntande").block

    assert isinstance(block, TableBlock)
    assert (block.empty, block.note) == ("Visas inte.", "")
