"""What the browser draws charts from when a reader points at one: `<period>/diagram.json`.

The specs of a page lie in one file beside it, so that nobody reads them who does not point at a
chart. They are Vega-Lite with the palette's colours as CSS variables, as in the page's drawings,
so that a chart that has become alive still follows light and dark. What all charts have in common
stands once.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lpe_reports.display.blocks import ChartBlock
from lpe_reports.display.palette import PALETTE

FILE = "diagram.json"
_DIGITS = 6  # of a number, as many as anybody can see
_COLOURS = {colour.lower(): f"var(--{role})" for role, colour in PALETTE.items()}
_COLOUR = re.compile("|".join(_COLOURS), re.IGNORECASE)


def live_charts(charts: Sequence[ChartBlock], made: str = "") -> bytes:
    """The specs of a page's charts by their ids, as JSON; the same bytes from the same charts.

    Args:
        charts: The charts.
        made: Which content of their page they are of: they may be read long after the page was.
    """
    configs = [chart.spec.get("config", {}) for chart in charts]
    common = configs[0] if configs else {}
    specs = {
        "made": made,
        "config": common,
        "charts": {chart.id: _own(chart.spec, common) for chart in charts},
        "narrow": {chart.id: _own(chart.narrow, common) for chart in charts if chart.narrow},
    }
    body = json.dumps(_rounded(specs), ensure_ascii=False, separators=(",", ":"))
    return _COLOUR.sub(lambda match: _COLOURS[match[0].lower()], body).encode()


def _own(spec: Mapping[str, Any], common: Mapping[str, Any]) -> dict[str, Any]:
    """What a spec has that not all have."""
    return {
        name: value
        for name, value in spec.items()
        if name != "$schema" and not (name == "config" and value == common)
    }


def _rounded(part: Any) -> Any:
    if isinstance(part, float):
        return int(part) if part.is_integer() else float(f"{part:.{_DIGITS}g}")
    if isinstance(part, dict):
        return {name: _rounded(value) for name, value in part.items()}
    return [_rounded(each) for each in part] if isinstance(part, list | tuple) else part
