"""`lpe diff`: what differs between two versions."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from lpe_reports.cli.options import Json
from lpe_reports.errors import UsageError
from lpe_reports.settings import Project, find_project

CANDIDATE = "candidate"


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("diff")(_diff)


def _diff(
    first: Annotated[
        str | None,
        typer.Argument(help="The earlier version; the one before the second if not given."),
    ] = None,
    second: Annotated[
        str | None,
        typer.Argument(help="The later version, or `candidate`; the latest if not given."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say which pages and key figures differ between two versions, past ones first."""
    from lpe_reports.cli.differences import differences_text
    from lpe_reports.render.changes.compare import compare_versions
    from lpe_reports.render.changes.record import changes_json

    project = find_project()
    (id_before, before, night), (id_after, after) = _chosen(project, first, second)
    changes = compare_versions(before, after, night)
    if as_json:
        body = {"from": id_before, "to": id_after, **changes_json(changes)}
        typer.echo(json.dumps(body, ensure_ascii=False))
    else:
        typer.echo(differences_text(id_before, id_after, changes))


def _chosen(
    project: Project, first: str | None, second: str | None
) -> tuple[tuple[str, Path, date], tuple[str, Path]]:
    from lpe_reports.publish.candidate_note import check_candidate
    from lpe_reports.publish.catalogue import find_version, latest_version, list_versions
    from lpe_reports.publish.naming import place_in_time

    versions = list_versions(project)
    latest = latest_version(project)
    if latest is None:
        raise UsageError("nothing has been published yet, so there is nothing to compare with")
    if second == CANDIDATE:
        check_candidate(project)
        later = (CANDIDATE, project.candidate)
        before = find_version(project, first) if first else latest
    else:
        found = find_version(project, second) if second else latest
        later = (found.id, project.public / "v" / found.id)
        earlier = [v for v in versions if place_in_time(v.id) < place_in_time(found.id)]
        if not first and not earlier:
            raise UsageError(f"there is no version before {found.id} to compare it with")
        before = find_version(project, first) if first else earlier[0]
    folder = project.public / "v" / before.id
    return (before.id, folder, date.fromisoformat(before.night)), later
