"""What a measure is asked: for which windows of days, of which unit, and where to read."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

import numpy as np
import pandas as pd

from lpe_reports.measures.times import local_days
from lpe_reports.params.loading import Params
from lpe_reports.warehouse.questions import Prefix

T = TypeVar("T")


class TableReader(Protocol):
    """Who reads tables: a page, or the reader of its series."""

    def has(self, table: str) -> bool: ...

    def read(
        self,
        table: str,
        *,
        units: Sequence[str] | None = None,
        start: date | None = None,
        end: date | None = None,
        where: Mapping[str, object] | None = None,
        columns: Sequence[str] | None = None,
    ) -> pd.DataFrame: ...


class Reader(TableReader, Protocol):
    """Where rows come from: the night's extract, each question remembered."""

    @property
    def night(self) -> date: ...

    def snapshot_on(self, list_: str, day: date) -> date | None: ...

    def first_day(self, table: str) -> date | None: ...

    def remember(self, key: Hashable, make: Callable[[], T]) -> T: ...


@dataclass(frozen=True)
class Selection:
    """Whose numbers: each part is an id, or None for all.

    Args:
        unit: The operating unit, or the clinic of a list to first contact.
        vo: The verksamhetsområde.
        section: Its section.
        procedure: A procedure, selection or group of `params/procedures.yml`.
        list: Which waiting list.
    """

    unit: str | None = None
    vo: str | None = None
    section: str | None = None
    procedure: str | None = None
    list: str = "operation"


@dataclass(frozen=True, order=True)
class Window:
    """Some days that one value is asked for; `end` is the day after the last."""

    start: date
    end: date
    id: str


@dataclass(frozen=True)
class Ask:
    """One question to a measure.

    Args:
        measure: The measure's id; one function may answer for several.
        reader: Where rows come from.
        params: The office's decisions.
        selection: Whose numbers.
        windows: For which days; in order of time and not overlapping.
        reach: The days that all windows of the series lie in, so that each is read once.
        options: What the notebook says beside (a parameter of the measure).
    """

    measure: str
    reader: Reader
    params: Params
    selection: Selection
    windows: tuple[Window, ...]
    reach: tuple[date, date]
    options: Mapping[str, object]

    def rows(
        self,
        table: str,
        columns: Sequence[str],
        *,
        time: str,
        vo: bool = True,
        where: Mapping[str, object] | None = None,
    ) -> pd.DataFrame:
        """The table's rows of the selection, each with the id of the window that it lies in.

        Args:
            table: The table.
            columns: Which columns are needed.
            time: The column that says when; among `columns`.
            vo: Whether VO and section select; else all of the unit's rows are read.
            where: More conditions, by column.

        Returns:
            The columns and `window`; rows outside every window are left out.
        """
        frame = self.reader.read(
            table,
            units=None if self.selection.unit is None else [self.selection.unit],
            start=self.reach[0],
            end=self.reach[1],
            where=self._where(vo) | dict(where or {}) or None,
            columns=columns,
        )
        return self.in_windows(frame, time)

    def in_windows(self, frame: pd.DataFrame, time: str) -> pd.DataFrame:
        """The rows that lie in a window, with its id as the column `window`."""
        days = local_days(frame[time]).to_numpy(dtype="datetime64[us]")
        starts = np.array([window.start for window in self.windows], dtype="datetime64[us]")
        ends = np.array([window.end for window in self.windows], dtype="datetime64[us]")
        place = np.searchsorted(starts, days, side="right") - 1
        inside = (place >= 0) & ~np.isnat(days)
        inside[inside] &= days[inside] < ends[place[inside]]
        ids = np.array([window.id for window in self.windows], dtype=object)
        labels = pd.array(ids[place[inside]], dtype="str")
        kept: pd.DataFrame = frame.loc[inside].assign(window=labels)
        return kept

    def _where(self, vo: bool) -> dict[str, object]:
        chosen = self.selection
        where: dict[str, object] = {}
        if vo and chosen.vo is not None:
            where["vo"] = chosen.vo
        if vo and chosen.section is not None:
            where["section"] = chosen.section
        if chosen.procedure is not None:
            where["procedure_code"] = Prefix(*self.params.procedures.prefixes(chosen.procedure))
        return where


def lanes(windows: Sequence[Window]) -> list[tuple[Window, ...]]:
    """The windows in as few groups as keep overlapping ones apart, each in order of time."""
    groups: list[list[Window]] = []
    for window in sorted(windows):
        for group in groups:
            if group[-1].end <= window.start:
                group.append(window)
                break
        else:
            groups.append([window])
    return [tuple(group) for group in groups]


def answer(
    ask: Ask, windows: Sequence[Window], compute: Callable[[Ask], pd.DataFrame]
) -> pd.DataFrame:
    """What a measure says of any windows, also of such that overlap.

    Args:
        ask: The question; its own windows are replaced.
        windows: All windows.
        compute: The measure's function.

    Returns:
        Its frame, one row per window that it has a value for.
    """
    parts = [compute(replace(ask, windows=lane)) for lane in lanes(windows)]
    return pd.concat(parts, ignore_index=True)
