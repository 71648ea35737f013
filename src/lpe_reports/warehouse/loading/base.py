"""A table as it was in a night before, with what is needed to build tonight's on it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from lpe_reports.errors import ExtractError
from lpe_reports.system import write_protect
from lpe_reports.warehouse.columns import TableContract
from lpe_reports.warehouse.frames import stored_schema
from lpe_reports.warehouse.loading.findings import read_findings
from lpe_reports.warehouse.loading.table_load import Job
from lpe_reports.warehouse.nights.digests import bytes_sha256
from lpe_reports.warehouse.nights.dividing import HASH
from lpe_reports.warehouse.nights.hashes import Hashes
from lpe_reports.warehouse.nights.manifest import Part, StoredFile, TableManifest
from lpe_reports.warehouse.nights.parquet import Rows, read_rows
from lpe_reports.warehouse.nights.parts import share
from lpe_reports.warehouse.sources.watermark import Watermark

FOLDER = "keys"

Values = TypeVar("Values", bound=npt.NDArray[Any])


@dataclass(frozen=True)
class Base:
    """One table of a night before: divided by month, with a watermark, made by today's recipe.

    Every file is verified before something is taken from it.
    """

    folder: Path
    night: str
    table: TableManifest
    contract: TableContract
    watermark: Watermark

    @cached_property
    def months(self) -> dict[str, list[int]]:
        """The months, and the numbers of the parts of each, as they lie in its files."""
        months: dict[str, list[int]] = {}
        parts = self.table.parts
        order = sorted(range(len(parts)), key=lambda n: (parts[n].file, parts[n].first_row))
        for number in order:
            months.setdefault(self.table.parts[number].period, []).append(number)
        return months

    @cached_property
    def hashes(self) -> Hashes:
        """The hashes of all keys, in the order of the parts.

        Raises:
            ExtractError: Their file is missing or damaged.
        """
        stored = self.table.keys
        if stored is not None:
            encoded = self._content(stored)
            hashes: Hashes = pq.read_table(pa.BufferReader(encoded)).column(0).to_numpy()
            if len(hashes) == self.table.rows:
                return hashes
        raise _damaged(f"{FOLDER}/{self.contract.name}.parquet")

    def of_part(self, number: int, values: Values) -> Values:
        """What belongs to the rows of one part, of values in the order of the parts."""
        first = self._first[number]
        return cast(Values, values[first : first + self.table.parts[number].rows])

    def of_parts(self, numbers: Iterable[int], values: Values) -> Values:
        """The same of several parts, one after the other."""
        return cast(
            Values, np.concatenate([values[:0], *(self.of_part(n, values) for n in numbers)])
        )

    def parts(self, numbers: Iterable[int]) -> list[Part]:
        """Some parts, by their numbers."""
        return [self.table.parts[number] for number in numbers]

    def by_file(self, numbers: Iterable[int]) -> Iterator[tuple[StoredFile, list[int]]]:
        """The files that some parts lie in, each with those of the parts that it holds."""
        for file, held in groupby(numbers, lambda number: self.table.parts[number].file):
            yield self.table.files[file], list(held)

    def rows(self, numbers: Iterable[int]) -> pa.Table:
        """The rows of some parts of a month, which follow each other as in `months`.

        Raises:
            ExtractError: A file of it is missing or damaged.
        """
        schema = stored_schema(self.contract.columns)
        found = [schema.empty_table()]
        for stored, held in self.by_file(numbers):
            wanted = [Rows(part.first_row, part.rows) for part in self.parts(held)]
            found.append(read_rows(self._content(stored), wanted, self.contract.names, schema))
        return pa.concat_tables(found)

    def month(self, month: str) -> pa.Table:
        """The rows of a month, with the hashes of their keys beside them."""
        numbers = self.months.get(month, [])
        hashes = pa.array(self.of_parts(numbers, self.hashes))
        return self.rows(numbers).append_column(HASH, hashes)

    def findings(self) -> pa.Table:
        """What was found in the table.

        Raises:
            ExtractError: Their file is missing or damaged.
        """
        return read_findings(self.folder, self.table.findings, self.contract)

    @cached_property
    def _first(self) -> list[int]:
        return list(accumulate((part.rows for part in self.table.parts), initial=0))

    def _content(self, stored: StoredFile) -> bytes:
        try:
            encoded = (self.folder / stored.path).read_bytes()
        except OSError:
            raise _damaged(stored.path) from None
        if bytes_sha256(encoded) != stored.sha256:
            raise _damaged(stored.path)
        return encoded


def find_base(job: Job, contract: TableContract) -> Base | None:
    """The table in the night before, if tonight's rows can be compared and mixed with it."""
    then = job.base.manifest.tables.get(contract.name) if job.base else None
    if job.base is None or then is None or then.watermark is None:
        return None
    if then.recipe != job.recipe(contract):
        return None
    watermark = Watermark.from_json(then.watermark)
    night = job.base.manifest.night.isoformat()
    return Base(job.base.folder, night, then, contract, watermark)


def write_keys(
    folder: Path, contract: TableContract, hashes: Hashes, base: Base | None
) -> StoredFile:
    """Write the hashes of a table's keys into a night; linked where they are as before."""
    path = f"{FOLDER}/{contract.name}.parquet"
    target = folder / path
    target.parent.mkdir(exist_ok=True)
    pq.write_table(
        pa.table({HASH: hashes}),
        target,
        compression="none",
        use_dictionary=False,
        write_statistics=False,
        store_schema=False,
    )
    encoded = target.read_bytes()
    write_protect(target)
    stored = StoredFile(path, len(encoded), bytes_sha256(encoded))
    if base is not None and base.table.keys == stored:
        share(base.folder, folder, stored)
    return stored


def _damaged(path: str) -> ExtractError:
    return ExtractError(f"{path} of the night before is missing, cut or changed since")
