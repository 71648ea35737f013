"""The templates that a project's `_quarto.yml` names, copied out of the package and kept equal.

Quarto reads them by their paths in the project, and an installed package lies elsewhere. The copy
is for the author who renders one notebook; `lpe` itself takes them from the package. It is not
under version control: the commands that write to a project renew it where it differs.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from lpe_reports.render.site_files import ASSETS
from lpe_reports.settings import MARKER, Project
from lpe_reports.system import move

# Where Quarto's own users look for what is not theirs; the package's name says whose it is.
FOLDER = "_extensions/lpe_reports"
# How a checkout's own `_quarto.yml` names the same files.
IN_CHECKOUT = "src/lpe_reports"
_PACKAGE = ASSETS.parents[1]
_STRIPPING = _PACKAGE / "render" / "quarto" / "stripping.py"


def copy_into(root: Path) -> None:
    """Write the copy into a new project's folder."""
    for name, data in _files():
        _write(root / FOLDER / name, data)


def keep_equal(project: Project) -> None:
    """Renew what differs, in a project whose `_quarto.yml` names the copy.

    Where that cannot be, nothing else has to stop: `lpe check` names what differs.
    """
    wanted = dict(_files())
    with contextlib.suppress(OSError):
        for name in differing(project):
            place = project.root / FOLDER / name
            if name in wanted:
                _write(place, wanted[name])
            else:
                place.unlink(missing_ok=True)


def differing(project: Project) -> list[str]:
    """The files of the copy that are not as the package has them, by their names in it.

    None in a checkout, whose `_quarto.yml` names the package's own files.
    """
    if not _is_named(project.root / MARKER):
        return []
    folder, wanted = project.root / FOLDER, dict(_files())
    there = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    differ = {name for name, data in wanted.items() if _bytes(folder / name) != data}
    return sorted(differ | (there - wanted.keys()))


def _is_named(marker: Path) -> bool:
    try:
        return f"{FOLDER}/" in marker.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False


def _files() -> Iterator[tuple[str, bytes]]:
    """Each file's name below `FOLDER`, and what it holds."""
    for path in (*sorted(ASSETS.rglob("*")), _STRIPPING):
        if path.is_file():
            yield path.relative_to(_PACKAGE).as_posix(), path.read_bytes()


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _write(path: Path, data: bytes) -> None:
    """Write a file at once: a Quarto that runs just now reads the old one or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        scratch.write_bytes(data)
        move(scratch, path)
    finally:
        with contextlib.suppress(OSError):
            scratch.unlink(missing_ok=True)
