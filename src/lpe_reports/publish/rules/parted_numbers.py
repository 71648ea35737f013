"""Numbers whose date stands in one cell and whose last four stand in the next.

A number of six or eight digits beside one of four is met everywhere, and where the first is a date
one in ten passes for a personal number. So the cells must say what they are, or all of several do.
"""

import re
from collections.abc import Iterator

from lpe_reports.publish.documents import APART
from lpe_reports.publish.rules.digits import digits_of
from lpe_reports.publish.rules.written_numbers import is_stamp
from lpe_reports.warehouse.personal_numbers import is_personal_number

_BETWEEN = rf"[\"'\s]{{0,3}}[;,\t|{APART}][\"'\s{APART}]{{0,6}}"
_CELLS = re.compile(rf"(?<![\w.,:-])(?:\d\d)?\d{{6}}{_BETWEEN}\d{{4}}(?![\w.,:-])")
_SAID = re.compile(
    r"f[öo]d(?:d|d?a|else\w*|[eé]dat\w*)|(?:birth|born)\w*|pers(?:on)?\.?\s?n(?:umme)?r|pnr|"
    r"(?:sista|last)[\s_-]?(?:4|fyra|four)",
    re.IGNORECASE,
)
_MARKS = ("fod", "föd", "birth", "born", "pers", "pnr", "sista", "last")
_SORTS = bytes(ord("1") if chr(byte) in "0123456789" else ord(" ") for byte in range(256))
_PAIRS = (b" 111111 1111 ", b" 11111111 1111 ")
# So many, and this share of those that begin with a date, say it without any word.
_SEVERAL, _SHARE = 5, 0.8


def in_two_cells(text: str) -> Iterator[int]:
    """Where numbers stand whose date and last four are two cells beside each other.

    Args:
        text: A document's text, without characters that nobody sees.
    """
    groups = text.encode("utf-8", "surrogatepass").translate(_SORTS).split()
    if not any(pair in b" %s " % b" ".join(groups) for pair in _PAIRS):
        return
    valid: dict[str, int] = {}
    dated = set()
    for match in _CELLS.finditer(text):
        digits = digits_of(match[0])
        if _begins_with_a_date(digits):
            dated.add(digits)
            if is_personal_number(digits) and not is_stamp(digits):
                valid.setdefault(digits, match.start())
    if valid and len(valid) >= _SHARE * len(dated) and (len(valid) >= _SEVERAL or _says(text)):
        yield from valid.values()


def _says(text: str) -> bool:
    small = text.lower()
    return any(mark in small for mark in _MARKS) and _SAID.search(text) is not None


def _begins_with_a_date(digits: str) -> bool:
    # Of the ten numbers that end so, one has the right last digit when the date exists.
    return any(is_personal_number(f"{digits[:-4]}001{last}") for last in range(10))
