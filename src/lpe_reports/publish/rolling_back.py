"""Going back to an earlier version, or forward again: `latest` leads to it within seconds."""

from datetime import datetime

from lpe_reports.errors import SettingsError, UsageError
from lpe_reports.publish.catalogue import Version, find_version, latest_version, list_versions
from lpe_reports.publish.journal import entry_now, note
from lpe_reports.publish.menu import write_menu
from lpe_reports.publish.naming import PLACE, place_in_time
from lpe_reports.publish.pointer import choose_pointer, point_latest
from lpe_reports.publish.verifying import verify
from lpe_reports.publish.versions import cannot_write, clear_unfinished, mend
from lpe_reports.settings import Project


def roll_back(
    project: Project, to: str | None = None, *, why: str = "", now: datetime | None = None
) -> tuple[Version, Version]:
    """Let `latest` lead to another version. Needs the build's lock.

    The version that it led to stays, and says that it was taken back and why.

    Args:
        project: The project.
        to: The version's id; the one before the present one when not given.
        why: The reason, in Swedish, for whoever reads the version that was taken back.
        now: The time; the clock's when not given.

    Returns:
        The version that `latest` led to, and the one that it leads to now.

    Raises:
        UsageError: There is no such version, none before, or `latest` leads to it already.
        SettingsError: The version is damaged, or public/ cannot be written; nothing has changed.
    """
    public = project.public
    present = latest_version(project)
    if present is None:
        raise UsageError("nothing is published, so there is nothing to go back from")
    target = find_version(project, to) if to else _before(project, present)
    if target.id == present.id:
        # A rollback that was killed at its very end is finished by the same command.
        mend(project)
        raise UsageError(f"`latest` leads to version {target.id} already")
    _require_whole(project, target)
    time = (now or datetime.now(PLACE)).astimezone(PLACE)
    try:
        pointer = choose_pointer(public, None)
        clear_unfinished(public)
        note(public, entry_now("rolled back", time, present.id, to=target.id, why=why))
        point_latest(public, target.id, pointer)
        write_menu(project, target.id)
    except OSError as error:
        raise cannot_write(error) from None
    return present, target


def _before(project: Project, present: Version) -> Version:
    for version in list_versions(project):
        if place_in_time(version.id) < place_in_time(present.id) and not version.recall:
            return version
    raise UsageError(f"there is no version before {present.id} to go back to")


def _require_whole(project: Project, version: Version) -> None:
    damages = verify(project, [version.id])
    if damages:
        more = f" and {len(damages) - 1} more" if len(damages) > 1 else ""
        raise SettingsError(
            f"version {version.id} is damaged ({damages[0]}{more}), and `latest` still leads where "
            "it led. `lpe versions --verify --repair` mends what can be; or name another version"
        )
