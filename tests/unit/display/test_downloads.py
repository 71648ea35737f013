"""A page's files: typed, complete, harmless, and the same bytes each time."""

import io
import json
import re
import zipfile
from datetime import datetime
from html import unescape

import pytest
from python_calamine import CalamineWorkbook

from lpe_reports.display.blocks import KeyFigure, KeyFiguresBlock, Mark, TableBlock, TableColumn
from lpe_reports.display.content import PageContent
from lpe_reports.display.downloads.csv import csv_bytes, harmless
from lpe_reports.display.downloads.json import json_bytes, page_json
from lpe_reports.display.downloads.xlsx import xlsx_bytes
from sample_page import sample_items

FORMULAS = ["=1+1", "+46", "-2+3", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.fixture
def content() -> PageContent:
    return PageContent(tuple(sample_items()))


def table(**changes: object) -> TableBlock:
    columns = (
        TableColumn(id="period", label="År-vecka", type="week"),
        TableColumn(id="text", label="Text"),
        TableColumn(id="share", label="Andel", type="share", decimals=1),
        TableColumn(id="minutes", label="Tid", type="minutes"),
        TableColumn(id="day", label="Dag", type="date"),
        TableColumn(id="n", label="Antal", type="count"),
    )
    content: dict[str, object] = {
        "id": "t", "caption": "Tabell", "columns": columns,
        "rows": (
            ("2026-W10", "=1+1", 0.7045, 95, "2026-05-11", None),
            ("2026-W09", 'å;ä"ö', None, 5, None, 7),
        ),
        "hidden": ((0, 5),),
    }  # fmt: skip
    return TableBlock(**(content | changes))  # type: ignore[arg-type]


def with_table(content: PageContent, block: TableBlock) -> PageContent:
    return PageContent((*content.items[:-1], block, content.items[-1]))


def test_csv_is_what_swedish_excel_opens() -> None:
    """BOM, semicolon, decimal comma, weeks as 2026-W10, quotes where needed."""
    lines = csv_bytes(table()).decode("utf-8-sig").split("\r\n")

    assert csv_bytes(table()).startswith(b"\xef\xbb\xbf")
    assert lines == [
        "År-vecka;Text;Andel;Tid;Dag;Antal",
        "2026-W10;'=1+1;0,7045;95;2026-05-11;dold",
        '2026-W09;"å;ä""ö";;5;;7',
        "",
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_text_is_never_a_formula(text: str) -> None:
    """An apostrophe stands before what a spreadsheet would compute, also in headings."""
    columns = (TableColumn(id="a", label=text), *table().columns[1:])
    block = table(columns=columns)

    assert harmless(text).startswith("'")
    assert harmless(text).replace("'", "") == text
    assert csv_bytes(block).decode("utf-8-sig").lstrip('"').startswith("'")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a,=1", "a,'=1"),
        ("a;b\n -2", "a;b\n '-2"),
        (" =1", "' =1"),
        ("\uff1d1", "'\uff1d1"),
        ("a-b, c", "a-b, c"),
        ("10,5", "10,5"),
    ],
)
def test_csv_text_is_no_formula_after_other_separators_either(text: str, safe: str) -> None:
    """Excel of another country parts cells at commas or tabs."""
    assert harmless(text) == safe


def test_xlsx_holds_long_texts_and_names_of_emoji(content: PageContent) -> None:
    """A text is cut where a cell ends, a sheet's name at 31 of Excel's own letters."""
    long = "å" * 40_000
    block = table(caption="\U0001f4a9" * 40, rows=(("2026-W10", long, 0.5, 1, None, 7),), hidden=())
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(with_table(content, block))))

    assert book.sheet_names[-1] == "\U0001f4a9" * 15 + "…"
    assert book.get_sheet_by_name(book.sheet_names[-1]).to_python()[1][1] == long[:32_767]


def test_csv_negative_numbers_stay_numbers() -> None:
    """Only texts are guarded."""
    columns = (TableColumn(id="a", label="A", type="number", decimals=1),)
    block = TableBlock(id="t", caption="T", columns=columns, rows=((-1.5,),))

    assert csv_bytes(block).decode("utf-8-sig").splitlines()[1] == "-1,5"


def test_files_hold_no_value_of_a_hidden_cell(content: PageContent) -> None:
    """The block has none, and the files say dold or null."""
    page = with_table(content, table())

    assert json.loads(json_bytes(page))["tables"][-1]["rows"][0][5] is None
    assert json.loads(json_bytes(page))["tables"][-1]["hidden"] == [[0, 5]]
    assert CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(page))).get_sheet_by_name(
        "Tabell"
    ).to_python()[1][5] == "dold"  # fmt: skip


