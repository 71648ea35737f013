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
_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0f\ufeff]")
# Where ten digits or more can be one number, however it is written. The decimals of a number are
# none, and there are more of them than of anything else.
_STRETCH = re.compile(rf"(?<!\d)(?<!\d\.)\d(?:[{SPACES}{DASHES}{BREAKS}]{{0,5}}\d){{9,}}")
# So much around such a stretch says whether it is a piece of something else.
_AROUND = 8


def seen(text: str) -> tuple[str, Callable[[int], int]]:
    """A text without the characters that nobody sees, and what gives an offset in the whole one."""
    cuts = [match.start() for match in _UNSEEN.finditer(text)]
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


# Several rules ask for the same text, one after another.
@lru_cache(maxsize=4)
def _stretches(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(
        (max(match.start() - _AROUND, 0), match.end() + _AROUND)
        for match in _STRETCH.finditer(text)
    )
