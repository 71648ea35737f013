"""A candidate's files as the gate sees them: what a reader can read, and where a browser goes."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

from lpe_reports.publish.documents import APART, Document, Reference

# Elements that part nothing: "1<b>2</b>" is read as 12.
_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "textpath", "time",
    "tspan", "u", "var", "wbr",
}  # fmt: skip
# Attributes that a reader sees or hears; other than these only `data-…` are read as text.
_SPOKEN = {
    "alt", "aria-description", "aria-label", "content", "download", "label", "placeholder",
    "summary", "title", "value",
}  # fmt: skip
_REQUESTS = {
    "src", "srcset", "poster", "background", "data", "action", "formaction", "manifest", "ping",
}  # fmt: skip
# A link element with one of these relations only says something; the others make a request.
_SAYING = {"canonical", "alternate", "author", "license", "help", "next", "prev", "up", "bookmark"}
_CSS_URL = re.compile(r"""(?:url\(\s*|@import\s+(?!url))["']?([^"')\s;]+)""")
_REFRESH = re.compile(r"url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
_MARKUP = re.compile(r"<[^>]*>")

# Nine of ten tags of a page say nothing that the rules look at. They are taken out in one go,
# which is many times faster than parsing them; all others go to the parser.
_PLAIN = (
    r"(?:\s+(?:(?:class|scope|colspan|rowspan|d|x|y|x1|x2|y1|y2|cx|cy|r|dx|dy|width|height|fill|"
    r"fill-opacity|stroke|stroke-width|stroke-dasharray|stroke-opacity|opacity|points|"
    r"text-anchor|font-size|font-weight|font-family)=\"[^\"<>(]*\"|transform=\"[^\"<>]*\"))*"
)
_BLOCK_TAG = re.compile(
    r"</?(?:table|thead|tbody|tr|th|td|caption|p|li|ul|ol|div|section|dl|dt|dd|g|path|line|rect|"
    rf"circle|polyline|text){_PLAIN}\s*/?>"
)
_INLINE_TAG = re.compile(rf"</?(?:span|tspan|b|i|em|strong|small|sub|sup){_PLAIN}\s*/?>")


def read_document(path: Path, name: str) -> Document | None:
    """One file as the gate sees it; None for kinds that the rules do not read."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        return None
    document = reader(path, name)
    document.kind = path.suffix.lower()
    document.content = path.read_bytes()
    if document.kind not in _BINARY:
        document.source = document.content.decode("utf-8-sig", errors="replace")
    return document


def _read_html(path: Path, name: str) -> Document:
    parser = _PageParser(name)
    text = path.read_text(encoding="utf-8", errors="replace")
    parser.feed(_BLOCK_TAG.sub(APART, _INLINE_TAG.sub("", text)))
    parser.close()
    return parser.finish()


def _read_picture(path: Path, name: str) -> Document:
    document = _read_html(path, name)
    # It gets its words where a page shows it.
    document.unnamed = []
    return document


def _read_css(path: Path, name: str) -> Document:
    text = path.read_text(encoding="utf-8", errors="replace")
    return Document(name, references=[Reference("request", t) for t in _CSS_URL.findall(text)])


def _read_text(path: Path, name: str) -> Document:
    return Document(name, text=path.read_text(encoding="utf-8-sig", errors="replace"))


def _read_workbook(path: Path, name: str) -> Document:
    try:
        with zipfile.ZipFile(path) as book:
            parts = [book.read(n) for n in book.namelist() if n.endswith(".xml")]
    except (OSError, zipfile.BadZipFile):
        return Document(name)
    text = APART.join(part.decode("utf-8", errors="replace") for part in parts)
    return Document(name, text=unescape(_MARKUP.sub(APART, text)))


_BINARY = {".xlsx"}
_READERS: dict[str, Callable[[Path, str], Document]] = {
    ".html": _read_html,
    ".svg": _read_picture,
    ".css": _read_css,
    ".csv": _read_text,
    ".json": _read_text,
    ".txt": _read_text,
    ".xml": _read_text,
    ".xlsx": _read_workbook,
}


class _PageParser(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self._document = Document(name)
        self._pieces: list[str] = []
        self._raw = ""  # inside a script or style
        self._picture: _Picture | None = None

    def finish(self) -> Document:
        self._document.text = "".join(self._pieces)
        return self._document

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag not in _INLINE:
            self._pieces.append(APART)
        if tag in ("script", "style"):
            self._raw = tag
        if "id" in given:
            self._document.ids.add(given["id"])
        self._spoken(given)
        self._references(tag, given)
        self._name_picture(tag, given)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self._pieces.append(APART)
        if tag == self._raw:
            self._raw = ""
        if tag == "svg" and self._picture:
            self._picture.depth -= 1
            if self._picture.depth == 0:
                self._unname(not self._picture.named)
                self._picture = None

    def handle_data(self, data: str) -> None:
        if self._raw == "style":
            found = _CSS_URL.findall(data)
            self._document.references += [Reference("request", target) for target in found]
        self._pieces.append(data)

    def handle_comment(self, data: str) -> None:
        # A reader who looks at the source can read it.
        self._pieces += [APART, data, APART]

    def _spoken(self, given: dict[str, str]) -> None:
        for name, value in given.items():
            if name in _SPOKEN or name.startswith("data-"):
                self._pieces += [APART, value, APART]

    def _references(self, tag: str, given: dict[str, str]) -> None:
        references = self._document.references
        if href := given.get("href") or given.get("xlink:href"):
            says = tag in ("a", "area") or (
                tag == "link" and bool(_SAYING & set(given.get("rel", "").lower().split()))
            )
            references.append(Reference("link" if says else "request", href))
        for name in _REQUESTS & given.keys():
            # `data` is an address on <object> alone; a form that is sent leaves the page, too.
            if name == "data" and tag != "object":
                continue
            values = given[name].split(",") if name == "srcset" else [given[name]]
            references += [Reference("request", v.split()[0]) for v in values if v.strip()]
        for value in given.values():
            # A style, or what SVG takes from elsewhere (fill, mask, filter).
            if "url(" in value:
                references += [Reference("request", t) for t in _CSS_URL.findall(value)]
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            found = _REFRESH.findall(given.get("content", ""))
            references += [Reference("request", target) for target in found]

    def _unname(self, unnamed: bool) -> None:
        if unnamed:
            self._document.unnamed.append(f"line {self.getpos()[0]}")

    def _name_picture(self, tag: str, given: dict[str, str]) -> None:
        hidden = given.get("aria-hidden") == "true" or given.get("role") in ("presentation", "none")
        named = bool(given.get("aria-label", "").strip() or given.get("aria-labelledby"))
        if tag == "img":
            # An empty alt says that the picture only decorates.
            self._unname(not ("alt" in given or hidden or named))
        elif tag in ("object", "embed", "iframe", "canvas"):
            self._unname(not (hidden or named or given.get("title")))
        elif tag == "svg" and self._picture:
            self._picture.depth += 1
        elif tag == "svg":
            self._picture = _Picture(named or hidden)
        elif tag == "title" and self._picture and self._picture.depth == 1:
            self._picture.named = True


@dataclass
class _Picture:
    named: bool
    depth: int = 1
