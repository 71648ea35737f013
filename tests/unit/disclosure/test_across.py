"""Across pages: what one page hides no other gives away, and as little as need be is hidden."""

from collections.abc import Mapping, Sequence
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from lpe_reports.disclosure.across import Found, decide_across
from lpe_reports.disclosure.attack import attack
from lpe_reports.disclosure.exposure import Exposure
from lpe_reports.disclosure.groups import Group
from lpe_reports.disclosure.nesting import Nesting

pytestmark = pytest.mark.promise("disclosure", "No page gives away what another page hides")

NESTING = Nesting(
    units={"ga": ("ga-cop", "ga-dagkir"), "hu": ("hu-cop",)},
    procedures={
        "hernia": ("JAB", "JAD"),
        "JAB30": ("JAB30",),
        "JAD10": ("JAD10",),
        "groin": ("JAB",),
        "gallbladder": ("JKA",),
        "galla": ("JKA",),
        "JKA21": ("JKA21",),
    },
)
K = 5

Cells = Mapping[str, int | None]


def _record(cells: Cells, whole: Sequence[tuple[str, Sequence[str]]] = ()) -> dict[str, Any]:
    return {"cells": dict(cells), "whole": list(whole), "within": []}


def _decide(pages: Mapping[str, dict[str, Any]], **kw: Any) -> Found:
    return decide_across(pages, nesting=NESTING, threshold=K, **kw)


def _told_after(pages: Mapping[str, dict[str, Any]], found: Found) -> list[str]:
    """What is told of all pages together when they do what was decided."""
    after = []
    for page, record in pages.items():
        hidden = {key for key, named in found.hide.items() if page in named}
        cells = {k: None if k in hidden else n for k, n in record["cells"].items()}
        after.append(Exposure.from_record({**record, "cells": cells}))
    shown = [{k for k, n in each.cells.items() if n is not None} for each in after]
    hidden_keys = [each.hidden for each in after]
    both = set().union(*shown) & set().union(*hidden_keys)
    told = attack(Exposure().merged(after), threshold=K, nesting=NESTING)
    return [*sorted(both), *(each.key for each in told)]


def test_pages_that_say_nothing_of_each_other_need_no_decision() -> None:
    """Other times, other procedures: nothing is hidden for another page's sake."""
    pages = {
        "one": _record({"operated|time=2026-03|unit=ga-cop": None, "operated|time=2026-03": None}),
        "two": _record({"operated|time=2026-02|unit=ga-cop": 12}),
        "three": _record({"waiting|time=2026-03|unit=ga-cop": 12}),
    }

    assert _decide(pages) == Found()
    assert _decide({}) == Found()


def test_a_group_hidden_on_one_page_is_hidden_on_the_other() -> None:
    """The same group is the same number, whatever table it stands in."""
    key = "operated|time=2026-03|unit=ga-cop"
    pages = {"one": _record({key: None}), "two": _record({key: 7}), "three": _record({key: 7})}

    assert _decide(pages).hide == {key: ("three", "two")}


def test_a_unit_does_not_follow_from_its_hospital() -> None:
    """One page has the hospital and one unit, the other hides the second unit."""
    of = "operated|time=2026-03|unit="
    pages = {
        "hospital": _record({f"{of}ga": 40}),
        "unit": _record({f"{of}ga-cop": 37}),
        "other": _record({f"{of}ga-dagkir": None}),
    }
    assert _told_after(pages, Found()) == [f"{of}ga-dagkir"]

    found = _decide(pages)

    assert len(found.hide) == 1
    assert _told_after(pages, found) == []


def test_a_hospital_of_one_unit_is_that_unit() -> None:
    """Hudiksvall has one operating unit: its hospital's number would be the hidden one."""
    of = "operated|time=2026-03|unit="
    pages = {"unit": _record({f"{of}hu-cop": None}), "hospital": _record({f"{of}hu": 3})}

    found = _decide(pages)

    assert found.hide[f"{of}hu"] == ("hospital",)
    assert _told_after(pages, found) == []


