"""How personal numbers are written: those forms that say it by themselves, and those that do not.

A number with its century, or with a dash before its last four, is one wherever it stands. One whose
parts are held together by spaces, a dot or nothing may be two numbers side by side, or a number by
chance; `bare_numbers` judges such by what stands beside them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from lpe_reports.publish.documents import APART
from lpe_reports.publish.rules.digits import BREAKS, DASHES, MARKS, SPACES, digits_of, matches_in
from lpe_reports.warehouse.personal_numbers import is_personal_number

PAGES, PDF, TABLES = (".html", ".htm", ".svg"), ".pdf", (".csv", ".tsv")

_GAP = rf"[{SPACES}\t{BREAKS}]{{0,2}}"
_DASHED = rf"{_GAP}[{DASHES}]{_GAP}"
_LAST = rf"\d\d[{SPACES}]?\d\d"
# A date in pairs of digits, held apart by the same all through.
_PAIRS = rf"\d\d(?P<part>[{SPACES}{MARKS}])\d\d(?P=part)\d\d"
# Digests hold long runs of digits, and longer numbers hold shorter ones.
WITH_DASH = re.compile(
    rf"(?<!\d)(?<!\d[-.,])(?:\d{{2}})?(?:\d{{6}}|{_PAIRS}){_DASHED}{_LAST}"
    r"(?![0-9a-fA-F])(?!-\d)"
)
_WITHOUT_DASH = re.compile(
    rf"(?<![^\W_])(?<!\d[-.,])(?P<century>\d{{2}})?\d{{6}}(?P<space>[{SPACES}\t]{{0,2}})\d{{4}}"
    r"(?![^\W_])(?!-\d)(?!\.\d*[1-9])"
)
# On two lines: of a page's source, which a browser shows with a space between them, or of a PDF.
_OVER_LINES = re.compile(
    r"(?<![^\W_])(?<!\d[-.,])(?P<century>\d{2})?\d{6} {0,2}\n {0,2}\d{4}(?![^\W_])"
)
# As a date is written, then the last four.
_DATED = re.compile(
    rf"(?<!\w)(?<!\d[-.,])(?:19|20)\d\d(?P<dash>[{DASHES}])\d\d(?P=dash)\d\d[{DASHES}{SPACES}{MARKS}]"
    r"\d{4}(?![\w-])"
)
_NUMBER_BEFORE, _NUMBER_AFTER = re.compile(rf"\d[{SPACES}]"), re.compile(rf"[{SPACES}]\d")
_BEFORE = re.compile(r"[A-Za-z0-9]*\Z")
_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]+")

TEN, _TWELVE = 10, 12
TEN_DIGITS = re.compile(r"(?<![^\W_])(?<!\d[-.,])\d{10}(?![^\W_])(?!-\d)(?!\.\d*[1-9])")
_APART = r"(?<![^\W_])(?<!\d[-.,])(?<!\d[ \u00a0])"
_ENDED = r"(?![^\W_])(?![-.,]\d)(?![ \u00a0]\d)"
# Forms that need something beside them that speaks of a person, or to stand alone.
_UNSURE = (
    TEN_DIGITS,
    re.compile(rf"{_APART}(?:\d\d)?(?:\d{{6}}|{_PAIRS})[{MARKS}]\d{{4}}{_ENDED}"),
    re.compile(rf"{_APART}(?:\d\d)?{_PAIRS}[{SPACES}]{_LAST}{_ENDED}"),
    re.compile(
        rf"{_APART}(?:\d[{SPACES}]\d[{SPACES}])?\d(?:[{SPACES}]\d){{5}}"
        rf"(?:{_DASHED}|[{SPACES}])\d(?:[{SPACES}]\d){{3}}{_ENDED}"
    ),
    re.compile(
        r"(?<![^\W\d_])(?:pnr|pers(?:on)?nr|personnummer|pat(?:ient)?(?:id|nr)?|ssn|född)[_:=]?"
        r"(?:\d\d)?\d{10}(?![^\W_])",
        re.IGNORECASE,
    ),
)
# In a page: a line break. In neither a table nor a PDF, whose columns stand so: a tab, spaces.
_BROKEN = re.compile(rf"{_APART}(?:\d\d)?\d{{6}}{_GAP}\v{_GAP}\d{{4}}{_ENDED}")
_SPACED = re.compile(rf"{_APART}(?:\d\d)?\d{{6}}(?:[{SPACES}]{{2,5}}|\t)\d{{4}}{_ENDED}")
# As programs write large numbers: 1.98112289874E11.
_EXPONENT = re.compile(r"(?<![\w.,])(\d)[.,](\d{9}(?:\d\d)?)[eE]\+?0?(9|11)(?![\w.,])")
_EXPONENTS = ("e9", "E9", "e+", "E+", "e11", "E11")

# From this year on what looks like a number of somebody born then may be a day and a time.
_STAMPS_FROM = 2015


def written_out(text: str, kind: str = "") -> Iterator[tuple[str, int, int]]:
    """The numbers that are one by how they are written, with their start and end.

    Args:
        text: A text without characters that nobody sees.
        kind: What kind of file it is of; "" for a name.
    """
    over_lines = kind in (*PAGES, PDF)
    patterns = (_DATED, WITH_DASH, _WITHOUT_DASH, *((_OVER_LINES,) if over_lines else ()))
    found: set[int] = set()
    for pattern, match in matches_in(text, *patterns):
        if pattern is _WITHOUT_DASH and (_is_bare(match) or _in_a_row(text, match, kind)):
            continue
        if pattern is WITH_DASH and is_digest(match):
            continue
        if pattern is _OVER_LINES and kind == PDF and not _flows(text, match):
            continue
        digits = digits_of(match[0])
        if match.end() not in found and is_personal_number(digits) and not is_stamp(digits):
            found.add(match.end())
            yield digits, match.start(), match.end()
    for digits, start, end in _exponents(text):
        if len(digits) > TEN and is_personal_number(digits):
            yield digits, start, end


def unsure(text: str, kind: str) -> Iterator[tuple[str, int, int]]:
    """Digits that may be a number, with their start and end: to be judged by what is beside them.

    Args:
        text: A text without characters that nobody sees.
        kind: What kind of file it is of.
    """
    patterns = list(_UNSURE)
    if kind in PAGES:
        patterns.append(_BROKEN)
    if kind not in (*TABLES, PDF):
        patterns.append(_SPACED)
    for _, match in matches_in(text, *patterns):
        yield digits_of(match[0]), match.start(), match.end()
    for pattern, match in matches_in(text, _DATED, WITH_DASH, _WITHOUT_DASH):
        digits = digits_of(match[0])
        if is_stamp(digits) and not (pattern is _WITHOUT_DASH and _in_a_row(text, match, kind)):
            yield digits, match.start(), match.end()
    yield from (found for found in _exponents(text) if len(found[0]) == TEN)


# Those that say it by themselves are asked for first, then the others.
@lru_cache(maxsize=4)
def _exponents(text: str) -> tuple[tuple[str, int, int], ...]:
    """The whole numbers that are written with an exponent, with their start and end."""
    if not any(mark in text for mark in _EXPONENTS):
        return ()
    return tuple(
        (match[1] + match[2], match.start(), match.end())
        for match in _EXPONENT.finditer(text)
        if len(match[2]) == int(match[3])
    )


def is_stamp(digits: str) -> bool:
    """Whether twelve digits are a day and a time as well as anybody's number."""
    return (
        len(digits) == _TWELVE
        and int(digits[:4]) >= _STAMPS_FROM
        and int(digits[8:10]) < 24
        and int(digits[10:]) < 60
    )


