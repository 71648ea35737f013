"""Markdown tables, in whose cells nothing is taken for a mark that was not meant as one."""

import re
from collections.abc import Iterable, Iterator, Sequence

# What stands between backticks is left as it is, but for the bar, which ends a cell even there.
_CODE = re.compile(r"(`+[^`]+`+)")
_MARKS = re.compile(r"([\\*<])")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table.

    Args:
        head: The headings.
        rows: Cells of Markdown, as many as there are headings.
    """
    yield _row(head)
    yield "|" + "---|" * len(head)
    for row in rows:
        yield _row(row)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def words(text: str) -> str:
    """A text as Markdown that says just that; code between backticks stays code."""
    parts = _CODE.split(" ".join(text.split()))
    return "".join(
        part if place % 2 else _MARKS.sub(r"\\\1", part) for place, part in enumerate(parts)
    )


def code(text: str) -> str:
    """A text as code."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"
