"""Answers of the equity report: who counts, what is compared, what is said."""

from collections.abc import Callable

import pytest

from lpe_reports.display.answers import equity
from lpe_reports.display.blocks import TableBlock
from lpe_reports.display.page import Page
from lpe_reports.errors import UsageError
from lpe_reports.wording import NBSP

OpenPage = Callable[..., Page]


def rows(page: Page, name: str, **options: object) -> list[dict[str, object]]:
    """An answer's rows as column id to value."""
    family = "equity_splits" if name in ("by_year", "by_month", "filtered") else "equity"
    table = page.answer(f"{family}.{name}", **options)
    ids = [column.id for column in table.columns]
    return [dict(zip(ids, cells, strict=True)) for cells in table.cells()]


def test_by_unit_counts_the_elective_with_the_longest_wait_first(equity_page: OpenPage) -> None:
    """Twelve in Gävle, 37 in Bollnäs; the emergency is nobody's, few are hidden, all add up."""
    table = rows(equity_page(), "by_unit")

    assert [row["unit"] for row in table] == [
        "Centraloperation Gävle",
        "Centraloperation Hudiksvall",
        "Operationscentrum Bollnäs",
        "Hela länet",
    ]
    assert table[-1]["operations"] == 52
    assert table[1]["operations"] is None


def test_by_unit_hides_no_single_cell_that_the_total_gives_away(equity_page: OpenPage) -> None:
    """Hudiksvall's three are hidden, so one more is: else the total would tell."""
    table = rows(equity_page(), "by_unit")[:-1]

    assert sum(row["operations"] is None for row in table) == 2


def test_gap_is_between_units_that_may_be_shown(equity_page: OpenPage) -> None:
    """Gävle's mean less Bollnäs'."""
    gap = rows(equity_page("NDM49"), "differences")[0]

    assert gap["value"] == pytest.approx((12 * 200 + 21) / 12 - (37 * 60 + 71) / 37)


@pytest.mark.parametrize("name", ["differences", "spread", "moves"])
def test_nothing_is_made_of_a_hidden_unit(equity_page: OpenPage, name: str) -> None:
    """Gävle's mean is hidden beside Hudiksvall's: a gap between it and Bollnäs' would tell it."""
    assert rows(equity_page(), name) == []


def test_bars_show_the_units_of_the_table(equity_page: OpenPage) -> None:
    """Asked for alone or after it: the same groups are shown, for they are the same."""
    alone, after = equity_page("NDM49"), equity_page("NDM49")
    table = [row["operations"] for row in rows(after, "by_unit")[:-1]]

    for page in (alone, after):
        assert [row["operations"] for row in rows(page, "per_unit")] == table == [12, 37]


def test_bars_of_mostly_hidden_units_are_words(equity_page: OpenPage) -> None:
    """Two of three are hidden: the table shows the third, and a chart of it would show nothing."""
    page = equity_page("NGB49")
    chart = page.bars(
        page.answer("equity.per_unit"), label="unit", value="mean_days", caption="Medeltid"
    ).block

    assert isinstance(chart, TableBlock)
    assert (chart.rows, chart.empty) == (
        (), "Inget diagram, eftersom för många av väntetiderna per operationsenhet är dolda."
    )  # fmt: skip
    assert [row["operations"] for row in rows(page, "by_unit")] == [None, None, 37, 52]


def test_an_answer_is_worked_out_once(equity_page: OpenPage) -> None:
    """What is asked for again, with its options said or not, is the same table."""
    page = equity_page()

    assert page.answer("equity.by_unit") is page.answer("equity.by_unit", of_before=False)
    assert page.answer("equity.by_unit") is not page.answer("equity.by_unit", of_before=True)


@pytest.mark.parametrize(
    ("unit", "period", "start"),
    [
        ("NDM49", "2025", "På Centraloperation Gävle väntade patienterna i genomsnitt 202"),
        ("NGB49", "2025", "På Operationscentrum Bollnäs väntade patienterna i genomsnitt 68"),
        ("NGB49", "2024", "Inga planerade patienter opererades under 2024."),
        ("NFB49", "2025", "Inga planerade patienter opererades under 2025."),
        (
            "NGB49",
            "2026",
            "Till och med april 2026 har patienterna på Operationscentrum Bollnäs väntat",
        ),
    ],
)
def test_summary_is_made_of_the_numbers(
    equity_page: OpenPage, unit: str, period: str, start: str
) -> None:
    """What the sentence says holds for this procedure and period only."""
    assert equity.summary(equity_page(unit, period)).replace(NBSP, " ").startswith(start)


