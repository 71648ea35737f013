"""What a pack tells of its pages: how many hidden values they show as such on paper."""

from pathlib import Path

import pytest

from lpe_reports.display.blocks import ProvenanceBlock, TableBlock, TableColumn, TitleBlock
from lpe_reports.display.content import PageContent, read_content
from lpe_reports.render.packs.printed import hidden_in_print
from sample_page import Item, write_notebook


def content(folder: Path, hidden: int, rows: int) -> PageContent:
    """A page with one table, of which eight rows are shown first and one cell is hidden."""
    columns = (
        TableColumn(id="a", label="A", type="text"),
        TableColumn(id="n", label="N", type="count"),
    )
    table = TableBlock(
        id="t", caption="T", columns=columns, row_headers=1, window=8, hidden=((hidden, 1),),
        rows=tuple((str(row), None if row == hidden else row) for row in range(rows)),
    )  # fmt: skip
    items: list[Item] = [
        TitleBlock(report="weekly", unit="x", period="2026-W19", title="X", when="då"),
        table,
        ProvenanceBlock(
            extract="2026-05-11", digest="a" * 60, rows=1, notebook="n.ipynb",
            parameters={}, definitions=(),
        ),
    ]  # fmt: skip
    return read_content(write_notebook(folder / "x.ipynb", items))


@pytest.mark.parametrize(("hidden", "rows", "shown"), [(3, 12, 1), (9, 12, 0), (9, 10, 1)])
def test_hidden_values_are_counted_in_the_rows_that_are_printed(
    tmp_path: Path, hidden: int, rows: int, shown: int
) -> None:
    """Not in those that a table is cut at; a table that nearly fits is printed whole."""
    assert hidden_in_print(content(tmp_path, hidden, rows)) == shown
