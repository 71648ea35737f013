"""Typst source as PDF: A4, tagged (PDF/UA-1), the shipped font, nothing from the network."""

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lpe_reports.errors import RenderError
from lpe_reports.render.charts import FONT
from lpe_reports.render.packs.source import BEGINS
from lpe_reports.render.site_files import FONTS
from lpe_reports.system import scratch_folder

_NO_GLYPH = re.compile("could not be displayed|missing codepoints")
_QUOTED = re.compile('"[^"]*"')
_BOX = "\u25a1"
_SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
# Written into every PDF as its time of creation: the same page must give the same bytes.
TIMESTAMP = 1_577_836_800  # 2020-01-01
# A last sheet that ends above this is worth a try to do without it.
_FEW_LINES = 300  # points from the top of A4, which is 842 high
_A_LITTLE = 150  # points as well: so few lines may be won by setting the page a little tighter
_TIGHTER, _TIGHTEST = 1, 2  # the levels of `tight` in style.typ
_END = "<the-end>"


@dataclass(frozen=True)
class _Made:
    """A PDF, and where it ends: on which sheet, how many points from its top; 0 where unknown."""

    pdf: bytes
    sheets: int = 0
    down: float = 0


def compile_pdf(source: Path, page: str) -> bytes:
    """The PDF of a Typst file.

    Args:
        source: The file; it may name files below its own folder and no others. It is written
            anew where it had to be: signs that no font has, and how tight it is set.
        page: The page's address, for errors.

    Raises:
        RenderError: Typst does not take it, or it would not be accessible (a picture without
            alt text, a heading out of order); names the page and Typst's reason.
    """
    import typst

    rewritings = iter((_box_what_no_font_has, _leave_out_marks))
    while True:
        try:
            return _on_fewest_sheets(source, _compiled(source)).pdf
        except typst.TypstError as error:
            rewrite = next(rewritings, None) if _NO_GLYPH.search(error.message) else None
            if rewrite is None:
                # Typst quotes the text that it means.
                reason = _QUOTED.sub("…", error.message)
                raise RenderError(f"{page}: Typst could not make the PDF: {reason}") from None
        for file in _texts(source.parent):
            file.write_text(rewrite(file.read_text("utf-8")), "utf-8")


def _on_fewest_sheets(source: Path, made: _Made) -> _Made:
    """Set tighter, if a few lines would else stand alone on the last sheet."""
    if made.sheets < 2 or made.down > _FEW_LINES:
        return made
    loose = source.read_text("utf-8")
    if BEGINS not in loose:
        return made
    tightest = _tight(source, loose, _TIGHTEST)
    if tightest.sheets >= made.sheets:
        source.write_text(loose, "utf-8")
        return made
    if made.down > _A_LITTLE:
        return tightest
    tighter = _tight(source, loose, _TIGHTER)
    return tighter if tighter.sheets < made.sheets else _tight(source, loose, _TIGHTEST)


def _tight(source: Path, loose: str, level: int) -> _Made:
    source.write_text(loose.replace(BEGINS, f"{BEGINS}#show: tight.with({level})\n", 1), "utf-8")
    return _compiled(source)


def _texts(folder: Path) -> list[Path]:
    """All that a PDF is made of: what is in it, drawings and data."""
    return [path for kind in ("typ", "svg", "json") for path in folder.rglob(f"*.{kind}")]


def _compiled(source: Path) -> _Made:
    import typst

    folder = source.parent
    compiler = typst.Compiler(
        source,
        root=folder,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        # Packages would come from the network; there are none here.
        package_path=folder / "no-packages",
        package_cache_path=folder / "no-packages",
    )
    pdf = compiler.compile(pdf_standards=["ua-1"], timestamp=TIMESTAMP)
    assert isinstance(pdf, bytes)
    # It is compiled by now; to ask where it ends costs nothing.
    ends = json.loads(compiler.query(_END, field="value"))
    return _Made(pdf, ends[-1]["sheet"], ends[-1]["down"]) if ends else _Made(pdf)


def _box_what_no_font_has(text: str) -> str:
    """A box for each sign that no font shows: one emoji must not cost a page its PDF."""
    composed = unicodedata.normalize("NFC", text)
    signs = {sign for sign in composed if not sign.isascii()}
    return composed.translate({ord(sign): _BOX for sign in signs if not _shows(sign)})


def _leave_out_marks(text: str) -> str:
    """The text without marks that stand over or under a letter and are no letter with it."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in ("Mn", "Me"))


@cache
def _shows(sign: str) -> bool:
    """Whether the PDF's fonts have a sign, in text and in drawings; costs milliseconds once."""
    import typst

    with scratch_folder("sign") as folder:
        page, drawing = Path(folder) / "sign.typ", Path(folder) / "sign.svg"
        svg = f'{_SVG}<text y="9" font-family="{FONT}">x{sign}</text></svg>'
        drawing.write_text(svg, "utf-8")
        image = 'image("sign.svg", alt: "x")'
        text = f'text(font: "Inter", "x{sign}")'
        page.write_text(f"#set document(title: [x])\n= x\n#{text}\n#{image}\n", "utf-8")
        try:
            _compiled(page)
        except typst.TypstError:
            return False
    return True


@cache
def _fonts() -> Any:
    """The shipped font and Typst's own, searched once in a process."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[FONTS])
