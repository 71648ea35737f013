"""What stands in what: a page's tags held against the standard's content models."""

from dataclasses import dataclass, field

from lpe_reports.publish.markup.elements import (
    CONTENT,
    DL_GROUP,
    NOT_INSIDE,
    RAW,
    REFERRING,
    SVG,
    UNREAD,
    VOID,
    Content,
)
from lpe_reports.publish.markup.tags import Tag, Token, UnusualError

_SPACE = " \t\n\r\f"
_ROOT = Content(frozenset({"html"}), once=frozenset({"html"}))


@dataclass(slots=True)
class _Open:
    """An element whose end has not come."""

    name: str
    content: Content
    foreign: bool = False
    seen: set[str] = field(default_factory=set)  # names of its children so far


class Nesting:
    """Follows a page's tags, and keeps what is wrong as words and the offset where it is."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, int]] = []
        self._open = [_Open("", _ROOT)]
        self._ids: dict[str, int] = {}
        self._named: list[tuple[str, int]] = []
        self._has: set[str] = set()

    def follow(self, token: Token) -> None:
        """Take the next tag.

        Raises:
            UnusualError: An end tag does not end what was begun last, or what follows is read
                by other rules.
        """
        tag, parent = token.tag, self._open[-1]
        if token.before and not parent.content.text and token.before.strip(_SPACE):
            self._fault(f"text straight in <{parent.name or 'html'}>", token.at)
        if tag.end:
            self._end(tag, token.at)
            return
        opened = self._begin(token, parent)
        empty = tag.closed if opened.foreign else tag.name in VOID
        if tag.closed and not empty:
            raise UnusualError
        if (token.raw is None) != (opened.foreign or tag.name not in RAW):
            raise UnusualError
        if token.raw is not None:
            self._inside(tag, token)
        elif not empty:
            self._open.append(opened)

    def finish(self) -> list[tuple[str, int]]:
        """All that is wrong, with what can be told at the end only."""
        wanted = {"charset": "no <meta charset>", "title": "no title", "html": "no <html>"}
        self.faults += [(words, 0) for name, words in wanted.items() if name not in self._has]
        self.faults += [("id that nothing has", at) for n, at in self._named if n not in self._ids]
        return self.faults

    def _begin(self, token: Token, parent: _Open) -> _Open:
        """An element in its place."""
        tag, name = token.tag, token.tag.name
        if not parent.foreign:
            opened = _Open(name, self._content(name, parent), foreign=name == "svg")
            self._place(name, parent, token.at)
        elif name in SVG.children:
            opened = _Open(name, SVG, foreign=True)
        else:
            # It may end the picture, or hold HTML.
            raise UnusualError
        for words in tag.svg_faults if opened.foreign else tag.faults:
            self._fault(words, token.at)
        if tag.noted:
            self._note(tag, token.at)
        if name in ("html", "meta"):
            self._in_head(tag, token.at)
        return opened

    def _content(self, name: str, parent: _Open) -> Content:
        if name in UNREAD:
            raise UnusualError
        if name == "div" and parent.name == "dl":
            return DL_GROUP
        own = CONTENT.get(name)
        if own is None:
            # A custom element has a hyphen in its name; none other is unknown to the standard.
            return Content(parent.content.children, text=True)
        if own.transparent:
            return Content(own.children | parent.content.children, text=parent.content.text)
        return own

    def _place(self, name: str, parent: _Open, at: int) -> None:
        """Whether an HTML element may stand where it does."""
        content = parent.content
        if name not in CONTENT:
            self._fault("element that the standard does not know", at)
        elif name not in content.children:
            self._fault(f"<{name}> straight in <{parent.name or 'page'}>", at)
        elif name in content.once and name in parent.seen:
            self._fault(f"second <{name}> in <{parent.name or 'page'}>", at)
        elif name in content.first and parent.seen:
            self._fault(f"<{name}> that is not first in <{parent.name}>", at)
        parent.seen.add(name)
        if name == "main":
            if "main" in self._has:
                self._fault("second <main>", at)
            self._has.add(name)
        if barred := NOT_INSIDE.get(name):
            above = {opened.name for opened in self._open}
            for outer in sorted(barred & above):
                self._fault(f"<{name}> within <{outer}>", at)

    def _end(self, tag: Tag, at: int) -> None:
        if self._open[-1].name != tag.name:
            raise UnusualError
        if not tag.name:
            return
        ended = self._open.pop()
        for name in sorted(ended.content.needed - ended.seen):
            self._fault(f"<{ended.name}> without <{name}>", at)

    def _inside(self, tag: Tag, token: Token) -> None:
        """The inside of a script, style, title or text area."""
        inside = token.raw or ""
        if tag.name == "title" and inside.strip(_SPACE):
            self._has.add("title")
        if tag.name == "style":
            self._fault("style in the page", token.at)
        kind = tag.get("type") or "text/javascript"
        if tag.name == "script" and inside.strip(_SPACE) and "json" not in kind:
            self._fault("script in the page", token.at)

    def _note(self, tag: Tag, at: int) -> None:
        """Keep an id, and the ids that an element names."""
        for name, value in tag.given:
            if name == "id":
                if value in self._ids:
                    self._fault("same id twice", at)
                self._ids[value] = at
            elif name in REFERRING:
                self._named += [(named, at) for named in value.split()]

    def _in_head(self, tag: Tag, at: int) -> None:
        if tag.name == "html":
            self._has.add("html")
            if not tag.get("lang"):
                self._fault("<html> without lang", at)
        elif (charset := tag.get("charset")) is not None:
            self._has.add("charset")
            if charset.lower() != "utf-8" or at > 1024:
                self._fault("charset that is not utf-8, or stands too late", at)

    def _fault(self, words: str, at: int) -> None:
        self.faults.append((words, at))
