"""Numbers and words as Swedish readers write them."""

import sys
from dataclasses import dataclass
from html import escape
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn import drawn
from lpe_reports import wording
from lpe_reports.wording import ColumnType

NB = "\u00a0"


@dataclass(frozen=True)
class Format:
    type: ColumnType
    decimals: int = 0


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1044, 0, f"1{NB}044"),
        (1234567.5, 1, f"1{NB}234{NB}567,5"),
        (218.6, 2, "218,60"),
        (-3, 0, "\u22123"),
        (-0.4, 0, "0"),
        (2.5, 0, "3"),
        (0.125, 2, "0,13"),
        (1.005, 2, "1,01"),
    ],
)
def test_number_is_written_as_in_swedish(value: float, decimals: int, text: str) -> None:
    """No-break space, comma, a real minus, no minus zero, halves up."""
    assert wording.number(value, decimals) == text


def test_number_can_carry_its_sign() -> None:
    """A change is +3, −3 or 0."""
    assert [wording.number(v, signed=True) for v in (3, -3, 0)] == ["+3", "\u22123", "0"]


@drawn(100)
@given(st.integers(-(10**12), 10**12))
def test_number_loses_no_digit(value: int) -> None:
    """The digits read back are the number."""
    text = wording.number(value).replace(NB, "").replace("\u2212", "-")

    assert int(text) == value


def test_units_follow_their_number_without_break() -> None:
    """Per cent, hours and days are never parted from their number."""
    assert wording.share(0.977) == f"97,7{NB}%"
    assert wording.share(0.705) == f"70,5{NB}%"
    assert wording.share(2 / 16, 0) == f"13{NB}%"
    assert wording.hours(2.5) == f"2,5{NB}tim"
    assert wording.days(84) == f"84{NB}dagar"
    assert wording.days(1) == f"1{NB}dag"
    assert wording.days(1, 1) == f"1,0{NB}dagar"


def test_clock_shows_minutes_as_hours_and_minutes() -> None:
    """95 minutes is 1:35, also when negative or over a day."""
    assert [wording.clock(m) for m in (95, 0, 5, -15, 1505)] == [
        "1:35", "0:00", "0:05", "\u22120:15", "25:05",
    ]  # fmt: skip


def test_periods_are_shown_without_zero_padding() -> None:
    """The office writes 2026-8 for the eighth week."""
    assert wording.period("2026-W08") == "2026-8"
    assert wording.period("2026-05") == "2026-05"
    assert wording.week("2026-W08") == f"v.{NB}8"


def test_listing_ends_with_och() -> None:
    """Commas, then och."""
    assert wording.listing([]) == ""
    assert wording.listing(["a"]) == "a"
    assert wording.listing(["a", "b"]) == "a och b"
    assert wording.listing(["a", "b", "c"]) == "a, b och c"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.295, "tre av tio"), (0.3, "tre av tio"), (0.31, "tre av tio"), (0.34, None),
        (0.5, "hälften"), (0.0, "ingen"), (1.0, "alla"), (0.004, None), (0.996, None),
        (0.1, "en av tio"), (0.25, None),
    ],
)  # fmt: skip
def test_fraction_words_are_used_only_where_true(value: float, words: str | None) -> None:
    """A tenth in words needs a tenth in numbers."""
    assert wording.fraction_words(value) == words


def test_change_calls_unchanged_what_looks_unchanged() -> None:
    """Words follow the decimals that the reader sees."""
    share, count = Format("share", 1), Format("count")

    assert wording.change(0.7051, 0.7049, share) == wording.UNCHANGED
    assert wording.change(0.717, 0.705, share) == f"upp 1,2{NB}procentenheter"
    assert wording.change(17, 20, count) == "ner 3"
    assert wording.change(1, 2, Format("days")) == f"ner 1{NB}dag"


@pytest.mark.parametrize(
    ("value", "column", "text"),
    [
        (0.977, Format("share", 1), f"97,7{NB}%"),
        (None, Format("share", 1), "–"),
        (None, Format("minutes"), "–"),
        (None, Format("count"), "saknas"),
        (None, Format("text"), ""),
        (46, Format("count"), "46"),
        ("2026-W08", Format("week"), "2026-8"),
        ("2026-Q2", Format("period"), "2026 kv 2"),
        (95, Format("minutes"), "1:35"),
        (True, Format("text"), "ja"),
    ],
)
def test_cell_text_follows_the_column(value: object, column: Format, text: str) -> None:
    """One text per type, for every output."""
    assert wording.cell_text(value, column) == text


def test_cell_text_never_shows_a_hidden_value() -> None:
    """A hidden cell reads dold, whatever its type and value."""
    assert wording.cell_text(3, Format("count"), hidden=True) == "dold"
    assert wording.cell_text(None, Format("share"), hidden=True) == "dold"


def test_slug_is_ascii() -> None:
    """Addresses and file names have no å, ä or ö."""
    assert wording.slug("Höft- och knäproteser (Å)") == "hoft-och-knaproteser-a"


def test_lower_first_keeps_abbreviations() -> None:
    """SPOR and NGB49 are written the same inside a sentence."""
    assert wording.lower_first("Öppna salar") == "öppna salar"
    assert wording.lower_first("SPOR-tid") == "SPOR-tid"


@drawn(100)
@given(st.text())
def test_legible_text_can_be_written_anywhere(text: str) -> None:
    """XML and UTF-8 take it, it stays as it is when done twice, and letters are never touched."""
    legible = wording.legible(text)

    ElementTree.fromstring(f"<x>{escape(legible)}</x>".encode())
    assert wording.legible(legible) == legible
    assert [c for c in legible if c.isalnum()] == [c for c in text if c.isalnum()]


def test_printable_signs_are_all_legible() -> None:
    """A text of printable signs only is left as it is, unseen: none of them would be taken."""
    signs = "".join(sign for sign in map(chr, range(sys.maxunicode + 1)) if sign.isprintable())

    # With a tab, which is not printable, it is looked at.
    assert wording.legible(f"{signs}\t") == f"{signs}\t"


def test_legible_text_keeps_lines_and_joined_emoji() -> None:
    """Line ends of all kinds are one kind; a forced direction is gone."""
    assert wording.legible("a\r\nb\u2028c\td\x00e\u202ef") == "a\nb\nc\tdef"
    assert wording.legible("\U0001f468\u200d\U0001f469 å\u00a0ä\u00ad") == (
        "\U0001f468\u200d\U0001f469 å\u00a0ä\u00ad"
    )
