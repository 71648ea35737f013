"""What an independent reader finds in a PDF's tags: who listens to it has nothing but them.

Read with pypdf and pdfium, of which neither made the file.
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject

_HEADING = re.compile(r"H[1-6]")
_A4 = [595, 842]  # points
_MUST_HAVE_WORDS = ("Figure", "Formula")
Spot = tuple[int, int]  # sheet from 0, number of the marked content on it


@dataclass(frozen=True)
class Element:
    """One tag.

    Fields:
        role: P, H1, TD …
        text: All that is written in it.
        alt: What is said in place of it.
        children: The tags in it, in order.
        scope: Of a table's heading: Column or Row; else empty.
        objects: How many annotations it holds, such as the place of a link.
    """

    role: str
    text: str
    alt: str
    children: tuple["Element", ...]
    scope: str = ""
    objects: int = 0

    def all(self, *roles: str) -> Iterator["Element"]:
        """It and all in it, in order; those of some roles only, if there are any."""
        if not roles or self.role in roles:
            yield self
        for child in self.children:
            yield from child.all(*roles)


class Tagged:
    """A PDF with its tags."""

    def __init__(self, pdf: bytes) -> None:
        self._reader = PdfReader(io.BytesIO(pdf))
        self._root = self._reader.trailer["/Root"]
        self._texts, self.untagged = _marked_texts(pdf)
        self._sheets = {
            page.indirect_reference.idnum: number
            for number, page in enumerate(self._reader.pages)
            if page.indirect_reference
        }
        tree = self._root.get("/StructTreeRoot")
        roots = _list(tree.get("/K")) if tree else []
        self.document = Element("Root", "", "", tuple(self._element(each, 0) for each in roots))

    @property
    def headings(self) -> list[tuple[int, str]]:
        """Levels and words of the headings."""
        return [
            (int(each.role[1]), _words(each.text))
            for each in self.document.all()
            if _HEADING.fullmatch(each.role)
        ]

    @property
    def bookmarks(self) -> list[str]:
        """The titles of all bookmarks, in order."""
        return [_words(title) for title in _titles(self._reader.outline)]

    @property
    def pictures(self) -> int:
        """How many pictures of dots it has."""
        return sum(
            1
            for each in self._reader.xref_objStm | self._plain_objects()
            if _is_picture(self._reader.get_object(IndirectObject(each, 0, self._reader)))
        )

    def faults(self) -> list[str]:
        """What keeps it from those who listen; nothing in a good one."""
        return [
            *self._facts(),
            *self._fonts(),
            *_tag_faults(self.document),
            *self._heading_faults(),
        ]

    def _facts(self) -> Iterator[str]:
        root, about = self._root, self._reader.metadata
        told = root["/Metadata"].get_object().get_data().decode() if "/Metadata" in root else ""
        if not root.get("/MarkInfo", {}).get("/Marked"):
            yield "it is not tagged"
        if root.get("/Lang") != "sv-SE":
            yield "it is not in Swedish"
        if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
            yield "its file name is shown in place of its title"
        if not about or not about.title or "<dc:title>" not in told:
            yield "it has no title"
        if "<pdfuaid:part>1</pdfuaid:part>" not in told:
            yield "it does not say that it is PDF/UA-1"
        if self.untagged:
            yield f"text without a tag: {self.untagged[:3]}"
        for number, page in enumerate(self._reader.pages):
            if [round(float(side)) for side in page.mediabox[2:]] != _A4:
                yield f"sheet {number + 1} is not A4"
            if page.get("/Annots") and page.get("/Tabs") != "/S":
                yield f"sheet {number + 1} has links in no order"

    def _fonts(self) -> Iterator[str]:
        for number in self._reader.xref_objStm | self._plain_objects():
            font = self._reader.get_object(IndirectObject(number, 0, self._reader))
            if not isinstance(font, DictionaryObject) or font.get("/Type") != "/Font":
                continue
            parts = [each.get_object() for each in font.get("/DescendantFonts", [])] or [font]
            inside = [dict(part.get("/FontDescriptor", {}).get_object()) for part in parts]
            if font["/Subtype"] in ("/Type0", "/Type1", "/TrueType"):
                if not all(any("/FontFile" in key for key in each) for each in inside):
                    yield f"{font['/BaseFont']} is not in the file"
                if "/ToUnicode" not in font:
                    yield f"{font['/BaseFont']} does not say which letters it draws"

    def _heading_faults(self) -> Iterator[str]:
        levels = [level for level, _ in self.headings]
        if levels[:1] != [1]:
            yield "its first heading is not of level 1"
        for before, level in pairwise(levels):
            if level > before + 1:
                yield f"a heading of level {level} after one of {before}"

    def _plain_objects(self) -> Mapping[int, Any]:
        return {number: None for table in self._reader.xref.values() for number in table}

    def _element(self, found: Any, sheet: int) -> Element:
        one = found.get_object()
        sheet = self._sheet(one, sheet)
        children, text, objects = [], "", 0
        for each in _list(one.get("/K")):
            part = each.get_object() if isinstance(each, IndirectObject) else each
            if isinstance(part, int):
                text += self._texts.get((sheet, int(part)), "")
            elif part.get("/Type") == "/MCR":
                text += self._texts.get((self._sheet(part, sheet), int(part["/MCID"])), "")
            elif part.get("/Type") == "/OBJR":
                objects += 1
            else:
                children.append(self._element(part, sheet))
                text += children[-1].text
        role = str(one.get("/S", "")).removeprefix("/")
        scope = next((str(each["/Scope"])[1:] for each in _attributes(one) if "/Scope" in each), "")
        return Element(role, text, str(one.get("/Alt", "")), tuple(children), scope, objects)

    def _sheet(self, one: Any, default: int) -> int:
        page = one.raw_get("/Pg") if "/Pg" in one else None
        return self._sheets.get(page.idnum, default) if page else default


def _tag_faults(document: Element) -> Iterator[str]:
    for element in document.all(*_MUST_HAVE_WORDS):
        if not element.alt.strip():
            yield f"a {element.role} without alt text"
    for link in document.all("Link"):
        if not (link.text or link.alt).strip() or not link.objects:
            yield "a link without words or without a place"
    for table in document.all("Table"):
        yield from _table_faults(table)


def _table_faults(table: Element) -> Iterator[str]:
    rows = [[cell for cell in row.children if cell.role in ("TH", "TD")] for row in table.all("TR")]
    if not rows or {cell.role for cell in rows[0]} != {"TH"}:
        yield "a table whose first row is no heading"
    if len({len(row) for row in rows}) > 1:
        yield "a table whose rows are not equally long"
    if any(not cell.scope for cell in table.all("TH")):
        yield "a heading of a table that does not say of what"


def _marked_texts(pdf: bytes) -> tuple[dict[Spot, str], list[str]]:
    """What is written in each piece of marked content; and what is written outside of any."""
    found: dict[Spot, str] = {}
    untagged = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document):
            words = page.get_textpage()
            for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=1):
                text, spot = _text(one, words), pdfium.FPDFPageObj_GetMarkedContentID(one)
                if spot >= 0:
                    found[number, spot] = found.get((number, spot), "") + text
                elif not pdfium.FPDFPageObj_CountMarks(one) and text.strip():
                    untagged.append(text)
    return found, untagged


def _text(one: Any, words: Any) -> str:
    size = pdfium.FPDFTextObj_GetText(one, words, None, 0)
    buffer = (pdfium.FPDF_WCHAR * (size // 2 + 1))()
    pdfium.FPDFTextObj_GetText(one, words, buffer, size)
    return bytes(buffer)[: max(size - 2, 0)].decode("utf-16-le", errors="replace")


def _attributes(one: Any) -> list[Any]:
    return [each.get_object() for each in _list(one.get("/A")) if each is not None]


def _list(value: Any) -> list[Any]:
    value = value.get_object() if isinstance(value, IndirectObject) else value
    return [] if value is None else list(value) if isinstance(value, list) else [value]


def _titles(outline: Any) -> Iterator[str]:
    for each in outline:
        if isinstance(each, list):
            yield from _titles(each)
        else:
            yield str(each.title)


def _is_picture(one: Any) -> bool:
    return isinstance(one, DictionaryObject) and one.get("/Subtype") == "/Image"


def _words(text: str) -> str:
    return " ".join(text.split())
