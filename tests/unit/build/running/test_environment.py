"""What a notebook's environment names of its own, and what is left of it."""

import os
import tempfile
from pathlib import Path

import pytest

from engine_pair import environment
from lpe_reports.build.running.environment import own_folders

NAMES = (
    "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "TMPDIR",
    "TEMP", "TMP",
)  # fmt: skip


def test_folders_of_a_run_go_when_it_fails_and_the_worker_keeps_its_own(tmp_path: Path) -> None:
    """An error passes through; the variables are as they were, set or not."""
    with environment(IPYTHONDIR=str(tmp_path / "scratch" / "ipython"), TEMP=None):
        before = {name: os.environ.get(name) for name in NAMES}
        with pytest.raises(ValueError, match="fails"), own_folders():
            own = [Path(os.environ[name]) for name in NAMES]
            for place in own:
                place.mkdir(exist_ok=True)
                (place / "rows").write_text("a patient's")
            raise ValueError("fails")
        after = {name: os.environ.get(name) for name in NAMES}

    assert all(place.is_relative_to(tmp_path / "scratch") for place in own)
    assert list((tmp_path / "scratch").iterdir()) == []
    assert before == after
    assert Path(tempfile.gettempdir()).is_dir()


def test_a_run_has_room_for_names_of_sockets(tmp_path: Path) -> None:
    """What `multiprocessing` puts there has up to 35 characters; all may have 104."""
    with environment(IPYTHONDIR=str(tmp_path / "ipython")), own_folders():
        added = len(os.environ["TMPDIR"]) - len(str(tmp_path))

    assert added <= 11
