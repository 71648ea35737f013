"""The site's look for an author's editor: its own stylesheet, held to what a page's calls show.

JupyterLab, VS Code and Jupyter's classic view show an output inside a document of their own, whose
rules must neither be changed nor win. So each rule of the site's stylesheet that a block can meet
stands inside one for the output, and weighs more than any of an editor's. It stands in every
output, for editors take what is out of sight out of their document.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import lpe_reports

OUTPUT_CLASS = "lpe-output"

# Read as a file, and no part of rendering is imported: what is changed there is changed here.
_STYLESHEET = Path(lpe_reports.__file__).parent / "render" / "assets" / "site.css"

# An id that is nowhere weighs more than the classes that editors style tables and links by.
_OUTPUT = f":is(.{OUTPUT_CLASS}, #{OUTPUT_CLASS}-nowhere)"
_DARK_EDITORS = (
    '[data-jp-theme-light="false"]',
    ".vscode-dark",
    ".vscode-high-contrast:not(.vscode-high-contrast-light)",
)
_DARK = "prefers-color-scheme: dark"

# What `markup.html` writes; a rule about anything else is for the page around it.
_CLASSES = {
    "bad", "chart", "comment", "d", "data", "flag", "good", "grid", "hidden", "key", "keys", "lead",
    "long", "n", "note", "now", "over", "pair", "plain", "scroll", "short", "source", "tag", "text",
    "three", "total", "two", "under", "urval", "when", "words",
}  # fmt: skip
_FRAME = re.compile(r"(?<![\w.#-])(main|body|section|select|input|math|pre|button)(?![\w-])|#|\[")
_CLASS = re.compile(r"\.([a-z][\w-]*)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)

# What an editor says of the same elements and the site, whose page has nothing of it, does not.
_AGAINST_EDITORS = """
& { padding: .7rem .9rem; border-radius: 6px; overflow-wrap: break-word; }
& :is(table, tr, th, td, figure, p, dl, dd, dt, blockquote) { border: 0; background: none; }
& table { margin: 0; table-layout: auto; line-height: 1.5; color: inherit; }
& :is(p, dl, dd, dt) { padding: 0; font-size: inherit; line-height: inherit; color: inherit; }
& dl.keys { display: grid; }
& :is(.key dt, .key dd) { display: block; float: none; width: auto; font-weight: 400; }
"""
# Where the site's font is not, a chart's texts are wider than the room that they were given.
_LAST = """
& > :last-child, & > :last-child > figure { margin-bottom: 0; }
& figure svg { overflow: visible; }
"""


@cache
def style_element() -> str:
    """A `<style>` with which an output looks as on the site, in light and dark editors."""
    css = _COMMENT.sub("", _STYLESHEET.read_text(encoding="utf-8"))
    # Whether it is dark is the editor's matter, whatever the machine's own setting.
    rules = "\n".join(_fitting(css.replace("color-scheme: light dark", "color-scheme: light")))
    return (
        f"<style>\n{_OUTPUT} {{\n{_AGAINST_EDITORS.strip()}\n{rules}\n{_LAST.strip()}\n}}\n</style>"
    )


def _fitting(css: str) -> Iterator[str]:
    """The rules that a block can meet, as they stand inside the output's own."""
    for prelude, body in _rules(css):
        if prelude.startswith("@media") and _DARK in prelude:
            dark = ", ".join(f"{editor} &" for editor in _DARK_EDITORS)
            yield from (f"{dark} {{{inside}  color-scheme: dark;}}" for _, inside in _rules(body))
        elif prelude.startswith(("@media", "@supports")):
            inside = " ".join(_fitting(body))
            # An output has no phone's width, and nobody prints it.
            if inside and not any(word in prelude for word in ("print", "max-width")):
                yield f"{prelude} {{ {inside} }}"
        elif not prelude.startswith("@"):
            chosen = [_inside(each) for each in _selectors(prelude) if _is_for_blocks(each)]
            if chosen:
                yield f"{', '.join(chosen)} {{{body}}}"


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """What stands before and between each outermost pair of braces."""
    start = depth = opened = 0
    for place, sign in enumerate(css):
        if sign == "{":
            depth += 1
            if depth == 1:
                opened = place
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield css[start:opened].strip(), css[opened + 1 : place]
                start = place + 1


def _selectors(prelude: str) -> Iterator[str]:
    """The selectors of a list, which may hold commas in brackets of their own."""
    depth = start = 0
    for place, sign in enumerate(f"{prelude},"):
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            yield prelude[start:place].strip()
            start = place + 1


def _is_for_blocks(selector: str) -> bool:
    return not _FRAME.search(selector) and set(_CLASS.findall(selector)) <= _CLASSES


def _inside(selector: str) -> str:
    return "&" if selector in (":root", "html") else f"& {selector}"
