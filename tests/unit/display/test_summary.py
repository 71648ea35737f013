"""The summary's sentences are true in every case: rising, falling, flat, missing, new, hidden."""

import pytest

from lpe_reports.display.summary import summary_text
from lpe_reports.errors import DisclosureError
from small_series import series

pytestmark = pytest.mark.promise(
    "pages", "The sentences of a page are true of its numbers, whatever these are"
)

NB = "\u00a0"
HIDDEN = "{} i Bollnäs visas inte, eftersom {} skulle avslöja tal om för få patienter."
BOLLNAS = [16, 18, 18, 17, 12, 17, 19, 20, 18]


def test_summary_says_the_offices_week_in_two_sentences() -> None:
    """Words and numbers of the mock, made from the series alone."""
    text = summary_text(
        [
            series("open_theatres", BOLLNAS, target=20),
            series("operations", [38, 38, 33, 25, 34, 40, 35, 46], target=45),
            series("waiting", [270, 259, 260]),
            series("waiting", [240, 253, 254], place="Hudiksvall"),
        ]
    )

    assert text == (
        "Bollnäs hade 18 av 20 salar öppna och gjorde 46 operationer, en över målet och flest på "
        "minst åtta veckor. Väntelistorna i Bollnäs och Hudiksvall är i stort sett oförändrade."
    )


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ([40, 35, 38], "Bollnäs gjorde 38 operationer, tre fler än förra veckan."),
        ([40, 38, 35], "Bollnäs gjorde 35 operationer, tre färre än förra veckan."),
        ([35, 35, 35], "Bollnäs gjorde 35 operationer, lika många som förra veckan."),
        ([40, 38, 20], "Bollnäs gjorde 20 operationer, 18 färre än förra veckan."),
        ([35], "Bollnäs gjorde 35 operationer."),
        ([None, 35], "Bollnäs gjorde 35 operationer."),
        ([2, 1], "Bollnäs gjorde en operation, en färre än förra veckan."),
        ([2, 0], "Bollnäs gjorde inga operationer, två färre än förra veckan."),
        ([0, 0], "Bollnäs gjorde inga operationer."),
        ([35, None], "Uppgift saknas: operationer i Bollnäs."),
    ],
)
def test_summary_of_what_was_done(values: list[float | None], text: str) -> None:
    """Rising, falling, flat, new, one, none and missing."""
    assert summary_text([series("operations", values)]) == text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([30, 31, 32, 33, 34, 35, 36, 40], "flest på minst åtta veckor"),
        ([40, 39, 41, 40, 39, 41, 40, 20], "det lägsta antalet på minst åtta veckor"),
        ([60, 31, 32, 33, 34, 35, 36, 40], "flest på sju veckor"),
        ([10, 39, 41, 40, 39, 41, 40, 20], "det lägsta antalet på sju veckor"),
        ([None, 31, 32, 33, 34, 35, 36, 40], "flest på sju veckor"),
    ],
)
def test_summary_calls_a_record_only_what_is_one(values: list[float | None], words: str) -> None:
    """A record reaches as far back as weeks are known and strictly beaten, at least."""
    assert words in summary_text([series("operations", values)])


def test_summary_calls_no_record_what_equals_an_earlier_week() -> None:
    """The second of two equal weeks is no record."""
    assert "flest" not in summary_text([series("operations", [30, 31, 40, 33, 34, 35, 36, 40])])


@pytest.mark.parametrize(
    ("value", "words"),
    [(46, "en över målet"), (45, "precis på målet"), (43, "två under målet")],
)
def test_summary_tells_the_target(value: int, words: str) -> None:
    """How far over or under, or exactly on it."""
    assert words in summary_text([series("operations", [44, value], target=45)])


def test_summary_says_theatres_of_theatres_only_below_the_target() -> None:
    """22 av 20 salar would be no Swedish."""
    over = summary_text([series("open_theatres", [18, 22], target=20)])

    assert over == "Bollnäs hade 22 salar öppna, två över målet."


def test_summary_tells_what_is_beyond_chance_first() -> None:
    """A point outside its limits is said to be so."""
    steady = [30, 32, 31, 33, 30, 32, 31, 33, 30, 32, 31, 33]

    text = summary_text([series("operations", [*steady, 60])])

    assert "mer än vanlig variation ger" in text


def test_summary_of_lists_that_grow_and_shrink() -> None:
    """Each list that moved is told with its numbers, the others as still."""
    text = summary_text(
        [
            series("waiting", [200, 260]),
            series("waiting", [200, 160], place="Gävle"),
            series("waiting", [300, 301], place="Hudiksvall"),
        ]
    )

    assert text == (
        "Väntelistan växte i Bollnäs från 200 till 260 men krympte i Gävle från 200 till 160 och "
        "var i stort sett oförändrad i Hudiksvall."
    )


def test_summary_of_a_single_still_list() -> None:
    """A list that hardly moved is told with its number."""
    text = summary_text([series("waiting", [259, 260])])

    assert text == "Väntelistan i Bollnäs är i stort sett oförändrad, 260 väntar."


