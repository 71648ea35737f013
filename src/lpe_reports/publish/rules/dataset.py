"""What the dataset says is hidden has no value in it."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from lpe_reports.publish.documents import Document
from lpe_reports.publish.findings import Fault

_RULE = "hidden value that is shown"
_FOLDER = "dataset/"
_HIDDEN, _VALUES = "dold", ("varde", "text")
_YES = (True, "ja")
_NONE = (None, "")


def hidden_in_dataset(document: Document) -> Iterator[Fault]:
    """The rows of the dataset that are hidden and have a value all the same."""
    if not document.name.startswith(_FOLDER):
        return
    if document.kind == ".parquet":
        columns = _of_parquet(document.content)
    elif document.kind == ".csv":
        columns = _of_csv(document.source)
    else:
        return
    if _HIDDEN not in columns:
        return
    for name in _VALUES:
        shown = [
            value
            for hidden, value in zip(columns[_HIDDEN], columns.get(name, ()), strict=False)
            if hidden in _YES and value not in _NONE
        ]
        yield from [Fault(_RULE, f"column {name}")] * len(shown)


def _of_parquet(content: bytes) -> Mapping[str, Sequence[object]]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(io.BytesIO(content))
    wanted = [name for name in (_HIDDEN, *_VALUES) if name in file.schema_arrow.names]
    table = file.read(columns=wanted)
    if _HIDDEN in wanted:
        # Few are hidden: only those become Python's objects.
        table = table.filter(table[_HIDDEN])
    return {name: table[name].to_pylist() for name in wanted}


def _of_csv(source: str) -> Mapping[str, Sequence[object]]:
    rows = csv.reader(io.StringIO(source, newline=""), delimiter=";")
    headings = next(rows, [])
    if _HIDDEN not in headings:
        return {}
    return dict(zip(headings, zip(*rows, strict=True), strict=False))
