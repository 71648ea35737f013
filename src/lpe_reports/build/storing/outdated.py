"""What has been kept for as long as `params/retention.yml` says, and is needed by nothing."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from lpe_reports.build.planning.selection import Selection, select_targets
from lpe_reports.build.planning.traces import Trace, read_trace
from lpe_reports.build.runs import RunKey
from lpe_reports.build.storing.exposures import exposure_path
from lpe_reports.build.storing.store import notebook_path
from lpe_reports.build.storing.store_room import bytes_of, over_bound, spare_entries
from lpe_reports.errors import ExtractError
from lpe_reports.params.reports import Report
from lpe_reports.params.retention import NightsKept, Retention
from lpe_reports.params.sources import Sources
from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.folders import Night, nights
from lpe_reports.warehouse.nights.holding import (
    HeldNight,
    held_nights,
    keep_lists,
    lists_not_stored,
    reasons_to_hold,
)
from lpe_reports.warehouse.nights.manifest import read_manifest

_LIST_DAY = len("2026-05-11")
_MEGABYTE = 1_000_000


def nothing_first() -> None:
    """What is done before most things are removed."""


class Outdated(NamedTuple):
    """One thing to remove: a file, or a folder with all that is in it.

    Fields:
        kind: What it is, for the summary.
        path: Where it lies.
        first: What is done before it is removed; raises ExtractError when it must stay.
    """

    kind: str
    path: Path
    first: Callable[[], None] = nothing_first


@dataclass(frozen=True)
class _Loaded:
    night: Night
    source: str | None  # None: its manifest cannot be read
    on: date


class Finder:
    """Finds what is outdated in a project.

    Args:
        project: The project.
        retention: How long things are kept.
        sources: The sources, whose limits tell which held waiting lists may be stored unseen.
        reports: The reports; what their pages of today need stays.
        today: The day it is in Sweden.
        day_of: The Swedish day of a moment, in seconds since 1970.
    """

    def __init__(
        self,
        project: Project,
        retention: Retention,
        sources: Sources,
        reports: Mapping[str, Report],
        today: date,
        day_of: Callable[[float], date],
    ) -> None:
        self._project = project
        self._retention = retention
        self._sources = sources
        self._reports = reports
        self._today = today
        self._day_of = day_of
        self._loaded = [self._load(night) for night in nights(project)]
        self._needed = self._runs_of_today()
        self._traces: dict[RunKey, Trace] = {}  # those that stay
        self.left: list[str] = []  # what is past its time and stays all the same, and why

    def find(self) -> Iterator[Outdated]:
        """Everything outdated; what `left` holds is known afterwards."""
        yield from self._nights()
        yield from self._held()
        yield from self._waiting_lists()
        yield from self._replaced_lists()
        stored = [*self._runs(), *self._pages()]
        yield from stored
        yield from self._over_bound({each.path for each in stored})
        yield from self._logs()
        yield from self._set_aside()

    def _nights(self) -> Iterator[Outdated]:
        readable = [loaded for loaded in self._loaded if loaded.source is not None]
        # A night of a day that has not been is nobody's newest one.
        past = [loaded for loaded in readable if loaded.night.date <= self._today]
        newest = {loaded.source: loaded for loaded in past or readable or self._loaded}
        kept = [*newest.values(), *_of_weeks(self._loaded, self._retention.nights, self._today)]
        for loaded in self._loaded:
            if loaded not in kept and self._is_older(loaded.on, self._retention.nights.days):
                yield Outdated("nights", loaded.night.folder)

    def _held(self) -> Iterator[Outdated]:
        for held in held_nights(self._project):
            if not self._is_older(self._held_on(held), self._retention.held_days):
                continue
            if not lists_not_stored(self._project, held):
                yield Outdated("held nights", held.folder)
            elif self._may_be_stored(held):
                yield Outdated("held nights", held.folder, self._storing_lists(held))
            else:
                name = self._project.relative(held.folder)
                self.left.append(
                    f"{name} has waiting lists that are stored nowhere else and that nobody has "
                    f"accepted; look at it, and `lpe extract --accept --as-of {held.day}` or "
                    "remove the folder"
                )

    def _storing_lists(self, held: HeldNight) -> Callable[[], None]:
        return lambda: keep_lists(self._project, held)

    def _may_be_stored(self, held: HeldNight) -> bool:
        """Whether a held night's waiting lists were not themselves what it is held for."""
        if held.manifest is None or held.manifest.source not in self._sources.sources:
            return False
        freshness = self._sources.get(held.manifest.source).freshness
        reasons = reasons_to_hold(held.manifest, None, self._sources.limits, freshness)
        return not any(reason.startswith("waiting_list") for reason in reasons)

    def _held_on(self, held: HeldNight) -> date:
        if held.manifest is None:
            return self._changed_on(held.folder)
        return datetime.fromisoformat(held.manifest.loaded_at).date()

    def _waiting_lists(self) -> Iterator[Outdated]:
        years = self._retention.waiting_lists_years
        if years is None:
            return
        oldest = f"{self._today.year - years}{self._today.isoformat()[4:]}"
        # The Parquet file before its facts: facts without a file are no list, and no damage.
        for suffix in ("parquet", "json"):
            for file in sorted(self._project.snapshots.glob(f"*/*.{suffix}")):
                if len(file.stem) == _LIST_DAY and file.stem < oldest:
                    yield Outdated("waiting lists", file)

    def _replaced_lists(self) -> Iterator[Outdated]:
        for suffix in ("parquet", "json"):
            for file in sorted(self._project.snapshots.glob(f"*/*.replaced-*.{suffix}")):
                facts = file.with_suffix(".json")
                on = self._changed_on(facts if facts.is_file() else file)
                if self._is_older(on, self._retention.replaced_lists_days):
                    yield Outdated("replaced waiting lists", file)

    def _runs(self) -> Iterator[Outdated]:
        """Traces of pages that are not made any more, then what no trace needs."""
        days, store = self._retention.executed_days, self._project.store
        kept, stays = set(), set()
        for file in sorted((store / "traces").glob("*/*/*.json")):
            key = RunKey(file.parent.parent.name, file.parent.name, file.stem)
            if key not in self._needed and self._is_older(self._changed_on(file), days):
                yield Outdated("traces", file)
                continue
            stays.add(exposure_path(self._project, key))
            if trace := read_trace(self._project, key):
                self._traces[key] = trace
                kept.add(notebook_path(self._project, trace.notebook).name)
        for file in sorted((store / "exposures").glob("*/*/*.json.gz")):
            if file not in stays and self._is_older(self._changed_on(file), days):
                yield Outdated("exposures", file)
        for file in sorted((store / "notebooks").glob("*.ipynb")):
            if file.name not in kept and self._is_older(self._changed_on(file), days):
                yield Outdated("executed notebooks", file)

    def _over_bound(self, going: set[Path]) -> Iterator[Outdated]:
        """What else has to go for the store to be within its size."""
        bound = self._retention.store_megabytes
        if bound is None:
            return
        size = bytes_of(self._project.store) - sum(map(bytes_of, going))
        if size <= bound * _MEGABYTE:
            return
        spare = spare_entries(
            self._project, self._traces, self._needed, self._last_build(), self._day_of
        )
        staying = (each for each in spare if going.isdisjoint(each.paths))
        found, size = over_bound(staying, size, bound * _MEGABYTE)
        for each in found:
            yield from (Outdated(each.kind, path) for path in each.paths if path.exists())
        if size > bound * _MEGABYTE:
            self.left.append(
                f"build/store has {size // _MEGABYTE} MB that the pages of today need, more than "
                f"store_megabytes of params/retention.yml ({bound}); nothing of it can go"
            )

    def _last_build(self) -> date:
        """The day on which the last build began, which may have gone on past midnight."""
        note = self._project.build / "candidate.json"
        if not note.is_file():
            return self._today
        ended = note.lstat().st_mtime
        try:
            began = float(json.loads(note.read_bytes())["began"])
        except (OSError, ValueError, KeyError, TypeError):
            began = ended  # damaged, or of an older version
        return self._day_of(min(began, ended))  # the other way where the clock was set back

    def _runs_of_today(self) -> set[RunKey]:
        newest = {loaded.source: loaded.night.date for loaded in self._loaded}
        targets = [
            target
            for night in {*newest.values(), self._today}
            for target in select_targets(self._reports, night, Selection())
        ]
        return {RunKey(t.report.id, t.unit, t.period.id) for t in targets}

    def _pages(self) -> Iterator[Outdated]:
        """Rendered pages that no build has used for long, counted back from the last build."""
        last = self._last_build()
        for folder in sorted((self._project.store / "pages").glob("*/*")):
            unused = (min(last, self._today) - self._changed_on(folder)).days
            hidden = folder.name.startswith(".") or folder.parent.name.startswith(".")
            if folder.is_dir() and not hidden and unused > self._retention.executed_days:
                yield Outdated("rendered pages", folder)

    def _logs(self) -> Iterator[Outdated]:
        for file in sorted((self._project.build / "logs").glob("*")):
            if self._is_older(self._changed_on(file), self._retention.logs_days):
                yield Outdated("private logs", file)

    def _set_aside(self) -> Iterator[Outdated]:
        for folder in sorted(self._project.data.glob("set-aside-*")):
            if not self._is_older(self._changed_on(folder), self._retention.set_aside_days):
                continue
            parts = sorted(folder.glob("*"))
            if any(part.name == "snapshots" for part in parts):
                yield from (Outdated("data set aside", p) for p in parts if p.name != "snapshots")
            else:
                yield Outdated("data set aside", folder)

    def _load(self, night: Night) -> _Loaded:
        try:
            manifest = read_manifest(night.folder)
        except ExtractError:
            return _Loaded(night, None, self._changed_on(night.folder))
        return _Loaded(night, manifest.source, datetime.fromisoformat(manifest.loaded_at).date())

    def _changed_on(self, path: Path) -> date:
        return self._day_of(path.lstat().st_mtime)

    def _is_older(self, on: date, days: int | None) -> bool:
        return days is not None and (self._today - on).days > days


def _of_weeks(loaded: list[_Loaded], kept: NightsKept, today: date) -> list[_Loaded]:
    """The last night of each source and week, as far back as weeks are kept."""
    last: dict[tuple[str | None, int, int], _Loaded] = {}
    for each in sorted(loaded, key=lambda each: (each.on, each.night)):
        if each.night.date <= today and (today - each.on).days <= kept.days + 7 * kept.weeks:
            last[each.source, *each.on.isocalendar()[:2]] = each
    return list(last.values())
