"""What an author writes in a notebook's cells: Markdown, and code that is to be shown.

Quarto runs what stands in a document (`{mermaid}` blocks, `{{< shortcodes >}}`, a second block of
metadata), so that what reaches a renderer is harmless already, whichever renderer it is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})(.*)$")
_EXECUTABLE = re.compile(r"\{\s*([A-Za-z][\w-]*)(?:[\s,].*)?\}\s*$")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_SHORTCODE = re.compile(r"\{\{<\s*/?\s*([\w-]*)")
_DIV_BEGINS = re.compile(r"[ >]*:{3,}\s*(?:\{.*\}|[\w-]+)\s*:*\s*$")
_DIV_ENDS = re.compile(r"[ >]*:{3,}\s*$")
_OPTION = re.compile(r"#\|\s*([\w-]+)\s*:\s*(.*?)\s*$")
_BACKTICKS = re.compile(r"`{3,}")
_PICTURE = re.compile(
    r"""
    !\[ (?: [^\[\]\\] | \\. | \[[^\[\]]*\] )* \]                    # the caption
    \( \s* (?P<target> <[^<>\n]*> | [^\s()<>]+ (?:\([^\s()]*\)[^\s()]*)* )
    (?: \s+ (?: "[^"]*" | '[^']*' ) )? \s* \)
    (?P<attributes> \{ (?: [^{}"] | "(?:[^"\\]|\\.)*" )* \} )?
    """,
    re.VERBOSE | re.DOTALL,
)
_ALT = re.compile(r"""\b(?:fig-alt|alt)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s}"']+))""")
HEADING = re.compile(r"^(#{1,6})\s+(.*\S)", re.MULTILINE)
# Cell options that are honoured; Quarto knows many more.
ECHO, FOLD, SUMMARY = "echo", "code-fold", "code-summary"
_SHOW = "Visa kod"


class Prose(str):
    """Markdown as its author wrote it, in which cell."""

    cell: int

    def __new__(cls, text: str, cell: int) -> "Prose":
        made = super().__new__(cls, text)
        made.cell = cell
        return made

    def __reduce__(self) -> tuple[type["Prose"], tuple[str, int]]:
        return type(self), (str(self), self.cell)

    def headings(self) -> list[re.Match[str]]:
        """Its headings, in order."""
        return list(HEADING.finditer(self))


class ShownCode(Prose):
    """A code cell's source that its author wants shown; a comment in it is no heading."""

    def headings(self) -> list[re.Match[str]]:
        return []


@dataclass(frozen=True)
class Picture:
    """A picture that prose names.

    Fields:
        target: What it names: a path, an address, `attachment:…`.
        start: Where the target begins in the text.
        alt: Its words for those who do not see it; empty where there are none.
    """

    target: str
    start: int
    alt: str

    @property
    def end(self) -> int:
        return self.start + len(self.target)


@dataclass(frozen=True)
class _Line:
    """A line of Markdown.

    Fields:
        text: The line.
        fence: The marks of the fence that it is in, opens or closes; empty outside code.
        open: The marks of the fence that is open after it.
        opens: What a fence that it opens says after its marks (`{mermaid}`).
    """

    text: str
    fence: str = ""
    open: str = ""
    opens: str = ""


def _lines(text: str) -> Iterator[_Line]:
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if fence:
            ends = found and found[1].startswith(fence) and not found[2].strip()
            yield _Line(line, fence, "" if ends else fence)
            fence = "" if ends else fence
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            fence = found[1]
            yield _Line(line, fence, fence, found[2].strip())
        else:
            yield _Line(line)


def _without_code(text: str) -> str:
    """The text with blanks for all code, each sign at its place."""
    kept = "\n".join(" " * len(line.text) if line.fence else line.text for line in _lines(text))
    return _CODE_SPAN.sub(lambda span: re.sub(r"[^\n]", " ", span[0]), kept)


def pictures(text: str) -> list[Picture]:
    """The pictures that a text of Markdown names, in order; those in code are none."""
    found = []
    for match in _PICTURE.finditer(_without_code(text)):
        start, target = match.start("target"), match["target"]
        if target.startswith("<"):
            start, target = start + 1, target[1:-1]
        alt = _ALT.search(match["attributes"] or "")
        words = next((group for group in alt.groups() if group is not None), "") if alt else ""
        found.append(Picture(target, start, words.strip()))
    return found


def shortcodes(text: str) -> list[str]:
    """The names of the shortcodes in a text; in code, too, where Quarto runs them as well."""
    return list(dict.fromkeys(match[1] or "?" for match in _SHORTCODE.finditer(text)))


def harmless(text: str) -> str:
    """Prose in which no renderer finds anything to run, and no second block of metadata."""
    made, before, fence = [], "", ""
    for line in _lines(text):
        written = line.text
        executable = _EXECUTABLE.match(line.opens)
        if executable:
            marks = written[: written.index(line.opens)].rstrip()
            written = f'{marks} {{.leftout leftout="{executable[1]}"}}'
        elif not line.fence and written.strip() == "---" and not before.strip():
            written = "* * *"
        made.append(written)
        before, fence = line.text, line.open
    if fence:
        # It would swallow the rest of the page.
        made.append(fence)
    return "\n".join(made)


def div_faults(written: Iterable[Prose]) -> list[tuple[int, str]]:
    """The cells in which a `:::` begins something that no later one ends."""
    open_in: list[int] = []
    for prose in written:
        for line in _lines(prose):
            if line.fence:
                continue
            if _DIV_BEGINS.match(line.text):
                open_in.append(prose.cell)
            elif open_in and _DIV_ENDS.match(line.text):
                open_in.pop()
    return [(cell, "a block that begins with ::: is not ended") for cell in open_in]


def cell_options(source: str) -> dict[str, str]:
    """The options at the top of a code cell (`#| echo: true`), as they are written."""
    options = {}
    for line in source.split("\n"):
        found = _OPTION.match(line)
        if not found:
            break
        options[found[1]] = found[2]
    return options


def shown_code(source: str, cell: int) -> ShownCode | None:
    """A code cell's source as Markdown, where its options ask for it; never what it gives."""
    options = cell_options(source)
    if options.get(ECHO) not in ("true", "fenced"):
        return None
    code = "\n".join(source.split("\n")[len(options) :]).strip("\n")
    longest = max((len(run) for run in _BACKTICKS.findall(code)), default=2)
    fence = "`" * (longest + 1)
    fold = ""
    if options.get(FOLD) == "true":
        said = re.sub(r'["\\{}<>]', "", options.get(SUMMARY, "").strip("'\"")) or _SHOW
        fold = f' fold="{said}"'
    return ShownCode(f"{fence}{{.python{fold}}}\n{code}\n{fence}\n", cell)
