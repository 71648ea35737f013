"""Rows on disk on their way into a night, laid out so that one month can be taken at a time."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.ipc as ipc

# So many rows are laid out by month at once: a source may give its months in any order, and
# many small pieces are slow to write and to read.
PENDING_ROWS = 60_000

Months = npt.NDArray[np.datetime64]


class Spool:
    """Rows by month in one file, which is gone when the `with` is left.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pending: list[tuple[pa.Table, Months]] = []
        self._pending_rows = 0
        self._writer: Any = None
        self._sink: Any = None
        self._file: Any = None
        self._reader: Any = None
        self._batches: dict[str, list[int]] = {}
        self._written = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end_writing()
        if self._file is not None:
            self._file.close()
        self._path.unlink(missing_ok=True)

    def add(self, rows: pa.Table, months: Months) -> None:
        """Put rows away.

        Args:
            rows: The rows, of the same columns every time.
            months: The month of each.
        """
        if not rows.num_rows:
            return
        self._pending.append((rows, months))
        self._pending_rows += rows.num_rows
        if self._pending_rows >= PENDING_ROWS:
            self._lay_out()

    @property
    def months(self) -> list[str]:
        """The months that there are rows of, oldest first."""
        self._lay_out()
        return sorted(self._batches)

    def read(self, month: str) -> pa.Table:
        """The rows of one month; those that were put away first come first."""
        self._lay_out()
        if self._reader is None:
            self._end_writing()
            # Read, not mapped: mapped pages would count as this process's memory.
            self._file = pa.OSFile(str(self._path), "rb")
            self._reader = ipc.open_file(self._file)
        batches = [self._reader.get_batch(number) for number in self._batches[month]]
        return pa.Table.from_batches(batches)

    def _end_writing(self) -> None:
        """Close the file, too, which a writer leaves open: Windows removes no open file."""
        for each in (self._writer, self._sink):
            if each is not None:
                each.close()
        self._writer = self._sink = None

    def _lay_out(self) -> None:
        if not self._pending:
            return
        tables, months = zip(*self._pending, strict=True)
        self._pending, self._pending_rows = [], 0
        rows, month = pa.concat_tables(tables), np.concatenate(months)
        order = np.argsort(month, kind="stable")
        month = month[order]
        if (np.diff(order) != 1).any():
            rows = rows.take(pa.array(order))
        rows = rows.combine_chunks()
        if self._writer is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            options = ipc.IpcWriteOptions(compression="lz4")
            self._sink = pa.OSFile(str(self._path), "wb")
            self._writer = ipc.new_file(self._sink, rows.schema, options=options)
        edges = np.flatnonzero(np.diff(month).astype(np.int64)) + 1
        for start, stop in zip([0, *edges], [*edges, len(month)], strict=True):
            for batch in rows.slice(start, stop - start).to_batches():
                self._writer.write_batch(batch)
                self._batches.setdefault(str(month[start]), []).append(self._written)
                self._written += 1
