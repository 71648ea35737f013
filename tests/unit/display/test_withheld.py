"""What stands in place of tables and charts whose numbers are hidden."""

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import pandas as pd
import pytest

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.blocks import ChartBlock, TableBlock
from lpe_reports.display.page import Page
from lpe_reports.display.withheld import (
    INSTEAD_OF_A_CHART,
    REASON,
    TABLED,
    chart_or_table,
    share_hidden,
)

OpenPage = Callable[..., Page]
INSTEAD = "Se i stället sidan för 2025."


def waiting(page: Page, counts: Sequence[int | None], *, public: bool = False) -> Protected:
    """How many wait at each of some units: those from 1 to 4 are hidden."""
    names = pd.array([f"Enhet {number}" for number in range(len(counts))], dtype="str")
    frame = pd.DataFrame({"unit": names, "waiting": pd.array(counts, dtype="Int64"), "limit": 90})
    columns = [Column("unit", "Enhet"), Column("waiting", "Väntande", "count")]
    if public:
        columns.append(Column("limit", "Gräns", "count", public=True))
    return page.protect(frame, table="waiting", columns=columns)


def bars(page: Page, counts: Sequence[int]) -> Any:
    data = waiting(page, counts)
    return page.bars(
        data, label="unit", value="waiting", caption="Väntande", note="Alla listor.",
        selection="Bollnäs", definitions="waiting", instead=INSTEAD,
    ).block  # fmt: skip


def own(page: Page, counts: Sequence[int]) -> Any:
    chart = alt.Chart().mark_bar().encode(x="waiting:Q", y="unit:N")
    data = waiting(page, counts)
    return page.chart(
        chart, data=data, caption="Väntande", alt="Staplar", note="Alla listor.",
        selection="Bollnäs", definitions="waiting", instead=INSTEAD,
    ).block  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "share"), [([3, 2], 1), ([3, 40], 0.5), ([3, 0], 0.5), ([3, None], 1), ([None], 0)]
)
def test_share_is_of_the_numbers_that_there_are(
    open_page: OpenPage, counts: list[int | None], share: float
) -> None:
    """A nought is shown; what is merely missing and what is public count neither way."""
    page = open_page()

    assert share_hidden(waiting(page, counts)) == share
    assert share_hidden(waiting(page, counts, public=True)) == share


def test_table_of_hidden_numbers_is_a_sentence(open_page: OpenPage) -> None:
    """Why, and where to look instead; no row, no mark and no note of rows is left."""
    page = open_page()
    block = page.table(
        waiting(page, [3, 2]), caption="Väntande", note="Alla.", total_row=-1, instead=INSTEAD
    ).block

    assert isinstance(block, TableBlock)
    assert (block.rows, block.hidden, block.total_row, block.note) == ((), (), None, "")
    assert block.empty == f"{REASON} {INSTEAD}"
    assert block.caption == "Väntande"


@pytest.mark.parametrize("counts", [[3, 40], [3, 0]])
def test_table_with_a_number_stays_a_table(open_page: OpenPage, counts: list[int]) -> None:
    """One number that is shown, a nought too, is worth its table."""
    page = open_page()
    block = page.table(waiting(page, counts), caption="Väntande", instead=INSTEAD).block

    assert isinstance(block, TableBlock)
    assert (len(block.rows), block.hidden, block.empty) == (2, ((0, 1),), "")


def test_table_without_rows_keeps_its_own_words(open_page: OpenPage) -> None:
    """Nothing is hidden where there is nothing, and the page must not say that it is."""
    page = open_page()
    block = page.table(waiting(page, []), caption="Väntande", empty="Ingen.").block

    assert isinstance(block, TableBlock)
    assert block.empty == "Ingen."


@pytest.mark.parametrize("draw", [bars, own])
def test_chart_of_hidden_points_is_a_sentence(
    open_page: OpenPage, draw: Callable[..., object]
) -> None:
    """No drawing, and no table of hidden cells in its place."""
    block = draw(open_page(), [3, 2])

    assert isinstance(block, TableBlock)
    assert (block.rows, block.empty) == ((), f"{REASON} {INSTEAD}")
    assert (block.selection, block.definitions) == ("Bollnäs", ("waiting",))


