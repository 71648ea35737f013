"""What is older than agreed goes, and nothing that is needed, linked elsewhere or not ours."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from lpe_reports.build.planning.traces import Trace, trace_path, write_trace
from lpe_reports.build.runs import RunKey
from lpe_reports.build.storing.exposures import exposure_path, put_exposure
from lpe_reports.build.storing.pruning import Pruned, prune, swedish_day
from lpe_reports.build.storing.store import notebook_path, put_notebook
from lpe_reports.params.reports import Report
from lpe_reports.params.retention import NightsKept, Retention
from lpe_reports.params.sources import Limits, Sources
from lpe_reports.warehouse.frames import ZONE
from lpe_reports.warehouse.nights.folders import nights
from lpe_reports.warehouse.nights.holding import hold
from lpe_reports.warehouse.nights.manifest import read_manifest, write_manifest
from lpe_reports.warehouse.snapshots import Extract, open_extract
from small_warehouse import SmallOffice, small_office, waiting
from tiny_project import tiny_report

pytestmark = pytest.mark.promise(
    "builds",
    "What is older than agreed goes, and nothing that is needed, linked elsewhere or not ours",
)

TODAY = date(2026, 11, 2)
KEPT = Retention(nights=NightsKept(days=3, weeks=2), held_days=5, executed_days=10, logs_days=4)


@dataclass(frozen=True)
class SomeParams:
    """As much of params as pruning needs."""

    retention: Retention
    sources: Sources
    reports: dict[str, Report]


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return small_office(tmp_path, operations=8)


def _prune(office: SmallOffice, *, kept: Retention = KEPT, dry_run: bool = False) -> Pruned:
    params = SomeParams(kept, office.params.sources, {"tiny": tiny_report(weeks=2)})
    return prune(office.project, params, TODAY, dry_run=dry_run)


def _loaded(folder: Path, days: int) -> Path:
    """As if a night had been loaded so many days ago."""
    moment = datetime.combine(TODAY, datetime.min.time(), ZONE) - timedelta(days=days)
    manifest = replace(read_manifest(folder), loaded_at=moment.isoformat())
    write_manifest(folder, manifest)
    return folder


def _next_night(office: SmallOffice) -> Extract:
    """The night that the office has now."""
    office.extract()
    return open_extract(office.project)


def _age(path: Path, days: int) -> Path:
    moment = datetime.combine(TODAY, datetime.min.time(), ZONE) - timedelta(days=days)
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return path


def _names(pruned: Pruned, root: Path) -> list[str]:
    return [each.path.relative_to(root).as_posix() for each in pruned.removed]


def test_nights_thin_out_to_one_a_week(office: SmallOffice) -> None:
    """All of three days, the last of each week for two weeks, none before; Monday is today."""
    ages = {age: _loaded(office.extract(), age) for age in (40, 18, 17, 16, 9, 8, 5, 4, 3, 1, 0)}

    pruned = _prune(office)

    # 4 is Thursday of last week (1, 3 are later in it); 8 is Sunday of the week before, 16 is
    # Saturday of the week before that, and 17 the last day that is kept at all.
    gone = [4, 5, 9, 17, 18, 40]
    assert {age for age, folder in ages.items() if not folder.exists()} == set(gone)
    assert {each.path for each in pruned.removed} == {ages[age] for age in gone}


def test_the_newest_night_of_each_source_stays(office: SmallOffice) -> None:
    """However old it is; the one before it goes."""
    older, newest = (_loaded(office.extract(), 400) for _ in range(2))
    other = _loaded(office.extract(), 300)
    write_manifest(other, replace(read_manifest(other), source="other"))

    _prune(office)

    assert (older.exists(), newest.exists(), other.exists()) == (False, True, True)
    open_extract(office.project).verify()


def test_a_night_of_long_ago_taken_today_stays(office: SmallOffice) -> None:
    """Its age is counted from the day on which it was loaded."""
    of_old = _loaded(office.extract(as_of=date(2026, 5, 5)), 0)
    _loaded(office.extract(), 0)

    assert _prune(office).removed == ()
    assert of_old.exists()


def test_a_dry_run_removes_nothing_and_says_the_same(office: SmallOffice) -> None:
    """Bytes named are all, bytes freed those that no other night is linked to."""
    old = _loaded(office.extract(), 100)
    _loaded(office.extract(), 0)
    log = _age(_written(office.project.build / "logs" / "x.log", b"x" * 1000), 5)

    said = _prune(office, dry_run=True)

    assert old.exists() and log.exists()
    done = _prune(office)
    assert (said.removed, said.bytes_named) == (done.removed, done.bytes_named)
    assert (said.bytes_freed, done.bytes_freed) == (done.bytes_freed, said.bytes_freed)
    # The night's parts are linked to from the newer night, its manifest and load log are not.
    assert 1000 < said.bytes_freed < said.bytes_named
    assert not old.exists() and not log.exists()


def test_what_the_pages_of_today_need_stays(office: SmallOffice) -> None:
    """A trace of the last two weeks, its notebook and what its page tells; an older page's go."""
    _loaded(office.extract(), 0)
    project = office.project
    needed, gone = (RunKey("tiny", "a", week) for week in ("2026-W19", "2026-W02"))
    keys = {key: put_notebook(project, key.period.encode()) for key in (needed, gone)}
    recent = put_notebook(project, b"made yesterday, named by nothing")
    for key, notebook in keys.items():
        write_trace(project, key, _trace(notebook))
        put_exposure(project, key, {"cells": {}})
        _age(exposure_path(project, key), 100)
        _age(trace_path(project, key), 100)
        _age(notebook_path(project, notebook), 100)
    _age(notebook_path(project, recent), 1)

    _prune(office)

    assert trace_path(project, needed).exists()
    assert notebook_path(project, keys[needed]).exists()
    assert notebook_path(project, recent).exists()
    assert not trace_path(project, gone).exists()
    assert not notebook_path(project, keys[gone]).exists()
    assert exposure_path(project, needed).exists() and not exposure_path(project, gone).exists()


