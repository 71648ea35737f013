"""Charts are drawn alike every time, for the page and for the PDF."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lpe_reports.display.blocks import ChartBlock
from lpe_reports.display.palette import DARK, PALETTE
from lpe_reports.errors import RenderError
from lpe_reports.render.charts import draw
from lpe_reports.render.site_files import ASSETS
from sample_page import shares, trend

OTHER = """
import hashlib, sys
from sample_page import shares, trend
from lpe_reports.render.charts import draw
draw(trend("x", "Annat", [3, 1, 4, 1, 5, 9, 2, 6], 5))
one = draw(trend("oppna-salar", "Öppna salar", [18, 18, 17, 12, 17, 19, 20, 18], 20))
print(hashlib.sha256(one.literal + one.inline.encode()).hexdigest())
"""


def opened() -> str:
    """The digest of one chart, drawn here after another one."""
    import hashlib

    draw(shares())
    one = draw(trend("oppna-salar", "Öppna salar", [18, 18, 17, 12, 17, 19, 20, 18], 20))
    return hashlib.sha256(one.literal + one.inline.encode()).hexdigest()


def test_a_chart_is_the_same_bytes_whatever_was_drawn_before() -> None:
    """Vega's counted ids do not reach the drawing; another process gives the same bytes."""
    other = subprocess.run(
        [sys.executable, "-c", OTHER],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        check=True,
        text=True,
    )

    assert opened() == opened() == other.stdout.strip()


def test_a_phones_drawing_is_another_one_with_ids_of_its_own() -> None:
    """Both are one image with the same text; what has one drawing has no other."""
    chart = trend("a", "A", [1, 2, 3, 4, 5, 6, 7, 8], 5)
    both = draw(chart.model_copy(update={"narrow": {**chart.spec, "width": 100}}))
    ids = re.compile(r' id="([^"]*)"')

    assert draw(chart).narrow == ""
    assert 100 < both.narrow_width < 300
    assert ids.findall(both.inline)
    assert len(ids.findall(both.narrow)) == len(ids.findall(both.inline))
    assert set(ids.findall(both.narrow)).isdisjoint(ids.findall(both.inline))
    assert f'aria-label="{chart.alt}"' in both.narrow


def test_ids_of_two_charts_on_a_page_differ() -> None:
    """Clip paths are named after their chart, and every reference finds its own."""
    first = draw(trend("a", "A", [1, 2, 3, 4, 5, 6, 7, 8], 5)).inline
    second = draw(trend("b", "B", [1, 2, 3, 4, 5, 6, 7, 8], 5)).inline

    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (first, second)]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert set(re.findall(r"url\(#([^)]+)\)", first)) <= ids[0]


def test_the_page_gets_variables_and_the_pdf_colours() -> None:
    """No palette colour is left in the page's drawing, no variable in the PDF's."""
    drawing = draw(trend("a", "A", [1, 2, 3, 4, 5, 6, 7, 8], 5))
    literal = drawing.literal.decode()

    assert "var(--series-1)" in drawing.inline
    assert "var(--target)" in drawing.inline
    assert not [colour for colour in PALETTE.values() if f'"{colour}"' in drawing.inline.lower()]
    assert PALETTE["series-1"] in literal
    assert "var(" not in literal


def test_the_drawing_is_one_image_with_its_alt_text() -> None:
    """Screen readers hear the alt text and no single marks; nothing is styled inline."""
    chart = shares().model_copy(update={"alt": 'Bo "nästan" 100 % & stiger <mer>'})
    drawing = draw(chart)

    root = ElementTree.fromstring(drawing.inline)
    assert root.get("role") == "img"
    assert root.get("aria-label") == chart.alt
    inner = [element for element in root.iter() if element is not root]
    assert not [e for e in inner if any(k.startswith(("aria", "role")) for k in e.attrib)]
    assert not [e for e in root.iter() if "style" in e.attrib or "class" in e.attrib]
    assert ElementTree.fromstring(drawing.literal).tag.endswith("svg")


def test_a_spec_that_vega_refuses_names_the_chart_only() -> None:
    """The error says which chart, and nothing of its data."""
    chart = shares().model_copy(
        update={"spec": {"mark": "nothing", "data": {"values": [{"n": 7}]}}}
    )

    with pytest.raises(RenderError, match="'diagram-andel'") as caught:
        draw(chart)

    assert "7" not in str(caught.value)


@pytest.mark.parametrize(("palette", "mode"), [(PALETTE, "light"), (DARK, "dark")])
def test_the_stylesheet_has_every_colour_of_the_palette(palette: dict[str, str], mode: str) -> None:
    """What a chart names as a variable is there, in light and in dark, as the palette says."""
    css = (ASSETS / "site.css").read_text("utf-8")
    light, dark = css.split("prefers-color-scheme: dark", 1)
    part = light if mode == "light" else dark.split("*, ::before", 1)[0]

    variables = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", part))

    assert {name: variables.get(name) for name in palette} == dict(palette)


@pytest.mark.parametrize("text", ['a\\b "c" \\" d', "a\nb", "\U0001f4a9" * 200, "a\x00b\u202ec"])
def test_names_from_data_never_stop_a_drawing(text: str) -> None:
    """Vega-Lite makes formulas of tooltips' titles, and a NUL would end the whole process."""
    content = trend("a", "A", [5] * 8, 7).model_dump(mode="json")
    label = {"field": "v", "type": "nominal", "title": text}
    mark = {"mark": {"type": "point", "tooltip": True}, "encoding": {"x": label, "tooltip": label}}
    content["spec"]["layer"].append(mark)
    content["spec"]["data"]["values"].append({"v": text, "n": 5})

    drawing = draw(ChartBlock(**content))

    assert "<circle" in drawing.inline or "<path" in drawing.inline
