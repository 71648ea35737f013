"""The folder for temporary files: one for a command and for the programs that it runs."""

import os
import tempfile
from pathlib import Path

import typer

from lpe_reports.errors import SettingsError

_NAMES = ("TMPDIR", "TEMP", "TMP")


def use_one_temporary_folder() -> None:
    """Have all programs use the folder that can be written, where the one that is named cannot.

    Python looks for another one then; the programs that render fail, a page at a time.

    Raises:
        SettingsError: There is none but the working folder, which is not for them.
    """
    named = {name: os.environ[name] for name in _NAMES if os.environ.get(name)}
    try:
        found = tempfile.gettempdir()
    except FileNotFoundError:
        found = ""
    if not found or (Path(found) == Path.cwd() and found not in named.values()):
        where = ", ".join(dict.fromkeys([*named.values(), "/tmp", "/var/tmp"]))
        raise SettingsError(
            f"no folder for temporary files can be written ({where}): it is missing, full or not "
            "yours to write. Give one of them room, or name another one in TMPDIR; nothing was "
            "started"
        )
    wrong = [name for name, value in named.items() if os.path.abspath(value) != found]  # noqa: PTH100
    if wrong and not any(os.path.abspath(value) == found for value in named.values()):  # noqa: PTH100
        typer.echo(
            f"{wrong[0]} names a folder that cannot be written (missing, full or not yours); "
            f"temporary files are put into {found}",
            err=True,
        )
    os.environ.update(dict.fromkeys(wrong, found))
