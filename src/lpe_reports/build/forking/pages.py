"""What every page imports of this package: imported once, before the fork, and watched.

It happens in a process between the fork server, which has libraries only, and the notebooks. A
notebook begins with what `from lpe_reports import page` imports, as it is on the disk at that
time, and with nothing more: what it uses beside (measures) it imports itself, and that is what
its trace tells it from others by.
"""

import importlib
import importlib.util
import sys
import traceback
from pathlib import Path

from .warm import as_in_a_kernel

PACKAGE = "lpe_reports"
PAGE = "lpe_reports.page"

# When it was written, by the author's clock and by the system's, how long it is, and where.
_Look = tuple[int, int, int, int]


class ImportedPages:
    """The package as it was imported here; it must not be used once it is `outdated`.

    Where importing fails, it is as if nothing had been imported, until a file changes: the
    notebook then tells its author of it.
    """

    def __init__(self) -> None:
        # Looked at before they are imported, so that no change falls between.
        looks = {path: _look(path) for path in _package_files()}
        if looks and _import_page():
            used = {Path(file) for file in _imported_files()}
            looks = {path: look for path, look in looks.items() if path in used}
        self._looks = looks

    @property
    def outdated(self) -> bool:
        """Whether a file has been changed, replaced or removed since."""
        return any(_look(path) != look for path, look in self._looks.items())


def _package_files() -> list[Path]:
    spec = importlib.util.find_spec(PACKAGE)
    folders = spec.submodule_search_locations if spec is not None else None
    return [path for folder in folders or () for path in Path(folder).rglob("*.py")]


def _look(path: Path) -> _Look | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino


def _import_page() -> bool:
    try:
        with as_in_a_kernel():
            importlib.import_module(PAGE)
    except Exception:
        traceback.print_exc()
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]
        return False
    return True


def _imported_files() -> list[str]:
    modules = [m for name, m in sys.modules.items() if name.partition(".")[0] == PACKAGE]
    return [file for module in modules if (file := getattr(module, "__file__", None))]
