"""Recognising Swedish personal identity numbers, so that none travels further than the source.

A personnummer, or a samordningsnummer (its day is 60 higher), in 10 or 12 digits, with `-` or
`+` before the last four or without; its date must exist and its last digit be right (Luhn over
the last ten). Random ten-digit numbers pass in 0.7 % of cases, hence the share in
`NumbersSeen.looks_personal`.

Source: Skatteverket, SKV 704 and 707.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

# No letter or digit may touch the number (digests hold long runs of digits), nor may it be the
# decimals of a number or a piece of a longer one with hyphens. A `.0` behind it is allowed: so
# a number looks that a spreadsheet or a data frame has read as a float.
_IN_TEXT = re.compile(
    r"(?<![^\W_])(?<!\d[-.,])(\d{2})?(\d{2})(\d{2})(\d{2})([-+]?)(\d{4})(?![^\W_])(?!-\d)"
)
_WHOLE = re.compile(r"\s*(\d{2})?(\d{2})(\d{2})(\d{2})([-+]?)(\d{4})\s*")
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
    for match in _IN_TEXT.finditer(text):
        if _exists(match):
            yield match.span()


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
