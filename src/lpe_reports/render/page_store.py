"""Rendered pages, stored by what they were made from: what is there need not be rendered.

A page's folder appears by one rename and is never changed. Its record names every file with
its SHA-256; a page whose files are not what the record says is made again, never trusted.
"""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lpe_reports.render.cards import Card
from lpe_reports.system import move, remove_folder, write_protect

_RECORD = "record.json"
# What a page's PDF was made of (`packs.source`), what a pack says of it (`packs.printed`), and
# what its renderer warned of. They stay in the store.
SOURCE = "source.zip"
PRINTED = "printed.json"
WARNINGS = "warnings.json"
_KEPT = (SOURCE, PRINTED, WARNINGS)


@dataclass(frozen=True)
class StoredPage:
    """One rendered page.

    Fields:
        folder: Where its files lie.
        files: Their names ("page.html", "page.pdf", "tables/waiting.csv") and SHA-256; without
            what stays in the store.
        card: What index pages say of it; None for an index page.
        warnings: What its renderer warned of; a page that is reused still tells it.
    """

    folder: Path
    files: Mapping[str, str]
    card: Card | None
    warnings: tuple[str, ...] = ()

    @property
    def source(self) -> Path:
        """What its PDF was made of."""
        return self.folder / SOURCE

    @property
    def printed(self) -> Path:
        """What a meeting pack says of it."""
        return self.folder / PRINTED


class PageStore:
    """The folder that rendered pages are kept in, by key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> StoredPage | None:
        """The page of a key; None when it is missing or damaged.

        The folder's time is when it was last asked for: pages that nobody asks for are pruned.
        """
        folder = self._place(key)
        try:
            record = _read_record(folder / _RECORD)
            files: dict[str, str] = record["files"]
            card = Card.model_validate(record["card"]) if record["card"] else None
            for name, digest in files.items():
                if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                    return None
            warnings = _read_warnings(folder) if WARNINGS in files else ()
        except (OSError, ValueError, KeyError, TypeError, ValidationError):
            return None
        with contextlib.suppress(OSError):
            os.utime(folder)
        published = {name: digest for name, digest in files.items() if name not in _KEPT}
        return StoredPage(folder, published, card, warnings)

    def put(self, key: str, files: Mapping[str, bytes], card: Card | None) -> None:
        """Keep a page; one that is there already and damaged is replaced."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=self.folder))
        try:
            digests = {name: _write(part / name, data) for name, data in sorted(files.items())}
            record = {"files": digests, "card": card.model_dump(mode="json") if card else None}
            _write(part / _RECORD, _with_digest(json.dumps(record, ensure_ascii=False).encode()))
            part.chmod(0o755)
            self._move_in(part, self._place(key))
        except OSError as error:
            error.filename = str(self._place(key))
            raise
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def _place(self, key: str) -> Path:
        return self.folder / key[:2] / key

    @staticmethod
    def _move_in(part: Path, place: Path) -> None:
        place.parent.mkdir(exist_ok=True)
        if place.exists():
            # A rename cannot replace a folder that is not empty; a reader holds the lock.
            remove_folder(place)
        move(part, place)


def warnings_bytes(warnings: Sequence[str]) -> bytes:
    """The file of a page's warnings."""
    return json.dumps(list(warnings), ensure_ascii=False).encode()


def _read_warnings(folder: Path) -> tuple[str, ...]:
    return tuple(map(str, json.loads((folder / WARNINGS).read_bytes())))


def _with_digest(record: bytes) -> bytes:
    return hashlib.sha256(record).hexdigest().encode() + b"\n" + record


def _read_record(path: Path) -> dict[str, Any]:
    """A record whose first line is the digest of the rest."""
    digest, _, record = path.read_bytes().partition(b"\n")
    if hashlib.sha256(record).hexdigest().encode() != digest:
        raise ValueError("damaged")
    return dict(json.loads(record))


def _write(path: Path, data: bytes) -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    # Candidates and versions are links to this very file.
    write_protect(path)
    return hashlib.sha256(data).hexdigest()
