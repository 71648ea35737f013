"""Notebooks on their way through a run: made ready before it, and brought to stable bytes after.

What a run leaves behind beside its outputs (times, process numbers, random cell ids) would make
the same inputs give other bytes each night, so it is taken out here.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from lpe_reports.errors import NoRowsError
from lpe_reports.warehouse.tables import TABLES

TRACE_MIME = "application/vnd.lpe.trace+json"
CLOSE_TAG = "lpe-close"
CLOSE_SOURCE = "from lpe_reports import page\n\npage.close()"
INJECTED_TAG = "injected-parameters"

Notebook = dict[str, Any]


def prepare(document: Mapping[str, Any], close_source: str = CLOSE_SOURCE) -> Notebook:
    """The notebook that papermill is given: no outputs, ids for all cells, closing cell last."""
    notebook: Notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        },
        "cells": [],
    }
    taken: set[str] = set()
    for number, original in enumerate(document["cells"], start=1):
        cell = copy.deepcopy(dict(original))
        cell["source"] = _text(cell["source"])
        cell["metadata"] = _lasting(cell["metadata"])
        cell["id"] = _free_id(str(cell.get("id") or f"cell-{number}"), taken)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
        notebook["cells"].append(cell)
    notebook["cells"].append(
        {
            "cell_type": "code",
            "id": CLOSE_TAG,
            "metadata": {"tags": [CLOSE_TAG]},
            "source": close_source,
            "outputs": [],
            "execution_count": None,
        }
    )
    return notebook


def take_trace(notebook: Notebook) -> dict[str, Any] | None:
    """Take the trace out of the closing cell's outputs; None when the notebook did not close."""
    for cell in notebook["cells"]:
        if CLOSE_TAG not in _tags(cell):
            continue
        for output in list(cell["outputs"]):
            trace = output.get("data", {}).get(TRACE_MIME)
            if isinstance(trace, dict):
                cell["outputs"].remove(output)
                return trace
    return None


def stable_bytes(notebook: Notebook) -> bytes:
    """An executed notebook as bytes that depend on nothing but its cells and their outputs."""
    cells = []
    for cell in notebook["cells"]:
        kept = {**cell, "metadata": _lasting(cell["metadata"])}
        if INJECTED_TAG in _tags(cell):
            kept["id"] = INJECTED_TAG
        if cell["cell_type"] == "code":
            kept["execution_count"] = None
        cells.append(kept)
    kept_metadata = {"kernelspec": notebook["metadata"]["kernelspec"]}
    lasting = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": kept_metadata | {"language_info": {"name": "python"}},
        "cells": cells,
    }
    # On one line: with an indent, Python writes JSON at a tenth of the speed.
    text = json.dumps(lasting, ensure_ascii=False, sort_keys=True)
    return f"{text}\n".encode()


def with_prose(executed: Notebook, source: Mapping[str, Any]) -> Notebook:
    """An executed notebook with the prose that its source has now, and its outputs as they are.

    Args:
        executed: The stored run.
        source: The source notebook; its code cells are the ones that were run.
    """
    made = [cell for cell in executed["cells"] if cell["cell_type"] == "code"]
    injected = [cell for cell in made if INJECTED_TAG in _tags(cell)]
    outputs = iter([cell for cell in made if INJECTED_TAG not in _tags(cell)])
    cells = []
    for cell in prepare(source)["cells"]:
        if cell["cell_type"] != "code":
            cells.append(cell)
            continue
        cells.append(next(outputs))
        if "parameters" in _tags(cell):
            cells.extend(injected)
    return {**executed, "cells": cells}


def failing_cell(notebook: Notebook, cell_id: str | None) -> int | None:
    """The number of a cell as its author counts: from 1 over all cells of the source notebook."""
    number = 0
    for cell in notebook["cells"]:
        if INJECTED_TAG in _tags(cell):
            continue
        number += 1
        if cell["id"] == cell_id:
            return None if CLOSE_TAG in _tags(cell) else number
    return None


def source_of(notebook: Notebook, cell_id: str) -> str:
    """The text of a cell; empty when there is no such cell."""
    sources = (str(cell["source"]) for cell in notebook["cells"] if cell["id"] == cell_id)
    return next(sources, "")


def errors_in(notebook: Notebook) -> Iterator[tuple[str, str, list[str]]]:
    """Each error among the outputs: the cell's id, the error's class, the traceback's lines."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if output["output_type"] == "error":
                yield cell["id"], str(output["ename"]), [str(line) for line in output["traceback"]]


def tables_without_rows(notebook: Notebook) -> tuple[str, ...]:
    """The tables that a notebook's closing missed rows of; only names of the data contract."""
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if output["output_type"] == "error" and output["ename"] == NoRowsError.__name__:
                named = str(output["evalue"]).partition(NoRowsError.WORDS)[0].split(", ")
                return tuple(name for name in named if name in TABLES)
    return ()


def _lasting(metadata: Mapping[str, Any]) -> dict[str, Any]:
    # `papermill` and `execution` hold clock times, and papermill adds empty tags; the others
    # are the author's own.
    lasting = {k: v for k, v in metadata.items() if k not in ("papermill", "execution")}
    return lasting if lasting.get("tags") else {k: v for k, v in lasting.items() if k != "tags"}


def _tags(cell: Mapping[str, Any]) -> list[str]:
    return list(cell["metadata"].get("tags", []))


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _free_id(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 1
    while name in taken or name in (CLOSE_TAG, INJECTED_TAG):
        number += 1
        name = f"{wanted}-{number}"
    taken.add(name)
    return name
