"""README.md and docs/*.md as their readers take them: blocks, words in code, links and headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Made from the code by `make docs`, and held to it by tests of their own.
GENERATED = {
    "commands.md", "params.md", "definitions.md", "data-contract.md", "known-answers.md",
}  # fmt: skip

_FENCE = re.compile(r"^(`{3,}|~{3,})\s*(\S*)")
_ITEM = re.compile(r"^\s*(?:[-*+]|\d+\.)\s")
_SPAN = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Piece:
    """A block of code or a few words of it.

    Fields:
        file: The document, from the project's folder.
        line: Its first line.
        text: What it holds.
        language: What a block's fence says; "indented" without one, "" for words in a sentence.
        above: The paragraph above a block.
        under: The heading that a block stands under.
    """

    file: str
    line: int
    text: str
    language: str = ""
    above: str = ""
    under: str = ""

    @property
    def place(self) -> str:
        """Where a person finds it."""
        return f"{self.file}:{self.line}"


def documents() -> list[Path]:
    """README.md and every document that a person writes."""
    written = [p for p in sorted((ROOT / "docs").glob("*.md")) if p.name not in GENERATED]
    return [ROOT / "README.md", *written]


def all_documents() -> list[Path]:
    """Those, and what is generated."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


@cache
def _divided(path: Path) -> tuple[tuple[Piece, ...], str]:
    """A document's blocks, and the rest of it with the same lines."""
    file = path.relative_to(ROOT).as_posix()
    blocks: list[Piece] = []
    rest: list[str] = []
    lines = path.read_text(encoding="utf-8").split("\n")
    number = 0
    while number < len(lines):
        line = lines[number]
        if fence := _FENCE.match(line):
            end = _end_of_fence(lines, number, fence[1])
            body = "\n".join(lines[number + 1 : end])
            blocks.append(Piece(file, number + 2, body, fence[2] or "text", *_before(rest)))
            end += 1
        elif line.startswith("    ") and _may_be_code(rest):
            end = _end_of_indent(lines, number)
            body = "\n".join(each[4:] for each in lines[number:end])
            blocks.append(Piece(file, number + 1, body.rstrip(), "indented", *_before(rest)))
        else:
            rest.append(line)
            number += 1
            continue
        rest += [""] * (end - number)
        number = end
    return tuple(blocks), "\n".join(rest)


def _end_of_fence(lines: list[str], start: int, mark: str) -> int:
    for number in range(start + 1, len(lines)):
        if lines[number].strip() == mark:
            return number
    raise AssertionError(f"line {start + 1}: this block of code has no end")


def _may_be_code(before: list[str]) -> bool:
    """Whether indented lines here are code: after an empty line, and not within a list."""
    if before and before[-1].strip():
        return False
    said = next((line for line in reversed(before) if line.strip()), "")
    return not _ITEM.match(said)


def _end_of_indent(lines: list[str], start: int) -> int:
    end = start
    for number in range(start, len(lines)):
        if lines[number].startswith("    "):
            end = number + 1
        elif lines[number].strip():
            break
    return end


def _before(lines: list[str]) -> tuple[str, str]:
    """The paragraph before, and the heading."""
    said: list[str] = []
    for line in reversed(lines):
        if line.strip():
            said.insert(0, line)
        elif said:
            break
    headings = (line for line in reversed(lines) if line.startswith("#"))
    return " ".join(said), next(headings, "").lstrip("# ")


def blocks(path: Path) -> tuple[Piece, ...]:
    """A document's blocks of code, in their order."""
    return _divided(path)[0]


def spans(path: Path) -> Iterator[Piece]:
    """The words in code of its sentences and tables."""
    file, text = path.relative_to(ROOT).as_posix(), _divided(path)[1]
    for paragraph in re.finditer(r"(?:[^\n]+\n?)+", text):
        for found in _SPAN.finditer(paragraph[0]):
            line = text.count("\n", 0, paragraph.start() + found.start()) + 1
            yield Piece(file, line, " ".join(found[2].split()))


def links(path: Path) -> Iterator[Piece]:
    """What its links and pictures lead to."""
    file, text = path.relative_to(ROOT).as_posix(), _without_code(_divided(path)[1])
    for pattern in (_LINK, _PICTURE):
        for found in pattern.finditer(text):
            yield Piece(file, text.count("\n", 0, found.start()) + 1, found[1])


def _without_code(text: str) -> str:
    return _SPAN.sub(lambda found: "\n" * found[0].count("\n"), text)


@cache
def anchors(path: Path) -> frozenset[str]:
    """The fragments of its headings, as code hosts and our manual make them."""
    made: list[str] = []
    for heading in re.findall(r"^#{1,6}\s+(.*?)\s*#*$", _divided(path)[1], re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-")
        again = sum(1 for other in made if re.fullmatch(rf"{re.escape(slug)}(-\d+)?", other))
        made.append(f"{slug}-{again}" if again else slug)
    return frozenset(made)
