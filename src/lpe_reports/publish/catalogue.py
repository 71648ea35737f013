"""Which versions of the site there are, and which of them were taken back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lpe_reports.errors import UsageError
from lpe_reports.publish.journal import Recall, recalled
from lpe_reports.publish.naming import is_version_id, place_in_time
from lpe_reports.publish.pointer import latest_id
from lpe_reports.settings import Project

VERSION_FILE = "version.json"


@dataclass(frozen=True)
class Version:
    """One published version, as versions.json and `lpe versions` tell of it."""

    id: str  # the day it was published, Swedish time, see `next_id`; a second one ends with .2
    published_at: str  # ISO, Swedish time with its offset
    night: str  # the extract that it was made from
    pages: int
    kept: int  # pages that are kept from an earlier version
    megabytes: float
    fresh_until: str | None = None  # the last day on which its night is not old; None: for ever
    standing: tuple[str, ...] = ()  # tables that stood still in the source, that night
    recall: Recall | None = None  # when and why `lpe rollback` went back behind it


def version_of(record: Mapping[str, Any], recall: Recall | None = None) -> Version:
    """The version that a `version.json` tells of.

    Raises:
        KeyError, TypeError, ValueError: It is none.
    """
    return Version(
        id=str(record["id"]),
        published_at=str(record["published_at"]),
        night=str(record["night"]),
        pages=int(record["pages"]),
        kept=len(record["kept"]),
        megabytes=float(record["megabytes"]),
        fresh_until=record.get("fresh_until"),
        standing=tuple(str(each["table"]) for each in record.get("standing", ())),
        recall=recall,
    )


def list_versions(project: Project) -> list[Version]:
    """The published versions, the newest first."""
    taken_back = recalled(project.public, latest_id(project.public))
    found = []
    for folder in version_folders(project.public):
        try:
            body = json.loads((folder / VERSION_FILE).read_bytes())
            found.append(version_of(body, taken_back.get(folder.name)))
        except (OSError, ValueError, KeyError, TypeError):
            # Not ours, or damaged: it is not told as a version, and it is left alone.
            continue
    return sorted(found, key=lambda version: place_in_time(version.id), reverse=True)


def latest_version(project: Project) -> Version | None:
    """The version that `latest` leads to; None before the first publishing."""
    latest = latest_id(project.public)
    return next((version for version in list_versions(project) if version.id == latest), None)


def find_version(project: Project, version_id: str) -> Version:
    """The version of an id.

    Raises:
        UsageError: There is none; names those that are nearest in time.
    """
    versions = list_versions(project)
    for version in versions:
        if version.id == version_id:
            return version
    if not versions:
        raise UsageError("nothing has been published yet; `lpe nightly` does")
    newest = ", ".join(version.id for version in versions[:5])
    raise UsageError(
        f"there is no version '{version_id}'; the newest are {newest} (`lpe versions`)"
    )


def version_folders(public: Path) -> list[Path]:
    """The folders that are named as versions are."""
    if not (public / "v").is_dir():
        return []
    return [path for path in (public / "v").iterdir() if is_version_id(path.name)]
