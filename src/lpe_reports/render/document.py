"""What a renderer is given: one Markdown document per page, with the files that lie beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class PageDocument:
    """One page to render.

    Fields:
        address: Where it goes, from the version's root, without an ending.
        markdown: The document: front matter, prose, and per block raw HTML and raw Typst.
        files: What the Typst part names beside it (2026-W19.files/<chart>.svg), by path.
        pdf: Whether it becomes a PDF as well.
    """

    address: str
    markdown: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    pdf: bool = True
