"""`lpe demo`: make the demo warehouse."""

from datetime import date
from typing import Annotated

import typer

from lpe_reports.cli.options import Until
from lpe_reports.cli.progress import make_progress
from lpe_reports.settings import find_project

_LAST_NIGHT = date(2026, 5, 11)
_SEED = 20260511


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("demo")(_demo)


def _demo(
    until: Until = _LAST_NIGHT,
    years: Annotated[int, typer.Option("--years", min=1, max=30, help="Years of history.")] = 3,
    scale: Annotated[
        float, typer.Option("--scale", min=0.01, max=200, help="1 is the office as it is.")
    ] = 1.0,
    seed: Annotated[int, typer.Option("--seed", help="Another seed, another office.")] = _SEED,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Do nothing when there is one already.")
    ] = False,
) -> None:
    """Make the demo warehouse: the office, simulated, in data/demo and data/office."""
    from lpe_reports.build.lock import locked

    project = find_project()
    if if_missing and project.demo_warehouse.is_file():
        typer.echo(f"{project.relative(project.demo_warehouse)} is there already")
        return
    from lpe_reports.warehouse.demo import make_demo

    with locked(project, "demo"):
        path = make_demo(
            project, until=until, years=years, scale=scale, seed=seed, progress=make_progress()
        )
    typer.echo(f"{project.relative(path)}: {path.stat().st_size / 1e6:.0f} MB, until {until}")
