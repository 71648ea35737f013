"""Blocks as HTML and Typst: real tables, words beside colours, everything escaped."""

from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
import typst

from lpe_reports.display.blocks import (
    AnyBlock,
    ChartBlock,
    CommentBlock,
    KeyFigure,
    KeyFiguresBlock,
    Mark,
    NoteBlock,
    ProvenanceBlock,
    RowBlock,
    SelectionBlock,
    SummaryBlock,
    TableBlock,
    TableColumn,
    TitleBlock,
)
from lpe_reports.display.charts.making import ChartText, trend_block
from lpe_reports.display.key_figures import series_figure
from lpe_reports.display.markup.context import MarkupContext
from lpe_reports.display.markup.html import block_html
from lpe_reports.display.markup.markdown import table_markdown
from lpe_reports.display.markup.typst import block_typst, literal
from lpe_reports.render.site_files import ASSETS
from small_series import series

NB = "\u00a0"
HOSTILE = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "a & b", "O'Brien",
    "#set page(fill: red)", "$x$", "*b* _i_", "@ref", "`raw`", "\\", "\\\"", "\"", "// c",
    "/* c */", "[link]", "#import \"x\"", "<label>", "~", "--", "=1+1", "{{<include x>}}",
    "<!--", "]]>", "\n\n# H", "å ä ö", "::: {.x}", "|", "</td></tr></table>", "\u202e", "%",
]  # fmt: skip
CONTEXT = MarkupContext(
    root="../../",
    svg=lambda chart: '<svg role="img" aria-label="x"></svg>',
    image=lambda chart: "chart.svg",
    csv_href=lambda table_id: f"2026-W19/{table_id}.csv",
    definition_name=lambda name: {"open_theatres": "Öppna salar", "spor": "SPOR-tid"}[name],
)


def table(**changes: object) -> TableBlock:
    content: dict[str, object] = {
        "id": "vantande",
        "caption": "Väntande",
        "columns": (
            TableColumn(id="period", label="År-vecka", type="week"),
            TableColumn(id="n", label="Väntande", type="count"),
            TableColumn(id="share", label="Inom", type="share", decimals=1),
            TableColumn(id="days", label="Median", type="days", unit="dagar"),
        ),
        "rows": (("2026-W08", 1044, 0.977, 84), ("2026-W07", None, None, None)),
        "hidden": ((1, 1), (1, 2)),
        "current_row": 0,
        "marks": (Mark(row=0, column=2, tone="bad", words="under målet", side="under"),),
    }
    return TableBlock(**(content | changes))  # type: ignore[arg-type]


def chart(caption: str = "Väntande") -> ChartBlock:
    text = ChartText(caption, selection="alla", definitions=("spor",))
    return trend_block(series("waiting", [50, 60, 70]), chart_id="v", text=text, wide=False)


def as_html(block: AnyBlock) -> str:
    return block_html(block, context=CONTEXT)


def as_typst(block: AnyBlock) -> str:
    return block_typst(block, context=CONTEXT)


def parsed(markup: str) -> None:
    """Refuse HTML that a strict parser would have to mend."""
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(f"<!DOCTYPE html><html><head><title>x</title></head><body>{markup}</body></html>")


def test_table_is_a_real_table_with_scoped_headings() -> None:
    """Caption, column and row headings, the current row marked, units in the heading."""
    markup = as_html(table())

    assert "<caption>Väntande</caption>" in markup
    assert '<th scope="col" class="text">År-vecka</th>' in markup
    assert '<th scope="col" class="two">Median, dagar</th>' in markup
    assert '<tr class="now"><th scope="row" class="short">2026-8</th>' in markup
    assert f"<td>1{NB}044</td>" in markup


def test_table_says_in_words_what_its_colours_say() -> None:
    """A mark has words; a hidden cell reads dold, one over nobody a dash."""
    markup = as_html(table())

    assert '<td class="under bad">' in markup
    assert "under målet" in markup
    assert markup.count('<td class="hidden">dold</td>') == 2
    assert '<td><span aria-hidden="true">–</span><span class="words">inga</span></td>' in markup
    assert "Dold: talet gäller för få patienter eller skulle avslöja ett annat" in markup


def test_table_links_to_its_file_and_its_definitions() -> None:
    """CSV at each table, definitions by name on the definitions page."""
    markup = as_html(table(selection="Ortopedi.", definitions=("open_theatres", "spor")))

    assert 'href="2026-W19/vantande.csv"' in markup
    assert "Urval: Ortopedi." in markup
    link = '<a href="../../sa-raknar-vi/#open_theatres">Öppna salar</a>'
    assert f"Så räknar vi: {link} · <a" in markup
    assert ">SPOR-tid</a>" in markup


