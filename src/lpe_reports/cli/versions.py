"""`lpe versions`: what has been published."""

import json
from dataclasses import asdict

import typer

from lpe_reports.cli.options import Json
from lpe_reports.settings import find_project


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("versions")(_versions)


def _versions(as_json: Json = False) -> None:
    """List the published versions, the newest first."""
    from lpe_reports.publish.pointer import latest_id
    from lpe_reports.publish.versions import list_versions

    project = find_project()
    latest, found = latest_id(project.public), list_versions(project)
    if as_json:
        body = {"latest": latest, "versions": [asdict(version) for version in found]}
        typer.echo(json.dumps(body, ensure_ascii=False))
        return
    if not found:
        typer.echo("nothing has been published yet; `lpe nightly` does")
    for version in found:
        mark = "latest" if version.id == latest else ""
        kept = f", {version.kept} kept" if version.kept else ""
        typer.echo(
            f"{version.id:<14} {mark:<7} {version.published_at:<26} night {version.night}, "
            f"{version.pages} pages{kept}, {version.megabytes} MB"
        )
