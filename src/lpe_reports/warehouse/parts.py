"""Dividing a table into the parts of an extract, and storing or linking them."""

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from lpe_reports.warehouse.columns import Kind, TableContract
from lpe_reports.warehouse.digests import Digester, bytes_sha256, file_sha256
from lpe_reports.warehouse.frames import ZONE_NAME
from lpe_reports.warehouse.manifest import Part, StoredFile, TableManifest
from lpe_reports.warehouse.parquet import write_rows

# Hardly any two rows share one of these.
_VARIED = (Kind.KEY, Kind.TIME, Kind.NUMBER)


class Slice(NamedTuple):
    """The rows of one unit and period."""

    unit: str
    group: str
    period: str
    rows: pa.Table
    digest: str


class Content(NamedTuple):
    """What a file holds, without how: enough to tell whether two files hold the same."""

    unit: str
    group: str
    period: str
    rows: int
    digest: str


def divide(table: pa.Table, contract: TableContract) -> Iterator[Slice]:
    """The parts of a table, each sorted by time and key.

    Rows with the same key are in an order of their own, so that a source that gives its rows in
    another order gives the same parts.
    """
    unit = contract.unit or ""
    places = [contract.group or "", unit] if contract.parts != "whole" else []
    order = [name for name in (*places, contract.time, *contract.key) if name]
    table = table.sort_by([(name, "ascending") for name in dict.fromkeys(order)]).combine_chunks()
    if not table.num_rows:
        return
    digester = Digester(table)
    if not places:
        yield Slice("", "", "", table, digester.digest(0, table.num_rows))
        return
    days = _local_days(table.column(contract.time))
    codes = [_codes(table.column(name)) for name in places if name]
    months = contract.parts == "month"
    for start, stop in _runs([*codes, _months(days) if months else days]):
        day = str(days[start])
        yield Slice(
            table.column(unit)[start].as_py() if unit else "",
            table.column(contract.group)[start].as_py() if contract.group else "",
            day[:7] if months else day,
            table.slice(start, stop - start),
            digester.digest(start, stop),
        )


def _local_days(times: pa.ChunkedArray) -> "npt.NDArray[np.datetime64]":
    """The Swedish day of each time."""
    if pa.types.is_timestamp(times.type):
        local = pc.local_timestamp(times.cast(pa.timestamp("us", ZONE_NAME)))
        times = pc.floor_temporal(local, unit="day")
    days: npt.NDArray[np.datetime64] = times.to_numpy().astype("datetime64[D]")
    return days


def _months(days: "npt.NDArray[np.datetime64]") -> "npt.NDArray[np.datetime64]":
    return days.astype("datetime64[M]")


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


class PartsWriter:
    """Stores one table's parts in a night's folder; what did not change is linked.

    Args:
        folder: The folder of the night that is being made.
        contract: The table.
        before: The folder and manifest of the same table in the night before, if any.
    """

    def __init__(
        self, folder: Path, contract: TableContract, before: tuple[Path, TableManifest] | None
    ) -> None:
        self._folder = folder
        self._contract = contract
        self._before = before
        self._known = _contents(before[1]) if before else {}
        self.files: list[StoredFile] = []
        self.parts: list[Part] = []

    def write(self, table: pa.Table) -> None:
        """Divide a whole table and store every part."""
        for each in divide(table, self._contract):
            name = "/".join(filter(None, (each.unit, each.period))) or "all"
            self.store(f"{self._contract.name}/{name}.parquet", [each])

    def store(self, path: str, slices: Sequence[Slice]) -> StoredFile:
        """Store slices in one file, or link the file of the night before that holds the same."""
        contents = [Content(s.unit, s.group, s.period, s.rows.num_rows, s.digest) for s in slices]
        if linked := self._link_before(path, contents):
            return linked
        target = self._folder / path
        write_rows(
            target,
            pa.concat_tables([each.rows for each in slices]),
            dictionary=[c.name for c in self._contract if c.kind not in _VARIED],
            statistics=[n for n in (self._contract.unit, self._contract.time) if n],
        )
        encoded = target.read_bytes()
        # Linked into later nights, so nothing may ever write into it.
        target.chmod(0o444)
        stored = StoredFile(path, len(encoded), bytes_sha256(encoded))
        first_rows = accumulate((c.rows for c in contents[:-1]), initial=0)
        self.add(stored, (Part(*c, 0, row) for c, row in zip(contents, first_rows, strict=True)))
        return stored

    def add(self, stored: StoredFile, parts: Iterable[Part]) -> None:
        """Take up a file that lies in the night's folder, with the parts that it holds."""
        number = len(self.files)
        self.files.append(stored)
        self.parts += [part._replace(file=number) for part in parts]

    def _link_before(self, path: str, contents: list[Content]) -> StoredFile | None:
        known = self._known.get(path)
        if known is None or self._before is None:
            return None
        stored, parts = known
        if [Content(*part[:5]) for part in parts] != contents:
            return None
        origin = self._before[0] / path
        # A file that was damaged since is not passed on.
        if not origin.is_file() or file_sha256(origin) != stored.sha256:
            return None
        link(origin, self._folder / path)
        self.add(stored, parts)
        return stored


def link(origin: Path, target: Path) -> None:
    """A second name for a file; a copy where the file system knows no links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(origin, target)
    except FileExistsError:
        raise
    except OSError:
        shutil.copyfile(origin, target)
        target.chmod(0o444)


def _contents(manifest: TableManifest) -> dict[str, tuple[StoredFile, list[Part]]]:
    contents: dict[str, tuple[StoredFile, list[Part]]] = {
        file.path: (file, []) for file in manifest.files
    }
    for part in manifest.parts:
        contents[manifest.files[part.file].path][1].append(part)
    return contents
