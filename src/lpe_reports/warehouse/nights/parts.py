"""Storing the parts of an extract, or linking those that did not change."""

import os
import shutil
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate, groupby
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from lpe_reports.errors import ExtractError
from lpe_reports.system import move, write_protect
from lpe_reports.warehouse.columns import Kind, TableContract
from lpe_reports.warehouse.nights.digests import bytes_sha256, file_sha256
from lpe_reports.warehouse.nights.dividing import Content, Slice, divide
from lpe_reports.warehouse.nights.hashes import Hashes
from lpe_reports.warehouse.nights.manifest import Part, StoredFile, TableManifest
from lpe_reports.warehouse.nights.parquet import ROW_GROUP_ROWS, write_rows

# Hardly any two rows share one of these.
_VARIED = (Kind.KEY, Kind.TIME, Kind.NUMBER)


class PartsWriter:
    """Stores one table's parts in a night's folder; what did not change is linked.

    A page reads years of all units, and a file costs more to open than a month's rows to read. So
    the parts of one period share a file, and so do those of a year that is over, but for months
    that fill a row group by themselves: a large office's years would not fit into memory.

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
        self._numbers: dict[str, int] = {}
        self._year: tuple[str, list[Slice]] = ("", [])
        self.files: list[StoredFile] = []
        self.parts: list[Part] = []
        self._hashes: list[Hashes] = []

    @property
    def hashes(self) -> Hashes:
        """The hashes of the keys of all rows, in the order of the parts."""
        return np.concatenate([np.zeros(0, dtype=np.uint64), *self._hashes])

    def write(self, table: pa.Table) -> list[Slice]:
        """Divide rows and store their parts, those of one period in one file.

        Returns:
            The parts.
        """
        slices = list(divide(table, self._contract))
        by_period = sorted(slices, key=lambda each: each.period)
        for period, held in groupby(by_period, lambda each: each.period):
            self._store_named(period or "all", list(held))
        return slices

    def write_month(self, month: str, table: pa.Table, night: date) -> list[Slice]:
        """The same for all rows of a month; small ones of years past wait for each other.

        Months come in their order; `end_year` stores what is waiting.
        """
        year = month[:4]
        if year != self._year[0]:
            self.end_year()
        if year >= str(night.year) or table.num_rows >= ROW_GROUP_ROWS:
            return self.write(table)
        slices = list(divide(table, self._contract))
        self._year = (year, [*self._year[1], *slices])
        return slices

    def end_year(self) -> None:
        """Store the year that is waiting, if any; a unit's months follow each other."""
        year, slices = self._year
        self._year = ("", [])
        if slices:
            places = sorted(slices, key=lambda each: (each.group, each.unit, each.period))
            self._store_named(year, places)

    def keep(self, stored: StoredFile, parts: Iterable[Part], hashes: Hashes) -> None:
        """Link a file of the night before unread, with some of the parts that it holds.

        Raises:
            ExtractError: It was damaged since.
        """
        assert self._before is not None
        if stored.path not in self._numbers:
            link_whole(self._before[0], self._folder, stored)
        self.add(stored, parts)
        self._hashes.append(hashes)

    def _store_named(self, name: str, slices: Sequence[Slice]) -> None:
        self.store(f"{self._contract.name}/{name}.parquet", slices)
        self._hashes += [each.hashes for each in slices if each.hashes is not None]

    def store(self, path: str, slices: Sequence[Slice]) -> StoredFile:
        """Store slices in one file, or link the file of the night before that holds the same."""
        contents = [each.content for each in slices]
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
        write_protect(target)
        stored = StoredFile(path, len(encoded), bytes_sha256(encoded))
        first_rows = accumulate((c.rows for c in contents[:-1]), initial=0)
        self.add(stored, (Part(*c, 0, row) for c, row in zip(contents, first_rows, strict=True)))
        return stored

    def add(self, stored: StoredFile, parts: Iterable[Part]) -> None:
        """Take up a file that lies in the night's folder, with parts that it holds."""
        number = self._numbers.setdefault(stored.path, len(self.files))
        if number == len(self.files):
            self.files.append(stored)
        self.parts += [part._replace(file=number) for part in parts]

    def _link_before(self, path: str, contents: list[Content]) -> StoredFile | None:
        known = self._known.get(path)
        if known is None or self._before is None:
            return None
        stored, parts = known
        if [Content(*part[:5]) for part in parts] != contents:
            return None
        if not _holds_nothing_else(self._before[0] / path, parts):
            return None
        try:
            link_whole(self._before[0], self._folder, stored)
        except ExtractError:
            # A file that was damaged since is not passed on.
            return None
        self.add(stored, parts)
        return stored


def link_whole(origin: Path, folder: Path, stored: StoredFile) -> None:
    """Link a file of another night into this one, if it is as it was stored.

    Raises:
        ExtractError: It is missing or damaged.
    """
    file = origin / stored.path
    if not file.is_file() or file_sha256(file) != stored.sha256:
        raise ExtractError(
            f"the part {stored.path} of the extract {origin.name} is missing, cut or changed "
            "since it was loaded"
        )
    link(file, folder / stored.path)


def share(origin: Path, folder: Path, stored: StoredFile) -> None:
    """Replace a file of the night by a link to the same file of another night, if that is whole."""
    file = origin / stored.path
    if file.is_file() and file_sha256(file) == stored.sha256:
        (folder / stored.path).unlink()
        link(file, folder / stored.path)


def link(origin: Path, target: Path) -> None:
    """A second name for a file; a copy where the file system knows no links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(origin, target)
    except FileExistsError:
        raise
    except OSError:
        _copy(origin, target)


def _copy(origin: Path, target: Path) -> None:
    """Copy a file whole or not at all: what a full disk cut short must not pass for stored."""
    part = target.with_name(f".part-{target.name}")
    try:
        shutil.copyfile(origin, part)
        write_protect(part)
        move(part, target)
    finally:
        part.unlink(missing_ok=True)


def _holds_nothing_else(file: Path, parts: Sequence[Part]) -> bool:
    """Whether no month of a year's file was stored apart since, whose rows it has still."""
    if len({part.period for part in parts}) == 1:
        return True
    try:
        rows: int = pq.read_metadata(file).num_rows
    except (pa.ArrowException, OSError):
        return False
    return rows == sum(part.rows for part in parts)


def _contents(manifest: TableManifest) -> dict[str, tuple[StoredFile, list[Part]]]:
    contents: dict[str, tuple[StoredFile, list[Part]]] = {
        file.path: (file, []) for file in manifest.files
    }
    # As they lie in their files, in whatever order increments have taken them up.
    for part in sorted(manifest.parts, key=lambda part: part.first_row):
        contents[manifest.files[part.file].path][1].append(part)
    return contents
