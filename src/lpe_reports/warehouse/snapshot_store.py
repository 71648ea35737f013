"""The waiting lists as they stood: one file per list and day, never changed and never lost.

A snapshot cannot be rebuilt afterwards. The file lies in `data/snapshots/<list>/<date>.parquet`
and is linked into every night; what it holds stands in the `.json` beside it.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lpe_reports.errors import ExtractError
from lpe_reports.settings import Project
from lpe_reports.warehouse.digests import file_sha256
from lpe_reports.warehouse.manifest import Part, StoredFile
from lpe_reports.warehouse.parts import Content, PartsWriter, Slice, link

TABLE = "waiting_list"


@dataclass(frozen=True)
class Snapshot:
    """One stored list of one day."""

    file: Path
    stored: StoredFile
    parts: tuple[Part, ...]
    keys: str

    @property
    def contents(self) -> list[Content]:
        return [Content(*part[:5]) for part in self.parts]


class SnapshotStore:
    """The stored snapshots of a project, as one load sees and extends them.

    Args:
        project: The project.
        keys: The fingerprint of the secret that this load re-keys with.
    """

    def __init__(self, project: Project, keys: str) -> None:
        self._folder = project.snapshots
        self._keys = keys
        self._new: list[tuple[str, str, Path, tuple[Part, ...], StoredFile]] = []
        self._taken: set[tuple[str, str]] = set()
        self._differing: list[tuple[str, str]] = []
        self._other_secret = False

    def take(self, writer: PartsWriter, folder: Path, slices: Sequence[Slice]) -> None:
        """Put one list of one day into the night: the stored file where there is one.

        Args:
            writer: The night's waiting list.
            folder: The night's folder.
            slices: The rows of each unit.
        """
        group, period = slices[0].group, slices[0].period
        self._taken.add((group, period))
        snapshot = self._find(group, period)
        path = f"{TABLE}/{group}/{period}.parquet"
        if snapshot is None:
            stored = writer.store(path, slices)
            parts = tuple(p for p in writer.parts if writer.files[p.file] is stored)
            self._new.append((group, period, folder / path, parts, stored))
            return
        contents = [Content(s.unit, s.group, s.period, s.rows.num_rows, s.digest) for s in slices]
        if sorted(snapshot.contents) != sorted(contents):
            self._other_secret |= snapshot.keys != self._keys
            self._differing.append((period, group))
            return
        self._link(writer, folder, path, snapshot)

    def take_rest(self, writer: PartsWriter, folder: Path, night: date) -> None:
        """Put the stored snapshots up to the night that the source no longer holds into it."""
        for file in sorted(self._folder.glob("*/*.parquet")):
            group, period = file.parent.name, file.stem
            if (group, period) in self._taken or period > night.isoformat():
                continue
            snapshot = self._find(group, period)
            if snapshot is not None and snapshot.keys != self._keys:
                # Another secret, so another source: a made-up list must never pass for a real one.
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
            "snapshot is never changed. Mend the source; or, if the stored one is wrong (or the "
            "demo warehouse was made anew), move its file away from data/snapshots/ and load again."
        )

    def keep(self) -> None:
        """Store the new snapshots, before the night that holds them becomes visible."""
        for group, period, file, parts, stored in self._new:
            target = self._folder / group / f"{period}.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            facts = {"keys": self._keys, "stored": stored, "parts": parts}
            # The facts first: a file without them would be taken for damaged.
            facts_file = target.with_suffix(".json")
            unfinished = facts_file.with_suffix(".json.new")
            unfinished.write_text(json.dumps(facts), encoding="utf-8")
            unfinished.replace(facts_file)
            with file.open("rb") as written:
                os.fsync(written.fileno())
            link(file, target)

    def _find(self, group: str, period: str) -> Snapshot | None:
        file = self._folder / group / f"{period}.parquet"
        if not file.is_file():
            return None
        try:
            facts = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
            parts = tuple(Part(*part) for part in facts["parts"])
            snapshot = Snapshot(file, StoredFile(*facts["stored"]), parts, facts["keys"])
        except (OSError, ValueError, KeyError, TypeError):
            raise _damaged(group, period) from None
        if file_sha256(file) != snapshot.stored.sha256:
            raise _damaged(group, period)
        return snapshot

    @staticmethod
    def _link(writer: PartsWriter, folder: Path, path: str, snapshot: Snapshot) -> None:
        link(snapshot.file, folder / path)
        writer.add(snapshot.stored, snapshot.parts)


def _damaged(group: str, period: str) -> ExtractError:
    return ExtractError(
        f"the stored waiting list of {period} ({group}), data/snapshots/{group}/{period}.parquet, "
        "is damaged. Put it back from a backup or from a night in data/extracts/ that still has "
        "it whole; it cannot be made again from the source's other days."
    )
