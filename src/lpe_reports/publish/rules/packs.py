"""What the pages of a meeting pack say is hidden is hidden in the pack, too.

A pack's JSON tells how many hidden values the pages that it holds show, and how often the PDF of
each says so. The pack must say so as often: a word that is missing there is a value that is shown,
or a row that was lost.
"""

import re
from collections.abc import Iterator, Mapping

from lpe_reports import wording
from lpe_reports.publish.documents import Document
from lpe_reports.publish.findings import Fault

_HIDDEN = re.compile(rf"\b{wording.HIDDEN}\b")


def hidden_in_packs(documents: Mapping[str, Document]) -> Iterator[tuple[str, Fault]]:
    """Packs that do not say as often as their pages that something is hidden."""
    for name, document in documents.items():
        content = document.parsed if document.kind == ".json" else None
        if not isinstance(content, dict) or not {"pack", "pages", "sheets"} <= content.keys():
            continue
        pdf = documents.get(f"{name.removesuffix('.json')}.pdf")
        if pdf is None:
            yield name, Fault("meeting pack without its PDF")
            continue
        wanted = content["hidden_said"]
        for number, page in enumerate(content["pages"], start=1):
            wanted += page["hidden_said"]
            if page["hidden_said"] < page["hidden"]:
                yield pdf.name, Fault("hidden value that is shown", f"the pack's page {number}")
        if _said(pdf) < wanted:
            yield pdf.name, Fault("hidden value that is shown")


def _said(pdf: Document) -> int:
    """How often the sheets of a PDF say that something is hidden; words of pictures left out."""
    lines = pdf.passages() if pdf.passages is not None else ()
    return sum(len(_HIDDEN.findall(line.text)) for line in lines if line.place.startswith("page "))
