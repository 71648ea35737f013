"""The weekly answers: queues over the guarantee, whom a section is about."""

from collections.abc import Callable

import pandas as pd
import pytest

from lpe_reports.display.answers import followup
from lpe_reports.display.answers.lists import on_list, queue_columns
from lpe_reports.display.markup.texts import figure_comparisons, figure_number
from lpe_reports.display.page import Page
from page_office import FEW, OVER_THE_LIMIT, WAITING

OpenPage = Callable[..., Page]


@pytest.mark.parametrize("unit", ["ortopedi", "operation-bollnas"])
def test_queues_are_so_many_of_so_many(open_page: OpenPage, unit: str) -> None:
    """60 wait in Bollnäs, 18 of them past the limit; three in Hudiksvall are no queue."""
    table = followup.queues_over_limit(open_page(unit))

    assert (WAITING[-1], OVER_THE_LIMIT, FEW) == (60, 18, 3)
    assert table.cells() == ((1, 1),)


def test_queues_of_nobody_are_missing_and_not_none(open_page: OpenPage) -> None:
    """Nobody waits for Kirurgi that night: no row, so that the figure reads as missing."""
    assert followup.queues_over_limit(open_page("kirurgi")).cells() == ()


def test_the_week_before_is_asked_of_its_own_night(open_page: OpenPage) -> None:
    """The list as it stood when the week began; none where no night is near enough."""
    known = followup.queues_over_limit(open_page(period="2026-W13"), of_before=True)
    unknown = followup.queues_over_limit(open_page(period="2026-W05"), of_before=True)

    assert known.cells() == ((1, 1),)
    assert unknown.cells() == ()


@pytest.mark.parametrize(("past", "told"), [(18, 2), (3, None), (0, 0)])
def test_queues_past_the_limit_go_where_their_people_go(
    open_page: OpenPage, past: int, told: int | None
) -> None:
    """In two queues somebody is past the limit, and so are one to four: it would pin them."""
    page = open_page()
    frame = pd.DataFrame({"queues": [4], "over": [min(past, 2)], "past": [past]})

    table = page.protect(
        frame, table="queues_over_limit", columns=queue_columns(), about=on_list(page, "operation")
    )

    assert table.cells() == ((4, told),)


def test_the_figure_says_of_how_many(open_page: OpenPage) -> None:
    """1 av 1, and what it was the week before."""
    page = open_page()
    now = followup.queues_over_limit(page)
    before = followup.queues_over_limit(page, of_before=True)

    figure = page.key_figure(
        now, "over", label="Köer", before=before, before_label=followup.before_label(page)
    )

    assert figure_number(figure) == ("1", "av 1")
    assert figure.before_label == "förra veckan"
    assert figure_comparisons(figure) == ["oförändrat"]


@pytest.mark.parametrize(
    ("unit", "about", "said"),
    [
        ("ortopedi", "production", "Operationscentrum Bollnäs, ortopedi, genomförda operationer"),
        ("onh", "production", "alla operationsenheter, öron, näsa och hals, genomförda"),
        (
            "ortopedi",
            "list",
            "Ortopedi, väntande vid de enheter som visas, på måndagen efter varje",
        ),
        ("ortopedi", "flows", "Operationscentrum Bollnäs, ortopedi, genomförda operationer"),
        (
            "ortopedi",
            "surgeons",
            "Operationscentrum Bollnäs, genomförda operationer per vecka, kir",
        ),
        ("operation-bollnas", "operated", "alla verksamhetsområden, elektiva operationer"),
    ],
)
def test_a_section_says_whom_it_is_about(
    open_page: OpenPage, unit: str, about: str, said: str
) -> None:
    """The unit's own name, in the middle of a sentence without its capital."""
    assert followup.selection(open_page(unit), about=about).startswith(said)
