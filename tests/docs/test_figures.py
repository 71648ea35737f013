"""What docs/decisions.md quotes still stands where it says that it was measured."""

import re

import pytest
from read_docs import ROOT

_DECISIONS = ROOT / "docs" / "decisions.md"
_PARAGRAPHS = _DECISIONS.read_text(encoding="utf-8").split("\n\n")
FIGURES = [" ".join(p.split()) for p in _PARAGRAPHS if p.startswith("**Figures")]
# Measured before anything was built, and nowhere else since.
_BEFORE = re.compile(r"Before it was built:.*")
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:,\d{3})*(?:\.\d+)?")


@pytest.mark.parametrize("paragraph", FIGURES, ids=lambda paragraph: paragraph[-40:])
def test_every_figure_stands_in_the_page_beside_it(paragraph: str) -> None:
    """Renewing a benchmark renews what is argued with it."""
    pages = re.findall(r"\]\(([\w-]+\.md)\)", paragraph)
    assert pages, "no page is named"
    there = " ".join((ROOT / "docs" / page).read_text(encoding="utf-8") for page in pages)
    known = set(_NUMBER.findall(there))
    quoted = _NUMBER.findall(
        re.sub(r"\([^()]*\]\([^()]*\)[^()]*\)", "", _BEFORE.sub("", paragraph))
    )

    assert quoted
    assert [number for number in quoted if number not in known] == []


def test_every_decision_says_what_was_measured_or_why_not() -> None:
    """Each has its question, its choice, what else there was, and what would change it."""
    text = _DECISIONS.read_text(encoding="utf-8")
    for section in text.split("\n## ")[1:]:
        for part in ("**Question.**", "**Chosen.**", "**What else there was.**"):
            assert part in section, section.split("\n")[0]
        assert "**What would change it.**" in section, section.split("\n")[0]
