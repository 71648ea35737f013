"""A chart as SVG for an author's editor; pages are drawn by the renderer."""

import json
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import lpe_reports
from lpe_reports.display.blocks import ChartBlock
from lpe_reports.display.charts.pointing import still
from lpe_reports.display.palette import PALETTE

_FONTS = Path(lpe_reports.__file__).parent / "render" / "assets" / "fonts"
_COLOURS = {colour: role for role, colour in PALETTE.items()}
_COLOUR = re.compile(r'"(#[0-9a-fA-F]{6})"')


def draw_svg(chart: ChartBlock) -> str:
    """The chart's picture with its alt text, colours literal."""
    spec = json.dumps(still(chart.spec))
    svg: str = _converter().vegalite_to_svg(
        spec, allowed_base_urls=[], format_locale="sv-SE", time_format_locale="sv-SE"
    )
    label = f'<svg role="img" aria-label="{escape(chart.alt)}"'
    return svg.replace("<svg", label, 1)


def with_variables(svg: str) -> str:
    """The picture in the palette that holds where it is shown, light or dark."""
    return _COLOUR.sub(_variable, svg)


def _variable(match: re.Match[str]) -> str:
    role = _COLOURS.get(match[1].lower())
    return match[0] if role is None else f'"var(--{role}, {match[1]})"'


@cache
def _converter() -> Any:
    """vl-convert with the site's font, so that texts take the room that they take there."""
    import vl_convert

    vl_convert.register_font_directory(str(_FONTS))
    return vl_convert
