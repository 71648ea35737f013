"""Which renderer makes the pages: the one that was asked for, or what this machine has."""

import os
from pathlib import Path
from typing import Literal

from lpe_reports.errors import SettingsError
from lpe_reports.render.pandoc import PandocRenderer
from lpe_reports.render.quarto.driver import QuartoRenderer
from lpe_reports.render.quarto.program import VARIABLE as QUARTO_PATH
from lpe_reports.render.quarto.program import find_quarto, read_program
from lpe_reports.render.renderer import Renderer
from lpe_reports.settings import find_project

Choice = Literal["auto", "quarto", "pandoc"]
CHOICES: tuple[Choice, ...] = ("auto", "quarto", "pandoc")
# What auto means where nobody says more: an office may want its pages made in one way on machines
# that have both.
VARIABLE = "LPE_RENDERER"
_WITHOUT = "Sidorna är gjorda utan Quarto, med Pandoc och Typst"


def choose_renderer(choice: str = "auto", root: Path | None = None) -> tuple[Renderer, str]:
    """The renderer for a choice on the command line, and what the reader should know of it.

    Args:
        choice: auto takes what LPE_RENDERER names, else Quarto where it is, else Pandoc.
        root: The project's folder; that of the current folder when not given.

    Returns:
        The renderer, and a sentence in Swedish for the summary and the status page.

    Raises:
        SettingsError: There is no such renderer here, or the Quarto that is here cannot be used.
    """
    named = os.environ.get(VARIABLE, "auto") if choice == "auto" else choice
    if named not in CHOICES:
        place = f" (in {VARIABLE})" if choice == "auto" else ""
        raise SettingsError(f"no renderer '{named}'{place}; there are: {', '.join(CHOICES)}")
    if named == "pandoc":
        return PandocRenderer(), f"{_WITHOUT}."
    found = find_quarto()
    if found:
        program = read_program(found)
        renderer = QuartoRenderer(program, root or find_project().root)
        return renderer, f"Sidorna är gjorda med Quarto {program.version}, utskrifterna med Typst."
    if named == "quarto":
        raise SettingsError(
            f"there is no Quarto on PATH, and {QUARTO_PATH} names none; install Quarto 1.9 or "
            f"newer, name it in {QUARTO_PATH}, or make the same pages without it: "
            "--renderer pandoc"
        )
    return PandocRenderer(), f"{_WITHOUT} (Quarto finns inte på den här datorn)."
