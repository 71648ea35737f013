"""What the systems that the project runs on do differently with files, in one place.

Windows has no owners and rights as POSIX knows them, lets no file or folder be moved or removed
while any program has it open, and neither removes nor replaces a file that is read-only.
"""

import contextlib
import errno
import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tempfile

# What has owners, rights and links as POSIX knows them can fork, too; Windows cannot.
POSIX = hasattr(os, "fork")

# Where a link to a file cannot be made (another disk, a file share, FAT, too many of them) a copy
# can; Windows says of most of these that the argument is invalid.
NO_LINK = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EACCES, errno.ENOSYS}
NO_LINK |= set() if POSIX else {errno.EINVAL}

# Windows' own numbers: "access is denied", and in use by another program, whole or in part.
_HELD = (5, 32, 33)
# A virus scanner or an indexer opens what is new, a reader what is there; each for a moment.
_PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6)

# What `scratch_folder` makes: of these kinds, and of this process.
_SCRATCH = r"lpe-(?:pack|quarto|render|search|sign)-(\d+)-.*"


def write_protect(path: str | Path) -> None:
    """Make a file that others are linked to read-only, where that does no harm.

    On Windows it would: such a file cannot be removed, and what lifts that lifts it for all its
    names. There the digests alone notice a file that was written into.
    """
    if POSIX:
        os.chmod(path, 0o444)  # noqa: PTH101 - of thousands, some as plain texts


def made_with(mode: int) -> int:
    """The rights to make a file with; on Windows never read-only ones, see `protect`."""
    return mode if POSIX else 0o666


def move(source: Path, target: Path) -> None:
    """Rename a file, over one that is there, or a folder to a place that is free.

    Where a program holds something of it open for a moment, this waits some seconds for it.

    Raises:
        FileExistsError: The place of a folder is taken.
        OSError: Any other reason; on Windows also that a program goes on holding it open.
    """
    _patiently(lambda: _move(source, target))


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that is in it; waits as `move` does.

    Raises:
        OSError: Something of it cannot be removed.
    """
    _patiently(lambda: _remove_folder(folder))


def left_behind(folder: Path, names: str) -> list[Path]:
    """What processes that are no more have left in a folder.

    Ask before anything is made: what bears this process' own number is then of an earlier one.

    Args:
        folder: The folder, which need not be there.
        names: A pattern for the names; its first group is the number of the process.
    """
    import psutil  # Few commands make anything that could be left behind.

    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        owner = re.fullmatch(names, path.name)
        if owner and (int(owner[1]) == os.getpid() or not psutil.pid_exists(int(owner[1]))):
            found.append(path)
    return found


def scratch_folder(what: str) -> "tempfile.TemporaryDirectory[str]":
    """A temporary folder that tells whose it is, for `clear_scratch` where its process is killed.

    Args:
        what: What it is for, in small letters.
    """
    import tempfile

    prefix = f"lpe-{what}-{os.getpid()}-"
    return tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)


def clear_scratch() -> None:
    """Remove the temporary folders of processes that were killed: pages may lie in them."""
    import tempfile

    for folder in left_behind(Path(tempfile.gettempdir()), _SCRATCH):
        shutil.rmtree(folder, ignore_errors=True)


def is_held(error: OSError) -> bool:
    """Whether an error may be Windows' answer to moving what some program has open."""
    return getattr(error, "winerror", None) in _HELD


def why(error: OSError) -> str:
    """The reason of an error, for a message; with what to do where a program holds a file."""
    said = error.strerror or type(error).__name__
    return f"{said}; another program has it open, close that" if is_held(error) else said


def _patiently(do: Callable[[], None]) -> None:
    for pause in _PAUSES:
        try:
            return do()
        except OSError as error:
            if not is_held(error):
                raise
        time.sleep(pause)
    return do()


def _move(source: Path, target: Path) -> None:
    # What is neither: a link, which is replaced like a file.
    if source.is_dir() and not source.is_symlink():
        source.rename(target)
    else:
        source.replace(target)


def _remove_folder(folder: Path) -> None:
    with contextlib.suppress(FileNotFoundError):  # by another try, or another program
        shutil.rmtree(folder)
