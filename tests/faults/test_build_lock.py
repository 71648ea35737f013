"""Two builds at once: the second says who holds the lock; a dead holder holds nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lpe_reports.build.lock import locked
from lpe_reports.errors import LockedError, SettingsError
from lpe_reports.settings import Project

pytestmark = pytest.mark.promise(
    "builds",
    "Of two builds at once the second is told who holds the lock; a dead holder holds nothing",
)

HOLD = (
    "import sys, pathlib, time\n"
    "from lpe_reports.build.lock import locked\n"
    "from lpe_reports.settings import Project\n"
    "with locked(Project(pathlib.Path(sys.argv[1])), 'nightly'):\n"
    "    print('held', flush=True); time.sleep(60)"
)


def _holder(root: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(root)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    return process


def test_the_second_build_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    """Command, process and time stand in the message, and the exit code is 8."""
    with _holder(tmp_path) as holder:
        with pytest.raises(LockedError) as error, locked(Project(tmp_path), "build"):
            pass
        holder.kill()

    assert str(error.value).startswith(f"`lpe nightly` (process {holder.pid} on ")
    assert "since 20" in str(error.value)
    assert error.value.exit_code == 8
    assert holder.stdout is not None
    holder.stdout.close()


def test_a_killed_build_leaves_its_lock_to_the_next(tmp_path: Path) -> None:
    """SIGKILL on the holder: the next build takes the lock at once."""
    with _holder(tmp_path) as holder:
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        with locked(Project(tmp_path), "build"):
            assert b'"command": "build"' in (tmp_path / "build" / "lock").read_bytes()


def test_the_lock_is_free_after_an_error(tmp_path: Path) -> None:
    """An exception inside releases it, and the file says nothing of a holder any more."""
    with pytest.raises(KeyError), locked(Project(tmp_path), "build"):
        raise KeyError

    with locked(Project(tmp_path), "publish"):
        pass
    assert (tmp_path / "build" / "lock").read_bytes() == b""


def test_a_lock_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file where the build folder should be: one clear error instead of a traceback."""
    (tmp_path / "build").write_text("")

    with (
        pytest.raises(SettingsError, match="build/lock cannot be written"),
        locked(Project(tmp_path), "build"),
    ):
        pass
