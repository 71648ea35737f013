"""`lpe preview`: one page while it is written, or the site, for this machine alone."""

from typing import Annotated

import typer

from lpe_reports.errors import UsageError
from lpe_reports.settings import Project, find_project

_WAIT_SECONDS = 3600.0


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("preview")(_preview)


def _preview(
    report: Annotated[
        str | None,
        typer.Argument(
            metavar="[REPORT]",
            help="A report's id, slug or notebook: its page, made again as its files are saved. "
            "The published site when left out.",
            show_default=False,
        ),
    ] = None,
    unit: Annotated[
        str | None, typer.Option("--unit", help="Its unit; the report's first otherwise.")
    ] = None,
    period: Annotated[
        str | None,
        typer.Option("--period", help="Its period; the newest that is over otherwise."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source",
            help="From the newest extract of this source; of the default one otherwise.",
            metavar="NAME",
        ),
    ] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes any.")] = 8000,
    poll: Annotated[
        bool,
        typer.Option(
            "--poll",
            help="Look at the files again and again: for network drives that tell nothing.",
        ),
    ] = False,
    candidate: Annotated[
        bool, typer.Option("--candidate", help="The last build instead of what is published.")
    ] = False,
    no_open: Annotated[
        bool, typer.Option("--no-open", help="Open no browser.", show_default=False)
    ] = False,
) -> None:
    """Serve a report's page while it is written, or the site, at 127.0.0.1 until Ctrl-C."""
    for name, said in (("unit", unit), ("period", period), ("source", source)):
        if said is not None and not said.strip():
            raise UsageError(f"--{name} is empty; write what it shall be, or leave it out")
    project = find_project()
    if report is None:
        if unit or period or source or poll:
            raise UsageError(
                "--unit, --period, --source and --poll are for a page that is made: "
                "`lpe preview REPORT …`"
            )
        _serve_site(project, port, candidate=candidate)
        return
    if candidate:
        raise UsageError("--candidate serves the last build; it does not go with a report")
    _serve_page(project, report, unit, period, source, port, poll=poll, no_open=no_open)


def _serve_site(project: Project, port: int, *, candidate: bool) -> None:
    # No other command needs a web server, and each imports this module.
    from lpe_reports.cli.serving import HOST, make_server

    folder = project.candidate if candidate else project.public
    if not (folder / "index.html").is_file():
        how = "`lpe build` makes one" if candidate else "`lpe nightly` publishes"
        where = project.relative(folder)
        raise UsageError(
            f"there is nothing to serve in {where}; {how}, and `lpe preview REPORT` shows one page"
        )
    with make_server(folder, port) as server:
        typer.echo(f"http://{HOST}:{server.server_address[1]}/ (Ctrl-C ends)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            typer.echo("")


def _serve_page(
    project: Project,
    report: str,
    unit: str | None,
    period: str | None,
    source: str | None,
    port: int,
    *,
    poll: bool,
    no_open: bool,
) -> None:
    import time

    from lpe_reports.cli.ending import orderly_end
    from lpe_reports.cli.live.session import open_browser, previewing

    with (
        orderly_end(),
        previewing(project, report, unit, period, source=source, port=port, polling=poll) as (
            address,
            told,
        ),
    ):
        typer.echo(f"{told}: not published, for this machine alone")
        typer.echo(f"{address} (Ctrl-C ends)")
        if not no_open:
            open_browser(address)
        try:
            while True:
                time.sleep(_WAIT_SECONDS)
        except KeyboardInterrupt:
            typer.echo("")
