"""The sheets of a page's Excel file: tables and key figures as a planner works on them.

Cells are typed, the heading is frozen and filtered, columns are wide enough, and a sheet prints
on paper as wide as it is, with its caption above and the heading on every page. What the page
marks is marked: the period of the page, totals, and judgements, by colour and by an arrow.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from lpe_reports import wording
from lpe_reports.display.blocks import Cell, KeyFigure, Mark, TableBlock, TableColumn
from lpe_reports.display.markup.texts import heading_texts, row_texts, table_notes
from lpe_reports.display.palette import PALETTE
from lpe_reports.wording import upper_first

_CELL_LENGTH = 32_767
_HEADER_LENGTH = 240  # Excel takes 255 signs in all
_WIDEST = 60
_MINUTES_A_DAY = 24 * 60
_LINE_HEIGHT = 15.0
_A4 = 9
_SHADE = "#F1F4F8"
_ARROWS = {"over": "▲", "under": "▼"}
# A column that is wider than tall on paper turns it on its side.
_LANDSCAPE_WIDTH = 95


class Formats:
    """Excel's formats, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.bold = self._of(bold=True)
        self.heading = self._of(bold=True, bottom=1, text_wrap=True, valign="bottom")
        self.number_heading = self._of(
            bold=True, bottom=1, text_wrap=True, valign="bottom", align="right"
        )
        self.wrapped = self._of(text_wrap=True, valign="top")
        self.top = self._of(valign="top")
        self.bold_top = self._of(bold=True, valign="top")
        self.link = self._of(valign="top", font_color=PALETTE["series-1"], underline=1)
        self.title = self._of(bold=True, font_size=14)

    def cell(
        self, column: TableColumn, row: "RowLook", mark: Mark | None = None, *, hidden: bool = False
    ) -> Any:
        """The format of a cell: its type's, its row's, its judgement's."""
        look: dict[str, Any] = {"valign": "top"} | row.look()
        if hidden:
            return self._of(**look, italic=True, align="right", font_color=PALETTE["soft"])
        if column.type not in ("text", "week", "month", "period"):
            look["num_format"] = number_format(column)
        elif column.type == "text":
            look["text_wrap"] = True
        if mark is not None:
            if mark.tone in ("good", "bad"):
                look["font_color"] = PALETTE[mark.tone]
            if mark.side and "num_format" in look:
                look["num_format"] += f'" {_ARROWS[mark.side]}"'
        return self._of(**look)

    def _of(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(look)
        return self._made[key]


class RowLook:
    """How a row stands out: the page's own period, a total."""

    def __init__(self, *, current: bool = False, total: bool = False) -> None:
        self._look: dict[str, Any] = {}
        if current:
            self._look |= {"bold": True, "bg_color": _SHADE}
        if total:
            self._look |= {"bold": True, "top": 1}

    def look(self) -> dict[str, Any]:
        """As Excel has it."""
        return dict(self._look)


_PLAIN = RowLook()


def number_format(column: TableColumn) -> str:
    """How Excel writes a column's numbers; it puts in the reader's own separators."""
    decimals = f".{'0' * column.decimals}" if column.decimals else ""
    special = {"share": f"0{decimals}%", "minutes": "[h]:mm", "date": "yyyy-mm-dd"}
    return special.get(column.type, f"#,##0{decimals}")


def write_table(sheet: Any, formats: Formats, table: TableBlock, *, foot: str) -> None:
    """A table on a sheet of its own, its heading in the first row."""
    hidden, marks = set(table.hidden), {(mark.row, mark.column): mark for mark in table.marks}
    widths = list(_widths(table))
    _write_headings(sheet, formats, table, widths)
    for number, row in enumerate(table.rows):
        look = RowLook(current=number == table.current_row, total=number == table.total_row)
        for place, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            at = (number, place)
            form = formats.cell(column, look, marks.get(at), hidden=at in hidden)
            if at in hidden:
                write_text(sheet, number + 1, place, wording.HIDDEN, form)
            else:
                _write_cell(sheet, number + 1, place, value, column, form)
    if table.rows:
        # A total belongs to no row that a filter chooses.
        last = len(table.rows) - (table.total_row == len(table.rows) - 1)
        sheet.autofilter(0, 0, max(last, 1), len(table.columns) - 1)
    else:
        write_text(sheet, 1, 0, *table_notes(table))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(1, min(table.row_headers, len(table.columns)))
    set_paper(sheet, table.caption, foot, landscape=sum(widths) > _LANDSCAPE_WIDTH)


def write_figures(
    sheet: Any, formats: Formats, figures: Sequence[KeyFigure], *, foot: str, caption: str
) -> None:
    """Key figures, each number in the format of its own type."""
    headings: Mapping[str, int] = {
        "Nyckeltal": 44,
        "Mått": 10,
        "Värde": 12,
        "Antal": 10,
        "Av": 10,
        _told(figures, "before_label", "Före"): 14,
        _told(figures, "last_year_label", "Ett år före"): 14,
        "Mål": 12,
        "Bedömning": 40,
    }
    for place, (name, width) in enumerate(headings.items()):
        text = place in (0, 1, len(headings) - 1)
        write_text(sheet, 0, place, name, formats.heading if text else formats.number_heading)
        sheet.set_column(place, place, width)
    for row, figure in enumerate(figures, start=1):
        _write_figure(sheet, formats, row, figure)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(figures), len(headings) - 1)
    set_paper(sheet, caption, foot, landscape=True)


