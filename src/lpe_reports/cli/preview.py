"""`lpe preview`: serve the site on this machine, for this machine alone."""

from typing import Annotated

import typer

from lpe_reports.errors import UsageError
from lpe_reports.settings import find_project


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("preview")(_preview)


def _preview(
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes any.")] = 8000,
    candidate: Annotated[
        bool, typer.Option("--candidate", help="The last build instead of what is published.")
    ] = False,
) -> None:
    """Serve the site at http://127.0.0.1:8000/ until Ctrl-C."""
    # No other command needs a web server, and each imports this module.
    from lpe_reports.cli.serving import HOST, make_server

    project = find_project()
    folder = project.candidate if candidate else project.public
    if not (folder / "index.html").is_file():
        how = "`lpe build` makes one" if candidate else "`lpe nightly` publishes"
        where = project.relative(folder)
        raise UsageError(f"there is nothing to serve in {where}; {how}")
    with make_server(folder, port) as server:
        typer.echo(f"http://{HOST}:{server.server_address[1]}/ (Ctrl-C ends)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("")
