"""How `latest` leads to the newest version: a symbolic link, swapped in one step."""

import os
from pathlib import Path
from typing import Literal

from lpe_reports.errors import SettingsError

LATEST = "latest"

Pointer = Literal["symlink"]


def check_pointer(public: Path) -> None:
    """Pass when `latest` can be swapped.

    Raises:
        SettingsError: Something else than our link stands in its place.
    """
    latest = public / LATEST
    if latest.exists() and not latest.is_symlink():
        raise SettingsError(
            "public/latest is not the link that `lpe publish` makes; move it away, nothing was "
            "published"
        )


def point_latest(public: Path, version_id: str) -> None:
    """Let `latest` lead to a version, in one step."""
    temporary = public / f".latest-{os.getpid()}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(Path("v", version_id), target_is_directory=True)
    temporary.replace(public / LATEST)


def latest_id(public: Path) -> str | None:
    """The id of the version that `latest` leads to; None before the first publishing."""
    try:
        name = (public / LATEST).readlink().name
    except OSError:
        return None
    return name if (public / "v" / name).is_dir() else None
