"""The files of the dataset without the rows of some pages, written as they were."""

import io
import re
from collections.abc import Collection, Iterator

from lpe_reports.render.dataset.columns import COLUMNS, FIGURES, PAGES, TABLES

# Of every file the first column: the page's address.
_PAGE = COLUMNS[PAGES][0].name
_AT_ONCE = 50_000
_LINE_END = "\r\n"


def names_with(slugs: Collection[str]) -> tuple[str, ...]:
    """The files of the dataset that hold pages of these reports."""
    names = [PAGES, FIGURES, *(f"{TABLES}-{slug}" for slug in sorted(slugs))]
    return tuple(f"{name}.{kind}" for name in names for kind in ("parquet", "csv"))


def parquet_without(data: bytes, pages: Collection[str]) -> bytes:
    """A Parquet file without the rows of some pages; the same bytes where it has none."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(data))
    keep = pc.invert(pc.is_in(table[_PAGE], value_set=pa.array(sorted(pages), pa.string())))
    left = table.filter(keep)
    if left.num_rows == table.num_rows:
        return data
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, table.schema, compression="snappy") as writer:
        writer.write_table(left.combine_chunks(), row_group_size=_AT_ONCE)
    return buffer.getvalue()


def csv_without(data: bytes, pages: Collection[str]) -> bytes:
    """A CSV file without the rows of some pages; the same bytes where it has none."""
    named = tuple(f"{page};" for page in pages)
    if not any(name.encode() in data for name in named):
        return data
    rows = _rows(data.decode("utf-8-sig"))
    kept = "".join(row + _LINE_END for row in rows if not row.startswith(named))
    return kept.encode("utf-8-sig")


def _rows(text: str) -> Iterator[str]:
    """The rows of a file, those with line ends in a cell too."""
    part: list[str] = []
    for line in re.split(_LINE_END, text.removesuffix(_LINE_END)):
        part.append(line)
        whole = _LINE_END.join(part)
        if whole.count('"') % 2 == 0:
            yield whole
            part = []
    if part:
        yield _LINE_END.join(part)
