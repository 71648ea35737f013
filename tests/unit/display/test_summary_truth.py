"""What the summary says is read back by a reader of Swedish and held against the numbers.

The reader knows the sentences' grammar and none of the code that makes them: whatever a series
did, each claim it finds must be true, and there must be one.
"""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn import drawn
from lpe_reports.display.summary import summary_text
from small_series import series

pytestmark = pytest.mark.promise(
    "pages", "The sentences of a page are true of its numbers, whatever these are"
)

WORDS = ("noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva",
         "tolv")  # fmt: skip
NB = "\u00a0"
NUMBER = rf"(\d[\d{NB}]*(?:,\d+)?|{'|'.join(WORDS)}|inga)"
Values = list[float | None]

counts = st.lists(st.one_of(st.none(), st.integers(0, 60)), min_size=1, max_size=16)
lists = st.lists(
    st.one_of(st.none(), st.integers(0, 12), st.integers(100, 130)), min_size=1, max_size=8
)


def amount(text: str) -> float:
    """A number as a sentence writes it."""
    if text in WORDS:
        return float(WORDS.index(text))
    return 0.0 if text == "inga" else float(text.replace(NB, "").replace(",", "."))


def check(text: str, pattern: str, holds: Callable[..., bool]) -> int:
    """How often a claim is made; each time it must hold."""
    found = re.findall(pattern, text)
    for groups in found:
        parts = groups if isinstance(groups, tuple) else (groups,)
        assert holds(*parts), f"{parts} in: {text}"
    return len(found)


def record(values: Values, highest: bool, whole: bool, reach: int) -> bool:
    """Whether the last value is strictly the most, or least, of so many known ones."""
    now, earlier = values[-1], values[-reach:-1]
    if now is None or len(earlier) != reach - 1 or None in earlier:
        return False
    beats = all((now > v) if highest else (now < v) for v in earlier if v is not None)
    # "At least" is said where the series ends there, and only there.
    return beats and whole == (reach == len(values))


@drawn(100)
@given(values=counts, target=st.one_of(st.none(), st.integers(1, 60)), ongoing=st.booleans())
def test_summary_of_what_was_done_is_true(
    values: Values, target: int | None, ongoing: bool
) -> None:
    """Number, target, record and change of any series of counts."""
    text = summary_text([series("operations", values, target=target, ongoing=ongoing)])
    now, before = values[-1], values[-2] if len(values) > 1 else None

    if now is None:
        assert text == "Uppgift saknas: operationer i Bollnäs."
        return
    said = check(text, rf"(?:gjorde|gjort) {NUMBER} operation", lambda n: amount(n) == now)
    assert said == 1
    check(text, rf"{NUMBER} över målet", lambda n: now - (target or 0) == amount(n))
    check(text, rf"{NUMBER} under målet", lambda n: (target or 0) - now == amount(n))
    check(text, r"(precis) på målet", lambda _: now == target)
    check(text, rf"{NUMBER} fler än förra", lambda n: now - (before or 0) == amount(n))
    check(text, rf"{NUMBER} färre än förra", lambda n: (before or 0) - now == amount(n))
    check(text, r"(lika många) som förra", lambda _: now == before)
    check(
        text,
        rf"(flest|lägsta antalet) på (minst )?{NUMBER} veckor",
        lambda kind, least, n: record(values, kind == "flest", bool(least), int(amount(n))),
    )
    if "förra veckan" in text:
        assert before is not None
    if ongoing:
        assert "under målet" not in text  # it may still be reached
        assert "på minst" not in text
        assert "variation" not in text


