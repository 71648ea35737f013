"""A chart as SVG for an author's editor; pages are drawn by the renderer."""

import json
from html import escape

from lpe_reports.display.blocks import ChartBlock
from lpe_reports.display.charts.pointing import still


def draw_svg(chart: ChartBlock) -> str:
    """The chart's picture with its alt text, colours literal."""
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(json.dumps(still(chart.spec)), format_locale="sv-SE")
    label = f'<svg role="img" aria-label="{escape(chart.alt)}"'
    return svg.replace("<svg", label, 1)
