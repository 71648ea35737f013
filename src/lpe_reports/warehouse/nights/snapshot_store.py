"""The waiting lists as they stood: one file per list and day, never changed and never lost.

A snapshot cannot be rebuilt afterwards. The file lies in `data/snapshots/<list>/<date>.parquet`
and is linked into every night; what it holds stands in the `.json` beside it. One that was
replaced by name stays beside the new one, as `<date>.replaced-<n>.parquet` and `.json`.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from lpe_reports.errors import ExtractError
from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.dividing import Content, Slice
from lpe_reports.warehouse.nights.manifest import Manifest, Part
from lpe_reports.warehouse.nights.parts import PartsWriter, link
from lpe_reports.warehouse.nights.stored_lists import (
    TABLE,
    Snapshot,
    mend_lists,
    path_in_night,
    read_list,
    store_list,
    stored_days,
)

__all__ = ["TABLE", "SnapshotStore", "keep"]


class SnapshotStore:
    """The stored snapshots of a project, as one load sees and extends them.

    Args:
        project: The project.
        keys: The fingerprint of the secret that this load re-keys with.
        replace: The days that are taken anew, whatever is stored of them.
    """

    def __init__(self, project: Project, keys: str, replace: Collection[date] = ()) -> None:
        mend_lists(project.snapshots)
        self._project = project
        self._keys = keys
        self._replace = frozenset(day.isoformat() for day in replace)
        self._taken: set[tuple[str, str]] = set()
        self._differing: list[tuple[str, str]] = []
        self._other_secret = False
        self.replaced: list[str] = []
        self.made_otherwise = 0
        self._stored_by: Counter[str] = Counter()

    def days(self) -> dict[str, set[date]]:
        """The days that are stored of each list."""
        days: dict[str, set[date]] = {}
        for group, period in stored_days(self._project.snapshots):
            days.setdefault(group, set()).add(date.fromisoformat(period))
        return days

    def lists_of(self, source: str) -> dict[str, int]:
        """How many of the night's lists each other source had stored, where that was noted."""
        own = ("", source)
        return {name: self._stored_by[name] for name in sorted(self._stored_by) if name not in own}

    def replaces(self, day: date) -> bool:
        """Whether a day is taken anew."""
        return day.isoformat() in self._replace

    def take(self, writer: PartsWriter, folder: Path, slices: Sequence[Slice], recipe: str) -> None:
        """Put one list of one day into the night: the stored file where there is one.

        Args:
            writer: The night's waiting list.
            folder: The night's folder.
            slices: The rows of each unit.
            recipe: What they were made with.
        """
        group, period = slices[0].group, slices[0].period
        self._taken.add((group, period))
        snapshot = read_list(self._project, group, period)
        contents = sorted(each.content for each in slices)
        if snapshot is not None and snapshot.keys != self._keys:
            # Another secret, so another source: a made-up list must never pass for a real one.
            self._other_secret = True
            self._differing.append((period, group))
        elif snapshot is not None and snapshot.contents == contents:
            self._link(writer, folder, snapshot)
        elif snapshot is None or period in self._replace:
            writer.store(path_in_night(group, period), slices)
            self.replaced += [f"{group}/{period}"] if snapshot else []
        elif snapshot.recipe != recipe:
            # A spelling or a rule has changed since, so that other content proves nothing.
            self.made_otherwise += sum(
                part.rows for part in snapshot.parts if Content(*part[:5]) not in contents
            )
            self._link(writer, folder, snapshot)
        else:
            self._differing.append((period, group))

    def take_rest(self, writer: PartsWriter, folder: Path, night: date) -> None:
        """Put the stored snapshots up to the night that were not fetched into it."""
        for group, period in stored_days(self._project.snapshots):
            if (group, period) in self._taken or period > night.isoformat():
                continue
            snapshot = read_list(self._project, group, period)
            if snapshot is not None and snapshot.keys != self._keys:
                self._other_secret = True
                self._differing.append((period, group))
            elif snapshot is not None:
                self._link(writer, folder, snapshot)

    def refuse_changed(self) -> None:
        """Refuse the load when a day was stored before with other content.

        Raises:
            ExtractError: Names list and dates.
        """
        if not self._differing:
            return
        days = sorted(self._differing)
        named = ", ".join(f"{period} ({group})" for period, group in days[:5])
        more = f" and {len(days) - 5} more" if len(days) > 5 else ""
        if self._other_secret:
            raise ExtractError(
                f"the stored waiting lists of {named}{more} were re-keyed with another secret, or "
                "come from another source. Use the secret of the nights before; or, to begin "
                "anew, move data/snapshots/ and data/extracts/ away."
            )
        raise ExtractError(
            f"the waiting lists of {named}{more} are stored already, with other content; a stored "
            "snapshot is never changed. Mend the source; or, if the stored one is wrong, take the "
            "day anew with `lpe extract --replace-snapshot DAY`, which keeps the old one beside "
            "it. If the demo warehouse was made anew, move data/snapshots/ away and load again."
        )

    def _link(self, writer: PartsWriter, folder: Path, snapshot: Snapshot) -> None:
        link(snapshot.file, folder / snapshot.stored.path)
        writer.add(snapshot.stored, snapshot.parts)
        self._stored_by[snapshot.source] += 1


def keep(project: Project, folder: Path, manifest: Manifest) -> None:
    """Store the waiting lists of a finished folder that are not stored yet.

    Those that were taken anew by name take the place of the stored ones, which stay beside them.

    Args:
        project: The project.
        folder: The night's folder, not necessarily visible yet.
        manifest: Its manifest.

    Raises:
        ExtractError: A list has been stored with other content in the meantime.
    """
    table = manifest.tables.get(TABLE)
    if table is None:
        return
    mend_lists(project.snapshots)
    parts: dict[int, list[Part]] = {}
    for part in table.parts:
        parts.setdefault(part.file, []).append(part)
    for number, of_file in parts.items():
        stored, (_, group, period, *_) = table.files[number], of_file[0]
        target = project.snapshots / group / f"{period}.parquet"
        if target.is_file() and target.samefile(folder / stored.path):
            continue
        known = read_list(project, group, period)
        if known is not None and known.stored.sha256 == stored.sha256:
            continue
        if known is not None and f"{group}/{period}" not in manifest.replaced:
            _refuse_other(known, of_file, group, period)
            continue
        made_with = manifest.keys, table.recipe, manifest.source
        store_list(folder / stored.path, Snapshot(target, stored, tuple(of_file), *made_with))


def _refuse_other(known: Snapshot, parts: Sequence[Part], group: str, period: str) -> None:
    """Refuse a list that is stored with other content; the same in other bytes is no matter."""
    if known.contents != sorted(Content(*part[:5]) for part in parts):
        raise ExtractError(
            f"the waiting list of {period} ({group}) has been stored with other content in the "
            "meantime, and a stored one is never changed; run `lpe extract` again"
        )