def _write_figure(sheet: Any, formats: Formats, row: int, figure: KeyFigure) -> None:
    column = TableColumn(id=figure.id, label="", type=figure.type, decimals=figure.decimals)
    count = TableColumn(id=figure.id, label="", type="count")
    form, whole = formats.cell(column, _PLAIN), formats.cell(count, _PLAIN)
    shown = not figure.hidden and figure.value is not None
    parts = (figure.numerator, figure.denominator) if shown else (None, None)
    numbers = (figure.value, *parts, figure.before, figure.last_year, figure.target)
    write_text(sheet, row, 0, figure.label, formats.wrapped)
    write_text(sheet, row, 1, figure.unit, formats.top)
    for place, number in enumerate(numbers, start=2):
        is_part = place in (3, 4)
        look = (count, whole) if is_part else (column, form)
        _write_cell(sheet, row, place, number, *look)
    if figure.hidden:
        form = formats.cell(column, _PLAIN, hidden=True)
        write_text(sheet, row, 2, wording.HIDDEN, form)
    said = [words for _, words in figure.judgements]
    if figure.value is None and not figure.hidden:
        said.append(figure.missing or wording.MISSING)
    write_text(sheet, row, 8, ", ".join(said), formats.wrapped)


def _told(figures: Sequence[KeyFigure], field: str, otherwise: str) -> str:
    """What all figures are compared with (Förra veckan); a general word where they differ."""
    labels = {getattr(figure, field) for figure in figures} - {""}
    return upper_first(labels.pop()) if len(labels) == 1 else otherwise


def set_paper(sheet: Any, caption: str, foot: str, *, landscape: bool) -> None:
    """How a sheet prints: as wide as the paper, with its caption and the number of each page."""
    sheet.set_paper(_A4)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_margins(left=0.5, right=0.5, top=0.9, bottom=0.7)
    sheet.set_header(f"&L&B{_plain(caption)}")
    sheet.set_footer(f"&L&8{_plain(foot)}&R&8Sida &P av &N")


def _plain(text: str) -> str:
    """A text in which Excel sees no codes of its own."""
    # A digit after a size code would be taken for a part of it.
    return f" {text[:_HEADER_LENGTH]}".replace("&", "&&")


def _write_headings(sheet: Any, formats: Formats, table: TableBlock, widths: Sequence[int]) -> None:
    lines = 1
    for place, (text, column) in enumerate(zip(heading_texts(table), table.columns, strict=True)):
        number = column.type not in ("text", "week", "month", "period", "date")
        write_text(sheet, 0, place, text, formats.number_heading if number else formats.heading)
        # The filter's button takes the room of three letters.
        lines = max(lines, -(-(len(text) + 3) // max(widths[place] - 2, 1)))
    sheet.set_row(0, _LINE_HEIGHT * min(lines, 4))


def _write_cell(
    sheet: Any, row: int, place: int, value: Cell, column: TableColumn, form: Any
) -> None:
    if value is None:
        sheet.write_blank(row, place, None, form)
    elif isinstance(value, bool):
        write_text(sheet, row, place, wording.cell_text(value, column), form)
    elif column.type == "date" and isinstance(value, str):
        sheet.write_datetime(row, place, date.fromisoformat(value), form)
    elif isinstance(value, str):
        write_text(sheet, row, place, value, form)
    else:
        number = value / _MINUTES_A_DAY if column.type == "minutes" else value
        sheet.write_number(row, place, number, form)


def write_text(sheet: Any, row: int, place: int, text: str, form: Any = None) -> None:
    """A text as a text; XlsxWriter would leave out one that is longer than a cell takes."""
    sheet.write_string(row, place, cut(text, _CELL_LENGTH), form)


def _widths(table: TableBlock) -> Iterator[int]:
    texts = row_texts(table)
    for place, heading in enumerate(heading_texts(table)):
        longest = max([len(row[place]) for row in texts], default=0)
        # A heading may break over two lines, but not within a word; its filter's button takes room.
        word = max(map(len, heading.split()), default=0)
        yield min(max(longest + 2, len(heading) // 2 + 5, word + 4, 9), _WIDEST)


def cut(text: str, units: int) -> str:
    """A text's beginning of at most so many UTF-16 units, which is how Excel counts."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore")
