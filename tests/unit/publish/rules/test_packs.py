"""What a pack's pages hide is held against the pack's PDF."""

import json

import pytest

from lpe_reports.publish.documents import Document, Passage
from lpe_reports.publish.findings import Fault
from lpe_reports.publish.rules.packs import hidden_in_packs

pytestmark = pytest.mark.promise(
    "disclosure", "The gate finds a number that one file of a page shows and another hides"
)

STEM = "motesunderlag/mote/2026-W19"
SHOWN = Fault("hidden value that is shown")
LINES = ("Fot 12 dold dold", "Hand dold 4", "Andelen är dold, eftersom den är av få.", "Dolda tal")


def documents(
    lines: tuple[str, ...] = LINES, *, hidden: int = 3, said: int = 3, own: int = 1
) -> dict[str, Document]:
    """A pack of two pages, of which one hides something."""
    pages = [
        {"address": "a.html", "hidden": 0, "hidden_said": 0},
        {"address": "b.html", "hidden": hidden, "hidden_said": said},
    ]
    content = {"pack": "mote", "sheets": 2, "hidden_said": own, "pages": pages}
    passages = [
        *(Passage(line, "page 2") for line in lines),
        # The words of a chart are on no sheet.
        Passage("Ett värde är dold", "words of a picture"),
    ]
    return {
        f"{STEM}.json": Document(
            f"{STEM}.json", ".json", source=json.dumps(content), parsed=content
        ),
        f"{STEM}.pdf": Document(f"{STEM}.pdf", ".pdf", passages=lambda: passages),
    }


def test_a_pack_that_hides_what_its_pages_hide_is_clean() -> None:
    """As often as the pages and its own words say so."""
    assert list(hidden_in_packs(documents())) == []


@pytest.mark.parametrize("line", [0, 1, 2])
def test_a_hidden_value_that_is_shown_is_found(line: int) -> None:
    """In any line, though the words of pictures say it once more."""
    lines = [*LINES]
    lines[line] = lines[line].replace("dold", "3", 1)

    assert list(hidden_in_packs(documents(tuple(lines)))) == [(f"{STEM}.pdf", SHOWN)]


def test_a_page_that_does_not_say_what_it_hides_is_found() -> None:
    """Its own PDF says it less often than it hides something."""
    place = Fault("hidden value that is shown", "the pack's page 2")

    assert list(hidden_in_packs(documents(hidden=4))) == [(f"{STEM}.pdf", place)]


def test_a_pack_without_its_pdf_is_found() -> None:
    """Nobody can look at what is not there."""
    found = documents()
    del found[f"{STEM}.pdf"]

    assert list(hidden_in_packs(found)) == [(f"{STEM}.json", Fault("meeting pack without its PDF"))]


def test_other_files_are_none_of_its_business() -> None:
    """A page's JSON, and one that is no object."""
    page = {"tables": [], "key_figures": []}
    found = {
        "a.json": Document("a.json", ".json", parsed=page),
        "b.json": Document("b.json", ".json", parsed=[1]),
    }

    assert list(hidden_in_packs(found)) == []
