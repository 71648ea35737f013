"""The page that stands in the place of one that was taken back, and says so and why."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape

from lpe_reports import wording
from lpe_reports.build.kept import RETRACTED_MARK
from lpe_reports.errors import LpeError
from lpe_reports.periods import parse_period
from lpe_reports.render.addresses import root_from, way
from lpe_reports.render.packs.planned import FOLDER as PACKS

_CSS = re.compile(r"assets/(site\.[0-9a-f]{10}\.css)")
_ICON = re.compile(r"assets/(icon\.[0-9a-f]{10}\.svg)")
_PAGE = """<!DOCTYPE html>
<html lang="sv" {mark}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Tillbakadragen: {name}</title>
{shared}</head>
<body>
<a class="skip" href="#innehall">Till innehållet</a>
<header class="top"><div><a class="brand" href="{front}">Till startsidan</a></div></header>
<div class="shell">
<nav class="side" aria-label="Vidare"><ul>
{ways}
</ul></nav>
<main id="innehall">
<h1>{heading}</h1>
<p class="when">{name}</p>
<div class="notice bad"><p><strong>Tillbakadragen {day}.</strong> {why}</p></div>
<p>{rest}</p>
<p>{on}</p>
</main>
</div>
</body>
</html>
"""


@dataclass(frozen=True)
class Retraction:
    """That a page was taken back: since when (ISO) and why, in Swedish."""

    since: str
    why: str

    @property
    def day(self) -> str:
        """Since which day, in words."""
        return wording.day(date.fromisoformat(self.since[:10]))

    @property
    def told(self) -> str:
        """As it follows on a page's name: har dragits tillbaka 11 maj 2026: fel i källan."""
        return f"har dragits tillbaka {self.day}: {self.why.removesuffix('.')}"


@dataclass(frozen=True)
class SharedNames:
    """The names of the stylesheet and the icon that a page uses; empty where it uses none."""

    css: str = ""
    icon: str = ""

    @classmethod
    def of(cls, html: str) -> "SharedNames":
        """Those that a page of the site names."""
        css, icon = _CSS.search(html), _ICON.search(html)
        return cls(css[1] if css else "", icon[1] if icon else "")


def retracted_page(address: str, retraction: Retraction, shared: SharedNames) -> bytes:
    """The page in the place of a report's page.

    Args:
        address: Its address, without an ending.
        retraction: Since when and why.
        shared: What its version's pages are drawn with.
    """
    report = "/".join(address.split("/")[:2])
    ways = {
        "Sidans andra perioder": f"{address.rpartition('/')[0]}/index.html",
        "Till rapporten": f"{report}/index.html",
    }
    rest = "Sidan och dess filer finns inte kvar i någon version."
    return _page(address, "Sidan är tillbakadragen", retraction, shared, ways, rest)


def retracted_pack(address: str, pages: Mapping[str, Retraction], shared: SharedNames) -> bytes:
    """The page in the place of a meeting pack.

    Args:
        address: The pack's address, without an ending.
        pages: The pages for which it is taken back, by address; at least one.
        shared: What its version's pages are drawn with.
    """
    ways = {"Till mötesunderlagen": f"{PACKS}/index.html"}
    links = ", ".join(
        f'<a href="{escape(way(address, f"{page}.html"))}">{escape(_name(page))}</a>'
        for page in sorted(pages)
    )
    rest = f"Underlaget innehöll det som har dragits tillbaka: {links}."
    latest = max(pages.values(), key=lambda each: each.since)
    return _page(address, "Underlaget är tillbakadraget", latest, shared, ways, rest)


def _page(
    address: str,
    heading: str,
    retraction: Retraction,
    shared: SharedNames,
    ways: Mapping[str, str],
    rest: str,
) -> bytes:
    root = root_from(address)
    drawn = ""
    if shared.css:
        drawn += f'<link rel="stylesheet" href="{root}assets/{shared.css}">\n'
    if shared.icon:
        drawn += f'<link rel="icon" href="{root}assets/{shared.icon}" type="image/svg+xml">\n'
    links = [
        f'<a href="{escape(way(address, target))}">{escape(text)}</a>'
        for text, target in {**ways, "Till startsidan": "index.html"}.items()
    ]
    return _PAGE.format(
        mark=RETRACTED_MARK,
        name=escape(_name(address)),
        shared=drawn,
        front=escape(way(address, "index.html")),
        ways="\n".join(f"<li>{link}</li>" for link in links),
        # A phone has no room for what stands beside the page.
        on=" · ".join(links),
        heading=heading,
        day=retraction.day,
        why=escape(retraction.why),
        rest=rest,
    ).encode()


def _name(address: str) -> str:
    """The page's period in words, with the last part of its address otherwise."""
    last = address.rpartition("/")[2]
    try:
        return wording.upper_first(parse_period(last).long)
    except (LpeError, ValueError):
        return last
