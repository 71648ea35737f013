"""HTML and SVG as their standards want them, and nothing in a page that runs from within it."""

from collections.abc import Iterator
from xml.parsers import expat

from lpe_reports.publish.documents import Document
from lpe_reports.publish.findings import Fault
from lpe_reports.publish.markup.conforming import page_faults


def invalid_markup(document: Document) -> Iterator[Fault]:
    """What is wrong with a page's HTML, or with a picture's SVG."""
    if document.kind == ".html":
        for rule, line in page_faults(document.source):
            yield Fault(rule, f"line {line}" if line else "")
    elif document.kind == ".svg":
        yield from _invalid_xml(document)


def _invalid_xml(document: Document) -> Iterator[Fault]:
    parser = expat.ParserCreate()
    try:
        parser.Parse(document.source, True)
    except expat.ExpatError as error:
        yield Fault("invalid SVG", f"line {error.lineno}")
