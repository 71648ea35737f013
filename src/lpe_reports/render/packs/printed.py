"""What a meeting pack says of a page beside what the page itself shows; kept with its source."""

import json
from pathlib import Path

from lpe_reports.display.blocks import Block, RowBlock, TableBlock
from lpe_reports.display.content import PageContent
from lpe_reports.display.markup.context import MarkupContext
from lpe_reports.display.markup.typst import shown_rows


class Printed(Block):
    """A page as it is printed.

    Fields:
        extract: Until when its data go.
        rows: How many rows it was made of.
        digest: Of all that was read.
        hidden: How many hidden values it shows as such.
    """

    extract: str
    rows: int
    digest: str
    hidden: int


def printed_bytes(content: PageContent) -> bytes:
    """`Printed` of a page's content, as it is stored."""
    provenance = content.provenance
    printed = Printed(
        extract=provenance.extract,
        rows=provenance.rows,
        digest=provenance.digest,
        hidden=hidden_in_print(content),
    )
    return json.dumps(printed.model_dump(mode="json"), sort_keys=True).encode()


def read_printed(path: Path) -> Printed:
    """A page as it is printed, from where it is stored."""
    return Printed.model_validate_json(path.read_bytes())


def hidden_in_print(content: PageContent) -> int:
    """How many hidden values a page's PDF shows as such.

    Those in rows that its tables are cut at, and behind its charts, are not in it.
    """
    tables = [
        part
        for item in content.items
        for part in (item.items if isinstance(item, RowBlock) else (item,))
        if isinstance(part, TableBlock)
    ]
    figures = sum(figure.hidden for figure in content.key_figures())
    return figures + sum(_hidden_cells(table) for table in tables)


def _hidden_cells(table: TableBlock) -> int:
    shown = set(shown_rows(table, MarkupContext().cut_rows))
    return sum(row in shown for row, _ in table.hidden)
