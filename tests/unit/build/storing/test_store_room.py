"""The store keeps within its size, and loses nothing that a page of today needs."""

import json
import os
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from lpe_reports.build.planning.traces import Trace, trace_path, write_trace
from lpe_reports.build.runs import RunKey
from lpe_reports.build.storing.exposures import exposure_path, put_exposure
from lpe_reports.build.storing.pruning import Pruned, prune
from lpe_reports.build.storing.store import notebook_path, put_notebook
from lpe_reports.build.storing.store_room import bytes_of
from lpe_reports.params.retention import Retention
from lpe_reports.params.sources import Limits, SourceEntry, Sources
from lpe_reports.render.page_store import PageStore
from lpe_reports.settings import Project
from lpe_reports.warehouse.frames import ZONE
from tiny_project import tiny_report

pytestmark = pytest.mark.promise(
    "builds", "The store keeps within its size and loses nothing that a page of today needs"
)

TODAY = date(2026, 5, 11)
NEEDED = RunKey("tiny", "a", "2026-W19")
NIGHTS = 20
NOTEBOOK, PAGE = 60_000, 40_000


class Room:
    """A store in which every night made the same run anew, and published its page."""

    def __init__(self, root: Path) -> None:
        self.project = Project(root)
        self.pages = PageStore(self.project.store / "pages")
        self.notebooks: list[Path] = []
        for number in range(NIGHTS):
            self.night(number, NIGHTS - number)

    def night(self, number: int, days_ago: int) -> None:
        """One night's run, page and version, so many days ago."""
        moment = datetime.combine(TODAY - timedelta(days=days_ago), datetime.min.time(), ZONE)
        name = put_notebook(self.project, bytes([number]) * NOTEBOOK)
        exposure = put_exposure(self.project, NEEDED, {"night": number})
        write_trace(self.project, NEEDED, _trace(name, exposure))
        key = f"{number:064x}"
        self.pages.put(key, {"page.html": bytes([number]) * PAGE}, None)
        page = self.project.store / "pages" / key[:2] / key
        version = self.project.public / "v" / f"{TODAY - timedelta(days=days_ago)}"
        version.mkdir(parents=True)
        os.link(page / "page.html", version / "page.html")
        self.notebooks.append(notebook_path(self.project, name))
        for path in (self.notebooks[-1], page, trace_path(self.project, NEEDED)):
            os.utime(path, (moment.timestamp(), moment.timestamp()))
        note = self.project.build / "candidate.json"
        note.write_text("{}")
        os.utime(note, (moment.timestamp(), moment.timestamp()))

    def old_run(self, days_ago: int) -> RunKey:
        """A run of a period that is made no more."""
        key = RunKey("tiny", "a", f"2025-W{days_ago:02}")
        name = put_notebook(self.project, f"{key}".encode() * 1000)
        write_trace(self.project, key, _trace(name, put_exposure(self.project, key, {})))
        moment = datetime.combine(TODAY - timedelta(days=days_ago), datetime.min.time(), ZONE)
        os.utime(trace_path(self.project, key), (moment.timestamp(), moment.timestamp()))
        return key

    def prune(self, megabytes: int | None, *, dry_run: bool = False) -> Pruned:
        return prune(self.project, _Params(megabytes), TODAY, dry_run=dry_run)

    @property
    def size(self) -> int:
        return bytes_of(self.project.store)


class _Params:
    def __init__(self, megabytes: int | None) -> None:
        self.retention = Retention(executed_days=365, store_megabytes=megabytes)
        entry = SourceEntry.model_validate({"kind": "duckdb", "path": "x", "tables": {"needs": {}}})
        self.sources = Sources(default="demo", limits=Limits(), sources={"demo": entry})
        self.reports = {"tiny": tiny_report(weeks=2)}


def _trace(notebook: str, exposure: str) -> Trace:
    return Trace(notebook, "", "", {}, None, {}, {}, {}, (), 0.0, exposure)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_the_longest_unused_go_until_the_store_is_within_its_size(room: Room) -> None:
    """Twenty nights of 0.1 MB in 1 MB: the oldest are gone, the newest there, versions whole."""
    assert room.size > 1_900_000

    pruned = room.prune(1)

    assert 900_000 < room.size <= 1_000_000
    there = [path.is_file() for path in room.notebooks]
    assert there == sorted(there) and there[-1] and not there[0]
    assert {each.kind for each in pruned.removed} == {"unused notebooks", "unused pages"}
    assert pruned.left == ()
    assert len(list(room.project.public.glob("v/*/page.html"))) == NIGHTS
    assert room.prune(1).removed == ()


def test_many_nights_never_let_it_grow_beyond(room: Room) -> None:
    """Pruned after each night, it is within its size after each."""
    for number in range(NIGHTS, NIGHTS + 15):
        room.night(number, -(number - NIGHTS) - 1)
        room.prune(1)
        assert room.size <= 1_000_000
        assert room.notebooks[-1].is_file()


def test_what_today_needs_stays_however_large_it_is(room: Room) -> None:
    """It is told that the bound is too low, and what is spare is gone."""
    big = put_notebook(room.project, b"x" * 3_000_000)
    exposure = put_exposure(room.project, NEEDED, {})
    write_trace(room.project, NEEDED, _trace(big, exposure))

    pruned = room.prune(1)

    assert notebook_path(room.project, big).is_file()
    assert trace_path(room.project, NEEDED).is_file()
    assert exposure_path(room.project, NEEDED).is_file()
    assert not any(path.is_file() for path in room.notebooks)
    (left,) = pruned.left
    assert left.startswith("build/store has 3 MB that the pages of today need, more than")


@pytest.mark.parametrize(("began", "ended"), [(-10, 20), (20, -10)])
def test_pages_of_a_build_past_midnight_stay(room: Room, began: int, ended: int) -> None:
    """They were used the day before it ended, or before it began: the clock was set back."""
    midnight = datetime.combine(TODAY, datetime.min.time(), ZONE).timestamp()
    page = room.project.store / "pages" / "00" / f"{NIGHTS - 1:064x}"
    os.utime(page, (midnight - 600, midnight - 600))
    note = room.project.build / "candidate.json"
    note.write_text(json.dumps({"whole": True, "began": midnight + 60 * began}))
    os.utime(note, (midnight + 60 * ended, midnight + 60 * ended))
    put_notebook(room.project, b"x" * 3_000_000)

    pruned = room.prune(1)

    assert page.is_dir()
    assert page not in {each.path for each in pruned.removed}


def test_a_run_that_is_made_no_more_goes_whole(room: Room) -> None:
    """Trace, exposure and notebook together: no trace is left that names what is gone."""
    oldest, newer = room.old_run(50), room.old_run(1)

    pruned = room.prune(1)

    for path in (trace_path(room.project, oldest), exposure_path(room.project, oldest)):
        assert not path.exists()
    assert trace_path(room.project, newer).is_file()
    gone = [each.path for each in pruned.removed if each.kind == "unused runs"]
    assert len(gone) == 3 and gone[0] == trace_path(room.project, oldest)


def test_without_a_bound_or_as_a_dry_run_nothing_goes(room: Room) -> None:
    """`store_megabytes: null` keeps all until its time; a dry run tells what would go."""
    size = room.size

    assert room.prune(None).removed == ()
    told = room.prune(1, dry_run=True)

    assert room.size == size
    assert told.removed and told.bytes_named > 900_000
    # The pages are published, so that their bytes stay on the disk.
    assert told.bytes_freed < told.bytes_named
