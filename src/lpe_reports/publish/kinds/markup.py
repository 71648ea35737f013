"""Pages and pictures: what a reader can read or hear, and where a browser goes."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import partial
from html.parser import HTMLParser
from typing import Literal
from urllib.parse import unquote

from lpe_reports.publish.documents import APART, Document, Reference
from lpe_reports.publish.kinds.data_addresses import files_in, hidden_text
from lpe_reports.publish.kinds.page_passages import (
    BREAK,
    INLINE,
    LEADING,
    passages_of_page,
    speaks,
)
from lpe_reports.publish.kinds.plain import CSS_URL, unescaped

_REQUESTS = {
    "src", "srcset", "imagesrcset", "poster", "background", "data", "action", "formaction",
    "manifest", "ping",
}  # fmt: skip
# A link element with one of these relations only says something; the others make a request.
_SAYING = {"canonical", "alternate", "author", "license", "help", "next", "prev", "up", "bookmark"}
_REFRESH = re.compile(r"url\s*=\s*['\"]?([^'\"]+)", re.IGNORECASE)
# An address that says something itself: digits enough for a number that a rule looks for.
_DIGITS = re.compile(r"\d{4}|%[23]|_[a-pA-P]{20}")
# A number of which a drawing sets each digit by itself, with its dash.
_DIGIT_BY_DIGIT = re.compile(
    r"(?<!\d)\d(?:[\s\x1f]*\x1f[\s\x1f]*\d){5}(?:[\s\x1f]*\x1f[\s\x1f]*\d\d?)*"
    r"[\s\x1f]*\x1f[\s\x1f]*[-+\u2010-\u2015\u2212][\s\x1f]*\x1f[\s\x1f]*"
    r"\d(?:[\s\x1f]*\x1f[\s\x1f]*\d){3}(?!\d)"
)
_LONGEST_ADDRESS = 4_000

# Nine of ten tags of a page say nothing that the rules look at. They are taken out in one go,
# which is many times faster than parsing them; all others go to the parser. None of them holds a
# newline: the lines stay those of the source.
_PLAIN = (
    r"(?:[ \t]+(?:(?:class|scope|colspan|rowspan|d|x|y|x1|x2|y1|y2|cx|cy|r|dx|dy|width|height|fill|"
    r"fill-opacity|stroke|stroke-width|stroke-dasharray|stroke-opacity|stroke-miterlimit|opacity|"
    r"points|text-anchor|font-size|font-weight|font-family)=\"(?:var\([\w-]+\)|[^\"<>(]*)\"|"
    r"transform=\"[^\"<>]*\"|aria-hidden=\"true\"))*"
)
_BLOCK_TAG = re.compile(
    r"(?:</?(?:table|thead|tbody|tr|th|td|caption|p|li|ul|ol|div|section|dl|dt|dd|g|path|line|rect|"
    rf"circle|polyline|text|h[1-6]|figure|figcaption|details|summary|nav){_PLAIN} */?>)+"
)
_INLINE_TAG = re.compile(rf"</?(?:span|tspan|b|i|em|strong|small|sub|sup){_PLAIN} */?>")


def read_page(document: Document) -> None:
    """A page's text, and the addresses and ids in it."""
    parser = _PageParser(document)
    parser.feed(_BLOCK_TAG.sub(APART, _INLINE_TAG.sub("", document.source)))
    parser.close()
    parser.finish()
    document.passages = partial(passages_of_page, document.source)
    document.markup = {"": document.source}


def read_picture(document: Document) -> None:
    """An SVG file: as a page, but that it gets its words where a page shows it."""
    read_page(document)
    document.unnamed = []


