"""What is decided across pages: which pages are named, and what nobody can help."""

from collections.abc import Mapping
from typing import Any

import pytest

from lpe_reports.disclosure.across import Found, decide_across
from lpe_reports.disclosure.groups import sum_key
from lpe_reports.disclosure.nesting import Nesting

pytestmark = pytest.mark.promise("disclosure", "No page gives away what another page hides")

NESTING = Nesting(units={"ga": ("ga-cop", "ga-dagkir"), "hu": ("hu-cop", "hu-dagkir")})
OF = "operated|time=2026-03|unit="
Cells = Mapping[str, float | None]
HOSPITAL: Mapping[str, Cells] = {
    "hospital": {f"{OF}ga": 40.0}, "unit": {f"{OF}ga-cop": 37.0}, "other": {f"{OF}ga-dagkir": None},
}  # fmt: skip


def decide(pages: Mapping[str, Cells], **options: Any) -> Found:
    records = {name: {"cells": dict(c), "whole": [], "within": []} for name, c in pages.items()}
    return decide_across(records, nesting=NESTING, threshold=5, **options)


def test_pages_that_can_hide_nothing_are_named_and_others_are_helped() -> None:
    """Two hospitals, of which one stands on pages that cannot change: the other is safe."""
    second: Cells = {f"{OF}hu": 40.0, f"{OF}hu-cop": 37.0}
    pages: dict[str, Cells] = {**HOSPITAL, "second": second, "third": {f"{OF}hu-dagkir": None}}
    found = decide(pages, fixed={"hospital", "unit"})

    assert found.helpless == {"other"}
    assert found.pages == {"second"}
    assert len(found.hide) == 1
    assert decide(pages, fixed={"hospital", "unit", "second"}).helpless == {"other", "third"}


def test_a_number_that_a_page_shows_for_good_leaves_those_that_hide_it_helpless() -> None:
    """Those that can change; what all hide can still be hidden on the rest."""
    key = f"{OF}ga-cop"
    pages: dict[str, Cells] = {
        "fixed": {key: 7.0}, "one": {key: None}, "two": {key: None}, "three": {key: 7.0},
    }  # fmt: skip

    found = decide(pages, fixed={"fixed", "two"})
    assert found == Found({}, frozenset({"one"}))
    both = {**pages, "four": {f"{OF}hu-cop": 9.0}, "five": {f"{OF}hu-cop": None}}
    assert decide(both, fixed={"fixed", "two"}) == Found(
        {f"{OF}hu-cop": ("four",)}, frozenset({"one"})
    )
    assert decide(both, fixed={"fixed", "two", "four"}) == Found({}, frozenset({"one", "five"}))
    assert decide({"a": {key: 7.0}}, kept={key}, fixed={"a"}) == Found()
    assert decide({"a": {key: 7.0}, "b": {key: 7.0}}, kept={key, "x"}) == Found({key: ("a", "b")})


def test_what_is_decided_is_in_order() -> None:
    """The same bytes for the same pages."""
    keys = [f"{OF}{unit}" for unit in ("hu-cop", "ga-cop")]
    pages: dict[str, Cells] = {name: dict.fromkeys(keys, 7.0) for name in "zya"}
    found = decide({**pages, "m": dict.fromkeys(keys)})

    assert list(found.hide.items()) == [(key, ("a", "y", "z")) for key in sorted(keys)]
    assert found.pages == {"a", "y", "z"}
    assert Found().pages == frozenset()


def test_a_number_is_hidden_on_every_page_that_has_it_and_none_that_has_not() -> None:
    """The unit that stands on three pages is the one that costs least."""
    pages = {**HOSPITAL, "again": {f"{OF}ga-cop": 37.0}, "apart": {f"{OF}hu-cop": 12.0}}
    found = decide(pages, fixed={"hospital"})

    assert found == Found({f"{OF}ga-cop": ("again", "unit")})


def test_zeros_are_not_hidden() -> None:
    """Nobody is hidden by hiding nobody: what is beside a zero is."""
    pages: dict[str, Cells] = {
        "all": {f"{OF}ga": 3.0}, "unit": {f"{OF}ga-cop": 0.0}, "other": {f"{OF}ga-dagkir": None},
    }  # fmt: skip

    assert decide(pages) == Found({f"{OF}ga": ("all",)})
    assert decide(pages, fixed={"all"}) == Found({}, frozenset({"unit", "other"}))


def test_a_hidden_sum_does_not_follow_from_other_pages() -> None:
    """Days of a hospital and of one of its units; those of the other are hidden, few or many."""
    keys = {unit: f"{OF}{unit}" for unit in ("ga", "ga-cop", "ga-dagkir")}
    days = {unit: sum_key(key, "days") for unit, key in keys.items()}
    pages: dict[str, Cells] = {
        "all": {keys["ga"]: 40.0, days["ga"]: 900.0},
        "unit": {keys["ga-cop"]: 20.0, days["ga-cop"]: 500.0},
        "other": {days["ga-dagkir"]: None},
    }
    found = decide(pages)

    assert not found.helpless
    assert len(found.hide.keys() & {days["ga"], days["ga-cop"]}) == 1
    assert decide(pages, fixed={"all", "unit"}).helpless == {"other"}
    assert decide(pages, fixed={"all"}).hide.keys() == {days["ga-cop"]}