def test_pages_that_no_build_asks_for_go(office: SmallOffice) -> None:
    """Counted back from the last build, so that a long rest costs no page."""
    pages = office.project.store / "pages"
    used, unused = (_written(pages / name[:2] / name / "page.html", b"") for name in ("aa", "bb"))
    _age(used.parent, 45)
    _age(unused.parent, 60)
    _age(_written(office.project.build / "candidate.json", b"{}"), 45)

    _prune(office)

    assert used.exists()
    assert not unused.parent.exists()


def test_data_set_aside_goes_but_for_its_waiting_lists(office: SmallOffice) -> None:
    """They cannot be made again; a folder without any goes whole."""
    data = office.project.data
    for name in ("set-aside-1", "set-aside-2"):
        _written(data / name / "extracts" / "x", b"x")
    lists = _written(data / "set-aside-1" / "snapshots" / "operation" / "x.parquet", b"x")
    for name in ("set-aside-1", "set-aside-2"):
        _age(data / name, 200)

    pruned = _prune(office)

    assert _names(pruned, office.root) == ["data/set-aside-1/extracts", "data/set-aside-2"]
    assert lists.exists()


def test_waiting_lists_stay_for_ever_unless_years_are_given(office: SmallOffice) -> None:
    """By their own day; the list and what is known of it go together."""
    _loaded(office.extract(), 0)
    before = sorted(office.project.snapshots.rglob("*.*"))
    assert _prune(office).removed == ()

    old = office.project.snapshots / "operation" / "2023-11-01.parquet"
    _written(old, b"x")
    _written(old.with_suffix(".json"), b"x")
    _prune(office, kept=_with(KEPT, waiting_lists_years=3))

    assert sorted(office.project.snapshots.rglob("*.*")) == before


def test_replaced_lists_have_their_own_time(office: SmallOffice) -> None:
    """Counted from the day they were replaced, not from the day they show."""
    folder = office.project.snapshots / "operation"
    old, young = (folder / f"2026-01-05.replaced-{n}.parquet" for n in (1, 2))
    for file, days in ((old, 400), (young, 300)):
        for path in (file, file.with_suffix(".json")):
            _age(_written(path, b"x"), days)

    pruned = _prune(office)

    assert [each.kind for each in pruned.removed] == ["replaced waiting lists"] * 2
    assert sorted(folder.iterdir()) == [young.with_suffix(".json"), young]


def test_a_held_night_stays_while_it_alone_has_its_waiting_lists(office: SmallOffice) -> None:
    """One that is damaged cannot be stored from: it is told, and left to a person."""
    held = _held(office, 100)
    (held / "manifest.sha256").write_text("0")
    _age(held, 100)

    pruned = _prune(office, kept=_with(KEPT, held_days=30))

    assert held.exists()
    assert pruned.left == (
        "data/extracts/.held-2026-05-11 has waiting lists that are stored nowhere else and that "
        "nobody has accepted; look at it, and `lpe extract --accept --as-of 2026-05-11` or remove "
        "the folder",
    )


def test_a_held_night_s_lists_are_stored_before_it_goes(office: SmallOffice) -> None:
    """It was held for other reasons: nobody else has these lists, and nothing is odd in them."""
    held = _held(office, 100)
    inside = held / "waiting_list"
    lists = sorted(path.relative_to(inside) for path in inside.rglob("*.parquet"))

    assert _prune(office, dry_run=True).removed[0].path == held
    assert not office.project.snapshots.exists()
    pruned = _prune(office)

    assert [each.path for each in pruned.removed] == [held] and not held.exists()
    stored = office.project.snapshots
    assert sorted(path.relative_to(stored) for path in stored.rglob("*.parquet")) == lists
    # They are whole: the next night is made with them.
    office.tables["waiting_list"] = office.tables["waiting_list"][-20:]
    assert len(_next_night(office).snapshot_dates("operation")) == 2


