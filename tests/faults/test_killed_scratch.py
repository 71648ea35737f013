"""Temporary folders of a command that was killed: the next build removes them, and no other."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.promise(
    "builds", "A build that is killed at any moment is gone on with, and the site is the same"
)
KILLED = """
import os, pathlib, signal
from lpe_reports.system import scratch_folder
with scratch_folder("render") as folder:
    pathlib.Path(folder, "page.html").touch()
    print(folder, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_folders_of_a_killed_command_go_and_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages lie in them, in a folder that many can look into."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", KILLED], capture_output=True, text=True, timeout=60, check=False
    )
    left = Path(done.stdout.strip())
    assert left.parent == tmp_path
    assert (left / "page.html").is_file()
    foreign = tmp_path / "lpe-render-of-somebody"
    foreign.mkdir()

    code = "from lpe_reports.system import clear_scratch; clear_scratch()"
    with subprocess.Popen(
        [sys.executable, "-c", KILLED.replace("os.kill(os.getpid(), signal.SIGKILL)", "input()")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as living:  # fmt: skip
        assert living.stdout is not None
        theirs = Path(living.stdout.readline().strip())
        subprocess.run([sys.executable, "-c", code], timeout=60, check=True)

        assert sorted(tmp_path.iterdir()) == sorted([foreign, theirs])
        living.communicate("\n", timeout=60)
    assert list(tmp_path.iterdir()) == [foreign]
