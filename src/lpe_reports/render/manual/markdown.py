"""What the manual has to know of a page's Markdown before it is rendered: its headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^(#{1,6}) +(.*?)(?: +#+)?$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_STRESS = re.compile(r"(\*{1,3})(?=\S)(.+?)(?<=\S)\1")
_MARKS = re.compile(r"`|\\(?=[!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class Heading:
    """One heading: its level from 1, and its words without marks."""

    level: int
    text: str


def prose_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that stand in no fenced code, with their numbers from 1."""
    fence = ""
    for number, line in enumerate(text.splitlines(), start=1):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            yield number, line


def headings(text: str) -> list[Heading]:
    """The headings in order."""
    found = (_HEADING.match(line) for _, line in prose_lines(text))
    return [Heading(len(match[1]), plain(match[2])) for match in found if match]


def anchors(text: str) -> list[str]:
    """The id of each heading, as GitHub and the renderer give it."""
    seen: dict[str, int] = {}
    found = []
    for heading in headings(text):
        name = re.sub(r"[^\w\- ]", "", heading.text.lower()).replace(" ", "-")
        times = seen.get(name, 0)
        seen[name] = times + 1
        found.append(f"{name}-{times}" if times else name)
    return found


def plain(text: str) -> str:
    """Words without the marks of code, links and stress."""
    return _MARKS.sub("", _STRESS.sub(r"\2", _LINK.sub(r"\1", text))).strip()


def without_title(text: str) -> tuple[str, str]:
    """A page's title, the first heading of the first level, and the page without it."""
    lines = text.splitlines(keepends=True)
    for number, line in prose_lines(text):
        if line.startswith("# "):
            del lines[number - 1]
            return plain(line[2:]), "".join(lines)
    return "", text
