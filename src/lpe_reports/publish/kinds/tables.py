"""Parquet: the texts and numbers of its columns."""

import io
from collections.abc import Iterator

from lpe_reports.publish.documents import Document, Passage, joined
from lpe_reports.publish.kinds.grids import Cell, passages_of_grid

_MOST_VALUES = 2_000_000


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
    table = file.read()
    columns = {name: table[name].to_pylist() for name in table.column_names}
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
