"""The files of the dataset: Parquet for programs, CSV for Excel.

Parquet holds all pages: the pages themselves, their key figures, and per report the cells of its
tables. A report's CSV holds the tables of each unit's newest page only, for pages repeat the same
history and a spreadsheet takes a million rows. All of it comes out of the pages' JSON, so that
nothing stands here that no page shows.
"""

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from lpe_reports.display.downloads.csv import csv_of_rows
from lpe_reports.errors import RenderError
from lpe_reports.render.dataset.columns import COLUMNS, FIGURES, PAGES, TABLES, Column
from lpe_reports.render.dataset.rows import PageRows, Row
from lpe_reports.render.page_numbers import PageNumbers
from lpe_reports.render.page_store import PageStore, StoredPage

FOLDER = "dataset"
# So many rows are laid out at a time: a report's cells as Python's objects would fill the memory.
_AT_ONCE = 50_000


def dataset_files(
    numbers: Sequence[PageNumbers], night: date, store: PageStore
) -> Iterator[StoredPage]:
    """The files of the dataset, as pages of the store; taken out of it where nothing changed.

    Args:
        numbers: The JSON of the version's pages.
        night: The date of the extract.
        store: Where pages are kept.

    Raises:
        RenderError: A page's JSON cannot be read, or the store is full.
    """
    pages = page_rows(numbers, night)
    yield _stored(store, PAGES, pages, _pages_and_figures)
    by_report: dict[str, list[PageRows]] = {}
    for page in pages:
        by_report.setdefault(page.numbers.spot.report.slug, []).append(page)
    for slug, own in by_report.items():
        yield _stored(store, f"{TABLES}-{slug}", own, _tables)


def page_rows(numbers: Sequence[PageNumbers], night: date) -> list[PageRows]:
    """The pages, and which of them is the newest of its unit and kind of period that is over."""
    newest: dict[tuple[str, str, str], date] = {}
    for each in numbers:
        spot = each.spot
        if spot.period.is_over(night):
            kind = (spot.report.id, spot.subject.id, spot.period.kind.value)
            newest[kind] = max(newest.get(kind, spot.period.end), spot.period.end)
    found = []
    for each in numbers:
        spot, over = each.spot, each.spot.period.is_over(night)
        latest = newest.get((spot.report.id, spot.subject.id, spot.period.kind.value))
        found.append(PageRows(each, not over, over and latest == spot.period.end))
    return found


def _stored(
    store: PageStore,
    name: str,
    pages: Sequence[PageRows],
    make: Callable[[str, Sequence[PageRows]], Mapping[str, bytes]],
) -> StoredPage:
    key = _key(name, pages)
    found = store.get(key)
    if found is None:
        files = make(name, pages)
        store.put(key, {f"tables/{each}": data for each, data in files.items()}, None)
        found = store.get(key)
    if found is None:
        raise RenderError(f"{FOLDER}/{name} is not whole in the store (disk full?)")
    return found


def _pages_and_figures(_: str, pages: Sequence[PageRows]) -> dict[str, bytes]:
    about: list[Row] = []
    figures: list[Row] = []
    for page in pages:
        said = page.numbers.read()
        about.append(page.about(said))
        figures += page.figures(said)
    return {
        f"{PAGES}.parquet": parquet_bytes([about], COLUMNS[PAGES]),
        f"{PAGES}.csv": _csv(about, COLUMNS[PAGES]),
        f"{FIGURES}.parquet": parquet_bytes([figures], COLUMNS[FIGURES]),
        f"{FIGURES}.csv": _csv(figures, COLUMNS[FIGURES]),
    }


def _tables(name: str, pages: Sequence[PageRows]) -> dict[str, bytes]:
    newest: list[Row] = []

    def in_parts() -> Iterator[list[Row]]:
        part: list[Row] = []
        for page in pages:
            rows = list(page.cells(page.numbers.read()))
            if page.newest:
                newest.extend(rows)
            part += rows
            if len(part) >= _AT_ONCE:
                yield part
                part = []
        yield part

    parquet = parquet_bytes(in_parts(), COLUMNS[TABLES])
    return {f"{name}.parquet": parquet, f"{name}.csv": _csv(newest, COLUMNS[TABLES])}


def parquet_bytes(parts: Iterable[Sequence[Row]], columns: Sequence[Column]) -> bytes:
    """Rows as a Parquet file, part by part; the same rows give the same bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        "text": pa.string(),
        "number": pa.float64(),
        "count": pa.int32(),
        "day": pa.date32(),
        "yes": pa.bool_(),
    }
    schema = pa.schema([(column.name, types[column.kind]) for column in columns])
    buffer = io.BytesIO()
    # Every version of Power BI and Excel unpacks Snappy.
    with pq.ParquetWriter(buffer, schema, compression="snappy") as writer:
        for rows in parts:
            of_columns = list(zip(*rows, strict=True)) or [()] * len(columns)
            arrays = [
                pa.array(values, type=field.type)
                for values, field in zip(of_columns, schema, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return buffer.getvalue()


def _csv(rows: Iterable[Row], columns: Sequence[Column]) -> bytes:
    return csv_of_rows([column.name for column in columns], rows)


def _key(name: str, pages: Sequence[PageRows]) -> str:
    """All that the files are made of: the pages' JSON, what is said of them, and the code."""
    told = [(*page.which, page.ongoing, page.newest, page.numbers.digest) for page in pages]
    text = json.dumps(["dataset", name, told, _code_digest()], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _code_digest() -> str:
    from importlib.metadata import version

    from lpe_reports.display.downloads import csv as of_csv

    digest = hashlib.sha256(version("pyarrow").encode())
    for path in (*sorted(Path(__file__).parent.glob("*.py")), Path(of_csv.__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
