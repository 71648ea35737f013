"""The commands around a night: copying the site to a web server, telling of a night."""

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lpe_reports.publish.verifying import verify
from lpe_reports.publish.versions import publish
from lpe_reports.settings import Project
from sample_candidate import make_candidate

pytestmark = pytest.mark.promise(
    "versions",
    "What is copied to a web server is the site, and a night that went wrong is told once",
)

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 5, 11, 3, tzinfo=UTC)


def deploy(project: Project, to: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "-f", ROOT / "Makefile", "deploy", f"TO={to}"],
        cwd=project.root, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.rsync
def test_a_copied_site_is_the_site(tmp_path: Path) -> None:
    """Links stay links, shared files shared; what was pruned goes from there too."""
    project, there = Project(tmp_path / "here"), tmp_path / "there"
    for day in range(3):
        candidate = make_candidate(project, {"a/1.html": "same", "a/2.html": f"{day}"})
        publish(project, candidate, now=NOW + timedelta(days=day))
    there.mkdir()
    assert deploy(project, there).returncode == 0
    shutil.rmtree(project.public / "v/2026-05-11")

    done = deploy(project, there)

    assert done.returncode == 0, done.stderr
    assert (there / "latest").readlink() == Path("v/2026-05-13")
    names = sorted(path.name for path in (there / "v").iterdir())
    assert names == ["2026-05-12", "2026-05-13"]
    assert (there / "v/2026-05-12/a/1.html").samefile(there / "v/2026-05-13/a/1.html")
    (tmp_path / "copy").mkdir()
    there.rename(tmp_path / "copy/public")
    shutil.copy(project.public / "journal.jsonl", tmp_path / "copy/public")
    assert verify(Project(tmp_path / "copy")) == []


def test_where_to_copy_must_be_said(tmp_path: Path) -> None:
    """Nothing is copied anywhere by mistake."""
    done = subprocess.run(
        ["make", "-f", ROOT / "Makefile", "deploy"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 2
    assert "make deploy TO=" in done.stderr


GH = """#!/bin/sh
printf '%s\\n' "$*" >> "$TOLD"
case "$2" in list) echo "$OPEN" ;; esac
"""


def tell(tmp_path: Path, *arguments: str, found: str = "") -> tuple[int, str]:
    """What the script asks of `gh`, which is one of our own here."""
    program = tmp_path / "bin" / "gh"
    program.parent.mkdir(exist_ok=True)
    program.write_text(GH)
    program.chmod(0o755)
    told = tmp_path / "told"
    told.write_text("")
    path = f"{program.parent}:{os.environ['PATH']}"
    done = subprocess.run(
        [ROOT / ".ci" / "tell-of-night", *arguments],
        env={"PATH": path, "TOLD": str(told), "OPEN": found},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode, told.read_text()


def test_a_night_that_went_wrong_opens_one_issue(tmp_path: Path) -> None:
    """With the exit code, what it means and where the log is; the next night adds to it."""
    code, asked = tell(tmp_path, "7", "https://example.invalid/log")
    assert code == 0
    assert "issue create --title A night did not go well" in asked
    assert "exit code 7: the gate found something" in asked
    assert "https://example.invalid/log" in asked

    code, asked = tell(tmp_path, "5", found="12")
    assert code == 0
    assert "issue comment 12" in asked
    assert "issue create" not in asked


@pytest.mark.parametrize(("given", "code"), [("0", 0), ("1; rm -rf /", 2)])
def test_a_night_that_went_well_opens_none(tmp_path: Path, given: str, code: int) -> None:
    """And what is no exit code is refused, not passed on."""
    assert tell(tmp_path, given) == (code, "")
