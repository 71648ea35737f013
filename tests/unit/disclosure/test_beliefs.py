"""What somebody who reads pages takes to add up, by keys and by what nothing speaks against."""

from collections.abc import Mapping, Sequence

import pytest

from lpe_reports.disclosure.beliefs import Beliefs, believed
from lpe_reports.disclosure.exposure import Exposure, Relation
from lpe_reports.disclosure.groups import Group, sum_key
from lpe_reports.disclosure.nesting import Nesting

pytestmark = pytest.mark.promise(
    "disclosure", "The attack finds all that follows from what is shown, and nothing that does not"
)

NESTING = Nesting(
    units={"ga": ("ga-cop", "ga-dagkir")},
    procedures={
        "hernia": ("JAB", "JAD"), "JAB30": ("JAB30",), "JAD10": ("JAD10",),
        "gallbladder": ("JKA",), "galla": ("JKA",), "JKA21": ("JKA21",),
    },
)  # fmt: skip
K = 5

Cells = Mapping[str, float | None]


def key(**traits: str) -> str:
    return Group.of("p", **traits).key


ALL, A, B, C = key(), key(vo="a"), key(vo="b"), key(vo="c")


def beliefs(
    cells: Cells, relations: Sequence[Relation] = (), withheld: Sequence[str] = ()
) -> list[Relation]:
    exposure = Exposure(cells, tuple(relations), withheld=frozenset(withheld))
    return believed(exposure, NESTING, K)


def guess(total: str, *parts: str, whole: bool = True, by_definition: bool = False) -> Relation:
    return Relation(total, parts, whole, sure=False, by_definition=by_definition)


def test_parts_are_believed_to_be_all_where_the_numbers_allow_it() -> None:
    """Something hidden makes up what is left; where all is shown, it says itself what is left."""
    assert beliefs({ALL: 100, A: 60, B: None}) == [guess(ALL, A, B)]
    assert beliefs({ALL: None, A: 60, B: 40}) == [guess(ALL, A, B)]
    assert beliefs({ALL: 100, A: 60, B: 30}) == [guess(ALL, A, B, whole=False)]
    assert beliefs({ALL: 100, A: 60, B: 40}) == []
    assert beliefs({ALL: 60, A: 60, B: 40}) == []
    assert beliefs({ALL: 0, A: 0, B: 0}) == []


def test_hidden_parts_are_one_each_at_least() -> None:
    """With room for one each they can be all; with less they overlap, and each is by itself."""
    assert beliefs({ALL: 62, A: 60, B: None, C: None}) == [guess(ALL, A, B, C)]
    each = [guess(ALL, part, whole=False) for part in (A, B, C)]
    assert beliefs({ALL: 61, A: 60, B: None, C: None}) == each
    withheld = beliefs({ALL: 60, A: 60, B: None, C: None}, withheld=[B, C])
    assert withheld == [guess(ALL, A, B, C)]
    some = beliefs({ALL: 61, A: 60, B: None, C: None}, withheld=[C])
    assert some == [guess(ALL, A, B, C)]


def test_parts_that_overlap_are_each_within_their_total() -> None:
    """Where that says anything that is not known: neither what was verified nor what is all."""
    assert beliefs({ALL: 100, A: 60, B: 60, C: None}) == [
        guess(ALL, part, whole=False) for part in (A, B, C)
    ]
    assert beliefs({ALL: 60, A: 60, B: 50, C: None}) == [
        guess(ALL, part, whole=False) for part in (B, C)
    ]
    verified = Relation(ALL, (B,), False)
    assert beliefs({ALL: 100, A: 60, B: 60, C: None}, [verified]) == [
        guess(ALL, part, whole=False) for part in (A, C)
    ]
    assert beliefs({ALL: 10, A: 20, B: None}) == [guess(ALL, B, whole=False)]
    assert beliefs({ALL: 10, A: 20}) == beliefs({ALL: 0, A: None}) == []


def test_what_was_verified_is_not_believed_again() -> None:
    """Of these parts or more; of others it is."""
    cells = {ALL: 100, A: 60, B: None}

    assert beliefs(cells, [Relation(ALL, (A, B), True)]) == []
    assert beliefs(cells, [Relation(ALL, (B, A, C), False)]) == []
    assert beliefs(cells, [Relation(ALL, (C,), False), Relation(ALL, (A, B), True)]) == []
    assert beliefs(cells, [Relation(ALL, (A,), False)]) == [guess(ALL, A, B)]


def test_sums_add_up_as_counts_do() -> None:
    """Each quantity that any of the groups has, in order."""
    cells = {
        ALL: 100.0, A: 60.0, B: None, sum_key(A, "hours"): 5.0, sum_key(ALL, "days"): None,
        sum_key(B, "days"): 3.0,
    }  # fmt: skip

    assert beliefs(cells) == [
        guess(ALL, A, B),
        *(guess(*(sum_key(each, of) for each in (ALL, A, B))) for of in ("days", "hours")),
    ]


