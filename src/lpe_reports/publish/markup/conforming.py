"""Whether a page's HTML is as the standard wants it.

Nearly every page is read in one quick pass. A page that this pass cannot vouch for is given to a
whole parser, which tells what is wrong by the standard's own rules, or that nothing is.
"""

from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from lpe_reports.publish.markup.elements import RAW, SVG_NAMES, UNREAD, VOID
from lpe_reports.publish.markup.nesting import Nesting
from lpe_reports.publish.markup.tags import (
    Tag,
    Token,
    UnusualError,
    is_sound_text,
    make_tag,
    read_tags,
    without_plain_parts,
)

_POLICY = frozenset(
    {"script in an attribute", "style in an attribute", "script in the page", "style in the page"}
)
_SVG = "{http://www.w3.org/2000/svg"
_MOST_FAULTS = 200  # of one page


def page_faults(source: str) -> list[tuple[str, int]]:
    """What is wrong with a page: the rule that it breaks, and the line; 0 where none is known.

    Args:
        source: The page as it is written.
    """
    text = without_plain_parts(source)
    try:
        if not is_sound_text(source):
            raise UnusualError
        nesting = Nesting()
        for token in read_tags(text):
            nesting.follow(token)
        found = [(words, text.count("\n", 0, at) + 1) for words, at in nesting.finish()]
    except UnusualError:
        found = _parsed_faults(source)
    return [(_rule(words), line) for words, line in found[:_MOST_FAULTS]]


def _rule(words: str) -> str:
    if words in _POLICY:
        return f"{words}, which the site's security policy stops"
    return f"invalid HTML: {words}"


def _parsed_faults(source: str) -> list[tuple[str, int]]:
    """The same, told by a whole parser."""
    # Few pages need it, and it takes time to import.
    import html5lib

    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"))
    tree = parser.parse(source)
    found = [(code.replace("-", " "), place[0]) for place, code, _ in parser.errors]
    nesting = Nesting()
    for token in _walk(tree):
        nesting.follow(token)
    nesting.follow(Token(0, "", Tag("", end=True)))
    return found + [(words, 0) for words, _ in nesting.finish()]


def _walk(element: Element) -> Iterator[Token]:
    """The tags that a parsed element would have in the strict form."""
    namespace, _, name = str(element.tag).rpartition("}")
    svg = namespace == _SVG
    name = name.lower()
    if name in UNREAD or (svg and name not in SVG_NAMES):
        return
    given = {key.rpartition("}")[2].lower(): value for key, value in element.attrib.items()}
    tag = replace(make_tag(name, given), closed=False) if svg else make_tag(name, given)
    text = element.text or ""
    if name in RAW and not svg:
        yield Token(0, "", tag, raw=text)
        return
    yield Token(0, "", tag)
    for child in element:
        # A comment's tag is a function.
        if isinstance(child.tag, str):
            for number, token in enumerate(_walk(child)):
                yield replace(token, before=text + token.before) if number == 0 else token
                text = "" if number == 0 else text
        text += child.tail or ""
    if name not in VOID or svg:
        yield Token(0, text, Tag(name, end=True))
