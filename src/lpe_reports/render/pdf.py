"""Typst source as PDF: A4, tagged (PDF/UA-1), the shipped font, nothing from the network."""

from functools import cache
from pathlib import Path
from typing import Any

from lpe_reports.errors import RenderError
from lpe_reports.render.site_files import FONTS

# Written into every PDF as its time of creation: the same page must give the same bytes.
TIMESTAMP = 1_577_836_800  # 2020-01-01


def compile_pdf(source: Path, page: str) -> bytes:
    """The PDF of a Typst file.

    Args:
        source: The file; it may name files below its own folder and no others.
        page: The page's address, for errors.

    Raises:
        RenderError: Typst does not take it, or it would not be accessible (a picture without
            alt text, a heading out of order); names the page and Typst's reason.
    """
    import typst

    try:
        pdf = typst.compile(
            source,
            root=source.parent,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            # Packages would come from the network; there are none here.
            package_path=source.parent / "no-packages",
            package_cache_path=source.parent / "no-packages",
            pdf_standards=["ua-1"],
            timestamp=TIMESTAMP,
        )
    except typst.TypstError as error:
        raise RenderError(f"{page}: Typst could not make the PDF: {error.message}") from None
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _fonts() -> Any:
    """The shipped font and Typst's own, searched once in a process."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
