"""CSV as Swedish systems export it: semicolons, UTF-8 with or without BOM, or cp1252."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from lpe_reports.errors import SourceError
from lpe_reports.params.sources import CsvDialect
from lpe_reports.warehouse.sources.csv_quotes import QuoteScan
from lpe_reports.warehouse.sources.place import Narrowing

_BLOCK = 1 << 22
_BOM_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class CsvFile:
    """One CSV file with a header line; every value is read as text.

    Args:
        path: The file.
        name: The file as an operator knows it.
        dialect: How it is written.
    """

    narrows = False

    def __init__(self, path: Path, name: str, dialect: CsvDialect) -> None:
        self.name = name
        self._path = path
        self._dialect = dialect
        self._header: list[str] | None = None
        self._skip = 1
        self._has_rows = False
        self._encoding = ""

    def columns(self) -> list[str]:
        """The names in its header line."""
        if self._header is None:
            self._encoding = self._find_encoding()
            QuoteScan(self._path, self.name, self._dialect, self._encoding).check()
            self._header = self._read_header()
        return self._header

    def batches(
        self, positions: Sequence[int], narrowings: Sequence[Narrowing] = ()
    ) -> Iterator[pa.Table]:
        """Its rows, some at a time, as text."""
        names = [f"c{number}" for number in range(len(self.columns()))]
        # Arrow takes a file without rows for a broken one.
        if not self._has_rows:
            return
        wrong: list[pacsv.InvalidRow] = []

        def refuse(row: pacsv.InvalidRow) -> str:
            wrong.append(row)
            return "error"

        try:
            with pacsv.open_csv(
                self._path,
                pacsv.ReadOptions(
                    use_threads=False,
                    block_size=_BLOCK,
                    encoding=self._encoding,
                    column_names=names,
                    skip_rows=self._skip,
                ),
                pacsv.ParseOptions(
                    delimiter=self._dialect.delimiter,
                    newlines_in_values=self._dialect.line_breaks,
                    invalid_row_handler=refuse,
                ),
                pacsv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    include_columns=[f"c{position}" for position in positions],
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            ) as reader:
                for batch in reader:
                    yield pa.Table.from_batches([batch])
        except pa.ArrowInvalid:
            # Arrow's message quotes the line, so it is not passed on.
            raise SourceError(self._what_is_wrong(wrong)) from None

    def distinct(self, position: int) -> pa.Array:
        """The distinct values of one column."""
        found = [pc.unique(batch.column(0)) for batch in self.batches([position])]
        return pc.unique(pa.chunked_array(found, pa.string()))

    def close(self) -> None:
        """Nothing to do: the file is open only while it is read."""

    def _what_is_wrong(self, wrong: list[pacsv.InvalidRow]) -> str:
        if not wrong:
            return f"{self.name} cannot be read as CSV; export it again"
        row = wrong[0]
        line = "a line" if row.number is None else f"line {row.number}"
        return (
            f"{self.name}: {line} has {row.actual_columns} fields where the header has "
            f"{row.expected_columns}. Is the file cut, or does a field hold "
            f"'{self._dialect.delimiter}' without quotes? Export it again."
        )

    def _find_encoding(self) -> str:
        asked = self._dialect.encoding
        with self._path.open("rb") as file:
            if file.read(2) in _BOM_UTF16:
                raise SourceError(f"{self.name} is UTF-16; export it as UTF-8 (CSV UTF-8)")
        if asked in ("auto", "utf-8") and self._decodes("utf-8"):
            return "utf8"
        if asked in ("auto", "cp1252") and self._decodes("cp1252"):
            return "cp1252"
        expected = "UTF-8 or cp1252" if asked == "auto" else asked
        other = "" if asked == "auto" else ", or set its 'encoding' in params/sources.yml"
        raise SourceError(f"{self.name} is not {expected}; export it as UTF-8{other}")

    def _decodes(self, encoding: str) -> bool:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with self._path.open("rb") as file:
                while block := file.read(_BLOCK):
                    # A NUL is in no text: this is some other kind of file.
                    if "\0" in decoder.decode(block):
                        return False
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return True

    def _read_header(self) -> list[str]:
        encoding = "utf-8-sig" if self._encoding == "utf8" else self._encoding
        with self._path.open(encoding=encoding, newline="") as file:
            lines = csv.reader(file, delimiter=self._dialect.delimiter)
            try:
                header = next(lines, [])
                # Excel's own hint about the delimiter, on a line before the header.
                if header and header[0].lower().startswith("sep="):
                    header = next(lines, [])
                # Of the file's lines: a name in the header may hold a line break.
                self._skip = max(lines.line_num, 1)
                self._has_rows = any(lines)
            except csv.Error:
                raise SourceError(self._what_is_wrong([])) from None
        if not any(header):
            raise SourceError(f"{self.name} is empty: it has no header line; export it again")
        self._refuse_other_delimiter(header)
        return header

    def _refuse_other_delimiter(self, header: list[str]) -> None:
        """A header of one name, with other delimiters in it, is a line of many names."""
        agreed = self._dialect.delimiter
        found = max((sign for sign in ";,\t|"), key=header[0].count)
        if len(header) > 1 or found not in header[0]:
            return
        words = {"\t": "tabs"}
        raise SourceError(
            f"{self.name} is separated by {words.get(found, repr(found))}, and "
            f"{words.get(agreed, repr(agreed))} is agreed. Export it so, or set its "
            f"'csv: {{delimiter: {found!r}}}' in params/sources.yml"
        )
