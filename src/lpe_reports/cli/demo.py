"""`lpe demo`: make the demo warehouse."""

import os
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from lpe_reports.cli.options import Until
from lpe_reports.cli.progress import make_progress
from lpe_reports.errors import SettingsError, UsageError
from lpe_reports.settings import Project, find_project

if TYPE_CHECKING:
    from lpe_reports.warehouse.demo.make import Size
    from lpe_reports.warehouse.demo.postgres import PostgresPlace

_LAST_NIGHT = date(2026, 5, 11)
_SEED = 20260511
_URL_ENV = "LPE_WAREHOUSE_URL"


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("demo")(_demo)


def _demo(
    until: Until = _LAST_NIGHT,
    years: Annotated[int, typer.Option("--years", min=1, max=30, help="Years of history.")] = 3,
    scale: Annotated[
        float, typer.Option("--scale", min=0.05, max=200, help="1 is the office as it is.")
    ] = 1.0,
    seed: Annotated[int, typer.Option("--seed", help="Another seed, another office.")] = _SEED,
    snapshots: Annotated[
        str,
        typer.Option(
            "--snapshots",
            help="Waiting lists of which nights: weekly (and the last 14), nightly or monthly.",
            metavar="HOW",
        ),
    ] = "weekly",
    postgres: Annotated[
        bool,
        typer.Option(
            "--postgres",
            help="Fill a PostgreSQL database in place of data/demo; its URL is in the "
            "environment, as --url-env says.",
        ),
    ] = False,
    url_env: Annotated[
        str | None,
        typer.Option(
            "--url-env",
            help=f"As --postgres, with the URL in this variable ({_URL_ENV} otherwise).",
            metavar="NAME",
        ),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(
            "--url", help="As --postgres, with this URL, which holds no password.", metavar="URL"
        ),
    ] = None,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Do nothing when there is one already.")
    ] = False,
) -> None:
    """Make the demo warehouse: the office, simulated, in data/demo and data/office."""
    from lpe_reports.build.lock import locked
    from lpe_reports.cli.starting.quarto_files import keep_equal

    project = find_project()
    keep_equal(project)
    place = _place(url, url_env or _URL_ENV) if postgres or url_env or url else None
    if if_missing and (there := _is_there(project, place)):
        typer.echo(f"{there} is there already")
        return
    from lpe_reports.warehouse.demo.make import Size

    size = Size(until, years, scale, seed, snapshots)
    with locked(project, "demo"):
        typer.echo(f"{_made(project, place, size)}, until {until}")


def _place(url: str | None, url_env: str) -> "PostgresPlace":
    """The database that is to be filled."""
    from lpe_reports.warehouse.demo.postgres import PostgresPlace

    if url is None:
        if not (text := os.environ.get(url_env, "")):
            raise SettingsError(
                f"{url_env} is not set. Set it to the database that the demo is to fill, like "
                "postgresql://user:password@host/database"
            )
        return PostgresPlace.read(text, url_env)
    place = PostgresPlace.read(url, "--url")
    if place.has_password:
        raise UsageError(
            "--url holds a password, which everybody on this machine can see on the command "
            f"line. Put the URL into {_URL_ENV} and write --postgres"
        )
    return place


def _is_there(project: Project, place: "PostgresPlace | None") -> str:
    """What is there already, or nothing."""
    from lpe_reports.warehouse.demo.database import has_tables
    from lpe_reports.warehouse.demo.postgres import refuse_real_tables
    from lpe_reports.warehouse.demo.written import TABLES

    if place is not None:
        return "the demo in the database" if refuse_real_tables(place, TABLES) else ""
    path = project.demo_warehouse
    if path.is_file() and has_tables(path, TABLES):
        return project.relative(path)
    if path.is_file() and project.snapshots.is_dir():
        raise UsageError(
            f"{project.relative(path)} was made by an older version, and its waiting lists are "
            "stored. Run `make leave-demo` to set both aside, and then this again"
        )
    return ""


def _made(project: Project, place: "PostgresPlace | None", size: "Size") -> str:
    """Make the demo; gives what was made."""
    from lpe_reports.warehouse.demo.make import make_demo, make_demo_in_postgres

    if place is not None:
        rows = make_demo_in_postgres(project, place, size, make_progress())
        return f"PostgreSQL ({place.said}): {rows} rows"
    path = make_demo(
        project,
        until=size.until,
        years=size.years,
        scale=size.scale,
        seed=size.seed,
        snapshots=size.snapshots,
        progress=make_progress(),
    )
    return f"{project.relative(path)}: {path.stat().st_size / 1e6:.0f} MB"
