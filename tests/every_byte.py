"""Every text that a folder's files hold: inside archives, Parquet, compressed streams and PDFs."""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet
import pypdf

# Between a number's thousands: nothing, or any space that somebody writes there.
_SPACE = "[\\s\u00a0\u2007\u2009\u202f'.,]?"
_DEPTH = 4


def texts_of(name: str, data: bytes, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Each text of a file with its place: the bytes themselves, and what they unfold to."""
    yield name, data.decode("utf-8", errors="replace")
    if depth > _DEPTH:
        return
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from texts_of(f"{name}!{member}", archive.read(member), depth + 1)
    elif data.startswith(b"\x1f\x8b"):
        yield from texts_of(f"{name}!gz", gzip.decompress(data), depth + 1)
    elif data.startswith(b"PAR1"):
        table = pyarrow.parquet.read_table(io.BytesIO(data))
        yield f"{name}!rows", "\n".join(map(str, table.to_pylist()))
        yield f"{name}!schema", str(table.schema.metadata)
    elif data.startswith(b"%PDF"):
        pdf = pypdf.PdfReader(io.BytesIO(data))
        yield f"{name}!text", "\n".join(page.extract_text() for page in pdf.pages)
        yield f"{name}!about", str(pdf.metadata)
        for number, stream in enumerate(re.findall(b"stream\r?\n(.*?)endstream", data, re.DOTALL)):
            try:
                yield f"{name}!stream {number}", zlib.decompress(stream).decode("latin-1")
            except zlib.error:
                continue


def written(number: int) -> re.Pattern[str]:
    """A number in all written forms: 7919, 7 919, 7.919, 7919.0, 7 919,00; no part of another."""
    digits = f"{number:,}".replace(",", _SPACE)
    return re.compile(rf"(?<![\w.,]){digits}(?:[.,]0+)?(?![\w]|[.,]\d)")


def found_in(folder: Path, numbers: dict[str, int]) -> set[tuple[str, str]]:
    """Where numbers stand below a folder: (place, what the number is); file names are texts too."""
    patterns = {what: written(number) for what, number in numbers.items()}
    found = set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        texts = [("name", path.name)]
        if path.is_file() and not path.is_symlink():
            texts += texts_of(name, path.read_bytes())
        for place, text in texts:
            found |= {(place, what) for what, pattern in patterns.items() if pattern.search(text)}
    return found
