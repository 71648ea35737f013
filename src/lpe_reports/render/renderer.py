"""What a renderer is: page documents in, HTML and PDF out. Each driver is one module."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from lpe_reports.render.document import PageDocument


@dataclass(frozen=True)
class RenderedPage:
    """One page as its renderer made it.

    Fields:
        address: Where it goes.
        html: The page.
        pdf: The page for print; None where it has none.
        source: What the PDF was made of (`packs.source`), so that a meeting pack can take the
            page in as it is; None where there is no PDF.
        warnings: What the renderer could not honour, in English: each names the construct, and
            where it can the line or cell, and never holds the document's text.
    """

    address: str
    html: bytes
    pdf: bytes | None
    source: bytes | None = None
    warnings: tuple[str, ...] = ()


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
            RenderError: A document could not be rendered; names the page, and where it is known to
                be that one alone, also in `addresses`.
        """


@runtime_checkable
class Described(Protocol):
    """A driver that takes more from the project than its documents."""

    def described(self) -> str:
        """A digest of what it takes; part of what a rendered page depends on."""
