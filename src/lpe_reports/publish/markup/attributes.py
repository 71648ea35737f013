"""The standard's attributes: which an element may have, and which values.

Source: WHATWG HTML, "Attributes"; WAI-ARIA 1.2. Attributes within SVG are not looked at but for
what holds for all elements: Vega and Typst write them, and browsers pass over unknown ones.
"""

import re
from collections.abc import Mapping


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GLOBAL = _names(
    "accesskey autocapitalize autofocus class contenteditable dir draggable enterkeyhint hidden "
    "id inert inputmode itemid itemprop itemref itemscope itemtype lang nonce popover role slot "
    "spellcheck tabindex title translate"
)
_FETCHED = "crossorigin fetchpriority referrerpolicy"
_SENT = "formaction formenctype formmethod formnovalidate formtarget"
_OWN = {
    "a": _names("download href hreflang ping referrerpolicy rel target type"),
    "area": _names("alt coords download href ping referrerpolicy rel shape target"),
    "audio": _names("autoplay controls crossorigin loop muted preload src"),
    "base": _names("href target"),
    "blockquote": _names("cite"),
    "button": _names(
        "command commandfor disabled form name popovertarget popovertargetaction type value "
        f"{_SENT}"
    ),
    "canvas": _names("height width"),
    "col": _names("span"),
    "colgroup": _names("span"),
    "data": _names("value"),
    "del": _names("cite datetime"),
    "details": _names("name open"),
    "dialog": _names("closedby open"),
    "embed": _names("height src type width"),
    "fieldset": _names("disabled form name"),
    "form": _names("accept-charset action autocomplete enctype method name novalidate rel target"),
    "html": _names("data-root"),
    "iframe": _names(
        "allow allowfullscreen height loading name referrerpolicy sandbox src srcdoc width"
    ),
    "img": _names(f"alt decoding height ismap loading sizes src srcset usemap width {_FETCHED}"),
    "input": _names(
        "accept alt autocomplete checked dirname disabled form height list max maxlength min "
        "minlength multiple name pattern placeholder popovertarget popovertargetaction readonly "
        f"required size src step type value width {_SENT}"
    ),
    "ins": _names("cite datetime"),
    "label": _names("for"),
    "li": _names("value"),
    "link": _names(
        "as blocking color disabled href hreflang imagesizes imagesrcset integrity media rel "
        f"sizes type {_FETCHED}"
    ),
    "map": _names("name"),
    "meta": _names("charset content http-equiv media name"),
    "meter": _names("high low max min optimum value"),
    "object": _names("data form height name type width"),
    "ol": _names("reversed start type"),
    "optgroup": _names("disabled label"),
    "option": _names("disabled label selected value"),
    "output": _names("for form name"),
    "progress": _names("max value"),
    "q": _names("cite"),
    "script": _names(f"async blocking defer integrity nomodule src type {_FETCHED}"),
    "select": _names("autocomplete disabled form multiple name required size"),
    "slot": _names("name"),
    "source": _names("height media sizes src srcset type width"),
    "style": _names("blocking media"),
    "td": _names("colspan headers rowspan"),
    "template": _names("shadowrootmode"),
    "textarea": _names(
        "autocomplete cols dirname disabled form maxlength minlength name placeholder readonly "
        "required rows wrap"
    ),
    "th": _names("abbr colspan headers rowspan scope"),
    "time": _names("datetime"),
    "track": _names("default kind label src srclang"),
    "video": _names(
        "autoplay controls crossorigin height loop muted playsinline poster preload src width"
    ),
}
_REQUIRED = {
    "bdo": ("dir",),
    "data": ("value",),
    "img": ("src",),
    "link": ("rel", "href"),
    "map": ("name",),
    "meter": ("value",),
    "object": ("data",),
    "optgroup": ("label",),
}
_BOOLEAN = _names(
    "allowfullscreen async autofocus autoplay checked controls default defer disabled "
    "formnovalidate inert ismap itemscope loop multiple muted nomodule novalidate open "
    "playsinline readonly required reversed selected"
)
_ARIA = _names(
    "activedescendant atomic autocomplete braillelabel brailleroledescription busy checked "
    "colcount colindex colindextext colspan controls current describedby description details "
    "disabled errormessage expanded flowto haspopup hidden invalid keyshortcuts label labelledby "
    "level live modal multiline multiselectable orientation owns placeholder posinset pressed "
    "readonly relevant required roledescription rowcount rowindex rowindextext rowspan selected "
    "setsize sort valuemax valuemin valuenow valuetext"
)
_ROLES = _names(
    "alert alertdialog application article banner blockquote button caption cell checkbox code "
    "columnheader combobox complementary contentinfo definition deletion dialog directory "
    "document emphasis feed figure form generic graphics-document graphics-object "
    "graphics-symbol grid gridcell group heading img image insertion link list listbox listitem "
    "log main mark marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter "
    "navigation none note option paragraph presentation progressbar radio radiogroup region row "
    "rowgroup rowheader scrollbar search searchbox separator slider spinbutton status strong "
    "subscript suggestion superscript switch tab table tablist tabpanel term textbox time timer "
    "toolbar tooltip tree treegrid treeitem"
)
# Footnotes and their kin, as Pandoc writes them (WAI-ARIA DPUB).
_BOOK_ROLES = _names(
    "abstract acknowledgments afterword appendix backlink biblioentry bibliography biblioref "
    "chapter colophon conclusion cover credit credits dedication endnote endnotes epigraph "
    "epilogue errata example footnote foreword glossary glossref index introduction noteref "
    "notice pagebreak pagelist part preface prologue pullquote qna subtitle tip toc"
)
_BOOL = re.compile(r"true|false")
_WHOLE = re.compile(r"[0-9]+")
_VALUES: dict[str, re.Pattern[str]] = {
    "aria-busy": _BOOL,
    "aria-current": re.compile(r"page|step|location|date|time|true|false"),
    "aria-disabled": _BOOL,
    "aria-expanded": re.compile(r"true|false|undefined"),
    "aria-hidden": re.compile(r"true|false|undefined"),
    "aria-live": re.compile(r"off|polite|assertive"),
    "aria-modal": _BOOL,
    "aria-pressed": re.compile(r"true|false|mixed|undefined"),
    "aria-sort": re.compile(r"ascending|descending|none|other"),
    "colspan": re.compile(r"[1-9][0-9]{0,2}"),
    "dir": re.compile(r"ltr|rtl|auto"),
    "height": _WHOLE,
    "href": re.compile(r"[^\s<>\"`{}|\\^]*"),
    "id": re.compile(r"\S+"),
    "lang": re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"),
    "rowspan": re.compile(r"[0-9]{1,5}"),
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
    "span": re.compile(r"[1-9][0-9]{0,3}"),
    "src": re.compile(r"[^\s<>\"`{}|\\^]+"),
    "start": re.compile(r"-?[0-9]+"),
    "tabindex": re.compile(r"-?[0-9]+"),
    "width": _WHOLE,
}
# Attributes that hold for every element, in SVG too.
_EVERYWHERE = _names("id lang tabindex")


