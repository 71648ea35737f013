"""Parquet files, as another warehouse or an analyst leaves them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lpe_reports.errors import SourceError
from lpe_reports.warehouse.sources.place import Narrowing

BATCH_ROWS = 250_000


class ParquetFile:
    """One Parquet file.

    Args:
        path: The file.
        name: The file as an operator knows it.
    """

    narrows = False

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self._path = path

    def columns(self) -> list[str]:
        """The names of its columns."""
        try:
            return list(pq.read_schema(self._path).names)
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(error) from None

    def batches(
        self, positions: Sequence[int], narrowings: Sequence[Narrowing] = ()
    ) -> Iterator[pa.Table]:
        """Its rows, some at a time."""
        names = self.columns()
        chosen = [names[position] for position in positions]
        try:
            with pq.ParquetFile(self._path) as file:
                for batch in file.iter_batches(BATCH_ROWS, columns=chosen, use_threads=False):
                    table = pa.Table.from_batches([batch]).select(chosen)
                    yield table.rename_columns([f"c{position}" for position in positions])
        except (pa.ArrowException, OSError) as error:
            raise self._unreadable(error) from None

    def distinct(self, position: int) -> pa.Array:
        """The distinct values of one column."""
        chunks = [pc.unique(batch.column(0)) for batch in self.batches([position])]
        return pc.unique(pa.chunked_array(chunks)) if chunks else pa.array([], pa.string())

    def close(self) -> None:
        """Nothing to do: the file is open only while it is read."""

    def _unreadable(self, error: Exception) -> SourceError:
        return SourceError(
            f"{self.name} cannot be read as Parquet ({type(error).__name__}): it is cut, damaged "
            "or something else; write it again"
        )
