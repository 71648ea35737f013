"""The front page says what left its limits, which targets are missed, and how many queues."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lpe_reports.build.runs import RunStatus
from lpe_reports.display.blocks import Tone
from lpe_reports.render.cards import Card, Kind, Queues, Signal
from lpe_reports.render.edition import Edition
from lpe_reports.render.indexes.front import front_page
from lpe_reports.warehouse.nights.manifest import Manifest
from sample_night import FULL_NIGHT
from sample_site import NIGHT, make_project, read_params, sample_run, site_of, spot

Front = Callable[..., str]
_WORDS = {
    ("target", "good"): "når målet",
    ("target", "bad"): "under målet",
    ("limits", "good"): "högre än vanligt",
    ("limits", "bad"): "lägre än vanligt",
    ("limits", "flag"): "högre än vanligt",
    ("lasting", "good"): "högre än vanligt sedan v. 9",
    ("near", "bad"): "nära sin undre gräns",
}


def signal(label: str, kind: Kind, tone: Tone, distance: float = 0.0) -> Signal:
    """A judged figure at this distance from its target."""
    words = _WORDS[kind, tone]
    target = "100" if kind == "target" else ""
    return Signal(
        label=label, value="80", tone=tone, words=words, kind=kind, target=target, distance=distance
    )


@pytest.fixture
def front(tmp_path: Path) -> Front:
    """The front page of a site whose newest page of Ortopedi makes these judgements."""
    project = make_project(tmp_path)
    params = read_params(project)
    page = spot(params, "weekly", "ortopedi", "2026-W19")
    site = site_of(project, params, page)

    def made(*signals: Signal, **more: object) -> str:
        card = Card(title="Sidan", signals=signals).model_copy(update=more)
        edition = Edition(site, NIGHT, cards={page.address: card})
        return front_page(edition).markdown.replace("\\", "")

    return made


@pytest.mark.parametrize(
    ("tones", "lead"),
    [
        (["bad"], "är ett nyckeltal sämre än vanligt och inget bättre."),
        (["good"], "är ett nyckeltal bättre än vanligt och inget sämre."),
        (["bad", "bad", "good"], "är två nyckeltal sämre än vanligt och ett bättre."),
        (["flag"], "är ett nyckeltal ovanligt."),
        (["flag", "flag"], "är två nyckeltal ovanliga."),
        (
            ["good", "flag"],
            "är ett nyckeltal bättre än vanligt och inget sämre. Därtill är ett ovanligt.",
        ),
    ],
)
def test_the_lead_tells_how_many_left_their_limits(
    front: Front, tones: list[Tone], lead: str
) -> None:
    """None, one and several have their own words."""
    page = front(*(signal(f"F{n}", "limits", tone) for n, tone in enumerate(tones)))

    assert f'lead: "I de senaste rapporterna {lead}"' in page


@pytest.mark.parametrize(
    ("tones", "lead"),
    [
        (["bad"], "Det enda målet nås inte."),
        (["good"], "Det enda målet nås."),
        (["good", "good"], "Alla två målen nås."),
        (["bad", "bad"], "Av två mål nås inget."),
        (["bad", "good", "bad"], "Av tre mål nås ett."),
    ],
)
def test_the_lead_tells_how_many_targets_are_met(
    front: Front, tones: list[Tone], lead: str
) -> None:
    """Every target is counted once, and that nothing left its limits is said too."""
    page = front(*(signal(f"F{n}", "target", tone) for n, tone in enumerate(tones)))

    calm = "I de senaste rapporterna ligger inget nyckeltal utanför sina vanliga gränser."
    assert f'lead: "{calm} {lead}"' in page


def test_the_lead_is_the_offices_own_where_nothing_is_judged(front: Front) -> None:
    """No claim is made of what nobody judged."""
    page = front()

    assert "Här visar Länsplaneringsenheten" in page
    assert "Signaler" not in page
    assert "Mot målen" not in page


def test_a_value_near_its_limit_is_no_signal(front: Front) -> None:
    """What is still usual is noise on a front page; what has lasted stands behind a button."""
    page = front(signal("Nära", "near", "bad"), signal("Länge", "lasting", "good"))

    assert "Nära" not in page
    assert "<summary>Har legat annorlunda en tid (1)</summary>" in page
    assert "ligger inget nyckeltal utanför sina vanliga gränser." in page


def test_the_farthest_from_its_target_comes_first(front: Front) -> None:
    """Worst first, each with its target; how many are shown is said, the others are behind it."""
    page = front(*(signal(f"F{n}", "target", "bad", distance=n / 10) for n in range(1, 9)))

    places = [page.index(f"F{n} <b>80</b>, mål\u00a0100") for n in range(8, 0, -1)]
    assert places == sorted(places)
    assert page.index("F3 <b>") < page.index("<summary>Visar 6 av 8. Visa resten</summary>")
    assert page.index("<summary>Visar 6 av 8") < page.index("F2 <b>")


def test_queues_over_the_guarantee_are_so_many_of_so_many(front: Front) -> None:
    """Of all units that tell; nothing is said where none does."""
    page = front(queues=Queues(over=6, queues=14))

    assert '<dd class="n">6 av 14</dd>' in page
    assert "Vecka 19 2026, ett verksamhetsområde" in page
    assert "vårdgarantin" not in front()


def test_the_front_page_is_the_same_whatever_was_made_anew(tmp_path: Path) -> None:
    """Else each night would be a new version; what is new stands on a page of its own."""
    project = make_project(tmp_path)
    params = read_params(project)
    page = spot(params, "weekly", "ortopedi", "2026-W19")
    site, built = site_of(project, params, page), sample_run(project)

    first = front_page(Edition(site, NIGHT, runs=[built])).markdown
    again = front_page(Edition(site, NIGHT, runs=[replace(built, status=RunStatus.REUSED)]))

    assert again.markdown == first
    assert 'href="nytt/index.html"' in first


@pytest.mark.parametrize(
    ("night", "said"),
    [
        (replace(FULL_NIGHT, source="demo", demo=True), "Alla uppgifter på sidorna är påhittade."),
        (FULL_NIGHT, "nya väntas senast"),
    ],
)
def test_the_front_page_tells_how_fresh_it_is(tmp_path: Path, night: Manifest, said: str) -> None:
    """Made-up data never grow old; others say when new ones are due."""
    project = make_project(tmp_path)
    params = read_params(project)
    site = site_of(project, params, spot(params, "weekly", "ortopedi", "2026-W19"))

    text = front_page(Edition(site, NIGHT, manifest=night)).markdown

    assert '<dd class="n">11 maj 2026</dd>' in text
    assert said in text
    assert ("nya väntas senast" in text) != night.demo