class _PageParser(HTMLParser):
    def __init__(self, document: Document) -> None:
        super().__init__(convert_charrefs=True)
        self._document = document
        self._flow: list[str] = []
        # What is not in the flow of the text stands after it, so that no attribute or comment
        # parts what a reader sees in one: each with its line.
        self._aside: list[tuple[str, int]] = []
        self._raw = ""  # inside a script or style
        self._titled = False  # inside the title of a picture
        self._picture: _Picture | None = None

    def finish(self) -> None:
        flow = "".join(self._flow)
        starts, length = [], len(flow) + 1
        for text, _ in self._aside:
            starts.append(length)
            length += len(text) + 1

        def locate(offset: int) -> str:
            if offset <= len(flow):
                return f"line {flow.count(chr(10), 0, offset) + 1}"
            number = bisect_right(starts, offset) - 1
            text, line = self._aside[number]
            return f"line {line + text.count(chr(10), 0, offset - starts[number])}"

        self._document.text = APART.join([flow, *(text for text, _ in self._aside)])
        self._document.locate = locate
        addresses = [reference.target for reference in self._document.references]
        self._document.members = list(files_in(addresses))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        self._part(tag)
        self._flow.append("\n" * (self.get_starttag_text() or "").count("\n"))
        if tag in ("script", "style"):
            self._raw = tag
        if "id" in given:
            self._document.ids.add(given["id"])
        for name, value in given.items():
            if speaks(name):
                self._say(value)
                if name.startswith("data-") and (text := hidden_text(value)):
                    self._say(text)
            elif name in LEADING and _DIGITS.search(value) and not value.startswith("data:"):
                self._say(unquote(value[:_LONGEST_ADDRESS]))
        self._references(tag, given)
        self._name_picture(tag, given)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._part(tag)
        self._titled = False
        if tag == self._raw:
            self._raw = ""
        if tag == "svg" and self._picture:
            self._picture.depth -= 1
            if self._picture.depth == 0:
                self._unname(not self._picture.named)
                drawn = "".join(self._flow[self._picture.start :])
                for match in _DIGIT_BY_DIGIT.finditer(drawn):
                    self._say(re.sub(r"[\s\x1f]", "", match[0]))
                self._picture = None

    def handle_data(self, data: str) -> None:
        if self._raw == "style":
            self._request(CSS_URL.findall(data))
        if self._titled and self._picture and data.strip():
            self._picture.named = True
        if self._raw:
            self._say(unescaped(data))
            # Its lines are lines of the source.
            data = "\n" * data.count("\n")
        self._flow.append(data)

    def handle_comment(self, data: str) -> None:
        # A reader who looks at the source can read it.
        self._say(data)
        self._flow.append("\n" * data.count("\n"))

    def handle_pi(self, data: str) -> None:
        self._say(data)

    def handle_decl(self, decl: str) -> None:
        self._say(decl)

    def unknown_decl(self, data: str) -> None:
        """Text of a picture that holds no markup (`<![CDATA[…]]>`)."""
        self._flow.append(data.removeprefix("CDATA["))

    def _part(self, tag: str) -> None:
        if tag not in INLINE:
            self._flow.append(BREAK if tag == "br" else APART)

    def _say(self, text: str) -> None:
        self._aside.append((text, self.getpos()[0]))

    def _line(self) -> str:
        return f"line {self.getpos()[0]}"

    def _request(self, targets: list[str]) -> None:
        self._document.references += [Reference("request", t, self._line()) for t in targets]

    def _references(self, tag: str, given: dict[str, str]) -> None:
        if href := given.get("href") or given.get("xlink:href"):
            says = tag in ("a", "area") or (
                tag == "link" and set(given.get("rel", "").lower().split()) <= _SAYING
            )
            kind: Literal["link", "request"] = "link" if says else "request"
            self._document.references.append(Reference(kind, href, self._line()))
        for name in _REQUESTS & given.keys():
            # `data` is an address on <object> alone; a form that is sent leaves the page, too.
            if name == "data" and tag != "object":
                continue
            values = given[name].split(",") if name.endswith("srcset") else [given[name]]
            self._request([v.split()[0] for v in values if v.strip()])
        for value in given.values():
            # A style, or what SVG takes from elsewhere (fill, mask, filter).
            if "url(" in value:
                self._request(CSS_URL.findall(value))
        if tag in ("set", "animate") and "href" in given.get("attributename", "").lower():
            # What a drawing puts in place of an address.
            self._request([given[n] for n in ("to", "from", "by", "values") if n in given])
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self._request(_REFRESH.findall(given.get("content", "")))

    def _unname(self, unnamed: bool) -> None:
        if unnamed:
            self._document.unnamed.append(self._line())

    def _name_picture(self, tag: str, given: dict[str, str]) -> None:
        hidden = given.get("aria-hidden") == "true" or given.get("role") in ("presentation", "none")
        named = bool(given.get("aria-label", "").strip() or given.get("aria-labelledby"))
        if tag == "img":
            # An empty alt says that the picture only decorates.
            self._unname(
                not (given.get("alt") == "" or given.get("alt", "").strip() or named or hidden)
            )
        elif tag in ("object", "embed", "iframe", "canvas"):
            self._unname(not (hidden or named or given.get("title")))
        elif tag == "svg" and self._picture:
            self._picture.depth += 1
        elif tag == "svg":
            self._picture = _Picture(named or hidden, start=len(self._flow))
        elif tag == "title" and self._picture and self._picture.depth == 1:
            self._titled = True


@dataclass
class _Picture:
    named: bool
    depth: int = 1
    start: int = 0  # where its text begins
