"""Tables as blocks: what is hidden stays hidden, what is now is marked, targets are judged."""

import pandas as pd
import pytest

from lpe_reports.disclosure.columns import Column
from lpe_reports.display.blocks import TableBlock
from lpe_reports.display.markup.context import MarkupContext
from lpe_reports.display.markup.html import block_html
from lpe_reports.display.series_tables import series_table, target_marks
from lpe_reports.display.tables import Rows, TableText, Target, require_protected, table_block
from lpe_reports.errors import DisclosureError, UsageError
from small_series import protected, series

WEEK = Column("period", "År-vecka", "week")
COUNT = Column("waiting", "Väntande", "count")
WEEKS = {"period": ["2026-W18", "2026-W19"], "waiting": [3, 40]}


def test_table_block_names_hidden_cells_and_holds_no_value_of_them() -> None:
    """A hidden cell is null, and its place is told."""
    block = table_block(
        protected(WEEKS, WEEK, COUNT, table="waiting"), block_id="x", text=TableText("Väntande")
    )

    assert block.rows == (("2026-W18", None), ("2026-W19", 40))
    assert block.hidden == ((0, 1),)


def test_table_block_marks_the_pages_period() -> None:
    """The row of the page's period is the current one, where the table has one."""
    table = protected(WEEKS, WEEK, COUNT)

    def current(period: str) -> int | None:
        rows = Rows(current=period)
        return table_block(table, block_id="x", text=TableText("x"), rows=rows).current_row

    assert current("2026-W19") == 1
    assert current("2026-W20") is None


def test_table_block_names_the_columns_that_rows_are_chosen_by() -> None:
    """By their places, for the page alone; a column of numbers is refused."""
    table = protected(WEEKS, WEEK, COUNT)

    def block(*names: str) -> TableBlock:
        return table_block(table, block_id="x", text=TableText("x"), rows=Rows(filters=names))

    assert block("period").filters == (0,)
    assert 'data-filters="0"' in block_html(block("period"), context=MarkupContext())
    assert "data-filters" not in block_html(block(), context=MarkupContext())
    with pytest.raises(UsageError, match="holds numbers"):
        block("waiting")


def test_table_block_marks_cells_against_a_target() -> None:
    """Under and over the target, in words; on the target and hidden cells unmarked."""
    frame = {"period": ["2026-W17", "2026-W18", "2026-W19"], "n": [44, 45, 46]}
    rows = Rows(targets={"n": Target(45, "up")})
    block = table_block(
        protected(frame, WEEK, Column("n", "n", "count")), block_id="x", text=TableText("x"),
        rows=rows,
    )  # fmt: skip

    assert [(m.row, m.words, m.side, m.tone) for m in block.marks] == [
        (0, "under målet", "under", "bad"),
        (2, "når målet", "over", "good"),
    ]


def test_tables_take_nothing_that_has_not_passed_disclosure_control() -> None:
    """A raw frame is refused with words on what to do instead."""
    with pytest.raises(DisclosureError, match=r"not a DataFrame.*p\.protect"):
        require_protected(pd.DataFrame({"n": [3]}), "p.table")


def test_series_table_shows_the_newest_first_with_its_parts() -> None:
    """One series stands with what its share is made of."""
    one = series("guarantee_share_waiting", [70, 80], denominators=[100, 100])
    table = series_table([one])

    assert [c.id for c in table.columns] == ["period", "value", "numerator", "denominator"]
    assert table.cells() == (("2026-W19", 0.8, 80, 100), ("2026-W18", 0.7, 70, 100))


def test_series_stand_side_by_side_by_period() -> None:
    """Several series become columns; a period that one lacks is missing there."""
    table = series_table(
        [series("waiting", [50, 60, 70]), series("waiting", [80, 90], place="Gävle")]
    )

    assert [c.label for c in table.columns] == ["År-vecka", "Bollnäs", "Gävle"]
    assert table.cells() == (
        ("2026-W19", 70, 90), ("2026-W18", 60, 80), ("2026-W17", 50, None),
    )  # fmt: skip


def test_series_side_by_side_keep_what_is_hidden() -> None:
    """Joining reveals nothing."""
    table = series_table([series("waiting", [50, 3]), series("waiting", [80, 90], place="Gävle")])

    assert table.cells()[0] == ("2026-W19", None, 90)
    assert table.hidden_cells() == ((0, 1),)


def test_series_table_marks_each_period_against_its_own_target() -> None:
    """Under the target of its week; a week under way has missed nothing."""
    one = series("operations", [44, 46, 20], target=45, ongoing=True)
    marks = target_marks([one], series_table([one]))

    assert [(m.row, m.words) for m in marks] == [(2, "under målet"), (1, "når målet")]


def test_series_table_refuses_labels_that_do_not_fit() -> None:
    """Two labels for one series are a mistake, told as one."""
    with pytest.raises(UsageError, match="2 labels for 1 series"):
        series_table([series("waiting", [50])], ["a", "b"])
