"""How much room the project takes is told, and a version is looked through once."""

import os
import shutil
from pathlib import Path

from lpe_reports.build.storing.disk import DiskUse, disk_use
from lpe_reports.settings import Project


def _file(path: Path, size: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    return path


def _link(path: Path, to: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.link(to, path)


def test_a_file_of_several_names_is_counted_once(tmp_path: Path) -> None:
    """Nights share their parts, versions their pages; no link that leads elsewhere is followed."""
    project = Project(tmp_path)
    _file(project.store / "notebooks" / "a.ipynb", 100)
    part = _file(project.extracts / "2026-05-10" / "a.parquet", 1000)
    _link(project.extracts / "2026-05-11" / "a.parquet", part)
    _file(project.snapshots / "operation" / "x.parquet", 10)
    page = _file(project.public / "v" / "2026-05-10" / "a.html", 10_000)
    _link(project.public / "v" / "2026-05-11" / "a.html", page)
    _file(project.public / "v" / "2026-05-11" / "b.html", 20_000)
    _file(project.public / "v" / ".unfinished-x" / "b.html", 7)
    _file(project.public / "assets" / "a.css", 5)
    (project.public / "latest").symlink_to("v/2026-05-11", target_is_directory=True)

    use = disk_use(project)

    assert (use.store, use.extracts, use.versions) == (100, 1010, 30_005)
    assert use.free > 0


def test_an_empty_project_takes_nothing(tmp_path: Path) -> None:
    """Before the first night."""
    use = disk_use(Project(tmp_path))

    assert (use.store, use.extracts, use.versions) == (0, 0, 0)
    assert list(tmp_path.iterdir()) == []


def test_a_version_is_looked_through_once(tmp_path: Path) -> None:
    """Another one is added to what is known; one that is taken away is no more counted."""
    project = Project(tmp_path)
    project.build.mkdir()
    first = _file(project.public / "v" / "2026-05-09" / "a.html", 1000)
    _link(project.public / "v" / "2026-05-10" / "a.html", first)
    assert disk_use(project).versions == 1000

    # Versions never change: this one is not seen because it is not looked at.
    _file(project.public / "v" / "2026-05-10" / "b.html", 10)
    assert disk_use(project).versions == 1000

    shutil.rmtree(project.public / "v" / "2026-05-09")
    assert disk_use(project).versions == 1010
    _file(project.public / "v" / "2026-05-10.2" / "c.html", 100)
    assert disk_use(project).versions == 1110


def test_a_damaged_memory_is_made_again(tmp_path: Path) -> None:
    """Whatever lies there: empty, cut, or something else."""
    project = Project(tmp_path)
    _file(project.public / "v" / "2026-05-09" / "a.html", 1000)
    for content in (b"", b"[1]", b'{"2026-05-09 after none": "x"}', b"\xff"):
        project.build.mkdir(exist_ok=True)
        (project.build / "disk.json").write_bytes(content)
        assert disk_use(project).versions == 1000


def test_it_is_told_in_one_line() -> None:
    """Megabytes, with a space between thousands."""
    told = str(DiskUse(1_234_567_890, 5_400_000, 0, 99_000_000_000))

    assert told == ("on disk: store 1 235 MB, extracts 5 MB, versions 0 MB; free 99 000 MB")
