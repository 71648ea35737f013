"""Versions of the site: each a folder that is never changed once it is published.

    public/v/2026-05-11/    one version, whole; `assets` in it leads to public/assets
    public/latest           leads to the newest
    public/versions.json    what the version menu reads

A version is put together beside the others under a name that no reader knows, moved in with one
rename, and then `latest` is swapped with another. A kill at any moment leaves the old version or
the new one, whole; what it leaves behind is cleared away by the next publishing.
"""

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lpe_reports.build.storing.store import clear_leftovers, write_whole
from lpe_reports.errors import NothingToPublishError, SettingsError
from lpe_reports.publish.pointer import Pointer, check_pointer, latest_id, point_latest
from lpe_reports.publish.tree import (
    ASSETS,
    FILES,
    Tree,
    link_tree,
    place_assets,
    read_tree,
    same_files,
)
from lpe_reports.settings import Project

PLACE = ZoneInfo("Europe/Stockholm")
VERSION_FILE = "version.json"
BUILD_FILE = "build.json"

_ID = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.(\d+))?")
_UNFINISHED = ".unfinished-"

_INDEX = """<!DOCTYPE html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url=latest/index.html">
<title>Till rapporterna</title>
</head>
<body>
<main><h1>Rapporterna</h1><p><a href="latest/index.html">Till den senaste versionen</a></p></main>
</body>
</html>
"""


@dataclass(frozen=True)
class Version:
    """One published version, as versions.json and `lpe versions` tell of it."""

    id: str  # the day it was published, Swedish time; the second of a day ends with .2
    published_at: str  # ISO, Swedish time with its offset
    night: str  # the extract that it was made from
    pages: int
    kept: int  # pages that are kept from an earlier version
    megabytes: float
    fresh_until: str | None = None  # the last day on which its night is not old; None: for ever
    standing: tuple[str, ...] = ()  # tables that stood still in the source, that night


def publish(
    project: Project, candidate: Path, *, pointer: Pointer = "symlink", now: datetime | None = None
) -> Version:
    """Publish a candidate as a new version and let `latest` lead to it. Needs the build's lock.

    The candidate's files are linked, not copied, and become read-only.

    Args:
        project: The project.
        candidate: The folder that the build assembled and the gate let through.
        pointer: How `latest` leads to the version.
        now: The time of publishing; the clock's when not given.

    Raises:
        NothingToPublishError: There is no candidate, or it has no front page.
        SettingsError: public/ cannot be written; what was published is untouched.
    """
    if not (candidate / "index.html").is_file():
        raise NothingToPublishError("there is no candidate to publish; make one with `lpe build`")
    assert pointer == "symlink", "the only one so far"
    time = (now or datetime.now(PLACE)).astimezone(PLACE)
    try:
        return _publish(project, candidate, time)
    except OSError as error:
        raise SettingsError(
            f"public/ could not be written ({error.strerror}); free space and rights are needed "
            "there. What `latest` leads to is whole"
        ) from None


def list_versions(project: Project) -> list[Version]:
    """The published versions, the newest first."""
    found = []
    for folder in _folders(project.public):
        try:
            body = json.loads((folder / VERSION_FILE).read_bytes())
            found.append(_version(body))
        except (OSError, ValueError, KeyError, TypeError):
            # Not ours, or damaged: it is not told as a version, and it is left alone.
            continue
    return sorted(found, key=lambda version: _order(version.id), reverse=True)


def latest_version(project: Project) -> Version | None:
    """The version that `latest` leads to; None before the first publishing."""
    latest = latest_id(project.public)
    return next((version for version in list_versions(project) if version.id == latest), None)


def same_pages(project: Project, candidate: Path, *, but_for: Sequence[str] = ()) -> bool:
    """Whether the latest version shows the same as a candidate.

    Args:
        project: The project.
        candidate: The candidate.
        but_for: Files and folders that tell of a build, not of what it shows; the version's own
            records are among them in any case.
    """
    latest = latest_id(project.public)
    if latest is None:
        return False
    folder = project.public / "v" / latest
    left_out = (*but_for, VERSION_FILE, FILES)
    return same_files(folder, candidate, left_out) and _kept(folder) == _kept(candidate)


def mend(project: Project) -> None:
    """Put right what a killed publishing left: half-written files, and the menu's last version.

    Needs the build's lock.
    """
    latest = latest_id(project.public)
    if latest is not None:
        _clear_unfinished(project.public)
        _write_menu(project, latest)


