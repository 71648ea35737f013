"""`lpe prune` from the command line."""

import json
import os
import shutil
from pathlib import Path

import pytest

from lpe_reports.build.lock import locked
from lpe_reports.cli import run
from lpe_reports.settings import Project
from parsed_params import share_parsed_params
from small_warehouse import ROOT


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one private log that is older than anything."""
    for name in ("params", "reports"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "_quarto.yml", tmp_path)
    share_parsed_params(Project(tmp_path))
    log = tmp_path / "build" / "logs" / "weekly.ortopedi.2026-W19.log"
    log.parent.mkdir(parents=True)
    log.write_bytes(b"x" * 250_000)
    os.utime(log, (0, 0))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_dry_run_says_what_would_go(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line per kind, and the bytes by name and freed; nothing is touched."""
    os.link(project / "build/logs/weekly.ortopedi.2026-W19.log", project / "elsewhere")

    assert run(["prune", "--dry-run"]) == 0

    *told, disk = capsys.readouterr().out.splitlines()
    assert disk.startswith("on disk: store 0 MB, extracts 0 MB, versions 0 MB; free ")
    assert told == [
        "private logs                1  build/logs/weekly.ortopedi.2026-W19.log",
        "1 thing would be removed: 0.2 MB by name, of which 0.0 MB freed (the rest is linked to "
        "from what stays)",
    ]
    assert (project / "build/logs/weekly.ortopedi.2026-W19.log").exists()


def test_pruning_tells_machines(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One JSON object with every path; a second run finds nothing."""
    assert run(["prune", "--json"]) == 0

    body = json.loads(capsys.readouterr().out)
    assert list(body.pop("disk_bytes")) == ["store", "extracts", "versions", "free"]
    assert body == {
        "dry_run": False,
        "removed": [{"kind": "private logs", "path": "build/logs/weekly.ortopedi.2026-W19.log"}],
        "bytes_named": 250_000,
        "bytes_freed": 250_000,
        "left": [],
        "failed": [],
    }
    assert run(["prune"]) == 0
    nothing, disk = capsys.readouterr().out.splitlines()
    assert nothing == "nothing is more than params/retention.yml allows"
    assert disk.startswith("on disk: ")


def test_pruning_waits_for_no_other_command(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 8 while another holds the lock; a dry run needs none."""
    with locked(Project(project), "nightly"):
        assert run(["prune"]) == 8
        assert run(["prune", "--dry-run"]) == 0
    assert (project / "build/logs/weekly.ortopedi.2026-W19.log").exists()


def test_wrong_retention_is_told_with_its_line(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and nothing goes."""
    path = project / "params" / "retention.yml"
    path.write_text(path.read_text().replace("logs_days: 14", "logs_days: 0"))
    line = path.read_text().splitlines().index("logs_days: 0") + 1

    assert run(["prune"]) == 2

    assert capsys.readouterr().err.startswith(f"lpe: params/retention.yml:{line}: logs_days: ")
    assert (project / "build/logs/weekly.ortopedi.2026-W19.log").exists()


def test_help_says_what_is_not_pruned(capsys: pytest.CaptureFixture[str]) -> None:
    """The version that readers are led to, and those that somebody has cited."""
    assert run(["prune", "--help"]) == 0

    assert (
        "so do the version that readers are led to and those that params/citations.yml names"
        in " ".join(capsys.readouterr().out.split())
    )
