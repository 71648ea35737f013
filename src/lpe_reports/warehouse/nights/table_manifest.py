"""What a night's manifest says of one table: its counts, its files and its parts.

Read on the way to a plan, which must be quick: nothing here imports pandas or PyArrow.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from operator import attrgetter
from typing import Literal, NamedTuple

_PERIOD = attrgetter("period")


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
    lines: list[str]


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
        return digest_of_lines(_line(part) for part in sorted(self.parts))

    @cached_property
    def units(self) -> frozenset[str]:
        """The units that parts are divided by; empty when they are not."""
        return frozenset(part.unit for part in self.parts if part.unit)

    @cached_property
    def _by_place(self) -> dict[str, dict[str, _Place]]:
        """Per group its units, each with what there is of it, in order."""
        found: dict[str, dict[str, list[Part]]] = {}
        for part in self.parts:
            found.setdefault(part.group, {}).setdefault(part.unit, []).append(part)
        return {
            group: {unit: _place(parts) for unit, parts in sorted(units.items())}
            for group, units in sorted(found.items())
        }

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
        lines: list[str] = []
        for place, low, high in self._ranges(units, groups, start, end):
            lines += place.lines[low:high]
        return digest_of_lines(lines)

    def _ranges(
        self,
        units: frozenset[str] | None,
        groups: frozenset[str] | None,
        start: date | None,
        end: date | None,
    ) -> Iterator[tuple["_Place", int, int]]:
        first = start.isoformat() if start else ""
        last = (end - timedelta(days=1)).isoformat() if end else ""
        for group, by_unit in self._by_place.items():
            if group and groups is not None and group not in groups:
                continue
            # Looked up: a plan asks ten thousands of times for one of hundreds of units.
            wanted = by_unit if units is None else sorted({"", *units} & by_unit.keys())
            for place in (by_unit[unit] for unit in wanted):
                length = len(place.periods[0])
                low = bisect_left(place.periods, first[:length]) if first else 0
                high = len(place.parts)
                if last and length:
                    high = bisect_right(place.periods, last[:length])
                yield place, low, high

    def periods(self, group: str) -> list[str]:
        """The periods that a group has parts of, oldest first."""
        return sorted({part.period for part in self.parts if part.group == group})


def digest_of_parts(parts: Iterable[Part]) -> str:
    """A digest of the content of some parts; also of none."""
    return digest_of_lines(_line(part) for part in parts)


def digest_of_lines(lines: Iterable[str]) -> str:
    """The digest that stands for some lines; 128 bits of SHA-256."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _place(parts: list[Part]) -> _Place:
    parts.sort(key=_PERIOD)
    return _Place([part.period for part in parts], parts, list(map(_line, parts)))


def _line(part: Part) -> str:
    return f"{part.group}|{part.unit}|{part.period}|{part.digest}"
