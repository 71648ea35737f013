"""Events: one line each, all keys, and the page that says what they mean."""

import json
from pathlib import Path
from typing import get_args

import pytest

from lpe_reports.build.runs import FailureKind
from lpe_reports.cli.events import KEYS, EventProgress
from lpe_reports.progress import RunEvent


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_thing_is_a_line_with_all_keys(capsys: pytest.CaptureFixture[str]) -> None:
    """Those that say nothing are null, so that no reader has to look whether they are there."""
    progress = EventProgress()
    progress.start("notebooks", 2)
    progress.tell(RunEvent("run_began", "weekly", "ortopedi", "2026-W19", "new", "never run"))
    progress.note("few at a time")
    progress.done()

    lines = _lines(capsys)

    assert [tuple(line) for line in lines] == [KEYS] * 4
    assert [line["event"] for line in lines] == ["stage_began", "run_began", "note", "stage_ended"]
    assert lines[1]["unit"] == "ortopedi" and lines[1]["seconds"] is None
    assert lines[2]["reason"] == "few at a time"


def test_progress_has_the_time_left_that_is_known(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that knows better is believed; a rate otherwise."""
    monkeypatch.setattr("lpe_reports.cli.events._SECONDS_BETWEEN_LINES", 0.0)
    progress = EventProgress()
    progress.start("notebooks", 2)
    progress.left(77.0)
    progress.advance()
    progress.advance()

    told = [line for line in _lines(capsys) if line["event"] == "progress"]

    assert [(line["done"], line["total"]) for line in told] == [(1, 2), (2, 2)]
    assert told[0]["seconds_left"] == 77.0
    assert told[1]["seconds_left"] == 0


def test_the_page_about_events_names_every_key_event_and_kind(root: Path) -> None:
    """What other programs rely on is written down."""
    page = (root / "docs" / "programs.md").read_text(encoding="utf-8")

    events = get_args(RunEvent.__annotations__["event"])
    for name in (*KEYS, *events, "stage_began", "stage_ended", "progress", "note", *FailureKind):
        assert f"`{name}`" in page, name
