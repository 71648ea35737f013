"""Quotation marks in a CSV file: none may swallow the rows after it.

A mark that stands first in a field and is never closed makes one field of everything up to the
next mark, rows and all, and the file still reads without an error. So each line is held to what
a writer of CSV makes before a row is read from it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from lpe_reports.errors import SourceError
from lpe_reports.params.sources import CsvDialect

_BLOCK = 1 << 22
_BOM = b"\xef\xbb\xbf"
_LINE_END = rb"(?:\r\n|\n|\r)"


@dataclass(frozen=True)
class _Grammar:
    """What a field and a row may look like, as bytes: a mark is one byte in every encoding."""

    delimiter: bytes
    quoted: re.Pattern[bytes]
    plain: re.Pattern[bytes]
    row: re.Pattern[bytes]
    rows: re.Pattern[bytes]

    @classmethod
    def of(cls, dialect: CsvDialect, encoding: str) -> "_Grammar":
        delimiter = dialect.delimiter.encode(encoding)
        between = re.escape(delimiter)
        inside = rb'[^"]' if dialect.line_breaks else rb'[^"\r\n]'
        quoted = rb'"(?:' + inside + rb'++|"")*+"'
        # A mark inside a field that does not begin with one is text.
        plain = rb'(?!")(?:(?!' + between + rb")[^\r\n])*+"
        if len(delimiter) == 1:
            plain = rb'(?!")[^\r\n' + between + rb"]*+"
        field = rb"(?:" + quoted + rb"|" + plain + rb")"
        row = field + rb"(?:" + between + field + rb")*+" + _LINE_END
        rows = rb"(?:" + row + rb")*+"
        return cls(delimiter, *(re.compile(part) for part in (quoted, plain, row, rows)))


class QuoteScan:
    """Reads a CSV file once for its marks: a million rows in two seconds, in far less without any.

    Args:
        path: The file.
        name: The file as an operator knows it.
        dialect: How it is written.
        encoding: The encoding that was found.
    """

    def __init__(self, path: Path, name: str, dialect: CsvDialect, encoding: str) -> None:
        self._path = path
        self._name = name
        self._breaks = dialect.line_breaks
        self._grammar = _Grammar.of(dialect, encoding)
        self._lines = 0
        self._delimiters: int | None = None

    def check(self) -> None:
        """Let the file pass, or say in which line a quoted field goes wrong.

        Raises:
            SourceError: A quoted field is not closed, goes on in the next line where that was
                not agreed, holds whole rows, or is followed by text.
        """
        rest = b""
        with self._path.open("rb") as file:
            while block := file.read(_BLOCK):
                if not self._lines and not rest:
                    block = block.removeprefix(_BOM)
                rest = self._whole_rows(rest + block)
                if len(rest) > _BLOCK:
                    raise self._what_is_wrong(rest)
        # The last line of a file may lack its end.
        if rest and (left := self._whole_rows(rest + b"\n")):
            raise self._what_is_wrong(left)

    def _whole_rows(self, text: bytes) -> bytes:
        """Pass over what is whole rows; what is left belongs with what comes next."""
        # The two bytes of a line end are not parted.
        whole, rest = text, b""
        if not self._breaks or b'"' not in text:
            end = max(text.rfind(b"\n"), text.rfind(b"\r", 0, -1)) + 1
            whole, rest = text[:end], text[end:]
        if b'"' not in whole and not (self._breaks and self._delimiters is None):
            self._lines += _line_ends(whole)
            return rest
        if self._breaks:
            return self._row_by_row(whole) + rest
        matched = self._grammar.rows.match(whole)
        end = matched.end() if matched else 0
        self._lines += _line_ends(whole[:end])
        if end < len(whole):
            raise self._what_is_wrong(whole[end:])
        return rest

    def _row_by_row(self, text: bytes) -> bytes:
        start = 0
        while row := self._grammar.row.match(text, start):
            # A line end at the very end may be the first half of one.
            if row.end() == len(text) and text.endswith(b"\r"):
                break
            lines = _line_ends(row[0])
            if self._delimiters is None and not row[0].lower().startswith(b"sep="):
                self._delimiters = len(self._fields(row[0])) - 1
            elif lines > 1:
                self._refuse_rows_in_a_field(row[0])
            self._lines += lines
            start = row.end()
        return text[start:]

    def _refuse_rows_in_a_field(self, row: bytes) -> None:
        """A mark too many, closed by another in the same column, hides whole rows in a field."""
        line = self._lines + 1
        for field in self._fields(row):
            breaks = _line_ends(field)
            if breaks and field.count(self._grammar.delimiter) >= (self._delimiters or 0):
                raise SourceError(
                    f"{self._name}: line {line} has a field that begins with a quotation mark, "
                    "goes on in the next line and holds as many separators as a whole row. Is "
                    "the mark one too many? Take it away, or export the file again"
                )
            line += breaks

    def _fields(self, row: bytes) -> list[bytes]:
        fields: list[bytes] = []
        start = 0
        while True:
            field = self._grammar.quoted.match(row, start) or self._grammar.plain.match(row, start)
            if field is None:
                return fields
            fields.append(field[0])
            if not row.startswith(self._grammar.delimiter, field.end()):
                return fields
            start = field.end() + len(self._grammar.delimiter)

    def _what_is_wrong(self, text: bytes) -> SourceError:
        """The first thing that no row looks like, in text that begins with a row."""
        passed = self._grammar.delimiter.join(self._fields(text))
        after = text[len(passed) :]
        if b'"' not in text:
            return SourceError(f"{self._name} cannot be read as CSV; export it again")
        line = self._lines + 1 + _line_ends(passed)
        where = f"{self._name}: line {line} has a field that begins with a quotation mark"
        if not after.startswith(self._grammar.delimiter + b'"') and passed:
            return SourceError(
                f"{where} and goes on after the mark that closes it. Marks inside a field are "
                "doubled; export the file again"
            )
        if self._breaks:
            return SourceError(
                f"{where} and is never closed: it would swallow the rows after it. Take the mark "
                "away, or export the file again"
            )
        return SourceError(
            f"{where} and is not closed in that line: it would swallow the rows after it. Take "
            "the mark away, or export the file again; if fields may hold line breaks, set "
            "'csv: {line_breaks: true}' in params/sources.yml"
        )


def _line_ends(text: bytes) -> int:
    """How many lines end here: with a line feed, a carriage return, or both."""
    return text.count(b"\n") + (text.count(b"\r") - text.count(b"\r\n") if b"\r" in text else 0)
