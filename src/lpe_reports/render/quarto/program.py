"""The Quarto of this machine: where it is, and whether it is new enough."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lpe_reports.errors import SettingsError

VARIABLE = "QUARTO_PATH"
# The oldest that has all that `_quarto.yml` asks for: filters `at: pre-ast`, Typst's own tables.
OLDEST = (1, 9)
_SECONDS = 60
_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.\d+)*")
_INSTEAD = "or make the same pages without Quarto: --renderer pandoc"


@dataclass(frozen=True)
class QuartoProgram:
    """A Quarto that can be used.

    Fields:
        path: The program.
        version: Its version, "1.9.36".
        pandoc: The version of the Pandoc that it renders with; a packager may have put another
            one in its place.
    """

    path: Path
    version: str
    pandoc: str


def find_quarto() -> Path | None:
    """Where Quarto is: in QUARTO_PATH, else on PATH; None where it is nowhere.

    Raises:
        SettingsError: QUARTO_PATH leads to no program.
    """
    named = os.environ.get(VARIABLE)
    found = shutil.which(named or "quarto")
    if named and not found:
        raise SettingsError(
            f"{VARIABLE} is {named}, and there is no program there; correct it, take it away to "
            f"use the Quarto on PATH, {_INSTEAD}"
        )
    return Path(found).absolute() if found else None


@cache
def read_program(path: Path) -> QuartoProgram:
    """What a Quarto says of itself; asked once in a process.

    Raises:
        SettingsError: It cannot be run, or is older than what is needed; says what was found.
    """
    said = _answer(path, "--version")
    match = _VERSION.match(said)
    if not match:
        raise SettingsError(f"{path} does not say which Quarto it is; install it again, {_INSTEAD}")
    if (int(match[1]), int(match[2])) < OLDEST:
        needed = ".".join(map(str, OLDEST))
        raise SettingsError(
            f"{path} is Quarto {match[0]}, and {needed} or newer is needed; install a newer one, "
            f"name it in {VARIABLE}, {_INSTEAD}"
        )
    pandoc = _VERSION.search(_answer(path, "pandoc", "--version"))
    return QuartoProgram(path, match[0], pandoc[0] if pandoc else "unknown")


def _answer(path: Path, *arguments: str) -> str:
    """What it writes.

    Raises:
        SettingsError: It cannot be run, or ends as if it could not.
    """
    try:
        done = subprocess.run(
            [str(path), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        problem = f"did not answer in {_SECONDS} s"
    except OSError as error:
        problem = f"could not be run ({error.strerror})"
    else:
        if not done.returncode:
            return done.stdout.decode("utf-8", "replace").strip()
        problem = f"could not be run (it ended with status {done.returncode})"
    raise SettingsError(f"{path} {problem}; install Quarto again, {_INSTEAD}")
