"""A project of its own on the real demo, made once however many processes test side by side."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Three years, as `make site` makes them, so that its pages show what a reference shows.
YEARS = 3
_MAKING_SECONDS = 280
_LOOK_SECONDS = 0.2


def demo_project(shared: Path) -> Path:
    """The folder of a project with the demo's last night extracted; nobody may write in it.

    LPE_TEST_DEMO names a project whose data are taken in place of a demo made here: its data
    alone, for what its nights have decided across pages would hide other numbers.

    Args:
        shared: A folder of this run of the tests, the same in each of its processes.

    Raises:
        RuntimeError: It could not be made, or not in time.
    """
    folder, ready, begun = (shared / name for name in ("demo", "demo-ready", "demo-begun"))
    try:
        begun.touch(exist_ok=False)
    except FileExistsError:
        _wait_for(ready)
    else:
        try:
            make_demo_project(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)  # who waits finds none
            raise
        finally:
            ready.touch()
    if not folder.is_dir():
        raise RuntimeError("the demo could not be made; another test says why")
    return folder


def make_demo_project(folder: Path) -> None:
    """Make a project with the demo's three years and one night of it."""
    copy_sources(folder)
    if made := os.environ.get("LPE_TEST_DEMO"):
        shutil.copytree(Path(made) / "data", folder / "data", copy_function=_link)
        return
    for command in (["demo", "--years", str(YEARS)], ["extract", "--source", "demo"]):
        lpe = str(Path(sys.executable).parent / "lpe")
        done = subprocess.run(
            [lpe, *command],
            cwd=folder,
            env={name: text for name, text in os.environ.items() if name != "LPE_PROJECT"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=_MAKING_SECONDS,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"lpe {command[0]}: {done.stderr[-2000:]}{done.stdout[-2000:]}")


def _link(source: str, target: str) -> None:
    """The same file; a copy of it where the two folders lie on different disks."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def copy_sources(folder: Path) -> None:
    """Give a project what an office writes: params, notebooks and the site's description."""
    for name in ("params", "reports"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "_quarto.yml", folder)


def shared_folder(base: Path) -> Path:
    """The folder that the processes of one run of the tests share.

    Args:
        base: pytest's folder for temporary files of this process.
    """
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def _wait_for(ready: Path) -> None:
    until = time.monotonic() + _MAKING_SECONDS
    while not ready.exists():
        if time.monotonic() > until:
            raise RuntimeError("the demo was not made in time; another test says why")
        time.sleep(_LOOK_SECONDS)
