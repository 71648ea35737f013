"""The params as they were parsed once, for projects of tests that begin with a copy of them."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from lpe_reports.params.loading import load_params
from lpe_reports.settings import Project

ROOT = Path(__file__).resolve().parent.parent


def share_parsed_params(project: Project) -> None:
    """Put them where a build keeps them: to parse them takes longer than to open a page.

    Each counts for the bytes it was parsed from, so a file that a test changes is parsed anew.
    """
    shutil.copytree(_parsed(), project.build / "parsed", dirs_exist_ok=True)


@cache
def _parsed() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="lpe-params-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in ("params", "reports"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "_quarto.yml", folder)
    project = Project(folder)
    project.build.mkdir()
    load_params(project)
    return project.build / "parsed"
