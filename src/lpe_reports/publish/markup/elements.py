"""The standard's elements: what may stand in each of them.

Source: WHATWG HTML, "Elements in HTML" and the content models of its sections 4.1 to 4.12.
Elements and attributes that the standard calls obsolete are not here, and so unknown.
"""

from dataclasses import dataclass


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


HEADINGS = _names("h1 h2 h3 h4 h5 h6")
SCRIPTS = _names("script template")
PHRASING = SCRIPTS | _names(
    "a abbr area audio b bdi bdo br button canvas cite code data datalist del dfn em embed i "
    "iframe img input ins kbd label map mark math meter noscript object output picture progress "
    "q ruby s samp select slot small span strong sub sup svg textarea time u var video wbr"
)
FLOW = (
    PHRASING
    | HEADINGS
    | _names(
        "address article aside blockquote details dialog div dl fieldset figure footer form "
        "header hgroup hr main menu nav ol p pre search section table ul"
    )
)
VOID = _names("area base br col embed hr img input link meta source track wbr")
# Their insides are no markup.
RAW = _names("script style title textarea")


@dataclass(frozen=True)
class Content:
    """What an element may hold."""

    children: frozenset[str]
    text: bool = False
    transparent: bool = False  # what its parent may hold
    first: frozenset[str] = frozenset()  # of its children, those that only begin it
    once: frozenset[str] = frozenset()  # of its children, those that it has once at most
    needed: frozenset[str] = frozenset()  # of its children, those that it must have


_NOTHING = Content(frozenset())
_TEXT = Content(frozenset(), text=True)
_PHRASES = Content(PHRASING, text=True)
_FLOWS = Content(FLOW, text=True)
_TRANSPARENT = Content(frozenset(), transparent=True)
_ITEMS = Content(SCRIPTS | {"li"})
_ROWS = Content(SCRIPTS | {"tr"})
_TABLE = _names("caption colgroup thead tbody tfoot tr")

_SVG_CHILDREN = _names(
    "a animate animatemotion animatetransform circle clippath defs ellipse feblend fecolormatrix "
    "fecomponenttransfer fecomposite feconvolvematrix fediffuselighting fedisplacementmap "
    "fedistantlight fedropshadow feflood fefunca fefuncb fefuncg fefuncr fegaussianblur feimage "
    "femerge femergenode femorphology feoffset fepointlight fespecularlighting fespotlight fetile "
    "feturbulence filter g image line lineargradient marker mask metadata mpath path pattern "
    "polygon polyline radialgradient rect set stop svg switch symbol text textpath title tspan "
    "use view"
)
SVG_NAMES = _SVG_CHILDREN | {"svg"}
SVG = Content(_SVG_CHILDREN, text=True)

CONTENT: dict[str, Content] = {
    **dict.fromkeys(VOID | {"iframe", "template"}, _NOTHING),
    **dict.fromkeys(RAW, _TEXT),
    **dict.fromkeys(
        _names(
            "abbr b bdi bdo button cite code data dfn em i kbd label mark meter output p pre "
            "progress q s samp small span strong sub sup time u var"
        )
        | HEADINGS,
        _PHRASES,
    ),
    **dict.fromkeys(
        _names(
            "address article aside blockquote body caption dd dialog div dt figcaption footer "
            "form header li main nav search section td th"
        ),
        _FLOWS,
    ),
    **dict.fromkeys(_names("a canvas del ins map slot"), _TRANSPARENT),
    **dict.fromkeys(_names("ol ul menu"), _ITEMS),
    **dict.fromkeys(_names("thead tbody tfoot"), _ROWS),
    "html": Content(
        _names("head body"),
        first=_names("head"),
        once=_names("head body"),
        needed=_names("head body"),
    ),
    "head": Content(
        _names("base link meta noscript script style template title"), once=_names("base title")
    ),
    "dl": Content(SCRIPTS | {"dt", "dd", "div"}),
    "table": Content(SCRIPTS | _TABLE, first=_names("caption"), once=_names("caption thead tfoot")),
    "colgroup": Content(_names("col template")),
    "tr": Content(SCRIPTS | {"td", "th"}),
    "details": Content(
        FLOW | {"summary"},
        text=True,
        first=_names("summary"),
        once=_names("summary"),
        needed=_names("summary"),
    ),
    "summary": Content(PHRASING | HEADINGS, text=True),
    "legend": Content(PHRASING | HEADINGS, text=True),
    "fieldset": Content(
        FLOW | {"legend"}, text=True, first=_names("legend"), once=_names("legend")
    ),
    "figure": Content(FLOW | {"figcaption"}, text=True, once=_names("figcaption")),
    "hgroup": Content(SCRIPTS | HEADINGS | {"p"}),
    "select": Content(SCRIPTS | {"option", "optgroup", "hr"}),
    "optgroup": Content(SCRIPTS | {"option"}),
    "option": _TEXT,
    "datalist": Content(PHRASING | {"option"}, text=True),
    "ruby": Content(PHRASING | {"rt", "rp"}, text=True),
    "rt": _PHRASES,
    "rp": _TEXT,
    "picture": Content(SCRIPTS | {"source", "img"}, needed=_names("img")),
    "audio": Content(_names("source track"), transparent=True),
    "video": Content(_names("source track"), transparent=True),
    "object": _TRANSPARENT,
    "svg": SVG,
}
SVG_ONLY = SVG_NAMES - (CONTENT.keys() - {"svg"})
# A group of a list of descriptions may be held together.
DL_GROUP = Content(SCRIPTS | {"dt", "dd"})
# Where elements of these may not stand, however deep.
_INTERACTIVE = dict.fromkeys(
    _names("a button details embed iframe input label select textarea"), _names("a button")
)
_IN_HEADS = _names("address dt th")
NOT_INSIDE: dict[str, frozenset[str]] = {
    **_INTERACTIVE,
    **dict.fromkeys(HEADINGS | _names("article aside hgroup nav section"), _IN_HEADS),
    **dict.fromkeys(_names("header footer"), _IN_HEADS | {"header", "footer"}),
    "label": _names("a button label"),
    "main": _names("article aside blockquote dd footer header li main nav p section td th"),
    "form": _names("form"),
    "table": _names("caption"),
    "address": _names("address"),
    "dfn": _names("dfn"),
    "meter": _names("meter"),
    "progress": _names("progress"),
}
# Their insides follow other rules, which only a whole parser knows.
UNREAD = _names("math noscript template")
# Attributes by which an element names others, which must then be there.
REFERRING = _names(
    "for form list headers aria-activedescendant aria-controls aria-describedby aria-details "
    "aria-errormessage aria-flowto aria-labelledby aria-owns popovertarget"
)
