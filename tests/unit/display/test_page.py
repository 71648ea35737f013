"""The page as notebooks use it: what it shows, what it refuses, what it remembers."""

import json
from collections.abc import Callable, Iterator
from datetime import date

import altair as alt
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.drafts import Draft
from lpe_reports.display.blocks import (
    MIME,
    AbsentBlock,
    ChartBlock,
    CommentBlock,
    KeyFiguresBlock,
    NoteBlock,
    RowBlock,
    SelectionBlock,
    SummaryBlock,
    TableBlock,
)
from lpe_reports.display.page import Page, close_page
from lpe_reports.display.page import open_page as open_on_screen
from lpe_reports.errors import (
    DisclosureError,
    ExtractError,
    NotebookError,
    SettingsError,
    UsageError,
)
from lpe_reports.settings import Project
from page_office import COMMENT

OpenPage = Callable[..., Page]


def small_table(page: Page) -> object:
    frame = pd.DataFrame({"unit": ["A", "B"], "waiting": [3, 40]})
    columns = [Column("unit", "Enhet"), Column("waiting", "Väntande", "count")]
    return page.protect(frame, table="waiting", columns=columns)


def test_page_knows_what_it_is_about(open_page: OpenPage) -> None:
    """Unit, period, night, settings of the unit and the notebook's parameters."""
    page = open_page(weeks=8)
    title = page._opening.title

    assert (page.report, page.unit, page.period.id) == ("weekly", "ortopedi", "2026-W19")
    assert (page.night, page.ongoing) == (date(2026, 5, 11), False)
    assert (title.title, title.when) == ("Ortopedi, vecka 19 2026", "4–10 maj 2026")
    assert page.parameters == {"weeks": 8}
    assert "bo-opc" in page.settings["waiting"]


def test_a_page_does_without_another_report_s_notebook(
    open_page: OpenPage, office: Project
) -> None:
    """One that is taken away while the build runs harms no other page."""
    other = office.reports / "equity" / "procedure.ipynb"
    content = other.read_bytes()
    other.unlink()
    try:
        assert open_page().report == "weekly"
    finally:
        other.write_bytes(content)


def test_a_page_that_asks_which_night_it_is_depends_on_it(open_page: OpenPage) -> None:
    """Its period is over, and what it shows is other all the same; `until` stays as it is."""
    over, under_way = open_page(), open_page(period="2026-W20")

    assert (over.until, under_way.until) == (date(2026, 5, 11), date(2026, 5, 11))
    assert open_page(period="2026-W18").until == date(2026, 5, 4)
    assert "night" not in over._record.digests()
    assert over.night == date(2026, 5, 11)
    assert over._record.digests()["night"] == "2026-05-11"


def test_page_of_a_period_under_way_says_so(open_page: OpenPage) -> None:
    """Pågår stands with the title."""
    assert open_page(period="2026-W20")._opening.title.ongoing


@pytest.mark.parametrize(
    ("unit", "period", "words"),
    [
        ("ortopdi", "2026-W19", "did you mean 'ortopedi'"),
        ("ortopedi", "2026-05", "not for '2026-05'"),
        ("ortopedi", "2026-W54", "not in the calendar"),
    ],
)
def test_page_refuses_what_the_report_is_not_made_for(
    open_page: OpenPage, unit: str, period: str, words: str
) -> None:
    """An unknown unit or a period of another kind is told in words."""
    with pytest.raises(UsageError, match=words):
        open_page(unit, period)


def test_page_refuses_an_unknown_report_night_or_date(open_page: OpenPage) -> None:
    """Each with its own error."""
    with pytest.raises(UsageError, match="no report"):
        open_page(report="weekley")
    with pytest.raises(ExtractError):
        open_page(night=date(2020, 1, 1))


