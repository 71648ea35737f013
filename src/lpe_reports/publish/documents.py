"""A file of the candidate as the gate's rules see it."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from lpe_reports.publish.findings import Fault

# Between two pieces of text that a reader sees apart (cells, paragraphs, attributes). No pattern
# that looks for words should reach over it; it is no newline, for those count the source's lines.
APART = "\x1f"
# Most of a report's text is numbers, and the same words again and again.
_SMALL = bytes(
    ord(" ") if byte < 33 else ord(chr(byte).lower()) if byte < 128 else byte for byte in range(256)
)
_NUMBERS = b"0123456789.,;[]()"


@dataclass(frozen=True)
class Reference:
    """One address in a file."""

    kind: Literal["link", "request"]  # followed by a reader, or fetched by the browser itself
    target: str
    place: str = ""


@dataclass(frozen=True)
class Passage:
    """A piece of text with what is known of where it stands: a cell, a paragraph, a value."""

    text: str
    place: str
    beside: str = ""  # the heading of its column, the label of its row, what is said before it
    column: tuple[str, ...] = ()  # all values of its column or, alone in it, of its row
    number: bool = False  # written as a number, not as a text of digits


@dataclass
class Document:
    """One file of the candidate, or one that lies inside an archive.

    Rules look at `text` (what a reader can read or hear, in any kind of file) or at `source` (the
    file as it is written, where it is written as text). `place` and `line` tell where an offset
    in the one or the other is.
    """

    name: str  # its path in the candidate, with forward slashes
    kind: str = ""  # its last suffix, in small letters, with the dot: ".html"
    text: str = ""  # pieces apart by APART
    source: str = ""  # "" for kinds that are not text (xlsx, pdf, parquet)
    content: bytes = b""  # the file's bytes; empty once its rules have looked
    parsed: Any = None  # what a JSON file holds; None for a damaged one
    references: list[Reference] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    unnamed: list[str] = field(default_factory=list)  # places of pictures without words
    faults: list[Fault] = field(default_factory=list)  # what its reader objects to
    # Tells where an offset of `text` is, where that is not a line of the source.
    locate: Callable[[int], str] | None = None
    # The same text piece by piece, with what stands beside each. It takes long: ask only when
    # something needs to be judged by it.
    passages: Callable[[], Iterable[Passage]] | None = None
    # Files that lie inside this one, by their names: to be read as files of their own.
    members: Iterable[tuple[str, bytes]] = ()
    inner: bool = False  # it lies inside another file itself
    # What is written as markup, attributes and all, by the place that stands for it; "" for the
    # source itself, of which lines are told.
    markup: Mapping[str, str] = field(default_factory=dict)

    @property
    def own_name(self) -> str:
        """Its path in the candidate, or in the archive that it lies in."""
        return self.name.rpartition(": ")[2] if self.inner else self.name

    @cached_property
    def words(self) -> bytes:
        """What its text says, as `words_of` has it."""
        return words_of(self.text)

    def place(self, offset: int) -> str:
        """Where an offset of `text` is: "line 12", "sheet Väntetid, cell C7", "page 2"."""
        if self.locate is not None:
            return self.locate(offset)
        return f"line {self.text.count(chr(10), 0, offset) + 1}"

    def line(self, offset: int) -> str:
        """Where an offset of `source` is: "line 12"."""
        return f"line {self.source.count(chr(10), 0, offset) + 1}"


def words_of(text: str) -> bytes:
    """Each word of a text once, in small letters, without digits and what parts numbers.

    To look here whether a text may hold some fixed word is many times faster than in the text.
    """
    words = text.encode("utf-8", "surrogatepass").translate(_SMALL, _NUMBERS).split()
    return b" %s " % b" ".join(set(words))


def mark(word: str) -> bytes:
    """A fixed word as `words_of` would have it; of several words it takes the last."""
    return word.encode().translate(_SMALL, _NUMBERS).split()[-1]


def joined(pieces: Sequence[tuple[str, str]]) -> tuple[str, Callable[[int], str]]:
    """The text of pieces that are seen apart, and what tells the place of an offset in it.

    Args:
        pieces: Each with its place.
    """
    starts, length = [], 0
    for text, _ in pieces:
        starts.append(length)
        length += len(text) + len(APART)

    def locate(offset: int) -> str:
        return pieces[bisect_right(starts, offset) - 1][1] if pieces else ""

    return APART.join(text for text, _ in pieces), locate


# A rule looks at one file. A rule that needs settings is made by a function that takes them.
Rule = Callable[[Document], Iterable[Fault]]
# A rule of this kind looks at all files of one page together (2024.html, .json, .xlsx, .pdf and
# 2024/*.csv), by their names, and gives each fault with the name of its file.
PageRule = Callable[[Mapping[str, Document]], Iterable[tuple[str, Fault]]]
