"""The manifest of a night: what was loaded, from where, in which parts, with which digests.

Read on the way to a plan, which must be quick: nothing here imports pandas or PyArrow.
"""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from sys import intern
from typing import Any, Literal, NamedTuple

from lpe_reports.errors import ExtractError

FILE = "manifest.json"
SEAL = "manifest.sha256"
FORMAT = 2


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


class _Place(NamedTuple):
    """The parts of one group and unit by period, and what each adds to a digest."""

    periods: list[str]
    parts: list[Part]
    lines: list[bytes]


class CheckCount(NamedTuple):
    """A rule of the contract that was broken, and in how many rows."""

    rule: str
    columns: tuple[str, ...]
    consequence: str
    rows: int


class SilentChanges(NamedTuple):
    """History that was changed without a newer watermark, so that no increment could find it.

    Rows that a whole load has and the night it was compared with has not, has otherwise, or has
    alone; `compared_with` is that night's day.
    """

    added: int
    changed: int
    removed: int
    compared_with: str


@dataclass(frozen=True)
class TableManifest:
    """One table of a night: its counts, its files and its parts.

    Attributes:
        name: The table.
        rows: Rows in the night.
        fetched: Rows that the source gave tonight.
        rejected: Rows that are set aside, of all that the source has.
        repaired: Rows that were mended, and copies that were dropped, of all that it has.
        left_out: Rows of events after the night, of those it gave tonight.
        latest_event_at: The newest event in the night.
        checks: The rules that are broken, with the number of rows, of all that it has.
        unknown: Per column, spellings that no alias explains, as far as they may be told; those
            found since the last load of the whole table.
        files: Its Parquet files.
        parts: What lies where in them.
        duplicates: Copies of other rows, dropped.
        load: The whole table was fetched (`full`), what had changed (`increment`), or the days
            that were not stored (`days`).
        full_on: The night of the last whole load.
        watermark: How far its changes have been fetched, as `Watermark.to_json` writes it.
        silent: What a whole load found changed in history; None where nothing was compared.
        recipe: What its rows were made with, besides the source's.
        findings: One row for each row and rule of it that is broken; None where there is none.
        keys: The hashes of its keys, in the order of its parts; None without a watermark.
        left_out_until: The day of the newest event that was left out; one that had not been when
            it was loaded does not count.
    """

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
    duplicates: int = 0
    load: Literal["full", "increment", "days"] = "full"
    full_on: str | None = None
    watermark: Mapping[str, str | int] | None = None
    silent: SilentChanges | None = None
    recipe: str = ""
    findings: StoredFile | None = None
    keys: StoredFile | None = None
    left_out_until: str | None = None

    @property
    def stored(self) -> tuple[StoredFile, ...]:
        """Every file of the night that belongs to the table."""
        beside = (each for each in (self.findings, self.keys) if each is not None)
        return (*self.files, *beside)

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
    def _by_place(self) -> dict[tuple[str, str], "_Place"]:
        places: dict[tuple[str, str], _Place] = {}
        for part in sorted(self.parts, key=lambda p: (p.group, p.unit, p.period)):
            place = places.setdefault((part.group, part.unit), _Place([], [], []))
            place.periods.append(part.period)
            place.parts.append(part)
            place.lines.append(_line(part))
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
        for place, low, high in self._ranges(units, groups, start, end):
            chosen += place.parts[low:high]
        return chosen

    def digest_of(
        self,
        *,
        units: frozenset[str] | None = None,
        groups: frozenset[str] | None = None,
        start: date | None = None,
        end: date | None = None,
    ) -> str:
        """`digest_of_parts` of what `select` gives; a plan asks for it ten thousands of times."""
        lines: list[bytes] = []
        for place, low, high in self._ranges(units, groups, start, end):
            lines += place.lines[low:high]
        return _digest(lines)

    def _ranges(
        self,
        units: frozenset[str] | None,
        groups: frozenset[str] | None,
        start: date | None,
        end: date | None,
    ) -> Iterator[tuple["_Place", int, int]]:
        first = start.isoformat() if start else ""
        last = (end - timedelta(days=1)).isoformat() if end else ""
        for (group, unit), place in self._by_place.items():
            if unit and units is not None and unit not in units:
                continue
            if group and groups is not None and group not in groups:
                continue
            length = len(place.periods[0])
            low = bisect_left(place.periods, first[:length]) if first else 0
            high = len(place.parts)
            if last and length:
                high = bisect_right(place.periods, last[:length])
            yield place, low, high

    def periods(self, group: str) -> list[str]:
        """The periods that a group has parts of, oldest first."""
        return sorted({part.period for part in self.parts if part.group == group})


