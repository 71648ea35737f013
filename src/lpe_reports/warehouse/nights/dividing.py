"""Where rows belong in an extract: their day, their month, and the part of a unit and period."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lpe_reports.warehouse.columns import TableContract
from lpe_reports.warehouse.frames import ZONE_NAME
from lpe_reports.warehouse.nights.digests import Digester
from lpe_reports.warehouse.nights.hashes import Hashes

# On its way into a night, a row has the number of its key beside it.
HASH = "hash?"

Days = npt.NDArray[np.datetime64]


class Content(NamedTuple):
    """What a part holds, without how: enough to tell whether two hold the same."""

    unit: str
    group: str
    period: str
    rows: int
    digest: str


class Slice(NamedTuple):
    """The rows of one unit and period; `hashes` where they came with those of their keys."""

    unit: str
    group: str
    period: str
    rows: pa.Table
    digest: str
    hashes: Hashes | None = None

    @property
    def content(self) -> Content:
        return Content(self.unit, self.group, self.period, self.rows.num_rows, self.digest)


def divide(table: pa.Table, contract: TableContract) -> Iterator[Slice]:
    """The parts of a table, each sorted by time and key.

    Rows with the same key are in an order of their own, so that a source that gives its rows in
    another order gives the same parts.

    Args:
        table: The columns of the contract, and HASH where the hashes are wanted.
        contract: The table.
    """
    unit = contract.unit or ""
    places = [contract.group or "", unit] if contract.parts != "whole" else []
    order = [name for name in (*places, contract.time, *contract.key) if name]
    table = table.sort_by([(name, "ascending") for name in dict.fromkeys(order)]).combine_chunks()
    if not table.num_rows:
        return
    hashes = table.column(HASH).to_numpy() if HASH in table.column_names else None
    rows = table.select(list(contract.names))
    digester = Digester(rows)
    if contract.parts == "whole":
        yield Slice("", "", "", rows, digester.digest(0, rows.num_rows), hashes)
        return
    days = local_days(rows.column(contract.time))
    codes = [_codes(rows.column(name)) for name in places if name]
    for start, stop in _runs([*codes, periods(days, contract)]):
        yield Slice(
            rows.column(unit)[start].as_py() if unit else "",
            rows.column(contract.group)[start].as_py() if contract.group else "",
            str(periods(days[start : start + 1], contract)[0]),
            rows.slice(start, stop - start),
            digester.digest(start, stop),
            None if hashes is None else hashes[start:stop],
        )


def local_days(times: pa.ChunkedArray) -> Days:
    """The Swedish day of each time; NaT where there is none."""
    if pa.types.is_timestamp(times.type):
        local = pc.local_timestamp(times.cast(pa.timestamp("us", ZONE_NAME)))
        times = pc.floor_temporal(local, unit="day")
    days: Days = times.to_numpy().astype("datetime64[D]")
    return days


def months(days: Days) -> Days:
    """The month of each day."""
    return days.astype("datetime64[M]")


def periods(days: Days, contract: TableContract) -> Days:
    """The period of each day, by which a table is divided."""
    return months(days) if contract.parts == "month" else days


def periods_of(table: pa.Table, contract: TableContract) -> Sequence[str]:
    """The period of each row in words; empty where the table is not divided by any."""
    if contract.parts == "whole" or contract.time is None:
        return [""] * table.num_rows
    days = local_days(table.column(contract.time))
    words = np.datetime_as_string(periods(days, contract)).tolist()
    return ["" if word == "NaT" else word for word in words]


def _codes(texts: pa.ChunkedArray) -> "npt.NDArray[np.int32]":
    """A number for each text; the same for the same text."""
    column = texts.combine_chunks().dictionary_encode()
    codes: npt.NDArray[np.int32] = column.indices.to_numpy(zero_copy_only=False)
    return codes


def _runs(columns: Sequence["npt.NDArray[Any]"]) -> Iterator[tuple[int, int]]:
    """From where to where rows agree in every column."""
    rows = len(columns[0])
    changes = np.zeros(rows - 1, dtype=bool)
    for codes in columns:
        changes |= codes[1:] != codes[:-1]
    edges = [0, *(np.flatnonzero(changes) + 1).tolist(), rows]
    yield from pairwise(edges)
