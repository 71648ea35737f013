"""Archives: what lies inside them, in bounds, so that no small file can fill the memory."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO

from lpe_reports.publish.documents import APART, Document
from lpe_reports.publish.findings import Fault

_MOST_MEMBERS = 2_000
_BLOCK = 1024 * 1024


class TooMuchError(Exception):
    """An archive holds more than may be unpacked."""


class Allowance:
    """How many bytes one file of the candidate may unpack to, archives inside it included."""

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, stream: IO[bytes] | gzip.GzipFile) -> bytes:
        """All of a stream, whatever size the archive says that it has.

        Raises:
            TooMuchError: It is more than what is left.
        """
        blocks = []
        while block := stream.read(_BLOCK):
            self._left -= len(block)
            if self._left < 0:
                raise TooMuchError
            blocks.append(block)
        return b"".join(blocks)


def read_zip(document: Document, allowance: Allowance) -> None:
    """Take out the files of a zip archive; its own text is what it remarks of them.

    Raises:
        zipfile.BadZipFile: It is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(document.content)) as archive:
        infos = archive.infolist()[:_MOST_MEMBERS]
        remarks = [archive.comment, *(info.comment for info in infos)]
        texts = [remark.decode("utf-8", errors="replace") for remark in remarks if remark]
        document.text = APART.join(texts + [info.filename for info in infos if info.is_dir()])
    if not document.content.startswith(b"PK"):
        # Something else stands before it, which nobody has looked at.
        document.faults.append(Fault("damaged file"))
    document.members = list(_members(document, allowance))


def read_gzip(document: Document, allowance: Allowance) -> None:
    """Take out the one file of a gz archive; its own text is the name that it had."""
    document.text = _named(document.content)
    with gzip.GzipFile(fileobj=io.BytesIO(document.content)) as stream:
        name = PurePosixPath(document.name.rpartition(": ")[2]).stem
        document.members = [(name, allowance.take(stream))]


def _named(content: bytes) -> str:
    """The name and the remark that a gz archive notes."""
    flags = content[3] if len(content) > 3 else 0
    start = 10 + (2 + int.from_bytes(content[10:12], "little") if flags & 4 else 0)
    noted = content[start:].split(b"\0", 2)[: bool(flags & 8) + bool(flags & 16)]
    return APART.join(text.decode("latin-1") for text in noted)


def parts_of(content: bytes, allowance: Allowance) -> Iterator[tuple[str, bytes]]:
    """The files of a zip archive, by their names.

    Raises:
        TooMuchError: They are too many, or too large together.
        zipfile.BadZipFile: The archive is damaged.
        RuntimeError: It is locked with a password.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        infos = archive.infolist()
        if len(infos) > _MOST_MEMBERS:
            raise TooMuchError
        for info in infos:
            if not info.is_dir():
                with archive.open(info) as stream:
                    yield info.filename, allowance.take(stream)


def _members(document: Document, allowance: Allowance) -> Iterator[tuple[str, bytes]]:
    try:
        yield from parts_of(document.content, allowance)
    except TooMuchError:
        # Those before it are read all the same.
        document.faults.append(Fault("archive that unpacks to too much"))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError):
        document.faults.append(Fault("damaged file"))
