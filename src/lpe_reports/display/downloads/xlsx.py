"""A page as an Excel file that a planner can work on at once.

The first sheet tells where the numbers come from and lists the others. Cells are typed, the
heading is frozen and filtered, columns are wide enough. Text stays text, also where it begins
like a formula. The file holds no time of its making, so the same page gives the same bytes.
"""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from lpe_reports import wording
from lpe_reports.display.blocks import Cell, KeyFigure, TableBlock, TableColumn
from lpe_reports.display.content import PageContent
from lpe_reports.display.markup.texts import heading_texts, row_texts, table_notes

ABOUT = "Om uppgifterna"
FIGURES = "Nyckeltal"
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - Excel's times have no zone
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_NAME_LENGTH = 31
_CELL_LENGTH = 32_767
_WIDEST = 60
_MINUTES_A_DAY = 24 * 60


def xlsx_bytes(
    page: PageContent, *, definition_name: Callable[[str], str] = lambda name: name
) -> bytes:
    """A page's tables and key figures as an Excel file.

    Args:
        page: The page.
        definition_name: The Swedish name of a glossary entry.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": page.title.title, "created": _CREATED})
    formats = _Formats(book)
    names = _sheet_names(page)
    _about(book, formats, page, names, definition_name)
    if page.key_figures():
        _write_figures(book.add_worksheet(FIGURES), formats, page.key_figures())
    for table in page.tables():
        _write_table(book.add_worksheet(names[table.id]), formats, table)
    book.close()
    return buffer.getvalue()


def write_xlsx(
    path: Path, page: PageContent, *, definition_name: Callable[[str], str] = lambda name: name
) -> None:
    """Write a page as an Excel file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(xlsx_bytes(page, definition_name=definition_name))


