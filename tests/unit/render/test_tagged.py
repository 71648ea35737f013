"""A page as PDF for those who listen to it, and for those who print it."""

from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
import typst

from lpe_reports.display.blocks import TableBlock, TableColumn
from lpe_reports.display.content import read_content
from lpe_reports.errors import RenderError
from lpe_reports.render.packs.source import BEGINS
from lpe_reports.render.page_document import page_document
from lpe_reports.render.pandoc import PandocRenderer
from lpe_reports.render.pdf import compile_pdf
from lpe_reports.render.site_files import ASSETS
from pdf_structure import Tagged
from sample_page import Item, sample_items, write_notebook
from sample_site import make_project, read_params, site_of, spot

pytestmark = pytest.mark.promise(
    "pages", "No picture is without words, and no PDF without its structure"
)

ROWS = 312
THEATRES = [f"Hu C-op {number:02d}" for number in range(1, 6)]
HOURS = ("<14:00", "14:00–14:29", "14:30–14:59", "15:00–15:29", "15:30–15:59", "16:00–16:29")
HEAD = f"#set document(title: [x])\n{(ASSETS / 'style.typ').read_text('utf-8')}\n#show: house\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0,0h9"/></svg>'


@dataclass(frozen=True)
class Paper:
    """A page as it is printed: the file, its tags, the text of each sheet."""

    pdf: bytes
    tagged: Tagged
    sheets: list[str]


def on_paper(pdf: bytes) -> Paper:
    """A PDF, read."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [sheet.get_textpage().get_text_range() for sheet in document]
    return Paper(pdf, Tagged(pdf), [text.replace("\r\n", "\n") for text in texts])


def long_table() -> TableBlock:
    """More rows than paper is for."""
    columns = (
        TableColumn(id="day", label="Dag", type="text"),
        TableColumn(id="n", label="Antal", type="count"),
    )
    rows = tuple((f"dag {number}", number + 1000) for number in range(1, ROWS + 1))
    return TableBlock(id="lang", caption="Dag för dag", columns=columns, rows=rows, row_headers=1)


def wide_table() -> TableBlock:
    """Names that break into two lines if every column is as wide as the others."""
    hours = [
        TableColumn(id=f"h{number}", label=label, type="count")
        for number, label in enumerate(("Summa", *HOURS, "16:30–16:59", "≥17:00"))
    ]
    columns = (TableColumn(id="theatre", label="Sal", type="text"), *hours)
    rows = tuple((theatre, *range(10, 19)) for theatre in THEATRES)
    return TableBlock(id="bred", caption="Sluttider", columns=columns, rows=rows, row_headers=1)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """The sample page with a long and a wide table more."""
    project = make_project(tmp_path_factory.mktemp("office"))
    params = read_params(project)
    where = spot(params, "weekly", "ortopedi", "2026-W19")
    items: list[Item] = [*sample_items(), "## Mer\n\nText före.\n", long_table(), wide_table()]
    notebook = write_notebook(project.root / "page.ipynb", items)
    document = page_document(read_content(notebook), where, site_of(project, params, where))
    pdf = PandocRenderer().render([document])[0].pdf
    assert pdf is not None
    return on_paper(pdf)


def written(folder: Path, body: str, head: str = HEAD) -> Path:
    """A Typst file, beside a drawing."""
    (folder / "c.svg").write_text(SVG, "utf-8")
    path = folder / "page.typ"
    path.write_text(f"{head}\n{BEGINS}{body}\n", "utf-8")
    return path


def test_a_page_has_all_that_who_listens_needs(page: Paper) -> None:
    """PDF/UA-1 as another reader finds it: tags, language, title, headings, tables, fonts."""
    assert page.tagged.faults() == []


def test_every_chart_says_its_point_and_every_table_has_its_heading(page: Paper) -> None:
    """The alt texts of the page's charts, the captions of its tables, in their order."""
    charts = [each.alt for each in page.tagged.document.all("Figure")]
    tables = list(page.tagged.document.all("Table"))
    captions = [" ".join(child.text for child in each.children if child.role == "Caption")
                for each in tables]  # fmt: skip

    assert len(charts) == 4
    assert all(len(alt) > 20 for alt in charts)
    assert [text.strip() for text in captions[-2:]] == ["Dag för dag", "Sluttider"]
    assert all(captions)


def test_bookmarks_are_the_headings(page: Paper) -> None:
    """In order, the page's title first."""
    titles = [text for _, text in page.tagged.headings]

    assert titles[0] == "Ortopedi, vecka 19 2026"
    assert len(titles) > 3
    assert page.tagged.bookmarks == titles


def test_charts_are_drawn_with_lines_and_letters(page: Paper) -> None:
    """No picture of dots is in the file, and a chart's words are text."""
    assert page.tagged.pictures == 0
    assert page.sheets[0].count("vecka 2026") >= 3


def test_a_long_table_is_cut_and_says_where_the_rest_is(page: Paper) -> None:
    """Forty rows and a pointer to the file that has them all."""
    text = "\n".join(page.sheets)

    assert f"Visar 40 av {ROWS} rader. Hela tabellen finns i Excelfilen." in text
    assert "dag 40 " in text
    assert "dag 41 " not in text


