"""`lpe extract`: warehouse to extract."""

import typer

from lpe_reports.cli.options import Accept, AsOf, Full, Json, ReplaceSnapshot, Source
from lpe_reports.cli.progress import make_progress
from lpe_reports.settings import find_project


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("extract")(_extract)


def _extract(
    source: Source = None,
    as_of: AsOf = None,
    full: Full = False,
    accept: Accept = False,
    replace_snapshot: ReplaceSnapshot = None,
    as_json: Json = False,
) -> None:
    """Take the night's extract from the warehouse, checked against the contract.

    A night in which a table, or a unit's share of it, has changed too much is held (exit code 6)
    until --accept; what was loaded before stays in use.
    """
    from lpe_reports.build.lock import locked
    from lpe_reports.cli.extracted import extracted_json, extracted_text
    from lpe_reports.cli.starting.quarto_files import keep_equal
    from lpe_reports.cli.steps import Wanted, take_extract
    from lpe_reports.params.loading import load_params

    project = find_project()
    keep_equal(project)
    replaced = frozenset(replace_snapshot or ())
    wanted = Wanted(source, as_of, anew=True, full=full, accept=accept, replace=replaced)
    with locked(project, "extract"):
        params = load_params(project)
        folder = take_extract(project, params, wanted, make_progress(quiet=as_json))
    typer.echo((extracted_json if as_json else extracted_text)(project, folder))
