"""What a page says is read from its executed notebook, and nothing else gets through."""

import json
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.display.blocks import MIME, TRACE_MIME, AbsentBlock, Block, NoteBlock
from lpe_reports.display.content import PageContent, content_of, read_content
from lpe_reports.errors import DisclosureError, NotebookError
from sample_page import sample_items, write_notebook


def prose(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": text}


def code(*outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": "p", "outputs": list(outputs)}


def shown(block: Block) -> dict[str, Any]:
    data = {MIME: block.model_dump(mode="json"), "text/plain": "<x>"}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def note(text: str) -> dict[str, Any]:
    return code(shown(NoteBlock(text=text)))


def skipped(section: str, *, opens: bool = False) -> dict[str, Any]:
    return code(shown(AbsentBlock(section=section, opens=opens)))


def read(*cells: dict[str, Any]) -> PageContent:
    return content_of(list(cells), name="tiny.ipynb")


def texts(content: PageContent) -> list[str]:
    return [item.strip() if isinstance(item, str) else item.text for item in content.items]  # type: ignore[union-attr]


def test_content_keeps_the_order_of_the_notebook(tmp_path: Path) -> None:
    """Prose and blocks as they were shown."""
    items = sample_items()
    content = read_content(write_notebook(tmp_path / "page.ipynb", items))

    assert [item.strip() if isinstance(item, str) else item for item in content.items] == [
        item.strip() if isinstance(item, str) else item for item in items
    ]
    assert content.title.title == "Ortopedi, vecka 19 2026"
    assert content.comment is not None
    assert content.summary.startswith("Bollnäs hade 18 av 20")


def test_content_lists_tables_of_charts_and_rows_too(tmp_path: Path) -> None:
    """Every table has a file, also those behind charts."""
    content = read_content(write_notebook(tmp_path / "page.ipynb", sample_items()))

    assert [table.id for table in content.tables()] == [
        "oppna-salar", "operationer", "proteser", "andel", "vantelista", "floden",
    ]  # fmt: skip
    assert len(content.charts()) == 4
    assert content.definitions()[:2] == ("open_theatres", "operations")


def test_content_reads_the_title_cell() -> None:
    """A raw cell of YAML at the top is the notebook's front matter."""
    raw = {"cell_type": "raw", "source": "---\ntitle: Vecka\nowner: analys\n---"}

    assert read(raw).front_matter == {"title": "Vecka", "owner": "analys"}


def test_content_refuses_what_did_not_come_from_the_page() -> None:
    """A data frame at the end of a cell stops the page; the message names the cell."""
    frame = {"output_type": "execute_result", "metadata": {}, "data": {"text/html": "<table>"}}
    with pytest.raises(DisclosureError, match=r"tiny.ipynb, cell 2: .* did not come from"):
        read(prose("# x"), code(frame))


def test_content_passes_over_what_shows_nothing() -> None:
    """Prints, a value's name and the trace are no part of the page."""
    stream = {"output_type": "stream", "name": "stdout", "text": "hej"}
    name = {"output_type": "execute_result", "metadata": {}, "data": {"text/plain": "<Series>"}}
    trace = {"output_type": "display_data", "metadata": {}, "data": {TRACE_MIME: {}}}

    assert read(code(stream, name, trace)).items == ()


def test_content_refuses_a_failed_cell() -> None:
    """A notebook that raised has no page."""
    failed = {"output_type": "error", "ename": "ValueError", "evalue": "3", "traceback": []}
    with pytest.raises(NotebookError, match="cell 1: it failed \\(ValueError\\)"):
        read(code(failed))


def test_content_refuses_unknown_blocks_without_their_values() -> None:
    """A block of another version is named, its content is not."""
    output = {"output_type": "display_data", "data": {MIME: {"type": "x", "secret": 3}}}
    with pytest.raises(NotebookError) as caught:
        read(code(output))

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("content", ["", "{}", '{"cells": 3}', "[1]"])
def test_content_refuses_what_is_no_notebook(tmp_path: Path, content: str) -> None:
    """A cut or foreign file is one clear error."""
    path = tmp_path / "x.ipynb"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NotebookError, match="no executed notebook"):
        read_content(path)


def test_content_leaves_out_a_section_that_is_not_for_the_unit() -> None:
    """Heading, prose and blocks go, up to the next heading of the same rank."""
    content = read(
        prose("## Först"), note("a"),
        prose("## Proteser\n\nText."), skipped("proteser", opens=True), prose("Mer."),
        skipped("proteser"), prose("### Under"), skipped("proteser"),
        prose("## Sist"), note("b"),
    )  # fmt: skip

    assert texts(content) == ["## Först", "a", "## Sist", "b"]


def test_content_leaves_out_only_the_last_heading_of_a_cell() -> None:
    """What a prose cell says before the heading stays."""
    content = read(prose("Före.\n\n## Proteser"), skipped("proteser", opens=True))

    assert texts(content) == ["Före."]


def test_content_refuses_a_section_that_reaches_over_the_next_heading() -> None:
    """A forgotten p.section() is told with the heading where it is missing."""
    with pytest.raises(NotebookError, match=r"heading 'Sist' still belongs.*p\.section\(\)"):
        read(
            prose("## Proteser"), skipped("proteser", opens=True),
            prose("## Sist"), skipped("proteser"),
        )  # fmt: skip


def test_content_refuses_a_section_without_heading() -> None:
    """There must be something to leave out."""
    with pytest.raises(NotebookError, match="under no heading"):
        read(skipped("proteser", opens=True))


def test_content_needs_one_title_and_one_provenance() -> None:
    """A notebook that did not open or close its page has none."""
    with pytest.raises(NotebookError, match=r"page\.open.*0 times"):
        _ = read(prose("x")).title
    with pytest.raises(NotebookError, match=r"page\.close.*0 times"):
        _ = read(prose("x")).provenance


def test_content_needs_no_ids_of_cells(tmp_path: Path) -> None:
    """Source may be a list of lines, as Jupyter stores it."""
    path = tmp_path / "x.ipynb"
    cells = [{"cell_type": "markdown", "source": ["# A\n", "b"]}]
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")

    assert read_content(path).items == ("# A\nb\n",)
