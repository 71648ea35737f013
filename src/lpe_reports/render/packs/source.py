"""What a page's PDF was made of, kept beside it: its Typst and its drawings, in one archive.

A meeting pack is then made without Pandoc, without drawing a chart again and without reading a
notebook, and shows of a page exactly what its own PDF shows.
"""

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from lpe_reports.errors import RenderError

PAGE = "page.typ"
# The line of page.typ after which the page itself begins.
BEGINS = "// The page itself: a meeting pack takes what follows this line.\n"
_STYLE = '#import "../style.typ": *\n'
# The same page must give the same bytes; ZIP knows no earlier day.
_DAY = (1980, 1, 1, 0, 0, 0)


def page_source(typst: Path, files: Iterable[str]) -> bytes:
    """The archive of a page.

    Args:
        typst: Its Typst file, as its PDF was made of it.
        files: The names of the files beside it that it shows.

    Raises:
        RenderError: The template that made it says nowhere where the page begins.
    """
    _, begins, page = typst.read_text("utf-8").partition(BEGINS)
    if not begins:
        raise RenderError(f"{typst.parent.name}: its template has no line where the page begins")
    content = {PAGE: (_STYLE + page).encode()}
    content |= {name: (typst.parent / name).read_bytes() for name in sorted(files)}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in content.items():
            packed.writestr(zipfile.ZipInfo(name, _DAY), data, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def unpack_source(archive: Path, folder: Path) -> None:
    """Lay a page's Typst and its drawings into a folder, beside whose parent's `style.typ`.

    Raises:
        RenderError: The archive is gone or damaged.
    """
    folder.mkdir()
    try:
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)
    except (OSError, zipfile.BadZipFile):
        raise RenderError("the source of a page is gone from the store; build again") from None
