"""`_quarto.yml`: the site's one description, read here as Quarto reads it.

Only what the pages need is taken out of it. Quarto knows many more keys than the embedded
renderer honours; those are named by `unknown_keys` as warnings and are never an error here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lpe_reports.errors import ParamsError
from lpe_reports.params.reading import line_of, read_yaml

# Every key that something here honours, or that only Quarto needs and that changes no page.
# A None ends a branch: what is below it is a value.
_KNOWN: Mapping[str, Any] = {
    "project": {
        "type": None,
        "output-dir": None,
        "render": None,
        "resources": None,
        "post-render": None,
    },
    "lang": None,
    "website": {
        "title": None,
        "search": None,
        "navbar": {"left": {"text": None, "href": None}},
    },
    "highlight-style": None,
    "execute": {"enabled": None, "echo": None},
    "filters": {"at": None, "path": None},
    "format": {
        "html": {
            "theme": None,
            "minimal": None,
            "section-divs": None,
            "template": None,
            "css": None,
            "html-table-processing": None,
        },
        "typst": {
            "template": None,
            "template-partials": None,
            "shift-heading-level-by": None,
            "papersize": None,
            "font-paths": None,
            "html-table-processing": None,
        },
    },
}


@dataclass(frozen=True)
class NavItem:
    """One entry of the navbar."""

    text: str
    href: str  # from the site's root

    @property
    def area(self) -> str:
        """The folder it leads to."""
        return self.href.partition("/")[0]


@dataclass(frozen=True)
class Website:
    """What the pages take from `_quarto.yml`."""

    title: str
    lang: str
    navbar: tuple[NavItem, ...]

    def area_name(self, area: str) -> str:
        """The name of an area, as the navbar has it; the slug where it is not there."""
        return next((item.text for item in self.navbar if item.area == area), area)


def load_website(path: Path, root: Path) -> Website:
    """The website that `_quarto.yml` describes.

    Raises:
        ParamsError: It is missing, is no YAML, or lacks what the pages need.
    """
    document = read_yaml(path, root)

    def wrong(place: list[str | int], problem: str) -> ParamsError:
        return ParamsError(path.name, line_of(document, place), problem)

    if not isinstance(document, dict):
        raise ParamsError(path.name, 1, "expected keys with values ('key: value')")
    website = document.get("website")
    if not isinstance(website, dict) or not isinstance(website.get("title"), str):
        raise wrong(["website"], "expected 'website:' with a 'title:'")
    navbar = website.get("navbar")
    items = navbar.get("left") if isinstance(navbar, dict) else None
    if not isinstance(items, list) or not items:
        raise wrong(["website", "navbar"], "expected 'navbar:' with a list 'left:'")
    for number, item in enumerate(items):
        if not (isinstance(item, dict) and isinstance(item.get("text"), str)):
            raise wrong(["website", "navbar", "left", number], "expected 'text:' and 'href:'")
        if not str(item.get("href", "")).endswith("/index.html"):
            place: list[str | int] = ["website", "navbar", "left", number, "href"]
            raise wrong(place, "expected an index page, like 'enheter/index.html'")
    lang = document.get("lang")
    if not isinstance(lang, str):
        raise wrong(["lang"], "expected the language, 'lang: sv'")
    return Website(
        title=str(website["title"]),
        lang=lang,
        navbar=tuple(NavItem(str(item["text"]), str(item["href"])) for item in items),
    )


def unknown_keys(path: Path) -> list[str]:
    """What stands in `_quarto.yml` that the embedded renderer does not honour, for a warning.

    Each entry names the line and the key with the keys above it: "14: format.html.toc".
    """
    document = read_yaml(path, path.parent)
    found = _unknown(document, _KNOWN, ())
    return [f"{line_of(document, place)}: {_dotted(place)}" for place in found]


def _unknown(
    node: Any, known: Mapping[str, Any] | None, place: tuple[str | int, ...]
) -> Iterator[tuple[str | int, ...]]:
    if known is None:
        return
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from _unknown(item, known, (*place, number))
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in known:
                yield from _unknown(value, known[key], (*place, key))
            else:
                yield (*place, key)


def _dotted(place: tuple[str | int, ...]) -> str:
    return ".".join(str(step) for step in place if not isinstance(step, int))
