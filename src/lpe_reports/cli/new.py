"""`lpe new`: a new report's notebook, params file and test."""

from typing import Annotated

import typer

from lpe_reports.settings import find_project


def add_to(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("new")(_new)


def _option(name: str, words: str, metavar: str) -> object:
    return typer.Option(f"--{name}", help=words, metavar=metavar, show_default=False)


def _new(
    title: Annotated[str | None, _option("title", "What it is called.", "TEXT")] = None,
    id: Annotated[  # the option's own name
        str | None, _option("id", "The names of its files; out of the title otherwise.", "ID")
    ] = None,
    question: Annotated[
        str | None, _option("question", "The question that its pages answer.", "TEXT")
    ] = None,
    area: Annotated[
        str | None,
        _option("area", "Where it stands: uppfoljning, jamlik-vard or nyttjande.", "AREA"),
    ] = None,
    slug: Annotated[
        str | None, _option("slug", "Its part of the address; out of the title otherwise.", "SLUG")
    ] = None,
    units: Annotated[
        list[str] | None,
        _option(
            "units",
            "One page for each: hospital, operating_unit, vo, section, clinic or postop_unit; or "
            "ids of units or procedures, with commas between them.",
            "KIND|IDS",
        ),
    ] = None,
    periods: Annotated[
        str | None,
        _option(
            "periods",
            "Made per week, month, quarter, tertial, year, rolling12 or schedule.",
            "KIND",
        ),
    ] = None,
    measure: Annotated[
        str | None,
        _option("measure", "What it begins with; what is usual for its units otherwise.", "ID"),
    ] = None,
    owner: Annotated[
        str | None,
        _option("owner", "Who answers for it; the site's contact otherwise.", "MAIL"),
    ] = None,
) -> None:
    """Make a new report: notebook, params file and test, which work as they are.

    Asks for what the options do not say, at a terminal; elsewhere title, question, area, units and
    periods must be said.
    """
    from lpe_reports.cli.starting.asking import settle, terminal
    from lpe_reports.cli.starting.report_files import write_report
    from lpe_reports.cli.starting.wish import read_office

    project = find_project()
    office = read_office(project)
    options = {
        "title": title, "id": id, "question": question, "area": area, "slug": slug,
        "periods": periods, "measure": measure, "owner": owner,
    }  # fmt: skip
    wish = settle(office, options, units or (), terminal())
    written = [project.relative(path) for path in write_report(office, wish)]
    for name in written:
        typer.echo(f"wrote {name}")
    tests = next(name for name in written if name.endswith(".py"))
    typer.echo("It works as it is. Next:")
    steps = {
        f"lpe preview {wish.id} --unit {wish.subjects.ids[0]}": "its page, re-made as you save",
        "lpe check": "what is wrong, and what to do",
        f"python -m pytest {tests}": "what must stand on its pages",
    }
    if office.night is None:
        steps = {"lpe demo": "there is no extract yet", "lpe extract --source demo": ""} | steps
    for command, why in steps.items():
        typer.echo(f"  {command:<{max(map(len, steps))}}  # {why}" if why else f"  {command}")
