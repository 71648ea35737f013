"""No file asks another host for anything, nor does what its reader did not ask for.

The addresses in a page's tags and a style sheet's `url()` are looked at in `addresses`; here is
what they leave: texts in scripts, other ways in style sheets, elements that act by themselves,
and PDFs, which lead nowhere that their page does not lead.
"""

import re
import zlib
from collections.abc import Iterator, Mapping

from lpe_reports.publish.documents import Document
from lpe_reports.publish.findings import Fault
from lpe_reports.publish.kinds.plain import CSS_URL, unescaped

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
    r"[\"'`](?P<address>(?:https?:|wss?:|ftp:)?//[\w.\[-][^\"'`\s]*)[\"'`]"
    r"|(?P<bare>(?:https?|wss?|ftp)://[\w\[][^\"'`\s<>)\\]*)",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[\"'`]\s*\+\s*[\"'`]")
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script", re.DOTALL | re.IGNORECASE)
_CSS_ESCAPE = re.compile(r"\\([0-9A-Fa-f]{1,6})[ \t\n]?")
_IN_STYLE = re.compile(r"(?:https?:|ftp:)?//[\w\[][\w.-]*\.?\w", re.IGNORECASE)
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
_PDF_ACTION = re.compile(
    rb"/S\s*/(?:Launch|JavaScript|SubmitForm|ImportData|GoToR|GoToE|Rendition|RichMedia)\b|/JS\s*[(<\d]"
    rb"|/(?:EmbeddedFile|RichMediaContent)\b"
)
_STREAM = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
_PACKED = re.compile(rb"/ObjStm\b.*?stream\r?\n", re.DOTALL)
_MOST_UNPACKED = 16 * 1024 * 1024
_OWN_SCHEMES = ("mailto:", "tel:")


def hidden_requests(document: Document) -> Iterator[Fault]:
    """What makes a browser or a reader of PDFs ask another host, or act by itself."""
    if document.kind in (".js", ".mjs"):
        yield from _in_script(document, document.source, 0)
    elif document.kind == ".css":
        yield from _in_style(document, document.source, 0)
    elif document.kind in (".html", ".htm", ".svg"):
        yield from _in_page(document)
    elif document.kind == ".pdf":
        for part in _parts(document.content):
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
    return (match["address"] or match["bare"]).startswith(_NAMES)


def _in_style(document: Document, source: str, start: int) -> Iterator[Fault]:
    """Absolute addresses in a style sheet that stand in no plain `url()`."""
    written = CSS_URL.sub(lambda match: " " * len(match.group()), source)
    if found := list(_asked(written, source)):
        yield from [Fault(_RULE, document.line(start + at)) for at in found]
    elif "\\" in source:
        plain = _CSS_ESCAPE.sub(_character, source)
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


def _character(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return chr(number) if 31 < number < 0x110000 else " "


def _parts(content: bytes) -> Iterator[bytes]:
    """A PDF's objects as they are written, and those that are packed together."""
    # Whatever stands in packed bytes stands there by chance.
    yield _STREAM.sub(b"", content)
    for packed in _PACKED.finditer(content):
        try:
            yield zlib.decompressobj().decompress(content[packed.end() :], _MOST_UNPACKED)
        except zlib.error:
            # Not packed this way; the reader of PDFs tells when it is damaged.
            continue
