"""Tables of any kind of file as grids: each value with its heading and its row's label."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lpe_reports.publish.documents import Passage

# A label is short; a text that is longer is a remark.
_LONGEST_LABEL = 60
_NUMBER = re.compile(r"[\s\u00a0\u202f]*[-+\u2212]?\d[\d\s.,\u00a0\u202f\u2009%]*")


@dataclass(frozen=True)
class Cell:
    """One value of a table."""

    text: str
    place: str
    number: bool | None = None  # written as a number, or as a text; None where nothing tells


def passages_of_grid(rows: Sequence[Sequence[Cell | None]]) -> Iterator[Passage]:
    """Each value with the heading of its column, the label of its row and its column's others."""
    width = max(map(len, rows), default=0)
    columns = [
        [row[number] if number < len(row) else None for row in rows] for number in range(width)
    ]
    for column in columns:
        texts = tuple(cell.text for cell in column if cell)
        heading, above = _heading(texts), ""
        for row, cell in zip(rows, column, strict=True):
            if cell is None:
                continue
            label = next((other.text for other in row if other and other is not cell), "")
            headings = [each for each in (heading, above) if each != cell.text]
            beside = " ".join([label[:_LONGEST_LABEL], *dict.fromkeys(headings)])
            # A sheet may have several tables, one under another.
            above = cell.text[:_LONGEST_LABEL] if any(map(str.isalpha, cell.text)) else above
            among = texts if len(texts) > 1 else tuple(other.text for other in row if other)
            number = cell.number
            if number is None:
                # The only value under a heading is what the heading says: a number.
                number = bool(heading) and len(texts) <= 2 and is_number(cell.text)
            yield Passage(cell.text, cell.place, beside, among, number)


def is_number(text: str) -> bool:
    """Whether a text is a number and nothing else."""
    return _NUMBER.fullmatch(text) is not None


def _heading(texts: Sequence[str]) -> str:
    """The column's first text with letters: what stands over its numbers."""
    first = next((text for text in texts if any(map(str.isalpha, text))), "")
    return first[:_LONGEST_LABEL]
