"""A page of a report run as a build runs it, and the reference that is made of it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine_pair import FORK, KERNEL, Executed, environment, execute
from lpe_reports.build.forking import platform
from lpe_reports.build.running import executed
from lpe_reports.params.loading import load_params
from lpe_reports.settings import Project
from references.choosing import Page, parameters_of
from references.listing import output_text

# What a build tells a notebook, but for project and night.
_AS_BUILT = {"LPE_RUN": "1", "PYTHONHASHSEED": "0", "TZ": "Europe/Stockholm"}


def run_environment(project: Path) -> dict[str, str]:
    """The environment variables that a build gives the runs of a project's newest extract."""
    return {**_AS_BUILT, "LPE_PROJECT": str(project), "LPE_NIGHT": night_of(project)}


def night_of(project: Path) -> str:
    """The name of a project's newest extract."""
    return max(path.name for path in (project / "data" / "extracts").iterdir() if path.is_dir())


def run_page(project: Path, page: Page, engine: str) -> Executed:
    """Run the notebook of a page, with the reference's parameters."""
    report = load_params(Project(project)).reports[page.report]
    path = project / report.notebook
    with environment(**run_environment(project)):
        return execute(
            executed.prepare(json.loads(path.read_text(encoding="utf-8"))),
            engine,
            path.parent,
            parameters_of(page, report),
        )


def make_reference(project: Path, page: Page) -> str:
    """The text of a page's reference, made by what builds use on this machine.

    Raises:
        Exception: A cell failed; it is papermill's own and says which.
    """
    run = run_page(project, page, FORK if platform.can_fork() else KERNEL)
    if run.problem is not None:
        raise run.problem
    return reference_text(json.loads(executed.stable_bytes(dict(run.notebook))))


def reference_text(notebook: Mapping[str, Any]) -> str:
    """An executed notebook as it is stored: each output as lines of what it means."""
    cells = []
    number = 0
    for cell in notebook["cells"]:
        kept = {**cell, "source": cell["source"].splitlines(keepends=True)}
        if cell["cell_type"] == "code":
            number += 1
            outputs = [_kept(output) for output in cell["outputs"]]
            kept["outputs"] = [output for output in outputs if output is not None]
            # nbval compares no cell that has not been run.
            kept["execution_count"] = number
        cells.append(kept)
    whole = {**notebook, "cells": cells}
    # As nbformat lays it out, so that opening and saving one changes nothing.
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _kept(output: Mapping[str, Any]) -> dict[str, Any] | None:
    if output["output_type"] == "stream":
        lines = output["text"].splitlines(keepends=True)
        return {"output_type": "stream", "name": output["name"], "text": lines}
    text = output_text(output["data"])
    if text is None:
        return None
    # Each ends in a line break, so that a line after the last one changes no other.
    lines = [f"{line}\n" for line in text.splitlines()]
    return {"output_type": "display_data", "metadata": {}, "data": {"text/plain": lines}}