def attribute_faults(name: str, given: Mapping[str, str], *, foreign: bool) -> tuple[str, ...]:
    """What is wrong with an element's attributes, in words that hold none of their values.

    Args:
        name: The element, in lower case.
        given: Its attributes, names in lower case.
        foreign: Whether it stands in SVG.
    """
    faults = [f for n, value in given.items() for f in _faults(name, n, value, foreign)]
    faults += [
        f"<{name}> without {required}"
        for required in _REQUIRED.get(name, ())
        if not foreign and not given.get(required, "").strip()
    ]
    return tuple(faults)


def _faults(element: str, name: str, value: str, foreign: bool) -> list[str]:
    if name.startswith("on"):
        return ["script in an attribute"]
    if name == "style":
        return ["style in an attribute"]
    if name.startswith("aria-"):
        if name[5:] not in _ARIA:
            return ["unknown aria attribute"]
    elif name == "role":
        return [] if value and all(map(_is_role, value.split())) else ["unknown role"]
    elif foreign:
        if name not in _EVERYWHERE:
            return []
    elif not (name in _GLOBAL or name in _OWN.get(element, ()) or name.startswith("data-")):
        return ["attribute that the element may not have"]
    if name in _BOOLEAN and value.lower() not in ("", name):
        return [f"value that {name} may not have"]
    pattern = _VALUES.get(name)
    if pattern and not pattern.fullmatch(value.strip() if name in ("href", "src") else value):
        return [f"value that {name} may not have"]
    return []


def _is_role(role: str) -> bool:
    return role in _ROLES or (role.startswith("doc-") and role[4:] in _BOOK_ROLES)