def test_names_in_a_wide_table_stay_on_one_line(page: Paper) -> None:
    """Its headings break in their place."""
    lines = [line for sheet in page.sheets for line in sheet.split("\n")]

    for theatre in THEATRES:
        assert any(line.startswith(f"{theatre} 10 11") for line in lines), theatre


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('= A\n#image("c.svg")', "alt text"),
        ("== B\n= A", "heading"),
        ("= A\n=== B", "heading"),
    ],
)
def test_what_cannot_be_listened_to_is_no_page(tmp_path: Path, body: str, told: str) -> None:
    """A picture without words and headings out of order stop it, with the page's name."""
    with pytest.raises(RenderError, match=rf"^a/b: Typst could not make the PDF: .*{told}"):
        compile_pdf(written(tmp_path, body), "a/b")


def test_a_page_without_a_title_is_no_page(tmp_path: Path) -> None:
    """It is what a reader's window and lists of files call it."""
    with pytest.raises(RenderError, match=r"^a/b: .*title"):
        compile_pdf(written(tmp_path, "= A", head=""), "a/b")


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('#set document(title: [x])\n= A\n#image("c.svg")', "a Figure without alt text"),
        ("= A", "it has no title"),
        ("#set document(title: [x])\n= A", "it is not in Swedish"),
        ("#set document(title: [x])\n= A\n=== B", "a heading of level 3 after one of 1"),
        ("== B", "its first heading is not of level 1"),
        ("= A\n#table(columns: 2, [a], [b])", "a table whose first row is no heading"),
        ("= A", "it does not say that it is PDF/UA-1"),
        ('#set page("us-letter")\n= A', "sheet 1 is not A4"),
    ],
)
def test_the_reader_finds_what_is_missing(tmp_path: Path, source: str, fault: str) -> None:
    """Of a file that was made without asking for PDF/UA."""
    path = written(tmp_path, source, head="")

    pdf = typst.compile(path)

    assert isinstance(pdf, bytes)
    assert fault in Tagged(pdf).faults()


def many_lines(count: int) -> str:
    """So many rows of tables, which can be set tighter."""
    rows = "".join(f'"{number}", "x",' for number in range(count))
    head = "table.header[a][b],"
    return f'= A\n#data-table(longest: ("a", "b"), align: (left, left), {head} {rows})\n'


def test_a_few_last_lines_get_no_sheet_of_their_own(tmp_path: Path) -> None:
    """The page is set tighter, also where a meeting pack takes it in; others stay as they are."""
    few, fits = tmp_path / "few", tmp_path / "fits"
    few.mkdir()
    fits.mkdir()
    overflowing, whole = written(few, many_lines(53)), written(fits, many_lines(30))
    loose = whole.read_text("utf-8")

    tight = on_paper(compile_pdf(overflowing, "a/b"))
    compile_pdf(whole, "a/b")

    assert len(tight.sheets) == 1
    assert f"{BEGINS}#show: tight.with(" in overflowing.read_text("utf-8")
    assert whole.read_text("utf-8") == loose


def test_a_heading_is_hyphenated_only_where_its_column_is_too_narrow(tmp_path: Path) -> None:
    """A long word that has room leaves the others on the line as they are."""
    headings = ("Väntande, Centraloperation Gävle", "Inom vårdgarantin, Centraloperation Gävle")
    head = ", ".join(f'"{heading}"' for heading in headings)
    longest = '("Centraloperation", "Centraloperation")'
    table = f"#data-table(longest: {longest}, table.header({head}), [306], [49,8 %])\n"

    roomy = on_paper(compile_pdf(written(tmp_path, f"= A\n#block(width: 8cm)[{table}]"), "a/b"))
    narrow = on_paper(compile_pdf(written(tmp_path, f"= A\n#block(width: 4cm)[{table}]"), "a/b"))

    assert roomy.sheets[0].count("Centraloperation") == roomy.sheets[0].count("Gävle") == 2
    assert "Centraloperation" not in narrow.sheets[0]


def test_a_page_is_set_no_tighter_than_it_must(tmp_path: Path) -> None:
    """One line too many costs less than ten."""
    levels = []
    for lines in (51, 57):
        path = written(tmp_path, many_lines(lines))
        assert len(on_paper(compile_pdf(path, "a/b")).sheets) == 1
        levels.append(path.read_text("utf-8").split(f"{BEGINS}#show: tight.with(")[1][0])

    assert levels == ["1", "2"]


def test_a_page_that_needs_its_sheets_is_not_set_tighter(tmp_path: Path) -> None:
    """Where nothing is won, nothing is made smaller."""
    path = written(tmp_path, many_lines(66))
    loose = path.read_text("utf-8")

    assert len(on_paper(compile_pdf(path, "a/b")).sheets) == 2
    assert path.read_text("utf-8") == loose


def test_a_heading_is_on_the_sheet_of_what_it_is_about(tmp_path: Path) -> None:
    """With the words between it and the table, wherever the sheet ends."""
    rows = ", ".join(f'"rad {number}"' for number in range(12))
    table = f'data-table(longest: ("a",), align: (left,), table.header[a], {rows})'
    words = "== Rubrik\n#block(sticky: true)[Orden.]"
    told = f"{words}\n#block(breakable: false)[#{table}]\n"

    for lines in range(30, 52, 3):
        path = written(tmp_path, many_lines(lines).replace("= A", "= A\n") + told)
        (sheet,) = (text for text in on_paper(compile_pdf(path, "a/b")).sheets if "Rubrik" in text)
        assert "Orden." in sheet
        assert "rad 0" in sheet
