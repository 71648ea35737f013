"""Nothing that names a person: personal identity numbers and the extract's re-keyed ids.

A number with a century, or with something between its date and its last four, is a finding wherever
it stands. Ten digits in a row are one by chance in 0.7 % of cases; `bare_numbers` judges them.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from lpe_reports.publish.documents import APART, Document
from lpe_reports.publish.findings import Fault
from lpe_reports.publish.rules.bare_numbers import judged
from lpe_reports.publish.rules.digits import BREAKS, DASHES, SPACES, digits_of, matches_in, seen
from lpe_reports.warehouse.personal_numbers import is_personal_number

RULE = "personal identity number"

_DASHED = rf"[{SPACES}{BREAKS}]{{0,2}}[{DASHES}][{SPACES}{BREAKS}]{{0,2}}"
# Digests hold long runs of digits, and longer numbers hold shorter ones. A word may touch a number
# that has a dash (`pnr811228-…`), for a digest has none; a hexadecimal letter may not.
_WITH_DASH = re.compile(
    rf"(?<![0-9a-fA-F])(?<!\d[-.,])(?:\d{{2}})?(?:\d{{6}}|\d\d[{SPACES}]\d\d[{SPACES}]\d\d)"
    rf"{_DASHED}\d{{4}}(?![0-9a-fA-F])(?!-\d)"
)
_WITHOUT_DASH = re.compile(
    rf"(?<![^\W_])(?<!\d[-.,])(?P<century>\d{{2}})?\d{{6}}(?P<space>[{SPACES}]?)\d{{4}}"
    r"(?![^\W_])(?!-\d)(?!\.\d*[1-9])"
)
# On two lines: of a page's source, which a browser shows with a space between them, or of a PDF.
_OVER_LINES = re.compile(
    r"(?<![^\W_])(?<!\d[-.,])(?P<century>\d{2})?\d{6} {0,2}\n {0,2}\d{4}(?![^\W_])"
)
# As a date is written, then the last four. Later years would be times in the names of files.
_DATED = re.compile(
    rf"(?<![\w.,-])19\d\d[{DASHES}]\d\d[{DASHES}]\d\d[{DASHES}{SPACES}]\d{{4}}(?![\w-])"
)
_NUMBER_BEFORE, _NUMBER_AFTER = re.compile(rf"\d[{SPACES}]"), re.compile(rf"[{SPACES}]\d")
_PAGES, _PDF = (".html", ".htm", ".svg"), ".pdf"

# As warehouse.keys writes them: a short prefix and twenty of the letters a to p.
_KEY = re.compile(r"(?<![A-Za-z0-9_])[a-z]{2,3}_[a-p]{20}(?![A-Za-z0-9_])")
_KEY_END = re.compile(r"_[a-p]{20}")


def personal_numbers(document: Document) -> Iterator[Fault]:
    """The personal identity numbers that a document shows, or that its name holds."""
    if any(True for _ in _certain(PurePosixPath(document.name).name)):
        yield Fault(RULE, "its name")
    text, offset_of = seen(document.text)
    for start in _certain(text, document.kind):
        yield Fault(RULE, document.place(offset_of(start)))
    if document.kind == _PDF:
        for start in _broken_by_lines(text):
            yield Fault(RULE, document.place(offset_of(start)))
    for place in judged(document, text):
        yield Fault(RULE, place)


def _broken_by_lines(text: str) -> Iterator[int]:
    """Where the page begins that has a number whose digits stand on two lines of a PDF."""
    start = 0
    for page in text.split(APART):
        whole = {digits_of(match[0]) for _, match in matches_in(page, _WITH_DASH)}
        for _, match in matches_in(page.replace("\n", ""), _WITH_DASH):
            digits = digits_of(match[0])
            if digits not in whole and is_personal_number(digits):
                yield start
        start += len(page) + len(APART)


def _certain(text: str, kind: str = "") -> Iterator[int]:
    """Where the numbers stand that are one by how they are written."""
    over_lines = kind in (*_PAGES, _PDF)
    patterns = (_DATED, _WITH_DASH, _WITHOUT_DASH, *((_OVER_LINES,) if over_lines else ()))
    for pattern, match in matches_in(text, *patterns):
        if pattern is _WITHOUT_DASH and (_is_bare(match) or _in_a_row(text, match)):
            continue
        if pattern is _OVER_LINES and kind == _PDF and not _flows(text, match):
            continue
        if is_personal_number(digits_of(match[0])):
            yield match.start()


def _is_bare(match: re.Match[str]) -> bool:
    return not (match["century"] or match["space"])


def _in_a_row(text: str, match: re.Match[str]) -> bool:
    """Whether digits with a space between them are two of a row of numbers."""
    start, end = match.span()
    return bool(match["space"]) and bool(
        _NUMBER_BEFORE.fullmatch(text[max(start - 2, 0) : start])
        or _NUMBER_AFTER.fullmatch(text[end : end + 2])
    )


def _flows(text: str, match: re.Match[str]) -> bool:
    """Whether two lines are of one sentence, and not two numbers of a column."""
    before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    after = text[match.end() :].partition("\n")[0].partition(APART)[0]
    return bool(match["century"]) or any(map(str.isalpha, before + after))


def rekeyed_ids(document: Document) -> Iterator[Fault]:
    """The extract's keys that a document shows."""
    if not _KEY_END.search(document.text):
        return
    for match in _KEY.finditer(document.text):
        yield Fault("re-keyed id", document.place(match.start()))


def masked(text: str) -> str:
    """A name or a place without the numbers and keys that it may hold itself."""
    for pattern in (_DATED, _WITH_DASH, _WITHOUT_DASH):
        text = pattern.sub("…", text)
    return _KEY.sub("…", text)
