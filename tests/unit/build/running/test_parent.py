"""A process that ends with its parent, also where a parent that has ended is still named."""

import os
import subprocess
import sys
import time

import psutil
import pytest

_SECONDS = 20
# Its parent is told; as on Windows, the system goes on naming it after its end.
_CHILD = """
import os, sys, time
from lpe_reports.build.running.parent import end_with_parent
told = int(sys.argv[1])
if sys.argv[2] == "windows":
    os.getppid = lambda: told
end_with_parent(told)
print(os.getpid(), flush=True)
time.sleep(60)
"""
_PARENT = f"""
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {_CHILD!r}, str(os.getpid()), sys.argv[1]])
time.sleep(60)
"""


@pytest.mark.parametrize("named", ["posix", "windows"])
def test_a_process_ends_with_its_killed_parent(named: str) -> None:
    """Within seconds, by what the system says of the parent, or by its being gone."""
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, named], stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    time.sleep(0.1)
    assert child.is_running()

    parent.kill()
    parent.wait(_SECONDS)
    parent.stdout.close()

    _, alive = psutil.wait_procs([child], timeout=_SECONDS)
    for process in alive:
        process.kill()
    assert alive == []


def test_one_whose_parent_is_gone_already_ends_at_once() -> None:
    """The parent was killed while this one began."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(_SECONDS)

    ended = subprocess.run(
        [sys.executable, "-c", _CHILD, str(gone.pid), "windows"],
        stdout=subprocess.DEVNULL, timeout=_SECONDS, check=False, env={**os.environ},
    )  # fmt: skip

    assert ended.returncode == 1
