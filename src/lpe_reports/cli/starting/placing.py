"""A folder's content, whole or not at all: made apart, moved into place, its marker last."""

import json
from collections.abc import Callable
from pathlib import Path

from lpe_reports.errors import SettingsError, UsageError
from lpe_reports.settings import MARKER
from lpe_reports.system import move, remove_folder

# Where a project is made, in the very folder: nothing can be moved at once between two disks.
STAGE = ".lpe-init"
# Written when all has been made; from then on whoever comes next can finish the moving.
_READY = "ready.json"
# What may lie in the folder of a project before it is one.
_WELCOME = {".git", ".venv", "venv", ".idea", ".vscode"}
# What a system's file manager leaves behind in a folder that was looked at.
NOTHING = {".DS_Store", "desktop.ini", "Thumbs.db"}
_MOST_NAMES = 6


def place_project(folder: Path, make: Callable[[Path], None]) -> bool:
    """Fill a folder that is empty or not there yet.

    Killed before it is done, it leaves a folder that is no project, and that a second call makes
    into one.

    Args:
        folder: The project to be.
        make: Writes all of it into the folder that it is given.

    Returns:
        Whether it was made now; not where an earlier call was stopped and is finished instead.

    Raises:
        UsageError: The folder holds something, or is a file.
        SettingsError: It cannot be written to.
    """
    try:
        new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        if _finish_earlier(folder):
            return False
        require_empty(folder)
        stage = folder / STAGE
        try:
            stage.mkdir()
            make(stage)
            names = sorted(path.name for path in stage.iterdir())
            (stage / _READY).write_text(json.dumps(names), encoding="utf-8", newline="\n")
        except BaseException:
            remove_folder(stage)
            if new:
                folder.rmdir()
            raise
        _move_all(folder, names)
        return True
    except (FileExistsError, NotADirectoryError):
        raise UsageError(f"{folder.name} is a file; name a folder for the project") from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise SettingsError(f"the folder {folder.name} cannot be written to ({why})") from None


def require_empty(folder: Path) -> None:
    """Pass where a folder holds nothing that a project could harm or be harmed by.

    Raises:
        UsageError: It holds something; names what.
    """
    there = sorted(path.name for path in folder.iterdir())
    named = [name for name in there if name not in _WELCOME | NOTHING | {STAGE}]
    if not named:
        return
    if MARKER in named:
        raise UsageError(f"there is a project here already ({MARKER}); `lpe check` looks at it")
    more = len(named) - _MOST_NAMES
    said = ", ".join(named[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
    raise UsageError(
        f"the folder is not empty: it holds {said}. A project is made in an empty folder: name "
        "one that is not there yet, `lpe init FOLDER`"
    )


def _finish_earlier(folder: Path) -> bool:
    """Finish what was killed: move what had been made, or clear away what had not.

    Nothing that was moved before is touched: somebody may have begun to work with it.
    """
    stage = folder / STAGE
    if not stage.is_dir():
        return False
    try:
        names: list[str] = json.loads((stage / _READY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        remove_folder(stage)
        return False
    left = [name for name in names if (stage / name).exists()]
    taken = [name for name in left if (folder / name).exists()]
    if taken:
        raise UsageError(
            f"an earlier `lpe init` was stopped here, and {taken[0]} was put in its way since; "
            "move that away and run it again"
        )
    _move_all(folder, left)
    return True


def _move_all(folder: Path, names: list[str]) -> None:
    for name in sorted(names, key=lambda name: name == MARKER):
        move(folder / STAGE / name, folder / name)
    remove_folder(folder / STAGE)