def test_summary_says_that_the_others_are_hidden(equity_page: OpenPage) -> None:
    """Gävle operated twelve, which is not few: what is said is true of it and of Hudiksvall."""
    words = equity.summary(equity_page("NGB49", "2025"))

    assert words.endswith(
        "Väntetiden för övriga enheter är dold, eftersom den skulle avslöja tal om för få "
        "patienter."
    )


def test_summary_calls_a_small_gap_chance(equity_page: OpenPage) -> None:
    """A day's difference between seventeen patients proves nothing."""
    words = equity.summary(equity_page("NGB49", "2026"))

    assert "kan bero på slumpen" in words


def test_summary_calls_a_large_gap_by_its_name(equity_page: OpenPage) -> None:
    """A gap of months, with an interval that does not hold 0, is no chance."""
    words = equity.summary(equity_page("NDM49", "2025"))

    assert "större än slumpen förklarar" in words
    assert words.endswith("förklarar.")  # no patients in 2024, so nothing to compare with


def test_year_under_way_is_compared_with_as_many_months(equity_page: OpenPage) -> None:
    """On 11 May 2026, 2026 is compared with January to April 2025: autumn's do not count."""
    page = equity_page("NGB49", "2026")

    before = rows(page, "by_unit", of_before=True)
    assert before[-1]["operations"] == 45
    assert equity.before_label(page) == "samma tid 2025"
    assert "2026-01-01 till 2026-04-30 (hela månader), hela länet" in equity.selection(page)
    assert "2025-12-31, hela länet" in equity.selection(equity_page("NGB49", "2025"))


@pytest.mark.parametrize("by", ["asa", "planned", "sex", "age"])
def test_filters_divide_all_patients(equity_page: OpenPage, by: str) -> None:
    """Every value is a group of its own; shown counts never pass the whole, which stands last."""
    *table, whole = rows(equity_page(), "filtered", by=by)

    shown = [row["operations"] for row in table if row["operations"] is not None]
    assert 0 < sum(shown) <= 52
    assert (whole["value"], whole["operations"]) == ("Alla", 52)


def test_filter_that_is_unknown_is_told_with_those_there_are(equity_page: OpenPage) -> None:
    """A property that nobody has is a wrong input, not an empty table."""
    with pytest.raises(UsageError, match="by='height'; there are asa, planned, sex, age"):
        equity_page().answer("equity_splits.filtered", by="height")


@pytest.mark.parametrize("by", ["asa", "planned", "sex", "age"])
def test_filters_leave_no_single_hidden_count_to_reckon(equity_page: OpenPage, by: str) -> None:
    """In no column is one count alone hidden above a shown total."""
    *table, whole = rows(equity_page(), "filtered", by=by)

    for name in (name for name in whole if name.startswith("operations")):
        hidden = sum(row[name] is None for row in table)
        assert hidden != 1 or whole[name] is None


def test_division_that_hides_too_much_is_a_sentence(equity_page: OpenPage) -> None:
    """No table of one row that stands elsewhere: the page says that it is not divided, and why."""
    page = equity_page("NGB49", "2026")

    table = page.answer("equity_splits.filtered", by="age")
    block = page.table(table, caption="Efter ålder", total_row=-1, empty="Inga operationer.").block
    assert isinstance(block, TableBlock)
    assert block.rows == ()
    assert block.empty.startswith("Visas inte uppdelat, eftersom för många tal då skulle döljas.")


def test_division_of_nobody_gives_no_reason(equity_page: OpenPage) -> None:
    """Where nobody was operated on, nothing is hidden: the page says what the notebook does."""
    page = equity_page("NFB49", "2025")

    table = page.answer("equity_splits.filtered", by="age")
    block = page.table(table, caption="Efter ålder", total_row=-1, empty="Inga operationer.").block
    assert isinstance(block, TableBlock)
    assert (block.rows, block.empty) == ((), "Inga operationer.")


def test_key_figure_of_nothing_to_compare_says_so(equity_page: OpenPage) -> None:
    """One unit's waits are shown: no gap is missing from the source, there is none to tell."""
    page = equity_page("NGB49", "2025")
    found = page.answer("equity.differences")
    said = [
        page.key_figure(found, "value", label="Skillnad", empty=words).missing
        for words in ("går inte att jämföra", "")
    ]
    whole = page.key_figure(page.answer("equity.whole"), "operations", label="x", empty="y")

    assert said == ["går inte att jämföra", "saknas"]
    assert (whole.value, whole.missing) == (52, "")


def test_procedure_without_patients_gives_empty_tables(equity_page: OpenPage) -> None:
    """No operations: no rows anywhere, and no error."""
    page = equity_page("NFB49", "2025")

    for name in ("by_unit", "per_unit", "differences", "spread", "case_mix", "moves", "by_month"):
        assert rows(page, name) == []
