"""How `latest` leads to the newest version.

A symbolic link is swapped in one step: a reader gets a page of the old version or of the new
one. A file share or a Windows disk may have no such links; there `latest` is a copy of the
version (hard links where the disk has those), and between two renames of its swap it is not
there at all: for some thousandths of a second a reader may get "not found".
"""

import json
import os
import shutil
from pathlib import Path
from typing import Literal

from lpe_reports.errors import SettingsError
from lpe_reports.publish.tree import copy_tree

LATEST = "latest"

Pointer = Literal["symlink", "copy"]
POINTERS: tuple[Pointer, ...] = ("symlink", "copy")
_NEW, _OLD = ".latest-new", ".latest-old"


def choose_pointer(public: Path, wanted: str | None) -> Pointer:
    """How `latest` shall lead: as asked for, else as it does already, else by a link.

    Raises:
        SettingsError: There is no such way, or something that is not ours stands in its place;
            nothing has been changed.
    """
    latest = public / LATEST
    led = _leading(public)
    is_copy = not led.is_symlink() and _copied_id(led) is not None
    if latest.exists() and not latest.is_symlink() and not is_copy:
        raise SettingsError(
            "public/latest is neither the link nor the copy that `lpe publish` makes; move it "
            "away, nothing was published"
        )
    for pointer in POINTERS:
        if pointer == wanted:
            return pointer
    if wanted is not None:
        raise SettingsError(f"no pointer '{wanted}'; there are: {', '.join(POINTERS)}")
    return "copy" if is_copy else "symlink"


def point_latest(public: Path, version_id: str, pointer: Pointer) -> None:
    """Let `latest` lead to a version: in one step by a link, in two by a copy."""
    clear_pointers(public)
    if pointer == "copy":
        copy_tree(public / "v" / version_id, public / _NEW)
    else:
        (public / _NEW).symlink_to(Path("v", version_id), target_is_directory=True)
    _swap(public, in_one_step=pointer == "symlink")


def latest_id(public: Path) -> str | None:
    """The id of the version that `latest` leads to; None before the first publishing.

    Where a swap of copies was killed between its two renames, it is the one that it led to.
    """
    led = _leading(public)
    name = led.readlink().name if led.is_symlink() else _copied_id(led)
    if name is None:
        return None
    return name if (public / "v" / name).is_dir() else None


def clear_pointers(public: Path) -> None:
    """Put right what a killed swap left: `latest` comes back where it was taken away."""
    latest, old = public / LATEST, public / _OLD
    if _is_there(old) and not _is_there(latest):
        old.rename(latest)
    for left in (old, public / _NEW):
        _remove(left)


def _swap(public: Path, *, in_one_step: bool) -> None:
    latest, new, old = public / LATEST, public / _NEW, public / _OLD
    if in_one_step and (latest.is_symlink() or not latest.exists()):
        new.replace(latest)
        return
    if _is_there(latest):
        latest.rename(old)
    new.rename(latest)
    _remove(old)


def _leading(public: Path) -> Path:
    """What leads readers: `latest`, or what a killed swap took away from there."""
    latest, old = public / LATEST, public / _OLD
    return old if _is_there(old) and not _is_there(latest) else latest


def _copied_id(copy: Path) -> str | None:
    """The id in the record of a copy of a version; None where it is none."""
    try:
        return str(json.loads((copy / "version.json").read_bytes())["id"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _is_there(path: Path) -> bool:
    return os.path.lexists(path)


def _remove(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)