@dataclass(frozen=True)
class Manifest:
    """A night: where it came from, and its tables.

    Attributes:
        night: Its day.
        contract: The version of the data contract.
        source: The source's name.
        demo: It is made up.
        keys: The fingerprint of the secret that ids were re-keyed with.
        loaded_at: When it was loaded.
        tables: Its tables by name.
        accepted: A person let it through, whatever had changed.
        attempts: How often the source had to be asked.
        standing: Tables whose newest event is older than agreed.
        replaced: Waiting lists that were taken anew by name, as `<list>/<day>`.
        held_for: Why the night was held, before a person let it through.
        lists_of: Per other source, how many waiting lists of the night it had stored.
        place: The fingerprint of the database or folder that its rows come from; empty where an
            older version made it.
        moved: The night before of the same source came from another place.
        lists_behind_days: So many days after the newest waiting list, which decided the night's
            day, the newest event lies that was left out for it.
    """

    night: date
    contract: str
    source: str
    demo: bool
    keys: str
    loaded_at: str
    tables: Mapping[str, TableManifest]
    accepted: bool = False
    attempts: int = 1
    standing: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    held_for: tuple[str, ...] = ()
    lists_of: Mapping[str, int] = field(default_factory=dict)
    place: str = ""
    moved: bool = False
    lists_behind_days: int = 0

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
    return _digest(_line(part) for part in parts)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a night's manifest into its folder, and its seal beside it."""
    content = _content(manifest) | {"night": manifest.night.isoformat(), "format": FORMAT}
    content["tables"] = {name: _content(table) for name, table in manifest.tables.items()}
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
    content["tables"] = {table: _table(given) for table, given in content["tables"].items()}
    content["night"] = date.fromisoformat(content["night"])
    for several in ("standing", "replaced", "held_for"):
        content[several] = tuple(content.get(several, ()))
    return Manifest(**content)


def read_seal(folder: Path) -> str:
    """The digest of a night's manifest as it was written; empty where it cannot be read."""
    try:
        return (folder / SEAL).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _content(record: Manifest | TableManifest) -> dict[str, Any]:
    """The fields of a record. `asdict` would copy each of a hundred thousand parts."""
    return {each.name: getattr(record, each.name) for each in fields(record)}


def _table(given: dict[str, Any]) -> TableManifest:
    given["checks"] = tuple(
        CheckCount(rule, tuple(columns), consequence, rows)
        for rule, columns, consequence, rows in given["checks"]
    )
    given["files"] = tuple(StoredFile(*file) for file in given["files"])
    given["parts"] = tuple(_part(*part) for part in given["parts"])
    given["silent"] = given["silent"] and SilentChanges(*given["silent"])
    for beside in ("findings", "keys"):
        given[beside] = given[beside] and StoredFile(*given[beside])
    return TableManifest(**given)


def _part(
    unit: str, group: str, period: str, rows: int, digest: str, file: int, first_row: int
) -> Part:
    # The same few names in a hundred thousand parts.
    return Part(intern(unit), intern(group), intern(period), rows, digest, file, first_row)


def _line(part: Part) -> bytes:
    return f"{part.group}|{part.unit}|{part.period}|{part.digest}".encode()


def _digest(lines: Iterable[bytes]) -> str:
    return hashlib.sha256(b"\n".join(lines)).hexdigest()[:32]
