"""`--pointer` on the command line: a wrong one is told before anything is done."""

from pathlib import Path

import pytest

from lpe_reports.cli import run
from sample_site import make_project


@pytest.mark.parametrize("command", ["publish", "nightly"])
def test_an_unknown_pointer_is_told_before_anything_is_done(
    command: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Not after a night's work, nor passed over where nothing new is to be published."""
    make_project(tmp_path)
    monkeypatch.chdir(tmp_path)

    assert run([command, "--pointer", "junction"]) == 2

    assert "no pointer 'junction'; there are: symlink, copy" in capsys.readouterr().err
    assert not (tmp_path / "public").exists()
    assert not (tmp_path / "data").exists()
