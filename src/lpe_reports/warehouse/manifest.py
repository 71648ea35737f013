"""The manifest of a night: what was loaded, from where, in which parts, with which digests.

Read on the way to a plan, which must be quick: nothing here imports pandas or PyArrow.
"""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from lpe_reports.errors import ExtractError

FILE = "manifest.json"
SEAL = "manifest.sha256"
FORMAT = 1


class StoredFile(NamedTuple):
    """One Parquet file of a night; `path` from the night's folder."""

    path: str
    bytes: int
    sha256: str


class Part(NamedTuple):
    """One table's rows of one unit and period: some rows of one file.

    `unit`, `group` and `period` are empty where the table is not divided by them; `period` is a
    month or a day; `digest` is of the rows' values.
    """

    unit: str
    group: str
    period: str
    rows: int
    digest: str
    file: int
    first_row: int


class CheckCount(NamedTuple):
    """A rule of the contract that was broken, and in how many rows."""

    rule: str
    columns: tuple[str, ...]
    consequence: str
    rows: int


@dataclass(frozen=True)
class TableManifest:
    """One table of a night: its counts, its files and its parts."""

    name: str
    rows: int
    fetched: int
    rejected: int
    repaired: int
    left_out: int
    latest_event_at: str | None
    checks: tuple[CheckCount, ...]
    unknown: Mapping[str, Mapping[str, int]]
    files: tuple[StoredFile, ...]
    parts: tuple[Part, ...]

    @cached_property
    def digest(self) -> str:
        """A digest of the whole table's content."""
        return _digest(
            "|".join((p.group, p.unit, p.period, p.digest)).encode() for p in sorted(self.parts)
        )

    @cached_property
    def units(self) -> frozenset[str]:
        """The units that parts are divided by; empty when they are not."""
        return frozenset(part.unit for part in self.parts if part.unit)

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], tuple[list[str], list[Part]]]:
        places: dict[tuple[str, str], tuple[list[str], list[Part]]] = {}
        for part in sorted(self.parts, key=lambda p: (p.group, p.unit, p.period)):
            periods, parts = places.setdefault((part.group, part.unit), ([], []))
            periods.append(part.period)
            parts.append(part)
        return places

    def select(
        self,
        *,
        units: frozenset[str] | None = None,
        groups: frozenset[str] | None = None,
        start: date | None = None,
        end: date | None = None,
    ) -> list[Part]:
        """The parts that can hold rows of a selection, ordered by group, unit and period.

        Args:
            units: Only these; None for all.
            groups: Only these; None for all.
            start: The first day.
            end: The day after the last.
        """
        chosen: list[Part] = []
        for (group, unit), (periods, parts) in self._by_place.items():
            if unit and units is not None and unit not in units:
                continue
            if group and groups is not None and group not in groups:
                continue
            length = len(periods[0])
            low = bisect_left(periods, start.isoformat()[:length]) if start else 0
            high = len(parts)
            if end and length:
                high = bisect_right(periods, (end - timedelta(days=1)).isoformat()[:length])
            chosen += parts[low:high]
        return chosen

    def periods(self, group: str) -> list[str]:
        """The periods that a group has parts of, oldest first."""
        return sorted({part.period for part in self.parts if part.group == group})


@dataclass(frozen=True)
class Manifest:
    """A night: where it came from, and its tables."""

    night: date
    contract: str
    source: str
    demo: bool
    keys: str
    loaded_at: str
    tables: Mapping[str, TableManifest]

    @cached_property
    def digest(self) -> str:
        """A digest of everything that was loaded, whenever and from wherever it was."""
        return _digest(
            f"{name} {table.digest}".encode()
            for name, table in sorted(self.tables.items())
            if name != "load_log"
        )


def digest_of_parts(parts: Iterable[Part]) -> str:
    """A digest of the content of some parts; also of none."""
    return _digest(f"{p.group}|{p.unit}|{p.period}|{p.digest}".encode() for p in parts)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a night's manifest into its folder, and its seal beside it."""
    content = asdict(manifest)
    content["night"] = manifest.night.isoformat()
    content["format"] = FORMAT
    encoded = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    (folder / FILE).write_bytes(encoded)
    (folder / SEAL).write_text(hashlib.sha256(encoded).hexdigest() + "\n", encoding="ascii")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a night.

    Raises:
        ExtractError: It is missing, damaged, or of another version of the package.
    """
    name = f"the extract {folder.name}"
    try:
        encoded = (folder / FILE).read_bytes()
        seal = (folder / SEAL).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise ExtractError(f"{name} has no {FILE}, or cannot be read; run `lpe extract`") from None
    if hashlib.sha256(encoded).hexdigest() != seal:
        raise ExtractError(f"{name}: {FILE} is damaged; run `lpe extract`")
    content = json.loads(encoded)
    if content.pop("format") != FORMAT:
        raise ExtractError(f"{name} was made by another version of lpe; run `lpe extract`")
    tables = {table: _table(fields) for table, fields in content.pop("tables").items()}
    night = date.fromisoformat(content.pop("night"))
    return Manifest(night=night, tables=tables, **content)


def _table(fields: dict[str, Any]) -> TableManifest:
    fields["checks"] = tuple(
        CheckCount(rule, tuple(columns), consequence, rows)
        for rule, columns, consequence, rows in fields["checks"]
    )
    fields["files"] = tuple(StoredFile(*file) for file in fields["files"])
    fields["parts"] = tuple(Part(*part) for part in fields["parts"])
    return TableManifest(**fields)


def _digest(lines: Iterable[bytes]) -> str:
    return hashlib.sha256(b"\n".join(lines)).hexdigest()[:32]
