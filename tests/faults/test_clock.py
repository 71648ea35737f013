"""What goes by the clock when it is set back: files changed meanwhile, the order of versions."""

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lpe_reports.publish.catalogue import list_versions
from lpe_reports.publish.journal import entries
from lpe_reports.publish.naming import PLACE
from lpe_reports.publish.rolling_back import roll_back
from lpe_reports.publish.verifying import verify
from lpe_reports.publish.versions import publish
from lpe_reports.settings import Project
from reliability.trials import Tried
from sample_candidate import make_candidate
from set_clock import SetClock

DAY = datetime(2026, 5, 12, tzinfo=PLACE)
MINUTE = timedelta(minutes=1)

# A notebook's process: reads a file, the clock is set back an hour, the file is changed.
_CHANGED_MEANWHILE = """if True:
    import sys, time
    from pathlib import Path
    from lpe_reports.display import beside
    file, clock = map(Path, sys.argv[1:])
    before = time.time()
    clock.write_text("+0")
    assert time.time() < before - 3000, "the clock was not set"
    file.write_text("changed")
    print(beside.digest_now(file) == beside.UNSURE)
"""


@pytest.mark.faketime
@pytest.mark.promise(
    "clock", "What was changed while a notebook ran is told also after the clock was set back"
)
def test_a_file_that_was_changed_after_the_clock_was_set_back_is_told(tmp_path: Path) -> None:
    """By its time it is older than the process that read it; the page is made anew all the same."""
    (tmp_path / "clock").mkdir()
    clock = SetClock(tmp_path / "clock")
    clock.show(datetime.now(PLACE) + timedelta(hours=1))
    file = tmp_path / "helper.py"
    file.write_text("read")

    told = subprocess.run(
        [sys.executable, "-c", _CHANGED_MEANWHILE, file, clock.path / "clock"],
        env={**os.environ, "PYTHONPATH": str(clock.path)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert told.stdout == "True\n", told.stderr


def _version(project: Project, at: datetime, text: str) -> str:
    return publish(project, make_candidate(project, {"a.html": text}), now=at).id


@pytest.mark.promise(
    "clock",
    "A version published later is later by its name, also past a clock set back at midnight",
)
def test_versions_keep_their_order_past_a_clock_that_is_set_back(
    tmp_path: Path, tried: Tried
) -> None:
    """Named by the day of the one before; going back leads to that one."""
    project = Project(tmp_path)
    moments = [
        DAY - timedelta(hours=5), DAY + 20 * MINUTE, DAY - 40 * MINUTE, DAY - 30 * MINUTE,
        DAY + 21 * MINUTE, DAY + timedelta(days=1),
    ]  # fmt: skip
    made = [_version(project, at, f"page {at}") for at in moments]

    assert made == [
        "2026-05-11", "2026-05-12", "2026-05-12.2", "2026-05-12.3", "2026-05-12.4", "2026-05-13",
    ]  # fmt: skip
    assert [version.id for version in list_versions(project)] == made[::-1]
    assert [e.version for e in entries(project.public) if e.deed == "published"] == made
    assert verify(project) == []
    before, now = roll_back(project)
    assert (before.id, now.id) == ("2026-05-13", "2026-05-12.4")
    tried(len(moments), "publishings")


@pytest.mark.promise(
    "clock",
    "A version published later is later by its name, also past a clock set back at midnight",
)
def test_a_clock_that_was_days_ahead_names_no_more_than_that_version(tmp_path: Path) -> None:
    """Otherwise every version would bear a false day until then; `latest` leads to the true one."""
    project = Project(tmp_path)

    assert _version(project, DAY + timedelta(days=300), "ahead") == "2027-03-08"
    assert _version(project, DAY, "right") == "2026-05-12"
    assert (project.public / "latest" / "a.html").read_text() == "right"
