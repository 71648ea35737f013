"""Private logs of failed runs, for the analyst alone: a traceback can hold patients' values."""

import json
import re
import traceback
from pathlib import Path

from lpe_reports.build.executed import Notebook, errors_in
from lpe_reports.build.store import write_whole
from lpe_reports.settings import Project

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def log_path(project: Project, stem: str) -> Path:
    """Where the private log of a run lies, if it failed."""
    return project.build / "logs" / f"{stem}.log"


def worker_log_path(project: Project, number: int) -> Path:
    """Where a worker process keeps what nobody else takes."""
    return project.build / "logs" / f"worker-{number}.log"


def write_failure(
    project: Project, stem: str, notebook: Notebook, problem: BaseException | None
) -> None:
    """Keep what is known of a failed run: the tracebacks, and the notebook as far as it came."""
    parts = [
        f"cell {cell_id}: {error_class}\n" + _COLOUR.sub("", "\n".join(lines))
        for cell_id, error_class, lines in errors_in(notebook)
    ]
    if not parts and problem is not None:
        parts = ["".join(traceback.format_exception(problem))]
    if not parts:
        parts = ["The notebook ended without its closing mark."]
    path = log_path(project, stem)
    write_whole(path, ("\n\n".join(parts) + "\n").encode(errors="replace"), mode=0o600)
    body = json.dumps(notebook, ensure_ascii=False, indent=1)
    write_whole(path.with_suffix(".ipynb"), body.encode(errors="replace"), mode=0o600)


def clear_failure(project: Project, stem: str) -> None:
    """Remove the log of a run that has succeeded since."""
    path = log_path(project, stem)
    path.unlink(missing_ok=True)
    path.with_suffix(".ipynb").unlink(missing_ok=True)
