"""Every published file against its digest, and what can be mended."""

import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lpe_reports.publish.repairing import repair
from lpe_reports.publish.verifying import verify
from lpe_reports.publish.versions import publish
from lpe_reports.settings import Project
from sample_candidate import make_candidate

pytestmark = pytest.mark.promise(
    "versions",
    "Each kind of damage to published files is named, and mended where a whole copy is left",
)

NOW = datetime(2026, 5, 11, 3, tzinfo=UTC)
STYLE = b"body{color:red}"
STYLE_NAME = f"assets/site.{hashlib.sha256(STYLE).hexdigest()[:10]}.css"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Two versions that share a page and a stylesheet; the candidate has files of its own."""
    made = Project(tmp_path)
    for day in range(2):
        candidate = make_candidate(made, {"a/1.html": "same", "a/2.html": f"day {day}"})
        (candidate / STYLE_NAME).unlink(missing_ok=True)
        (candidate / STYLE_NAME).write_bytes(STYLE)
        publish(made, candidate, now=NOW + timedelta(days=day))
    own = tmp_path / "own"
    shutil.copytree(made.candidate, own)
    shutil.rmtree(made.candidate)
    own.rename(made.candidate)
    return made


def spoil(path: Path, text: str = "spoilt") -> None:
    path.chmod(0o644)
    path.write_text(text)


def test_what_was_published_is_whole(project: Project) -> None:
    """Nothing is told of two sound versions."""
    assert verify(project) == []


def test_each_kind_of_damage_is_named_with_its_place(project: Project) -> None:
    """Changed in all versions that share it, missing, added, a record, a shared file."""
    version = project.public / "v/2026-05-12"
    spoil(version / "a/1.html")
    (version / "a/2.html").unlink()
    (version / "b.html").write_text("whose?")
    spoil(version / "version.json", "{}")
    spoil(project.public / "v/2026-05-11/files.json", "{}")
    spoil(project.public / STYLE_NAME)

    found = {str(damage) for damage in verify(project)}

    assert found == {
        "public/v/2026-05-11/files.json: changed",
        "public/v/2026-05-12/a/1.html: changed",
        "public/v/2026-05-12/a/2.html: missing",
        "public/v/2026-05-12/b.html: not of the version",
        "public/v/2026-05-12/version.json: changed",
        f"public/v/2026-05-12/{STYLE_NAME}: changed",
    }


def test_only_the_versions_asked_for_are_looked_at(project: Project) -> None:
    """A version that is gone back to is looked at alone."""
    spoil(project.public / "v/2026-05-12/a/2.html")

    assert verify(project, ["2026-05-11"]) == []
    assert len(verify(project, ["2026-05-12"])) == 1


def test_what_is_whole_elsewhere_is_mended_in_every_version(project: Project) -> None:
    """From the candidate's own file; what nobody has stays named, and is left as it is."""
    spoil(project.public / "v/2026-05-12/a/1.html")
    spoil(project.public / "v/2026-05-11/a/2.html")
    spoil(project.public / STYLE_NAME)
    (project.public / "v/2026-05-12/b.html").write_text("whose?")
    assert len(verify(project)) == 6

    stays = repair(project, verify(project))

    assert [str(damage) for damage in stays] == [
        "public/v/2026-05-11/a/2.html: changed",
        "public/v/2026-05-12/b.html: not of the version",
    ]
    assert verify(project) == stays
    assert (project.public / "v/2026-05-11/a/1.html").read_text() == "same"
    assert (project.public / STYLE_NAME).read_bytes() == STYLE
    mended = project.public / "v/2026-05-11/a/1.html"
    assert mended.stat().st_mode & 0o222 == 0
