"""The store of executed notebooks: each file is named by the SHA-256 of its own bytes.

So a damaged file is known by its name, the same bytes are kept once, and a kill at any moment
leaves either the whole file or none (a temporary one, cleared away later).
"""

import hashlib
import os
import secrets
from pathlib import Path

from lpe_reports.settings import Project

_TEMPORARY = ".part-"


def write_whole(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put a file in its place with one rename, so that nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f"{_TEMPORARY}{secrets.token_hex(8)}"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def put_notebook(project: Project, data: bytes) -> str:
    """Keep an executed notebook; returns its key."""
    key = hashlib.sha256(data).hexdigest()
    if find_notebook(project, key) is None:
        # What it holds descends from patient data: the account that builds alone reads it.
        write_whole(notebook_path(project, key), data, mode=0o600)
    return key


def find_notebook(project: Project, key: str) -> Path | None:
    """The notebook of a key, or None when it is missing or its bytes are not what they were."""
    path = notebook_path(project, key)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
    return path if digest == key else None


def notebook_path(project: Project, key: str) -> Path:
    """Where the notebook of a key lies, if it does."""
    return project.store / "notebooks" / f"{key}.ipynb"


def clear_leftovers(folder: Path) -> int:
    """Remove what killed writers left behind; returns how many files. Needs the build's lock."""
    count = 0
    for path in folder.rglob(f"{_TEMPORARY}*") if folder.is_dir() else ():
        path.unlink(missing_ok=True)
        count += 1
    return count