def test_summary_of_a_new_list_tells_its_number_alone() -> None:
    """Without a week before there is nothing to compare with."""
    assert summary_text([series("waiting", [260])]) == "I Bollnäs väntar 260."


@pytest.mark.parametrize(
    ("within", "who"),
    [
        (176, "tre av tio som omfattas"),
        (125, "hälften av dem som omfattas"),
        (182, f"27,2{NB}% av dem som omfattas"),
        (250, "ingen som omfattas"),
    ],
)
def test_summary_of_the_guarantee_uses_words_only_where_true(within: int, who: str) -> None:
    """Three of ten is said of 29,6 per cent, not of 27,2."""
    one = series("guarantee_share_waiting", [within], denominators=[250], place="Hudiksvall")

    assert summary_text([one]) == f"I Hudiksvall har {who} väntat längre än vårdgarantin lovar."


def test_summary_of_the_guarantee_tells_the_lowest() -> None:
    """Of several units the one where most have waited too long."""
    units = [
        series("guarantee_share_waiting", [244], denominators=[250]),
        series("guarantee_share_waiting", [176], denominators=[250], place="Hudiksvall"),
    ]

    assert summary_text(units).startswith("I Hudiksvall")


def test_summary_never_tells_a_hidden_number() -> None:
    """A hidden value is said to be hidden, and stands in no sentence."""
    text = summary_text([series("waiting", [40, 3])])

    assert text == HIDDEN.format("Väntelistan", "den")
    assert not any(sign.isdigit() for sign in text)


def test_summary_of_a_hidden_share_and_a_shown_one() -> None:
    """The shown one is told; the hidden one is named."""
    text = summary_text(
        [
            series("guarantee_share_waiting", [3], denominators=[100]),
            series("guarantee_share_waiting", [70], denominators=[100], place="Gävle"),
        ]
    )

    hidden = HIDDEN.format("Andelen inom vårdgarantin", "den")
    assert hidden in text
    assert "I Gävle har tre av tio" in text


def test_summary_tells_of_hidden_numbers_only_where_there_is_room() -> None:
    """What is shown comes first: a hidden share pushes out no list."""
    parts = [
        series("operations", [40, 39]),
        series("guarantee_share_waiting", [3], denominators=[100]),
        series("waiting", [100, 101]),
        "Stängt två dagar.",
    ]

    assert "visas inte" not in summary_text(parts)
    assert "Väntelistan i Bollnäs är i stort sett oförändrad" in summary_text(parts)
    assert "visas inte" in summary_text(parts[:3])


def test_summary_names_several_hidden_lists_together() -> None:
    """One sentence for all of a kind, a town and a department each with its preposition."""
    hidden = [
        series("waiting", [3], place="Hudiksvall"),
        series("waiting", [2], place="Centraloperation Gävle"),
    ]

    assert summary_text(hidden) == (
        "Väntelistorna i Hudiksvall och på Centraloperation Gävle visas inte, eftersom de skulle "
        "avslöja tal om för få patienter."
    )


def test_summary_calls_a_list_still_that_moved_by_few_persons() -> None:
    """Four more of forty are ten per cent, and no news."""
    assert "i stort sett oförändrad" in summary_text([series("waiting", [40, 44])])
    assert "växte" in summary_text([series("waiting", [40, 45])])


def test_summary_calls_a_share_higher_or_lower() -> None:
    """A share is not more than another."""
    text = summary_text([series("spor_patient_time", [0.7, 0.711])])

    assert f"1,1{NB}procentenheter högre än förra veckan" in text


def test_summary_of_a_period_under_way_judges_nothing() -> None:
    """A week that is not over has missed no target and set no record."""
    values = [38, 38, 33, 25, 34, 40, 35, 20]
    text = summary_text([series("operations", values, target=45, ongoing=True)])

    assert text == "Hittills har Bollnäs gjort 20 operationer, 15 färre än förra veckan."


def test_summary_of_a_level_tells_its_unit_and_change() -> None:
    """Days are days, and more or less of them."""
    text = summary_text([series("wait_days_performed", [84, 90, 84])])

    start = f"Mediantiden till operation i Bollnäs var 84{NB}dagar"
    assert text == f"{start}, 6{NB}dagar mindre än förra veckan."


def test_summary_keeps_the_three_sentences_that_matter() -> None:
    """More than three would not be read; an author's own sentence always stays."""
    parts = [
        series("waiting", [100, 101]),
        series("operations", [40, 39]),
        series("operations", [44, 20], target=45, place="Gävle"),
        series("wait_days_performed", [84, 90]),
        "Stängt två dagar.",
    ]
    text = summary_text(parts)

    assert text.count(". ") == 2
    assert "Stängt två dagar." in text
    assert "25 under målet" in text


def test_summary_of_nothing_is_empty() -> None:
    """No series, no sentence."""
    assert summary_text([]) == ""
    assert summary_text(["  "]) == ""


def test_summary_takes_only_series_and_texts() -> None:
    """A number is not told without its series."""
    with pytest.raises(DisclosureError, match="int"):
        summary_text([46])
