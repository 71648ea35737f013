"""What is looked at after each night: by other means than the program's own where that is easy."""

import fcntl
import hashlib
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psutil

from week.faults import Fault
from week.office import PAGES, Ended, WeekOffice

# What a killed night has started ends by itself within this; a hundred times what it takes.
GONE_SECONDS = 60
_LINK = re.compile(r'(?:href|src)="([^"]+)"')
_RUNS = ("nyttjande/use/*/*", "uppfoljning/wait/*/*")


@dataclass(frozen=True)
class Site:
    """What readers are led to.

    Fields:
        version: The version's id; empty before the first.
        night: The night that its pages tell of.
        kept: Pages that stay from an earlier version.
    """

    version: str = ""
    night: str = ""
    kept: tuple[str, ...] = ()


def site_of(office: WeekOffice) -> Site:
    """What readers are led to now."""
    try:
        body = json.loads((office.project.public / "latest" / "version.json").read_bytes())
    except FileNotFoundError:
        return Site()
    return Site(body["id"], body["night"], tuple(sorted(body["kept"])))


def faults_of(office: WeekOffice, fault: Fault, ended: Ended, before: Site) -> list[str]:
    """All that is not as promised after a night, whatever happened in it.

    Temporary files of a killed night are looked for after the next night without a fault.
    """
    site = site_of(office)
    return [
        *_wrong_end(fault, ended),
        *_wrong_site(office, fault, ended, before, site),
        *_damaged(office.project.public),
        *_dead_links(office.project.public / "latest"),
        *_wrong_menu(office.project.public, site),
        *_left(office),
    ]


def not_healed(office: WeekOffice, ended: Ended) -> list[str]:
    """What a night without a fault has not put right: everything is new, and said to be."""
    site, said = site_of(office), ended.out
    found = [
        (site.kept != (), f"pages are kept: {site.kept}"),
        (f"night {office.day}: {PAGES} pages (" not in said, "the summary tells other pages"),
        ("failed" in said or " kept" in said, "the summary tells of failed pages"),
        (f"published version {office.day}" not in said, "the summary tells of no new version"),
    ]
    notes = {
        name: f"Natten {office.day}" in page.read_text("utf-8")
        for name, page in _run_pages(office).items()
    }
    return [
        *(words for wrong, words in found if wrong),
        *(f"{name} is of another night" for name, right in notes.items() if not right),
        *([] if len(notes) == PAGES else [f"{len(notes)} pages of {PAGES}"]),
    ]


def pages_of(office: WeekOffice) -> dict[str, str]:
    """The digest of each file of each run's page."""
    latest = office.project.public / "latest"
    return {
        path.relative_to(latest).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for pattern in _RUNS
        for found in latest.glob(pattern)
        for path in ([found] if found.is_file() else sorted(found.rglob("*")))
        if path.is_file() and path.name != "index.html"
    }


def _run_pages(office: WeekOffice) -> dict[str, Path]:
    latest = office.project.public / "latest"
    return {
        path.relative_to(latest).as_posix(): path
        for pattern in _RUNS
        for path in latest.glob(f"{pattern}.html")
        if path.name != "index.html"
    }


def _wrong_end(fault: Fault, ended: Ended) -> Iterator[str]:
    if ended.code not in fault.codes:
        yield f"exit code {ended.code}, promised {fault.codes}: {ended.err[-1500:]}"
    if "Traceback" in ended.err or "a fault of ours" in ended.err:
        yield f"a fault of ours is told: {ended.err[-1500:]}"
    if ended.code in (1, 2, 4, 5, 6, 7, 8) and not ended.said:
        yield f"no error is told: {ended.err[-1500:]}"


