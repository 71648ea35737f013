"""Previews beside each other leave each other's folders alone, and remove those of the dead."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from lpe_reports.cli.live.maker import SCRATCH
from lpe_reports.cli.live.scratch import new_scratch, remove_leftovers

pytestmark = pytest.mark.promise(
    "authors",
    "A preview tells what is wrong, gives nothing to others, and leaves nothing behind",
)


def test_a_folder_is_removed_once_its_owner_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before, whether or not a process makes pages in it; another's folder never."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for name in (f"{dead.pid}-1-a", f"{os.getpid()}-1-reused", "of-somebody-else"):
        (tmp_path / f"{SCRATCH}{name}").mkdir()

    with new_scratch() as own:
        remove_leftovers()

        assert {path.name for path in tmp_path.iterdir()} == {
            Path(own).name,
            f"{SCRATCH}of-somebody-else",
        }