def test_table_without_rows_says_so() -> None:
    """An empty table is a sentence, not an empty frame."""
    markup = as_html(table(rows=(), hidden=(), marks=(), current_row=None, empty="Ingen väntar."))

    assert "<table" not in markup
    assert "Ingen väntar." in markup


def test_chart_is_a_figure_with_its_data_behind_a_toggle() -> None:
    """Caption, drawing, and the same numbers as a table with a file."""
    markup = as_html(chart())

    assert '<figure class="chart" id="diagram-v">' in markup
    assert "<summary>Visa som tabell</summary>" in markup
    assert '<table id="tabell-v-data">' in markup
    assert 'href="2026-W19/v-data.csv"' in markup


def test_key_figures_show_number_comparison_and_judgement() -> None:
    """As the mock: the number, in small its unit and target, then what it was, then the tag."""
    one = series("operations", [35, 46], target=45)
    share = series("guarantee_share_waiting", [70, 176], denominators=[100, 250])
    block = KeyFiguresBlock(items=(series_figure(one, "a"), series_figure(share, "b")))
    markup = block_html(block, context=MarkupContext())

    assert f'<dd class="n">46 <small>mål{NB}45</small></dd>' in markup
    assert '35 förra veckan · <span class="tag good">når målet</span>' in markup
    assert '<dd class="n">70,4 <small>%</small></dd>' in markup
    assert "176 av 250" in markup


def test_key_figure_that_is_hidden_or_missing_says_so() -> None:
    """Dold in its place; a missing one tells why."""
    hidden = series_figure(series("waiting", [40, 3]), "a")
    missing = KeyFigure(id="b", label="B", value=None, type="count", missing="lämnas i juni")
    markup = block_html(KeyFiguresBlock(items=(hidden, missing)), context=MarkupContext())

    assert '<dd class="n hidden">dold</dd>' in markup
    assert '<dd class="d">visas inte, för att skydda enskilda patienter</dd>' in markup
    assert "– <small>lämnas i juni</small>" in markup


def test_key_figure_that_is_hidden_still_shows_its_target() -> None:
    """What is aimed at is no secret."""
    one = series_figure(series("waiting", [40, 3], target=30), "a")
    markup = block_html(KeyFiguresBlock(items=(one,)), context=MarkupContext())

    assert f'<dd class="n hidden">dold <small>mål{NB}30</small></dd>' in markup


