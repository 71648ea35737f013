"""A project with the real params and hand-made executed notebooks, for tests of the rendering."""

import re
import shutil
from datetime import date
from pathlib import Path

from chart_library import share_chart_library
from lpe_reports.build.runs import ExecutedRun, Kept, PlannedRun, PlanStatus, RunFailure, RunStatus
from lpe_reports.params.loading import Params, load_params
from lpe_reports.periods import parse_period
from lpe_reports.render.sitemap import PageSpot, SiteMap, make_sitemap
from lpe_reports.render.website import load_website
from lpe_reports.settings import Project
from parsed_params import share_parsed_params
from sample_page import Item, sample_items, write_notebook

REPOSITORY = Path(__file__).resolve().parent.parent
NIGHT = date(2026, 5, 11)
_NOTEBOOK = re.compile(r"^notebook: (\S+)", re.MULTILINE)


def make_project(root: Path) -> Project:
    """A project of the repository's params, with empty source notebooks."""
    shutil.copytree(REPOSITORY / "params", root / "params")
    shutil.copy(REPOSITORY / "_quarto.yml", root)
    for report in (root / "params" / "reports").glob("*.yml"):
        for name in _NOTEBOOK.findall(report.read_text("utf-8")):
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("{}")
    project = Project(root)
    share_chart_library(project)
    share_parsed_params(project)
    return project


def read_params(project: Project) -> Params:
    """The params that pages are made with."""
    return load_params(project)


def spot(params: Params, report: str, unit: str, period: str) -> PageSpot:
    """One page by its ids."""
    found = params.reports[report]
    return PageSpot(found, found.subject(unit), parse_period(period))


def site_of(project: Project, params: Params, *spots: PageSpot) -> SiteMap:
    """The site map of a version that has these pages."""
    return make_sitemap(params, load_website(project.root / "_quarto.yml", project.root), spots)


def sample_run(
    project: Project,
    report: str = "weekly",
    unit: str = "ortopedi",
    period: str = "2026-W19",
    *,
    items: list[Item] | None = None,
    status: RunStatus = RunStatus.BUILT,
    kept: Kept | None = None,
    error: RunFailure | None = None,
) -> ExecutedRun:
    """A run with the sample page, or with other items, in the project's store."""
    planned = PlannedRun(
        report, unit, parse_period(period), {}, PlanStatus.NEW, "new", "sidan är ny"
    )
    notebook = None
    if status in (RunStatus.BUILT, RunStatus.REUSED):
        folder = project.store / "notebooks"
        folder.mkdir(parents=True, exist_ok=True)
        week = int(period[-2:])
        content = items or sample_items(unit=unit, week=week)
        notebook = write_notebook(folder / f"{report}.{unit}.{period}.ipynb", content)
    return ExecutedRun(planned, status, notebook, error=error, seconds=0.4, kept=kept)
