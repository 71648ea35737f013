"""Hundreds of runs in one parent: no open file is left behind by any, and no memory grows."""

from pathlib import Path

import psutil
import pytest

from drawn import LONG
from kept_worker import kept_worker
from lpe_reports.build.runs import RunStatus
from reliability.trials import Tried
from tiny_project import TinyProject

RUNS = 500 if LONG else 36
WARM_RUNS = 100 if LONG else 12  # libraries are imported, pools filled
LEAKED_DESCRIPTORS = 2
# A sample is short, so that what Python sets aside once weighs more in it.
GROWTH = 1.05 if LONG else 1.10
CELLS = ("import pandas as pd\nframe = pd.DataFrame({'n': range(10_000)})", "print(len(frame))")


def _build(tiny: TinyProject) -> int:
    """Run every notebook once."""
    tiny.remove_build()
    runs = tiny.build()
    assert {run.status for run in runs} == {RunStatus.BUILT}
    return len(runs)


def _family() -> list[psutil.Process]:
    """This process, and those that run its notebooks."""
    own = psutil.Process()
    return [own, *own.children(recursive=True)]


def _taken() -> tuple[int, int]:
    """Open files and private memory in bytes, of all of them."""
    family = _family()
    memory = sum(process.memory_full_info().uss for process in family)
    return sum(process.num_fds() for process in family), memory


@pytest.mark.promise(
    "builds", "Hundreds of runs in one parent leave no open file and grow no memory"
)
@pytest.mark.timeout(3600 if LONG else 600)
def test_many_runs_in_one_parent_leave_nothing_behind(tmp_path: Path, tried: Tried) -> None:
    """At most two descriptors and a twentieth of its memory more, after 500 runs."""
    tiny = TinyProject(tmp_path, kept_worker)
    tiny.write_report(list(CELLS), units="abc", weeks=2)
    warm = 0
    while warm < WARM_RUNS:
        warm += _build(tiny)
    files, memory = _taken()

    runs = 0
    while runs < RUNS:
        runs += _build(tiny)
    files_after, memory_after = _taken()

    assert files_after - files <= LEAKED_DESCRIPTORS
    assert memory_after <= memory * GROWTH, f"{memory_after / memory - 1:.1%} more"
    tried(runs, "runs")