def _wrong_site(
    office: WeekOffice, fault: Fault, ended: Ended, before: Site, now: Site
) -> Iterator[str]:
    """Readers have last night's site or tonight's, and tonight's where the night ended well."""
    tonight = now.night == str(office.day)
    if ended.code in (0, 3, 8) and not tonight:
        yield f"the night ended with {ended.code}, and readers have {now}"
    if ended.code in (1, 2, 4, 5, 6, 7) and now != before:
        yield f"the night ended with {ended.code}, and readers had {before}, have {now}"
    if not tonight and now != before:
        yield f"readers had {before}, have {now}"
    kept = fault.pages if ended.code == 3 else 0
    if tonight and len(now.kept) != kept:
        yield f"{len(now.kept)} pages are kept and not {kept}: {now.kept}"


def _damaged(public: Path) -> Iterator[str]:
    """Every file of every version against its digest, and none beside them."""
    known: dict[int, str] = {}
    for version in _versions(public):
        listed = version / "files.json"
        if not listed.is_file():
            yield f"v/{version.name} has no list of its files"
            continue
        for name, digest in _digests(listed).items():
            path = version / name
            if not path.is_file():
                yield f"{version.name}/{name} is missing"
                continue
            place = path.stat().st_ino
            if place not in known:
                known[place] = hashlib.sha256(path.read_bytes()).hexdigest()
            if known[place] != digest:
                yield f"{version.name}/{name} has other bytes"


def _versions(public: Path) -> list[Path]:
    """The folders of versions; what a killed night was about to publish is none."""
    return sorted(path for path in public.glob("v/*") if not path.name.startswith("."))


def _digests(listed: Path) -> dict[str, str]:
    body = json.loads(listed.read_bytes())
    found = body.get("files", body)
    return {name: each if isinstance(each, str) else each["sha256"] for name, each in found.items()}


def _dead_links(latest: Path) -> Iterator[str]:
    """Every link of every page leads to a file."""
    if not latest.is_dir():
        return
    top = latest.resolve()
    for page in sorted(top.rglob("*.html")):
        for link in set(_LINK.findall(page.read_text("utf-8"))):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or not parts.path:
                continue
            there = Path(os.path.normpath(page.parent / unquote(parts.path)))
            if not there.exists():
                yield f"{page.relative_to(top)} leads to {link}, which is not there"


def _wrong_menu(public: Path, site: Site) -> Iterator[str]:
    """versions.json names the folders that there are, and the one that readers are led to."""
    folders = [path.name for path in _versions(public)]
    if not folders and not site.version:
        return
    body = json.loads((public / "versions.json").read_bytes())
    if sorted(each["id"] for each in body["versions"]) != folders:
        yield f"versions.json names others than {folders}"
    if body["latest"] != site.version:
        yield f"versions.json leads to {body['latest']} and `latest` to {site.version}"


def _left(office: WeekOffice) -> Iterator[str]:
    """Processes, and the lock."""
    for process in _alive(office):
        yield f"a process goes on: {process}"
    if office.project.lock.is_file():
        with office.project.lock.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield "the lock is held"


def _alive(office: WeekOffice) -> list[str]:
    """What still runs for the project after a while."""
    until = time.monotonic() + GONE_SECONDS
    while (found := list(_of_project(office))) and time.monotonic() < until:
        time.sleep(0.1)
    return found


def _of_project(office: WeekOffice) -> Iterator[str]:
    root = str(office.root)
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                told = [*process.environ().values(), process.cwd(), *process.cmdline()]
                if any(word.startswith(root) for word in told):
                    yield " ".join(process.cmdline())[:200]


def temporary(office: WeekOffice) -> set[str]:
    """Temporary files and folders: what only a night at work has."""
    return {path.relative_to(office.root).as_posix() for path in _temporary(office)}


def _temporary(office: WeekOffice) -> Iterator[Path]:
    project = office.project
    yield from office.scratch.iterdir()
    yield from project.public.rglob(".*")
    yield from project.build.rglob(".part-*")
    yield from project.snapshots.rglob(".*")
    for path in project.extracts.glob(".*"):
        if not path.name.startswith(".held-"):
            yield path
