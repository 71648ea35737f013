"""Digits as people write and programs wrap them: spaces, dashes, what nobody sees."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache

SPACES = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Hyphens, dashes and minus signs of all widths, and the hyphen that is seen at the end of a line.
DASHES = "\\-+\u00ad\u02d7\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0b\uff0d"
# The end of a line: of the source, or of a text that is broken where it stands.
BREAKS = "\n\v"
# What else people put between the parts of a date and the last four.
MARKS = "./_\u00b7\u2022\u2219"
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0f\ufeff]")
# A text's bytes by what a number may have there: a digit, what may part digits (all letters but
# ASCII's, for they are so in UTF-8 with their dashes and spaces), or neither.
_SORTS = bytes(
    ord("1")
    if chr(byte) in "0123456789"
    else ord(".")
    if chr(byte) == "."
    else ord("-")
    if byte > 127 or chr(byte) in " \t\n\v-+/_"
    else ord(" ")
    for byte in range(256)
)
# How a number of ten or twelve digits may look so: six and four, three pairs and four, or each
# digit alone. The decimals of a number are none, and there are more of them than of anything else.
_SHAPE = re.compile(
    rb"(?<!1)(?<!1\.)(?:11)?(?:1{6}[-.]{0,12}11[-.]{0,3}11|"
    rb"11[-.]{1,3}11[-.]{1,3}11[-.]{1,9}11[-.]{0,3}11|"
    rb"(?:1[-.]{1,3}1[-.]{1,3})?1(?:[-.]{1,3}1){5}[-.]{1,9}1(?:[-.]{1,3}1){3})(?!1)"
)
_DASHED_SORTS = bytes(
    ord("1") if chr(byte) in "0123456789" else ord("-") if byte > 127 or chr(byte) in "+-" else 32
    for byte in range(256)
)
_DASHED_SHAPES = (
    b"111111-1111",
    b"111111---1111",
    b"11-11-1111",
    b" 11 11-1111",
    b"1" * 12,
)
# Full-width digits are no ASCII: texts that have them are rare, and are looked through whole.
_FULL_WIDTH = re.compile("[\uff10-\uff19]")
_FULL_WIDTH_LEADS = b"\xef\xbc"
_FEWEST = 10
# So much around such a stretch says whether it is a piece of something else.
_AROUND = 16


def seen(text: str) -> tuple[str, Callable[[int], int]]:
    """A text without the characters that nobody sees, and what gives an offset in the whole one."""
    cuts = [] if text.isascii() else [match.start() for match in _UNSEEN.finditer(text)]
    if not cuts:
        return text, lambda offset: offset
    # Of each cut, how far into the new text it lies.
    into = [cut - number for number, cut in enumerate(cuts)]
    return _UNSEEN.sub("", text), lambda offset: offset + bisect_right(into, offset)


def digits_of(text: str) -> str:
    """The digits of a text, full-width ones and others as ASCII."""
    return "".join(str(int(letter)) for letter in text if letter.isdecimal())


def matches_in(
    text: str, *patterns: re.Pattern[str]
) -> Iterator[tuple[re.Pattern[str], re.Match[str]]]:
    """The matches of patterns of long numbers; much quicker than to look for them everywhere."""
    for start, end in _stretches(text):
        for pattern in patterns:
            for match in pattern.finditer(text, start, end):
                yield pattern, match


def has_row_of(text: str, *lengths: int) -> bool:
    """Whether so many digits stand in a row, and no more; decimals aside."""
    sorts = _written(text)[1].replace(b"-", b" ")
    return any(b" %s%s" % (b"1" * n, end) in sorts for n in lengths for end in (b" ", b"."))


def may_be_dashed(text: str) -> bool:
    """Whether a text may have a number with a dash or of twelve digits; quicker than to look."""
    sorts = text.encode("utf-8", "surrogatepass").translate(_DASHED_SORTS)
    return any(shape in sorts for shape in _DASHED_SHAPES)


# Several rules ask for the same text, one after another.
@lru_cache(maxsize=4)
def _written(text: str) -> tuple[bytes, bytes]:
    """A text's bytes, and their sorts with a blank before and behind."""
    written = text.encode("utf-8", "surrogatepass")
    return written, b" %s " % written.translate(_SORTS)


@lru_cache(maxsize=4)
def _stretches(text: str) -> tuple[tuple[int, int], ...]:
    """Where ten digits or more can be one number, however it is written."""
    written, sorts = _written(text)
    if _FULL_WIDTH_LEADS in written and _FULL_WIDTH.search(text):
        return ((0, len(text)),)
    pieces = sorts.split()
    # Nearly every text is done with here.
    if max(map(len, pieces), default=0) < _FEWEST:
        return ()
    found: list[tuple[int, int]] = []
    byte = letter = 0
    long = {piece for piece in pieces if len(piece) >= _FEWEST}
    for piece in filter(_SHAPE.search, long):
        alone = b" %s " % piece
        start = sorts.find(alone)
        while start >= 0:
            found.append((start, start + len(piece)))
            start = sorts.find(alone, start + len(piece))
    stretches: list[tuple[int, int]] = []
    for start, end in sorted(found):
        letter += len(written[byte:start].decode("utf-8", "surrogatepass"))
        length = len(written[start:end].decode("utf-8", "surrogatepass"))
        stretches.append((max(letter - _AROUND, 0), letter + length + _AROUND))
        byte, letter = end, letter + length
    return tuple(stretches)
