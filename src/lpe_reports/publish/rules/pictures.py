"""Pictures have words for those who cannot see them."""

from collections.abc import Iterator

from lpe_reports.publish.documents import Document
from lpe_reports.publish.findings import Fault


def unnamed_pictures(document: Document) -> Iterator[Fault]:
    """The pictures of a page that have no words."""
    for place in document.unnamed:
        yield Fault("picture without words", place)
