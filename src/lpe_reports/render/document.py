"""What a renderer is given: one Markdown document per page, with the files that lie beside it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


@dataclass(frozen=True)
class PageDocument:
    """One page to render.

    Fields:
        address: Where it goes, from the version's root, without an ending.
        markdown: The document: front matter, prose, and per block raw HTML and raw Typst.
        files: What the Typst part names beside it (2026-W19.files/<chart>.svg), by path.
        pdf: Whether it becomes a PDF as well.
        made: `made_of` what it says, for a report's page; the small files beside it say it too.
        github: Whether it is Markdown as GitHub reads it (a page of the manual), not Pandoc's.
    """

    address: str
    markdown: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    pdf: bool = True
    made: str = ""
    github: bool = False


def made_of(text: str) -> str:
    """What tells one text from another, in letters: no number that could be taken for a person's.

    A page that was read just before a new version came and its small files just after differ in
    it, so that the page's script can tell.
    """
    return hashlib.sha256(text.encode()).hexdigest()[:16].translate(_LETTERS)
