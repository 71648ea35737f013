"""Recognising personal identity numbers, and nothing else."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.warehouse.personal_numbers import (
    NumbersSeen,
    is_personal_number,
    personal_numbers_in,
)

ORACLE = Path(__file__).resolve().parents[4] / "shared" / "oracles" / "personnummer_list.json"
# Numbers that Skatteverket has set aside for tests, and the one of its own brochure (SKV 704).
KNOWN = ("198112289874", "19811228-9874", "811228-9874", "8112289874", "640823-3234")


SPELLINGS = ("long_format", "short_format", "separated_format", "separated_long")
# As word processors, spreadsheets and forms write the hyphen.
SEPARATORS = {
    "hyphen": "-",
    "plus": "+",
    "space": " ",
    "no-break space": "\u00a0",
    "narrow no-break space": "\u202f",
    "thin space": "\u2009",
    "soft hyphen": "\u00ad",
    "hyphen of its own": "\u2010",
    "no-break hyphen": "\u2011",
    "figure dash": "\u2012",
    "en dash": "\u2013",
    "em dash": "\u2014",
    "minus sign": "\u2212",
    "en dash between spaces": " \u2013 ",
    "hyphen after a no-break space": "\u00a0-",
}


@pytest.fixture(scope="module")
def listed() -> list[dict[str, Any]]:
    """The entries of the personnummer organisation's own test list."""
    if not ORACLE.is_file():
        pytest.skip("the list of the personnummer organisation does not stand beside the project")
    entries: list[dict[str, Any]] = json.loads(ORACLE.read_text(encoding="utf-8"))
    assert entries
    return entries


def test_recogniser_agrees_with_the_published_list(listed: list[dict[str, Any]]) -> None:
    """Every spelling of every number; one that is wrong for its space only is still somebody's."""
    valid = {entry[spelling] for entry in listed for spelling in SPELLINGS if entry["valid"]}

    wrong = [
        entry[spelling]
        for entry in listed
        for spelling in SPELLINGS
        if is_personal_number(entry[spelling]) is not (entry[spelling].replace(" ", "") in valid)
    ]

    assert wrong == []


@pytest.mark.parametrize("separator", SEPARATORS.values(), ids=SEPARATORS)
def test_recogniser_agrees_whatever_stands_before_the_last_four(
    listed: list[dict[str, Any]], separator: str
) -> None:
    """Each number of the list with each separator: in a column, and in a running text."""
    valid = {entry["long_format"] for entry in listed if entry["valid"]}
    written = {
        f"{number[start:8]}{separator}{number[8:]}": number in valid
        for number in {str(entry["long_format"]).replace(" ", "") for entry in listed}
        for start in (0, 2)
        if number.isdigit() and len(number) == 12
    }
    texts = {text: f"Pat. {text}, sal 3" for text in written}

    assert {text for text in written if is_personal_number(text)} == {
        text for text, is_valid in written.items() if is_valid
    }
    assert {text for text in written if list(personal_numbers_in(texts[text]))} == {
        text for text, is_valid in written.items() if is_valid
    }
    assert set(written.values()) == {True, False}


@pytest.mark.parametrize("number", [*KNOWN, " 811228-9874 ", "811228+9874", "19730288-9931"])
def test_recogniser_knows_the_ways_to_write_one(number: str) -> None:
    """10 or 12 digits, with - or +, spaces around, and a samordningsnummer."""
    assert is_personal_number(number)


@pytest.mark.parametrize(
    "text",
    [
        "811228-9873",  # the last digit
        "811328-9874",  # the month
        "810230-0009",  # the day
        "811228-98745",
        "811228  9874",
        "811228\n9874",
        "811228/9874",
        "811228 - - 9874",
        "81 1228 9874",
        "811228-000" + "4",
        "2026-05-18",
        "NGB49",
        "",
        "20990230-1234",
    ],
)
def test_recogniser_leaves_others_alone(text: str) -> None:
    """A wrong digit, a day that does not exist, another form."""
    assert not is_personal_number(text)


def test_recogniser_takes_few_random_numbers() -> None:
    """Random ten-digit numbers pass in 0.7 % of cases, so that a share of 5 % says something."""
    draw = random.Random(7)
    passed = sum(is_personal_number(f"{draw.randrange(10**10):010d}") for _ in range(50_000))

    assert 0.005 < passed / 50_000 < 0.009


def test_numbers_are_found_in_running_text() -> None:
    """Where they stand, and also one that was once read as a float."""
    text = (
        'Patient 19811228-9874 och {"x": 8112289874.0}, ring 070-811228. '
        "Se 811228\u20139874 och (640823\u00a03234), född 811228 9874."
    )

    found = [text[start:end] for start, end in personal_numbers_in(text)]

    assert found == [
        "19811228-9874",
        "8112289874",
        "811228\u20139874",
        "640823\u00a03234",
        "811228 9874",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "ab8112289874cd",
        "0.8112289874",
        "1-811228-9874-2",
        "op_8112289874a",
        "12 811228 9874",
        "811228 9874 12",
        "1\u00a0811228\u00a09874",
        "811228\n9874",
        "<td>811228</td><td>9874</td>",
        "811228;9874",
        "1 044 228",
        "2026-05-11 07:45",
        "2019\u20132026",
    ],
)
def test_digits_inside_other_things_are_no_numbers(text: str) -> None:
    """Digests, decimals, longer numbers and rows of numbers hold such digits by chance."""
    assert list(personal_numbers_in(text)) == []


def _numbers(count: int) -> list[str]:
    draw = random.Random(1)
    found: list[str] = []
    while len(found) < count:
        text = f"{draw.randrange(40, 99):02d}{draw.randrange(1, 13):02d}{draw.randrange(1, 29):02d}"
        number = f"{text}{draw.randrange(10, 9999):04d}"
        if is_personal_number(number):
            found.append(number)
    return found


def test_column_is_suspect_from_five_per_cent_of_twenty() -> None:
    """One in twenty is enough; nineteen different values say too little."""
    others = [f"X{n}" for n in range(100)]
    few, enough, rare = NumbersSeen(), NumbersSeen(), NumbersSeen()

    few.add((text, 1) for text in _numbers(19))
    enough.add((text, 3) for text in [*_numbers(1), *others[:19]])
    rare.add((text, 1) for text in [*_numbers(1), *others])

    assert not few.looks_personal
    assert enough.looks_personal
    assert enough.rows == 3
    assert not rare.looks_personal


def test_column_is_counted_over_batches() -> None:
    """A value that comes back in a later batch adds its rows, and is one distinct value."""
    seen = NumbersSeen()
    for _ in range(2):
        seen.add((text, 2) for text in _numbers(20))

    assert seen.looks_personal
    assert seen.rows == 80