@drawn(100)
@given(one=lists, other=lists)
def test_summary_of_lists_is_true_and_tells_nothing_hidden(one: Values, other: Values) -> None:
    """Which list grew, shrank or stood still, and from what to what; never a hidden number."""
    known = {"Bollnäs": one, "Hudiksvall": other}
    text = summary_text([series("waiting", v, place=place) for place, v in known.items()])

    def move(place: str, since: str, until: str) -> bool:
        return known[place][-2:] == [amount(since), amount(until)]

    moves = check(text, rf"(?:i|på) (\w+) från {NUMBER} till {NUMBER}", move)
    grown = re.search(r"växte(.*?)(?:krympte|oförändrad|\.)", text)
    if grown:
        check(grown[1], rf"från {NUMBER} till {NUMBER}", lambda a, b: amount(b) > amount(a))
    shrunk = re.search(r"krympte(.*?)(?:oförändrad|\.)", text)
    if shrunk:
        check(shrunk[1], rf"från {NUMBER} till {NUMBER}", lambda a, b: amount(b) < amount(a))
    assert bool(grown or shrunk) == bool(moves)
    for place, values in known.items():
        now = values[-1]
        if now is None:
            assert re.search(rf"Uppgift saknas: [^.]*{place}", text)
        elif 0 < now < 5:
            assert not re.search(rf"(?:från|till) {now:.0f}(?!\d)[^.]*{place}", text)
            assert not re.search(rf"{place} (?:från|till) {now:.0f}(?!\d)", text)
            assert not re.search(rf"(?<!\d){now:.0f} väntar|väntar {now:.0f}(?!\d)", text)
        still = re.search(r"oförändra(?:d|de)([^.]*)", text)
        if still and place in still[1]:
            before = values[-2]
            assert now is not None
            assert before is not None
            assert abs(now - before) < max(5, 0.02 * before)


@drawn(75)
@given(
    within=st.lists(st.integers(0, 250), min_size=1, max_size=3),
    covered=st.integers(250, 300),
)
def test_summary_of_the_guarantee_is_true(within: list[int], covered: int) -> None:
    """So many of ten only where it is so, the share else; nothing where the number is hidden."""
    places = ("Bollnäs", "Hudiksvall", "Gävle")[: len(within)]
    text = summary_text(
        [
            series("guarantee_share_waiting", [w], denominators=[covered], place=place)
            for place, w in zip(places, within, strict=True)
        ]
    )
    shown = {
        place: 1 - w / covered
        for place, w in zip(places, within, strict=True)
        if not 0 < w < 5 and not 0 < covered - w < 5
    }

    told = check(
        text,
        rf"I (\w+) har {NUMBER} av tio som omfattas",
        lambda place, n: abs(shown[place] * 10 - amount(n)) <= 0.1 + 1e-9,
    )
    told += check(
        text, r"I (\w+) har (hälften)", lambda place, _: abs(shown[place] - 0.5) <= 0.01 + 1e-9
    )
    told += check(text, r"I (\w+) har (ingen) som", lambda place, _: shown[place] == 0)
    told += check(text, r"I (\w+) har (alla) ", lambda place, _: shown[place] == 1)
    told += check(
        text,
        rf"I (\w+) har {NUMBER}{NB}% av dem",
        lambda place, n: abs(100 * shown[place] - amount(n)) <= 0.05 + 1e-9,
    )
    assert told == (1 if shown else 0)
    if shown:
        place = re.findall(r"I (\w+) har", text)[0]
        assert shown[place] == max(shown.values())


@drawn(75)
@given(values=st.lists(st.one_of(st.none(), st.integers(20, 300)), min_size=1, max_size=14))
def test_summary_of_a_level_is_true(values: Values) -> None:
    """Value and change of days that patients waited."""
    text = summary_text([series("wait_days_performed", values)])
    now, before = values[-1], values[-2] if len(values) > 1 else None

    if now is None:
        assert text.startswith("Uppgift saknas")
        return
    assert check(text, rf"var {NUMBER}{NB}dag", lambda n: amount(n) == now) == 1
    check(text, rf"{NUMBER}{NB}dag\w* mer än", lambda n: now - (before or 0) == amount(n))
    check(text, rf"{NUMBER}{NB}dag\w* mindre än", lambda n: (before or 0) - now == amount(n))
    check(text, r"(lika mycket) som", lambda _: now == before)
    check(
        text,
        rf"(högst|lägst) på (minst )?{NUMBER} veckor",
        lambda kind, least, n: record(values, kind == "högst", bool(least), int(amount(n))),
    )
