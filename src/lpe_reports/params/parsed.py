"""YAML files as they were parsed last, kept under `build/`: each content is parsed once.

A night has thousands of processes that read the same few files, and parsing YAML is what costs
most of it. What is kept is plain JSON under the file's own name, and counts only while its first
line is the digest of it, of the YAML file's bytes and of the code that parses; so one that is
damaged, foreign or of another day is as none. What the values mean is validated every time.
"""

import functools
import hashlib
import importlib.util
import json
import os
import secrets
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lpe_reports.settings import MARKER, Project

_DATE = "!date"


def parsed_before(root: Path, name: str, data: bytes) -> Any:
    """The document that a file's bytes were parsed into before; None when none is kept.

    Args:
        root: The project's folder.
        name: The file, relative to it.
        data: Its bytes as they are now.
    """
    place = _place(root, name)
    if place is None:
        return None
    try:
        digest, _, body = place.read_bytes().partition(b"\n")
        if digest != _digest(data, body):
            return None
        return json.loads(body, object_hook=_date_or_mapping)
    except (OSError, ValueError, RecursionError):
        return None


def keep_parsed(root: Path, name: str, data: bytes, document: Any) -> None:
    """Keep a document for `parsed_before`, if JSON can hold it and the folder can be written to.

    Args:
        root: The project's folder.
        name: The file, relative to it.
        data: The bytes that were parsed.
        document: Plain mappings, lists and scalars.
    """
    place = _place(root, name)
    if place is None:
        return
    temporary = None
    try:
        body = json.dumps(document, default=_tagged, ensure_ascii=False).encode()
        if json.loads(body, object_hook=_date_or_mapping) != document:
            return  # a key that is no text, say
        place.parent.mkdir(parents=True, exist_ok=True)
        temporary = place.with_name(f".part-{secrets.token_hex(8)}")
        # Readable by whoever reads params here, and by nobody else.
        temporary.touch(mode=0o600, exist_ok=False)
        temporary.write_bytes(_digest(data, body) + b"\n" + body)
        temporary.replace(place)
    except (OSError, ValueError, TypeError, RecursionError):
        # Nothing depends on it; the next one parses again.
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _place(root: Path, name: str) -> Path | None:
    """Where a file's document lies; None outside a project that has built something."""
    build = Project(root).build
    if not (build.is_dir() and (root / MARKER).is_file()) or os.pardir in Path(name).parts:
        return None
    return build / "parsed" / f"{name}.json"


def _digest(data: bytes, body: bytes) -> bytes:
    digest = hashlib.sha256(_parser_digest())
    for part in (data, body):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest().encode()


@functools.cache
def _parser_digest() -> bytes:
    """Of the code that makes documents of bytes: ours, and the version of the library."""
    here = Path(__file__)
    files = [here, *(here.with_name(name) for name in ("reading.py", "documents.py"))]
    library = importlib.util.find_spec("ruamel.yaml")
    if library is not None and library.origin is not None:
        files.append(Path(library.origin))  # holds its version
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).digest()


def _tagged(value: object) -> dict[str, str]:
    if isinstance(value, date) and not isinstance(value, datetime):
        return {_DATE: value.isoformat()}
    raise TypeError(type(value).__name__)


def _date_or_mapping(mapping: dict[str, Any]) -> Any:
    if mapping.keys() == {_DATE}:
        return date.fromisoformat(mapping[_DATE])
    return mapping