def test_a_month_does_not_follow_from_its_quarter() -> None:
    """Three pages of a month each and one of the quarter; the hidden month is not the rest."""
    at = "operated|procedure=hip|time="
    pages = {
        "quarter": _record({f"{at}2026-Q1": 30}),
        "january": _record({f"{at}2026-01": 14}),
        "february": _record({f"{at}2026-02": 13}),
        "march": _record({f"{at}2026-03": None}),
    }

    found = _decide(pages)

    # The smallest that helps is hidden, and nothing more.
    assert found.hide == {f"{at}2026-02": ("february",)}
    assert _told_after(pages, found) == []


def test_a_month_that_stands_nowhere_does_not_follow_from_two_years() -> None:
    """A year and the twelve months before its last differ by a December, of which one is none."""
    at = "operated|procedure=hip|time="
    pages = {
        "year": _record({f"{at}2025": 100}),
        "twelve": _record({f"{at}r12-2025-11": 98, f"{at}2024-12": 0}),
    }
    assert _told_after(pages, Found()) == [f"{at}2025-12"]

    found = _decide(pages)

    assert len(found.hide) == 1
    assert _told_after(pages, found) == []
    assert _decide({**pages, "year": _record({f"{at}2025": 103})}) == Found()


def test_a_verksamhetsomrade_does_not_follow_from_the_county() -> None:
    """The county's page has all of them together, the others one each."""
    at = "waiting|time=2026-05-11"
    pages = {
        "county": _record({at: 60}),
        "kir": _record({f"{at}|vo=kirurgi": 31}),
        "ort": _record({f"{at}|vo=ortopedi": 26}),
        "ogon": _record({f"{at}|vo=ogon": None}),
    }

    found = _decide(pages)

    assert len(found.hide) == 1
    assert _told_after(pages, found) == []


def test_two_that_are_all_of_a_unit_are_all_of_its_parts_too() -> None:
    """The numbers of all who wait say that two are all; then one's share is not the other's rest.

    A third elsewhere, or one that has nobody at the unit, changes nothing.
    """
    at = "waiting|{}time=2026-05-11|unit=ga-cop{}".format
    numbers = {"": (572, 318, 254), "covered=yes|": (445, 246, 199)}
    within, few = "|within=guarantee", "covered=yes|"
    pages = {
        "all": _record({at(c, ""): n[0] for c, n in numbers.items()} | {at(few, within): 434}),
        "kir": _record(
            {at(c, "|vo=kir"): n[1] for c, n in numbers.items()}
            | {at(few, "|vo=kir" + within): None}
        ),
        "ort": _record(
            {at(c, "|vo=ort"): n[2] for c, n in numbers.items()}
            | {at(few, "|vo=ort" + within): 192}
        ),
    }
    elsewhere = _record({"waiting|time=2026-05-11|unit=hu-cop|vo=onh": 100})
    for more in ({}, {"onh": elsewhere}, {"onh": _record({at("", "|vo=onh"): 0})}):
        found = _decide({**pages, **more})

        assert len(found.hide) == 1
        assert found.hide.keys() <= {at(few, within), at(few, "|vo=ort" + within)}
        assert _told_after({**pages, **more}, found) == []
    # Where the two are not all of it, nothing follows and nothing is hidden.
    others = _record({at("", "|vo=onh"): 100, at("", ""): 672, at(few, ""): 500})
    fewer = {**pages, "all": _record({**others["cells"], at(few, within): 470})}
    assert _decide(fewer) == Found()


def test_what_a_page_hides_together_with_a_new_key_is_named_for_it() -> None:
    """So that its next run hides at least that: a decision is never half forgotten."""
    row = {"a": 12, "b": None, "c": None, "d": 20}
    of = "operated|time=2026-03|unit="
    cells = {f"{of}{unit}": number for unit, number in row.items()}
    whole = [("operated|time=2026-03", list(cells))]
    pages = {
        "one": _record({**cells, "operated|time=2026-03": 40}, whole),
        "two": _record({f"{of}d": None}),
    }

    found = _decide(pages)

    assert found.hide[f"{of}d"] == ("one",)
    assert found.hide[f"{of}b"] == found.hide[f"{of}c"] == ("one",)


