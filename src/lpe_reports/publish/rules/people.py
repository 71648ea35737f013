"""Nothing that names a person: personal identity numbers and the extract's re-keyed ids."""

import re

from lpe_reports.publish.reading import Document
from lpe_reports.warehouse.personal_numbers import personal_numbers_in

# As warehouse.keys writes them: a short prefix and twenty of the letters a to p.
_KEY = re.compile(r"(?<![A-Za-z0-9_])[a-z]{2,3}_[a-p]{20}(?![A-Za-z0-9_])")
_KEY_END = re.compile(r"_[a-p]{20}")


def personal_numbers(document: Document) -> int:
    """How many personal identity numbers a document shows."""
    return sum(1 for _ in personal_numbers_in(document.text))


def rekeyed_ids(document: Document) -> int:
    """How many of the extract's keys a document shows."""
    if not _KEY_END.search(document.text):
        return 0
    return sum(1 for _ in _KEY.finditer(document.text))
