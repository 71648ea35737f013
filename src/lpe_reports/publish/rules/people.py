"""Nothing that names a person: personal identity numbers and the extract's re-keyed ids.

They are looked for in what a file says, in its own name and in the names of its folders, and in
what a page's markup holds beside its text: classes, ids, addresses.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from lpe_reports.publish.documents import APART, Document
from lpe_reports.publish.findings import Fault
from lpe_reports.publish.kinds.page_passages import LEADING, speaks
from lpe_reports.publish.rules.bare_numbers import judged
from lpe_reports.publish.rules.digits import digits_of, matches_in, may_be_dashed, seen
from lpe_reports.publish.rules.parted_numbers import in_two_cells
from lpe_reports.publish.rules.written_numbers import (
    PDF,
    TEN_DIGITS,
    WITH_DASH,
    is_digest,
    written_out,
)
from lpe_reports.warehouse.personal_numbers import is_personal_number

RULE = "personal identity number"
_KEY_RULE = "re-keyed id"
_NAME = "its name"

# As warehouse.keys writes them: a short prefix and twenty of the letters a to p.
KEY = re.compile(r"(?<![A-Za-z0-9])[a-z]{2,3}_[a-p]{20}(?![A-Za-z0-9_])", re.IGNORECASE)
_KEY_END = re.compile(r"_[a-pA-P]{20}")
# Their tables are looked at in the files beside them, or are no cells any more.
_NO_CELLS = (".json", ".js", ".css", ".pdf")
# Where a drawing's lines go, digit after digit; never a text.
_DRAWN = frozenset(
    {"d", "points", "transform", "viewbox", "values", "x", "y", "x1", "x2", "y1", "y2"}
)
_IN_ATTRIBUTE = re.compile(r"[\s\"']([\w:.-]+)\s*=\s*(?:\"[^\"<>]*|'[^'<>]*|[^\s\"'<>]*)\Z")
_LONGEST_VALUE = 4_000


def personal_numbers(document: Document) -> Iterator[Fault]:
    """The personal identity numbers that a document shows, or that its name holds."""
    if names_a_person(document.own_name):
        yield Fault(RULE, _NAME)
    text, offset_of = seen(document.text)
    told = set()
    for digits, start, _ in written_out(text, document.kind):
        told.add(digits)
        yield Fault(RULE, document.place(offset_of(start)))
    if document.kind == PDF:
        for start in _broken_by_lines(text):
            yield Fault(RULE, document.place(offset_of(start)))
    for place in judged(document, text):
        yield Fault(RULE, place)
    for start in in_two_cells(text) if document.kind not in _NO_CELLS else ():
        yield Fault(RULE, document.place(offset_of(start)))
    for name, source in document.markup.items():
        for digits, start, end in written_out(source) if may_be_dashed(source) else ():
            if name:
                # Numbers of the file's own stand there with spaces between them.
                wanted = digits not in told and not any(map(str.isspace, source[start:end]))
            else:
                wanted = _in_attribute(source, start)
            if wanted:
                yield Fault(RULE, name or document.line(start))


def rekeyed_ids(document: Document) -> Iterator[Fault]:
    """The extract's keys that a document shows, leads to or is named by."""
    if KEY.search(unquote(document.own_name)):
        yield Fault(_KEY_RULE, _NAME)
    found = set()
    if _KEY_END.search(document.text):
        for match in KEY.finditer(document.text):
            found.add(match[0])
            yield Fault(_KEY_RULE, document.place(match.start()))
    for name, source in document.markup.items():
        if _KEY_END.search(source):
            for match in KEY.finditer(source):
                if match[0] not in found:
                    yield Fault(_KEY_RULE, name or document.line(match.start()))


def names_a_person(name: str) -> bool:
    """Whether the name of a file or folder holds a personal number or a re-keyed id."""
    plain = unquote(name)
    return any(True for _ in written_out(plain)) or any(
        is_personal_number(digits_of(match[0])) for _, match in matches_in(plain, TEN_DIGITS)
    )


def _in_attribute(source: str, start: int) -> bool:
    """Whether a place of markup is no text, but one of its classes, ids or dates."""
    attribute = _IN_ATTRIBUTE.search(source, max(start - _LONGEST_VALUE, 0), start)
    name = attribute[1].lower() if attribute else ""
    # What a reader sees or hears, and where links lead, has been looked at as text.
    return bool(name) and name not in _DRAWN and not (speaks(name) or name in LEADING)


def _broken_by_lines(text: str) -> Iterator[int]:
    """Where the page begins that has a number whose digits stand on two lines of a PDF."""
    start = 0
    for page in text.split(APART):
        if "\n" in page:
            whole = {digits_of(match[0]) for _, match in matches_in(page, WITH_DASH)}
            for _, match in matches_in(page.replace("\n", ""), WITH_DASH):
                digits = digits_of(match[0])
                if digits in whole or is_digest(match):
                    continue
                if is_personal_number(digits):
                    yield start
        start += len(page) + len(APART)
