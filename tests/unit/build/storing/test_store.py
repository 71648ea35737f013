"""The store keeps whole files only, and knows a damaged one."""

from pathlib import Path

import pytest

from lpe_reports.build.storing.store import (
    clear_leftovers,
    find_notebook,
    notebook_path,
    put_notebook,
    write_whole,
)
from lpe_reports.settings import Project

pytestmark = pytest.mark.promise(
    "builds", "Whatever is damaged in the store is found and made again"
)


def test_a_notebook_is_found_by_its_key_until_it_is_damaged(tmp_path: Path) -> None:
    """One changed bit and it is no longer given out; put again, it is whole."""
    project = Project(tmp_path)
    key = put_notebook(project, b"executed")
    path = notebook_path(project, key)

    assert find_notebook(project, key) == path
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"executee")
    assert find_notebook(project, key) is None
    assert put_notebook(project, b"executed") == key
    assert find_notebook(project, key) == path
    path.unlink()
    assert find_notebook(project, key) is None


def test_a_failed_write_leaves_the_file_and_nothing_else(tmp_path: Path) -> None:
    """What cannot be written to its end is not there at all."""
    path = tmp_path / "folder" / "file"
    write_whole(path, b"old")

    with pytest.raises(TypeError):
        write_whole(path, "text instead of bytes")  # type: ignore[arg-type]

    assert path.read_bytes() == b"old"
    assert [p.name for p in path.parent.iterdir()] == ["file"]


def test_leftovers_of_killed_writers_are_cleared(tmp_path: Path) -> None:
    """Files and folders, where writers put them; everything else stays."""
    for name in ("store/notebooks/.part-1", "store/traces/a/b/.part-2", ".part-3", "kept/.part-4"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "store/pages/.part-5/tables").mkdir(parents=True)
    (tmp_path / "store/pages/.part-5/tables/x.csv").touch()

    clear_leftovers(tmp_path, "", "store/notebooks", "store/traces/*/*", "store/pages")

    assert [path.name for path in tmp_path.rglob(".part-*")] == [".part-4"]
