"""What a reader sees who points at a chart in the browser; drawings and PDFs have none of it.

A row of a chart carries it ready as text, so that the browser need not know how numbers and dates
are written, and no formula is made of a name. Charts of periods have a layer of their own for it:
an upright line at each period, pale until it is pointed at, that tells all that stands there.
"""

from collections.abc import Sequence
from typing import Any

from lpe_reports.display.charts.axes import Spec, layer
from lpe_reports.display.palette import PALETTE

_LAYER = "pekare"
_PAIR, _LINE = "\t", "\n"
# What makes the browser ask; it takes the text out of the row itself, for a formula of Vega-Lite's
# does not find it where the nearest mark is looked for.
TOLD: Spec = {"field": "told", "type": "nominal"}


def told(*pairs: tuple[str, str]) -> str:
    """Names with their values, a line each; one of the two may be empty, not both."""
    return _LINE.join(
        f"{_plain(name)}{_PAIR}{_plain(text)}" for name, text in pairs if name or text
    )


def pointer(rows: Sequence[dict[str, Any]], x: Spec, *, name: str = "pekad") -> list[Spec]:
    """The layer that tells what stands at each position; none where there are no rows.

    Args:
        rows: [position, told], one per position.
        x: The axis of positions.
        name: Of what is pointed at, one per chart.
    """
    if not rows:
        return []
    seen = {"condition": {"param": name, "empty": False, "value": 0.55}, "value": 0}
    mark = {"type": "rule", "color": PALETTE["soft"], "strokeWidth": 1}
    chosen = {"type": "point", "fields": ["position"], "nearest": True}
    chosen |= {"on": "pointerover", "clear": "pointerout"}
    found = layer(rows, mark, {"x": x, "opacity": seen, "tooltip": TOLD})
    return [found | {"name": _LAYER, "params": [{"name": name, "select": chosen}]}]


def still(spec: Spec) -> Spec:
    """A chart's spec as it is drawn where nobody can point."""
    layers = spec.get("layer")
    if not isinstance(layers, list):
        return spec
    return spec | {"layer": [part for part in layers if part.get("name") != _LAYER]}


def _plain(text: str) -> str:
    return " ".join(text.replace(_PAIR, " ").split(_LINE))
