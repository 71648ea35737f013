"""`lpe prune`: remove what has been kept long enough."""

from typing import Annotated

import typer

from lpe_reports.cli.options import Json
from lpe_reports.settings import find_project


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("prune")(_prune)


def _prune(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go; remove nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Remove what is older or more than params/retention.yml allows.

    In data/ and build/, and old versions in public/. The newest night of each source stays, and
    whatever the pages of today need; so do the version that readers are led to and those that
    params/citations.yml names.
    """
    from lpe_reports.build.lock import locked
    from lpe_reports.cli import pruned
    from lpe_reports.cli.pruning import prune_all
    from lpe_reports.cli.steps import today
    from lpe_reports.params.loading import load_params

    project = find_project()
    params = load_params(project)
    if dry_run:
        found = prune_all(project, params, today(), dry_run=True)
    else:
        with locked(project, "prune"):
            found = prune_all(project, params, today())
    tell = pruned.pruned_json if as_json else pruned.pruned_text
    typer.echo(tell(project, found, dry_run=dry_run))
    raise typer.Exit(1 if found.failed else 0)
