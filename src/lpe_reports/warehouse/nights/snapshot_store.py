"""The waiting lists as they stood: one file per list and day, never changed and never lost.

A snapshot cannot be rebuilt afterwards. The file lies in `data/snapshots/<list>/<date>.parquet`
and is linked into every night; what it holds stands in the `.json` beside it. One that was
replaced by name stays beside the new one, as `<date>.replaced-<n>.parquet` and `.json`.
"""

import json
import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from lpe_reports.errors import ExtractError
from lpe_reports.settings import Project
from lpe_reports.warehouse.nights.digests import file_sha256
from lpe_reports.warehouse.nights.dividing import Content, Slice
from lpe_reports.warehouse.nights.manifest import Manifest, Part, StoredFile
from lpe_reports.warehouse.nights.parts import PartsWriter, link

TABLE = "waiting_list"


@dataclass(frozen=True)
class Snapshot:
    """One stored list of one day; `recipe` is what its rows were made with."""

    file: Path
    stored: StoredFile
    parts: tuple[Part, ...]
    keys: str
    recipe: str

    @property
    def contents(self) -> list[Content]:
        return sorted(Content(*part[:5]) for part in self.parts)


class SnapshotStore:
    """The stored snapshots of a project, as one load sees and extends them.

    Args:
        project: The project.
        keys: The fingerprint of the secret that this load re-keys with.
        replace: The days that are taken anew, whatever is stored of them.
    """

    def __init__(self, project: Project, keys: str, replace: Collection[date] = ()) -> None:
        self._folder = project.snapshots
        self._keys = keys
        self._replace = frozenset(day.isoformat() for day in replace)
        self._taken: set[tuple[str, str]] = set()
        self._differing: list[tuple[str, str]] = []
        self._other_secret = False
        self.replaced: list[str] = []
        self.made_otherwise = 0

    def days(self) -> dict[str, set[date]]:
        """The days that are stored of each list."""
        days: dict[str, set[date]] = {}
        for group, period, _ in self._files():
            days.setdefault(group, set()).add(date.fromisoformat(period))
        return days

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
        snapshot = self._find(group, period)
        path = f"{TABLE}/{group}/{period}.parquet"
        contents = sorted(each.content for each in slices)
        if snapshot is not None and snapshot.keys != self._keys:
            # Another secret, so another source: a made-up list must never pass for a real one.
            self._other_secret = True
            self._differing.append((period, group))
        elif snapshot is not None and snapshot.contents == contents:
            self._link(writer, folder, path, snapshot)
        elif snapshot is None or period in self._replace:
            writer.store(path, slices)
            self.replaced += [f"{group}/{period}"] if snapshot else []
        elif snapshot.recipe != recipe:
            # A spelling or a rule has changed since, so that other content proves nothing.
            self.made_otherwise += sum(
                part.rows for part in snapshot.parts if Content(*part[:5]) not in contents
            )
            self._link(writer, folder, path, snapshot)
        else:
            self._differing.append((period, group))

    def take_rest(self, writer: PartsWriter, folder: Path, night: date) -> None:
        """Put the stored snapshots up to the night that were not fetched into it."""
        for group, period, _ in self._files():
            if (group, period) in self._taken or period > night.isoformat():
                continue
            snapshot = self._find(group, period)
            if snapshot is not None and snapshot.keys != self._keys:
                self._other_secret = True
                self._differing.append((period, group))
            elif snapshot is not None:
                self._link(writer, folder, f"{TABLE}/{group}/{period}.parquet", snapshot)

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

    def _files(self) -> Iterator[tuple[str, str, Path]]:
        """The stored lists by list and day; those that were replaced have another name."""
        for file in sorted(self._folder.glob("*/*.parquet")):
            if "." not in file.stem:
                yield file.parent.name, file.stem, file

    def _find(self, group: str, period: str) -> Snapshot | None:
        file = self._folder / group / f"{period}.parquet"
        if not file.is_file():
            return None
        snapshot = _read(file)
        if snapshot is None or file_sha256(file) != snapshot.stored.sha256:
            raise _damaged(group, period)
        return snapshot

    @staticmethod
    def _link(writer: PartsWriter, folder: Path, path: str, snapshot: Snapshot) -> None:
        link(snapshot.file, folder / path)
        writer.add(snapshot.stored, snapshot.parts)


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
    parts: dict[int, list[Part]] = {}
    for part in table.parts:
        parts.setdefault(part.file, []).append(part)
    for number, of_file in parts.items():
        stored, (_, group, period, *_) = table.files[number], of_file[0]
        target = project.snapshots / group / f"{period}.parquet"
        if target.is_file():
            known = _read(target)
            if known is not None and known.stored.sha256 == stored.sha256:
                continue
            if f"{group}/{period}" not in manifest.replaced:
                _refuse_other(known, of_file, group, period)
                continue
            _set_aside(target)
        facts = {
            "keys": manifest.keys, "recipe": table.recipe, "stored": stored, "parts": of_file
        }  # fmt: skip
        try:
            _store(folder / stored.path, target, facts)
        except OSError as error:
            # A write that fails does not say where; whoever reads the message wants to know.
            error.filename, error.filename2 = str(target), None
            raise


def _refuse_other(known: Snapshot | None, parts: Sequence[Part], group: str, period: str) -> None:
    """Refuse a list that is stored with other content; the same in other bytes is no matter."""
    if known is None:
        raise _damaged(group, period)
    if known.contents != sorted(Content(*part[:5]) for part in parts):
        raise ExtractError(
            f"the waiting list of {period} ({group}) has been stored with other content in the "
            "meantime, and a stored one is never changed; run `lpe extract` again"
        )


def _store(file: Path, target: Path, facts: dict[str, Any]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    # The facts first: a file without them would be taken for damaged.
    facts_file = target.with_suffix(".json")
    unfinished = facts_file.with_suffix(".json.new")
    unfinished.write_text(json.dumps(facts), encoding="utf-8")
    unfinished.replace(facts_file)
    with file.open("rb") as written:
        os.fsync(written.fileno())
    link(file, target)


def _set_aside(target: Path) -> None:
    """Give a stored list and its facts another name, the first one that is free."""
    facts = target.with_suffix(".json")
    for number in count(1):
        aside = target.with_name(f"{target.stem}.replaced-{number}.parquet")
        if not aside.exists():
            # The list last: until it has gone, the facts beside it are the right ones.
            link(facts, aside.with_suffix(".json"))
            target.rename(aside)
            return


def _read(file: Path) -> Snapshot | None:
    try:
        facts = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        parts = tuple(Part(*part) for part in facts["parts"])
        stored, keys = StoredFile(*facts["stored"]), facts["keys"]
        return Snapshot(file, stored, parts, keys, facts.get("recipe", ""))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _damaged(group: str, period: str) -> ExtractError:
    return ExtractError(
        f"the stored waiting list of {period} ({group}), data/snapshots/{group}/{period}.parquet, "
        "is damaged. Put it back from a backup or from a night in data/extracts/ that still has "
        "it whole; it cannot be made again from the source's other days."
    )
