"""Sets of procedure codes: which lie within which, which lie apart."""

from itertools import product

import hypothesis.strategies as st
import pytest
from hypothesis import given

from drawn import drawn
from lpe_reports.disclosure.codes import Codes
from lpe_reports.disclosure.nesting import Nesting

NESTING = Nesting(
    procedures={
        "hip": ("NF",),
        "hip-arthroplasty": ("NFB",),
        "arthroplasty": ("NFB", "NGB"),
        "knee-arthroplasty": ("NGB",),
        "knee": ("NG",),
        "prostheses": ("NFB",),
        "NFB29": ("NFB29",),
        "NFB49": ("NFB49",),
    }
)
_LETTERS = "AB"
_ALL = ["".join(code) for code in product(_LETTERS, repeat=4)]
_PREFIXES = st.lists(st.text(_LETTERS, max_size=3), max_size=3).map(tuple)


@st.composite
def _codes(draw: st.DrawFn) -> Codes:
    known = {"one": draw(_PREFIXES), "two": draw(_PREFIXES)}
    codes = Codes.named(draw(st.sampled_from(["one", "one-not-two", "any-not-one"])), known)
    assert codes is not None
    return codes


def _members(codes: Codes) -> set[str]:
    return {c for c in _ALL if c.startswith(codes.prefixes) and not c.startswith(codes.but)}


@drawn(100)
@given(_codes(), _codes())
def test_sets_that_are_said_to_be_within_or_apart_are(one: Codes, other: Codes) -> None:
    """Counted out over all codes: what is said is so, and of plain sets all apart are said."""
    if one.is_within(other):
        assert _members(one) <= _members(other)
    assert one.is_apart(other) <= (not _members(one) & _members(other))
    if not one.but and not other.but:
        assert one.is_apart(other) == (not _members(one) & _members(other))


def test_a_procedure_knows_those_within_it() -> None:
    """The widest first, those apart together; one with the very same codes by itself."""
    names = list(NESTING.procedures)

    assert NESTING.codes_within("hip", names) == [
        ("hip-arthroplasty",),
        ("prostheses",),
        ("NFB29", "NFB49"),
    ]
    assert NESTING.codes_within("prostheses", names) == [
        ("hip-arthroplasty",),
        ("NFB29", "NFB49"),
    ]
    assert NESTING.codes_within("NFB29", names) == []
    assert NESTING.codes_within("unknown", names) == []


@pytest.mark.parametrize(
    ("procedure", "parts", "whole"),
    [
        ("prostheses", ["hip-arthroplasty"], True),
        ("arthroplasty", ["hip-arthroplasty", "knee-arthroplasty"], True),
        ("arthroplasty", ["hip-arthroplasty"], False),
        ("hip-arthroplasty", ["NFB29", "NFB49"], False),
        ("hip", ["unknown"], False),
    ],
)
def test_parts_are_all_of_a_procedure_when_they_have_all_its_codes(
    procedure: str, parts: list[str], whole: bool
) -> None:
    """By what their codes begin with: codes that nobody has told of can be there."""
    assert NESTING.has_all_codes(procedure, parts) is whole


def test_all_other_procedures_are_apart_from_those_taken_away() -> None:
    """The rest of a unit's list is named by the groups that it is not."""
    rest = "any-not-hip-not-knee"

    assert NESTING.are_apart(rest, "NFB49")
    assert NESTING.codes_within("any-not-hip", [rest, "knee", "NFB49"]) == [(rest, "knee")]
    assert not NESTING.are_apart(rest, "any-not-knee")
    assert NESTING.are_apart(rest, "unknown")
