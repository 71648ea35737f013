"""Nothing that names a person: personal identity numbers and the extract's re-keyed ids."""

import re
from collections.abc import Iterator

from lpe_reports.publish.documents import Document
from lpe_reports.publish.findings import Fault
from lpe_reports.warehouse.personal_numbers import personal_numbers_in

# As warehouse.keys writes them: a short prefix and twenty of the letters a to p.
_KEY = re.compile(r"(?<![A-Za-z0-9_])[a-z]{2,3}_[a-p]{20}(?![A-Za-z0-9_])")
_KEY_END = re.compile(r"_[a-p]{20}")


def personal_numbers(document: Document) -> Iterator[Fault]:
    """The personal identity numbers that a document shows."""
    for start, _ in personal_numbers_in(document.text):
        yield Fault("personal identity number", document.place(start))


def rekeyed_ids(document: Document) -> Iterator[Fault]:
    """The extract's keys that a document shows."""
    if not _KEY_END.search(document.text):
        return
    for match in _KEY.finditer(document.text):
        yield Fault("re-keyed id", document.place(match.start()))
