"""`latest` as a link, and as a copy where there are no links."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lpe_reports.errors import SettingsError
from lpe_reports.publish import pointer
from lpe_reports.publish.pointer import (
    choose_pointer,
    clear_pointers,
    latest_id,
    pointer_in_words,
)
from lpe_reports.publish.rolling_back import roll_back
from lpe_reports.publish.verifying import verify
from lpe_reports.publish.versions import publish
from lpe_reports.settings import Project
from sample_candidate import make_candidate

pytestmark = pytest.mark.promise(
    "versions", "Where there are no links `latest` is a copy, and never half of one"
)

NOW = datetime(2026, 5, 11, 3, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def links_in(project: Project) -> list[Path]:
    return [path for path in project.public.rglob("*") if path.is_symlink()]


def test_a_copy_needs_no_link_anywhere(project: Project) -> None:
    """Pages and assets are there through latest and through the version; it stays a copy."""
    candidate = make_candidate(project, {"a/1.html": "one"})
    publish(project, candidate, pointer="copy", now=NOW)
    make_candidate(project, {"a/1.html": "two"})

    publish(project, candidate, now=NOW)

    assert links_in(project) == []
    assert latest_id(project.public) == "2026-05-11.2"
    for place in ("latest", "v/2026-05-11.2"):
        assert (project.public / place / "a/1.html").read_text() == "two"
        assert (project.public / place / "assets/site.0a1b.css").read_text() == "body{}"
    assert [p.name for p in project.public.iterdir() if p.name.startswith(".")] == []
    roll_back(project)
    assert (project.public / "latest/a/1.html").read_text() == "one"
    assert links_in(project) == []
    assert verify(project) == []


def test_a_link_becomes_a_copy_and_a_copy_a_link(project: Project) -> None:
    """When asked to; with the versions that were published before."""
    candidate = make_candidate(project, {"a/1.html": "one"})
    publish(project, candidate, now=NOW)
    publish(project, candidate, pointer="copy", now=NOW)
    assert not (project.public / "latest").is_symlink()

    publish(project, candidate, pointer="symlink", now=NOW)

    assert (project.public / "latest").readlink() == Path("v/2026-05-11.3")
    assert latest_id(project.public) == "2026-05-11.3"


def test_a_swap_that_was_killed_is_put_right(project: Project) -> None:
    """Between the two renames of a copy: what was there comes back."""
    publish(project, make_candidate(project, {"a/1.html": "one"}), pointer="copy", now=NOW)
    latest = project.public / "latest"
    latest.rename(project.public / ".latest-old")
    (project.public / ".latest-new").mkdir()

    clear_pointers(project.public)

    assert (latest / "a/1.html").read_text() == "one"
    assert [p.name for p in project.public.iterdir() if p.name.startswith(".")] == []


def test_an_unknown_pointer_is_refused(project: Project) -> None:
    """Names those that there are, and publishes nothing."""
    with pytest.raises(SettingsError, match="no pointer 'junction'; there are: symlink, copy"):
        publish(project, make_candidate(project, {}), pointer="junction")
    assert not (project.public / "v").exists()


def no_links(code: int) -> object:
    """What the system answers where no symbolic link can be made."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return refuse


@pytest.mark.parametrize("code", [errno.EPERM, errno.EINVAL, errno.ENOTSUP])
def test_a_disk_without_links_gets_a_copy_unasked(
    project: Project, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """A file share, FAT, Windows: nobody has to know, and the operator is told."""
    monkeypatch.setattr(os, "symlink", no_links(code))

    publish(project, make_candidate(project, {"a/1.html": "one"}), now=NOW)

    assert links_in(project) == []
    assert latest_id(project.public) == "2026-05-11"
    assert "is a copy of that version" in pointer_in_words(project.public)
    with pytest.raises(SettingsError, match="leave --pointer out"):
        choose_pointer(project.public / "elsewhere", "symlink")


def test_a_link_that_cannot_take_anothers_place_is_not_chosen(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows with the right to make links: the first would be there for good."""
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if self.is_symlink():
            raise PermissionError(errno.EACCES, "Access is denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)

    assert choose_pointer(project.public, None) == "copy"
    assert not project.public.exists()


def test_a_full_disk_makes_no_copy_of_a_link(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It tells nothing of links: what publishing says of it is told, not another pointer chosen."""
    monkeypatch.setattr(os, "symlink", no_links(errno.ENOSPC))

    assert choose_pointer(project.public, None) == "symlink"


def test_an_old_copy_that_is_held_stays_until_the_next_time(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers are led to the new one; what someone still reads in is cleared away later."""
    publish(project, make_candidate(project, {"a/1.html": "one"}), pointer="copy", now=NOW)
    make_candidate(project, {"a/1.html": "two"})
    remove = pointer.remove_folder

    def held(folder: Path) -> None:
        if folder.name == ".latest-old":
            raise PermissionError(errno.EACCES, "in use")
        remove(folder)

    with monkeypatch.context() as patch:
        patch.setattr(pointer, "remove_folder", held)
        publish(project, project.candidate, now=NOW)

    assert (project.public / "latest/a/1.html").read_text() == "two"
    assert (project.public / ".latest-old").is_dir()
    clear_pointers(project.public)
    assert not (project.public / ".latest-old").exists()


def test_a_new_copy_that_cannot_move_in_leaves_the_old_one(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held between the two renames of the swap: readers are led on as before."""
    publish(project, make_candidate(project, {"a/1.html": "one"}), pointer="copy", now=NOW)
    make_candidate(project, {"a/1.html": "two"})
    move = pointer.move

    def held(source: Path, target: Path) -> None:
        if source.name == ".latest-new":
            raise PermissionError(errno.EACCES, "in use")
        move(source, target)

    monkeypatch.setattr(pointer, "move", held)

    with pytest.raises(SettingsError, match="What `latest` leads to is whole"):
        publish(project, project.candidate, now=NOW)

    assert (project.public / "latest/a/1.html").read_text() == "one"
    assert latest_id(project.public) == "2026-05-11"
