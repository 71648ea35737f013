"""`lpe check`: everything that is wrong, in one list, and nothing run."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from lpe_reports.cli.options import Json
from lpe_reports.errors import CheckError
from lpe_reports.settings import find_project


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("check")(_check)


def _check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Look at these files alone; at the whole project otherwise."),
    ] = None,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help="Clear outputs and execution counts of notebooks first, nothing else."
        ),
    ] = False,
    as_json: Json = False,
    rules: Annotated[
        bool, typer.Option("--rules", help="Say what each rule finds and what to do, and end.")
    ] = False,
) -> None:
    """Check params, notebooks, _quarto.yml and the newest extract; runs nothing."""
    if rules:
        from lpe_reports.cli.checks.table import listing

        typer.echo(listing())
        return
    from lpe_reports.cli.checks.finding import Level
    from lpe_reports.cli.checks.fixing import clear_outputs
    from lpe_reports.cli.checks.project import check_project, looked_at, notebooks_of

    project = find_project()
    chosen = looked_at(project, files) if files else None
    cleared = 0
    if fix:
        every = notebooks_of(project) if chosen is None else chosen
        for path in (path for path in every if path.suffix == ".ipynb"):
            cells = clear_outputs(path)
            cleared += cells
            if cells and not as_json:
                word = "cell" if cells == 1 else "cells"
                typer.echo(f"{project.relative(path)}: cleared {cells} {word}")
    findings = check_project(project, chosen)
    wrong = [one for one in findings if one.level is Level.ERROR]
    notes = [one for one in findings if one.level is Level.NOTE]
    if as_json:
        body = {
            "errors": len(wrong),
            "notes": len(notes),
            "cleared": cleared,
            "findings": [asdict(one) for one in findings],
        }
        typer.echo(json.dumps(body, ensure_ascii=False))
        raise typer.Exit(CheckError.exit_code if wrong else 0)
    for note in notes:
        typer.echo(f"note: {note} [{note.rule}]")
    if wrong:
        things = "1 thing is" if len(wrong) == 1 else f"{len(wrong)} things are"
        lines = "\n".join(f"  {one} [{one.rule}]" for one in wrong)
        raise CheckError(f"{things} wrong (`lpe check --rules` tells more of each rule)\n{lines}")
    typer.echo(_in_order(has_extract=_has_extract(), some=chosen))


def _has_extract() -> bool:
    from lpe_reports.warehouse.nights.folders import nights

    return bool(nights(find_project()))


def _in_order(*, has_extract: bool, some: list[Path] | None) -> str:
    if some is not None:
        return f"{len(some)} file{'' if len(some) == 1 else 's'} in order"
    if has_extract:
        return "params, notebooks, _quarto.yml and extract are in order"
    return "params, notebooks and _quarto.yml are in order; there is no extract yet"
