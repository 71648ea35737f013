"""What a page's calls return: a block that shows itself as the last line of a cell."""

import os
import re
from collections.abc import Callable, Mapping
from typing import Any

from lpe_reports.display.author_style import OUTPUT_CLASS, style_element
from lpe_reports.display.blocks import (
    MIME,
    AbsentBlock,
    AnyBlock,
    ChartBlock,
    RowBlock,
    TableBlock,
    narrow_name,
)
from lpe_reports.display.drawing import draw_svg, with_variables
from lpe_reports.display.markup.context import MarkupContext
from lpe_reports.display.markup.html import block_html
from lpe_reports.display.markup.markdown import table_markdown
from lpe_reports.display.markup.typst import block_typst, literal

Bundle = dict[str, Any]
_BACKTICKS = re.compile(r"`{3,}")
# The definitions' page, which is not beside a notebook; an editor would look for a file.
_LINK = re.compile(r'<a href="[^"]*">(.*?)</a>')
# What Quarto tells a notebook that it runs: its page has the site's stylesheet already.
_BY_QUARTO = "QUARTO_DOCUMENT_PATH"


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
        if self._building:
            return bundle
        if isinstance(self.block, AbsentBlock):
            # Or Quarto would show the call's name to an author who renders the notebook alone.
            nothing = f"<!-- {self.call}: nothing to show -->"
            return bundle | {"text/html": nothing, "text/markdown": nothing}
        return bundle | self._for_author(self.block)

    def _for_author(self, block: AnyBlock) -> Bundle:
        drawings = {chart.id: draw_svg(chart) for chart in _charts(block)}
        context = MarkupContext(
            svg=lambda chart: with_variables(drawings[chart.id]),
            definition_name=self._definition_name,
        )
        bundle: Bundle = {"text/html": _for_editor(block_html(block, context=context))}
        if isinstance(block, ChartBlock):
            bundle["image/svg+xml"] = drawings[block.id]
        # What Quarto makes the PDF of, where it renders the notebook alone.
        if isinstance(block, TableBlock):
            bundle["text/markdown"] = table_markdown(block)
        else:
            bundle["text/markdown"] = _raw(block, drawings)
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
    from IPython.core.interactiveshell import InteractiveShell

    if InteractiveShell.initialized():  # or the whole bundle would be printed
        show: Any = display.display
        show(bundle, raw=True)


def _for_editor(html: str) -> str:
    """A block's HTML as an editor shows it by itself, with what makes it look as on the site."""
    if _BY_QUARTO in os.environ:
        return html
    plain = _LINK.sub(r"\1", html)
    return f'{style_element()}\n<div class="{OUTPUT_CLASS}">\n{plain}\n</div>'


def _raw(block: AnyBlock, drawings: Mapping[str, str]) -> str:
    """The block as Typst in Markdown, drawings and all: an author's page has no files beside it."""
    known = {name: svg for key, svg in drawings.items() for name in (key, narrow_name(key))}
    text = block_typst(block, context=MarkupContext(image=lambda chart: chart.id))
    for name, svg in known.items():
        text = text.replace(f"image({literal(name)},", f"image(bytes({literal(svg)}),")
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(text)), default=2) + 1)
    return f"{fence}{{=typst}}\n{text}\n{fence}\n"


def _charts(block: AnyBlock) -> list[ChartBlock]:
    items = block.items if isinstance(block, RowBlock) else (block,)
    return [item for item in items if isinstance(item, ChartBlock)]
