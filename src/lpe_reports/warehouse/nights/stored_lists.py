"""The two files of a stored waiting list: its rows, and the sealed facts beside them.

`<day>.parquet` holds the rows; `<day>.json` its SHA-256, what lies where in it, and the facts' own
SHA-256. A list that takes the place of another is written beside it first, the old one gets a
second name (`<day>.replaced-<n>`), then the facts and last the rows are renamed: at every moment
the rows that stand there are whole, and some facts beside them tell their SHA-256.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lpe_reports.errors import ExtractError
from lpe_reports.settings import Project
from lpe_reports.system import POSIX, move
from lpe_reports.warehouse.frames import stored_schema
from lpe_reports.warehouse.nights.digests import bytes_sha256, file_sha256
from lpe_reports.warehouse.nights.dividing import Content, divide
from lpe_reports.warehouse.nights.folders import nights
from lpe_reports.warehouse.nights.manifest import Part, StoredFile, read_manifest
from lpe_reports.warehouse.nights.parquet import Rows, read_rows
from lpe_reports.warehouse.nights.parts import link
from lpe_reports.warehouse.tables import TABLES

TABLE = "waiting_list"
SEAL = "sha256"

# What facts consisted of before they were sealed; the oldest of them had no recipe.
_UNSEALED = ({"keys", "recipe", "stored", "parts"}, {"keys", "stored", "parts"})


@dataclass(frozen=True)
class Snapshot:
    """One stored list of one day.

    Attributes:
        file: Its rows.
        stored: The same, as a file of a night.
        parts: What lies where in it.
        keys: The fingerprint of the secret that its ids were re-keyed with.
        recipe: What its rows were made with.
        source: The source that handed it over; empty where that was not noted.
    """

    file: Path
    stored: StoredFile
    parts: tuple[Part, ...]
    keys: str
    recipe: str
    source: str = ""

    @property
    def contents(self) -> list[Content]:
        return sorted(Content(*part[:5]) for part in self.parts)


def path_in_night(group: str, period: str) -> str:
    """Where a list of a day lies in a night's folder."""
    return f"{TABLE}/{group}/{period}.parquet"


def stored_days(folder: Path) -> Iterator[tuple[str, str]]:
    """The stored lists by list and day; those that were replaced have another name."""
    for file in sorted(folder.glob("*/*.parquet")):
        if "." not in file.stem:
            yield file.parent.name, file.stem


def mend_lists(folder: Path) -> None:
    """Clear what a killed load left, and put back a list whose successor was never written."""
    for pattern in ("*/*.new", "*/.part-*"):
        for unfinished in folder.glob(pattern):
            unfinished.unlink(missing_ok=True)
    # Where a list is past its time, its facts have gone as well; then nothing is put back.
    for aside in folder.glob("*/*.replaced-*.parquet"):
        target = aside.with_name(f"{aside.name.partition('.')[0]}.parquet")
        if not target.exists() and target.with_suffix(".json").exists():
            link(_asides(target)[-1], target)


def read_list(project: Project, group: str, period: str) -> Snapshot | None:
    """A stored list, every byte of it and of its facts verified; None when none is stored.

    Facts from before there were seals are taken at their word for nothing but the file's
    SHA-256, secret and recipe, and sealed.

    Raises:
        ExtractError: It is damaged; names list, day and what to do.
    """
    target = project.snapshots / group / f"{period}.parquet"
    if not target.is_file():
        return None
    sha256, told = file_sha256(target), target.with_suffix(".json")
    # A load that was killed while it replaced the list can have renamed no more than the facts.
    asides = [aside.with_suffix(".json") for aside in reversed(_asides(target))]
    for facts_file in (told, *asides):
        facts = _read_facts(facts_file)
        if facts is None or facts["stored"][2] != sha256:
            continue
        sealed = SEAL in facts
        snapshot = (_sealed_snapshot if sealed else _unsealed_snapshot)(target, facts)
        if snapshot is None:
            continue
        if not sealed or facts_file != told:
            _write_facts(snapshot, told)
        return snapshot
    found = None if told.exists() else _known_to_a_night(project, target, sha256)
    if found is None:
        raise damaged(group, period)
    _write_facts(found, told)
    return found


