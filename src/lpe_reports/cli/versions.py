"""`lpe versions`: what has been published, and whether it is whole."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from lpe_reports.cli.options import Json
from lpe_reports.errors import CheckError, UsageError
from lpe_reports.settings import Project, find_project


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("versions")(_versions)


def _versions(
    verify: Annotated[
        bool, typer.Option("--verify", help="Hold every published file against its digest.")
    ] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="With --verify: mend what is whole elsewhere.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the published versions, the newest first; or verify them."""
    project = find_project()
    if repair and not verify:
        raise UsageError("--repair mends what --verify finds; give both")
    if verify:
        _verify(project, repair=repair, as_json=as_json)
    else:
        _list(project, as_json=as_json)


def _list(project: Project, *, as_json: bool) -> None:
    from lpe_reports.publish.catalogue import list_versions
    from lpe_reports.publish.pointer import latest_id

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
        recall = f", taken back {version.recall.since[:10]}" if version.recall else ""
        typer.echo(
            f"{version.id:<14} {mark:<7} {version.published_at:<26} night {version.night}, "
            f"{version.pages} pages{kept}, {version.megabytes} MB{recall}"
        )


def _verify(project: Project, *, repair: bool, as_json: bool) -> None:
    from lpe_reports.build.lock import locked
    from lpe_reports.publish.catalogue import list_versions
    from lpe_reports.publish.repairing import repair as mend_damages
    from lpe_reports.publish.verifying import verify

    with locked(project, "versions"):
        found = verify(project)
        stays = mend_damages(project, found) if repair else found
    count = len(list_versions(project))
    if as_json:
        body = {
            "versions": count,
            "damaged": [asdict(damage) for damage in stays],
            "repaired": [asdict(damage) for damage in found if damage not in stays],
        }
        typer.echo(json.dumps(body, ensure_ascii=False))
    else:
        for damage in found:
            typer.echo(f"{damage}{'' if damage in stays else ', repaired'}")
        versions = f"{count} version{'' if count == 1 else 's'}"
        files = f"{len(stays)} file{'' if len(stays) == 1 else 's'}"
        typer.echo(f"{versions} looked at, {files} damaged")
    if stays:
        raise CheckError(
            "published files are not what they were published as. `--verify --repair` mends what "
            "is whole elsewhere; `lpe nightly` publishes a whole version whatever became of others"
        )
