"""The house theme: how every chart of the site is drawn."""

from typing import Any

from lpe_reports.display.palette import PALETTE, SERIES

FONT = "Inter"  # shipped with the site, so that text is measured alike everywhere
LABEL_SIZE = 11
SMALL_WIDTH = 300  # px of the plot; drawn small, so that its text stays legible on a phone
WIDE_WIDTH = 640
# px of a picture that is still legible on a phone, where it is shown some per cent smaller;
# what is wider is drawn again for it.
PHONE_WIDTH = 400
HEIGHT = 120

_SOFT = {"labelColor": PALETTE["soft"], "titleColor": PALETTE["soft"]}
CONFIG: dict[str, Any] = {
    "background": "transparent",
    "font": FONT,
    "aria": False,  # the picture as a whole has an alt text
    "locale": {
        "number": {
            "decimal": ",",
            "thousands": "\u00a0",
            "grouping": [3],
            "currency": ["", "\u00a0kr"],
        }
    },
    "view": {"stroke": None},
    "axis": _SOFT
    | {
        "labelFontSize": LABEL_SIZE,
        "titleFontSize": LABEL_SIZE,
        "titleFontWeight": "normal",
        "domainColor": PALETTE["line"],
        "tickColor": PALETTE["line"],
        "gridColor": PALETTE["line"],
        "gridOpacity": 0.6,
    },
    "axisX": {"grid": False, "labelAngle": 0, "labelOverlap": False},
    "axisY": {"domain": False, "ticks": False, "tickCount": 4},
    "legend": _SOFT | {"orient": "top", "title": None},
    "text": {"color": PALETTE["ink"], "fontSize": LABEL_SIZE},
    "line": {"strokeWidth": 2, "color": SERIES[0]},
    "point": {"size": 30, "filled": True, "color": SERIES[0], "opacity": 1},
    "bar": {"color": SERIES[0]},
    "rule": {"color": PALETTE["mean"]},
    "range": {"category": list(SERIES)},
}


def themed(spec: dict[str, Any]) -> dict[str, Any]:
    """A chart's spec in the house theme; what the chart itself says about style stays."""
    own = spec.get("config", {})
    config = {
        key: {**CONFIG.get(key, {}), **own[key]}
        if isinstance(own.get(key), dict)
        else own.get(key, CONFIG.get(key))
        for key in {**CONFIG, **own}
    }
    # Altair's own theme, and a view size that would override width and height.
    config["view"] = {"stroke": None}
    return {**spec, "config": config}
