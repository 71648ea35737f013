"""Tables as CSV that Swedish Excel opens: semicolon, decimal comma, UTF-8 with BOM.

Weeks stay 2026-W10, since Excel makes October of 2026-10. A text that begins like a formula
gets an apostrophe before it, so that no program computes it.
"""

import csv
import io
from pathlib import Path

from lpe_reports import wording
from lpe_reports.display.blocks import Cell, TableBlock, TableColumn
from lpe_reports.display.markup.texts import heading_texts

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PRECISION = 6  # decimals; enough for any share, few enough to read


def csv_bytes(table: TableBlock) -> bytes:
    """A table as CSV; a hidden cell reads "dold", a missing one is empty."""
    hidden = set(table.hidden)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(heading) for heading in heading_texts(table)])
    for number, row in enumerate(table.rows):
        writer.writerow(
            wording.HIDDEN if (number, place) in hidden else _field(value, column)
            for place, (value, column) in enumerate(zip(row, table.columns, strict=True))
        )
    return text.getvalue().encode("utf-8-sig")


def write_csv(path: Path, table: TableBlock) -> None:
    """Write a table as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(csv_bytes(table))


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _field(value: Cell, column: TableColumn) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, int):
        return str(value)
    return f"{value:.{_PRECISION}f}".rstrip("0").rstrip(".").replace(".", ",")
