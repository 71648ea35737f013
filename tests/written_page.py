"""Pages of hand-written cells, as a notebook brings them: pictures attached, code shown."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lpe_reports.build.planning.pictures import with_pictures
from lpe_reports.build.runs import ExecutedRun
from lpe_reports.display.blocks import MIME, Block, ProvenanceBlock, TitleBlock
from lpe_reports.display.content import content_of
from lpe_reports.render.document import PageDocument
from lpe_reports.render.page_document import page_document
from lpe_reports.settings import Project
from sample_page import sample_items, trend, waiting_table
from sample_site import REPOSITORY, make_project, read_params, sample_run, site_of, spot

DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">'
    b'<rect width="200" height="40" fill="#1f5fa8"/></svg>'
)
_EXAMPLE = re.compile(r"^(`{3,})(markdown|python)\n(.*?)\n\1$", re.MULTILINE | re.DOTALL)


def prose(text: str) -> dict[str, Any]:
    """A Markdown cell."""
    return {"cell_type": "markdown", "metadata": {}, "source": text}


def code(source: str, *blocks: Block) -> dict[str, Any]:
    """A code cell that has run and shown these blocks."""
    outputs = [
        {"output_type": "display_data", "data": {MIME: block.model_dump(mode="json")}}
        for block in blocks
    ]
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": outputs}


def frame_cells() -> list[dict[str, Any]]:
    """What every page has: a title and where it came from; a chart and a table to refer to."""
    fixed = [item for item in sample_items() if isinstance(item, TitleBlock | ProvenanceBlock)]
    chart = trend("oppna-salar", "Öppna salar", [18, 18, 17, 12, 17, 19, 20, 18], 20)
    return [
        code("p.open()", *fixed),
        prose("## Siffrorna"),
        code("p.show()", chart, waiting_table(8)),
    ]


def with_picture(folder: Path, cells: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A page's cells as they are executed; `flode.svg` lies beside their notebook."""
    (folder / "flode.svg").write_bytes(DRAWING)
    document = with_pictures({"cells": [*frame_cells(), *cells]}, folder, "tiny.ipynb")
    return list(document["cells"])


def written_document(
    folder: Path, cells: Sequence[dict[str, Any]], period: str = "2026-W19"
) -> PageDocument:
    """The document of that page."""
    project = make_project(folder / f"project-{period}")
    params = read_params(project)
    page = spot(params, "weekly", "ortopedi", period)
    content = content_of(with_picture(folder, cells), name="tiny.ipynb")
    return page_document(content, page, site_of(project, params, page))


def documented_cells() -> list[dict[str, Any]]:
    """Every example of docs/constructs.md, a cell each."""
    text = (REPOSITORY / "docs" / "constructs.md").read_text("utf-8")
    return [
        code(match[3]) if match[2] == "python" else prose(match[3])
        for match in _EXAMPLE.finditer(text)
    ]


def written_run(project: Project, cells: Sequence[dict[str, Any]]) -> ExecutedRun:
    """A run whose page has these cells, in the project's store."""
    run = sample_run(project)
    notebook = project.store / "notebooks" / "written.ipynb"
    attached = with_picture(notebook.parent, cells)
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": attached}
    notebook.write_text(json.dumps(document), "utf-8")
    return replace(run, notebook=notebook)
