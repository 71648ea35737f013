"""PDF: the text of its pages, as a reader who copies it gets it, and where its links lead.

PDFium reads a page in a tenth of the time that pypdf takes, and tells from where glyphs stand which
of them are one word: the texts of a chart are drawn glyph by glyph.
"""

import ctypes
import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from lpe_reports.publish.documents import APART, Document, Passage, Reference, joined
from lpe_reports.publish.kinds.pdf_parts import text_of, texts_of, written_parts

_MOST_PAGES = 2_000
_DESCRIPTION = re.compile(
    rb"/(?:Alt|ActualText|E)\s*(?:<([0-9A-Fa-f\s]+)>|\(((?:[^()\\]|\\.)*)\))", re.DOTALL
)
_LONGEST_LABEL = 60
_WORD, _SENTENCE = re.compile(r"[^\W\d_]+"), 4
_ADDRESS_ACTION = 3  # PDFACTION_URI
_NOTES = (b"Contents", b"T", b"TU", b"V")  # what an annotation or a form's field says


def read_pdf(document: Document) -> None:
    """The text of a PDF's pages, its title and other notes, its links and the files in it.

    Raises:
        ValueError: It has more pages than may be looked at.
        pypdfium2.PdfiumError: It is damaged.
    """
    with pypdfium2.PdfDocument(document.content) as pdf:
        _check_length(len(pdf))
        pieces = [(text, "notes") for text in pdf.get_metadata_dict(skip_empty=True).values()]
        pieces += [(item.get_title(), "contents") for item in pdf.get_toc()]
        for number in range(len(pdf)):
            place = f"page {number + 1}"
            page = pdf[number]
            text = page.get_textpage().get_text_range()
            pieces.append((text.replace("\r\n", "\n"), place))
            pieces += [(said, place) for said in _annotated(page)]
            document.references += [
                Reference("link", address, place) for address in _addresses(pdf, page)
            ]
            page.close()
        attached = [pdf.get_attachment(n) for n in range(pdf.count_attachments())]
        document.members = [(each.get_name(), bytes(each.get_data())) for each in attached]
    _finish(document, pieces)


def _finish(document: Document, pieces: Sequence[tuple[str, str]]) -> None:
    parts = written_parts(document.content)
    words = [(text, "words of a picture") for text in _described(parts)]
    pieces = [*pieces, *words]
    # No reader is shown it, but it leaves with the file.
    document.markup = {"its objects": APART.join(texts_of(document.content))}
    document.text, document.locate = joined(pieces)
    document.passages = partial(_passages, pieces)


def _described(parts: tuple[bytes, ...]) -> Iterator[str]:
    """What is said in place of pictures and of what cannot be read aloud."""
    for part in parts:
        for hexadecimal, literal in _DESCRIPTION.findall(part):
            yield text_of(literal, hexadecimal)


def _passages(pieces: Sequence[tuple[str, str]]) -> Iterator[Passage]:
    """Line by line; a line of few words is a row of a table, or the label of an axis."""
    for text, place in pieces:
        before = ""
        for line in filter(str.strip, text.split("\n")):
            few_words = len(_WORD.findall(line)) < _SENTENCE
            yield Passage(line.strip(), place, before, number=few_words)
            before = line if len(line) <= _LONGEST_LABEL else ""


def _check_length(pages: int) -> None:
    if pages > _MOST_PAGES:
        raise ValueError("more pages than may be looked at")


def _addresses(pdf: Any, page: Any) -> Iterator[str]:
    """The addresses that the links of a page lead to; those to another page of it left out."""
    position, link = ctypes.c_int(0), pdfium.FPDF_LINK()
    while pdfium.FPDFLink_Enumerate(page, ctypes.byref(position), ctypes.byref(link)):
        action = pdfium.FPDFLink_GetAction(link)
        if not action or pdfium.FPDFAction_GetType(action) != _ADDRESS_ACTION:
            continue
        size = pdfium.FPDFAction_GetURIPath(pdf, action, None, 0)
        buffer = ctypes.create_string_buffer(size)
        pdfium.FPDFAction_GetURIPath(pdf, action, buffer, size)
        yield buffer.value.decode("utf-8", errors="replace")


def _annotated(page: Any) -> Iterator[str]:
    """What the annotations of a page say."""
    for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        if pdfium.FPDFAnnot_GetSubtype(annotation) != pdfium.FPDF_ANNOT_LINK:
            for key in _NOTES:
                if text := _value_of(annotation, key):
                    yield text
        pdfium.FPDFPage_CloseAnnot(annotation)


def _value_of(annotation: Any, key: bytes) -> str:
    size = pdfium.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, size)
    return bytes(buffer)[:size].decode("utf-16-le", errors="replace").rstrip("\0")
