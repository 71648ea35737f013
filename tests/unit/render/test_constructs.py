"""What authors write, as docs/constructs.md promises it: every example in both formats."""

import io
import re
from pathlib import Path

import pypdf
import pytest

from lpe_reports.publish.markup.conforming import page_faults
from lpe_reports.render.document import PageDocument
from lpe_reports.render.pandoc import PandocRenderer
from lpe_reports.render.renderer import RenderedPage
from unhonoured_prose import LEFT_OUT
from written_page import documented_cells, prose, written_document

pytestmark = pytest.mark.promise(
    "pages", "What an author may write is honoured in both formats, and what is not is named"
)


def text_of(page: RenderedPage) -> str:
    """The words of a page's PDF, on one line."""
    assert page.pdf is not None
    pdf = pypdf.PdfReader(io.BytesIO(page.pdf))
    return " ".join(" ".join(each.extract_text() for each in pdf.pages).split())


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> PageDocument:
    """A page of every example in the docs, and references to the page's own parts."""
    own = "Se @fig-oppna-salar, @diagram-oppna-salar, @tbl-vantelista och [se @fig-flode, nedan]."
    folder = tmp_path_factory.mktemp("constructs")
    return written_document(folder, [*documented_cells(), prose(own)])


@pytest.fixture(scope="module")
def page(document: PageDocument) -> RenderedPage:
    return PandocRenderer().render([document])[0]


@pytest.fixture(scope="module")
def html(page: RenderedPage) -> str:
    return page.html.decode()


@pytest.fixture(scope="module")
def pdf(page: RenderedPage) -> str:
    return text_of(page)


def test_every_documented_construct_is_honoured_without_a_warning(page: RenderedPage) -> None:
    """What the docs promise is what the renderer does."""
    assert len(documented_cells()) >= 13
    assert page.warnings == ()


def test_the_page_passes_the_gate_and_a_strict_security_policy(html: str) -> None:
    """Valid HTML, no inline style or script, whatever an author wrote."""
    assert page_faults(html) == []
    assert " style=" not in html
    assert "<iframe" not in html


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="notice warning" role="note">',
        '<details class="notice">',
        '<summary class="notice-title">Så läser du diagrammet</summary>',
        '<p>Varning: Räkna inte ihop</p>',
        '<div class="tabs">',
        '<div class="columns parts">',
        '<div class="column w30">',
        '<figure id="fig-flode">',
        '<figcaption>Så går en patient från remiss till åtgärd</figcaption>',
        'class="w60" alt="Remiss, bedömning, väntelista, operation."',
        '<div class="scroll" id="tbl-salar">',
        '<th scope="col">Salar</th>',
        '<th class="text" scope="row">Bollnäs</th>',
        '<a href="#sec-vantan">Väntan</a>',
        '<a href="#fig-flode">Så går en patient från remiss till åtgärd</a>, nedan',
        '<a href="#diagram-oppna-salar">Öppna salar</a>',
        'role="doc-noteref" aria-label="Fotnot 1">1</a></sup>',
        'aria-label="Tillbaka till texten, fotnot 1"',
        "<summary>Visa hur det räknas</summary>",
        '<pre class="python"><code>andel = inom / alla</code></pre>',
        '<math display="block">',
        "<mfrac><mi>n</mi><mi>N</mi></mfrac>",
        '<span class="words">Klart:</span> hämtat',
        '<ol type="a">',
        "<dt>Operationstid</dt>",
        "<blockquote>",
        '<div class="line-block">Region Gävleborg<br />',
        "<del>struket</del>, H<sub>2</sub>O, m<sup>2</sup>",
        "”citat”",
        "<hr",
        "Peka på en punkt",
        '<details class="fold">',
        "Tryck <kbd>Ctrl</kbd> + <kbd>F</kbd>",
    ],
)  # fmt: skip
def test_the_page_has_each_construct_as_the_docs_say(html: str, markup: str) -> None:
    """Markup that the stylesheet, the script and a screen reader know."""
    assert markup in html


@pytest.mark.parametrize(
    "words",
    [
        "Varning: Räkna inte ihop En patient kan vänta på flera åtgärder.",
        "Så läser du diagrammet Strecket är medelvärdet.",
        "Per vecka Så här går det vecka för vecka. Per månad Så här går det månad för månad.",
        "Till vänster.",
        "Så går en patient från remiss till åtgärd",
        "Salar per sjukhus Klinik Salar Bollnäs 4",
        "Se ”Väntan”.",
        "Se ”Öppna salar”",
        "1Datum för beslut om åtgärd.",
        "andel = inom / alla",
        "☒ hämtat ☐ granskat",
        "a) först b) sedan",
        "från knivstart till sista sutur",
        "Så säger riktlinjen.",
        "Region Gävleborg Länsplaneringsenheten",
        "struket, H2O, m2",
        "Värdena står i Excelfilen.",
    ],
)
def test_the_pdf_has_each_construct_in_words(pdf: str, words: str) -> None:
    """Whole, without anything to press."""
    assert words in pdf


def test_the_pdf_has_words_for_pictures_and_formulas(page: RenderedPage) -> None:
    """The figure's alt text and the formulas' source are in the structure."""
    assert page.pdf is not None
    assert page.pdf.count(b"/S/Formula") == 2
    assert "Peka på en punkt" not in text_of(page)
    reader = pypdf.PdfReader(io.BytesIO(page.pdf))
    told = [
        str(each.get_object().get("/Alt"))
        for number in range(1, len(reader.xref[0]) + 1)
        if isinstance(each := reader.get_object(number), pypdf.generic.DictionaryObject)
        and each.get("/S") == "/Figure"
    ]
    assert "Remiss, bedömning, väntelista, operation." in told


def test_a_picture_is_a_file_of_the_page_by_its_content(document: PageDocument, html: str) -> None:
    """The page and its PDF name the same file, beside the page's other files."""
    found = re.search(r'<img src="(2026-W19/flode\.[0-9a-f]{10}\.svg)"', html)

    assert found is not None
    assert found[1] in document.files


def test_what_is_left_out_is_named_with_its_cell_and_the_rest_stands(tmp_path: Path) -> None:
    """Each by the words that an author knows it by; the page is whole and passes the gate."""
    cells = [prose(f"{text}\n\nEfter {number}.") for number, text in enumerate(LEFT_OUT)]
    page = PandocRenderer().render([written_document(tmp_path, cells)])[0]
    html, pdf = page.html.decode(), text_of(page)

    for number, words in enumerate(LEFT_OUT.values()):
        assert any(words in told for told in page.warnings), words
        assert f"Efter {number}." in html and f"Efter {number}." in pdf
        # After the page's own three cells.
        cell = f"cell {number + 4}: "
        assert any(told.startswith(cell) and words in told for told in page.warnings), words
    assert len(page.warnings) == len(LEFT_OUT) + 3  # <tr>, <td> and #thm-tva are named, too
    assert page_faults(html) == []
    for gone in ("graph TD", "1/0", "alert", "newpage", "color: red"):
        assert gone not in html and gone not in pdf


def test_prose_cannot_change_what_stands_around_it(tmp_path: Path) -> None:
    """A second block of metadata is a line, and code that is not closed ends with its cell."""
    cells = [
        prose("---\ntitle: En annan\nlpe: {root: /}\n---"),
        prose("```\nutan slut"),
        prose("Ord."),
    ]
    html = PandocRenderer().render([written_document(tmp_path, cells)])[0].html.decode()

    assert "<h1>Ortopedi, vecka 19 2026</h1>" in html
    assert "<p>Ord.</p>" in html
