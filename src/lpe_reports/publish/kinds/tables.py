"""Parquet: the texts and numbers of its columns."""

import io
from collections.abc import Iterator
from typing import Any

from lpe_reports.publish.documents import Document, Passage, joined
from lpe_reports.publish.kinds.grids import Cell, passages_of_grid

# Of these, each column's different ones are looked at: a dataset says the same words in every row.
_MOST_VALUES = 50_000_000
_MOST_DIFFERENT = 2_000_000


def read_parquet(document: Document) -> None:
    """A table's columns, and what is noted of them.

    Raises:
        pyarrow.ArrowException: It is damaged.
        ValueError: It holds more than may be looked at.
    """
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(document.content))
    if file.metadata.num_rows * file.metadata.num_columns > _MOST_VALUES:
        raise ValueError("more values than may be looked at")
    columns = {name: _different(file, name) for name in file.schema_arrow.names}
    if sum(map(len, columns.values())) > _MOST_DIFFERENT:
        raise ValueError("more values than may be looked at")
    notes = (file.metadata.metadata or {}).values()
    pieces = [(note.decode("utf-8", errors="replace"), "notes") for note in notes]
    for name, values in columns.items():
        place = f"column {name}"
        pieces += [(name, place), *((str(v), place) for v in values if v is not None)]
    document.text, document.locate = joined(pieces)

    def passages() -> Iterator[Passage]:
        for name, values in columns.items():
            place = f"column {name}"
            cells = [Cell(str(v), place, not isinstance(v, str)) for v in values if v is not None]
            yield from passages_of_grid([[Cell(name, place)], *([cell] for cell in cells)])

    document.passages = passages


def _different(file: Any, name: str) -> list[Any]:
    """The different values of a column, in the order in which they come first."""
    import pyarrow as pa

    values = file.read(columns=[name])[name]
    try:
        return list(values.unique().to_pylist())
    except pa.ArrowNotImplementedError:
        # Of lists and the like nothing tells which are alike.
        return list(values.to_pylist())