def store_list(file: Path, snapshot: Snapshot) -> None:
    """Store a list; the one that is stored, if any, stays beside it as `.replaced-<n>`.

    Args:
        file: Its rows, in a night's folder.
        snapshot: Its facts; `snapshot.file` is the place where it shall stand.

    Raises:
        OSError: It cannot be written; what was stored is as it was. Names the place.
    """
    target = snapshot.file
    new = target.with_name(f"{target.name}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        link(file, new)
        _flush(new)
        facts_new = _write_new_facts(snapshot, target.with_suffix(".json"))
        if target.exists():
            _link_aside(target)
        move(facts_new, target.with_suffix(".json"))
        move(new, target)
        _flush(target.parent)
    except OSError as error:
        for unfinished in (new, target.with_suffix(".json.new")):
            unfinished.unlink(missing_ok=True)
        # A write that fails does not say where; whoever reads the message wants to know.
        error.filename, error.filename2 = str(target), None
        raise


def damaged(group: str, period: str) -> ExtractError:
    """What is said of a stored list whose rows or facts are not as they were stored."""
    place = f"data/snapshots/{group}/{period}"
    return ExtractError(
        f"the stored waiting list of {period} ({group}), {place}.parquet, is damaged, or the facts "
        f"beside it ({place}.json) are; nothing was taken from it. Put both back from a backup. "
        f"Or take {path_in_night(group, period)} from a night in data/extracts/ that has it whole, "
        "move the .json away and run `lpe extract` again: the night tells what is in it. It "
        "cannot be made again from the source's other days."
    )


def _asides(target: Path) -> list[Path]:
    """What was replaced by a list, oldest first."""
    asides = target.parent.glob(f"{target.stem}.replaced-*.parquet")
    return sorted(asides, key=lambda aside: (len(aside.name), aside.name))


def _link_aside(target: Path) -> None:
    """Give a stored list and its facts a second name, if no earlier try has given it one."""
    told = target.with_suffix(".json")
    for number in count(1):
        aside = target.with_name(f"{target.stem}.replaced-{number}.parquet")
        if aside.exists() and not aside.samefile(target):
            continue
        aside.with_suffix(".json").unlink(missing_ok=True)
        link(told, aside.with_suffix(".json"))
        if not aside.exists():
            link(target, aside)
        return


def _read_facts(file: Path) -> dict[str, Any] | None:
    """Facts whose seal is whole, or that have none since they are older; None for others."""
    try:
        content = file.read_bytes()
        facts: dict[str, Any] = json.loads(content)
        stored, parts = StoredFile(*facts["stored"]), [Part(*part) for part in facts["parts"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    # What was sealed is compared byte by byte, so that no other spelling of it passes either.
    if facts.keys() not in _UNSEALED and content != _encoded(facts):
        return None
    return facts | {"stored": stored, "parts": parts}


def _encoded(facts: dict[str, Any]) -> bytes:
    """Facts with their seal, in the one spelling that they have."""
    rest = {name: value for name, value in facts.items() if name != SEAL}
    seal = hashlib.sha256(json.dumps(rest, separators=(",", ":")).encode()).hexdigest()
    return json.dumps({SEAL: seal, **rest}, separators=(",", ":")).encode() + b"\n"


def _sealed_snapshot(target: Path, facts: dict[str, Any]) -> Snapshot | None:
    """A list by its facts, if they are of this list and day and of as many rows."""
    group, period = target.parent.name, target.stem
    parts, stored = facts["parts"], facts["stored"]
    same = (facts["list"], facts["day"], stored.path) == (
        group, period, path_in_night(group, period)
    )  # fmt: skip
    rows = pq.read_metadata(target).num_rows
    first = 0
    for part in parts:
        same = same and (part.group, part.period, part.first_row) == (group, period, first)
        first += part.rows
    if not same or first != rows:
        return None
    keys, recipe, source = facts["keys"], facts["recipe"], facts["source"]
    return Snapshot(target, stored, tuple(parts), keys, recipe, source)


def _unsealed_snapshot(target: Path, facts: dict[str, Any]) -> Snapshot | None:
    """A list by its rows, the file's SHA-256 being that of its facts."""
    group, period = target.parent.name, target.stem
    content = target.read_bytes()
    try:
        parts = _parts_of(content)
    except (ExtractError, pa.ArrowException):
        return None
    if any((part.group, part.period) != (group, period) for part in parts):
        return None
    stored = StoredFile(path_in_night(group, period), len(content), bytes_sha256(content))
    return Snapshot(target, stored, parts, facts["keys"], facts.get("recipe", ""))


def _parts_of(content: bytes) -> tuple[Part, ...]:
    """What lies where in a list, told by its rows."""
    contract = TABLES[TABLE]
    rows = pq.read_metadata(pa.BufferReader(content)).num_rows
    names, schema = list(contract.names), stored_schema(contract.columns)
    table = read_rows(content, [Rows(0, rows)], names, schema)
    parts: list[Part] = []
    for each in divide(table, contract):
        first = sum(part.rows for part in parts)
        parts.append(Part(*each.content, 0, first))
    return tuple(parts)


def _known_to_a_night(project: Project, target: Path, sha256: str) -> Snapshot | None:
    """A list without facts, by the newest night that has the very same file."""
    path = path_in_night(target.parent.name, target.stem)
    for night in reversed(nights(project)):
        try:
            manifest = read_manifest(night.folder)
        except ExtractError:
            continue
        table = manifest.tables.get(TABLE)
        for number, stored in enumerate(table.files if table else ()):
            if table and (stored.path, stored.sha256) == (path, sha256):
                parts = tuple(p._replace(file=0) for p in table.parts if p.file == number)
                return Snapshot(target, stored, parts, manifest.keys, table.recipe)
    return None


def _write_facts(snapshot: Snapshot, told: Path) -> None:
    try:
        move(_write_new_facts(snapshot, told), told)
    except OSError as error:
        error.filename, error.filename2 = str(told), None
        raise


def _write_new_facts(snapshot: Snapshot, told: Path) -> Path:
    """Write a list's sealed facts beside the place where they shall stand."""
    facts = {
        "list": snapshot.file.parent.name,
        "day": snapshot.file.stem,
        "source": snapshot.source,
        "keys": snapshot.keys,
        "recipe": snapshot.recipe,
        "stored": snapshot.stored,
        "parts": [part._replace(file=0) for part in snapshot.parts],
    }
    new = told.with_name(f"{told.name}.new")
    new.write_bytes(_encoded(facts))
    _flush(new)
    return new


def _flush(path: Path) -> None:
    """See to it that a file, or a folder's entries, survive a power cut, where the system can."""
    if path.is_dir() and not POSIX:
        return
    # Windows lets nobody flush what he may not write to.
    handle = os.open(path, os.O_RDONLY if POSIX else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
