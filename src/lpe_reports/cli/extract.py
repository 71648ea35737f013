"""`lpe extract`: warehouse to extract."""

from pathlib import Path

import typer

from lpe_reports.cli.options import AsOf, Source
from lpe_reports.cli.progress import make_progress
from lpe_reports.settings import Project, find_project


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("extract")(_extract)


def _extract(source: Source = None, as_of: AsOf = None) -> None:
    """Take the night's extract from the warehouse, checked against the contract."""
    from lpe_reports.build.lock import locked
    from lpe_reports.cli.steps import take_extract
    from lpe_reports.params.loading import load_params

    project = find_project()
    with locked(project, "extract"):
        params = load_params(project)
        folder = take_extract(project, params, source, as_of, make_progress(), anew=True)
    _tell(project, folder)


def _tell(project: Project, folder: Path) -> None:
    from lpe_reports.warehouse.manifest import read_manifest

    manifest = read_manifest(folder)
    width = max(map(len, manifest.tables))
    for name, table in manifest.tables.items():
        counts = [f"{table.rows:>10,} rows".replace(",", " ")]
        counts += [f"{table.rejected} set aside"] if table.rejected else []
        counts += [f"{table.repaired} repaired"] if table.repaired else []
        typer.echo(f"  {name:<{width}} {', '.join(counts)}")
    typer.echo(f"{project.relative(folder)}: night {manifest.night}, source {manifest.source}")
