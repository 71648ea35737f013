"""`lpe publish`: gate and publish the last candidate."""

import typer

from lpe_reports.cli.options import Pointer
from lpe_reports.settings import find_project


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("publish")(_publish)


def _publish(pointer: Pointer = None) -> None:
    """Gate the last candidate and publish it as a new version."""
    from lpe_reports.build.lock import locked
    from lpe_reports.cli.steps import TELLS_OF_THE_BUILD, gate_candidate
    from lpe_reports.cli.summary import how_to_open
    from lpe_reports.publish.candidate_note import check_candidate
    from lpe_reports.publish.catalogue import latest_version
    from lpe_reports.publish.pointer import choose_pointer
    from lpe_reports.publish.versions import publish, same_pages

    project = find_project()
    with locked(project, "publish"):
        # Told also where nothing new is to be published.
        choose_pointer(project.public, pointer)
        check_candidate(project)
        before = latest_version(project)
        if before and same_pages(project, project.candidate, but_for=TELLS_OF_THE_BUILD):
            typer.echo(f"the site shows all of this already, in version {before.id}")
            return
        gate_candidate(project, project.candidate)
        version = publish(project, project.candidate, pointer=pointer)
    typer.echo(f"published version {version.id}: {version.pages} pages, {version.megabytes} MB")
    typer.echo(how_to_open(project))
