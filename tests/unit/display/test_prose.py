"""What authors write is harmless before a renderer sees it, and code shown only when asked for."""

import base64
import pickle
from typing import Any

import pytest

from lpe_reports.display.blocks import MIME, AbsentBlock
from lpe_reports.display.content import content_of
from lpe_reports.display.prose import (
    Prose,
    ShownCode,
    div_faults,
    harmless,
    pictures,
    shortcodes,
    shown_code,
)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("```{mermaid}\nx\n```", '``` {.leftout leftout="mermaid"}\nx\n```'),
        ("  ~~~ {r, echo=FALSE}\nx\n~~~", '  ~~~ {.leftout leftout="r"}\nx\n~~~'),
        ("```{.python}\nx\n```", "```{.python}\nx\n```"),
        ("```{=html}\nx\n```", "```{=html}\nx\n```"),
        ("````\n```{mermaid}\n````", "````\n```{mermaid}\n````"),
        ("---\ntitle: x\n---", "* * *\ntitle: x\n---"),
        ("Rubrik\n---", "Rubrik\n---"),
        ("```\n---\n```", "```\n---\n```"),
        ("````\nutan slut\n```", "````\nutan slut\n```\n````"),
    ],
)
def test_prose_holds_nothing_that_a_renderer_would_run(text: str, made: str) -> None:
    """Blocks to run, metadata and open fences are changed, and nothing else is."""
    assert harmless(text) == made


def test_shortcodes_are_found_in_code_too_by_their_names() -> None:
    """Quarto runs them there as well."""
    assert shortcodes("{{< include a.md >}} `{{<env X>}}` {{% x %}}") == ["include", "env"]


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("![a](b.svg){fig-alt='c'} ![d](<e f.png>)", ["b.svg", "e f.png"]),
        ('![a [b] c](d(1).svg "titel"){fig-alt="}"}', ["d(1).svg"]),
        ("`![a](b.svg)`\n\n```\n![a](b.svg)\n```", []),
    ],
)
def test_pictures_are_found_where_they_are_shown(text: str, targets: list[str]) -> None:
    """Each with where its target stands."""
    found = pictures(text)

    assert [each.target for each in found] == targets
    assert all(text[each.start : each.end] == each.target for each in found)


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("x = 1", None),
        ("#| echo: false\nx = 1", None),
        ("#| echo: true\nx = 1", "```{.python}\nx = 1\n```\n"),
        ("#| code-fold: true\n#| echo: true\nx", '```{.python fold="Visa kod"}\nx\n```\n'),
        (
            '#| echo: true\n#| code-fold: true\n#| code-summary: "Så {räknas} det"\nx',
            '```{.python fold="Så räknas det"}\nx\n```\n',
        ),
        ('#| echo: true\nx = "```"', '````{.python}\nx = "```"\n````\n'),
    ],
)
def test_a_cells_source_is_shown_when_it_says_so(source: str, made: str | None) -> None:
    """Without its options, and in a fence that nothing in it ends."""
    assert shown_code(source, 3) == made


def test_a_block_that_is_not_ended_is_told_by_its_cell() -> None:
    """One may begin in one cell and end in another."""
    cells = [
        Prose("::: {.callout-tip}", 1),
        Prose(":::\n\n:::: columns", 4),
        Prose("```\n:::\n```", 5),
    ]

    assert [cell for cell, _ in div_faults(cells)] == [4]


def test_prose_keeps_its_cell_on_the_way_to_another_process() -> None:
    """Pages are made in workers."""
    sent = pickle.loads(pickle.dumps(ShownCode("# x\n", 7)))

    assert (sent, type(sent), sent.cell, sent.headings()) == ("# x\n", ShownCode, 7, [])


def prose(text: str, **attached: bytes) -> dict[str, Any]:
    """A Markdown cell with pictures that have come with it."""
    forms = {
        f"{name}.png": {"image/png": base64.b64encode(data).decode()}
        for name, data in attached.items()
    }
    return {"cell_type": "markdown", "source": text, "attachments": forms}


def code(source: str, *blocks: AbsentBlock, tag: str = "") -> dict[str, Any]:
    """A code cell that has shown these blocks."""
    outputs = [
        {"output_type": "display_data", "data": {MIME: block.model_dump(mode="json")}}
        for block in blocks
    ]
    tags = [tag] if tag else []
    cell = {"cell_type": "code", "source": source, "outputs": outputs}
    return cell | {"metadata": {"tags": tags}}


def test_a_section_that_is_left_out_takes_its_code_and_pictures_along() -> None:
    """A comment in shown code is no heading, neither to end the section nor to begin one."""
    content = content_of(
        [
            code("u = 1", tag="injected-parameters"),
            prose("## Kvar\n\n![a](attachment:ett.png)", ett=b"1"),
            prose("## Borta"),
            code("p.section('x')", AbsentBlock(section="x", opens=True)),
            prose("![b](attachment:tva.png)", tva=b"2"),
            code("#| echo: true\n# Överst\nx"),
            prose("## Efter"),
            code("#| echo: true\n# En kommentar\ny"),
        ],
        name="tiny.ipynb",
    )

    assert [(item.split("\n")[0], getattr(item, "cell", 0)) for item in content.prose()] == [
        ("## Kvar", 1), ("## Efter", 6), ("```{.python}", 7),
    ]  # fmt: skip
    assert content.pictures == {"ett.png": b"1"}
