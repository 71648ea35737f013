"""What the manual consists of: docs/index.md names every page, in order, under its theme."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lpe_reports.errors import ParamsError
from lpe_reports.render.manual.markdown import anchors, headings, plain, prose_lines

INDEX = "index"
_ENTRY = re.compile(r"^[-*] \[(?P<text>[^\]]+)\]\((?P<name>[\w-]+)\.md\)")


@dataclass(frozen=True)
class Entry:
    """One page of the manual: the name of its file without an ending, and what menus call it."""

    name: str
    text: str


@dataclass(frozen=True)
class Theme:
    """Pages that belong together.

    Fields:
        title: What menus call it.
        anchor: The id of its heading on the front page.
        entries: Its pages, in order.
    """

    title: str
    anchor: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Contents:
    """All pages of the manual, by theme."""

    themes: tuple[Theme, ...]

    def theme_of(self, name: str) -> Theme | None:
        """The theme that a page belongs to; None for the front page."""
        for theme in self.themes:
            if any(entry.name == name for entry in theme.entries):
                return theme
        return None

    def names(self) -> list[str]:
        """The pages in the order of the menus, the front page first."""
        return [INDEX, *(entry.name for theme in self.themes for entry in theme.entries)]


def read_contents(docs: Path) -> Contents:
    """The contents that `index.md` of a folder of docs says.

    Raises:
        ParamsError: A page is named that is not there, twice or not at all; names the line.
    """
    place = docs / f"{INDEX}.md"
    try:
        text = place.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ParamsError(f"docs/{INDEX}.md", None, "the file is missing") from None
    contents = Contents(tuple(_themes(text)))
    _refuse_others(docs, text, contents.names())
    return contents


def _themes(text: str) -> Iterator[Theme]:
    """Second headings with the list entries below them that begin with a page's link."""
    titles = [(h.text, anchor) for h, anchor in zip(headings(text), anchors(text), strict=True)]
    found: list[tuple[str, str, list[Entry]]] = []
    for _, line in prose_lines(text):
        if line.startswith("## "):
            title = plain(line[3:])
            found.append((title, next(anchor for text, anchor in titles if text == title), []))
        elif found and (entry := _ENTRY.match(line)):
            found[-1][2].append(Entry(entry["name"], plain(entry["text"])))
    for title, anchor, entries in found:
        if entries:
            yield Theme(title, anchor, tuple(entries))


def _refuse_others(docs: Path, text: str, names: list[str]) -> None:
    lines = {
        entry["name"]: number for number, line in prose_lines(text) if (entry := _ENTRY.match(line))
    }
    there = {path.stem for path in docs.glob("*.md")}
    for name in names:
        line = lines.get(name)
        if name not in there:
            raise ParamsError(f"docs/{INDEX}.md", line, f"there is no docs/{name}.md")
        if names.count(name) > 1:
            raise ParamsError(f"docs/{INDEX}.md", line, f"docs/{name}.md is named twice")
    if left := sorted(there - set(names)):
        problem = f"docs/{left[0]}.md stands in no list; add '- [Name]({left[0]}.md): what it says'"
        raise ParamsError(f"docs/{INDEX}.md", None, problem)
