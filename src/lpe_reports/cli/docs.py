"""`lpe docs`: the manual as a small site."""

from pathlib import Path
from typing import Annotated

import typer

from lpe_reports.settings import Project, find_project


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("docs")(_docs)


def _docs(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="Where it goes; build/docs otherwise."),
    ] = None,
) -> None:
    """Build the manual as a small site: this package's docs, to be read without a network.

    A folder that holds anything but an earlier manual is left alone.
    """
    from importlib.metadata import version

    from lpe_reports.cli.manual_folder import put_manual
    from lpe_reports.starter import starter_folder

    target = out or _project().build / "docs"
    pages = put_manual(starter_folder() / "docs", target, version("lpe-reports"))
    typer.echo(f"docs: {len(pages)} pages; open {(target / pages[0]).as_posix()}")


def _project() -> Project:
    """The project here; where there is none, the manual goes below this folder all the same."""
    from lpe_reports.errors import SettingsError

    try:
        return find_project()
    except SettingsError:
        return Project(Path.cwd())
