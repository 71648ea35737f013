"""What published versions cost: before readers, on the disk, in seconds."""

import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lpe_reports.publish.rolling_back import roll_back
from lpe_reports.publish.verifying import verify
from lpe_reports.publish.versions import publish
from lpe_reports.settings import Project
from publishing_readers import READERS, read_while_publishing

# A site like the demo's: so many pages of ten reports, each with these files (bytes).
PAGES, REPORTS = 252, 10
FILES = {
    ".html": 107_000, ".pdf": 120_000, ".xlsx": 29_000, ".json": 36_000, "/diagram.json": 94_000,
    **{f"/tabell-{number}.csv": 3_000 for number in range(13)},
}  # fmt: skip
# What follows from its pages: a report's part of the dataset, packs of meetings, and what is new
# whenever anything is: the search index and the index pages.
DATASET, PACK, INDEXES = 860_000, 2_000_000, 1_900_000
PACKS, IN_A_PACK = 6, 20
SHARE, NIGHTS, VERSIONS = 0.05, 30, 100
BEGAN = datetime(2026, 1, 1, 3, tzinfo=UTC)

SAYS = (
    f"A site like the demo's: {PAGES} pages of {REPORTS} reports with all their files, of random "
    "bytes. Seconds are those of the deed alone, without build and gate. What follows from changed "
    f"pages is their reports' datasets, the packs of {IN_A_PACK} pages that hold them, and the "
    "index pages and search. Allowed are 2.5 times one version and 5 seconds for a rollback."
)


def lines(small: bool) -> Iterator[str]:
    """The rows of the page's section; `small`: fewer of everything."""
    yield readers_line(50 if small else 1_000)
    yield ""
    yield "| nights | changed each night | one version, MB | all of them, MB | times one |"
    yield "|---|---|---|---|---|"
    nights, pages = (4, 40) if small else (NIGHTS, PAGES)
    with tempfile.TemporaryDirectory(prefix="lpe-bench-") as scratch:
        site = Site(Path(scratch), pages, follows=True)
        site.publish_nights(nights)
        yield _disk_line(site, nights, "so many pages and what follows from them")
    with tempfile.TemporaryDirectory(prefix="lpe-bench-") as scratch:
        site = Site(Path(scratch), pages, follows=False)
        site.publish_nights(nights)
        yield _disk_line(site, nights, "so many pages alone")
        yield ""
        yield "| what | versions before | seconds |"
        yield "|---|---|---|"
        yield from _seconds_lines(site, 6 if small else VERSIONS)


def readers_line(publishes: int) -> str:
    """What eight readers met while it was published so often."""
    with tempfile.TemporaryDirectory(prefix="lpe-bench-") as scratch:
        began = time.monotonic()
        found = read_while_publishing(Project(Path(scratch)), publishes)
        seconds = time.monotonic() - began
    return (
        f"{publishes:,} publishes and {publishes // 20} rollbacks before {READERS} readers, in "
        f"{seconds:.0f} s: {found.views.total():,} page views, of {len(found.views):,} versions; "
        f"{len(found.wrong)} with a page, stylesheet or search index missing or of another version."
    )


class Site:
    """A project that publishes night after night.

    Args:
        root: Where it lies.
        pages: How many pages it has.
        follows: Whether datasets, packs and indexes follow from what is changed.
    """

    def __init__(self, root: Path, pages: int, *, follows: bool) -> None:
        self.project, self._pages, self._follows = Project(root), pages, follows
        self._chance = random.Random(9)
        self._night = 0
        for number in range(pages):
            self._lay_page(number)
        self._lay_what_follows(range(pages))
        self._lay("version.json", json.dumps({"night": "2026-01-01", "kept": {}}).encode())
        self._lay("build.json", json.dumps({"pages": pages}).encode())

    def publish_changed(self, share: float) -> float:
        """Publish with so many of the pages changed; returns the seconds of publishing."""
        changed = self._chance.sample(range(self._pages), round(share * self._pages))
        for number in changed:
            self._lay_page(number)
        self._lay_what_follows(changed)
        self._night += 1
        now = BEGAN + timedelta(days=self._night)
        return seconds(lambda: publish(self.project, self.project.candidate, now=now))

    def publish_nights(self, nights: int) -> None:
        """So many nights with a twentieth of the pages changed."""
        for _ in range(nights):
            self.publish_changed(SHARE)

    def count(self) -> int:
        """How many versions there are."""
        return len(list((self.project.public / "v").iterdir()))

    def _lay_page(self, number: int) -> None:
        for ending, size in FILES.items():
            self._lay(f"r{number % REPORTS}/{number}{ending}", self._chance.randbytes(size))

    def _lay_what_follows(self, changed: "range | list[int]") -> None:
        if not (self._follows or self._night == 0):
            return
        for report in {number % REPORTS for number in changed}:
            self._lay(f"dataset/{report}.csv", self._chance.randbytes(DATASET))
        packs = {number // IN_A_PACK for number in changed} & set(range(PACKS))
        for pack in packs:
            self._lay(f"motesunderlag/{pack}.pdf", self._chance.randbytes(PACK))
        if changed:
            self._lay("index.html", self._chance.randbytes(INDEXES))

    def _lay(self, name: str, data: bytes) -> None:
        path = self.project.candidate / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # Never into the file that versions link to.
        path.unlink(missing_ok=True)
        path.write_bytes(data)


def megabytes(folder: Path) -> float:
    """What the files of a folder take on the disk, each counted once."""
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            file = path.stat()
            found[file.st_ino] = file.st_blocks * 512
    return sum(found.values()) / 1e6


def seconds(deed: Callable[[], object]) -> float:
    """How long a deed takes."""
    began = time.monotonic()
    deed()
    return time.monotonic() - began


def _disk_line(site: Site, nights: int, changed: str) -> str:
    public = site.project.public
    one, together = megabytes((public / "latest").resolve()), megabytes(public / "v")
    return (
        f"| {nights} | {SHARE:.0%}: {changed} | {one:.0f} | {together:.0f} | {together / one:.2f} |"
    )


def _seconds_lines(site: Site, versions: int) -> Iterator[str]:
    yield from _publish_lines(site)
    while site.count() < versions:
        site.publish_changed(0.01)
    yield from _publish_lines(site)
    for _ in range(2):
        yield _line("back to the version before", site, lambda: roll_back(site.project))
    newest = max(path.name for path in (site.project.public / "v").iterdir())
    yield _line("and forward again", site, lambda: roll_back(site.project, newest))
    yield _line("every file of every version verified", site, lambda: verify(site.project))


def _publish_lines(site: Site) -> Iterator[str]:
    for share in (0, SHARE, 1):
        before, took = site.count(), site.publish_changed(share)
        yield f"| published with {share:.0%} of the pages changed | {before} | {took:.2f} |"


def _line(what: str, site: Site, deed: Callable[[], object]) -> str:
    return f"| {what} | {site.count()} | {seconds(deed):.2f} |"
