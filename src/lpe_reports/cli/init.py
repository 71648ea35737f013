"""`lpe init`: a new project in an empty folder."""

import os
import re
import shlex
from pathlib import Path
from typing import Annotated, Literal

import typer

from lpe_reports.system import POSIX


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("init")(_init)


def _init(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="The project's folder: empty, or not there yet; this folder when none is named.",
            show_default=False,
        ),
    ] = None,
    office: Annotated[
        str,
        typer.Option("--office", help="What the office is called on the site.", metavar="NAME"),
    ] = "",
    reports: Annotated[
        Literal["all", "none"],
        typer.Option("--reports", help="Whether the ten reports come along."),
    ] = "all",
) -> None:
    """Make a new project: params, reports, tests and a README that says how to go on.

    With the reports, all of it works at once on the demo: lpe demo, then lpe nightly --source demo.
    """
    from lpe_reports.cli.starting.placing import place_project
    from lpe_reports.cli.starting.project_files import write_project

    place = (folder or Path()).resolve()
    made = place_project(
        place,
        lambda stage: write_project(
            stage, office=" ".join(office.split()), with_reports=reports == "all"
        ),
    )
    for line in _next(place, made=made, with_reports=reports == "all"):
        typer.echo(line)


def _next(place: Path, *, made: bool, with_reports: bool) -> list[str]:
    here = place == Path.cwd()
    said = "made a project" if made else "finished the project that an earlier `lpe init` began"
    lines = [f"{said} in {'this folder' if here else place.as_posix()}; README.md says more. Next:"]
    if not here:
        shown = place.relative_to(Path.cwd()) if place.is_relative_to(Path.cwd()) else place
        lines.append(f"  cd {_word(shown.as_posix())}")
    if not with_reports:
        lines.append("  lpe new                      # the first report")
    lines += [
        "  lpe demo                     # a simulated warehouse",
        "  lpe nightly --source demo    # its newest night, as a site in public/latest",
        "  lpe preview                  # look at it",
    ]
    elsewhere = os.environ.get("LPE_PROJECT")
    if elsewhere and Path(elsewhere).resolve() != place:
        lines.append("note: LPE_PROJECT names another project, which commands will use; unset it")
    return lines


def _word(text: str) -> str:
    """A path as a shell takes it."""
    if re.fullmatch(r"[\w./:-]+", text):
        return text
    # No name on Windows holds a quote.
    return shlex.quote(text) if POSIX else f'"{text}"'
