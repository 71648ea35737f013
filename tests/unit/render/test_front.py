"""The front page counts figures, not judgements, and puts the worst first."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lpe_reports.display.blocks import Tone
from lpe_reports.periods import parse_period
from lpe_reports.render.cards import Card, Signal
from lpe_reports.render.edition import Edition
from lpe_reports.render.indexes.front import front_page
from lpe_reports.render.sitemap import PageSpot
from sample_site import NIGHT, make_project, read_params, site_of

Front = Callable[..., str]


def signal(label: str, tone: Tone, distance: float = 0.0) -> Signal:
    """A judged figure at this distance from its target."""
    words = {"good": "når målet", "bad": "under målet"}.get(tone, "preliminärt")
    return Signal(label=label, value="80", tone=tone, words=words, target="100", distance=distance)


@pytest.fixture
def front(tmp_path: Path) -> Front:
    """The front page of a site whose newest page makes these judgements."""
    project = make_project(tmp_path)
    params = read_params(project)
    report = params.reports["weekly"]
    spot = PageSpot(report, report.subject("ortopedi"), parse_period("2026-W19"))
    site = site_of(project, params, spot)

    def made(*signals: Signal) -> str:
        cards = {spot.address: Card(title="Sidan", signals=signals)}
        return front_page(Edition(site, NIGHT, cards=cards)).markdown.replace("\\", "")

    return made


@pytest.mark.parametrize(
    ("signals", "lead"),
    [
        ((signal("A", "bad"),), "behöver ett nyckeltal ses över och inget går bra."),
        ((signal("A", "good"),), "behöver inget nyckeltal ses över och ett går bra."),
        (
            (signal("A", "bad"), signal("B", "bad"), signal("C", "good")),
            "behöver två nyckeltal ses över och ett går bra.",
        ),
    ],
)
def test_the_lead_is_true_for_none_and_for_one(
    front: Front, signals: tuple[Signal, ...], lead: str
) -> None:
    """Nought and one have their own words."""
    assert f"I de senaste rapporterna {lead}" in front(*signals)


def test_a_figure_judged_badly_is_not_also_well(front: Front) -> None:
    """Under its target but better than usual is still under its target, and counted once."""
    page = front(signal("A", "bad"), signal("A", "good"), signal("B", "good"))

    assert "behöver ett nyckeltal ses över och ett går bra." in page
    assert "A <b>80" not in page.split("Går bra")[1]


def test_the_farthest_from_its_target_comes_first(front: Front) -> None:
    """Worst first, each with its target; how many are shown is said, the others are behind it."""
    page = front(*(signal(f"F{n}", "bad", distance=n / 10) for n in range(1, 5)))

    places = [page.index(f"F{n} <b>80</b>, mål\u00a0100") for n in (4, 3, 2, 1)]
    assert places == sorted(places)
    assert "<summary>Visar 2 av 4. Visa alla</summary>" in page
