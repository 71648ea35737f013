"""A build that is killed at any moment, or whose store is damaged, harms nothing that follows."""

import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from changing_project import ChangingProject, copy_of_package
from drawn import LONG
from lpe_reports.build.storing.store import file_digest
from reliability.trials import Tried

pytestmark = pytest.mark.promise(
    "builds", "Whatever is damaged in the store is found and made again"
)

# LPE_LONG=1 tries more moments; each costs half a build.
KILLS = 10 if LONG else 4
LONGEST_SECONDS = 30  # a build on a machine that has nothing else to do takes less
CURRENT = "current: nothing it read has changed"
# What tells of a build and not of what it shows.
TELLS_OF_THE_BUILD = ("build.json", "byggstatus", "version.js")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[ChangingProject, float]:
    """A project whose build was left alone, and how many seconds it took."""
    folder = tmp_path_factory.mktemp("whole")
    made = ChangingProject.make(folder / "project")
    made.path = (copy_of_package(folder / "site"),)
    began = time.monotonic()
    assert made.build(jobs=2)["counts"]["built"] == 5
    return made, time.monotonic() - began


def _unbuilt(project: ChangingProject, root: Path) -> ChangingProject:
    made = project.copy(root)
    for path in sorted(made.project.build.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    return made


def _family(process: int) -> list[psutil.Process]:
    try:
        return psutil.Process(process).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _traces(project: ChangingProject) -> set[str]:
    """The runs that are done: their traces are the last that is written of them."""
    return {
        " ".join([path.parent.parent.name, path.parent.name, path.stem])
        for path in project.project.store.glob("traces/*/*/*.json")
    }


def _check_consistent(project: ChangingProject) -> None:
    """Every file of the store is what its name says, whatever moment the kill chose."""
    for path in project.project.store.glob("notebooks/*.ipynb"):
        assert file_digest(str(path)) == path.stem
    for page in project.project.store.glob("pages/*/*"):
        assert (page / "record.json").is_file()
    said = project.plan()
    done = _traces(project)
    for run, words in said.items():
        expected = CURRENT if run in done else "new: never run before"
        assert words == expected, run


@pytest.mark.promise(
    "builds", "A build that is killed at any moment is gone on with, and the site is the same"
)
@pytest.mark.timeout(1200)  # on a machine that has much else to do
def test_a_build_that_is_killed_at_any_moment_is_gone_on_with(
    whole: tuple[ChangingProject, float], tmp_path: Path, tried: Tried
) -> None:
    """Kills spread over a build: what was done stays and is used, the site is the same."""
    model, seconds = whole
    project = _unbuilt(model, tmp_path / "project")
    delays = random.Random(5)
    for number in range(KILLS):
        done = _traces(project)
        build = project.start("build", "--json", "--jobs", "2")
        time.sleep(min(seconds, LONGEST_SECONDS) * (number + delays.random()) / KILLS)
        family = _family(build.pid)
        os.kill(build.pid, signal.SIGKILL)
        build.wait(20)
        _, alive = psutil.wait_procs(family, timeout=10)
        assert alive == [], [process.cmdline() for process in alive]
        assert done <= _traces(project)
        _check_consistent(project)

    done = _traces(project)
    record = project.build()

    assert record["counts"]["failed"] == record["counts"]["kept"] == 0
    reused = {
        f"{run['report']} {run['unit']} {run['period']}"
        for run in record["runs"]
        if run["status"] == "reused"
    }
    assert reused == done
    assert project.tree(*TELLS_OF_THE_BUILD) == model.tree(*TELLS_OF_THE_BUILD)
    assert not list(project.project.build.rglob(".part-*"))
    tried(KILLS, "kills")


Damage = Callable[[bytes], bytes | None]
DAMAGES: dict[str, Damage] = {
    "flipped": lambda b: b[: len(b) // 2] + bytes([b[len(b) // 2] ^ 1]) + b[len(b) // 2 + 1 :],
    "cut": lambda b: b[: len(b) // 2],
    "emptied": lambda b: b"",
    "removed": lambda b: None,
}


def _hurt(path: Path, damage: Damage) -> None:
    content = damage(path.read_bytes())
    path.chmod(0o644)
    path.unlink()
    if content is not None:
        path.write_bytes(content)


@pytest.mark.parametrize("how", DAMAGES)
def test_whatever_is_damaged_in_the_store_is_made_again(
    whole: tuple[ChangingProject, float], tmp_path: Path, how: str
) -> None:
    """Notebook, trace, exposure, page, its record, decisions, notes: found, and the site same."""
    model, _ = whole
    project = model.copy(tmp_path / "project")
    store = project.project.store
    kinds = ("notebooks/*.ipynb", "traces/use/hu-cop/*.json", "exposures/use/ga-cop/*.json.gz")
    pages = [page for page in sorted(store.glob("pages/*/*")) if (page / "page.pdf").is_file()]
    notes = [project.project.build / "candidate.json", project.project.build / "source.json"]
    found = [
        *(sorted(store.glob(kind))[0] for kind in kinds),
        pages[0] / "page.html", pages[1] / "record.json", store / "decisions.json", *notes,
    ]  # fmt: skip
    hurt = [path for path in found if path.is_file()]
    assert len(hurt) >= len(found) - 1  # no night has noted its source
    for path in hurt:
        _hurt(path, DAMAGES[how])

    published = project.lpe("publish")
    record = project.build()

    # A note of which nothing can be read is no whole candidate, and there is no traceback.
    assert published.code == 4 and "Traceback" not in published.err
    assert 2 <= record["counts"]["built"] <= 3
    assert record["counts"]["failed"] == record["counts"]["kept"] == 0
    assert record["rendered"] >= 2
    assert project.tree(*TELLS_OF_THE_BUILD) == model.tree(*TELLS_OF_THE_BUILD)
    assert set(project.plan().values()) == {CURRENT}


def test_a_page_whose_card_was_changed_is_rendered_again(
    whole: tuple[ChangingProject, float], tmp_path: Path
) -> None:
    """What index pages say of a page stands in its record, which is guarded like its files."""
    model, _ = whole
    project = model.copy(tmp_path / "project")
    records = sorted(project.project.store.glob("pages/*/*/record.json"))
    record = next(path for path in records if b"Hudiksvall" in path.read_bytes())
    content = record.read_bytes().replace(b"Hudiksvall", b"Hudikswall")
    record.chmod(0o644)
    record.unlink()
    record.write_bytes(content)

    project.build()

    assert not any(b"Hudikswall" in content for content in project.tree().values())
