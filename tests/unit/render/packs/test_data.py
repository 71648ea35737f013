"""The words of a pack's own sheets: true of its signals, whatever they are."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lpe_reports.params.loading import Params, load_params
from lpe_reports.params.packs import Pack, PackChapter
from lpe_reports.params.reports import Window
from lpe_reports.periods import PeriodKind, parse_period
from lpe_reports.render.cards import Card, Signal
from lpe_reports.render.packs.data import pack_data
from lpe_reports.render.packs.planned import Absence, PlannedPack
from lpe_reports.settings import Project
from sample_site import make_project, spot

LEFT = Signal(label="Salar", value="9", tone="bad", words="lägre än vanligt", kind="limits")
BETTER = Signal(label="Andel", value="80 %", tone="good", words="stiger sedan v. 9", kind="lasting")
NEAR = Signal(label="Andel", value="70 %", tone="flag", words="nära sin undre gräns", kind="near")
REACHED = Signal(label="Knän", value="25", tone="good", words="över målet", kind="target")


def missed(distance: float) -> Signal:
    """A figure so far from its target."""
    return Signal(
        label=f"Höfter {distance}", value="20", tone="bad", words="under målet",
        kind="target", target="24", distance=distance,
    )  # fmt: skip


@pytest.fixture(scope="module")
def params(tmp_path_factory: pytest.TempPathFactory) -> Params:
    """The real params."""
    project: Project = make_project(tmp_path_factory.mktemp("project"))
    return load_params(project)


def planned(params: Params, *, absences: tuple[Absence, ...] = ()) -> PlannedPack:
    """A week's pack of two pages of the week, and one of a month."""
    weekly = params.reports["weekly"]
    chapters = (PackChapter(weekly, ("ortopedi", "kirurgi"), PeriodKind.WEEK),)
    window = Window(kind=PeriodKind.WEEK, last=1)
    pages = (
        spot(params, "weekly", "ortopedi", "2026-W19"),
        spot(params, "weekly", "kirurgi", "2026-W19"),
        spot(params, "utilisation", "ga-cop", "2026-04"),
    )
    pack = Pack("mote", "Möte", "Beslut.", window, chapters)
    return PlannedPack(pack, parse_period("2026-W19"), pages, absences)


def data(params: Params, *signals: tuple[Signal, ...]) -> dict[str, Any]:
    """The data of the pack whose pages have these signals."""
    pack = planned(params)
    cards = {
        page.address: Card(title=page.subject.name, summary="Allt väl.", signals=given)
        for page, given in zip(pack.pages, (*signals, *[()] * 3), strict=False)
    }
    return pack_data(pack, cards, params.site, made_up=False)


@pytest.mark.parametrize(
    ("signals", "lead"),
    [
        ((), "Inget nyckeltal har lämnat sina egna gränser, och inget missar ett mål."),
        ((NEAR,), "Inget nyckeltal har lämnat sina egna gränser, och inget missar ett mål."),
        ((LEFT,), "Ett nyckeltal har lämnat sina egna gränser, och inget missar ett mål."),
        (
            (LEFT, BETTER, missed(0.2), REACHED, NEAR),
            "Två nyckeltal har lämnat sina egna gränser. Ett når inte målet och ett når det.",
        ),
        (
            (REACHED,),
            "Inget nyckeltal har lämnat sina egna gränser. Inget missar sitt mål och ett når det.",
        ),
    ],
)
def test_the_lead_counts_what_the_pages_say(
    params: Params, signals: tuple[Signal, ...], lead: str
) -> None:
    """Left limits, missed and reached targets; noise is not counted."""
    assert data(params, signals)["lead"] == lead


def test_signals_are_those_that_left_their_limits_then_missed_targets(params: Params) -> None:
    """The bad before the good, the farthest from its target first; each leads to its page."""
    found = data(params, (BETTER, missed(0.1)), (LEFT, missed(0.3)), (NEAR, missed(0.2)))

    rows = {part["heading"]: part["rows"] for part in found["signals"]}
    assert [(row["name"], row["label"]) for row in rows["Har lämnat sina egna gränser"]] == [
        ("Kirurgi", "Salar"), ("Ortopedi", "Andel"),
    ]  # fmt: skip
    assert [(row["page"], row["label"]) for row in rows["Når inte målet"]] == [
        ("p2", "Höfter 0.3"), ("p3", "Höfter 0.2"), ("p1", "Höfter 0.1"),
    ]  # fmt: skip
    # What is not of the pack's own week says of when it is.
    assert [row["name"] for row in rows["Når inte målet"]] == [
        "Kirurgi", "Centraloperation Gävle, april 2026", "Ortopedi",
    ]  # fmt: skip


def test_a_long_list_of_signals_is_cut_and_says_so(params: Params) -> None:
    """Nobody takes the first for all."""
    signals = tuple(missed(n / 100) for n in range(1, 21))

    (part,) = data(params, signals)["signals"]
    assert len(part["rows"]) == 14
    assert part["cut"] == "visar 14 av 20"
    assert part["rows"][0]["label"] == "Höfter 0.2"


def test_pages_stand_under_their_reports(params: Params) -> None:
    """With the names that the template gives them."""
    chapters = data(params)["chapters"]

    assert [(each["title"], [page["id"] for page in each["pages"]]) for each in chapters] == [
        ("Veckouppföljning", ["p1", "p2"]),
        ("Nyttjandegrad", ["p3"]),
    ]
    assert chapters[0]["pages"][0]["address"] == (
        "uppfoljning/veckouppfoljning/ortopedi/2026-W19.html"
    )


def test_what_is_missing_is_said_in_a_sentence(params: Params, tmp_path: Path) -> None:
    """Report, period, units, why."""
    absence = Absence(
        params.reports["weekly"], parse_period("2026-W19"), ("Ögon", "Kirurgi"), "saknas"
    )
    pack = replace(planned(params), absences=(absence,))
    cards = {page.address: Card(title="T") for page in pack.pages}

    told = pack_data(pack, cards, params.site, made_up=True)

    assert told["absences"] == [
        {"what": "Veckouppföljning, vecka 19 2026", "units": "Ögon och Kirurgi", "why": "saknas"}
    ]
    assert told["made_up"]
