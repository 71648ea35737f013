"""What changes published versions, stopped anywhere: readers have the old or the new, whole.

Each deed is stopped at each of its changes to the file system in turn, on a site of its own:
killed; the disk full or access denied at that change; all refused from it on.
"""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lpe_reports.publish.catalogue import list_versions
from lpe_reports.publish.pointer import POINTERS, Pointer, latest_id
from lpe_reports.publish.tree import stored_digests
from lpe_reports.publish.verifying import verify
from lpe_reports.publish.versions import publish
from lpe_reports.settings import Project
from reliability.trials import Tried
from sample_candidate import make_candidate
from stopped_deeds import FAULTS, Deeds, Fault, deeds

pytestmark = pytest.mark.promise(
    "versions",
    "What changes versions leaves the old or the new whole, wherever it is stopped",
)

ROOT = Path(__file__).resolve().parents[2]
# Far more changes than any of these deeds makes; a loop that went on would be a fault.
MOST = 150
# Of pruning: 2025-01-08 is neither a week's nor a month's last.
DAYS = [(2025, 1, 8), (2025, 1, 9), (2026, 5, 10), (2026, 5, 11)]
View = dict[str, bytes]


def lay(project: Project, text: str) -> Path:
    """A candidate: a page that changes each time with its stylesheet, and one that does not."""
    for old in (project.candidate / "assets").glob("*"):
        old.unlink()
    style = f"site.{text:0>10}.css"
    make_candidate(project, {"a/1.html": f"{text} {style}", "a/2.html": "same"})
    # Pruning takes away what no page names.
    (project.candidate / "assets" / "site.0a1b.css").unlink()
    (project.candidate / "assets" / style).write_text(text)
    return project.candidate


def damage(path: Path) -> None:
    """Other bytes in a file and in all that are linked to it."""
    path.chmod(0o644)
    path.write_text("damaged")


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Project]:
    """A site of four versions and a candidate to come: led to by a link, by a copy; damaged."""
    found = {}
    for name in (*POINTERS, "damaged"):
        project = Project(tmp_path_factory.mktemp(name))
        pointer: Pointer = "copy" if name == "copy" else "symlink"
        for number, day in enumerate(DAYS):
            now = datetime(*day, 9, tzinfo=UTC)
            publish(project, lay(project, f"{number}"), pointer=pointer, now=now)
        if name == "damaged":
            damage(project.public / "v/2026-05-11/a/2.html")
            damage(project.public / "v/2026-05-11/a/1.html")
            (project.candidate / "a/2.html").unlink()
            (project.candidate / "a/2.html").write_text("same")
            (project.candidate / "a/1.html").unlink()
            (project.candidate / "a/1.html").write_text(f"3 site.{'3':0>10}.css")
        else:
            lay(project, "7")
        found[name] = project
    return found


@pytest.fixture(scope="module")
def doing() -> Iterator[Deeds]:
    """What does deeds."""
    with deeds(ROOT) as made:
        yield made


def tree(folder: Path) -> View:
    """All files below a folder, through links too; of the shared ones its own."""
    own = stored_digests(folder)
    found = {
        Path(place, name).relative_to(folder).as_posix(): Path(place, name)
        for place, _, names in os.walk(folder, followlinks=True)
        for name in names
        if not name.startswith(".")
    }
    return {
        name: path.read_bytes()
        for name, path in found.items()
        if name in own or not name.startswith("assets/")
    }


def view(project: Project) -> dict[str, View]:
    """What readers get: each version, what `latest` leads to, the small files."""
    public = project.public
    versions = [path for path in (public / "v").iterdir() if not path.name.startswith(".")]
    small = {path.name: path.read_bytes() for path in public.glob("*.json")}
    return {f"v/{path.name}": tree(path) for path in versions} | {
        "latest": tree(public / "latest"), "menu": small,
    }  # fmt: skip


def copied(site: Project, to: Path) -> Project:
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(site.root, to, symlinks=True)
    return Project(to)


def is_old_or_new(part: str, now: View | None, old: View | None, new: View | None) -> bool:
    """Whether one thing that readers get is whole; the menu's files each for itself."""
    if part == "menu":
        assert now is not None
        assert old is not None
        assert new is not None
        return all(now.get(name) in (old.get(name), new.get(name)) for name in {*old, *new})
    return now in (old, new)


