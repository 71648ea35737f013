"""The package's modules in the process that makes the page: dropped when one of them has changed.

The libraries beside it stay, and with them what costs most of a start. What is imported next is
the package as it is on the disk then.
"""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

_PACKAGE = "lpe_reports"
# What runs while modules are dropped, and what it tells errors with.
_KEPT = {
    _PACKAGE,
    f"{_PACKAGE}.cli",
    f"{_PACKAGE}.cli.live",
    *(f"{_PACKAGE}.cli.live.{name}" for name in ("code", "maker", "problems", "words")),
}

# When a file was written, how long it is, and which one it is.
_Look = tuple[int, int, int]


class Code:
    """The package as it was imported here.

    Args:
        keep: Called before modules are dropped; returns what is called when they are there again.
    """

    def __init__(self, keep: Callable[[], Callable[[], None] | None]) -> None:
        self._keep = keep
        self._looks: dict[Path, _Look | None] = {}
        self._broken = False
        self._restore: Callable[[], None] | None = None

    def current(self, name: str) -> ModuleType:
        """A module of the package as it is on the disk.

        Raises:
            Exception: It, or one that it imports, cannot be imported as it is written.
        """
        if self._broken or any(_look(path) != look for path, look in self._looks.items()):
            self._restore = self._keep() or self._restore
            _drop()
            self._looks = {}
        self._broken = True
        module = importlib.import_module(name)
        if self._restore is not None:
            self._restore()
            self._restore = None
        self._broken = False
        self._note()
        return module

    def note(self) -> None:
        """Note what has been imported since, by the work itself."""
        if not self._broken:
            self._note()

    def _note(self) -> None:
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None) if _is_ours(name) else None
            if file and Path(file) not in self._looks:
                self._looks[Path(file)] = _look(Path(file))


def _is_ours(name: str) -> bool:
    return name.startswith(f"{_PACKAGE}.") and name not in _KEPT


def _drop() -> None:
    importlib.invalidate_caches()
    for name in [name for name in sys.modules if _is_ours(name)]:
        del sys.modules[name]
        above, _, last = name.rpartition(".")
        # A package that stays would still lead to it.
        if above in sys.modules:
            vars(sys.modules[above]).pop(last, None)


def _look(path: Path) -> _Look | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
