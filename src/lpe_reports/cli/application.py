"""All commands in one application, and what becomes of the errors that end them."""

import contextlib
import os
import sys
from pathlib import Path

import typer

from lpe_reports.cli import (
    build,
    check,
    demo,
    diff,
    docs,
    extract,
    init,
    new,
    plan,
    preview,
    prune,
    publish,
    retract,
    rollback,
    versions,
)
from lpe_reports.errors import (
    DiskFullError,
    LpeError,
    SettingsError,
    is_disk_full,
    is_out_of_files,
    is_out_of_processes,
)
from lpe_reports.settings import find_project
from lpe_reports.system import is_held, why

app = typer.Typer(
    name="lpe",
    help="Run the office's reports and publish them as a site.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (
    init,
    demo,
    extract,
    check,
    plan,
    build,
    publish,
    versions,
    diff,
    rollback,
    retract,
    new,
    preview,
    prune,
    docs,
):
    module.add_to(app)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"lpe {version('lpe-reports')}")
        raise typer.Exit


@app.callback()
def _lpe(
    version: bool = typer.Option(
        False, "--version", help="Say the version and end.", callback=_show_version, is_eager=True
    ),
) -> None:
    """Run the office's reports and publish them as a site."""


_OUT_OF_FILES = (
    "the system lets this command open no more files at a time; let it have 256 or more (`ulimit "
    "-n 256`, or LimitNOFILE of its service) and run it again. What was published is untouched"
)
_OUT_OF_PROCESSES = (
    "the system lets this command start no more processes and threads; let it have 256 or more "
    "(`ulimit -u`, or TasksMax of its service) and run it again. What was published is untouched"
)


def call(arguments: list[str]) -> int:
    """Run a command line; returns the exit code. Wrong options are told by the application."""
    try:
        app(arguments, prog_name="lpe")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BrokenPipeError:
        # Whoever read our output has gone (`lpe plan | head`); that is no fault.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except LpeError as error:
        return _tell(str(error), error.exit_code)
    except Exception as error:
        if isinstance(error, OSError) and is_disk_full(error):
            return _tell(str(_disk_full(error)), DiskFullError.exit_code)
        if is_out_of_files(error):
            return _tell(_OUT_OF_FILES, SettingsError.exit_code)
        if is_out_of_processes(error):
            return _tell(_OUT_OF_PROCESSES, SettingsError.exit_code)
        if isinstance(error, OSError) and is_held(error):
            return _tell(str(_held(error)), SettingsError.exit_code)
        if os.environ.get("LPE_DEBUG"):
            raise
        name = type(error).__name__
        return _tell(f"a fault of ours ({name}); LPE_DEBUG=1 shows where", LpeError.exit_code)
    return 0


def _disk_full(error: OSError) -> DiskFullError:
    return DiskFullError(_place(error, "parent"), error.strerror or "")


def _held(error: OSError) -> SettingsError:
    """Windows lets nobody change what a program has open."""
    where = _place(error) or "a file in data/, build/ or public/"
    return SettingsError(
        f"{where} cannot be changed ({why(error)}, a virus scanner or a window on that folder "
        "among them, and run it again. What was published is untouched"
    )


def _place(error: OSError, part: str = "") -> str:
    try:
        path = Path(error.filename or "")
        known = find_project().relative(path.parent if part else path) if error.filename else ""
    except LpeError:
        return ""
    return known


def _tell(message: str, exit_code: int) -> int:
    typer.echo(f"lpe: {message}", err=True)
    return exit_code
