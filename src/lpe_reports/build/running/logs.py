"""Private logs of failed runs, for the analyst alone: a traceback can hold patients' values."""

import json
import re
import traceback
from collections.abc import Collection
from pathlib import Path

from lpe_reports.build.forking.channel import MAX_OUTPUT_BYTES
from lpe_reports.build.running.executed import Notebook, errors_in
from lpe_reports.build.storing.store import write_whole
from lpe_reports.settings import Project

_OF_A_WORKER = re.compile(r"worker-\d+\.log")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# What may stand beyond the limit: the output that went over it, with its quotes.
_BLOCK_BYTES = 1_000_000


def log_path(project: Project, stem: str) -> Path:
    """Where the private log of a run lies, if it failed."""
    return project.build / "logs" / f"{stem}.log"


def worker_log_path(project: Project, number: int) -> Path:
    """Where a worker process keeps what nobody else takes."""
    return project.build / "logs" / f"worker-{number}.log"


def notebook_path(project: Project, stem: str) -> Path:
    """Where the notebook of a failed run lies as far as it was executed, for its author to open."""
    return log_path(project, stem).with_suffix(".ipynb")


def write_failure(
    project: Project,
    stem: str,
    notebook: Notebook,
    problem: BaseException | None,
    said: str = "",
) -> None:
    """Keep what is known of a failed run: the tracebacks, and the notebook as far as it came.

    Args:
        project: The project.
        stem: The run as the name of a file.
        notebook: The notebook.
        problem: What ended the run, where no cell shows it.
        said: How the run failed, in a line of its own before all else.
    """
    parts = [
        f"cell {cell_id}: {error_class}\n" + _COLOUR.sub("", "\n".join(lines))
        for cell_id, error_class, lines in errors_in(notebook)
    ]
    if not parts and problem is not None:
        parts = ["".join(traceback.format_exception(problem))]
    if not parts and not said:
        parts = ["The notebook ended without its closing mark."]
    text = "\n\n".join([said, *parts] if said else parts)
    write_whole(log_path(project, stem), f"{text}\n".encode(errors="replace"), mode=0o600)
    write_notebook(project, stem, notebook)


def write_notebook(project: Project, stem: str, notebook: Notebook) -> None:
    """Keep a notebook as far as it has come; what it shows beyond a page's size is left out."""
    body = json.dumps(_bounded(notebook), ensure_ascii=False, indent=1)
    path = notebook_path(project, stem)
    write_whole(path, body.encode(errors="replace"), mode=0o600)


def _bounded(notebook: Notebook) -> Notebook:
    """A notebook without the outputs that come when it is full."""
    left = MAX_OUTPUT_BYTES
    cells = []
    for cell in notebook["cells"]:
        kept = []
        for output in cell.get("outputs", []):
            if output["output_type"] == "stream":
                output = {**output, "text": "".join(output["text"])[: max(left, 0)]}
            size = len(json.dumps(output, ensure_ascii=False))
            left -= size
            if left > -_BLOCK_BYTES or output["output_type"] == "error":
                kept.append(output)
        cells.append({**cell, "outputs": kept} if "outputs" in cell else cell)
    return {**notebook, "cells": cells}


def clear_failures(project: Project, stems: Collection[str]) -> None:
    """Remove the logs of runs that hold without having run again; most have none."""
    folder = log_path(project, "").parent
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stem in stems:
            clear_failure(project, path.stem)


def clear_failure(project: Project, stem: str) -> None:
    """Remove the log of a run that has succeeded since."""
    log_path(project, stem).unlink(missing_ok=True)
    notebook_path(project, stem).unlink(missing_ok=True)


def clear_worker_logs(project: Project) -> None:
    """Remove what the workers of earlier builds have kept; a build begins with none of its own.

    Those of a cluster have other numbers each time, so none of them would come in another's place.
    """
    folder = worker_log_path(project, 0).parent
    for path in folder.iterdir() if folder.is_dir() else ():
        if _OF_A_WORKER.fullmatch(path.name):
            path.unlink(missing_ok=True)