def _is_bare(match: re.Match[str]) -> bool:
    return not (match["century"] or match["space"])


def _in_a_row(text: str, match: re.Match[str], kind: str) -> bool:
    """Whether digits with a space between them are two of a row of numbers."""
    start, end = match.span()
    if not match["space"]:
        return False
    if len(match["space"]) > 1 or match["space"] == "\t":
        # Columns of a text stand so; what has no century is judged by what is beside it.
        return not match["century"] or kind in (*TABLES, PDF)
    return bool(
        _NUMBER_BEFORE.fullmatch(text[max(start - 2, 0) : start])
        or _NUMBER_AFTER.fullmatch(text[end : end + 2])
    )


def is_digest(match: re.Match[str]) -> bool:
    """Whether a number is a piece of hexadecimal letters: a word may touch it (`pnr811228-…`)."""
    start = match.start()
    before = _BEFORE.search(match.string, max(start - 40, 0), start)
    return bool(before and _HEXADECIMAL.fullmatch(before[0]))


def _flows(text: str, match: re.Match[str]) -> bool:
    """Whether two lines are of one sentence, and not two numbers of a column."""
    before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    after = text[match.end() :].partition("\n")[0].partition(APART)[0]
    return bool(match["century"]) or any(map(str.isalpha, before + after))
