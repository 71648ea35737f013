"""`lpe init` and `lpe new` stopped midway: nothing, or all of it; and the next call goes on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from command_line import lpe
from lpe_reports.errors import SettingsError
from lpe_reports.settings import MARKER, find_project

pytestmark = pytest.mark.promise(
    "authors", "`lpe init` and `lpe new` that are stopped midway leave nothing or all of it"
)

# The command line in a process that ends without a word when a file is written or moved.
KILLED = """
import os, pathlib, sys
from lpe_reports.cli import main
from lpe_reports.cli.starting import placing, report_files

at, what = int(sys.argv.pop(1)), sys.argv.pop(1)

def counted(function):
    def call(*given, **more):
        global at
        at -= 1
        if at < 0:
            os._exit(9)
        return function(*given, **more)
    return call

if what == "write":
    pathlib.Path.write_bytes = counted(pathlib.Path.write_bytes)
else:
    placing.move = counted(placing.move)
    placing.remove_folder = counted(placing.remove_folder)
    report_files.move = counted(report_files.move)
main()
"""
NEW = ["new", "--title", "Ny", "--question", "Hur?", "--area", "nyttjande", "--units", "vo",
       "--periods", "month"]  # fmt: skip


def killed(root: Path, at: int, what: str, *arguments: str) -> int:
    """Run a command that is killed at one of its writes or moves; gives its exit code."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(at), what, *arguments],
        cwd=root, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    return done.returncode


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_init_and_new_need_nothing_that_windows_lacks(tmp_path: Path, root: Path) -> None:
    """Without fork, links and rights, with cp1252 where nothing is said: the same files."""
    world = {k: v for k, v in os.environ.items() if not k.startswith(("LPE_", "PYTHON"))}
    world |= {"PYTHONPATH": str(root / "tests" / "without_posix"), "PYTHONUTF8": "0"}
    name = "vår kö"
    made = {}
    for folder, environment in (("there", world), ("here", dict(os.environ))):
        place = tmp_path / folder
        place.mkdir()
        for arguments, cwd in ((["init", name], place), (NEW, place / name)):
            done = subprocess.run(
                [sys.executable, "-c", "from lpe_reports.cli import main; main()", *arguments],
                cwd=cwd, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                timeout=60, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
        made[folder] = files_of(place)

    assert made["there"] == made["here"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What `lpe init` makes when nobody stops it."""
    folder = tmp_path_factory.mktemp("whole")
    assert lpe(folder, "init").returncode == 0
    return files_of(folder)


@pytest.mark.parametrize(("what", "at"), [("write", 20), ("move", 0), ("move", 4), ("move", 9)])
def test_init_that_was_killed_is_no_project_and_is_made_whole(
    tmp_path: Path, whole: dict[str, bytes], what: str, at: int
) -> None:
    """No command takes half a project for one; `lpe init` again makes all of it."""
    assert killed(tmp_path, at, what, "init") == 9
    assert not (tmp_path / MARKER).exists()
    assert lpe(tmp_path, "check").returncode == 2

    again = lpe(tmp_path, "init")

    assert again.returncode == 0, again.stderr
    assert files_of(tmp_path) == whole


def test_init_that_was_killed_after_its_last_move_is_a_project(
    tmp_path: Path, whole: dict[str, bytes]
) -> None:
    """Only what it was made in is left; the next call clears that away and takes nothing else."""
    moves = len({name.partition("/")[0] for name in whole})
    assert killed(tmp_path, moves, "move", "init") == 9
    assert find_project(tmp_path).root == tmp_path.resolve()
    (tmp_path / "README.md").write_bytes(b"ours by now")

    assert lpe(tmp_path, "init").returncode == 0
    assert files_of(tmp_path) == whole | {"README.md": b"ours by now"}


def test_init_does_not_go_over_what_was_put_in_its_way(tmp_path: Path) -> None:
    """Something of the author's in the folder since it was killed is named, and kept."""
    assert killed(tmp_path, 2, "move", "init") == 9
    (tmp_path / "reports").mkdir()

    told = lpe(tmp_path, "init")

    assert told.returncode == 2
    assert "reports was put in its way" in told.stderr


def test_init_on_a_full_disk_leaves_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says why, and the folder that it would have made is not there."""
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "units.yml":
            raise OSError(28, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    told = lpe(tmp_path, "init", "new")

    assert told.returncode != 0
    assert "No space left" in told.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("what", "at"), [("write", 1), ("move", 0), ("move", 1), ("move", 2)])
def test_new_that_was_killed_is_no_report_and_is_made_whole(
    tmp_path: Path, what: str, at: int
) -> None:
    """Its params come last, so that no night runs half a report; the same call makes all of it."""
    assert lpe(tmp_path, "init").returncode == 0
    before = set(files_of(tmp_path))
    assert killed(tmp_path, at, what, *NEW) == 9
    assert not (tmp_path / "params" / "reports" / "ny.yml").exists()

    again = lpe(tmp_path, *NEW)

    assert again.returncode == 0, again.stderr
    made = {name for name in set(files_of(tmp_path)) - before if not name.endswith(".new")}
    assert made == {
        "params/reports/ny.yml", "reports/utilisation/ny.ipynb", "tests/test_ny.py",
    }  # fmt: skip


def test_new_that_cannot_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The third of its files finds no room: the other two are not there either."""
    assert lpe(tmp_path, "init").returncode == 0
    before = files_of(tmp_path)
    from lpe_reports.cli.starting import report_files

    move = report_files.move

    def full(source: Path, target: Path) -> None:
        if target.suffix == ".yml":
            raise OSError(28, "No space left on device")
        move(source, target)

    monkeypatch.setattr(report_files, "move", full)
    told = lpe(tmp_path, *NEW)

    assert told.returncode == SettingsError.exit_code
    assert "none of its files was" in told.stderr
    assert files_of(tmp_path) == before
