"""`lpe retract` from the command line."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lpe_reports.cli import run
from lpe_reports.publish.journal import retracted
from lpe_reports.publish.versions import publish
from lpe_reports.settings import MARKER, Project
from sample_candidate import make_candidate

PAGE = "nyttjande/kapacitet/hu-cop/2026-05"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with one version, in which one is."""
    made = Project(tmp_path)
    for name in ("params", "reports"):
        (tmp_path / name).mkdir()
    (tmp_path / MARKER).write_text("project: {type: website}\n")
    candidate = make_candidate(made, {f"{PAGE}.html": "sida", f"{PAGE}.json": "{}"})
    (made.build / "candidate.json").write_text('{"whole": true}')
    publish(made, candidate, now=datetime(2026, 5, 11, 3, tzinfo=UTC))
    monkeypatch.chdir(tmp_path)
    return made


def test_a_page_is_taken_back_and_lifted(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """First dry, which changes nothing; the candidate that holds it can be published no more."""
    assert run(["retract", PAGE, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "would be taken out of 1 versions; nothing was changed" in said
    assert f"goes: {PAGE}.json" in said
    assert retracted(project.public) == {}

    assert run(["retract", f"{PAGE}.html", "--why", "Fel enhet.", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["page"], list(told["versions"])) == (PAGE, ["2026-05-11"])
    assert retracted(project.public)[PAGE].why == "Fel enhet."
    assert not (project.public / "latest" / f"{PAGE}.json").exists()
    assert run(["publish"]) == 4

    assert run(["retract", PAGE, "--lift"]) == 0
    assert "the next build shows it again" in capsys.readouterr().out
    assert retracted(project.public) == {}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "--why"),
        (["--lift", "--why", "x"], "goes with neither"),
        (["--lift"], "not taken back"),
    ],
)
def test_wrong_use_is_refused(
    project: Project, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    """Exit code 2, what is missing, and nothing noted."""
    assert run(["retract", PAGE, *options]) == 2
    assert said in capsys.readouterr().err
    assert retracted(project.public) == {}
