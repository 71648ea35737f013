"""What a notebook uses of the project beside extract and params: its own modules, files beside it.

Imported before anything else by `lpe_reports.page`: what is imported or read from then on, and
changed while the notebook runs, is told from what was there before.
"""

import hashlib
import os
import sys
import time
from collections.abc import Iterator
from itertools import takewhile
from operator import itemgetter
from pathlib import Path
from types import ModuleType

import lpe_reports
from lpe_reports.moment import TICK_NS, Moment

BEGAN = Moment()

# Where this was imported, and what had been before anything of this package was.
_PID = os.getpid()
_LAST = list(takewhile(lambda name: name != lpe_reports.__name__, sys.modules))[-1]

# What a plan compares otherwise, or what a build makes.
_OTHERWISE = frozenset({"data", "build", "public"})
_PARAMS = ("params/", ".yml")  # read entry by entry, see `params_record`
_STEPS = (f"{os.sep}..", f"{os.sep}.{os.sep}", os.sep * 2)
MISSING = "missing"
UNSURE = ""  # holds on no other night: it was changed while the notebook ran


# What runs a notebook; no notebook can depend on what it says.
_OUTER = ("build", "render", "publish", "cli")

# Digests of files, each with how the file looked then: a forked notebook begins with those of the
# modules that were imported before it.
_digests: dict[Path, tuple[tuple[int, ...], str]] = {}


class Opened:
    """The files below a folder that this process has opened by Python, as an audit hook."""

    def __init__(self, root: Path) -> None:
        self._root = f"{root}{os.sep}"
        # Whether it was first opened for reading: what a notebook writes itself is its own.
        self._read: dict[str, bool] = {}

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        """Note a file; for `sys.addaudithook`."""
        if event != "open":
            return
        path, _, flags = arguments
        if not isinstance(path, str) or not isinstance(flags, int):
            return
        if not os.path.isabs(path):  # noqa: PTH117  # a text, thousands of times
            try:
                path = os.path.abspath(path)  # noqa: PTH100
            except OSError:
                return  # the working folder is gone
        if path.startswith(self._root):
            self._read.setdefault(path, not flags & os.O_WRONLY)

    def __iter__(self) -> Iterator[Path]:
        return (Path(path) for path, read in list(self._read.items()) if read)


_opened: Opened | None = None


def watch() -> None:
    """Note from now on which files of the project are opened, in a build's run.

    A process has this once: a hook cannot be taken away again.
    """
    global _opened
    if _opened is None and os.environ.get("LPE_RUN") == "1" and "LPE_PROJECT" in os.environ:
        _opened = Opened(Path(os.environ["LPE_PROJECT"]).resolve())
        sys.addaudithook(_opened)


def imported() -> Iterator[tuple[str, ModuleType]]:
    """The modules of this process, the newest first, but for those of a fork server.

    It has libraries only. To look at a thing is to write to it, which copies its memory: two
    thousand libraries would cost as much as all that a small page reads.
    """
    forked = os.getpid() != _PID
    for name in list(takewhile(lambda name: not (forked and name == _LAST), reversed(sys.modules))):
        if (module := sys.modules.get(name)) is not None:
            yield name, module


def used(root: Path, opened: Opened | None = None) -> dict[str, str]:
    """The project's own modules and files that this process uses, each with its SHA-256.

    Args:
        root: The project's folder.
        opened: The files it opened; those that `watch` has noted when not given.
    """
    # Texts until few are left: a process has thousands of modules.
    below = f"{root}{os.sep}"
    files = [getattr(module, "__file__", None) for _, module in imported()]
    places = (_absolute(file) for file in files if isinstance(file, str))
    paths = {Path(place) for place in places if place.startswith(below)}
    paths |= set(opened or _opened or ())
    found = {}
    for path in sorted(paths):
        name = _name(path, root)
        if name is not None and not path.is_dir():
            found[name] = digest_now(path)
    return found


def _absolute(path: str) -> str:
    """A path without steps back; what an import was found by may have some, or be relative."""
    plain = os.path.isabs(path) and not any(step in path for step in _STEPS)  # noqa: PTH117
    return path if plain else os.path.abspath(path)  # noqa: PTH100


def file_digest(root: Path, name: str) -> str:
    """SHA-256 of a file of the project as it is now, by its name in a trace."""
    try:
        return hashlib.sha256((root / name).read_bytes()).hexdigest()
    except OSError:
        return MISSING


def digest_now(path: Path) -> str:
    """SHA-256 of a file that this process has used; `UNSURE` where it may have used another."""
    try:
        stat = path.stat()
        latest = time.time_ns() + TICK_NS  # a later time tells nothing: it was set by hand
        if any(BEGAN.earliest_ns <= at <= latest for at in (stat.st_mtime_ns, stat.st_ctime_ns)):
            return UNSURE
        look = (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)
        known = _digests.get(path)
        if known is None or known[0] != look:
            known = _digests[path] = look, hashlib.sha256(path.read_bytes()).hexdigest()
        return known[1]
    except OSError:
        return MISSING


def imported_modules() -> dict[str, str]:
    """The package's modules that are imported now, with the SHA-256 of their source.

    One that was changed while the notebook ran has `UNSURE`: what was imported is gone.
    """
    found = {}
    for name, module in sorted(imported(), key=itemgetter(0)):
        package, _, rest = name.partition(".")
        if package != lpe_reports.__name__ or rest.partition(".")[0] in _OUTER:
            continue
        file = getattr(module, "__file__", None)
        if file is not None:
            found[name] = digest_now(Path(file))
    return found


def is_file_name(name: str) -> bool:
    """Whether what a trace names is a file of the project, and not a module of this package."""
    return not name.startswith(f"{lpe_reports.__name__}.") and name != lpe_reports.__name__


def _name(path: Path, root: Path) -> str | None:
    """The name of a file that pages may depend on; None for all others."""
    if not path.is_relative_to(root):
        return None
    outside = (Path(lpe_reports.__file__).parent, Path(sys.prefix), Path(sys.base_prefix))
    if any(path.is_relative_to(each) for each in outside):
        return None
    steps = path.relative_to(root).parts
    if steps[0] in _OTHERWISE or {"site-packages", "__pycache__"} & set(steps):
        return None
    name = "/".join(steps)
    is_params = name.startswith(_PARAMS[0]) and name.endswith(_PARAMS[1])
    return None if is_params or any(step.startswith(".") for step in steps) else name
