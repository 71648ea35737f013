"""What was done to the published versions, and when: a line each in `public/journal.jsonl`.

Lines are only added. A line that a kill or a full disk cut is no entry, and the next one begins
on a line of its own.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from lpe_reports.publish.naming import place_in_time
from lpe_reports.render.retracted import Retraction

JOURNAL = "journal.jsonl"

# "retracted" without a version is of all of them, and with one says what its files are since;
# "gone" is told when the page is out of all of them.
Deed = Literal["published", "rolled back", "removed", "retracted", "gone", "lifted"]


@dataclass(frozen=True)
class Entry:
    """One deed.

    Fields:
        at: When, ISO, Swedish time with its offset.
        deed: What was done.
        version: The version that it was done to; for "rolled back" the one that `latest` led to.
        to: The version that `latest` leads to since.
        why: The reason that was given.
        page: The address of the page that was retracted, without an ending.
        digest: SHA-256 of the version's files.json since.
    """

    at: str
    deed: Deed
    version: str = ""
    to: str = ""
    why: str = ""
    page: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Recall:
    """That a version was taken back: since when (ISO) and why."""

    since: str
    why: str = ""


def note(public: Path, entry: Entry) -> None:
    """Add an entry; it is on the disk when this returns."""
    told = {name: value for name, value in asdict(entry).items() if value}
    line = json.dumps(told, ensure_ascii=False).encode() + b"\n"
    path = public / JOURNAL
    with path.open("ab") as file:
        if path.stat().st_size and not _ends_its_line(path):
            file.write(b"\n")
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def entries(public: Path) -> Iterator[Entry]:
    """All entries, the oldest first; lines that are none are passed over."""
    try:
        lines = (public / JOURNAL).read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            yield Entry(**json.loads(line))
        except (ValueError, TypeError):
            continue


def recalled(public: Path, latest: str | None) -> Mapping[str, Recall]:
    """The versions that were gone back behind, by id; going forward to one again ends its recall.

    The version that `latest` leads to is never among them.
    """
    found: dict[str, Recall] = {}
    for entry in entries(public):
        if entry.deed != "rolled back":
            continue
        if place_in_time(entry.to) < place_in_time(entry.version):
            found[entry.version] = Recall(entry.at, entry.why)
        found.pop(entry.to, None)
    found.pop(latest or "", None)
    return found


def retracted(public: Path) -> dict[str, Retraction]:
    """The pages that are taken back, by address: since the first time, for the last reason."""
    found: dict[str, Retraction] = {}
    for entry in entries(public):
        if entry.deed == "lifted":
            found.pop(entry.page, None)
        elif entry.deed == "retracted" and entry.page and not entry.version:
            before = found.get(entry.page)
            found[entry.page] = Retraction(before.since if before else entry.at, entry.why)
    return found


def unfinished_retractions(public: Path) -> set[str]:
    """The pages that are taken back and that some version may still have."""
    found: set[str] = set()
    for entry in entries(public):
        if entry.deed == "retracted" and entry.page and not entry.version:
            found.add(entry.page)
        elif entry.deed in ("lifted", "gone"):
            found.discard(entry.page)
    return found


def digests_told(public: Path) -> dict[str, list[str]]:
    """The digests that each version's files.json has had, the one that it should have last."""
    found: dict[str, list[str]] = {}
    for entry in entries(public):
        if entry.deed in ("published", "retracted") and entry.version and entry.digest:
            found.setdefault(entry.version, []).append(entry.digest)
    return found


def entry_now(deed: Deed, now: datetime, version: str = "", **more: str) -> Entry:
    """An entry of this moment."""
    return Entry(now.isoformat(timespec="seconds"), deed, version, **more)


def _ends_its_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
