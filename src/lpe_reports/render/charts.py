"""Charts as static SVG: the same bytes from the same spec, for the page and for the PDF.

vl-convert draws with the shipped font and literal colours. For the page the palette's colours
become CSS variables, so that one drawing serves light and dark; Typst knows no variables and
gets the literal drawing as a file. Vega counts its ids for as long as its process lives, so
they are renamed after the chart, or two runs would differ.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree

from lpe_reports.display.blocks import ChartBlock, narrow_name
from lpe_reports.display.charts.pointing import still
from lpe_reports.display.palette import PALETTE
from lpe_reports.errors import RenderError
from lpe_reports.render.site_files import FONTS

FONT = "Inter, system-ui, sans-serif"
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_EMOJI = re.compile("[\U00010000-\U0010ffff]")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
# What Vega writes for its own scripts and for screen readers of single marks; the whole
# drawing is one image with one text here.
_NEEDLESS = re.compile(r"^(class|role|aria-.*|pointer-events)$")


@dataclass(frozen=True)
class Drawing:
    """One chart, drawn."""

    literal: bytes  # an SVG file with literal colours
    inline: str  # the same as an element of an HTML page, with CSS variables
    narrow: str = ""  # as `inline`, for a phone; nothing where one serves everywhere
    narrow_width: float = 0  # px of it
    narrow_literal: bytes = b""  # as `literal`, of that


def draw(chart: ChartBlock) -> Drawing:
    """A chart as SVG, byte for byte the same whenever and wherever it is drawn.

    Raises:
        RenderError: Vega does not take the spec; names the chart.
    """
    svg = _drawn(chart.spec, chart.id)
    literal = ElementTree.tostring(svg, encoding="utf-8")
    if not chart.narrow:
        return Drawing(literal=literal, inline=_inline(svg, chart.alt))
    narrow = _drawn(chart.narrow, narrow_name(chart.id))
    return Drawing(
        literal=literal,
        inline=_inline(svg, chart.alt),
        narrow_literal=ElementTree.tostring(narrow, encoding="utf-8"),
        narrow_width=float(narrow.get("width", 0)),
        narrow=_inline(narrow, chart.alt),
    )


def _drawn(spec: dict[str, Any], name: str) -> ElementTree.Element:
    svg = _slim(ElementTree.fromstring(_vega(spec, name)), name)
    svg.set("font-family", FONT)
    return svg


def _inline(svg: ElementTree.Element, alt: str) -> str:
    """A drawing as an element of a page, which makes it one image with one text."""
    svg.attrib.pop("xmlns")
    svg.set("role", "img")
    svg.set("aria-label", alt)
    return _with_variables(ElementTree.tostring(svg, encoding="unicode"), PALETTE)


def _vega(given: dict[str, Any], name: str) -> str:
    spec: dict[str, Any] = _without_tooltips(still(given))
    spec["config"] = {"background": "transparent", **spec.get("config", {}), "aria": False}
    text = json.dumps(spec, ensure_ascii=False)
    try:
        try:
            return _svg(text)
        except ValueError:
            # Vega cuts long labels in the middle of an emoji, whose half vl-convert refuses.
            return _svg(_EMOJI.sub("\u25a1", text))
    except ValueError as error:
        # Vega's own words can quote the data.
        raise RenderError(f"chart '{name}' cannot be drawn: {type(error).__name__}") from None


def _svg(spec: str) -> str:
    svg: str = _converter().vegalite_to_svg(
        spec, allowed_base_urls=[], format_locale="sv-SE", time_format_locale="sv-SE"
    )
    return svg


def _without_tooltips(spec: Any) -> Any:
    """The spec without what no drawing shows, and whose titles Vega-Lite makes formulas of.

    It writes them into an expression and escapes quotes alone: a name with a backslash or a
    line break would be no expression, or another one.
    """
    if isinstance(spec, dict):
        return {
            key: value if key == "values" else _without_tooltips(value)
            for key, value in spec.items()
            if key != "tooltip"
        }
    return [_without_tooltips(value) for value in spec] if isinstance(spec, list) else spec


@cache
def _converter() -> Any:
    """vl-convert with the shipped font; costs half a second once in a process."""
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def _slim(svg: ElementTree.Element, chart_id: str) -> ElementTree.Element:
    """The drawing without what only Vega's scripts use, ids named after the chart."""
    root = next(_cleaned(svg))
    names = {
        element.attrib["id"]: f"{chart_id}-{number}"
        for number, element in enumerate((e for e in root.iter() if "id" in e.attrib), start=1)
    }
    for element in root.iter():
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, names[value])
            elif "url(#" in value:
                element.set(key, _REFERENCE.sub(lambda m: f"url(#{names[m[1]]})", value))
    root.set("xmlns", "http://www.w3.org/2000/svg")
    return root


def _cleaned(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """The element as it is kept, nothing for an invisible one, its children for a bare group."""
    tag = element.tag.rpartition("}")[2]
    attributes = dict(_attributes(element.attrib))
    children = [kept for child in element for kept in _cleaned(child)]
    invisible = attributes.get("display") == "none" or attributes.get("d") == "M0,0h0v0h0Z"
    if invisible or (tag == "g" and not children):
        return
    if tag == "g" and not attributes:
        yield from children
        return
    kept = ElementTree.Element(tag, attributes)
    kept.text = element.text if tag in ("text", "tspan", "title") else None
    kept.extend(children)
    yield kept


def _attributes(attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, value in attributes.items():
        name = key.rpartition("}")[2]
        if _NEEDLESS.match(name) or name in ("font-family", "version"):
            continue
        if (name, value) in (("opacity", "1"), ("transform", "translate(0,0)")):
            continue
        yield name, _LONG_NUMBER.sub(lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), value)


def _with_variables(svg: str, palette: Mapping[str, str]) -> str:
    """The drawing with CSS variables in place of the palette's colours."""
    for role, colour in palette.items():
        svg = re.sub(rf'"{re.escape(colour)}"', f'"var(--{role})"', svg, flags=re.IGNORECASE)
    return svg
