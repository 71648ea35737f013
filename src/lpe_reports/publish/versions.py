"""Publishing: a candidate becomes a version of the site, a folder that is never changed again.

    public/v/2026-05-11/    one version, whole; `assets` in it leads to public/assets
    public/latest           leads to the newest
    public/versions.json    what the version menu reads
    public/journal.jsonl    what was published, rolled back, removed, retracted, and when

A version is put together beside the others under a name that no reader knows, moved in with one
rename, and then `latest` is swapped. A kill at any moment leaves the old version or the new one,
whole; what it leaves behind is cleared away by the next publishing.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from lpe_reports.build.storing.store import clear_leftovers, write_whole
from lpe_reports.errors import NothingToPublishError, SettingsError
from lpe_reports.publish.catalogue import VERSION_FILE, Version, version_folders, version_of
from lpe_reports.publish.journal import entries, entry_now, note
from lpe_reports.publish.menu import write_menu
from lpe_reports.publish.naming import PLACE, next_id
from lpe_reports.publish.pointer import (
    Pointer,
    choose_pointer,
    clear_pointers,
    latest_id,
    point_latest,
)
from lpe_reports.publish.tree import (
    ASSETS,
    FILES,
    Tree,
    asset_digests,
    link_files,
    link_tree,
    place_assets,
    read_tree,
    same_files,
)
from lpe_reports.settings import Project
from lpe_reports.system import move, remove_folder, why

BUILD_FILE = "build.json"

_UNFINISHED = ".unfinished-"


def publish(
    project: Project,
    candidate: Path,
    *,
    pointer: str | None = None,
    now: datetime | None = None,
) -> Version:
    """Publish a candidate as a new version and let `latest` lead to it. Needs the build's lock.

    The candidate's files are linked, not copied, and become read-only.

    Args:
        project: The project.
        candidate: The folder that the build assembled and the gate let through.
        pointer: How `latest` leads to the version (`POINTERS`); as it does now when not given.
        now: The time of publishing; the clock's when not given.

    Raises:
        NothingToPublishError: There is no candidate, or it has no front page.
        SettingsError: public/ cannot be written; what was published is untouched.
    """
    if not (candidate / "index.html").is_file():
        raise NothingToPublishError("there is no candidate to publish; make one with `lpe build`")
    time = (now or datetime.now(PLACE)).astimezone(PLACE)
    try:
        return _publish(project, candidate, time, pointer)
    except OSError as error:
        raise cannot_write(error) from None


def cannot_write(error: OSError) -> SettingsError:
    """What is told where something in public/ could not be written."""
    return SettingsError(
        f"public/ could not be written ({why(error)}); free space and rights are needed "
        "there. What `latest` leads to is whole"
    )


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

    Raises:
        SettingsError: public/ cannot be written.
    """
    try:
        clear_unfinished(project.public)
        latest = latest_id(project.public)
        if latest is not None:
            write_menu(project, latest)
    except OSError as error:
        raise cannot_write(error) from None


def clear_unfinished(public: Path) -> None:
    """Remove what a publishing that was killed has left behind."""
    for path in (public / "v").glob(f"{_UNFINISHED}*"):
        remove_folder(path)
    clear_leftovers(public / ASSETS)
    clear_pointers(public)
    for path in public.glob(".part-*"):
        path.unlink()


def _publish(project: Project, candidate: Path, time: datetime, wanted: str | None) -> Version:
    public = project.public
    pointer = choose_pointer(public, wanted)
    (public / "v").mkdir(parents=True, exist_ok=True)
    clear_unfinished(public)
    tree = read_tree(candidate)
    record = _record(next_id(_taken(public), time.date()), time, candidate, tree)
    version = version_of(record)
    place_assets(candidate / ASSETS, public / ASSETS)
    unfinished = public / "v" / f"{_UNFINISHED}{version.id}"
    latest = latest_id(public)
    try:
        link_tree(candidate, tree, unfinished, public / "v" / latest if latest else None)
        digest = _write_records(candidate, unfinished, tree, record)
        _lead_to_assets(candidate, unfinished, public, pointer)
        move(unfinished, public / "v" / version.id)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    note(public, entry_now("published", time, version.id, digest=digest))
    point_latest(public, version.id, pointer)
    write_menu(project, version.id)
    return version


def _taken(public: Path) -> list[str]:
    """The names that were given to versions before; those of removed ones are not given again."""
    return [
        *(folder.name for folder in version_folders(public)),
        *(entry.version for entry in entries(public) if entry.deed == "published"),
    ]


def _lead_to_assets(candidate: Path, unfinished: Path, public: Path, pointer: Pointer) -> None:
    """The version's own way to the shared assets: a link, or links to each where none can be."""
    if pointer == "copy":
        names = [path.name for path in (candidate / ASSETS).glob("*")]
        link_files(public / ASSETS, names, unfinished / ASSETS)
    else:
        (unfinished / ASSETS).symlink_to(Path("..", "..", ASSETS), target_is_directory=True)


def _write_records(candidate: Path, unfinished: Path, tree: Tree, record: dict[str, Any]) -> str:
    """Write the version's own records; returns the digest of the list of its files."""
    # The candidate's own record is one of the linked files; the version's takes its place.
    (unfinished / VERSION_FILE).unlink(missing_ok=True)
    body = json.dumps(record, ensure_ascii=False, indent=1).encode()
    write_whole(unfinished / VERSION_FILE, body, mode=0o444)
    own = {VERSION_FILE: hashlib.sha256(body).hexdigest()}
    shared = {f"{ASSETS}/{name}": digest for name, digest in asset_digests(candidate).items()}
    files = Tree({**tree.digests, **own, **shared}, tree.size).to_json()
    write_whole(unfinished / FILES, files, mode=0o444)
    return hashlib.sha256(files).hexdigest()


def _record(version_id: str, time: datetime, candidate: Path, tree: Tree) -> dict[str, Any]:
    try:
        made = json.loads((candidate / VERSION_FILE).read_bytes())
        pages = int(json.loads((candidate / BUILD_FILE).read_bytes())["pages"])
        made = {
            "night": str(made["night"]),
            "kept": dict(made["kept"]),
            "fresh_until": made.get("fresh_until"),
            "standing": list(made.get("standing", ())),
            "site": str(made.get("site", "")),
            "signals": list(made.get("signals", ())),
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


def _kept(folder: Path) -> object:
    try:
        return json.loads((folder / VERSION_FILE).read_bytes()).get("kept")
    except (OSError, ValueError, AttributeError):
        return None
