"""Options that several commands share."""

from datetime import date
from typing import Annotated

import typer


def _day(text: str | date) -> date:
    if isinstance(text, date):  # a default
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a day; write it like 2026-05-11") from None


Reports = Annotated[
    list[str] | None, typer.Option("--report", help="Only this report (can be given again).")
]
Units = Annotated[
    list[str] | None, typer.Option("--unit", help="Only this unit (can be given again).")
]
Periods = Annotated[
    list[str] | None,
    typer.Option("--period", help="Only this period, like 2026-W19 (can be given again)."),
]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, for machines.")]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", min=1, help="Notebooks at a time; the number of processors otherwise."),
]
Renderer = Annotated[
    str,
    typer.Option(
        "--renderer",
        help="quarto, pandoc, or auto: what LPE_RENDERER names, else Quarto where it is.",
        metavar="NAME",
    ),
]
Pointer = Annotated[
    str | None,
    typer.Option(
        "--pointer",
        help="How public/latest leads to the newest version: symlink, or copy; otherwise as it "
        "does now, and at first a link where one can be swapped (not on Windows and file shares).",
        metavar="NAME",
    ),
]
Executor = Annotated[
    str,
    typer.Option(
        "--executor",
        help="Where notebooks run: local, or dask:ADDRESS for a Dask cluster that shares this "
        "folder, like dask:tcp://HOST:8786.",
        metavar="NAME",
    ),
]
Fresh = Annotated[
    bool, typer.Option("--fresh", help="Run everything that is selected, also what is current.")
]
Source = Annotated[
    str | None, typer.Option("--source", help="A source of params/sources.yml.", metavar="NAME")
]
NightOf = Annotated[
    str | None,
    typer.Option(
        "--source",
        help="Build the newest night of this source; of the default one otherwise.",
        metavar="NAME",
    ),
]
AsOf = Annotated[
    date | None,
    typer.Option("--as-of", parser=_day, help="The night's day, like 2026-05-11.", metavar="DAY"),
]
Full = Annotated[
    bool,
    typer.Option(
        "--full", help="Read every table whole, and tell what was changed unseen in history."
    ),
]
Accept = Annotated[
    bool,
    typer.Option(
        "--accept",
        help="Let the night that is held through, as it is (with --as-of: the one of that day); "
        "loads nothing.",
    ),
]
ReplaceSnapshot = Annotated[
    list[date] | None,
    typer.Option(
        "--replace-snapshot",
        parser=_day,
        help="Take the waiting lists of this day anew, beside the stored ones (can be given "
        "again).",
        metavar="DAY",
    ),
]
Until = Annotated[
    date, typer.Option("--until", parser=_day, help="The demo's last night.", metavar="DAY")
]
