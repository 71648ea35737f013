"""What is wrong with which rows: a small table beside each table of a night.

One row for each row and rule of the contract that it breaks, with the row's re-keyed key, its
period and nothing else of it. The counts that a manifest shows are counted from here, so they are
true of the whole table when only a few of its rows were fetched.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lpe_reports.errors import ExtractError
from lpe_reports.system import write_protect
from lpe_reports.warehouse.columns import TableContract
from lpe_reports.warehouse.frames import stored_type
from lpe_reports.warehouse.nights.digests import bytes_sha256
from lpe_reports.warehouse.nights.manifest import CheckCount, StoredFile
from lpe_reports.warehouse.rules import Consequence, Rule

FOLDER = "findings"
DUPLICATE = "duplicate"

_NAMES = ("period", "rule", "columns", "consequence")
_FIRST = "first"
_BUFFERED = 50_000

Mask = npt.NDArray[np.bool_]


class Found(NamedTuple):
    """A rule, and which rows break it."""

    rule: Rule
    rows: Mask


def findings_schema(contract: TableContract) -> pa.Schema:
    """The key's columns, the period, the rule with its columns, and the consequence.

    `first` is true in one finding of each row, that with the gravest consequence, so that rows
    can be counted as well as findings.
    """
    keys = [(name, stored_type(contract.column(name).kind)) for name in contract.key]
    return pa.schema([*keys, *((name, pa.string()) for name in _NAMES), (_FIRST, pa.bool_())])


def findings_of(
    rows: pa.Table, periods: Sequence[str], found: Iterable[Found], contract: TableContract
) -> pa.Table:
    """The findings of some rows.

    Args:
        rows: The rows, with the columns of the key.
        periods: The period of each.
        found: The rules that are broken, in the order of the contract.
        contract: The table.
    """
    gravest = (Consequence.ROW, Consequence.REPAIR, Consequence.FLAG)
    told = np.zeros(rows.num_rows, dtype=bool)
    by_gravity = sorted(found, key=lambda each: gravest.index(each.rule.consequence))
    pieces = [findings_schema(contract).empty_table()]
    keys = rows.select(list(contract.key))
    for rule, mask in by_gravity:
        where = np.flatnonzero(mask)
        if not len(where):
            continue
        words = (rule.name, ", ".join(rule.columns), str(rule.consequence))
        columns = [
            *keys.take(pa.array(where)).columns,
            pa.array([periods[n] for n in where.tolist()], pa.string()),
            *(pa.repeat(pa.scalar(word, pa.string()), len(where)) for word in words),
            pa.array(~told[where]),
        ]
        told[where] = True
        pieces.append(pa.table(columns, schema=pieces[0].schema))
    return pa.concat_tables(pieces)


class Counts:
    """How many rows break which rule, and how many rows that makes."""

    def __init__(self) -> None:
        self._rows: Counter[tuple[str, str, str]] = Counter()
        self._firsts: Counter[str] = Counter()

    def add(self, findings: pa.Table) -> None:
        """Count more findings."""
        if not findings.num_rows:
            return
        by = ["rule", "columns", "consequence"]
        counted = findings.group_by(by).aggregate([(_FIRST, "count"), (_FIRST, "sum")])
        for each in counted.to_pylist():
            self._rows[each["rule"], each["columns"], each["consequence"]] += each["first_count"]
            self._firsts[each["consequence"]] += each["first_sum"]

    @property
    def rejected(self) -> int:
        """Rows that are set aside."""
        return self._firsts[Consequence.ROW]

    @property
    def repaired(self) -> int:
        """Rows that were mended or dropped as copies."""
        return self._firsts[Consequence.REPAIR]

    @property
    def duplicates(self) -> int:
        """Rows that were dropped as copies."""
        return sum(rows for (rule, _, _), rows in self._rows.items() if rule == DUPLICATE)

    def checks(self) -> list[CheckCount]:
        """Every rule that is broken, with its number of rows."""
        return [
            CheckCount(rule, tuple(columns.split(", ")), consequence, rows)
            for (rule, columns, consequence), rows in self._rows.items()
        ]


class FindingsWriter:
    """Writes a table's findings into a night, some at a time, and counts them.

    Args:
        folder: The night's folder.
        contract: The table.
    """

    def __init__(self, folder: Path, contract: TableContract) -> None:
        self.counts = Counts()
        self._folder = folder
        self._path = f"{FOLDER}/{contract.name}.parquet"
        self._schema = findings_schema(contract)
        self._pending: list[pa.Table] = []
        self._writer: pq.ParquetWriter | None = None

    def add(self, findings: pa.Table) -> None:
        """Write more findings."""
        if not findings.num_rows:
            return
        self.counts.add(findings)
        self._pending.append(findings)
        if sum(each.num_rows for each in self._pending) >= _BUFFERED:
            self._write()

    def finish(self) -> StoredFile | None:
        """The file; None where nothing was found."""
        self._write()
        if self._writer is None:
            return None
        self._writer.close()
        target = self._folder / self._path
        write_protect(target)
        encoded = target.read_bytes()
        return StoredFile(self._path, len(encoded), bytes_sha256(encoded))

    def drop(self) -> None:
        """Give the file up."""
        if self._writer is not None:
            self._writer.close()
            (self._folder / self._path).unlink(missing_ok=True)

    def _write(self) -> None:
        if not self._pending:
            return
        if self._writer is None:
            target = self._folder / self._path
            target.parent.mkdir(exist_ok=True)
            self._writer = pq.ParquetWriter(
                target, self._schema, compression="zstd", store_schema=False
            )
        self._writer.write_table(pa.concat_tables(self._pending))
        self._pending = []


def read_findings(folder: Path, stored: StoredFile | None, contract: TableContract) -> pa.Table:
    """The findings of a table of a night.

    Raises:
        ExtractError: The file is missing or damaged.
    """
    schema = findings_schema(contract)
    if stored is None:
        return schema.empty_table()
    try:
        encoded = (folder / stored.path).read_bytes()
        if bytes_sha256(encoded) == stored.sha256:
            return pq.read_table(pa.BufferReader(encoded), use_threads=False).cast(schema)
    except (OSError, pa.ArrowException):
        pass
    raise ExtractError(
        f"{stored.path} of the extract {folder.name} is missing, cut or changed since it was "
        "loaded. Run `lpe extract` to load the night again."
    )


def without(findings: pa.Table, rules: Sequence[str], periods: frozenset[str]) -> pa.Table:
    """Findings without those of some rules in some periods."""
    of_rules = pc.is_in(findings.column("rule"), value_set=pa.array(rules, pa.string()))
    in_periods = pc.is_in(
        findings.column("period"), value_set=pa.array(sorted(periods), pa.string())
    )
    return findings.filter(pc.invert(pc.and_(of_rules, in_periods)))
