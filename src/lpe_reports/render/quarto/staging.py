"""A scratch project: the documents of one call of Quarto, and what its templates need.

Quarto renders a project one page after the other into a folder that it empties first, so that a
folder that is served, or that another Quarto is at, is never given to it.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from lpe_reports.render.document import PageDocument
from lpe_reports.render.quarto.description import OUTPUT, Description
from lpe_reports.settings import MARKER

_BEGINS = "---\n"
# A page without a PDF is not made for one; a document's formats replace the project's.
_ONLY_HTML = "format:\n  html: default\n"


class Stage:
    """A scratch project in a folder of its own.

    Args:
        folder: An empty folder.
        documents: The pages.
        description: What the project's `_quarto.yml` says.
    """

    def __init__(
        self, folder: Path, documents: Sequence[PageDocument], description: Description
    ) -> None:
        self.project = folder / "project"
        self._typst = folder / "typst"
        for place, path in description.files():
            _write(self.project / place, path.read_bytes())
        for document in documents:
            self._lay(document)
        addresses = [document.address for document in documents]
        (self.project / MARKER).write_text(description.text(addresses), encoding="utf-8")

    def _lay(self, document: PageDocument) -> None:
        page = self.project / f"{document.address}.qmd"
        text = document.markdown
        if not document.pdf and text.startswith(_BEGINS):
            text = _BEGINS + _ONLY_HTML + text.removeprefix(_BEGINS)
        _write(page, text.encode())
        for name, content in document.files.items():
            _write(page.parent / name, content)

    def html(self, document: PageDocument) -> Path:
        """Where Quarto puts the page."""
        return self.project / OUTPUT / f"{document.address}.html"

    def typst(self, document: PageDocument) -> Path:
        """Where Quarto puts what the PDF is made of."""
        return self.project / OUTPUT / f"{document.address}.typ"

    def typst_apart(self, document: PageDocument) -> Path:
        """The page's Typst in a folder with its own drawings, as a PDF is made of it."""
        folder = self._typst / document.address.replace("/", "__")
        folder.mkdir(parents=True)
        for name, content in document.files.items():
            _write(folder / name, content)
        shutil.copyfile(self.typst(document), folder / "page.typ")
        return folder / "page.typ"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
