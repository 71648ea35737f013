"""The built site of the demo that some benchmarks are about."""

import os
from pathlib import Path

from lpe_reports.settings import Project

ROOT = Path(__file__).resolve().parents[2]


def demo_project() -> Project:
    """The project whose candidate is looked at: the repository, or the one that LPE_PROJECT names.

    Raises:
        SystemExit: It has no candidate.
    """
    project = Project(Path(os.environ.get("LPE_PROJECT") or ROOT))
    if not (project.candidate / "build.json").is_file():
        raise SystemExit("no site of the demo has been built: `make site` builds it")
    return project
