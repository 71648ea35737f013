"""All pages as one outsider sees them: what hangs together, and what hiding more changes."""

import pytest

from lpe_reports.disclosure.exposure import Exposure, Mean, Relation
from lpe_reports.disclosure.groups import sum_key
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.pooled import Pool

pytestmark = pytest.mark.promise("disclosure", "No page gives away what another page hides")

ALL, ONE, TWO = "operated|time=2025", "operated|time=2025|unit=a", "operated|time=2025|unit=b"
FAR, PART, REST = "waiting|time=2025", "waiting|time=2025|unit=a", "waiting|time=2025|unit=b"
UNITS = Relation(ALL, (ONE, TWO), True)
QUEUE = Relation(FAR, (PART, REST), True)


def pool(*pages: Exposure, hide: tuple[str, ...] = ()) -> Pool:
    named = {f"page {number}": page for number, page in enumerate(pages)}
    return Pool(named, hide, Nesting(), 5)


def queue(hidden: bool = True) -> Exposure:
    return Exposure({FAR: 90, PART: None if hidden else 40, REST: None if hidden else 50}, (QUEUE,))


def test_what_one_page_shows_is_known_whatever_another_hides() -> None:
    """And what is hidden in the pool is known no more, with the statistics over it."""
    mean = sum_key(ONE, "wait_days")
    first = Exposure({ALL: 40, ONE: None}, (UNITS,))
    seen = pool(first, Exposure({ONE: 15, mean: 3.5}, means={mean: Mean(ONE, 3.5)}))
    assert (seen.value(ALL), seen.value(ONE), seen.value(mean)) == (40, 15, 3.5)
    assert seen.value(TWO) is None

    seen.hide([ONE, TWO])

    assert (seen.value(ALL), seen.value(ONE), seen.value(mean)) == (40, None, None)
    assert TWO not in seen.around([ONE])[0].cells


def test_what_is_hidden_from_the_beginning_is_hidden() -> None:
    """As if it had been hidden afterwards."""
    pages = Exposure({ALL: 40, ONE: 15, TWO: 25}, (UNITS,)), queue()
    before, after = pool(*pages, hide=(ONE, TWO)), pool(*pages)
    after.hide([ONE, TWO])

    assert {knot.unknown for knot in before.knots()} == {knot.unknown for knot in after.knots()}
    assert before.value(ONE) is None


def test_relations_hang_together_by_what_is_not_known_in_them() -> None:
    """Two queues are two knots; a relation without anything unknown is none."""
    hidden = Exposure({ALL: 40, ONE: None, TWO: None}, (UNITS,))
    knots = pool(hidden, queue()).knots()

    assert [(k.relations, k.unknown) for k in knots] == [
        ((UNITS,), {ONE, TWO}),
        ((QUEUE,), {PART, REST}),
    ]
    assert [k.keys for k in knots] == [{ALL, ONE, TWO}, {FAR, PART, REST}]
    assert pool(queue(hidden=False)).knots() == []


def test_two_divisions_hang_together_where_they_share_what_is_hidden() -> None:
    """Not where they share a number that is known."""
    asa = Relation(
        ONE, ("operated|asa=1|time=2025|unit=a", "operated|asa=2|time=2025|unit=a"), True
    )
    cells = {ALL: 40, TWO: None, ONE: None} | dict.fromkeys(asa.parts)
    together = pool(Exposure(cells, (UNITS, asa))).knots()
    apart = pool(Exposure({**cells, ONE: 15}, (UNITS, asa))).knots()

    assert [len(knot.relations) for knot in together] == [2]
    assert [len(knot.relations) for knot in apart] == [1, 1]


def test_around_a_group_lies_all_that_its_number_may_concern() -> None:
    """Also through a mean and the count that it is over; not what a zero stands in the way of."""
    mean = sum_key(ONE, "wait_days")
    far = sum_key(TWO, "wait_days")
    deep = Relation(TWO, ("operated|asa=1|time=2025|unit=b",), False)
    page = Exposure(
        {ALL: 40, ONE: None, TWO: 25, mean: 3.5, far: 2.5, deep.parts[0]: 9},
        (UNITS, deep),
        {mean: Mean(ONE, 3.5), far: Mean(TWO, 2.5)},
    )
    seen = pool(page, queue())
    seen.knots()

    exposure, counted = seen.around([ONE])

    assert set(exposure.relations) == {UNITS, deep}
    assert exposure.cells == page.cells
    assert exposure.means == page.means
    assert counted == {ONE: [mean], TWO: [far]}
    assert set(seen.around([PART])[0].cells) == {FAR, PART, REST}

    seen.hide([TWO])
    seen.knots()
    assert seen.around([ONE])[0].means == {mean: Mean(ONE, 3.5)}


def test_around_a_group_ends_where_there_is_nobody() -> None:
    """A zero has zeros beneath it, which concern nothing."""
    deep = Relation(TWO, ("operated|asa=1|time=2025|unit=b",), False)
    seen = pool(Exposure({ALL: 40, ONE: 40, TWO: 0, deep.parts[0]: 0}, (UNITS, deep)))
    seen.knots()

    assert set(seen.around([ONE])[0].relations) == {UNITS}
    assert set(seen.around([TWO])[0].relations) == {UNITS, deep}


def test_what_is_withheld_is_so_around_a_group_and_no_further() -> None:
    """A withheld cell may be nobody; one that is hidden elsewhere holds somebody."""
    page = Exposure({ALL: 40, ONE: None, TWO: None}, (UNITS,), withheld=frozenset({ONE}))
    seen = pool(page, Exposure({PART: None}, withheld=frozenset({PART})), queue())
    seen.knots()

    assert seen.around([ONE])[0].withheld == {ONE}
    assert seen.around([PART])[0].withheld == frozenset()


def test_a_knot_tells_until_enough_is_hidden_in_it() -> None:
    """One hidden part of a known total is told; of two neither is."""
    seen = pool(Exposure({ALL: 40, ONE: None, TWO: 37}, (UNITS,)))
    (knot,) = seen.knots()
    assert [told.key for told in seen.told(knot)] == [ONE]

    seen.hide([TWO])

    (knot,) = seen.knots()
    assert seen.told(knot) == []


def test_pages_together_say_who_is_withheld_only_where_no_page_hides_him_firmly() -> None:
    """Whatever their order, and however many there are."""
    withheld = Exposure({ONE: None, TWO: None}, withheld=frozenset({ONE, TWO}))
    firm = Exposure({ONE: None})
    other = Exposure({PART: None}, withheld=frozenset({PART}))
    shown = Exposure({REST: None, FAR: 9})

    for pages in ((withheld, firm, other, shown), (firm, shown, other, withheld)):
        assert pages[0].merged(pages[1:]).withheld == {TWO, PART}
    assert firm.merged([Exposure({ONE: 7})]).cells == {ONE: 7}
    assert Exposure({ONE: 7}).merged([Exposure({ONE: 8}), firm]).cells == {ONE: 7}