def test_a_held_night_whose_lists_are_odd_stays(office: SmallOffice) -> None:
    """A list that lost half its rows is not stored before a person has looked."""
    many = [waiting(n, list_, date(2026, 5, 12)) for n in range(9) for list_ in ("operation",)]
    office.tables["waiting_list"] += many
    held = _held(office, 100)
    sources = office.params.sources.model_copy(update={"limits": Limits(row_change_from=20)})
    params = SomeParams(KEPT, sources, {"tiny": tiny_report(weeks=2)})

    pruned = prune(office.project, params, TODAY)

    assert held.exists() and len(pruned.left) == 1


def test_a_held_night_whose_lists_are_stored_goes_in_time(office: SmallOffice) -> None:
    """Six days are too many where five are agreed."""
    young = _held(office, 5, alone=False)

    assert _prune(office).removed == ()
    _loaded(young, 6)
    _prune(office)
    assert not young.exists()


def test_links_are_left_alone(
    office: SmallOffice, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A night or a folder that leads out of data/ is told, and nothing behind it is touched."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    old = _loaded(office.extract(), 100)
    _loaded(office.extract(), 0)
    old.rename(elsewhere / "night")
    old.symlink_to(elsewhere / "night")
    log = _age(_written(elsewhere / "logs" / "x.log", b"x"), 100)
    (office.project.build).mkdir()
    (office.project.build / "logs").symlink_to(log.parent)

    pruned = _prune(office)

    assert pruned.removed == ()
    assert [line.split(" is a link")[0] for line in pruned.left] == [
        "data/extracts/2026-05-11",
        "build/logs/x.log",
    ]
    assert log.exists() and (elsewhere / "night" / "manifest.json").exists()


KILLED = """
import os, pathlib, shutil, signal, sys
sys.path[:0] = sys.argv[2:]
import test_pruning
from small_warehouse import SmallOffice
# The disk is slow: the kill comes when the night has its hidden name and some files left.
shutil.rmtree = lambda path, **_: os.kill(os.getpid(), signal.SIGKILL)
test_pruning._prune(SmallOffice(pathlib.Path(sys.argv[1])))
"""


def test_a_killed_pruning_leaves_nothing_that_looks_like_a_night(office: SmallOffice) -> None:
    """SIGKILL in the middle of a removal: the night is gone at once, its files with the next."""
    old = _loaded(office.extract(), 100)
    newest = _loaded(office.extract(), 0)
    here = Path(__file__).resolve()
    arguments = [str(office.root), str(here.parent), str(here.parents[3])]

    killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)

    assert killed.returncode == -signal.SIGKILL
    assert not old.exists()
    assert [night.folder for night in nights(office.project)] == [newest]
    hidden = [p for p in office.project.extracts.iterdir() if p.name.startswith(".")]
    assert len(hidden) == 1 and (hidden[0] / "manifest.json").exists()
    assert _prune(office).removed == ()
    assert not hidden[0].exists()


def test_what_cannot_be_removed_is_told_and_the_rest_goes(office: SmallOffice) -> None:
    """A held night whose waiting list is damaged stays; what is after it goes all the same."""
    held = _held(office, 100)
    (held / "waiting_list" / "operation" / "2026-05-11.parquet").unlink()
    log = _age(_written(office.project.build / "logs" / "x.log", b"x"), 100)

    pruned = _prune(office)

    (failed,) = pruned.failed
    assert failed.startswith(
        "data/extracts/.held-2026-05-11 stays: the held night data/extracts/.held-2026-05-11 is "
        "damaged: waiting_list/operation/2026-05-11.parquet is missing, cut or changed"
    )
    assert held.exists() and not log.exists()
    assert [each.path for each in pruned.removed] == [log]
    assert (pruned.bytes_named, pruned.bytes_freed) == (1, 1)


def test_a_day_is_the_swedish_one() -> None:
    """Half past ten in the evening, UTC, in July is the next day here."""
    moment = datetime.fromisoformat("2026-07-01T22:30:00+00:00")

    assert swedish_day(moment.timestamp()) == date(2026, 7, 2)


def _with(retention: Retention, **changes: object) -> Retention:
    return retention.model_copy(update=changes)


def _held(office: SmallOffice, days: int, *, alone: bool = True) -> Path:
    """A held night; `alone` when its waiting lists are stored nowhere else."""
    folder = office.extract()
    if alone:
        shutil.rmtree(office.project.snapshots)
    return hold(office.project, _loaded(folder, days), date(2026, 5, 11))


def _trace(notebook: str) -> Trace:
    return Trace(notebook, "", "", {}, None, {}, {}, {}, (), 0.0)


def _written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
