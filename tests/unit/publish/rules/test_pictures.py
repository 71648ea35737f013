"""Pictures have words, charts above all, on pages and in PDFs."""

import pytest

from lpe_reports.publish.documents import Document
from lpe_reports.publish.rules.pictures import unnamed_pictures

pytestmark = pytest.mark.promise(
    "pages", "No picture is without words, and no PDF without its structure"
)

FOUND = [
    ('<figure class="chart" id="a"><svg aria-hidden="true"></svg></figure>', "chart without words"),
    ('<figure class="chart"><img src="a.svg" alt=""></figure>', "chart without words"),
    ('<figure class="chart wide"><svg aria-label=" "></svg></figure>', "chart without words"),
    ('<div role="img"></div>', "picture without words"),
    ('<span role="img" aria-label="">x</span>', "picture without words"),
    ('<input type="image" src="a.svg" alt=" ">', "picture without words"),
    ('<area href="a.html">', "picture without words"),
    ('<img src="a.png" alt="Bild 3">', "picture whose words say nothing"),
    ('<img src="a.png" alt="diagram_1.png">', "picture whose words say nothing"),
]
CLEAN = [
    '<figure class="chart" id="a"><svg role="img" aria-label="Öppna, senast 4."></svg></figure>',
    '<figure class="chart"><img src="a.svg" alt="Öppna salar, senast 4."></figure>',
    '<figure class="chart"><figcaption>a</figcaption><img class="x" alt="En kurva"></figure>',
    '<img src="streck.svg" alt="">',
    '<svg class="swatch" aria-hidden="true"></svg>',
    '<div role="img" aria-labelledby="a"></div>',
    '<g role="img"><title>En kurva</title></g>',
    '<img src="a.png" alt="Bild av operationssalen">',
]


@pytest.mark.parametrize(("source", "rule"), FOUND)
def test_a_picture_without_words_is_found(source: str, rule: str) -> None:
    """Also where an empty text would say that it only decorates: a chart never does."""
    found = list(unnamed_pictures(Document("a.html", ".html", source=f"\n{source}")))

    assert [(fault.rule, fault.place) for fault in found] == [(rule, "line 2")]


@pytest.mark.parametrize("source", CLEAN)
def test_a_picture_with_words_is_let_through(source: str) -> None:
    """And so is decoration."""
    assert list(unnamed_pictures(Document("a.html", ".html", source=source))) == []


def test_a_figure_of_a_pdf_without_words_is_found() -> None:
    """The structure of a tagged PDF tells."""
    figure = b"7 0 obj\n<</Type/StructElem/S/Figure/P 3 0 R%s/K[4]>>\nendobj\n"
    content = figure % b"" + figure % b"/Alt<FEFF00D6>" + figure % b"/Alt(En kurva)"

    found = list(unnamed_pictures(Document("a.pdf", ".pdf", content=content)))

    assert [fault.rule for fault in found] == ["picture without words"]
