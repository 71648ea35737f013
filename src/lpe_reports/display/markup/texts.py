"""The words that every kind of markup writes around a block's values."""

from lpe_reports import wording
from lpe_reports.display.blocks import KeyFigure, TableBlock

# The same words whichever reason a table's cells have: a reader who knew that none is hidden for
# another's sake would know that each is small, and what they add up to.
HIDDEN_NOTE = (
    "Dold: talet gäller för få patienter eller skulle avslöja ett annat tal som gör det; vilket "
    "sägs inte."
)
HIDDEN_FIGURE = "visas inte, för att skydda enskilda patienter"
NOTHING = "Inga rader att visa."


def heading_texts(table: TableBlock) -> list[str]:
    """The headings of a table's columns, with their units."""
    return [wording.heading(column.label, column.unit) for column in table.columns]


def row_texts(table: TableBlock) -> list[list[str]]:
    """The cells of a table as they are read."""
    hidden = set(table.hidden)
    return [
        [
            wording.cell_text(value, column, (number, place) in hidden)
            for place, (value, column) in enumerate(zip(row, table.columns, strict=True))
        ]
        for number, row in enumerate(table.rows)
    ]


def table_notes(table: TableBlock) -> list[str]:
    """The sentences under a table, or in place of one without rows."""
    if not table.rows:
        return [table.empty or NOTHING]
    return [note for note in (table.note, HIDDEN_NOTE if table.hidden else "") if note]


def cut_note(shown: int, count: int) -> str:
    """What is said under a table that is not shown whole."""
    rows = f"Visar {wording.number(shown)} av {wording.number(count)} rader."
    return f"{rows} Hela tabellen finns i Excelfilen."


def figure_number(figure: KeyFigure) -> tuple[str, str]:
    """A key figure's number, and in smaller type what belongs to it: unit, parts, target."""
    if figure.hidden:
        return wording.HIDDEN, _target(figure)
    if figure.value is None:
        return wording.NONE, figure.missing or wording.MISSING
    text, _, sign = wording.cell_text(figure.value, figure).rpartition(wording.NBSP)
    if figure.type != "share":
        text, sign = wording.cell_text(figure.value, figure), figure.unit
    if figure.type == "count" and figure.denominator is not None:
        sign = f"av {wording.number(figure.denominator)} {sign}".strip()
    return text, " · ".join(part for part in (sign, _target(figure)) if part)


def figure_comparisons(figure: KeyFigure) -> list[str]:
    """What a share is made of, what a figure was before (35 förra veckan), or why it is hidden."""
    if figure.hidden:
        return [HIDDEN_FIGURE]
    if figure.value is None:
        return []
    said = []
    if figure.type == "share" and figure.numerator is not None and figure.denominator is not None:
        parts = wording.number(figure.numerator), wording.number(figure.denominator)
        said.append(f"{parts[0]} av {parts[1]}")
    if figure.before is not None:
        if wording.change(figure.value, figure.before, figure) == wording.UNCHANGED:
            said.append(wording.UNCHANGED)
        else:
            said.append(f"{wording.cell_text(figure.before, figure)} {figure.before_label}")
    if figure.last_year is not None:
        said.append(f"{wording.cell_text(figure.last_year, figure)} {figure.last_year_label}")
    return said


def _target(figure: KeyFigure) -> str:
    """The target in force; it is no secret where the figure is."""
    if figure.target is None:
        return ""
    return f"mål{wording.NBSP}{wording.short_text(figure.target, figure)}"
