"""Charts drawn once for each content, beside the notebook that is still running."""

import hashlib
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from lpe_reports.display.blocks import MIME, ChartBlock, RowBlock
from lpe_reports.display.content import parse_block
from lpe_reports.render.charts import Drawing, draw

# The charts of some pages; a drawing has some hundred kilobytes.
_MOST = 100


class Drawings:
    """Drawings by the content of their charts, the last that were used."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="lpe-draw")
        self._made: dict[str, Future[Drawing]] = {}

    def drawn(self, chart: ChartBlock) -> Drawing:
        """A chart's drawing, waited for where it is on its way.

        Raises:
            RenderError: Vega does not take the spec.
        """
        return self._begin(chart).result()

    def begin(self, cells: Iterable[Mapping[str, Any]]) -> None:
        """Begin with the charts that cells have shown so far."""
        for cell in cells:
            for output in cell.get("outputs", []):
                data = output.get("data", {}).get(MIME)
                if isinstance(data, dict) and data.get("type") in ("chart", "row"):
                    self._begin_block(data)

    def _begin_block(self, data: dict[str, Any]) -> None:
        try:
            block = parse_block(data)
        except ValueError:
            return  # whoever reads the page tells of it
        items = block.items if isinstance(block, RowBlock) else (block,)
        for item in items:
            if isinstance(item, ChartBlock):
                self._begin(item)

    def _begin(self, chart: ChartBlock) -> Future[Drawing]:
        key = hashlib.sha256(chart.model_dump_json().encode()).hexdigest()
        # The one that was used last stands last.
        found = self._made.pop(key, None) or self._threads.submit(draw, chart)
        self._made[key] = found
        for old in list(self._made)[:-_MOST]:
            del self._made[old]
        return found
