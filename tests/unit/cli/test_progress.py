"""Progress: plain lines in a log, a bar for a person, nothing for a machine."""

import pytest

from lpe_reports.cli.progress import BarProgress, LineProgress, make_progress
from lpe_reports.progress import Progress, Silent


def _work(progress: Progress) -> None:
    progress.start("notebooks", 3)
    for _ in range(3):
        progress.running(["weekly · ortopedi · 2026-W19"])
        progress.advance()
    progress.done()


def test_a_log_gets_lines_with_count_rate_and_time_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line at both ends, and between them one for every stretch of time."""
    monkeypatch.setattr("lpe_reports.cli.progress._SECONDS_BETWEEN_LINES", 0.0)

    _work(LineProgress())

    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "notebooks: 3 to do"
    assert lines[1].startswith("notebooks: 1 of 3, ")
    assert " a second, about 0 s left, now weekly · ortopedi · 2026-W19" in lines[1]
    assert lines[-1].startswith("notebooks: 3 in 0.")


def test_a_log_is_told_how_far_one_long_thing_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table that takes minutes: its rows so far, though nothing is done yet."""
    monkeypatch.setattr("lpe_reports.cli.progress._SECONDS_BETWEEN_LINES", 0.0)
    progress = LineProgress()

    progress.start("extract", 9)
    for rows in ("60 000 rows", "120 000 rows"):
        progress.running(["operations", rows])

    assert capsys.readouterr().err.splitlines() == [
        "extract: 9 to do",
        "extract: 0 of 9, now operations; 120 000 rows",
    ]


def test_a_log_is_not_flooded(capsys: pytest.CaptureFixture[str]) -> None:
    """Quick work is two lines, however much of it there is."""
    _work(LineProgress())

    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_bar_ends_cleanly(capsys: pytest.CaptureFixture[str]) -> None:
    """Also when work begins before the one before it was said to be done."""
    bar = BarProgress()
    bar.start("plan", 0)
    _work(bar)

    assert "notebooks" in capsys.readouterr().err


def test_machines_get_no_progress() -> None:
    """--json keeps quiet."""
    assert isinstance(make_progress(quiet=True), Silent)
