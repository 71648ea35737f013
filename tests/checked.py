"""What `lpe check` says of a project, as lines."""

from lpe_reports.cli.checks.finding import Level
from lpe_reports.cli.checks.project import check_project
from lpe_reports.settings import Project


def wrong(project: Project) -> list[str]:
    """The errors, a line each."""
    return [str(one) for one in check_project(project) if one.level is Level.ERROR]


def notes(project: Project) -> list[str]:
    """The notes, a line each."""
    return [str(one) for one in check_project(project) if one.level is Level.NOTE]
