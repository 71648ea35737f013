"""`lpe check`: everything that is wrong, in one list, and nothing run."""

import typer

from lpe_reports.errors import CheckError
from lpe_reports.settings import find_project


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("check")(_check)


def _check() -> None:
    """Check params, notebooks, _quarto.yml and the newest extract; runs nothing."""
    from lpe_reports.cli.checking import find_warnings, find_wrong
    from lpe_reports.warehouse.nights.folders import nights

    project = find_project()
    for warning in find_warnings(project):
        typer.echo(f"note: {warning}")
    wrong = find_wrong(project)
    if wrong:
        things = "1 thing is" if len(wrong) == 1 else f"{len(wrong)} things are"
        raise CheckError(f"{things} wrong\n" + "\n".join(f"  {line}" for line in wrong))
    if nights(project):
        typer.echo("params, notebooks, _quarto.yml and extract are in order")
    else:
        typer.echo("params, notebooks and _quarto.yml are in order; there is no extract yet")
