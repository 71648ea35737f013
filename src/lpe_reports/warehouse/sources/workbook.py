"""Sheets of an Excel workbook, as the office keeps its plan and targets."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import python_calamine as calamine

from lpe_reports.errors import SourceError
from lpe_reports.warehouse.sources.place import Narrowing


class Sheet:
    """One sheet: its first line with anything in it is the header.

    Args:
        path: The workbook.
        name: The workbook as an operator knows it.
        sheet: The sheet's name; the first one when None.
    """

    narrows = False

    def __init__(self, path: Path, name: str, sheet: str | None) -> None:
        self._path = path
        self._file_name = name
        self._sheet = sheet
        self.name = f"sheet '{sheet}' of {name}" if sheet else f"the first sheet of {name}"
        self._rows: list[list[str | None]] | None = None

    def columns(self) -> list[str]:
        """The names in its header line."""
        return [cell or "" for cell in self._read()[0]]

    def batches(
        self, positions: Sequence[int], narrowings: Sequence[Narrowing] = ()
    ) -> Iterator[pa.Table]:
        """Its rows, all at once, as text; empty lines are passed over."""
        rows = [row for row in self._read()[1:] if any(cell is not None for cell in row)]
        yield pa.table(
            {f"c{p}": pa.array([row[p] for row in rows], pa.string()) for p in positions}
        )

    def distinct(self, position: int) -> pa.Array:
        """The distinct values of one column."""
        return pc.unique(next(self.batches([position])).column(0))

    def close(self) -> None:
        """Let go of the rows."""
        self._rows = None

    def _read(self) -> list[list[str | None]]:
        if self._rows is None:
            self._rows = self._lines()
        return self._rows

    def _lines(self) -> list[list[str | None]]:
        try:
            with calamine.CalamineWorkbook.from_path(self._path) as book:
                sheet = self._sheet or book.sheet_names[0]
                if sheet not in book.sheet_names:
                    raise SourceError(
                        f"{self._file_name} has no sheet '{sheet}'; it has "
                        f"{', '.join(book.sheet_names)}. Correct the sheet's name there, or in "
                        "params/sources.yml."
                    )
                lines = book.get_sheet_by_name(sheet).to_python(skip_empty_area=True)
        except (calamine.CalamineError, OSError, IndexError) as error:
            raise SourceError(
                f"{self._file_name} cannot be read as an Excel workbook ({type(error).__name__}): "
                "it is damaged, cut or something else; save it again as .xlsx"
            ) from None
        rows = [[_text(cell) for cell in line] for line in lines]
        while rows and not any(rows[0]):
            rows.pop(0)
        if not rows:
            raise SourceError(f"{self.name} is empty: it has no header line")
        return rows


def _text(cell: Any) -> str | None:
    """A cell as it would stand in a CSV file."""
    match cell:
        case bool():
            return str(cell).lower()
        case float() if cell == int(cell):
            return str(int(cell))
        case float():
            # With the decimal comma of a CSV file: 12.125 could be twelve thousand there.
            return str(cell).replace(".", ",")
        case datetime.datetime():
            return cell.isoformat(" ")
        case datetime.date():
            return cell.isoformat()
        case None:
            return None
        case _:
            return str(cell).strip() or None
