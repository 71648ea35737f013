"""A candidate's files as the gate sees them, and those that lie inside others.

A file of a kind that the gate cannot read, and one that is damaged, is itself a fault: what nobody
could look at must not leave.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from lpe_reports.publish.documents import APART, Document
from lpe_reports.publish.findings import Fault
from lpe_reports.publish.kinds.archives import Allowance, TooMuchError, read_gzip, read_zip
from lpe_reports.publish.kinds.markup import read_page, read_picture
from lpe_reports.publish.kinds.pdfs import read_pdf
from lpe_reports.publish.kinds.plain import read_css, read_json, read_script, read_text
from lpe_reports.publish.kinds.search_index import read_fragment, read_program, read_words
from lpe_reports.publish.kinds.tables import read_parquet
from lpe_reports.publish.kinds.workbooks import read_workbook

# Larger than any page; a file of this size would take longer to look at than a night may.
MOST_BYTES = 64 * 1024 * 1024
# Archives in archives in archives.
_DEEPEST = 3

_TEXTS: dict[str, Callable[[Document], None]] = {
    ".html": read_page,
    ".htm": read_page,
    ".svg": read_picture,
    ".css": read_css,
    ".js": read_script,
    ".mjs": read_script,
    ".csv": read_text,
    ".tsv": read_text,
    ".txt": read_text,
    ".md": read_text,
    ".xml": read_text,
    ".rels": read_text,
    ".json": read_json,
    ".webmanifest": read_json,
}
_BINARIES: dict[str, Callable[[Document], None]] = {
    ".pdf": read_pdf,
    ".parquet": read_parquet,
}
_PACKED: dict[str, Callable[[Document, Allowance], None]] = {
    ".zip": read_zip,
    ".xlsx": read_workbook,
    ".gz": read_gzip,
    ".pf_filter": read_words,
    ".pf_fragment": read_fragment,
    ".pf_index": read_words,
    ".pf_meta": read_words,
    ".pagefind": read_program,
}
# Fonts and icons hold no text but names. They are known by how they begin, so that nothing else can
# pass for one.
_WORDLESS = {
    ".woff2": (b"wOF2",),
    ".woff": (b"wOFF",),
    ".ttf": (b"\0\1\0\0", b"true"),
    ".otf": (b"OTTO",),
    ".ico": (b"\0\0\1\0",),
}
# Letters and digits in a row, as no packed bytes have them by chance.
_WORDS = re.compile(rb"[ -~]{10,}")
_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_document(path: Path, name: str) -> Document:
    """One file as the gate sees it, those inside it left out."""
    return next(documents_of(path, name))


def documents_of(path: Path, name: str) -> Iterator[Document]:
    """One file as the gate sees it, then those that lie inside it."""
    document = Document(name, PurePosixPath(name).suffix.lower())
    try:
        size = path.stat().st_size
        document.content = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError:
        document.faults.append(Fault("file that cannot be read"))
        yield document
        return
    if size > MOST_BYTES:
        document.faults.append(Fault("file too large to be looked at"))
        yield document
        return
    yield from _read(document, Allowance(MOST_BYTES), depth=0)


def _read(document: Document, allowance: Allowance, *, depth: int) -> Iterator[Document]:
    try:
        _read_one(document, allowance)
    except TooMuchError:
        document.faults.append(Fault("archive that unpacks to too much"))
    except Exception:
        # Whatever a reader stumbles on, it has not read all of the file.
        document.faults.append(Fault("damaged file"))
    if depth == _DEEPEST and document.members:
        document.faults.append(Fault("archive too deep in others"))
        document.members = ()
    yield document
    for name, content in document.members:
        inner = Document(f"{document.name}: {name}", PurePosixPath(name).suffix.lower(), inner=True)
        inner.content = content
        yield from _read(inner, allowance, depth=depth + 1)


def _read_one(document: Document, allowance: Allowance) -> None:
    kind = document.kind
    if kind in _TEXTS:
        document.source = _decoded(document)
        _TEXTS[kind](document)
    elif kind in _BINARIES:
        _BINARIES[kind](document)
    elif kind in _PACKED:
        _PACKED[kind](document, allowance)
    elif kind not in _WORDLESS:
        document.faults.append(Fault("kind of file that the gate cannot read"))
    elif not document.content.startswith(_WORDLESS[kind]):
        document.faults.append(Fault("damaged file"))
    else:
        words = [word.decode("ascii") for word in _WORDS.findall(document.content)]
        document.markup = {"its bytes": APART.join(words)}


def _decoded(document: Document) -> str:
    content = document.content
    try:
        for mark, encoding in _MARKS:
            if content.startswith(mark):
                return content.decode(encoding)
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        document.faults.append(Fault("damaged file"))
        # What can be read is looked at all the same.
        text = content.decode("latin-1")
    if "\0" in text:
        document.faults.append(Fault("damaged file"))
    return text
