"""What a page's calls return: a block that shows itself as the last line of a cell."""

from collections.abc import Callable
from typing import Any

from lpe_reports.display.blocks import (
    MIME,
    AbsentBlock,
    AnyBlock,
    ChartBlock,
    RowBlock,
    TableBlock,
)
from lpe_reports.display.drawing import draw_svg
from lpe_reports.display.markup.context import MarkupContext
from lpe_reports.display.markup.html import block_html
from lpe_reports.display.markup.markdown import table_markdown

Bundle = dict[str, Any]


class Shown:
    """A block on its way to the page.

    In a build it leaves the block alone; to an author it also shows what the page will look
    like.

    Args:
        block: What is shown.
        call: The call that made it, as an author knows it.
        building: Whether a build runs, so that nothing is drawn.
        definition_name: The Swedish name of a glossary entry.
    """

    def __init__(
        self,
        block: AnyBlock | AbsentBlock,
        call: str,
        *,
        building: bool,
        definition_name: Callable[[str], str],
    ) -> None:
        self.block = block
        self.call = call
        self.displayed = isinstance(block, AbsentBlock) and not block.opens
        self._building = building
        self._definition_name = definition_name

    def __repr__(self) -> str:
        return f"<{self.call}>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        self.displayed = True
        bundle: Bundle = {MIME: self.block.model_dump(mode="json"), "text/plain": repr(self)}
        if self._building or isinstance(self.block, AbsentBlock):
            return bundle
        return bundle | self._for_author(self.block)

    def _for_author(self, block: AnyBlock) -> Bundle:
        drawings = {chart.id: draw_svg(chart) for chart in _charts(block)}
        context = MarkupContext(
            svg=lambda chart: drawings[chart.id], definition_name=self._definition_name
        )
        bundle: Bundle = {"text/html": block_html(block, context=context)}
        if isinstance(block, ChartBlock):
            bundle["image/svg+xml"] = drawings[block.id]
        elif isinstance(block, TableBlock):
            bundle["text/markdown"] = table_markdown(block)
        return bundle


class Nothing:
    """What calls return inside a section that is not for this page: all of it stays nothing."""

    def __getattr__(self, name: str) -> "Nothing":
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: object, **kwargs: object) -> "Nothing":
        return self

    def __getitem__(self, key: object) -> "Nothing":
        return self

    def __bool__(self) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Any:
        return iter(())

    def __repr__(self) -> str:
        return "<not for this unit>"


def publish(bundle: Bundle) -> None:
    """Show a bundle now, whatever comes after it in the cell; outside a notebook, nothing."""
    from IPython import display

    show: Any = display.display
    show(bundle, raw=True)


def _charts(block: AnyBlock) -> list[ChartBlock]:
    items = block.items if isinstance(block, RowBlock) else (block,)
    return [item for item in items if isinstance(item, ChartBlock)]
