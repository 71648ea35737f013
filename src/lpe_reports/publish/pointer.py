"""How `latest` leads to the newest version.

A symbolic link is swapped in one step: a reader gets a page of the old version or of the new
one. Windows cannot swap one, and a file share may have none; there `latest` is a copy of the
version (hard links where the disk has those), and between two renames of its swap it is not
there at all: for some thousandths of a second a reader may get "not found".
"""

import contextlib
import errno
import json
import os
import secrets
from pathlib import Path
from typing import Literal

from lpe_reports.errors import SettingsError
from lpe_reports.publish.tree import copy_tree
from lpe_reports.system import move, remove_folder

LATEST = "latest"

Pointer = Literal["symlink", "copy"]
POINTERS: tuple[Pointer, ...] = ("symlink", "copy")
_NEW, _OLD, _TRIAL = ".latest-new", ".latest-old", ".latest-try-"


def choose_pointer(public: Path, wanted: str | None) -> Pointer:
    """How `latest` shall lead: as asked for, else as it does already, else by a link if it can.

    Raises:
        SettingsError: There is no such way, or none here, or something that is not ours stands in
            its place; nothing has been changed.
    """
    latest = public / LATEST
    led = _leading(public)
    is_copy = not led.is_symlink() and _copied_id(led) is not None
    if latest.exists() and not latest.is_symlink() and not is_copy:
        raise SettingsError(
            "public/latest is neither the link nor the copy that `lpe publish` makes; move it "
            "away, nothing was published"
        )
    if wanted is not None and wanted not in POINTERS:
        raise SettingsError(f"no pointer '{wanted}'; there are: {', '.join(POINTERS)}")
    if wanted == "copy" or (wanted is None and is_copy):
        return "copy"
    if led.is_symlink() or _swaps_links(public):
        return "symlink"
    if wanted is None:
        return "copy"
    raise SettingsError(
        "no symbolic link can be made and swapped in public/ (Windows, or a file share); leave "
        "--pointer out, and public/latest becomes a copy. Nothing was published"
    )


def pointer_in_words(public: Path) -> str:
    """What an operator should know of how `latest` leads; nothing where it is a link."""
    if not _is_there(public / LATEST) or (public / LATEST).is_symlink():
        return ""
    return (
        "public/latest is a copy of that version, since a link is not asked for or cannot be "
        "swapped here; while it is swapped, a reader may for a moment find no page"
    )


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
        move(old, latest)
    for left in (old, public / _NEW, *public.glob(f"{_TRIAL}*")):
        _remove(left)


def _swap(public: Path, *, in_one_step: bool) -> None:
    latest, new, old = public / LATEST, public / _NEW, public / _OLD
    if in_one_step and (latest.is_symlink() or not latest.exists()):
        new.replace(latest)
        return
    if _is_there(latest):
        move(latest, old)
    try:
        move(new, latest)
    except OSError:
        if _is_there(old):
            move(old, latest)
        raise
    # Whoever still reads in the old one may hold it; the next publishing clears it away.
    with contextlib.suppress(OSError):
        _remove(old)


def _swaps_links(public: Path) -> bool:
    """Whether a link to a folder can be made here and take the place of another in one step."""
    first, second = (public / f"{_TRIAL}{secrets.token_hex(8)}" for _ in range(2))
    was_there = public.exists()
    try:
        public.mkdir(parents=True, exist_ok=True)
        for link in (first, second):
            link.symlink_to("v", target_is_directory=True)
        second.replace(first)
    except OSError as error:
        # No room or no right to write: what publishing finds as well, and tells of.
        return error.errno in (errno.ENOSPC, errno.EROFS)
    finally:
        for link in (first, second):
            with contextlib.suppress(OSError):
                _remove(link)
        if not was_there:  # whoever only looks has published nothing
            with contextlib.suppress(OSError):
                public.rmdir()
    return True


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
        remove_folder(path)
