"""Every command that a document tells a reader to give."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from read_docs import Piece, blocks, spans

# A block with one of these is commands and nothing else.
SHELLS = {"sh", "bash", "shell", "console", "powershell", "pwsh", "bat", "cmd"}
# A line of another block, or words in code, are a command where they begin with one of these.
PROGRAMS = {
    "createdb", "crontab", "dask", "git", "git-nbdiffdriver", "jupyter", "lpe", "make",
    "nbdiff", "nbdiff-web", "nbdime", "papermill", "pip", "pre-commit", "psql", "py", "pytest",
    "python", "python3",
    "quarto", "robocopy", "rsync", "ruff", "schtasks", "ssh", "systemctl", "tar", "uv",
}  # fmt: skip
# What sets the stage for a command and is none itself.
SETTINGS = re.compile(
    r"^(?:source\s|export\s+\w+=|\$env:\w+\s*=|set\s+\w+=|cd\s|Set-Location\s|cat\s*<<)"
)

_PROMPT = re.compile(r"^(?:\$|PS [^>]*>|PS>|>)\s+")
_ENVIRONMENT = re.compile(r"^(?:\w+=(?:\"[^\"]*\"|'[^']*'|\S+)\s+)+(?=\S)")
_FOLDER = re.compile(r"^(?:\.{0,2}[\w./\\~:-]*[/\\])?(?:bin|Scripts)[/\\]")
_SAID_AFTER = re.compile(r"\s{2,}\S.*$|\s+#\s.*$")
_PARTS = re.compile(r"\s*(?:&&|\|\||[|;])\s+")


@dataclass(frozen=True)
class Command:
    """One command as it is written.

    Fields:
        place: Document and line.
        text: The command, without prompt and folder of its program.
        block: Whether it stands in a block, to be given as it is.
    """

    place: str
    text: str
    block: bool

    @property
    def words(self) -> tuple[str, ...]:
        """Its words; brackets around what may be left out are taken away."""
        text = self.text.replace("\\", "/") if not self.block else self.text
        try:
            found = shlex.split(text, comments=True)
        except ValueError:
            found = text.split()
        if not self.block:
            found = [word.strip("[]") for word in found]
        return tuple(word for word in found if word)

    @property
    def options(self) -> frozenset[str]:
        """The names of its options."""
        return frozenset(
            word.split("=")[0] for word in self.words if re.match(r"-{1,2}[A-Za-z]", word)
        )

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """What tells it from others: program, what it is to do, and its options."""
        program, *rest = self.words
        if program in (
            "lpe",
            "make",
            "git",
            "dask",
            "quarto",
            "pre-commit",
            "jupyter",
            "git-nbdiffdriver",
        ):
            doing = next((word for word in rest if not word.startswith("-")), "")
            return f"{program} {doing}".strip(), self.options
        if program in ("python", "python3", "py") and "-m" in rest[:-1]:
            return f"python -m {rest[rest.index('-m') + 1]}", self.options - {"-m"}
        return program, self.options


def commands(path: Path) -> list[Command]:
    """All of a document, in its order."""
    return [*(c for block in blocks(path) for c in of_block(block)), *_of_sentences(path)]


def of_block(block: Piece) -> Iterator[Command]:
    """The commands of a block, a line each (a line that goes on in the next is one)."""
    shell = block.language in SHELLS
    if not shell and block.language not in ("indented", "text"):
        return
    number = block.line - 1
    going_on, begun = "", 0
    for line in block.text.split("\n"):
        number += 1
        begun = begun if going_on else number
        whole = f"{going_on} {line.strip()}".strip()
        if line.rstrip().endswith(("\\", "`")):
            going_on = whole.rstrip("\\`").strip()
            continue
        going_on = ""
        for part in _parts(whole):
            if (shell and not SETTINGS.match(part)) or _program(part) in PROGRAMS:
                place = f"{block.file}:{begun}"
                yield Command(place, part, block=True)


def _of_sentences(path: Path) -> Iterator[Command]:
    for span in spans(path):
        for part in _parts(span.text):
            if _program(part) in PROGRAMS and len(part.split()) > 1:
                yield Command(span.place, part, block=False)


def _parts(line: str) -> Iterator[str]:
    """The commands of a line, without prompt, environment, folder and what is said beside."""
    line = _PROMPT.sub("", line)
    if line.startswith("#"):
        return
    for part in _PARTS.split(_SAID_AFTER.sub("", line)):
        plain = _ENVIRONMENT.sub("", part.strip()) if not SETTINGS.match(part) else part.strip()
        plain = _FOLDER.sub("", plain)
        if plain:
            yield plain


def _program(part: str) -> str:
    return part.split()[0].removesuffix(".exe") if part.split() else ""
