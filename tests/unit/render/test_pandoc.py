"""The embedded renderer: documents in, the same pages out, every construct in both formats."""

import io
import re
from typing import Any

import html5lib
import pypdf
import pytest

from lpe_reports.errors import RenderError
from lpe_reports.render.document import PageDocument
from lpe_reports.render.front_matter import front_matter
from lpe_reports.render.pandoc import PandocRenderer

HEAD = front_matter({"title": "En sida", "lang": "sv", "lpe": {"root": "../", "css": "x.css"}})
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0,0h9"/></svg>'


def document(body: str, address: str = "a/b", **options: Any) -> PageDocument:
    """A document with this body."""
    return PageDocument(address, f"{HEAD}\n{body}\n", **options)


def rendered(body: str, **options: Any) -> tuple[str, str]:
    """A body's HTML and the text of its PDF."""
    page = PandocRenderer().render([document(body, **options)])[0]
    assert page.pdf is not None
    pdf = pypdf.PdfReader(io.BytesIO(page.pdf))
    return page.html.decode(), "\n".join(each.extract_text() for each in pdf.pages)


def test_a_batch_gives_as_many_pages_as_documents_in_their_order() -> None:
    """Each document becomes its own page."""
    documents = [document(f"## Del {n}", f"a/b{n}") for n in range(12)]

    pages = PandocRenderer().render(documents)

    assert [page.address for page in pages] == [f"a/b{n}" for n in range(12)]
    assert all(f"Del {n}".encode() in page.html for n, page in enumerate(pages))


def test_the_same_document_gives_the_same_bytes() -> None:
    """HTML and PDF hold no clock time, random id or folder."""
    body = "## Rubrik\n\n![Bild](bild.svg){fig-alt='Något'}\n"
    first, second = (
        PandocRenderer().render([document(body, files={"bild.svg": SVG})])[0] for _ in range(2)
    )

    assert first == second


def test_the_page_is_whole_and_valid_html_without_styles_or_scripts_inline() -> None:
    """A strict parser takes it, and a strict Content-Security-Policy lets it through."""
    body = "## Ett\n\nText\n\n| a | b |\n|:--|--:|\n| x | 1 |\n\n```python\nx = 1\n```\n"
    html, _ = rendered(body)

    assert html.startswith("<!DOCTYPE html>")
    assert html5lib.HTMLParser(strict=True).parse(html) is not None
    assert " style=" not in html
    assert "<style" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)


def test_a_heading_never_has_the_id_of_a_part_of_the_page() -> None:
    """The page's own parts, tables and charts keep their ids; links to the heading follow it."""
    html, _ = rendered("## Version\n\n[dit](#version)\n\n## Tabell ett\n\n## Produktion\n")

    ids = re.findall(r'(?:id|href)="#?([a-z-]*(?:version|tabell-ett|produktion))"', html)
    assert ids == ["avsnitt-version", "avsnitt-version", "avsnitt-tabell-ett", "produktion"]


def test_a_line_between_paragraphs_and_a_formula_are_in_the_pdf() -> None:
    """The formula has words for those who cannot see it."""
    body = "Före\n\n* * *\n\nVi räknar $x < 2$.\n\n$$y$$\n"
    page = PandocRenderer().render([document(body)])[0]

    assert page.pdf is not None
    assert page.pdf.count(b"/S/Formula") == page.pdf.count(b"/Alt") == 2
    assert "<hr" in page.html.decode()


def test_callouts_tabsets_and_columns_are_there_in_both_formats() -> None:
    """What authors write beyond plain Markdown is honoured."""
    body = """
::: {.callout-warning title="Se upp"}
Det *brinner*.
:::

::: {.panel-tabset}
### Första
ett

### Andra
två
:::

:::: {.columns}
::: {.column width="40%"}
vänster
:::
::: {.column}
höger
:::
::::
"""
    html, pdf = rendered(f"## Rubrik\n{body}")

    assert '<div class="notice warning" role="note">' in html
    assert html.index("Första") < html.index("ett") < html.index("Andra") < html.index("två")
    assert '<div class="columns parts">' in html
    for words in ("Se upp", "Det brinner", "Första", "två", "vänster", "höger"):
        assert words in pdf


def test_raw_parts_reach_their_own_format_only() -> None:
    """HTML is for the page, Typst for the PDF."""
    body = "## R\n\n```{=html}\n<p>bara sidan</p>\n```\n\n```{=typst}\nbara utskriften\n```\n"
    html, pdf = rendered(body)

    assert "bara sidan" in html and "bara utskriften" not in html
    assert "bara utskriften" in pdf and "bara sidan" not in pdf


def test_a_body_with_a_first_level_heading_still_has_one_title() -> None:
    """The page's title is the only h1; an author's headings move down together."""
    html, _ = rendered("# Del\n\n## Underdel\n")

    assert html.count("<h1>") == 1
    assert "<h2>Del</h2>" in html
    assert "<h3>Underdel</h3>" in html


def test_a_pdf_keeps_outside_links_and_drops_those_between_pages() -> None:
    """A PDF lies alone, so a link to another page of the site would lead nowhere."""
    body = "## R\n\n[intern](../x.html) och [ute](https://example.invalid/)\n"
    page = PandocRenderer().render([document(body)])[0]
    assert page.pdf is not None

    text = pypdf.PdfReader(io.BytesIO(page.pdf))
    annotations = text.pages[0].get("/Annots") or []
    targets = [each.get_object()["/A"].get("/URI") for each in annotations]
    assert targets == ["https://example.invalid/"]


def test_the_pdf_is_tagged_a4_and_swedish() -> None:
    """A reader that speaks knows title, language and structure."""
    page = PandocRenderer().render([document("## R\n\nText")])[0]
    assert page.pdf is not None

    pdf = pypdf.PdfReader(io.BytesIO(page.pdf))
    root = pdf.trailer["/Root"]
    assert root["/Lang"] == "sv-SE"
    assert root["/MarkInfo"]["/Marked"]
    assert pdf.metadata is not None and pdf.metadata.title == "En sida"
    assert [round(float(side)) for side in pdf.pages[0].mediabox[2:]] == [595, 842]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('## R\n\n```{=typst}\n#image("bild.svg")\n```\n', "alt text"),
        ("### Hoppar över en nivå\n", "heading"),
        ('## R\n\n```{=typst}\n#import "@preview/cetz:0.3.1": canvas\n```\n', "package|download"),
    ],
)
def test_a_pdf_that_would_not_be_accessible_is_an_error_that_names_the_page(
    body: str, said: str
) -> None:
    """No picture without words, no heading out of order, nothing from the network."""
    with pytest.raises(RenderError, match=rf"a/b: .*({said})"):
        PandocRenderer().render([document(body, files={"bild.svg": SVG})])


def test_the_words_under_a_heading_go_with_what_they_are_about() -> None:
    """A heading and its paragraph never stand alone at the foot of a PDF's page."""
    picture = (
        "```{=typst}\n#block(height: 80pt, breakable: false)[]\n```\n\n```{=html}\n<p>x</p>\n```\n"
    )
    for lines in range(36, 46):
        filling = f"```{{=typst}}\n#v({lines} * 15pt)\n```\n"
        page = PandocRenderer().render([document(f"{filling}\n## Rubrik\n\nOrden.\n\n{picture}")])[
            0
        ]
        assert page.pdf is not None
        pdf = pypdf.PdfReader(io.BytesIO(page.pdf))
        last = pdf.pages[-1].extract_text()
        assert len(pdf.pages) == 1 or ("Rubrik" in last and "Orden." in last)