def stops(
    doing: Deeds, site: Project, deed: str, fault: Fault, tmp_path: Path
) -> Iterator[tuple[int, str, Project]]:
    """The deed stopped at each change in turn: which one, what it said, the project after it."""
    for at in range(1, MOST):
        project = copied(site, tmp_path / "stopped")
        said = doing.do(deed, project.root, fault, at)
        if said == "never stopped":
            return
        yield at, said, project
    raise AssertionError(f"{deed} makes more than {MOST} changes")


# The deed, how `latest` leads before it, how it is stopped, and fewer points than there are.
CASES: list[tuple[str, Pointer, Fault, int]] = [
    ("publish", "symlink", "kill", 30),
    ("publish", "symlink", "full", 30),
    ("publish", "symlink", "denied", 30),
    ("publish", "symlink", "read-only", 30),
    ("publish", "copy", "kill", 40),
    ("publish", "copy", "full", 40),
    ("publish as a copy", "symlink", "kill", 40),
    ("publish by a link", "copy", "kill", 40),
    ("roll back", "symlink", "kill", 5),
    ("roll back", "symlink", "denied", 5),
    ("roll back", "copy", "kill", 20),
    ("roll back", "copy", "read-only", 20),
    ("prune", "symlink", "kill", 10),
    ("prune", "symlink", "denied", 10),
    ("prune", "copy", "read-only", 10),
]


@pytest.mark.parametrize(("deed", "led", "fault", "least"), CASES)
def test_every_point_leaves_the_old_or_the_new_whole(
    sites: dict[str, Project],
    doing: Deeds,
    tmp_path: Path,
    deed: str,
    led: Pointer,
    fault: Fault,
    least: int,
    tried: Tried,
) -> None:
    """And the same deed done again ends as if nothing had been.

    Where `latest` is a copy it may be away after a kill, which the docs say; then it is still
    known which version it was, and the next command puts it back.
    """
    site = sites[led]
    done = copied(site, tmp_path / "done")
    assert doing.do(deed, done.root) == "never stopped"
    old, new = view(site), view(done)
    at = 0
    for at, said, project in stops(doing, site, deed, fault, tmp_path):
        assert said in ("killed", "went on") or said.startswith("SettingsError: public/"), said
        now, where = view(project), f"{deed}, {fault} at {at}: {said}"
        away = now["latest"] == {} and "copy" in (led, deed.split()[-1])
        parts = {*old, *new} - ({"latest"} if away else set())
        mixed = [p for p in parts if not is_old_or_new(p, now.get(p), old.get(p), new.get(p))]
        assert mixed == [], where
        assert latest_id(project.public) in (latest_id(site.public), latest_id(done.public)), where

        doing.do(deed, project.root)
        assert verify(project) == [], where
        # Stopped after all was done, publishing again is one more version of the same.
        pages = {name: body for name, body in new["latest"].items() if "json" not in name}
        again = view(project)["latest"]
        assert [name for name in pages if again.get(name) != pages[name]] == [], where
        assert (project.public / "latest").is_symlink() == (done.public / "latest").is_symlink()
        assert [path.name for path in project.public.rglob(".*")] == [], where
        told = (project.public / "versions.json").read_text()
        assert all(f'"{version.id}"' in told for version in list_versions(project)), where
    assert at >= least
    tried(at, "moments to stop at")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_repair_that_is_stopped_leaves_each_file_old_or_new(
    sites: dict[str, Project], doing: Deeds, tmp_path: Path, fault: Fault, tried: Tried
) -> None:
    """Never half of one; and done again it mends the rest."""
    site = sites["damaged"]
    assert len(verify(site)) > 1
    done = copied(site, tmp_path / "done")
    doing.do("repair", done.root)
    assert verify(done) == []
    old, new = view(site), view(done)
    at = 0
    for at, said, project in stops(doing, site, "repair", fault, tmp_path):
        assert said in ("killed", "went on") or said.startswith("SettingsError: public/"), said
        now = view(project)
        for part, files in old.items():
            assert all(now[part][name] in (files[name], new[part][name]) for name in files), at

        doing.do("repair", project.root)
        assert verify(project) == []
        assert [path.name for path in project.public.rglob(".*")] == []
    assert at >= 5
    tried(at, "moments to stop at")