def test_json_is_as_the_site_promises(content: PageContent) -> None:
    """The keys and their order are what versions are compared by."""
    page = page_json(content)

    assert list(page) == [
        "report", "unit", "period", "title", "summary", "comment", "key_figures", "tables",
        "provenance",
    ]  # fmt: skip
    assert page["key_figures"][0] == {
        "id": "open_theatres", "label": "Öppna salar, Bollnäs", "value": 18, "unit": "",
        "before": 20, "target": 20, "hidden": False, "type": "count", "last_year": None,
    }  # fmt: skip
    assert list(page["tables"][0]) == ["id", "caption", "selection", "columns", "rows", "hidden"]
    assert list(page["tables"][0]["columns"][0]) == ["id", "label", "type", "unit"]
    assert page["provenance"]["extract"] == "2026-05-11"


def test_json_tells_the_selection_of_the_section(content: PageContent) -> None:
    """A table without a selection of its own has the one that stands above it on the page."""
    selections = {table["id"]: table["selection"] for table in page_json(content)["tables"]}

    assert selections["oppna-salar"].startswith("Operationscentrum Bollnäs, ortopedi")
    assert selections["vantelista"] == "väntande på måndagen efter veckan"


def test_xlsx_has_a_sheet_per_table_after_its_provenance(content: PageContent) -> None:
    """Om uppgifterna first, then key figures, then every table by its caption, each once."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(content)))
    names = book.sheet_names
    about = dict(row[:2] for row in book.get_sheet_by_name("Om uppgifterna").to_python() if row[0])

    assert names[:2] == ["Om uppgifterna", "Nyckeltal"]
    assert len(names) == 2 + len(content.tables())
    assert all(len(name) <= 31 for name in names)
    assert len({name.casefold() for name in names}) == len(names)
    assert about["Uppgifter"] == "Datalagret till och med 2026-05-11"


def test_xlsx_says_why_a_table_has_no_rows(content: PageContent) -> None:
    """The reason stands in the table's sheet, and where the sheets are listed."""
    page = with_table(content, table(rows=(), hidden=(), empty="Visas inte uppdelat."))
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(page)))

    assert book.get_sheet_by_name("Tabell").to_python()[1][0] == "Visas inte uppdelat."
    about = dict(row[:2] for row in book.get_sheet_by_name("Om uppgifterna").to_python())
    assert str(about["Tabell"]).endswith("Visas inte uppdelat.")


def test_xlsx_cells_are_typed(content: PageContent) -> None:
    """Numbers, dates and times are Excel's own; text is text, also =1+1."""
    page = with_table(content, table())
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(page))).get_sheet_by_name("Tabell")
    row = sheet.to_python()[1]

    assert row[:3] == ["2026-W10", "=1+1", 0.7045]
    assert row[4] == datetime(2026, 5, 11).date()  # noqa: DTZ001
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(page))) as archive:
        sheets = [archive.read(n).decode() for n in archive.namelist() if "worksheets/" in n]
    assert not any("<f>" in sheet for sheet in sheets)
    assert all("<autoFilter" in sheet and 'state="frozen"' in sheet for sheet in sheets[1:])


def parts_of(page: PageContent) -> dict[str, str]:
    """The written parts of a page's workbook, by name."""
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(page))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def number_formats(parts: dict[str, str], sheet: str) -> dict[str, str]:
    """How each cell of a sheet with a number format of its own is written."""
    styles = parts["xl/styles.xml"]
    codes = dict(re.findall(r'numFmtId="(\d+)" formatCode="([^"]*)"', styles))
    codes |= {"3": "#,##0", "9": "0%", "46": "[h]:mm"}  # Excel's own
    cells = styles[styles.index("<cellXfs") :]
    by_style = re.findall(r'<xf numFmtId="(\d+)"', cells[: cells.index("</cellXfs>")])
    found = re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"', parts[sheet])
    return {place: unescape(codes.get(by_style[int(style)], "")) for place, style in found}


