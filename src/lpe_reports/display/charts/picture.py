"""A picture of a protected table: its spec and what is said of it, before it stands on a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Cell, Protected
from lpe_reports.display.charts.axes import Spec
from lpe_reports.errors import UsageError

MOST_ROWS = 40


@dataclass(frozen=True)
class Picture:
    """What a kind of chart makes of a table.

    Args:
        spec: Vega-Lite, hidden values left out.
        width: px of the whole picture, about.
        subtitle: What is drawn; an author's own words take its place.
        alt: What it shows, for who cannot see it.
        narrow: The same drawn for a phone; empty where one drawing serves everywhere.
    """

    spec: Spec
    width: int
    subtitle: str
    alt: str
    narrow: Spec = field(default_factory=dict)


@dataclass(frozen=True)
class Value:
    """One cell of a table, as charts see it."""

    number: float | None  # None where there is none, or it is hidden
    text: str
    hidden: bool


def values_of(table: Protected, column_id: str) -> list[Value]:
    """A column of numbers, cell by cell, as the table writes them.

    Raises:
        UsageError: Its values are no numbers.
    """
    column = table.column(column_id)
    if column.is_text:
        raise UsageError(f"table '{table.table}': '{column_id}' is text and cannot be drawn")
    return [
        Value(
            float(cell) if isinstance(cell, int | float) and not hidden else None,
            wording.cell_text(cell, column, hidden),
            hidden,
        )
        for cell, hidden in zip(
            cells_of(table, column_id), table.hidden[column_id].tolist(), strict=True
        )
    ]


def cells_of(table: Protected, column_id: str) -> list[Cell]:
    """A column's cells as plain values."""
    return [row[0] for row in table.select(column_id).cells()]


def names_of(table: Protected, label: str, call: str) -> list[str]:
    """What a table's rows are called in a chart that has a bar or a line of cells for each.

    Raises:
        UsageError: More rows than can be read, or two with one name.
    """
    column = table.column(label)
    names = [wording.cell_text(cell, column) for cell in cells_of(table, label)]
    if len(names) > MOST_ROWS:
        raise UsageError(f"{call} shows at most {MOST_ROWS} rows, not {len(names)}; cut the table")
    if len(set(names)) < len(names):
        raise UsageError(f"{call}: '{label}' names two rows alike; they would cover each other")
    return names


def parts_of(table: Protected, parts: Sequence[str], call: str) -> list[Column]:
    """The columns that are the parts of a chart, which must be of one type.

    Raises:
        UsageError: There are none, one is text, or they are of several types.
    """
    columns = [table.column(name) for name in parts]
    if not columns or len({column.type for column in columns}) > 1 or columns[0].is_text:
        raise UsageError(f"{call}: parts= names columns of numbers, all of one type")
    return columns


def hidden_words(values: Iterable[Value]) -> str:
    """How many values are hidden: Två värden är dolda; nothing where none is."""
    count = sum(value.hidden for value in values)
    if not count:
        return ""
    words = wording.count_word(count, neuter=True)
    many = wording.plural(count, "värde är dolt", "värden är dolda")
    return f" {wording.upper_first(words)} {many}."
