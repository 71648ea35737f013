"""What a page's PDF was made of, kept for packs."""

import io
import zipfile
from pathlib import Path

import pytest

from lpe_reports.errors import RenderError
from lpe_reports.render.packs.source import page_source, unpack_source
from lpe_reports.render.site_files import ASSETS

LINE = "// The page itself: a meeting pack takes what follows this line.\n"


def page(folder: Path, text: str) -> Path:
    """A page's Typst file with a drawing beside it."""
    (folder / "2026-W19.files").mkdir(parents=True)
    (folder / "2026-W19.files" / "a.svg").write_text("<svg/>", encoding="utf-8")
    typst = folder / "page.typ"
    typst.write_text(text, encoding="utf-8")
    return typst


def test_a_page_is_kept_from_where_it_begins(tmp_path: Path) -> None:
    """Without the head that is its own, in the look that a pack hands it, with its drawings."""
    typst = page(tmp_path / "page", f'#set document(title: "x")\n{LINE}= Å\n{LINE}')
    archive = tmp_path / "source.zip"
    archive.write_bytes(page_source(typst, ["2026-W19.files/a.svg"]))

    unpack_source(archive, tmp_path / "p1")

    text = (tmp_path / "p1" / "page.typ").read_text("utf-8")
    assert text == f'#import "../style.typ": *\n= Å\n{LINE}'
    assert (tmp_path / "p1" / "2026-W19.files" / "a.svg").read_text("utf-8") == "<svg/>"


def test_no_clock_is_in_what_is_kept(tmp_path: Path) -> None:
    """The same page gives the same bytes at any time."""
    packed = page_source(page(tmp_path / "page", LINE), ["2026-W19.files/a.svg"])

    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_template_that_lost_its_line_is_told(tmp_path: Path) -> None:
    """And the shipped one has it, once."""
    with pytest.raises(RenderError, match="page: its template has no line"):
        page_source(page(tmp_path / "page", "= Å\n"), [])

    assert (ASSETS / "page.typ").read_text("utf-8").count(LINE) == 1


def test_a_damaged_source_is_told(tmp_path: Path) -> None:
    """No half page is taken for one."""
    archive = tmp_path / "source.zip"
    archive.write_bytes(b"PK\3\4 and no more")

    with pytest.raises(RenderError, match="build again"):
        unpack_source(archive, tmp_path / "p1")
