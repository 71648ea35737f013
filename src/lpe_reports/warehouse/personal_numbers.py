"""Recognising Swedish personal identity numbers, so that none travels further than the source.

A personnummer, or a samordningsnummer (its day is 60 higher), in 10 or 12 digits, with `-` or
`+` before the last four or without; its date must exist and its last digit be right (Luhn over
the last ten). Random ten-digit numbers pass in 0.7 % of cases, hence the share in
`NumbersSeen.looks_personal`.

Word processors and spreadsheets make other characters of the hyphen: dashes, a minus sign, a space
that does not break. Those are taken for it, and so is an ordinary space, unless the digits are
among others with spaces between them, as a row of numbers is.

Source: Skatteverket, SKV 704 and 707.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

_SPACES = " \u00a0\u2007\u2009\u202f"
# Hyphens, dashes and minus signs of all widths, and the hyphen that is seen at the end of a line.
_DASHES = "\\-+\u00ad\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0b\uff0d"
SEPARATOR = rf"(?:[{_SPACES}]?[{_DASHES}][{_SPACES}]?|[{_SPACES}])"
_NUMBER = rf"(\d{{2}})?(\d{{2}})(\d{{2}})(\d{{2}})({SEPARATOR}?)(\d{{4}})"
# No letter or digit may touch the number (digests hold long runs of digits), nor may it be the
# decimals of a number or a piece of a longer one with hyphens. A `.0` behind it is allowed: so
# a number looks that a spreadsheet or a data frame has read as a float.
_IN_TEXT = re.compile(rf"(?<![^\W_])(?<!\d[-.,]){_NUMBER}(?![^\W_])(?!-\d)")
_WHOLE = re.compile(rf"\s*{_NUMBER}\s*")
# Most texts have no run of digits that long, and looking for one is quicker.
_LIKELY = re.compile(rf"\d{{6}}{SEPARATOR}?\d{{4}}")
_NUMBER_BEFORE, _NUMBER_AFTER = re.compile(rf"\d[{_SPACES}]"), re.compile(rf"[{_SPACES}]\d")
_CENTURIES = ("19", "20", "18")
_COORDINATION_DAY = 60

SUSPECT_SHARE = 0.05
LEAST_DISTINCT = 20


def is_personal_number(text: str) -> bool:
    """Whether a text, spaces around it aside, is a personal identity number."""
    match = _WHOLE.fullmatch(text)
    return match is not None and _exists(match)


def personal_numbers_in(text: str) -> Iterator[tuple[int, int]]:
    """Where personal identity numbers stand in a running text, as start and end."""
    if not _LIKELY.search(text):
        return
    for match in _IN_TEXT.finditer(text):
        if _exists(match) and not _in_a_row(text, match):
            yield match.span()


def _in_a_row(text: str, match: re.Match[str]) -> bool:
    """Whether digits with a space between them are two of a row of numbers."""
    if not match[5].isspace():
        return False
    start, end = match.span()
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    return bool(_NUMBER_BEFORE.fullmatch(before) or _NUMBER_AFTER.fullmatch(after))


def _exists(match: re.Match[str]) -> bool:
    century, year, month, day, _, serial = match.groups()
    if serial.startswith("000") or not _passes_luhn(year + month + day + serial):
        return False
    number = int(day)
    number -= _COORDINATION_DAY if number > _COORDINATION_DAY else 0
    centuries = (century,) if century else _CENTURIES
    return any(_is_date(int(c + year), int(month), number) for c in centuries)


def _is_date(year: int, month: int, day: int) -> bool:
    # Nobody born earlier is alive, and a later year is some other number.
    if not 1850 <= year <= 2099:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _passes_luhn(ten_digits: str) -> bool:
    total = 0
    for position, digit in enumerate(ten_digits):
        value = int(digit) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


class NumbersSeen:
    """What one column has shown of distinct values, and how many of them look personal."""

    # A column with more distinct values than this is counted on its first so many: enough to
    # judge a share, and bounded in memory.
    _ENOUGH = 200_000

    def __init__(self) -> None:
        self._distinct: set[str] = set()
        self._personal: set[str] = set()
        self.rows = 0

    def add(self, values: Iterable[tuple[str, int]]) -> None:
        """Count distinct values, each with the number of rows that hold it."""
        for value, rows in values:
            personal = value in self._personal
            if value not in self._distinct and len(self._distinct) < self._ENOUGH:
                self._distinct.add(value)
                if is_personal_number(value):
                    self._personal.add(value)
                    personal = True
            self.rows += rows if personal else 0

    @property
    def looks_personal(self) -> bool:
        """5 % or more of at least 20 distinct values have the form of a personal number."""
        distinct = len(self._distinct)
        return distinct >= LEAST_DISTINCT and len(self._personal) >= SUSPECT_SHARE * distinct