def test_a_quarter_is_its_months_and_a_hospital_its_units_by_definition() -> None:
    """He holds to that before he holds to what he guesses, also where a part stands nowhere."""
    quarter = key(time="2025-Q1")
    months = [key(time=f"2025-0{month}") for month in (1, 2, 3)]
    cells = {quarter: 30.0, months[0]: 10.0, months[1]: None}

    assert beliefs(cells) == [guess(quarter, *months, by_definition=True)]
    hospital, units = key(unit="ga"), [key(unit="ga-cop"), key(unit="ga-dagkir")]
    assert guess(hospital, *units, by_definition=True) in beliefs({hospital: 9, units[0]: None})
    over = beliefs({hospital: 3, units[0]: 4, units[1]: None})
    assert guess(hospital, units[1], whole=False, by_definition=True) in over


def procedures(group: float | None, *codes: float | None) -> list[Relation]:
    names = [key(procedure=name) for name in ("hernia", "JAB30", "JAD10")]
    return beliefs(dict(zip(names, (group, *codes), strict=False)))


def test_codes_are_parts_of_their_group_where_that_tells_something() -> None:
    """Something is hidden, or so few are left that they are to be."""
    group, one, other = (key(procedure=name) for name in ("hernia", "JAB30", "JAD10"))

    assert procedures(20, 16) == [guess(group, one, whole=False)]
    assert procedures(20, 15) == []
    assert procedures(20, 20) == []
    assert procedures(20, 21) == []
    assert procedures(20, None) == [guess(group, one, whole=False)]
    assert procedures(None, 16) == [guess(group, one, whole=False)]
    assert procedures(40, 20, 17)[-1] == guess(group, one, other, whole=False)
    assert procedures(40, 20, 15) == []


def test_procedures_of_the_same_codes_are_all_of_each_other() -> None:
    """By what their codes are, whatever is hidden."""
    one, other = (key(procedure=name) for name in ("gallbladder", "galla"))

    assert beliefs({one: None, other: 7}) == [guess(other, one), guess(one, other)]


def test_codes_that_are_all_of_a_wider_group_are_all_of_a_narrower_one() -> None:
    """By the numbers of the year, or of the county, or of both."""
    wide = {key(procedure=p, time="2025"): 60.0 for p in ("gallbladder", "JKA21")}
    for narrow in (
        {"time": "2025-03"},
        {"time": "2025", "unit": "x"},
        {"time": "2025-03", "unit": "x"},
    ):
        total, part = (key(procedure=p, **narrow) for p in ("gallbladder", "JKA21"))
        cells = {**wide, total: None, part: 7.0}
        assert guess(total, part) in beliefs(cells)
        assert guess(total, part, whole=False) in beliefs(
            {**cells, key(procedure="JKA21", time="2025"): 50}
        )
        assert guess(total, part, whole=False) in beliefs(
            {**cells, key(procedure="JKA21", time="2025"): None}
        )


def test_children_that_are_all_of_a_wider_group_are_all_of_a_narrower_one() -> None:
    """Others elsewhere change nothing, unless wider numbers leave somebody or are not seen."""
    narrow = [key(sex="F"), key(sex="F", vo="a"), key(sex="F", vo="b")]
    wide = {ALL: 100.0, A: 60.0, B: 40.0}
    cells = {**wide, narrow[0]: 50.0, narrow[1]: 30.0, narrow[2]: None}
    elsewhere = {key(time="2024", vo="c"): 9.0}

    assert guess(*narrow) in beliefs({**cells, **elsewhere})
    assert guess(*narrow, whole=False) in beliefs({**cells, **elsewhere, B: 30.0})
    assert guess(*narrow, whole=False) in beliefs({**cells, **elsewhere, B: None})
    assert guess(*narrow, whole=False) in beliefs({**cells, **elsewhere, ALL: None})
    timed = [key(time="2025"), key(time="2025", vo="a"), key(time="2025", vo="b")]
    other_time = {**wide, timed[0]: 50.0, timed[1]: 30.0, timed[2]: None}
    assert guess(*timed, whole=False) in beliefs({**other_time, **elsewhere})


SITES: Sequence[Cells] = (
    {ALL: 100, A: 60, B: 40},
    {ALL: 100, A: 60, B: 30, C: 5},
    {ALL: 100, A: 60, B: 40, key(time="2024", vo="c"): 9, key(sex="F"): 50,
     key(sex="F", vo="a"): 30, key(sex="F", vo="b"): 20},
    {key(procedure="hernia"): 40, key(procedure="JAB30"): 20, key(procedure="JAD10"): 20},
    {key(procedure=p, time=t): n for t, n in (("2025", 60), ("2025-03", 7))
     for p in ("gallbladder", "JKA21")},
    {key(time=f"2025-0{m}"): 10 for m in (1, 2, 3)} | {key(time="2025-Q1"): 30},
)  # fmt: skip


@pytest.mark.parametrize("site", SITES)
def test_what_is_hidden_later_is_believed_as_if_it_had_been_hidden_at_first(site: Cells) -> None:
    """Each cell after each other, asked in between or not."""
    for first in site:
        for second in site:
            cells = dict(site)
            found = Beliefs(Exposure(cells), NESTING, K)
            assert list(found.relations()) == beliefs(site)
            for hidden in (first, second):
                cells[hidden] = None
                found.hide([hidden])
                assert list(found.relations()) == beliefs(dict(cells))
                assert list(found.relations()) == beliefs(dict(cells))
