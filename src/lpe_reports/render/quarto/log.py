"""What Quarto's log says: which page it was at, what it warned of, why it stopped.

Warnings change no exit code, and the reason of a stop stands nowhere else. What Quarto quotes of
a document does not pass: it could be anything that an author or a notebook wrote.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

_PAGE = re.compile(r"\[\d+/\d+\] (?P<page>.+)\.qmd$")
_WARNING = re.compile(r"(?:\[WARNING\]|WARN(?:ING)?:?)(?: \([^)]*:\d+\))? +(?P<words>\S.*)$")
_OURS = "lpe: "
_FAILURE = re.compile(r"(?:ERROR|FATAL|Error|error)(?::| (?=running|reading|at)) *(?P<words>\S.*)$")
_IN_PAGE = re.compile(r"In file (?P<page>\S+)\.qmd")
_FILTER = re.compile(r"running filter \S+:$")
# A file of Quarto's, of the scratch project or of the machine.
_PATH = re.compile(r"(?:\.{0,2}/|[A-Z]:\\)[^\s:'\"]*[/\\]([^\s:/\\'\"]+)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'|`[^`]*`|“[^”]*”")
# What a tool calls one of its own things; a name or a number of a person's looks otherwise.
_WORD = re.compile(r"[a-z][a-z-]{0,30}")
# Of the text that Pandoc is given, which differs from what the author wrote, in each format.
_LINE = re.compile(r" at line \d+ column \d+")
_VALUE = re.compile(r"(?<=has value ).*?(?=, which)")
_LONGEST = 160


@dataclass
class Told:
    """What a log says.

    Fields:
        warnings: By address; by the empty address what is of no page.
        page: The page that it was at, or stopped at; empty when it names none.
        reason: Why it stopped; empty when it says nothing.
    """

    warnings: dict[str, list[str]] = field(default_factory=dict)
    page: str = ""
    reason: str = ""


def read_log(log: str, addresses: Collection[str]) -> Told:
    """Read a log.

    Args:
        log: What Quarto wrote, without colours.
        addresses: The pages of the run; of a single one Quarto does not say where it is.
    """
    told = Told(page=next(iter(addresses)) if len(addresses) == 1 else "")
    lines = log.splitlines()
    for number, line in enumerate(lines):
        if (match := _PAGE.match(line)) and match["page"] in addresses:
            told.page = match["page"]
        elif match := _WARNING.match(line):
            _warn(told, match["words"])
        elif match := _FAILURE.match(line):
            words = match["words"]
            place = _IN_PAGE.match(words)
            if place and place["page"] in addresses:
                told.page = place["page"]
            following = lines[number + 1] if number + 1 < len(lines) else ""
            if _FILTER.search(words):
                words = f"{_without_text(words)} {following.strip()}"
            if not told.reason and not place:
                told.reason = _without_text(words)
    return told


def _warn(told: Told, words: str) -> None:
    known = told.warnings.setdefault(told.page, [])
    # Those of our own filter hold no text of a document; each format tells the same.
    said = (
        words.removeprefix(_OURS) if words.startswith(_OURS) else f"Quarto: {_without_text(words)}"
    )
    if said not in known:
        known.append(said)


def _without_text(words: str) -> str:
    """A message without paths of the machine and without what it quotes of a document."""
    named = _PATH.sub(r"\1", _LINE.sub("", words))
    elided = _VALUE.sub("…", _QUOTED.sub(_kept_word, named))
    return elided if len(elided) <= _LONGEST else elided[: _LONGEST - 1] + "…"


def _kept_word(match: re.Match[str]) -> str:
    return match[0] if _WORD.fullmatch(match[0][1:-1]) else "…"
