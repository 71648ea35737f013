"""The files that all pages share: stylesheet, script, icon and font, named by their content.

A name holds a digest of the file, so that a page always finds the very file it was made with
and a browser may keep it for ever.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lpe_reports.render.vega import library_name

ASSETS = Path(__file__).parent / "assets"
FONTS = ASSETS / "fonts"
# The site's script is one file, which works without a web server, too; these are its parts.
SCRIPTS = (
    "base",
    "versions",
    "periods",
    "tables",
    "filters",
    "charts",
    "lists",
    "own",
    "tabs",
    "start",
)
_LIBRARY = '"./vega.js"'
_URL = re.compile(r"url\(([^)]+)\)")


@dataclass(frozen=True)
class SiteFiles:
    """The shared files by the name they have in `assets/`, and what a page refers to."""

    content: Mapping[str, bytes]
    css: str
    script: str
    search: str
    icon: str


@cache
def site_files() -> SiteFiles:
    """The shared files of this installation."""
    content: dict[str, bytes] = {}

    def add(path: Path, data: bytes) -> str:
        name = f"{path.stem}.{hashlib.sha256(data).hexdigest()[:10]}{path.suffix}"
        content[name] = data
        return name

    def add_linked(match: re.Match[str]) -> str:
        path = ASSETS / match[1]
        return f"url({add(path, path.read_bytes())})"

    stylesheet = _URL.sub(add_linked, (ASSETS / "site.css").read_text("utf-8"))
    return SiteFiles(
        css=add(ASSETS / "site.css", stylesheet.encode()),
        script=add(ASSETS / "site.js", _script().encode()),
        search=add(ASSETS / "search.js", (ASSETS / "search.js").read_bytes()),
        icon=add(ASSETS / "icon.svg", (ASSETS / "icon.svg").read_bytes()),
        content=content,
    )


def _script() -> str:
    """The site's script of its parts, within one function, so that it leaves no names behind."""
    parts = [(ASSETS / "script" / f"{name}.js").read_text("utf-8") for name in SCRIPTS]
    body = "\n".join(parts).replace(_LIBRARY, f'"./{library_name()}"')
    return f'(() => {{\n"use strict";\n\n{body}}})();\n'
