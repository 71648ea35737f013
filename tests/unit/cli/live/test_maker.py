"""The process that makes pages leaves nothing, whenever the preview is gone."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lpe_reports.build.forking.platform import can_fork
from lpe_reports.cli.live.maker import SCRATCH

pytestmark = pytest.mark.promise(
    "authors",
    "A preview tells what is wrong, gives nothing to others, and leaves nothing behind",
)


@pytest.mark.skipif(not can_fork(), reason="a notebook's process waits on Linux alone")
def test_no_folder_is_left_of_a_preview_killed_in_its_first_second(tmp_path: Path) -> None:
    """Nor where a notebook's process waits for its first cell, in folders of its own."""
    scratch = tmp_path / f"{SCRATCH}1"
    (scratch / "ipython").mkdir(parents=True)
    maker = subprocess.Popen(
        [sys.executable, "-m", "lpe_reports.cli.live.maker"],
        env={**os.environ, "LPE_PROJECT": str(tmp_path), "IPYTHONDIR": str(scratch / "ipython")},
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + 60
    while len(list(scratch.iterdir())) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    maker.communicate(timeout=20)

    assert not scratch.exists()
