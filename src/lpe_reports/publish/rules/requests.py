"""No file asks another host for anything, nor does what its reader did not ask for.

The addresses in a page's tags and a style sheet's `url()` are looked at in `addresses`; here is
what they leave: texts in scripts, other ways in style sheets, elements that act by themselves,
and PDFs, which lead nowhere that their page does not lead.
"""

import re
from collections.abc import Iterator, Mapping

from lpe_reports.publish.documents import Document
from lpe_reports.publish.findings import Fault
from lpe_reports.publish.kinds.pdf_parts import written_parts
from lpe_reports.publish.kinds.plain import CSS_URL, css_unescaped, unescaped

_RULE = "request to another host"
# Names of vocabularies and schemas look like addresses and are never asked for. Vega's own
# scripts name the last two in messages, and in a link that the site switches off.
_NAMES = (
    "http://www.w3.org/",
    "https://www.w3.org/",
    "https://vega.github.io/",
    "https://github.com/vega/",
)
_IN_SCRIPT = re.compile(
    r"[\"'`](?P<address>(?:(?:https?:|wss?:|ftp:)?//[\w.\[$-]|\\{4}[\w-]+\.\w)[^\"'`\s]*)[\"'`]"
    r"|(?P<bare>(?:https?|wss?|ftp)(?:://[\w\[$]|:/?(?:[\w-]+\.)+[a-z])[^\"'`\s<>)\\]*)"
    r"|[\"'`](?P<scheme>(?:https?|wss?):(?://)?)[\"'`]",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[\"'`]\s*\+\s*[\"'`]")
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script", re.DOTALL | re.IGNORECASE)
_IN_STYLE = re.compile(r"(?:https?:|ftp:)?//[\w\[][\w.-]*\.?\w|https?:/?[\w-]+\.\w", re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style", re.DOTALL | re.IGNORECASE)
# Elements and attributes that the site has no use for, and that fetch, move or replace the page.
_ACTING = re.compile(
    r"<base\b|<iframe\b|<frame\b|<portal\b|<fencedframe\b|<applet\b|<meta\b[^>]*\bhttp-equiv\s*=\s*"
    r"[\"']?(?:refresh|link|set-cookie)"
    r"|<script\b[^>]*\btype\s*=\s*[\"']?(?:importmap|speculationrules)"
    r"|<link\b[^>]*\brel\s*=\s*[\"']?[^\"'>]*\b(?:preconnect|dns-prefetch|prefetch|prerender|pingback)"
    r"|<(?:a|area)\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*?\sping\s*=",
    re.IGNORECASE,
)
# What a picture may do without them; a file of it is opened by itself, too.
_ACTING_PICTURE = re.compile(
    r"<!DOCTYPE\b|<!ENTITY\b|<\?xml-stylesheet\b|<(?:\w+:)?(?:script|foreignObject|iframe)\b|"
    r"<[\w:]+\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*?\son[a-z]+\s*=|"
    r"<(?:set|animate)\b[^>]*\battributeName\s*=\s*[\"']?(?:\w+:)?href",
    re.IGNORECASE,
)
# Formulas of a workbook that fetch, start or lead to something.
_FORMULA = re.compile(
    r"<f\b[^>]*>[^<]*?(?:\b(?:WEBSERVICE|IMAGE|HYPERLINK|RTD|CALL|REGISTER(?:\.ID)?|FILTERXML|SQL\.REQUEST|"
    r"STOCKHISTORY|CUBE\w+)\s*\(|\||\[\d+\]|https?:|\\\\)",
    re.IGNORECASE,
)
# Its parts that hold data of elsewhere, or where to get it.
_OUTSIDE_PART = re.compile(
    r"its part xl/(?:connections|queryTables/|externalLinks/|webextensions/|ctrlProps/|activeX/)"
)
_EXTERNAL = re.compile(r"<Relationship\b[^>]*\bTargetMode\s*=\s*[\"']External", re.IGNORECASE)
_PDF_ACTION = re.compile(
    rb"/OpenAction\b|/AA\s*<<|/S\s*/(?:Launch|JavaScript|SubmitForm|ImportData|GoToR|GoToE|Rendition|RichMedia)\b|/JS\s*[(<\d]"
    rb"|/(?:EmbeddedFile|RichMediaContent)\b"
)
_OWN_SCHEMES = ("mailto:", "tel:")


def hidden_requests(document: Document) -> Iterator[Fault]:
    """What makes a browser or a reader of PDFs ask another host, or act by itself."""
    if document.kind in (".js", ".mjs"):
        yield from _in_script(document, document.source, 0)
    elif document.kind == ".css":
        yield from _in_style(document, document.source, 0)
    elif document.kind in (".html", ".htm", ".svg"):
        yield from _in_page(document)
    elif document.kind == ".xlsx":
        yield from _in_workbook(document)
    elif document.kind == ".pdf":
        for part in written_parts(document.content):
            yield from [Fault("PDF that acts by itself")] * len(_PDF_ACTION.findall(part))


def links_of_the_pdf_alone(documents: Mapping[str, Document]) -> Iterator[tuple[str, Fault]]:
    """Addresses outside the site that a page's PDF leads to and the page does not.

    A PDF is passed on without its page: whoever gets it must be able to trust where it leads.
    """
    for name, document in documents.items():
        if document.kind != ".pdf":
            continue
        page = documents.get(f"{name.removesuffix('.pdf')}.html")
        led = {reference.target.rstrip("/") for reference in page.references} if page else set()
        for reference in document.references:
            target = reference.target.rstrip("/")
            if target not in led and not target.lower().startswith(_OWN_SCHEMES):
                yield name, Fault("link of a PDF that its page does not have", reference.place)


def _in_page(document: Document) -> Iterator[Fault]:
    source = document.source
    for match in _ACTING.finditer(source):
        yield Fault("element that acts by itself", document.line(match.start()))
    for match in _SCRIPT.finditer(source):
        yield from _in_script(document, match[2], match.start(2))
    for match in _STYLE.finditer(source):
        yield from _in_style(document, match[1], match.start(1))

    if document.kind == ".svg":
        for match in _ACTING_PICTURE.finditer(source):
            yield Fault("picture that acts by itself", document.line(match.start()))


def _in_workbook(document: Document) -> Iterator[Fault]:
    for part, markup in document.markup.items():
        if _OUTSIDE_PART.match(part):
            yield Fault("workbook that asks for data", part)
        for pattern in (_FORMULA, _EXTERNAL):
            yield from [Fault("workbook that leads outside", part)] * len(pattern.findall(markup))


def _in_script(document: Document, source: str, start: int) -> Iterator[Fault]:
    """Absolute addresses among the texts of a script, also where they are put together."""
    joined = _JOINED.sub("", unescaped(source))
    # Comments are looked at, too: what is one is not told from what only looks so. Places are
    # those of the script as it is written, where the address is written in one.
    for text, known in ((source, True), (joined, False)):
        found = [match for match in _IN_SCRIPT.finditer(text) if not _is_name(match)]
        for match in found:
            yield Fault(_RULE, document.line(start + match.start()) if known else "")
        if found:
            return


def _is_name(match: re.Match[str]) -> bool:
    return (match["address"] or match["bare"] or "").startswith(_NAMES)


def _in_style(document: Document, source: str, start: int) -> Iterator[Fault]:
    """Absolute addresses in a style sheet that stand in no plain `url()`."""
    written = CSS_URL.sub(lambda match: " " * len(match.group()), source)
    if found := list(_asked(written, source)):
        yield from [Fault(_RULE, document.line(start + at)) for at in found]
    elif "\\" in source:
        plain = css_unescaped(source)
        yield from [Fault(_RULE)] * len(list(_asked(plain, plain)))


def _asked(style: str, whole: str) -> Iterator[int]:
    """Where an address stands; `whole` is the style sheet with nothing left out."""
    for match in _IN_STYLE.finditer(style):
        if not _in_data(whole, match.start()):
            yield match.start()


def _in_data(text: str, at: int) -> bool:
    """Whether an address is a name in a picture that stands in the style sheet itself."""
    begun = text.rfind("data:", 0, at)
    if begun < 0 or not text.startswith(_NAMES, at):
        return False
    return ")" not in text[begun:at]