def blocks_with(text: str) -> list[AnyBlock]:
    """Every kind of block with a text in every place that holds one."""
    column = TableColumn(id="c", label=text, unit=text)
    hostile = table(
        caption=text, selection=text, note=text, columns=(column, *table().columns[1:]),
        rows=((text, 1, 0.5, 2),), hidden=(), current_row=None,
        marks=(Mark(row=0, column=1, tone="bad", words=text),),
    )  # fmt: skip
    figure = KeyFigure(
        id="a", label=text, value=1, type="count", unit=text, before=2, before_label=text,
        judgements=(("good", text),),
    )  # fmt: skip
    drawn = chart().model_copy(
        update={"caption": text, "subtitle": text, "note": text, "alt": text}
    )
    return [
        hostile,
        drawn,
        RowBlock(items=(drawn, hostile)),
        KeyFiguresBlock(items=(figure,)),
        SelectionBlock(text=text),
        NoteBlock(text=text),
        SummaryBlock(text=text),
        CommentBlock(text=text, updated_on="2026-05-11"),
        TitleBlock(report="r", unit="u", period="2026-W19", title=text, when=text),
        ProvenanceBlock(
            extract="2026-05-11", digest="ab", rows=1, notebook=text, parameters={"x": text}
        ),
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_html(text: str) -> None:
    """No text becomes an element or an attribute, whatever it holds."""
    for block in blocks_with(text):
        markup = as_html(block)
        parsed(markup)
        assert "<script" not in markup
        assert "<img" not in markup
        assert "style=" not in markup


def test_hostile_text_stays_text_in_typst(tmp_path: Path) -> None:
    """Every text is a string literal: Typst compiles it and runs none of it."""
    (tmp_path / "chart.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>', encoding="utf-8"
    )
    source = "\n".join(as_typst(block) for text in HOSTILE for block in blocks_with(text))
    file = tmp_path / "page.typ"
    file.write_text((ASSETS / "style.typ").read_text("utf-8") + source, encoding="utf-8")

    typst.compile(str(file), output=str(tmp_path / "page.pdf"))

    assert (tmp_path / "page.pdf").stat().st_size > 10_000


def test_typst_literal_holds_its_text() -> None:
    """Quotes and backslashes are escaped, control characters left out."""
    assert literal('a"b\\c\nd\x00e') == '"a\\"b\\\\c\\nde"'


def test_typst_table_repeats_its_head_and_says_where_the_rest_is() -> None:
    """A long table is cut, the total row kept, and the reader is led to the Excel file."""
    rows = tuple((f"2026-W{n:02d}", n, None, None) for n in range(1, 51))
    long = table(rows=rows, hidden=(), marks=(), current_row=None, total_row=49)
    markup = as_typst(long)

    assert "table.header(repeat: true" in markup
    assert "Visar 41 av 50 rader. Hela tabellen finns i Excelfilen." in markup
    assert '"2026-50"' in markup
    assert '"2026-45"' not in markup


def test_typst_table_shows_the_first_rows_of_a_window() -> None:
    """What the page shows first is what the paper shows."""
    rows = tuple((f"2026-W{n:02d}", n, None, None) for n in range(20, 0, -1))
    markup = as_typst(table(rows=rows, hidden=(), marks=(), current_row=0, window=8))

    assert "Visar 8 av 20 rader." in markup


@pytest.mark.parametrize(("count", "said"), [(10, ""), (11, "Visar 8 av 11 rader.")])
def test_a_table_that_nearly_fits_is_whole(count: int, said: str) -> None:
    """One or two rows take no more room than the words that they are left out."""
    rows = tuple((f"2026-W{number:02d}", 1, 2, 0.5) for number in range(1, count + 1))

    markup = as_typst(table(rows=rows, hidden=(), marks=(), current_row=0, window=8))

    assert ("Visar" in markup) == bool(said)
    assert said in markup
    assert (f"2026-{count}" in markup) == (not said)


def test_typst_chart_has_an_alt_text() -> None:
    """The picture's point is told to who cannot see it."""
    assert f"alt: {literal(chart().alt)}" in as_typst(chart())


def test_markdown_table_escapes_what_markdown_reads() -> None:
    """A pipe in a cell does not part it."""
    markup = table_markdown(table(caption="a|b"))

    assert "a\\|b" in markup
    assert markup.splitlines()[1] == "|:---|---:|---:|---:|"


def test_typst_keeps_what_is_said_under_a_table_or_chart_with_it() -> None:
    """A short table and its notes, a chart and its note: one block each that no page breaks."""
    rows = tuple((f"2026-W{n:02d}", n, None, None) for n in range(20, 0, -1))
    cut = as_typst(table(rows=rows, hidden=(), marks=(), current_row=0, window=8))
    noted = as_typst(chart().model_copy(update={"note": "Så här."}))

    for markup, said in ((cut, "Visar 8 av 20 rader"), (noted, "Så här.")):
        block = markup[markup.index("#block(breakable: false, width: 100%)[") :]
        assert said in block
        assert block.endswith("]\n")
        assert block.count("#block(breakable") == 1


def test_typst_note_stays_with_what_it_is_about() -> None:
    """A note of its own is not left behind at a page's end."""
    assert "sticky: true" in as_typst(NoteBlock(text="Läs så här."))


def test_typst_row_takes_the_drawings_for_narrow_places() -> None:
    """Two charts beside each other have half a page each, and letters that can be read there."""
    narrow = chart().model_copy(update={"narrow": {"mark": "bar"}})
    named = replace(CONTEXT, image=lambda one: f"{one.id}.svg")
    markup = block_typst(RowBlock(items=(narrow, chart())), context=named)

    assert markup.count('"diagram-v-smal.svg"') == markup.count('"diagram-v.svg"') == 1
    assert "smal" not in block_typst(narrow, context=named)


@pytest.mark.parametrize(
    ("label", "room"),
    [
        ("Väntande", ""), ("Omfattas av garantin", ' class="two"'),
        ("Använd del av öppen tid", ' class="three"'),
        ("Patienter som skulle behöva erbjudas annat", ' class="long"'),
    ],
)  # fmt: skip
def test_long_headings_have_room_for_their_words(label: str, room: str) -> None:
    """Else they would be towers of single words, blank where they lie out of sight."""
    columns = (
        TableColumn(id="period", label="År-vecka", type="week"),
        TableColumn(id="n", label=label, type="count"),
    )
    markup = as_html(table(columns=columns, rows=(("2026-W08", 3),), hidden=(), marks=()))

    assert f'<th scope="col"{room}>{label}</th>' in markup


def test_short_names_of_rows_stay_on_one_line() -> None:
    """A period or a theatre does, twelve months too; the name of a clinic may take two."""
    columns = (
        TableColumn(id="unit", label="Enhet", type="text"),
        TableColumn(id="n", label="Antal", type="count"),
    )
    rows = (("12 mån t.o.m. 2026-03", 3), ("Operationscentrum Bollnäs", 4))
    markup = as_html(table(columns=columns, rows=rows, hidden=(), marks=()))

    assert '<th scope="row" class="short">12 mån t.o.m. 2026-03</th>' in markup
    assert '<th scope="row">Operationscentrum Bollnäs</th>' in markup