@pytest.mark.parametrize("draw", [bars, own])
def test_chart_of_mostly_hidden_points_is_its_table(
    open_page: OpenPage, draw: Callable[..., object]
) -> None:
    """What is left is shown, with the chart's own caption, selection and note."""
    block = draw(open_page(), [3, 2, 40])

    assert isinstance(block, TableBlock)
    assert [row[1] for row in block.rows] == [None, None, 40]
    assert block.hidden == ((0, 1), (1, 1))
    assert block.note == f"{INSTEAD_OF_A_CHART} Alla listor."
    assert (block.selection, block.definitions) == ("Bollnäs", ("waiting",))


def test_chart_of_mostly_hidden_points_is_words_where_a_table_has_them(
    open_page: OpenPage,
) -> None:
    """Its own table would say twice what stands below; half hidden, it is drawn all the same."""
    chart = bars(open_page(), [3, 40])

    block = chart_or_table(chart, hidden=0.6, tabled=True)

    assert isinstance(block, TableBlock)
    assert (block.rows, block.hidden, block.empty) == ((), (), TABLED)
    assert chart_or_table(chart, hidden=0.5, tabled=True) is chart
    assert chart_or_table(chart, hidden=1, tabled=True).model_dump()["empty"] == REASON


@pytest.mark.parametrize("draw", [bars, own])
def test_chart_of_half_its_points_is_drawn(
    open_page: OpenPage, draw: Callable[..., object]
) -> None:
    """As many shown as hidden is not most of them."""
    assert isinstance(draw(open_page(), [3, 40]), ChartBlock)


@pytest.mark.parametrize("draw", [bars, own])
def test_chart_without_rows_is_not_drawn(open_page: OpenPage, draw: Callable[..., object]) -> None:
    """An empty frame shows nothing that words do not say; they speak of no hidden numbers."""
    block = draw(open_page(), [])

    assert isinstance(block, TableBlock)
    assert REASON not in block.empty


def test_series_of_hidden_points_is_a_sentence(open_page: OpenPage) -> None:
    """Three wait in Hudiksvall every week: neither a trend nor lines of it are drawn."""
    page = open_page()
    few = page.series("waiting", unit="hu-cop", last=8)

    for shown in (page.trend(few, instead=INSTEAD), page.lines(few, caption="x", instead=INSTEAD)):
        assert isinstance(shown.block, TableBlock)
        assert shown.block.empty == f"{REASON} {INSTEAD}"


def test_table_of_a_mostly_hidden_series_is_no_longer_than_others(open_page: OpenPage) -> None:
    """It stands where a small chart would: eight weeks, until the reader asks for more."""
    page = open_page()
    both = page.each("waiting", ["hu-cop", "hu-cop", "bo-opc"], last=8)

    block = page.lines(both, caption="x", names=["a", "b", "c"], note="Alla.").block
    assert isinstance(block, TableBlock)
    assert (block.window, block.note) == (8, f"{INSTEAD_OF_A_CHART} Alla.")


def test_lines_are_drawn_for_those_that_are_shown(open_page: OpenPage) -> None:
    """Beside Bollnäs' sixty, Hudiksvall's three are half of the points: not most of them."""
    page = open_page()
    both = page.each("waiting", ["bo-opc", "hu-cop"], last=8)

    assert isinstance(page.lines(both, caption="x").block, ChartBlock)


@pytest.mark.parametrize("draw", [bars, own])
@pytest.mark.parametrize(("some", "others"), [([1, 2], [4, 3]), ([1, 2, 9], [4, 3, 9])])
def test_what_is_hidden_decides_nothing_by_its_size(
    open_page: OpenPage, draw: Callable[..., object], some: list[int], others: list[int]
) -> None:
    """Two nights that differ in hidden numbers alone show the same, table, sentence or chart."""
    assert draw(open_page(), some) == draw(open_page(), others)


def test_the_sentence_gives_no_reason_that_tells_which_numbers_are_small() -> None:
    """It speaks of few patients and of other numbers in one breath, as hidden cells' note does."""
    assert "gäller för få patienter eller skulle avslöja andra tal" in REASON
