"""Tables: a protected frame as the block that every output is made from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.blocks import Mark, TableBlock, TableColumn, Tone
from lpe_reports.errors import DisclosureError, UsageError

PERIOD_TYPES = ("week", "month", "period")


@dataclass(frozen=True)
class TableText:
    """What is written around a table.

    Args:
        caption: What the table shows; every table has one.
        selection: Whom it is about ("Operationscentrum Bollnäs, ortopedi").
        definitions: Glossary ids of what it shows.
        note: A sentence under it.
        empty: What to say where there are no rows.
    """

    caption: str
    selection: str = ""
    definitions: tuple[str, ...] = ()
    note: str = ""
    empty: str = ""


@dataclass(frozen=True)
class Target:
    """A target in force."""

    value: float
    direction: Literal["up", "down"]  # which way is better

    def met_by(self, value: float) -> bool:
        return value >= self.value if self.direction == "up" else value <= self.value

    def judge(self, value: float) -> tuple[Tone, str]:
        """A tone and words: når målet, under målet, över målet."""
        if self.met_by(value):
            return "good", "når målet"
        return "bad", "under målet" if value < self.value else "över målet"


@dataclass(frozen=True)
class Rows:
    """How a table's rows are meant."""

    current: str | None = None  # the period id of the page
    total: int | None = None
    window: int | None = None
    headers: int = 1
    filters: Sequence[str] = ()
    targets: dict[str, Target] = field(default_factory=dict)  # by column id


def require_protected(given: object, where: str) -> Protected:
    """The table, if it has passed disclosure control.

    Raises:
        DisclosureError: It has not; says what to do.
    """
    if isinstance(given, Protected):
        return given
    raise DisclosureError(
        f"{where} shows only what has passed disclosure control, not a {type(given).__name__}: "
        "give it what p.answer(…) or p.series(…) returns, or p.protect(frame, table=…, columns=…)"
    )


def table_block(
    table: Protected, *, block_id: str, text: TableText, rows: Rows | None = None
) -> TableBlock:
    """A protected table as a block; hidden cells are null and named.

    Args:
        table: What is shown, rows in the order shown.
        block_id: The table's id on its page and its part of a file's name.
        text: What is written around it.
        rows: Which row is now, which is the total, how many are shown first.
    """
    rows = rows or Rows()
    cells = table.cells()
    return TableBlock(
        id=block_id,
        caption=text.caption,
        selection=text.selection,
        definitions=text.definitions,
        columns=tuple(map(table_column, table.columns)),
        rows=cells,
        hidden=table.hidden_cells(),
        marks=_target_marks(table, rows.targets),
        row_headers=rows.headers,
        current_row=_current_row(table, rows.current),
        total_row=rows.total,
        window=rows.window,
        filters=_filters(table, rows.filters),
        note=text.note,
        empty=text.empty,
    )


def table_column(column: Column) -> TableColumn:
    """A protected table's column as the block has it."""
    return TableColumn(
        id=column.id,
        label=column.label,
        type=column.type,
        unit=column.unit,
        decimals=column.decimals,
    )


def _filters(table: Protected, named: Sequence[str]) -> tuple[int, ...]:
    """The places of the text columns that a reader can choose rows by.

    Raises:
        UsageError: One is a column of numbers, which nobody chooses by.
    """
    ids = [column.id for column in table.columns]
    for name in named:
        if not table.column(name).is_text:
            raise UsageError(
                f"p.table: filters= names text columns, and '{name}' holds numbers; a reader "
                "sorts by those"
            )
    return tuple(ids.index(name) for name in named)


def _current_row(table: Protected, current: str | None) -> int | None:
    """The row of the page's period, if exactly one row is."""
    if current is None or table.columns[0].type not in PERIOD_TYPES:
        return None
    periods = table.frame[table.columns[0].id].tolist()
    return periods.index(current) if periods.count(current) == 1 else None


def _target_marks(table: Protected, targets: dict[str, Target]) -> tuple[Mark, ...]:
    marks = []
    ids = [column.id for column in table.columns]
    cells: Sequence[Sequence[object]] = table.cells()
    for name, target in targets.items():
        table.column(name)
        place = ids.index(name)
        for number, row in enumerate(cells):
            value = row[place]
            if not isinstance(value, int | float) or value == target.value:
                continue
            tone, words = target.judge(value)
            marks.append(
                Mark(
                    row=number,
                    column=place,
                    tone=tone,
                    words=words,
                    side="over" if value > target.value else "under",
                )
            )
    return tuple(marks)