def test_page_refuses_a_night_that_is_no_date(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip in the environment is told with its name."""
    monkeypatch.setenv("LPE_NIGHT", "tonight")
    with pytest.raises(SettingsError, match="LPE_NIGHT"):
        open_page()


def test_page_says_the_week_in_one_breath(open_page: OpenPage) -> None:
    """From the night's own rows to the sentence."""
    page = open_page()
    theatres = page.series("open_theatres", unit="bo-opc", vo=None, last=8)
    operations = page.series("operations", unit="bo-opc", last=8)
    lists = page.each("waiting", ["bo-opc", "hu-cop"], last=8)
    block = page.summary(theatres, operations, lists).block

    assert isinstance(block, SummaryBlock)
    assert block.text.startswith(
        "Bollnäs hade 18 av 20 salar öppna och gjorde 46 operationer, en över målet och flest på "
        "minst åtta veckor."
    )
    assert "Väntelistan till operation i Hudiksvall visas inte, eftersom den" in block.text


def test_page_shows_the_comment_as_written(open_page: OpenPage) -> None:
    """The office's words on this unit and week, and nothing where there are none."""
    block = open_page().comment().block

    assert isinstance(block, CommentBlock)
    assert (block.text, block.updated_on) == (COMMENT, "2026-05-11")
    assert isinstance(open_page(period="2026-W18").comment().block, AbsentBlock)


def test_page_shows_only_what_is_protected(open_page: OpenPage) -> None:
    """A raw frame is refused by every call that shows."""
    page = open_page()
    frame = pd.DataFrame({"n": [3]})
    calls = (
        lambda: page.table(frame, caption="x"),  # type: ignore[arg-type]
        lambda: page.bars(frame, label="n", value="n", caption="x"),  # type: ignore[arg-type]
        lambda: page.trend(frame),  # type: ignore[arg-type]
        lambda: page.lines(frame, caption="x"),  # type: ignore[arg-type]
        lambda: page.summary(frame),  # type: ignore[arg-type]
        lambda: page.key_figure(frame, "n", label="x"),  # type: ignore[arg-type]
        lambda: page.chart(alt.Chart(), data=frame, caption="x", alt="y"),  # type: ignore[arg-type]
    )
    for call in calls:
        with pytest.raises(DisclosureError):
            call()
    with pytest.raises(UsageError, match="DataFrame"):
        page.key_figures(frame)  # type: ignore[arg-type]


def test_page_protects_by_the_projects_policy(open_page: OpenPage) -> None:
    """Three who wait are hidden in the block, whatever notebook shows them."""
    page = open_page()
    block = page.table(small_table(page), caption="Väntande").block  # type: ignore[arg-type]

    assert isinstance(block, TableBlock)
    assert block.rows == (("A", None), ("B", 40))
    assert block.hidden == ((0, 1),)


def test_a_table_of_ones_own_does_not_tell_a_number_by_its_sum(open_page: OpenPage) -> None:
    """The policy names no such table, and a key figure beside it may be what the rows add up to."""
    page = open_page()
    frame = pd.DataFrame({"unit": ["A", "B", "C"], "patients": [3, 40, 90]})
    columns = [Column("unit", "Enhet"), Column("patients", "Patienter", "count")]

    own = page.protect(frame, table="by_unit_of_my_own", columns=columns)
    drafts = [Draft(frame, columns), Draft(frame.iloc[:0], columns)]
    coarsest = page.protect_coarsest(drafts, table="by_unit_again", most_hidden=1)

    for table in (own, coarsest):
        assert table.hidden["patients"].tolist() == [True, True, False]


def test_page_gives_each_block_an_id_of_its_own(open_page: OpenPage) -> None:
    """Two tables of one series have two files; ids do not change from week to week."""
    page = open_page()
    series = page.series("operations", unit="bo-opc", last=4)
    blocks = [page.table(series).block, page.table(series).block, page.trend(series).block]

    assert [block.id for block in blocks] == [  # type: ignore[union-attr]
        "operations-bo-opc", "operations-bo-opc-2", "diagram-operations-bo-opc",
    ]  # fmt: skip


def test_page_shows_several_trends_in_a_row(open_page: OpenPage) -> None:
    """One chart alone, several side by side, none as nothing."""
    page = open_page()
    two = page.each("waiting", ["bo-opc", "hu-cop"], last=8)

    assert isinstance(page.trend(two[0]).block, ChartBlock)
    row = page.trend(two).block
    assert isinstance(row, RowBlock)
    assert len(row.items) == 2
    assert isinstance(page.trend().block, AbsentBlock)


def test_page_writes_the_selection_once(open_page: OpenPage) -> None:
    """Under a selection line charts repeat neither it nor its links; without one they have them."""
    page = open_page()
    series = page.series("operations", unit="bo-opc", last=8)
    alone = page.trend(series).block
    line = page.selection("Bollnäs", "operations").block
    under = page.trend(series).block

    assert isinstance(alone, ChartBlock) and isinstance(under, ChartBlock)
    assert alone.selection == "Operationscentrum Bollnäs, ortopedi, vecka 12–19 2026"
    assert alone.definitions == ("operations",)
    assert isinstance(line, SelectionBlock)
    assert (under.selection, under.definitions) == ("", ())


def test_page_refuses_a_definition_that_nobody_wrote(open_page: OpenPage) -> None:
    """What is shown must be defined."""
    with pytest.raises(UsageError, match="no entry 'operatoins'"):
        open_page().selection("x", "operatoins")


def test_page_leaves_out_a_section_that_is_not_the_units(open_page: OpenPage) -> None:
    """Inside it every call gives nothing and reads nothing, until the next section."""
    page = open_page("anestesi")
    opened = page.section("arthroplasties")
    series = page.series("arthroplasties", unit="bo-opc")
    inside = [page.trend(series), page.table(series, caption="x"), page.summary(series),
              page.key_figures(series), page.note("x"),
              page.row(page.trend(series))]  # fmt: skip
    asked = len(page._opening.extract.questions)
    page.section()
    after = page.note("kvar")

    assert opened.block == AbsentBlock(section="arthroplasties", opens=True)
    assert all(shown.block == AbsentBlock(section="arthroplasties") for shown in inside)
    assert asked == 0
    assert isinstance(after.block, NoteBlock)


def test_page_refuses_a_section_that_is_misspelt(open_page: OpenPage) -> None:
    """Left out of every page, it would be missed by nobody; names what there is, and the file."""
    page = open_page("anestesi")

    with pytest.raises(NotebookError, match=r"'arthroplastis'.*reports/weekly\.yml") as told:
        page.section("arthroplastis")
    for words in ("did you mean 'arthroplasties'?", "clinics, followed", "sections: {anestesi: {"):
        assert words in str(told.value)
    assert page.section("arthroplasties").block.section == "arthroplasties"  # type: ignore[union-attr]


def test_a_section_that_no_unit_has_today_is_left_out(open_page: OpenPage) -> None:
    """The last unit that had it has lost it, or a report names no sections at all."""
    page = open_page("NGB49", "2025", report="procedure")

    assert page.section("arthroplasties").block == AbsentBlock(section="arthroplasties", opens=True)
    assert open_page().section("robotar").block == AbsentBlock(section="robotar", opens=True)


def test_page_says_that_a_table_was_not_delivered(open_page: OpenPage) -> None:
    """A section whose table the night lacks says so in plain words and shows nothing else."""
    page = open_page()
    said = page.section(needs=["production_plan"]).block
    inside = page.table(small_table(page), caption="x").block  # type: ignore[arg-type]

    assert isinstance(said, NoteBlock)
    assert "inte levererats" in said.text
    assert inside == AbsentBlock()


def test_page_shows_key_figures_by_stable_ids(open_page: OpenPage) -> None:
    """The id of a key figure is its measure and unit."""
    page = open_page()
    block = page.key_figures(*page.each("waiting", ["bo-opc", "hu-cop"], last=8)).block

    assert isinstance(block, KeyFiguresBlock)
    assert [figure.id for figure in block.items] == ["waiting-bo-opc", "waiting-hu-cop"]
    assert [figure.hidden for figure in block.items] == [False, True]


def test_page_in_a_build_draws_nothing(open_page: OpenPage) -> None:
    """A build's output is the block and a name without address."""
    page = open_page()
    bundle = page.trend(page.series("operations", unit="bo-opc", last=8))._repr_mimebundle_()

    assert set(bundle) == {MIME, "text/plain"}
    assert bundle["text/plain"] == "<p.trend>"


def test_page_for_an_author_shows_what_the_page_will_look_like(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chart as HTML and SVG, a table as HTML and Markdown, besides the block."""
    monkeypatch.delenv("LPE_RUN")
    page = open_page()
    series = page.series("operations", unit="bo-opc", last=8)
    chart = page.trend(series)._repr_mimebundle_()
    table = page.table(series)._repr_mimebundle_()

    assert chart["image/svg+xml"].startswith('<svg role="img" aria-label="Operationer, Bollnäs')
    assert "<figure" in chart["text/html"]
    assert "<svg" in chart["text/html"]
    assert table["text/markdown"].startswith("| År-vecka")
    assert "<caption>Operationer, Bollnäs</caption>" in table["text/html"]


def test_an_author_s_pdf_has_the_charts_and_no_names_of_calls(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Quarto makes a lone notebook's PDF of: Typst with the drawings in it, or nothing."""
    monkeypatch.delenv("LPE_RUN")
    page = open_page()
    both = [page.series("operations", unit=unit, last=8) for unit in ("bo-opc", "hu-cop")]
    row = page.trend(*both)._repr_mimebundle_()
    nothing = page.section()._repr_mimebundle_()

    assert row["text/markdown"].startswith("```{=typst}\n")
    assert row["text/markdown"].count('image(bytes("<svg role=\\"img\\"') == 2
    assert 'alt: "Operationer' in row["text/markdown"]
    for kind in ("text/html", "text/markdown"):
        assert nothing[kind].startswith("<!--") and nothing[kind].endswith("-->")


def test_author_needs_neither_unit_nor_period(open_page: OpenPage) -> None:
    """The report's first unit and its newest week that is over."""
    page = open_page(unit=None, period=None)

    assert page.unit == "kirurgi"
    assert page.period.id == "2026-W19"


def test_close_refuses_what_was_made_and_not_shown(open_page: OpenPage) -> None:
    """A call that was not the last of its cell is named, not lost."""
    page = open_page()
    page.note("visad")._repr_mimebundle_()
    page.table(small_table(page), caption="Glömd")  # type: ignore[arg-type]
    with pytest.raises(NotebookError, match=r"made but not shown: p\.table\('Glömd'\)"):
        page.close()


@pytest.fixture
def displayed() -> Iterator[Callable[[], str]]:
    """What cells would have shown so far, in a shell as notebooks have."""
    history_off = Config({"HistoryManager": {"enabled": False}})
    InteractiveShell.instance(config=history_off)
    try:
        with capture_output() as captured:
            yield lambda: str([output.data for output in captured.outputs])
    finally:
        InteractiveShell.clear_instance()


def test_close_tells_where_numbers_come_from(
    open_page: OpenPage, displayed: Callable[[], str]
) -> None:
    """Provenance and trace: the questions, the params and the modules, and no clock."""
    page = open_page(weeks=8)
    page.series("operations", unit="bo-opc", last=8)
    page.close()
    shown = displayed()

    assert '"2026-05-11"' in shown.replace("'", '"')
    assert "lpe_reports.measures.production" in shown
    assert "units/bo-opc" in shown


def test_close_page_needs_an_open_page(
    open_page: OpenPage, displayed: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`page.close()` closes the page opened last, once."""
    from lpe_reports.display import page as page_module

    monkeypatch.setattr(page_module, "_open_page", None)
    with pytest.raises(NotebookError, match="no page is open"):
        close_page()
    open_on_screen("weekly", unit="ortopedi", period="2026-W19")
    close_page()
    with pytest.raises(NotebookError, match="closed already"):
        close_page()
    assert "Ortopedi, vecka 19 2026" in displayed()


def test_page_blocks_are_plain_json(open_page: OpenPage) -> None:
    """No NaN and no numpy reaches the notebook."""
    page = open_page()
    series = page.each("guarantee_share_waiting", ["bo-opc", "hu-cop"], last=8)
    for shown in (page.trend(series), page.lines(series, caption="x"), page.key_figures(series)):
        json.dumps(shown._repr_mimebundle_()[MIME], allow_nan=False)


def test_a_section_that_is_left_out_takes_several_series_with_it(open_page: OpenPage) -> None:
    """Trends of `p.each(…)` in a section without its table show nothing, and do not fail."""
    page = open_page()
    page.section(needs=["staffing"])

    shown = page.trend(page.each("operations", ["bo-opc", "hu-cop"], last=4))

    assert isinstance(shown.block, AbsentBlock)
