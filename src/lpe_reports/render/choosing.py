"""Which renderer makes the pages: the one that was asked for, or what this machine has."""

import os
import shutil
from pathlib import Path
from typing import Literal

from lpe_reports.errors import SettingsError
from lpe_reports.render.pandoc import PandocRenderer
from lpe_reports.render.renderer import Renderer

Choice = Literal["auto", "quarto", "pandoc"]
CHOICES: tuple[Choice, ...] = ("auto", "quarto", "pandoc")


def choose_renderer(choice: str = "auto") -> tuple[Renderer, str]:
    """The renderer for a choice on the command line, and what the reader should know of it.

    Returns:
        The renderer, and a sentence in Swedish for the summary and the status page.

    Raises:
        SettingsError: There is no such renderer here.
    """
    if choice not in CHOICES:
        raise SettingsError(f"no renderer '{choice}'; there are: {', '.join(CHOICES)}")
    if choice == "quarto":
        raise SettingsError(
            "the Quarto driver is not part of this version yet; use --renderer pandoc, which "
            "makes the same pages from the same documents"
        )
    if choice == "auto":
        why = "Quarto finns här men används inte av den här versionen" if quarto_path() else ""
        note = why or "Quarto finns inte på den här datorn"
        return PandocRenderer(), f"Sidorna är gjorda utan Quarto, med Pandoc och Typst ({note})."
    return PandocRenderer(), "Sidorna är gjorda utan Quarto, med Pandoc och Typst."


def quarto_path() -> Path | None:
    """Where Quarto is: in QUARTO_PATH or on PATH."""
    named = os.environ.get("QUARTO_PATH")
    found = shutil.which(named) if named else shutil.which("quarto")
    return Path(found) if found else None
