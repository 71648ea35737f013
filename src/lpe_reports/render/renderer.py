"""What a renderer is: page documents in, HTML and PDF out. Each driver is one module."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from lpe_reports.errors import SettingsError
from lpe_reports.render.document import PageDocument

Choice = Literal["auto", "quarto", "pandoc"]
CHOICES: tuple[Choice, ...] = ("auto", "quarto", "pandoc")


@dataclass(frozen=True)
class RenderedPage:
    """One page as its renderer made it."""

    address: str
    html: bytes
    pdf: bytes | None


class Renderer(Protocol):
    """A driver; it must give the same pages as every other, and can be sent to a worker."""

    @property
    def name(self) -> str:
        """pandoc or quarto."""

    def versions(self) -> dict[str, str]:
        """The tools it uses with their versions; part of what a rendered page depends on."""

    def render(self, documents: Sequence[PageDocument]) -> list[RenderedPage]:
        """The documents as pages, in their order, as many out as in.

        Raises:
            RenderError: A document could not be rendered; names the page.
        """


def choose_renderer(choice: str = "auto") -> tuple[Renderer, str]:
    """The renderer for a choice on the command line, and what the reader should know of it.

    Returns:
        The renderer, and a sentence in Swedish for the summary and the status page.

    Raises:
        SettingsError: There is no such renderer here.
    """
    from lpe_reports.render.pandoc import PandocRenderer

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
