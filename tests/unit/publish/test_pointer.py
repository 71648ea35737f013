"""`latest` as a link, and as a copy where there are no links."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lpe_reports.errors import SettingsError
from lpe_reports.publish.pointer import clear_pointers, latest_id
from lpe_reports.publish.rolling_back import roll_back
from lpe_reports.publish.verifying import verify
from lpe_reports.publish.versions import publish
from lpe_reports.settings import Project
from sample_candidate import make_candidate

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
