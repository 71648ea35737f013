"""Takes from a Python on Linux what Python on Windows does not have, before anything is imported.

A folder of its own: with it on PYTHONPATH every Python that is started below begins without fork,
symbolic links and rights; text is cp1252 where nothing else is said; a file that is read-only, or
that this process holds open, can neither be removed nor replaced, and no folder with such a file
be moved. `fcntl`, `resource` and /proc are there for libraries alone, which would know what to do
on Windows. What Windows answers comes with its own number, `winerror`.

What it cannot show: other processes' open files, paths with drives, and the console.
"""

# pathlib itself asks what is replaced here.
# ruff: noqa: PTH112, PTH113, PTH115, PTH118, PTH119, PTH120, PTH208
import builtins
import errno
import fcntl
import io
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any

_ACCESS_DENIED, _HELD_OPEN, _EXISTS, _NO_PRIVILEGE = 5, 32, 183, 1314
_POSIX_ONLY = (
    "fork", "forkpty", "killpg", "pidfd_open", "wait3", "wait4", "waitid", "mkfifo",
    "register_at_fork", "sched_getaffinity", "sched_setaffinity", "O_DIRECTORY", "O_NOFOLLOW",
)  # fmt: skip
_NO_MODULES = ("fcntl", "resource", "pwd", "grp", "termios")
_OURS = "lpe_reports"
# These choose by the platform's name while they are imported.
_BY_NAME = ("lpe_reports.build.lock", "lpe_reports.build.running.watching")

_open = io.open
_unlink, _rename, _replace = os.unlink, os.rename, os.replace


def _take_away() -> None:
    for name in _POSIX_ONLY:
        if hasattr(os, name):
            delattr(os, name)
    del time.tzset
    # Else it goes by descriptors of folders, which Windows does not have.
    shutil._use_fd_functions = False  # type: ignore[attr-defined]
    sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds no module of POSIX for our own code, and runs some of it as if on Windows."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        if name in _NO_MODULES and _asked_by_us():
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        if name not in _BY_NAME:
            return None
        spec = PathFinder.find_spec(name, path)
        assert spec is not None and spec.loader is not None
        run = spec.loader.exec_module

        def run_as_on_windows(module: ModuleType) -> None:
            run(module)  # what it imports is there now, and chosen by the true name
            sys.platform, sys.modules["msvcrt"] = "win32", _Msvcrt  # type: ignore[assignment]
            try:
                run(module)
            finally:
                sys.platform = "linux"
                del sys.modules["msvcrt"]

        spec.loader.exec_module = run_as_on_windows  # type: ignore[method-assign]
        return spec


class _Msvcrt:
    """As much of the module as is used: a lock on some bytes of an open file."""

    LK_NBLCK = 2

    @staticmethod
    def locking(descriptor: int, mode: int, size: int) -> None:
        assert mode == _Msvcrt.LK_NBLCK
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, size, 0, os.SEEK_CUR)


def _asked_by_us() -> bool:
    """Whether the code that asks, past imports and the standard library's files, is ours."""
    frame = sys._getframe(2)
    while frame is not None:
        name = str(frame.f_globals.get("__name__", ""))
        if name != __name__ and not name.startswith(("importlib", "pathlib", "io")):
            return name.partition(".")[0] == _OURS
        frame = frame.f_back  # type: ignore[assignment]
    return False


def _refused(number: int, code: int, *names: object) -> OSError:
    error = OSError(code, os.strerror(code), str(names[0]))
    error.winerror = number  # type: ignore[attr-defined]
    return error


def _refuse_held(*paths: object) -> None:
    """Refuse what is read-only (of a file that is to go) or open in this process."""
    held = set(_held_open())
    for path in paths:
        place = os.path.realpath(os.path.dirname(os.fspath(path)) or ".")  # type: ignore[call-overload]
        name = os.path.join(place, os.path.basename(os.fspath(path)))  # type: ignore[call-overload]
        inside = name + os.sep
        if any(each == name or each.startswith(inside) for each in held):
            raise _refused(_HELD_OPEN, errno.EACCES, path)


def _refuse_read_only(path: object) -> None:
    try:
        found = os.lstat(path)  # type: ignore[arg-type]
    except OSError:
        return
    if stat.S_ISREG(found.st_mode) and not found.st_mode & stat.S_IWUSR:
        raise _refused(_ACCESS_DENIED, errno.EACCES, path)


def _held_open() -> Iterator[str]:
    for number in os.listdir("/proc/self/fd"):
        try:
            yield os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            continue
    with _open("/proc/self/maps", encoding="utf-8") as maps:
        for line in maps:
            place = line[73:].rstrip("\n")
            if place.startswith("/") and ".so" not in place:
                yield place


def _removing(path: Any, *, dir_fd: int | None = None) -> None:
    if dir_fd is None:
        _refuse_read_only(path)
        if os.path.isfile(path):
            _refuse_held(path)
    _unlink(path, dir_fd=dir_fd)


def _moving(move: Callable[..., None], *, over: bool) -> Callable[..., None]:
    def moving(source: Any, target: Any, **folders: Any) -> None:
        if os.path.lexists(target):
            if not over:
                raise _refused(_EXISTS, errno.EEXIST, target)
            if os.path.isdir(target):
                raise _refused(_ACCESS_DENIED, errno.EACCES, target)
            _refuse_read_only(target)
        _refuse_held(source, target)
        move(source, target, **folders)

    return moving


def _linking(source: Any, target: Any, *_: Any, **__: Any) -> None:
    raise _refused(_NO_PRIVILEGE, errno.EINVAL, target)


def _opening(file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, *more: Any,
             **named: Any) -> Any:  # fmt: skip
    named_file = os.fspath(file) if isinstance(file, str | os.PathLike) else ""
    if str(named_file).startswith("/proc/") and _asked_by_us():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(file))
    if "b" not in mode and encoding in (None, "locale"):
        encoding = "cp1252"
    return _open(file, mode, buffering, encoding, *more, **named)


_take_away()
os.unlink = os.remove = _removing
os.rename, os.replace = _moving(_rename, over=False), _moving(_replace, over=True)
os.symlink = _linking
builtins.open = io.open = _opening
io.text_encoding = lambda encoding, stacklevel=2: "cp1252" if encoding is None else encoding
subprocess._text_encoding = lambda: "cp1252"  # type: ignore[attr-defined]
for stream in (sys.stdout, sys.stderr):
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="cp1252")
