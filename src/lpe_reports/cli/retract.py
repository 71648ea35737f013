"""`lpe retract`: take a wrong or revealing page out of every version."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from lpe_reports.cli.options import Json
from lpe_reports.errors import UsageError
from lpe_reports.settings import Project, find_project

if TYPE_CHECKING:
    from lpe_reports.publish.retracting import Retracted

# More lines than this help nobody at a terminal.
_TOLD = 12


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("retract")(_retract)


def _retract(
    page: Annotated[
        str, typer.Argument(help="Its address, or its path or URL in any version.", metavar="PAGE")
    ],
    why: Annotated[
        str,
        typer.Option("--why", help="In Swedish: it stands in the page's place.", metavar="TEXT"),
    ] = "",
    lifted: Annotated[
        bool, typer.Option("--lift", help="Let coming builds show the page again.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go; change nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take a wrong or revealing page out of every version, and out of those to come.

    Its files, and what packs, dataset, search and other pages tell of it, are gone then, and
    cannot be had back; in its place stands a page that says so and why.
    """
    project = find_project()
    if lifted:
        if why or dry_run:
            raise UsageError("--lift goes with neither --why nor --dry-run")
        _lift(project, page)
        return
    done = _taken_back(project, page, why, dry_run=dry_run)
    if as_json:
        body = {"page": done.page, "versions": {k: asdict(v) for k, v in done.versions.items()}}
        typer.echo(json.dumps(body, ensure_ascii=False))
    else:
        typer.echo(retracted_text(done, dry_run=dry_run))


def _taken_back(project: Project, page: str, why: str, *, dry_run: bool) -> "Retracted":
    from lpe_reports.build.lock import locked
    from lpe_reports.publish.candidate_note import begin_candidate
    from lpe_reports.publish.retracting import retract

    if dry_run:
        return retract(project, page, why=why or "–", dry=True)
    with locked(project, "retract"):
        # A candidate that was laid before holds the page.
        begin_candidate(project)
        return retract(project, page, why=why)


def _lift(project: Project, page: str) -> None:
    from lpe_reports.build.lock import locked
    from lpe_reports.publish.retracting import lift

    with locked(project, "retract"):
        address = lift(project, page)
    typer.echo(f"{address}: the next build shows it again; the published versions stay as they are")


def retracted_text(done: "Retracted", *, dry_run: bool) -> str:
    """What was done, or would be, version by version."""
    count = len(done.versions)
    if not count:
        return f"{done.page}: no version has anything of it"
    gone, put = ("would go", "would be made anew") if dry_run else ("gone", "made anew")
    lines = [
        f"  {version}: {len(each.gone)} files {gone}, {len(each.written)} {put}"
        for version, each in list(done.versions.items())[:_TOLD]
    ]
    if count > _TOLD:
        lines.append(f"  … and {count - _TOLD} more")
    if dry_run:
        names = sorted({name for each in done.versions.values() for name in each.gone})
        lines += [f"  goes: {name}" for name in names[:_TOLD]]
        lines += [f"  … and {len(names) - _TOLD} more"] if len(names) > _TOLD else []
        head = f"{done.page}: would be taken out of {count} versions; nothing was changed"
    else:
        head = f"{done.page}: taken out of {count} versions, and of those to come (--lift ends it)"
    return "\n".join([head, *lines])
