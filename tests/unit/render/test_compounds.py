"""Compound words are found by their last part, where that is a word of the site."""

import pytest

from lpe_reports.render.compounds import last_parts

SITE = ("Antal operationer med protes i höftleden", "En lista över timmar", "Ett år")


@pytest.mark.parametrize(
    ("word", "part"),
    [
        ("knäproteser", "proteser"),  # "protes" stands by itself
        ("Väntelistan", "listan"),
        ("operationstimmar", "timmar"),
        ("centraloperation", "operation"),
    ],
)
def test_a_compound_is_known_by_its_last_part(word: str, part: str) -> None:
    """In any of its forms, the longest part that is a word."""
    found = last_parts([*SITE, f"Här står {word}."])

    assert found[word.casefold()] == part


@pytest.mark.parametrize("word", ["timmar", "operation", "kirurgi", "vårdår", "xlista"])
def test_a_word_by_itself_has_no_part(word: str) -> None:
    """Nor has one whose part is too short, or nearly all of it."""
    assert word not in last_parts([*SITE, word])
