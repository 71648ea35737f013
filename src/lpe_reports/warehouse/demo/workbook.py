"""The office's workbook, data/office/plan.xlsx: plan, targets, comments and activities.

It carries a mark, so that making the demo anew never writes over a workbook of an office's own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import xlsxwriter

from lpe_reports.errors import UsageError

MARK = "lpe demo"
# The same whenever it is made: the same inputs give the same bytes.
_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - Excel knows no time zones
_WIDEST = 70


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its columns' names and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str | int | float | date | None]]


def refuse_others(path: Path, shown: str) -> None:
    """Make sure that there is no workbook, or one that a demo made.

    Args:
        path: The workbook.
        shown: Its path as the reader knows it.

    Raises:
        UsageError: There is one without the mark.
    """
    if path.exists() and not _is_marked(path):
        raise UsageError(
            f"{shown} was not made by `lpe demo`, so it is left alone. "
            "Move it elsewhere to make the demo here."
        )


def write_workbook(path: Path, sheets: Iterable[Sheet]) -> None:
    """Write the sheets into one marked workbook; text stays text and dates are dates."""
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": _CREATED, "keywords": MARK, "title": "Plan och mål"})
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for at, column in enumerate(sheet.columns):
                page.write_string(0, at, column, bold)
                width = max((len(str(row[at])) for row in sheet.rows), default=0)
                page.set_column(at, at, min(_WIDEST, max(width, len(column)) + 2))
            for n, row in enumerate(sheet.rows, start=1):
                for at, value in enumerate(row):
                    if isinstance(value, date):
                        page.write_datetime(n, at, datetime.combine(value, time()), day)
                    else:
                        page.write(n, at, value)


def _is_marked(path: Path) -> bool:
    try:
        with ZipFile(path) as book:
            return MARK in book.read("docProps/core.xml").decode("utf-8")
    except (BadZipFile, KeyError, OSError):
        return False