def test_a_page_that_cannot_change_is_taken_as_it_is() -> None:
    """What it shows stays; another is hidden where that helps, else the pages at risk are named."""
    of = "operated|time=2026-03|unit="
    pages = {
        "hospital": _record({f"{of}ga": 40}),
        "unit": _record({f"{of}ga-cop": 37}),
        "other": _record({f"{of}ga-dagkir": None}),
    }

    assert _decide(pages, fixed={"hospital"}).hide == {f"{of}ga-cop": ("unit",)}
    assert _decide(pages, fixed={"unit"}).hide == {f"{of}ga": ("hospital",)}
    assert _decide(pages, fixed={"unit", "hospital"}).helpless == {"other"}
    assert _decide(pages, fixed=set(pages)) == Found()


def test_what_a_kept_version_hides_is_hidden_wherever_it_stands() -> None:
    """A page that was not there when the version was made, say."""
    key = "operated|time=2026-03|unit=ga-cop"

    assert _decide({"one": _record({key: 7})}, kept={key}).hide == {key: ("one",)}


def test_a_mean_over_a_hidden_group_does_not_count_as_shown() -> None:
    """Its page hides the mean with the group, so nothing more needs to be hidden for it."""
    key = "operated|time=2026-03|unit=ga-cop"
    mean = f"{key.replace('|time', '|sum=wait_days|time')}"
    shown = {**_record({key: 7, mean: 91.5}), "means": [[mean, key, 91.5]]}
    pages = {"one": _record({key: None}), "two": shown}

    assert _decide(pages).hide == {key: ("two",)}


def test_what_a_group_of_procedures_has_beside_a_code_is_not_told() -> None:
    """One page is of hernias, one of a code among them: two patients had something else."""
    at = "operated|time=2025|unit=ga-cop"
    group, code = (at.replace("|t", f"|procedure={name}|t") for name in ("hernia", "JAB30"))
    pages = {"group": _record({group: 20}), "code": _record({code: 18})}

    found = _decide(pages)

    assert found.hide == {code: ("code",)}
    assert _told_after(pages, found) == []
    for others in (20, 15, 0):
        assert _decide({**pages, "code": _record({code: others})}) == Found()
    elsewhere = code.replace("ga-cop", "hu-cop")
    assert _decide({**pages, "code": _record({elsewhere: 18})}) == Found()


def test_what_a_group_has_beside_two_codes_is_not_told() -> None:
    """Codes have no patient in common, so what is beside both of them follows."""
    of = "operated|procedure={}|time=2025"
    group, one, other = (of.format(name) for name in ("hernia", "JAB30", "JAD10"))
    pages = {name: _record({name: n}) for name, n in ((group, 40), (one, 20), (other, 17))}

    found = _decide(pages)

    assert len(found.hide) == 1
    assert _told_after(pages, found) == []


def test_both_on_one_page_are_weighed_too() -> None:
    """A page does not look at procedures by itself."""
    of = "operated|procedure={}|time=2025"
    page = {of.format("hernia"): 20, of.format("JAB30"): 18}

    assert _decide({"one": _record(page)}).hide == {of.format("JAB30"): ("one",)}


def test_procedures_of_the_same_codes_are_one() -> None:
    """What is hidden under one name is hidden under the other, the mean with it."""
    of = "operated|procedure={}|time=2025"
    one, other = of.format("gallbladder"), of.format("galla")
    mean = other.replace("|time", "|sum=wait_days|time")
    shown = {**_record({other: 7, mean: 91.5}), "means": [[mean, other, 91.5]]}
    pages = {"one": _record({one: None}), "two": shown}

    found = _decide(pages)

    assert found.hide == {other: ("two",)}
    assert _told_after(pages, found) == []


def test_a_code_that_is_all_of_its_group_is_one_with_it_in_every_part() -> None:
    """Where a year and county have as many of both, so have their months and units."""
    of = "operated|procedure={}|time={}{}"
    pages = {
        "group": _record(
            {
                of.format("gallbladder", "2025", ""): 60,
                of.format("gallbladder", "2025-03", "|unit=ga-cop"): None,
            }
        ),
        "code": _record(
            {
                of.format("JKA21", "2025", ""): 60,
                of.format("JKA21", "2025-03", "|unit=ga-cop"): 7,
            }
        ),
    }

    found = _decide(pages)

    assert found.hide == {of.format("JKA21", "2025-03", "|unit=ga-cop"): ("code",)}
    assert _told_after(pages, found) == []


