"""The store of executed notebooks: each file is named by the SHA-256 of its own bytes.

So a damaged file is known by its name, the same bytes are kept once, and a kill at any moment
leaves either the whole file or none (a temporary one, cleared away later).
"""

import hashlib
import os
import secrets
from pathlib import Path

from lpe_reports.errors import SettingsError, is_disk_full
from lpe_reports.settings import Project
from lpe_reports.system import made_with, move, remove_folder

_TEMPORARY = ".part-"


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put a file in its place with one rename, so that nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f"{_TEMPORARY}{secrets.token_hex(8)}"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, made_with(mode))
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        move(temporary, path)
    except BaseException as error:
        if isinstance(error, OSError):
            # A write that fails does not say where; whoever reads the message wants to know.
            error.filename = str(path)
        temporary.unlink(missing_ok=True)
        raise


def require_writable(project: Project) -> None:
    """Pass when this account may write where runs are kept; before anything is run for nothing.

    Raises:
        SettingsError: It may not; says where and why.
    """
    for folder in (project.store, project.build / "logs"):
        try:
            proof = folder / f"{_TEMPORARY}{secrets.token_hex(8)}"
            write_whole(proof, b"")
            proof.unlink()
        except OSError as error:
            if is_disk_full(error):
                raise
            where = project.relative(folder)
            raise SettingsError(f"{where} cannot be written ({error.strerror})") from None


def put_notebook(project: Project, data: bytes) -> str:
    """Keep an executed notebook; returns its key."""
    key = hashlib.sha256(data).hexdigest()
    if find_notebook(project, key) is None:
        # What it holds descends from patient data: the account that builds alone reads it.
        write_whole(notebook_path(project, key), data, mode=0o600)
    return key


def find_notebook(project: Project, key: str) -> Path | None:
    """The notebook of a key, or None when it is missing or its bytes are not what they were."""
    return notebook_path(project, key) if has_notebook(project, key) else None


def has_notebook(project: Project, key: str) -> bool:
    """Whether the notebook of a key is there and whole."""
    return file_digest(f"{project.store}/notebooks/{key}.ipynb") == key


def file_digest(path: str) -> str | None:
    """SHA-256 of a file; None when it cannot be read.

    The path is text: making thousands of `Path`s takes longer than reading their files.
    """
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return None


def notebook_path(project: Project, key: str) -> Path:
    """Where the notebook of a key lies, if it does."""
    return project.store / "notebooks" / f"{key}.ipynb"


def clear_leftovers(folder: Path, *places: str) -> None:
    """Remove what killed writers have left behind. Needs the build's lock.

    Args:
        folder: The folder.
        places: Patterns of the folders in it that are written to (`traces/*/*`); itself when
            none is given.
    """
    for place in places or ("",):
        for path in folder.glob(f"{place}/{_TEMPORARY}*" if place else f"{_TEMPORARY}*"):
            if path.is_dir():
                remove_folder(path)
            else:
                path.unlink()
