"""Whether two renderers made the same site: pages, addresses, and all that a reader finds on them.

`python tests/parity.py FIRST SECOND` compares two built sites and prints the table of
docs/rendering.md.
"""

import io
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pypdf
import pypdfium2

# What says which renderer made a version, when, of what and after which other one: these files
# differ, and so do the pages that show it.
OF_THE_BUILD = {
    *("build.json", "byggstatus/index.html"),
    *("diff.json", "nytt/index.html"),
    *("files.json", "version.json"),
}
# Pagefind's index holds digests of the pages' bytes in its names; its words are the pages' own.
OF_THE_INDEX = "search/"
# Pandoc's writer says which rows of an author's table are even; no stylesheet asks.
_ROW_CLASSES = {"odd", "even", "header"}
_SVG = "{http://www.w3.org/2000/svg}svg"
# (A no-break space is no such space: it is the writer's.)
_SPACES = re.compile(r"[ \t\r\n]+")


@dataclass
class Aspect:
    """One kind of thing that a reader finds.

    Fields:
        name: What it is.
        compared: How many there are on the first site.
        different: The files where the second site has others.
    """

    name: str
    compared: int = 0
    different: list[str] = field(default_factory=list)


def compare_sites(first: Path, second: Path) -> list[Aspect]:
    """All aspects of two sites; a file that one of them lacks is a different address."""
    ours, theirs = _files(first), _files(second)
    addresses = Aspect("files and their addresses", len(ours), sorted(ours ^ theirs))
    pages = {name: Aspect(name) for name in ("pages", *_PAGE_ASPECTS)}
    papers = {name: Aspect(name) for name in ("PDFs", *_PDF_ASPECTS)}
    others = Aspect("other files, byte for byte")
    for file in sorted(ours & theirs):
        one, other = (first / file).read_bytes(), (second / file).read_bytes()
        if file.endswith(".html"):
            _compare(file, _page_aspects(one), _page_aspects(other), pages)
        elif file.endswith(".pdf"):
            _compare(file, _pdf_aspects(one), _pdf_aspects(other), papers)
        else:
            others.compared += 1
            others.different += [file] if one != other else []
    return [addresses, *pages.values(), *papers.values(), others]


def parity_table(aspects: list[Aspect]) -> str:
    """The aspects as a Markdown table."""
    rows = [f"| {each.name} | {each.compared:,} | {len(each.different)} |" for each in aspects]
    return "\n".join(["| What | Compared | Files that differ |", "|---|---:|---:|", *rows])


def _files(site: Path) -> set[str]:
    # A published version's assets are behind a link.
    folders = [(Path(place), names) for place, _, names in os.walk(site, followlinks=True)]
    names = ((place / n).relative_to(site).as_posix() for place, found in folders for n in found)
    return {n for n in names if n not in OF_THE_BUILD and not n.startswith(OF_THE_INDEX)}


def _compare(
    file: str,
    one: Mapping[str, list[Any]],
    other: Mapping[str, list[Any]],
    aspects: Mapping[str, Aspect],
) -> None:
    whole = next(iter(aspects.values()))
    whole.compared += 1
    for name, found in one.items():
        aspects[name].compared += len(found)
        if found != other[name]:
            aspects[name].different.append(file)
    if one != other:
        whole.different.append(file)


def _page_aspects(page: bytes) -> dict[str, list[Any]]:
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return {name: list(find(tree)) for name, find in _PAGE_ASPECTS.items()}


def _words(element: Element) -> str:
    return _text("".join(element.itertext()))


def _titles(tree: Element) -> Iterator[object]:
    yield tree.get("lang"), _words(tree.find(".//title") or tree)


def _headings(tree: Element) -> Iterator[object]:
    for element in tree.iter():
        if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            yield element.tag, element.get("id"), _words(element)


def _cells(tree: Element) -> Iterator[object]:
    for number, table in enumerate(tree.iter("table")):
        for row_number, row in enumerate(table.iter("tr")):
            for cell in row:
                yield number, row_number, cell.tag, cell.get("scope"), _words(cell)


def _captions(tree: Element) -> Iterator[object]:
    for element in tree.iter():
        if element.tag in ("caption", "figcaption"):
            yield element.tag, _words(element)


def _pictures(tree: Element) -> Iterator[object]:
    """Charts and images with their alt texts; charts with all that is drawn in them."""
    for element in tree.iter():
        if element.tag == "img":
            yield element.get("src"), element.get("alt")
        elif element.tag == _SVG:
            yield element.get("role"), element.get("aria-label"), list(_nodes(element))


def _links(tree: Element) -> Iterator[object]:
    for element in tree.iter("a"):
        yield element.get("href"), _words(element)


def _downloads(tree: Element) -> Iterator[object]:
    for element in tree.iter("a"):
        if "download" in element.attrib:
            yield element.get("href"), element.get("aria-label"), _words(element)


def _nodes(tree: Element) -> Iterator[object]:
    """Every element with its attributes and texts, in order: the page as a browser reads it."""
    for element in tree.iter():
        attributes = dict(element.attrib)
        if element.tag in ("tr", "thead"):
            names = [n for n in attributes.pop("class", "").split() if n not in _ROW_CLASSES]
            attributes |= {"class": " ".join(names)} if names else {}
        yield (
            str(element.tag),
            sorted(map(str, attributes.items())),
            _text(element.text),
            _text(element.tail),
        )


def _text(text: str | None) -> str:
    """A text between two tags; how many spaces and line breaks stand there, nobody sees."""
    return _SPACES.sub(" ", text or "").strip(" ")


_PAGE_ASPECTS: Mapping[str, Callable[[Element], Iterator[object]]] = {
    "languages and titles": _titles,
    "headings": _headings,
    "cells of tables": _cells,
    "captions": _captions,
    "figures with alt texts and drawings": _pictures,
    "links": _links,
    "downloads": _downloads,
    "elements with all attributes and texts": _nodes,
}


def _pdf_aspects(pdf: bytes) -> dict[str, list[Any]]:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return {_SHEETS: list(_sheets(pdf))} | {n: list(find(reader)) for n, find in _PARTS.items()}


def _sheets(pdf: bytes) -> Iterator[object]:
    with pypdfium2.PdfDocument(pdf) as document:
        for sheet in document:
            yield sheet.get_textpage().get_text_range()


def _bookmarks(reader: pypdf.PdfReader) -> Iterator[object]:
    def walk(entries: list[Any], level: int) -> Iterator[object]:
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry, level + 1)
            else:
                yield level, entry.title

    yield from walk(reader.outline, 1)


def _tags(reader: pypdf.PdfReader) -> Iterator[object]:
    """What a screen reader is told: every tag with its alt text, in order."""
    catalog: Any = reader.trailer["/Root"]
    waiting = [catalog["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if not hasattr(node, "get"):
            continue
        yield node.get("/S"), node.get("/Alt")
        below = node.get("/K", [])
        below = below.get_object() if hasattr(below, "get_object") else below
        waiting += reversed(below if isinstance(below, list) else [below])


_SHEETS = "sheets with their text"
_PARTS: Mapping[str, Callable[[pypdf.PdfReader], Iterator[object]]] = {
    "bookmarks": _bookmarks,
    "tags with alt texts": _tags,
}
_PDF_ASPECTS = (_SHEETS, *_PARTS)


if __name__ == "__main__":
    found = compare_sites(Path(sys.argv[1]), Path(sys.argv[2]))
    print(parity_table(found))
    for aspect in found:
        for name in aspect.different[:5]:
            print(f"{aspect.name}: {name}", file=sys.stderr)
