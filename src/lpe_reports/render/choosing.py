"""Which renderer makes the pages: the one that was asked for, or what this machine has."""

from pathlib import Path
from typing import Literal

from lpe_reports.errors import SettingsError
from lpe_reports.render.pandoc import PandocRenderer
from lpe_reports.render.quarto.driver import QuartoRenderer
from lpe_reports.render.quarto.program import VARIABLE, find_quarto, read_program
from lpe_reports.render.renderer import Renderer
from lpe_reports.settings import find_project

Choice = Literal["auto", "quarto", "pandoc"]
CHOICES: tuple[Choice, ...] = ("auto", "quarto", "pandoc")
_WITHOUT = "Sidorna är gjorda utan Quarto, med Pandoc och Typst"


def choose_renderer(choice: str = "auto", root: Path | None = None) -> tuple[Renderer, str]:
    """The renderer for a choice on the command line, and what the reader should know of it.

    Args:
        choice: auto takes Quarto where it is, else Pandoc.
        root: The project's folder; that of the current folder when not given.

    Returns:
        The renderer, and a sentence in Swedish for the summary and the status page.

    Raises:
        SettingsError: There is no such renderer here, or the Quarto that is here cannot be used.
    """
    if choice not in CHOICES:
        raise SettingsError(f"no renderer '{choice}'; there are: {', '.join(CHOICES)}")
    if choice == "pandoc":
        return PandocRenderer(), f"{_WITHOUT}."
    found = find_quarto()
    if found:
        program = read_program(found)
        renderer = QuartoRenderer(program, root or find_project().root)
        return renderer, f"Sidorna är gjorda med Quarto {program.version}, utskrifterna med Typst."
    if choice == "quarto":
        raise SettingsError(
            f"there is no Quarto on PATH, and {VARIABLE} names none; install Quarto 1.9 or newer, "
            f"name it in {VARIABLE}, or make the same pages without it: --renderer pandoc"
        )
    return PandocRenderer(), f"{_WITHOUT} (Quarto finns inte på den här datorn)."
