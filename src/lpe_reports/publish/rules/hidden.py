"""What a page says is hidden is hidden in all its files: page, JSON, CSV, Excel, PDF and charts.

The page's JSON tells which cells and key figures are hidden. The others are held against it, cell
by cell, so that no file can show what another hides.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import PurePosixPath
from typing import Any

from lpe_reports import wording
from lpe_reports.publish.documents import Document
from lpe_reports.publish.findings import Fault

_SHOWN = "hidden value that is shown"
_MISSING = "hidden value whose place is not there"
_UNTOLD = "hidden value that the page's JSON does not tell of"
_TABLE_ID = "tabell-"
# What the browser draws charts from, and how a chart and the table behind it are called.
_SPECS, _CHART_ID, _DATA_ID = "diagram.json", "diagram-", "-data"
_BODY = re.compile(r"<tbody>(.*?)</tbody>", re.DOTALL)
_ROW = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<(?:td|th)\b[^>]*>(.*?)</(?:td|th)>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_FIGURE = re.compile(r'<dd class="n(?: [^"]*)?">([^<]*)')
_HIDDEN_CELL = '<td class="hidden">'
_HIDDEN_FIGURE = '<dd class="n hidden">'
_DATA = re.compile(r"<script\b[^>]*\bjson\"[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
# A workbook begins with a sheet about the page, and one of its key figures where it has any. A
# sheet's first row holds the headings; key figures have their value in the third column.
_FIGURES_SHEET = 1
_VALUE_COLUMN = 2


@dataclass(frozen=True)
class _Cell:
    """A hidden cell of a table, counted from nought."""

    table: str
    row: int
    column: int

    @property
    def place(self) -> str:
        return f"table {self.table}, row {self.row + 1}, column {self.column + 1}"


@dataclass(frozen=True)
class _Page:
    """What a page's JSON says."""

    tables: Sequence[Mapping[str, Any]]
    figures: Sequence[Mapping[str, Any]]

    def hidden(self, table: Mapping[str, Any]) -> list[_Cell]:
        return [_Cell(table["id"], row, column) for row, column in table["hidden"]]


def hidden_shown(documents: Mapping[str, Document]) -> Iterator[tuple[str, Fault]]:
    """What one of a page's files shows although the page's JSON says that it is hidden."""
    for name, document in documents.items():
        if document.kind != ".json" or (page := _read(document)) is None:
            continue
        stem = name.removesuffix(".json")
        yield from _within(name, _in_json(page))
        if html := documents.get(f"{stem}.html"):
            yield from _within(html.name, _in_html(page, html.source))
            yield from _within(html.name, _in_data(page, html.source))
        if specs := documents.get(str(PurePosixPath(stem, _SPECS))):
            yield from _within(specs.name, _in_specs(page, specs.parsed))
        if book := documents.get(f"{stem}.xlsx"):
            yield from _within(book.name, _in_workbook(page, book.content))
        if pdf := documents.get(f"{stem}.pdf"):
            yield from _within(pdf.name, _in_pdf(page, pdf.text))
        for table in page.tables:
            csv_name = str(PurePosixPath(stem, f"{table['id']}.csv"))
            if table["hidden"] and (file := documents.get(csv_name)):
                yield from _within(csv_name, _in_csv(page, table, file.source))


def _read(document: Document) -> _Page | None:
    """A page's JSON; None for a JSON file that is something else, or damaged."""
    content = document.parsed
    if not isinstance(content, dict) or not {"tables", "key_figures"} <= content.keys():
        return None
    return _Page(content["tables"], content["key_figures"])


def _within(name: str, faults: Iterator[Fault]) -> Iterator[tuple[str, Fault]]:
    for fault in faults:
        yield name, fault


def _in_json(page: _Page) -> Iterator[Fault]:
    for table in page.tables:
        for cell in page.hidden(table):
            yield from _judge(cell, table["rows"], None)
    for number, figure in enumerate(page.figures, start=1):
        if figure["hidden"] and figure["value"] is not None:
            yield Fault(_SHOWN, f"key figure {number}")


def _in_html(page: _Page, source: str) -> Iterator[Fault]:
    for table in page.tables:
        if table["hidden"]:
            rows = _html_rows(source, table["id"])
            for cell in page.hidden(table):
                yield from _judge(cell, rows, wording.HIDDEN)
    if source.count(_HIDDEN_CELL) != sum(len(table["hidden"]) for table in page.tables):
        yield Fault(_UNTOLD)
    hidden = [bool(figure["hidden"]) for figure in page.figures]
    shown = [text.strip().startswith(wording.HIDDEN) for text in _FIGURE.findall(source)]
    if len(shown) == len(hidden):
        for number, (told, seen) in enumerate(zip(hidden, shown, strict=True), start=1):
            if told != seen:
                yield Fault(_SHOWN if told else _UNTOLD, f"key figure {number}")
    elif source.count(_HIDDEN_FIGURE) != sum(hidden):
        yield Fault(_SHOWN, "key figures")