class _Formats:
    """Excel's formats, one per way of writing a number."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[str, Any] = {}
        self.bold = book.add_format({"bold": True})
        self.heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.hidden = book.add_format({"italic": True, "align": "right"})

    def of(self, column: TableColumn) -> Any:
        decimals = f".{'0' * column.decimals}" if column.decimals else ""
        code = {
            "share": f"0{decimals}%",
            "minutes": "[h]:mm",
            "date": "yyyy-mm-dd",
        }.get(column.type, f"#,##0{decimals}")
        if code not in self._made:
            self._made[code] = self._book.add_format({"num_format": code})
        return self._made[code]


def _write_table(sheet: Any, formats: _Formats, table: TableBlock) -> None:
    hidden = set(table.hidden)
    for place, heading in enumerate(heading_texts(table)):
        _write_text(sheet, 0, place, heading, formats.heading)
    for number, row in enumerate(table.rows):
        for place, (value, column) in enumerate(zip(row, table.columns, strict=True)):
            if (number, place) in hidden:
                _write_text(sheet, number + 1, place, wording.HIDDEN, formats.hidden)
            else:
                _write_cell(sheet, number + 1, place, value, column, formats)
    sheet.freeze_panes(1, min(table.row_headers, len(table.columns)))
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    else:
        _write_text(sheet, 1, 0, *table_notes(table))
    for place, width in enumerate(_widths(table)):
        sheet.set_column(place, place, width)


def _write_cell(
    sheet: Any, row: int, place: int, value: Cell, column: TableColumn, formats: _Formats
) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        _write_text(sheet, row, place, wording.cell_text(value, column))
    elif column.type == "date" and isinstance(value, str):
        sheet.write_datetime(row, place, date.fromisoformat(value), formats.of(column))
    elif isinstance(value, str):
        _write_text(sheet, row, place, value)
    else:
        number = value / _MINUTES_A_DAY if column.type == "minutes" else value
        sheet.write_number(row, place, number, formats.of(column))


def _write_text(sheet: Any, row: int, place: int, text: str, form: Any = None) -> None:
    """A text as a text; XlsxWriter would leave out one that is longer than a cell takes."""
    sheet.write_string(row, place, _cut(text, _CELL_LENGTH), form)


def _widths(table: TableBlock) -> Iterator[int]:
    texts = row_texts(table)
    for place, heading in enumerate(heading_texts(table)):
        longest = max([len(row[place]) for row in texts], default=0)
        # A heading may break over two lines; its filter's button takes room.
        yield min(max(longest + 2, len(heading) // 2 + 6, 9), _WIDEST)


def _about(
    book: Any,
    formats: _Formats,
    page: PageContent,
    names: dict[str, str],
    definition_name: Callable[[str], str],
) -> None:
    sheet = book.add_worksheet(ABOUT)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    _write_text(sheet, 0, 0, page.title.title, formats.title)
    lines = list(_about_lines(page, definition_name))
    for number, (name, text) in enumerate(lines, start=2):
        _write_text(sheet, number, 0, name, formats.bold)
        _write_text(sheet, number, 1, text, formats.wrapped)
    start = len(lines) + 3
    _write_text(sheet, start, 0, "Blad", formats.heading)
    _write_text(sheet, start, 1, "Innehåll", formats.heading)
    selections = page.selections()
    for number, table in enumerate(page.tables(), start=start + 1):
        selection = selections[table.id]
        said = [table.caption, f"Urval: {selection}" if selection else ""]
        said += table_notes(table)
        _write_text(sheet, number, 0, names[table.id])
        _write_text(sheet, number, 1, ". ".join(t.rstrip(".") for t in said if t), formats.wrapped)


def _about_lines(
    page: PageContent, definition_name: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    title, provenance = page.title, page.provenance
    yield "Period", f"{title.when}, pågår" if title.ongoing else title.when
    if page.summary:
        yield "I korthet", page.summary
    if page.comment:
        yield "Kommentar", f"{page.comment.text} ({page.comment.updated_on})"
    yield "Uppgifter", f"Datalagret till och med {provenance.extract}"
    yield "Underlag", f"{provenance.digest}, {wording.number(provenance.rows)} rader lästa"
    yield "Rapport", provenance.notebook
    yield "Parametrar", ", ".join(f"{name} = {v}" for name, v in provenance.parameters.items())
    if page.definitions():
        yield "Så räknar vi", " · ".join(definition_name(name) for name in page.definitions())


def _write_figures(sheet: Any, formats: _Formats, figures: tuple[KeyFigure, ...]) -> None:
    """Key figures, each number in the format of its own type."""
    widths = {"Nyckeltal": 44, "Enhet": 10, "Värde": 12, "Före": 12, "Ett år före": 12, "Mål": 12}
    for place, (name, width) in enumerate({**widths, "Bedömning": 40}.items()):
        _write_text(sheet, 0, place, name, formats.heading)
        sheet.set_column(place, place, width)
    for row, figure in enumerate(figures, start=1):
        column = TableColumn(id=figure.id, label="", type=figure.type, decimals=figure.decimals)
        _write_text(sheet, row, 0, figure.label)
        _write_text(sheet, row, 1, figure.unit)
        numbers = (figure.value, figure.before, figure.last_year, figure.target)
        for place, number in enumerate(numbers, start=2):
            _write_cell(sheet, row, place, number, column, formats)
        if figure.hidden:
            _write_text(sheet, row, 2, wording.HIDDEN, formats.hidden)
        _write_text(sheet, row, 6, ", ".join(words for _, words in figure.judgements))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(figures), 6)


def _sheet_names(page: PageContent) -> dict[str, str]:
    """A sheet's name per table, short enough for Excel and each its own."""
    taken = {ABOUT.casefold(), FIGURES.casefold(), "history"}
    names: dict[str, str] = {}
    for table in page.tables():
        plain = " ".join(_FORBIDDEN.sub(" ", table.caption).split()).strip("'") or table.id
        name, number = _cut(plain, _NAME_LENGTH).strip(), 1
        while name.casefold() in taken:
            number += 1
            end = f" {number}"
            name = _cut(plain, _NAME_LENGTH - len(end)).strip() + end
        taken.add(name.casefold())
        names[table.id] = name
    return names


def _cut(text: str, units: int) -> str:
    """A text's beginning of at most so many UTF-16 units, which is how Excel counts."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore")
