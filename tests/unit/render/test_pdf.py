"""PDFs of texts that the shipped fonts cannot show."""

from pathlib import Path

import pytest

from lpe_reports.render.pdf import compile_pdf

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><text y="9">{}</text></svg>'


def write(folder: Path, text: str) -> Path:
    """A page with a text in bold, in plain and in a drawing."""
    (folder / "c.svg").write_text(SVG.format(text), encoding="utf-8")
    page = folder / "page.typ"
    page.write_text(
        f'#set document(title: [x])\n#set text(font: "Inter")\n= A\n#strong("{text}") #"{text}"\n'
        '#image("c.svg", alt: "x")\n',
        encoding="utf-8",
    )
    return page


@pytest.mark.parametrize(
    "text",
    [
        "\U0001f4a9 ok",
        "\u4e2d\u6587",
        "\u0e01\u0e33",
        "Z\u0351\u036b",
        "e\u0301\u0301",
        "\uff1d1",
        "\ufdfd",
    ],
)
def test_a_sign_that_no_font_has_costs_no_page_its_pdf(tmp_path: Path, text: str) -> None:
    """A box stands in its place, and the same page gives the same bytes."""
    first = compile_pdf(write(tmp_path, text), "a/b")

    assert first.startswith(b"%PDF")
    assert compile_pdf(write(tmp_path, text), "a/b") == first
