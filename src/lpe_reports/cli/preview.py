"""`lpe preview`: serve the site on this machine, for this machine alone."""

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Annotated

import typer

from lpe_reports.errors import UsageError
from lpe_reports.settings import find_project

_HOST = "127.0.0.1"


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
    project = find_project()
    folder = project.candidate if candidate else project.public
    if not (folder / "index.html").is_file():
        how = "`lpe build` makes one" if candidate else "`lpe nightly` publishes"
        where = project.relative(folder)
        raise UsageError(f"there is nothing to serve in {where}; {how}")
    with make_server(folder, port) as server:
        typer.echo(f"http://{_HOST}:{server.server_address[1]}/ (Ctrl-C ends)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("")


def make_server(folder: Path, port: int) -> ThreadingHTTPServer:
    """A server of one folder for this machine.

    Raises:
        UsageError: The port is taken.
    """
    try:
        return ThreadingHTTPServer((_HOST, port), partial(_Handler, directory=str(folder)))
    except OSError as error:
        problem = f"port {port} cannot be used ({error.strerror}); give another --port"
        raise UsageError(problem) from None


class _Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        # A reader of a preview wants what is there now.
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def list_directory(self, path: object) -> None:
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request."""
