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


@dataclass(frozen=True)
class NamedFiles:
    """Shared files by the name they have in `assets/`, and the name of each by its own."""

    content: Mapping[str, bytes]
    names: Mapping[str, str]


def named_files(*names: str) -> NamedFiles:
    """Files of the assets by names that hold their digest, with what the stylesheet refers to."""
    content: dict[str, bytes] = {}

    def add(path: Path, data: bytes) -> str:
        name = f"{path.stem}.{hashlib.sha256(data).hexdigest()[:10]}{path.suffix}"
        content[name] = data
        return name

    def add_linked(match: re.Match[str]) -> str:
        path = ASSETS / match[1]
        return f"url({add(path, path.read_bytes())})"

    def data_of(name: str) -> bytes:
        if name == "site.js":
            return _script().encode()
        if name.endswith(".css"):
            return _URL.sub(add_linked, (ASSETS / name).read_text("utf-8")).encode()
        return (ASSETS / name).read_bytes()

    return NamedFiles(content, {name: add(ASSETS / name, data_of(name)) for name in names})


@cache
def site_files() -> SiteFiles:
    """The shared files of this installation."""
    files = named_files("site.css", "site.js", "search.js", "icon.svg")
    css, script, search, icon = files.names.values()
    return SiteFiles(files.content, css, script, search, icon)


def _script() -> str:
    """The site's script of its parts, within one function, so that it leaves no names behind."""
    parts = [(ASSETS / "script" / f"{name}.js").read_text("utf-8") for name in SCRIPTS]
    body = "\n".join(parts).replace(_LIBRARY, f'"./{library_name()}"')
    return f'(() => {{\n"use strict";\n\n{body}}})();\n'