def test_xlsx_numbers_are_written_as_on_the_page(content: PageContent) -> None:
    """A share as per cent, minutes as hours and minutes, days as dates, judged cells by arrow."""
    marks = (Mark(row=0, column=2, tone="bad", words="under målet", side="under"),)
    page = with_table(content, table(marks=marks))
    parts = parts_of(page)
    formats = number_formats(parts, f"xl/worksheets/sheet{len(page.tables()) + 2}.xml")

    assert formats["C2"] == '0.0%" ▼"'
    assert formats["C3"] == "0.0%"
    assert (formats["D2"], formats["E2"], formats["F3"]) == ("[h]:mm", "yyyy-mm-dd", "#,##0")
    assert "▲ och ▼: över och under målet" in parts["xl/sharedStrings.xml"]


def test_xlsx_leads_from_its_first_sheet_to_every_other(content: PageContent) -> None:
    """By links within the file alone, also to a sheet with an apostrophe in its name."""
    page = with_table(content, table(caption="Läkarnas 'egna' tider"))
    parts = parts_of(page)
    places = re.findall(
        r'<hyperlink ref="A\d+" location="([^"]+)"', parts["xl/worksheets/sheet1.xml"]
    )
    names = re.findall(r'<sheet name="([^"]+)"', parts["xl/workbook.xml"])[1:]

    assert [unescape(place) for place in places] == [
        "'" + unescape(name).replace("'", "''") + "'!A1" for name in names
    ]
    assert not any("External" in part for part in parts.values())


def test_xlsx_prints_on_paper(content: PageContent) -> None:
    """As wide as the paper, the heading on every page, the caption and page numbers around it."""
    parts = parts_of(with_table(content, table(caption="Salar & pass")))
    sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets/sheet")]

    assert all('fitToHeight="0"' in sheet and 'paperSize="9"' in sheet for sheet in sheets)
    assert "&amp;L&amp;B Salar &amp;&amp; pass" in sheets[-1]
    assert all("Sida &amp;P av &amp;N" in sheet for sheet in sheets)
    assert parts["xl/workbook.xml"].count("_xlnm.Print_Titles") == len(sheets)


def test_xlsx_totals_are_left_out_of_the_filter(content: PageContent) -> None:
    """A planner who filters the rows keeps the total below them."""
    total = parts_of(with_table(content, table(total_row=1)))
    plain = parts_of(with_table(content, table()))
    last = f"xl/worksheets/sheet{len(content.tables()) + 3}.xml"

    assert '<autoFilter ref="A1:F2"/>' in total[last]
    assert '<autoFilter ref="A1:F3"/>' in plain[last]


def test_xlsx_figures_say_what_they_are_compared_with(content: PageContent) -> None:
    """The number before under the name of that period, a share with what it is made of."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(content)))
    rows = book.get_sheet_by_name("Nyckeltal").to_python()

    assert rows[0] == [
        "Nyckeltal", "Mått", "Värde", "Antal", "Av", "Förra veckan", "Vecka 19 2025", "Mål",
        "Bedömning",
    ]  # fmt: skip
    assert rows[2] == ["Operationer, Bollnäs", "", 46, "", "", 35, 41, 45, "når målet"]
    assert rows[4][2:5] == [0.705, 172, 244]


def test_xlsx_says_why_a_figure_is_missing_and_hides_its_parts() -> None:
    """In words where there is no number; of a hidden share neither part is told."""
    share = KeyFigure(id="a", label="A", value=None, type="share", numerator=3, denominator=9)
    figures = (
        share.model_copy(update={"hidden": True}),
        share.model_copy(update={"missing": "inga operationer"}),
    )
    items = (*sample_items()[:2], KeyFiguresBlock(items=figures), sample_items()[-1])
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(PageContent(items))))
    rows = book.get_sheet_by_name("Nyckeltal").to_python()

    assert rows[1][2:5] == ["dold", "", ""]
    assert rows[2][2:5] == ["", "", ""]
    assert rows[2][8] == "inga operationer"


def test_files_are_the_same_bytes_each_time(content: PageContent) -> None:
    """No clock, no chance: made twice, equal."""
    assert xlsx_bytes(content) == xlsx_bytes(content)
    assert json_bytes(content) == json_bytes(content)
    assert b"2026-11" not in xlsx_bytes(content)


def test_sheet_names_survive_what_excel_forbids(content: PageContent) -> None:
    """Forbidden signs, long and equal captions give legal, different names."""
    block = table(caption="Andel [inom]: 90 dagar / väntande? * 'x' och mycket mer än får plats")
    page = with_table(with_table(content, block), block.model_copy(update={"id": "t2"}))
    names = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(page))).sheet_names[-2:]

    assert names == ["Andel inom 90 dagar väntande…", "Andel inom 90 dagar väntande… 2"]
