"""What the store keeps of a run: what its page shows, and nothing else.

A cell can print a patient's row, and a value's name as its last line is that value: neither
stands on the page, and neither may outlive the run.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from lpe_reports.build.running.executed import TRACE_MIME, Notebook
from lpe_reports.display.blocks import MIME
from lpe_reports.display.content import parse_block

# What Jupyter writes for a value that has no other look; the page never shows it.
_NEVER_SHOWN = {"text/plain", TRACE_MIME}


class ForeignOutputError(Exception):
    """A cell shows something that did not come from the page.

    Args:
        cell_id: The cell's id in the executed notebook.
    """

    def __init__(self, cell_id: str) -> None:
        super().__init__(cell_id)
        self.cell_id = cell_id


def only_shown(notebook: Notebook) -> Notebook:
    """A copy of an executed notebook that holds the page's blocks and no other output.

    Prints, warnings and values' names go; so does every other form of a block.

    Raises:
        ForeignOutputError: A cell shows a data frame, a picture, or a block that is none.
    """
    cells = []
    for cell in notebook["cells"]:
        kept = dict(cell)
        if kept["cell_type"] == "code":
            outputs = (_block_of(output, str(kept["id"])) for output in kept["outputs"])
            kept["outputs"] = [output for output in outputs if output is not None]
        cells.append(kept)
    return {**notebook, "cells": cells}


def _block_of(output: Mapping[str, Any], cell_id: str) -> dict[str, Any] | None:
    """An output with its block alone; None when nothing of it is shown."""
    data = output.get("data")
    if output["output_type"] == "stream" or not data:
        return None
    if MIME not in data:
        if set(data) <= _NEVER_SHOWN:
            return None
        raise ForeignOutputError(cell_id)
    try:
        parse_block(data[MIME])
    except ValidationError:
        # Its words would quote the values.
        raise ForeignOutputError(cell_id) from None
    return {"output_type": "display_data", "metadata": {}, "data": {MIME: data[MIME]}}
