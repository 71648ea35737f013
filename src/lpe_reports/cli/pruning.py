"""Pruning all of a project: what builds keep, and the published versions."""

from datetime import date

from lpe_reports.build.storing.pruning import Pruned, prune
from lpe_reports.params.citations import load_citations
from lpe_reports.params.loading import Params
from lpe_reports.publish.outdated_versions import outdated_versions
from lpe_reports.publish.versions import mend
from lpe_reports.settings import Project


def prune_all(project: Project, params: Params, today: date, *, dry_run: bool = False) -> Pruned:
    """Remove what is older than the retention allows. Needs the lock, but for a dry run.

    Raises:
        ParamsError: `params/citations.yml` is wrong; nothing is removed then.
    """
    cited = load_citations(project.params / "citations.yml", project.root)
    versions = outdated_versions(project, params.retention.versions, cited.ids, today)
    found = prune(project, params, today, more=versions, dry_run=dry_run)
    if not dry_run:
        mend(project)
    return found
