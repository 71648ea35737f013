"""`lpe rollback`: back to an earlier version, or forward again."""

from typing import Annotated

import typer

from lpe_reports.settings import find_project


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("rollback")(_rollback)


def _rollback(
    version: Annotated[
        str | None, typer.Argument(help="The version; the one before the present one otherwise.")
    ] = None,
    why: Annotated[
        str,
        typer.Option(
            "--why", help="In Swedish, for readers of the version that is left.", metavar="TEXT"
        ),
    ] = "",
) -> None:
    """Lead readers to an earlier version, within seconds; nothing is removed.

    The version that is left says to its readers that it was taken back. The next `lpe nightly`
    publishes anew, so mend the cause before it runs.
    """
    from lpe_reports.build.lock import locked
    from lpe_reports.publish.rolling_back import roll_back

    project = find_project()
    with locked(project, "rollback"):
        before, now = roll_back(project, version, why=why)
    typer.echo(
        f"readers are led to version {now.id} (night {now.night}, {now.pages} pages); version "
        f"{before.id} stays and `lpe rollback {before.id}` leads there again"
    )
