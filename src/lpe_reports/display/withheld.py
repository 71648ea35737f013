"""What stands in place of a table whose numbers are all hidden, or of a chart of hidden points.

Every number of such a table says "dold": that is right, and a reader learns nothing from it. One
sentence says the same, and where to look instead. A chart of which most points are hidden gives
way to its table, which shows what is left; a chart of which all are hidden, to the sentence.

None of this tells a hidden number. Which of chart, table and sentence a reader sees follows from
which cells are hidden and from nothing else, never from what is in them, and until now the reader
saw that cell by cell. The sentence is less: it leaves out which rows there were and where numbers
were merely missing. It gives the one reason that all hidden cells are given
(`markup.texts.HIDDEN_NOTE`), and never that these numbers are small: a number can be hidden for
another's sake, and who knew of a table that none is would know what its total is made of. What was
protected stays in the page's ledger as it is, so the pages' other tables hide what they did.
"""

from collections.abc import Iterable, Sequence

from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.blocks import ChartBlock, TableBlock

# A chart shows the shape of its points; with more of them hidden than shown it has none.
MOST_OF_A_CHART = 0.5
REASON = (
    "Inget av talen kan visas, eftersom de gäller för få patienter eller skulle avslöja andra tal "
    "som gör det."
)
INSTEAD_OF_A_CHART = "Visas som tabell, eftersom de flesta talen i diagrammet är dolda."

TABLED = (
    "Inget diagram, eftersom de flesta talen i det är dolda. De som visas står i tabellen nedanför."
)


def share_hidden(*tables: Protected, columns: Sequence[str] = ()) -> float:
    """How large a part of the numbers that tables have is hidden; 0 where they have none.

    Args:
        tables: What is shown.
        columns: The ids of the columns that count; all numbers about patients when not given.
    """
    if not any(table.hidden_cells() for table in tables):
        return 0.0  # as most are
    hidden = cells = 0
    for table in tables:
        names = columns or [c.id for c in table.columns if not c.is_text and not c.public]
        masked = table.hidden[list(names)]
        hidden += int(masked.to_numpy().sum())
        cells += int((table.frame[list(names)].notna() | masked).to_numpy().sum())
    return hidden / cells if cells else 0.0


def table_or_words(block: TableBlock, *, hidden: float, instead: str = "") -> TableBlock:
    """A table as it is, or without rows and with a sentence where all its numbers are hidden.

    Args:
        block: The table.
        hidden: Which part of its numbers is hidden.
        instead: Where to look instead, said after why.
    """
    return _in_words(block, _said(instead)) if hidden == 1 else block


def chart_or_table(
    block: ChartBlock, *, hidden: float, empty: str = "", instead: str = "", tabled: bool = False
) -> ChartBlock | TableBlock:
    """A chart that shows most of its points; else its table, or a sentence where it has none.

    Args:
        block: The chart.
        hidden: Which part of its points is hidden.
        empty: What is said where it has no rows.
        instead: Where to look instead where all points are hidden.
        tabled: Whether a table below has its numbers too, so that its own would say them twice.
    """
    table = block.table.model_copy(
        update={"selection": block.selection, "definitions": block.definitions}
    )
    if not table.rows:
        return _in_words(table, empty)
    if hidden <= MOST_OF_A_CHART:
        return block
    if hidden == 1:
        return _in_words(table, _said(instead))
    if tabled:
        return _in_words(table, TABLED)
    return table.model_copy(update={"note": _sentences([INSTEAD_OF_A_CHART, block.note])})


def _in_words(block: TableBlock, words: str) -> TableBlock:
    """No rows, and nothing that was said of them."""
    nothing = {"rows": (), "hidden": (), "marks": (), "note": "", "empty": words}
    return block.model_copy(
        update={**nothing, "current_row": None, "total_row": None, "window": None}
    )


def _said(instead: str) -> str:
    return _sentences([REASON, instead])


def _sentences(parts: Iterable[str]) -> str:
    return " ".join(part for part in parts if part)
