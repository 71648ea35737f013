"""The library that draws charts in the browser, made once for all projects of a test session."""

import tempfile
from functools import cache
from pathlib import Path

from lpe_reports.render.vega import library, library_name
from lpe_reports.settings import Project


def share_chart_library(project: Project) -> None:
    """Put it where a build keeps it: to make it takes longer than a small site."""
    kept = project.store / "library" / library_name()
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(_made())


@cache
def _made() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return library(Path(folder))
