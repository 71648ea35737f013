"""Published versions that have been kept for as long as `params/retention.yml` says."""

import errno
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from pathlib import Path

from lpe_reports.build.storing.outdated import Outdated
from lpe_reports.params.retention import VersionsKept
from lpe_reports.publish.asset_names import names_used
from lpe_reports.publish.catalogue import version_folders
from lpe_reports.publish.journal import entry_now, note
from lpe_reports.publish.naming import PLACE, day_of, place_in_time
from lpe_reports.publish.pointer import latest_id
from lpe_reports.publish.tree import ASSETS
from lpe_reports.settings import Project


def outdated_versions(
    project: Project, kept: VersionsKept, cited: Collection[str], today: date
) -> list[Outdated]:
    """The versions that may go, and the shared files that only they use.

    Never the version that `latest` leads to, nor one that is cited.

    Args:
        project: The project.
        kept: Which versions stay.
        cited: The ids of versions that somebody has cited.
        today: The day it is in Sweden.
    """
    latest = latest_id(project.public)
    if latest is None:
        # Nobody knows which one readers need.
        return []
    folders = sorted(version_folders(project.public), key=lambda each: place_in_time(each.name))
    stays = {latest, *cited} | _kept([folder.name for folder in folders], kept, today)
    going = [folder for folder in folders if folder.name not in stays]
    found = [Outdated("versions", folder, _telling(project, folder)) for folder in going]
    staying = [folder for folder in folders if folder.name in stays]
    return [*found, *_unused_assets(project, staying, going)]


def _kept(ids: list[str], kept: VersionsKept, today: date) -> set[str]:
    """All of the last days; before them the last of each week, and of each month."""
    stays: set[str] = set()
    last_of: dict[tuple[str, int, int], str] = {}
    for version in ids:
        day = day_of(version)
        age = (today - day).days
        if age <= kept.days:
            stays.add(version)
        if age <= kept.days + 7 * kept.weeks:
            last_of["week", *day.isocalendar()[:2]] = version
        if kept.months is None or _months(day, today) <= kept.months:
            last_of["month", day.year, day.month] = version
    return stays | set(last_of.values())


def _telling(project: Project, folder: Path) -> Callable[[], None]:
    """The journal has it before it is gone, so that its name is never another version's."""
    entry = entry_now("removed", datetime.now(PLACE), folder.name)
    return lambda: note(project.public, entry)


def _months(day: date, today: date) -> int:
    return 12 * (today.year - day.year) + today.month - day.month


def _once_gone(going: list[Path]) -> Callable[[], None]:
    """A version that cannot be removed keeps the files that it shares."""

    def check() -> None:
        if any(folder.exists() for folder in going):
            raise OSError(errno.EBUSY, "a version that may use it is still there")

    return check


def _unused_assets(project: Project, staying: list[Path], going: list[Path]) -> Iterator[Outdated]:
    assets = project.public / ASSETS
    pages = (page for folder in staying for page in folder.rglob("*.html"))
    used = names_used(pages, assets)
    for path in sorted(assets.glob("*")):
        if path.name not in used:
            yield Outdated("shared files", path, _once_gone(going))
