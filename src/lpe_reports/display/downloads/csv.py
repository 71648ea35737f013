"""Tables as CSV that Swedish Excel opens: semicolon, decimal comma, UTF-8 with BOM.

Weeks stay 2026-W10, since Excel makes October of 2026-10. A text that begins like a formula
gets an apostrophe before it, also after what another program takes for a separator, so that
none computes it or a part of it. Numbers are never touched.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from lpe_reports import wording
from lpe_reports.display.blocks import Cell, TableBlock
from lpe_reports.display.markup.texts import heading_texts

# Where a spreadsheet may see a cell begin, and what it computes; some read the wide signs of East
# Asian keyboards as the others.
_COMPUTED = "[=+@\uff1d\uff0b\uff0d\uff20-]"
_BEGINS = re.compile(f"[\t\r\n]|\\s*{_COMPUTED}")
_BEGINS_WITHIN = re.compile(f"([;,|\t\r\n]\\s*)(?={_COMPUTED})")
_QUOTED = re.compile('[;,\t|"\r\n]|^\\s|\\s$')
_PRECISION = 6  # decimals; enough for any share, few enough to read


def csv_bytes(table: TableBlock) -> bytes:
    """A table as CSV; a hidden cell reads "dold", a missing one is empty."""
    hidden = set(table.hidden)
    lines = [[_text(heading) for heading in heading_texts(table)]]
    lines += [
        [
            wording.HIDDEN if (number, place) in hidden else _value(value)
            for place, value in enumerate(row)
        ]
        for number, row in enumerate(table.rows)
    ]
    return _bytes(lines)


def csv_of_rows(headings: Sequence[str], rows: Iterable[Sequence[Cell | date]]) -> bytes:
    """Rows of a file that is no table of a page, written in the same way."""
    lines = [[_text(heading) for heading in headings]]
    lines += [[_value(value) for value in row] for row in rows]
    return _bytes(lines)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    safe = _BEGINS_WITHIN.sub(r"\1'", text)
    return f"'{safe}" if _BEGINS.match(text) else safe


@lru_cache(maxsize=4096)  # the dataset says the same words in row after row
def _text(text: str) -> str:
    safe = harmless(text)
    return '"' + safe.replace('"', '""') + '"' if _QUOTED.search(safe) else safe


def _bytes(lines: Iterable[Sequence[str]]) -> bytes:
    return "".join(";".join(line) + "\r\n" for line in lines).encode("utf-8-sig")


def _value(value: Cell | date) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | date):
        return str(value)
    return f"{value:.{_PRECISION}f}".rstrip("0").rstrip(".").replace(".", ",")
