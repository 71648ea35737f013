"""Taking a page back: out of every published version, and out of those to come until it is lifted.

It is the only change that a published version ever sees. The journal is told first; then the page
goes in every version, and after that what else tells of it. A kill at any moment leaves a page
that says that it was taken back, or the one before; the same command again goes on.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from posixpath import dirname, normpath

from lpe_reports.errors import SettingsError, UsageError
from lpe_reports.params.moved import load_moved
from lpe_reports.publish.catalogue import version_folders
from lpe_reports.publish.journal import (
    digests_told,
    entry_now,
    note,
    retracted,
    unfinished_retractions,
)
from lpe_reports.publish.menu import write_menu
from lpe_reports.publish.naming import PLACE, place_in_time
from lpe_reports.publish.page_address import page_address_of
from lpe_reports.publish.pointer import LATEST, latest_id
from lpe_reports.publish.tree import FILES, digest_of
from lpe_reports.publish.versions import clear_unfinished
from lpe_reports.publish.withdrawing import Withdrawal, Withdrawn, is_retracted
from lpe_reports.render.moved import former_addresses
from lpe_reports.render.retracted import Retraction
from lpe_reports.settings import Project
from lpe_reports.system import why as reason

# A page in the place of one that has moved (`render.moved`).
_LEADS_ON = re.compile(r'http-equiv="refresh" content="0; url=([^"#?:]+)"')


@dataclass(frozen=True)
class Retracted:
    """What taking a page back came to, or would.

    Fields:
        page: Its address, without an ending.
        versions: What changed in each version that had to change, the newest first.
    """

    page: str
    versions: Mapping[str, Withdrawn]


def retract(
    project: Project, page: str, *, why: str, dry: bool = False, now: datetime | None = None
) -> Retracted:
    """Take a page out of every version. Needs the build's lock, unless `dry`.

    Args:
        project: The project.
        page: Its address, or its path or URL in any version; one that has moved goes under its
            old addresses, too.
        why: The reason, in Swedish, for its readers.
        dry: Change nothing; only say what would be.
        now: The time; the clock's when not given.

    Raises:
        UsageError: No version has such a page, or no reason is given.
        SettingsError: public/ could not be written; the same again goes on.
    """
    if not (why := " ".join(why.split())):
        raise UsageError("say why: the reason stands in the page's place (--why)")
    public = project.public
    address = _present(public, page_address_of(page))
    known = retracted(public)
    pages = _addresses(project, address, known)
    if not pages:
        raise UsageError(
            f"no published version has a page '{address}'; name it by its address, like "
            "uppfoljning/veckouppfoljning/ortopedi/2026-W19, or by its path or URL"
        )
    time = (now or datetime.now(PLACE)).astimezone(PLACE)
    if dry:
        new = Retraction(time.isoformat(timespec="seconds"), why)
        shown = {each: replace(known.get(each, new), why=why) for each in pages}
        return Retracted(address, _withdraw(project, shown, dry=True))
    try:
        clear_unfinished(public)
        for each in pages:
            if each not in known or known[each].why != why:
                note(public, entry_now("retracted", time, page=each, why=why))
        told = retracted(public)
        done = _withdraw(project, {each: told[each] for each in pages}, time=time)
    except OSError as error:
        raise _cannot(error) from None
    return Retracted(address, done)


def lift(project: Project, page: str, *, now: datetime | None = None) -> str:
    """Let coming builds show a page again; returns its address. Needs the build's lock.

    Raises:
        UsageError: It is not taken back.
        SettingsError: public/ could not be written.
    """
    address = _present(project.public, page_address_of(page))
    known = retracted(project.public)
    pages = [each for each in _addresses(project, address, known) if each in known]
    if not pages:
        named = ", ".join(sorted(known)[:5]) or "none is"
        raise UsageError(f"'{address}' is not taken back; those that are: {named}")
    finish_retractions(project, now=now)
    time = (now or datetime.now(PLACE)).astimezone(PLACE)
    try:
        for each in pages:
            note(project.public, entry_now("lifted", time, page=each))
    except OSError as error:
        raise _cannot(error) from None
    return address


def finish_retractions(project: Project, *, now: datetime | None = None) -> None:
    """Go on where taking a page back was stopped. Needs the build's lock.

    Raises:
        SettingsError: public/ could not be written.
    """
    left = unfinished_retractions(project.public)
    if not left:
        return
    known = retracted(project.public)
    time = (now or datetime.now(PLACE)).astimezone(PLACE)
    try:
        clear_unfinished(project.public)
        _withdraw(project, {page: known[page] for page in left}, time=time)
    except OSError as error:
        raise _cannot(error) from None


def _withdraw(
    project: Project,
    pages: Mapping[str, Retraction],
    *,
    dry: bool = False,
    time: datetime | None = None,
) -> dict[str, Withdrawn]:
    """Take pages out of every version: everywhere what shows them, then what tells of them."""
    public = project.public
    folders = _folders(public)
    withdrawal = Withdrawal(pages, dry=dry)
    done = {folder: withdrawal.show(folder) for folder in folders}
    told = digests_told(public)
    for folder in folders:
        whole = _is_listed(folder, told.get(folder.name, []))
        withdrawal.clear(folder, done[folder], _noting(public, folder, time, listed=whole))
    if not dry:
        assert time is not None
        if latest := latest_id(public):
            write_menu(project, latest)
        for page in sorted(unfinished_retractions(public) & pages.keys()):
            note(public, entry_now("gone", time, page=page))
    return {folder.name: each for folder, each in done.items() if each and folder.name != LATEST}


def _folders(public: Path) -> list[Path]:
    """Every version, the newest first; before them the copy that readers are led to, if any."""
    folders = sorted(version_folders(public), key=lambda each: place_in_time(each.name))[::-1]
    latest = public / LATEST
    return [latest, *folders] if latest.is_dir() and not latest.is_symlink() else folders


def _noting(
    public: Path, folder: Path, time: datetime | None, *, listed: bool
) -> Callable[[str], None]:
    """Tells the journal a version's new digest; not of one whose list was damaged before."""

    def tell(digest: str) -> None:
        if time is not None and listed and folder.name != LATEST:
            note(public, entry_now("retracted", time, folder.name, digest=digest))

    return tell


def _is_listed(folder: Path, told: list[str]) -> bool:
    try:
        # After a kill the list may still be the one before the last that was told.
        return digest_of(folder / FILES) in told
    except OSError:
        return False


def _present(public: Path, address: str) -> str:
    """The address that a page has now, where the one that was given only leads on to it."""
    place = public / LATEST / f"{address}.html"
    if not place.is_file() or place.with_suffix(".json").is_file():
        return address
    leads = _LEADS_ON.search(place.read_text("utf-8", "replace"))
    if not leads:
        return address
    return normpath(f"{dirname(address)}/{leads[1]}").removesuffix(".html")


def _addresses(project: Project, address: str, known: Mapping[str, Retraction]) -> list[str]:
    """All addresses that a page has or had in the published versions."""
    moves = load_moved(project.params / "moved.yml", project.root)
    each = [address, *former_addresses(address, moves)]
    return [one for one in each if one in known or _has(project.public, one)]


def _has(public: Path, address: str) -> bool:
    return any(
        (folder / f"{address}.html").is_file()
        and ((folder / f"{address}.json").is_file() or is_retracted(folder, address))
        for folder in version_folders(public)
    )


def _cannot(error: OSError) -> SettingsError:
    return SettingsError(
        f"public/ could not be written ({reason(error)}), and the page may still be in some "
        "version; give it room and rights, and run the same command again"
    )