_CODES = {
    "hernia": ("JAB30", "JAB10", "JAD10"),
    "groin": ("JAB30", "JAB10"),
    "JAB30": ("JAB30",),
    "JAD10": ("JAD10",),
}


@st.composite
def _pages_of_procedures(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """A page per procedure with its units and their total, each hiding what it must by itself."""
    counts = {
        (code, unit): draw(st.integers(0, 15)) for code in _CODES["hernia"] for unit in _UNITS[:3]
    }
    pages = {}
    for name, codes in _CODES.items():
        of = {unit: sum(counts[code, unit] for code in codes) for unit in _UNITS[:3]}
        keys = {
            unit: Group.of("operated", procedure=name, time="2025", unit=unit).key
            for unit in (*of, None)
        }
        cells: dict[str, int | None] = {keys[None]: sum(of.values())}
        cells |= {keys[unit]: number for unit, number in of.items()}
        cells = {key: None if 0 < (n or 0) < K else n for key, n in cells.items()}
        pages[name] = _record(cells, [(keys[None], [keys[unit] for unit in of])])
    return pages


@given(_pages_of_procedures())
@settings(deadline=None, max_examples=100)
def test_no_two_procedures_leave_a_small_number_between_them(
    pages: dict[str, dict[str, Any]],
) -> None:
    """Counted out apart from the attack: of all that are shown no difference is small."""
    found = _decide(pages)

    assert not found.helpless
    assert _told_after(pages, found) == []
    for wide, narrow in (("hernia", "groin"), ("hernia", "JAB30"), ("groin", "JAB30"),
                         ("hernia", "JAD10")):  # fmt: skip
        for key, number in pages[wide]["cells"].items():
            other = key.replace(f"={wide}", f"={narrow}")
            part = pages[narrow]["cells"][other]
            if key not in found.hide and other not in found.hide and None not in (number, part):
                assert not 0 < number - part < K


_UNITS = ("ga-cop", "ga-dagkir", "hu-cop", "ga", "hu", None)
_TIMES = ("2026-01", "2026-02", "2026-03", "2026-Q1")


@st.composite
def _sites(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Pages that hide what is small, with the numbers of units and months spread over them."""
    counts = {(unit, time): draw(st.integers(0, 12)) for unit in _UNITS[:3] for time in _TIMES[:3]}
    numbers: dict[str, int] = {}
    for unit in _UNITS:
        units = _UNITS[:3] if unit is None else NESTING.units.get(unit, (unit,))
        for time in _TIMES:
            times = _TIMES[:3] if time == _TIMES[3] else (time,)
            group = Group.of("operated", unit=unit, time=time)
            numbers[group.key] = sum(counts[u, t] for u in units for t in times)
    pages: dict[str, dict[str, Any]] = {name: _record({}) for name in "abcd"}
    for key, number in numbers.items():
        for page in draw(st.sets(st.sampled_from("abcd"), max_size=2)):
            also = draw(st.integers(0, 9)) == 0  # hidden on this page for some reason of its own
            pages[page]["cells"][key] = None if 0 < number < K or (also and number) else number
    return pages


_HIDDEN_IN_TURN = {
    "operated|time=2026-Q1|unit=ga": 6,
    "operated|time=2026-Q1|unit=ga-cop": 5,
    "operated|time=2026-02|unit=ga-cop": None,
    "operated|time=2026-03|unit=ga-cop": None,
}


@given(_sites())
@example({key[9:]: _record({key: n}) for key, n in _HIDDEN_IN_TURN.items()})
@settings(deadline=None, max_examples=80)
def test_no_page_gives_away_what_another_hides(pages: dict[str, dict[str, Any]]) -> None:
    """Nothing is told of all pages after the decision, where no page alone tells anything."""
    safe = {
        name: record
        for name, record in pages.items()
        if not attack(Exposure.from_record(record), threshold=K, nesting=NESTING)
    }
    found = _decide(safe)

    assert not found.helpless
    assert _told_after(safe, found) == []