def _html_rows(source: str, table: str) -> list[list[str]]:
    # A page that is kept from an earlier version may have the bare id.
    starts = [source.find(f'<table id="{prefix}{escape(table)}"') for prefix in (_TABLE_ID, "")]
    start = max(starts)
    if start < 0:
        return []
    end = source.find("</table>", start)
    rows = _ROW.findall("".join(_BODY.findall(source[start:end])))
    return [[unescape(_TAG.sub("", text)).strip() for text in _CELL.findall(row)] for row in rows]


def _in_data(page: _Page, source: str) -> Iterator[Fault]:
    """The data of charts that a script draws: no row of it may have what the table hides."""
    found = _DATA.findall(source)
    if not found:
        return
    rows = [row for text in found for row in _rows_in(json.loads(text))]
    yield from _in_rows(page, page.tables, rows)


def _in_specs(page: _Page, specs: Any) -> Iterator[Fault]:
    """The same of charts that are drawn when they are pointed at, each against its own table."""
    told = specs if isinstance(specs, dict) else {}
    for table in page.tables:
        name = f"{_CHART_ID}{table['id'].removesuffix(_DATA_ID)}"
        # As drawn for a page, and for a phone.
        drawn = [told[kind][name] for kind in ("charts", "narrow") if name in told.get(kind, {})]
        if drawn and table["hidden"]:
            rows = list(_rows_in(drawn))
            yield from _in_rows(page, [table], rows)
            yield from _in_told(page, table, rows)


def _in_told(
    page: _Page, table: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> Iterator[Fault]:
    """What a chart tells of a row in words: names and values, a line each."""
    texts = [row["told"].split("\n") for row in rows if isinstance(row.get("told"), str)]
    told = [dict(line.partition("\t")[::2] for line in lines) for lines in texts]
    for cell in page.hidden(table):
        label = table["columns"][cell.column]["label"]
        names = {each for each in table["rows"][cell.row] if isinstance(each, str)}
        for said in told:
            if names <= said.keys() and said.get(label, wording.HIDDEN) != wording.HIDDEN:
                yield Fault(_SHOWN, f"words of a chart, {cell.place}")


def _in_rows(
    page: _Page, tables: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> Iterator[Fault]:
    # A chart has hundreds of rows, and a table as many hidden cells: each row is read once.
    named = [(_texts(row.values()), row) for row in rows]
    for table in tables:
        columns = [column["id"] for column in table["columns"]]
        for cell in page.hidden(table):
            texts = _texts(table["rows"][cell.row])
            for said, row in named:
                if texts <= said and row.get(columns[cell.column]) is not None:
                    yield Fault(_SHOWN, f"data of a chart, {cell.place}")


def _texts(values: Iterable[Any]) -> set[str]:
    return {each for each in values if isinstance(each, str)}


def _rows_in(content: Any) -> Iterator[dict[str, Any]]:
    if isinstance(content, dict):
        yield content
        content = list(content.values())
    if isinstance(content, list):
        for each in content:
            yield from _rows_in(each)


def _in_csv(page: _Page, table: Mapping[str, Any], source: str) -> Iterator[Fault]:
    rows = list(csv.reader(io.StringIO(source, newline=""), delimiter=";"))[1:]
    for cell in page.hidden(table):
        yield from _judge(cell, rows, wording.HIDDEN)


def _in_workbook(page: _Page, content: bytes) -> Iterator[Fault]:
    hidden = [number for number, figure in enumerate(page.figures) if figure["hidden"]]
    if not hidden and not any(table["hidden"] for table in page.tables):
        return
    # Only pages that hide something need it, and it takes time to import.
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    # The tables' sheets are the last ones, in their order on the page.
    first = len(book.sheet_names) - len(page.tables)
    for number, table in enumerate(page.tables):
        if table["hidden"] and first >= 0:
            rows = book.get_sheet_by_index(first + number).to_python(skip_empty_area=False)[1:]
            for cell in page.hidden(table):
                yield from _judge(cell, rows, wording.HIDDEN)
    if first <= (_FIGURES_SHEET if hidden else 0):
        yield Fault(_MISSING)
    elif hidden:
        rows = book.get_sheet_by_index(_FIGURES_SHEET).to_python(skip_empty_area=False)[1:]
        for row in hidden:
            yield from _judge(_Cell("of key figures", row, _VALUE_COLUMN), rows, wording.HIDDEN)


def _in_pdf(page: _Page, text: str) -> Iterator[Fault]:
    """Long tables are cut in a PDF; its key figures are all there."""
    if any(figure["hidden"] for figure in page.figures) and wording.HIDDEN not in text:
        yield Fault(_SHOWN, "key figures")


def _judge(cell: _Cell, rows: Sequence[Sequence[object]], wanted: str | None) -> Iterator[Fault]:
    """Whether a hidden cell holds what a hidden one does."""
    try:
        value = rows[cell.row][cell.column]
    except IndexError:
        yield Fault(_MISSING, cell.place)
        return
    if value != wanted:
        yield Fault(_SHOWN, cell.place)
