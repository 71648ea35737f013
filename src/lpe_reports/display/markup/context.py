"""What a block's markup needs to know of the page that it stands on."""

from collections.abc import Callable
from dataclasses import dataclass

from lpe_reports.display.blocks import ChartBlock


def _no_picture(chart: ChartBlock) -> str:
    return ""


def _no_file(table_id: str) -> str | None:
    return None


def _same_name(definition_id: str) -> str:
    return definition_id.replace("_", " ")


@dataclass(frozen=True)
class MarkupContext:
    """The page around a block.

    Args:
        root: The relative way to the version's root, "" or ending in a slash.
        svg: A chart's drawing as an element of the page, with its alt text.
        image: The path of a chart's SVG file, as Typst is to read it.
        csv_href: Where a table's CSV lies, seen from the page; None where there is none.
        definition_name: The Swedish name of a glossary entry.
        glossary: The definitions page, seen from the root.
        cut_rows: After how many rows a table is cut in the PDF.
    """

    root: str = ""
    svg: Callable[[ChartBlock], str] = _no_picture
    image: Callable[[ChartBlock], str] = _no_picture
    csv_href: Callable[[str], str | None] = _no_file
    definition_name: Callable[[str], str] = _same_name
    glossary: str = "sa-raknar-vi/"
    cut_rows: int = 40

    def definition_href(self, definition_id: str) -> str:
        """Where a definition is read."""
        return f"{self.root}{self.glossary}#{definition_id}"
