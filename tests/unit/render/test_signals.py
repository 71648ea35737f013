"""Signals: only of whole periods, each once, the newest first; queues of the whole county."""

from datetime import date
from pathlib import Path

import pytest

from lpe_reports.display.blocks import KeyFigure
from lpe_reports.display.series import judging
from lpe_reports.display.tables import Target
from lpe_reports.params.loading import Params
from lpe_reports.render.cards import Card, Kind, Queues, Signal, kind_of
from lpe_reports.render.edition import Edition
from lpe_reports.render.indexes import signals
from lpe_reports.settings import Project
from sample_site import make_project, read_params, site_of, spot

NIGHT = date(2026, 5, 14)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


@pytest.fixture
def params(project: Project) -> Params:
    return read_params(project)


def judged(label: str, kind: Kind = "limits", **more: object) -> Signal:
    given = {"value": "80", "tone": "bad", "words": "lägre än vanligt", "kind": kind}
    return Signal.model_validate({"label": label, **given, **more})


Key = tuple[str, str, str]


def edition_of(project: Project, params: Params, cards: dict[Key, Card]) -> Edition:
    """A version of these pages: report, unit and period."""
    pages = {spot(params, *key).address: (spot(params, *key), card) for key, card in cards.items()}
    site = site_of(project, params, *(page for page, _ in pages.values()))
    return Edition(site, NIGHT, cards={address: card for address, (_, card) in pages.items()})


def test_a_period_under_way_is_not_asked(project: Project, params: Params) -> None:
    """The newest whole page speaks, not the newer one that is not done, nor an older one."""
    cards = {
        ("weekly", "ortopedi", "2026-W20"): Card(
            title="20", ongoing=True, signals=(judged("pågår"),)
        ),
        ("weekly", "ortopedi", "2026-W19"): Card(title="19", signals=(judged("nu"),)),
        ("weekly", "ortopedi", "2026-W18"): Card(title="18", signals=(judged("då"),)),
    }
    edition = edition_of(project, params, cards)

    found = signals.figures(edition, signals.whole_pages(edition), ("limits",))

    assert [one.signal.label for one in found] == ["nu"]


def test_a_page_without_a_card_is_whole_where_its_period_is_over(
    project: Project, params: Params
) -> None:
    """A page kept from before says nothing of itself; its period does."""
    pages = [spot(params, "weekly", "ortopedi", week) for week in ("2026-W20", "2026-W19")]
    edition = Edition(site_of(project, params, *pages), NIGHT)

    assert [page.period.id for page in signals.whole_pages(edition)] == ["2026-W19"]


def test_newest_come_first_and_limits_before_what_has_lasted(
    project: Project, params: Params
) -> None:
    """Of periods that end together, those that left their limits come first."""
    lasting = judged("länge", "lasting", words="lägre än vanligt sedan v. 12")
    cards = {
        ("utilisation", "hu-cop", "2026-04"): Card(title="april", signals=(judged("månad"),)),
        ("weekly", "ortopedi", "2026-W19"): Card(title="19", signals=(lasting, judged("vecka"))),
    }
    edition = edition_of(project, params, cards)

    found = signals.figures(edition, signals.whole_pages(edition), ("limits", "lasting"))

    assert [one.signal.label for one in found] == ["vecka", "länge", "månad"]


def test_a_figure_on_two_pages_is_one_with_both(project: Project, params: Params) -> None:
    """Ortopedi and Operation Bollnäs follow the same theatres; another value is another figure."""
    same = judged("Öppna salar, Bollnäs")
    cards = {
        ("weekly", unit, "2026-W19"): Card(title=unit, signals=(told,))
        for unit, told in (
            ("ortopedi", same),
            ("operation-bollnas", same),
            ("kirurgi", judged("Öppna salar, Bollnäs", value="81")),
        )
    }
    edition = edition_of(project, params, cards)

    found = signals.figures(edition, signals.whole_pages(edition), ("limits",))

    units = [[page.subject.id for page in one.spots] for one in found]
    assert sorted(map(sorted, units)) == [["kirurgi"], ["operation-bollnas", "ortopedi"]]


def test_the_countys_queues_are_the_sum_of_the_units_own(project: Project, params: Params) -> None:
    """The page of a unit that is all the others' (`all_vo`) is left out, and so are older weeks."""
    told = {
        ("ortopedi", "2026-W19"): (3, 8),
        ("kirurgi", "2026-W19"): (2, 5),
        ("operation-bollnas", "2026-W19"): (4, 9),
        ("ogon", "2026-W18"): (1, 1),
    }
    cards = {
        ("weekly", unit, week): Card(title=unit, queues=Queues(over=over, queues=all_))
        for (unit, week), (over, all_) in told.items()
    }

    found = signals.queues_of_all(edition_of(project, params, cards))

    assert found is not None
    assert (found[0].over, found[0].queues) == (5, 13)
    assert sorted(page.subject.id for page in found[1]) == ["kirurgi", "ortopedi"]


def test_queues_that_no_page_tells_of_are_not_counted(project: Project, params: Params) -> None:
    page = ("weekly", "ortopedi", "2026-W19")

    assert signals.queues_of_all(edition_of(project, params, {page: Card(title="a")})) is None


def test_every_judgement_is_of_a_known_kind() -> None:
    """The words that series are judged by tell what the judgement is about."""
    target = Target(10.0, "up")
    downward = Target(10.0, "down")
    words = [target.judge(11)[1], target.judge(9)[1], downward.judge(11)[1]]
    kinds = {
        cause: {
            kind_of(said.format(since="v. 12", more="fler"))
            for (found, _), said in judging._WORDS.items()
            if found == cause
        }
        for cause in ("outside", "two_of_three", "trend", "shift")
    }

    assert {kind_of(said) for said in words} == {"target"}
    assert kinds == {
        "outside": {"limits"},
        "two_of_three": {"near"},
        "trend": {"lasting"},
        "shift": {"lasting"},
    }
    assert kind_of(judging.COMMON) == "other"


def test_a_hidden_figure_makes_no_signal() -> None:
    """Neither its judgement nor what it is a part of reaches a card."""
    from lpe_reports.render.cards import _signals

    figure = KeyFigure(
        id="a", label="A", value=None, type="count", hidden=True, judgements=(("bad", "x"),)
    )

    assert _signals(figure) == []