def _publish(project: Project, candidate: Path, time: datetime) -> Version:
    public = project.public
    check_pointer(public)
    (public / "v").mkdir(parents=True, exist_ok=True)
    _clear_unfinished(public)
    tree = read_tree(candidate)
    record = _record(_next_id(public, time.date()), time, candidate, tree)
    version = _version(record)
    place_assets(candidate / ASSETS, public / ASSETS)
    unfinished = public / "v" / f"{_UNFINISHED}{version.id}"
    latest = latest_id(public)
    try:
        link_tree(candidate, tree, unfinished, public / "v" / latest if latest else None)
        _write_records(unfinished, tree, record)
        (unfinished / ASSETS).symlink_to(Path("..", "..", ASSETS), target_is_directory=True)
        unfinished.rename(public / "v" / version.id)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    point_latest(public, version.id)
    _write_menu(project, version.id)
    return version


def _write_records(unfinished: Path, tree: Tree, record: dict[str, Any]) -> None:
    # The candidate's own record is one of the linked files; the version's takes its place.
    (unfinished / VERSION_FILE).unlink(missing_ok=True)
    body = json.dumps(record, ensure_ascii=False, indent=1)
    write_whole(unfinished / VERSION_FILE, body.encode(), mode=0o444)
    write_whole(unfinished / FILES, tree.to_json(), mode=0o444)


def _write_menu(project: Project, latest: str) -> None:
    menu = {"latest": latest, "versions": [asdict(v) for v in list_versions(project)]}
    body = json.dumps(menu, ensure_ascii=False, indent=1)
    file = project.public / "versions.json"
    if not file.is_file() or file.read_bytes() != body.encode():
        write_whole(file, body.encode())
    index = project.public / "index.html"
    if not index.is_file() or index.read_text(encoding="utf-8") != _INDEX:
        write_whole(index, _INDEX.encode())


def _record(version_id: str, time: datetime, candidate: Path, tree: Tree) -> dict[str, Any]:
    try:
        made = json.loads((candidate / VERSION_FILE).read_bytes())
        pages = int(json.loads((candidate / BUILD_FILE).read_bytes())["pages"])
        made = {
            "night": str(made["night"]),
            "kept": dict(made["kept"]),
            "fresh_until": made.get("fresh_until"),
            "standing": list(made.get("standing", ())),
        }
    except (OSError, ValueError, KeyError, TypeError):
        raise NothingToPublishError(
            f"the candidate has no readable {VERSION_FILE} and {BUILD_FILE}, so its build did not "
            "end; make a new one with `lpe build`"
        ) from None
    return {
        **made,
        "id": version_id,
        "pages": pages,
        "published_at": time.isoformat(timespec="seconds"),
        "megabytes": round(tree.size / 1_000_000, 1),
    }


def _version(record: dict[str, Any]) -> Version:
    return Version(
        id=str(record["id"]),
        published_at=str(record["published_at"]),
        night=str(record["night"]),
        pages=int(record["pages"]),
        kept=len(record["kept"]),
        megabytes=float(record["megabytes"]),
        fresh_until=record.get("fresh_until"),
        standing=tuple(str(each["table"]) for each in record.get("standing", ())),
    )


def _kept(folder: Path) -> object:
    try:
        return json.loads((folder / VERSION_FILE).read_bytes()).get("kept")
    except (OSError, ValueError, AttributeError):
        return None


def _next_id(public: Path, day: date) -> str:
    numbers = [
        int(match.group(2) or 1)
        for folder in _folders(public)
        if (match := _ID.fullmatch(folder.name)) and match.group(1) == day.isoformat()
    ]
    return f"{day}.{max(numbers) + 1}" if numbers else f"{day}"


def _folders(public: Path) -> list[Path]:
    if not (public / "v").is_dir():
        return []
    return [path for path in (public / "v").iterdir() if _ID.fullmatch(path.name)]


def _order(version_id: str) -> tuple[str, int]:
    day, _, number = version_id.partition(".")
    return day, int(number or 1)


def _clear_unfinished(public: Path) -> None:
    for path in (public / "v").glob(f"{_UNFINISHED}*"):
        shutil.rmtree(path)
    clear_leftovers(public / ASSETS)
    for path in public.glob(".*"):
        # Of the files and links that point_latest and write_whole put in place by renaming.
        if path.name.startswith((".part-", ".latest-")):
            path.unlink()
