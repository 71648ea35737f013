"""The utilisation sentence: true for a month that is over, one under way, and one without time."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from lpe_reports.display.answers import utilisation
from lpe_reports.display.page import Page
from lpe_reports.display.series.model import Point, Series
from lpe_reports.display.tables import Target

OpenPage = Callable[..., Page]


class Told:
    """A page whose three series have these last values, and these before."""

    def __init__(self, page: Page, now: list[float | None], before: list[float | None]) -> None:
        self.ongoing, self.subject, self.period = page.ongoing, page.subject, page.period
        made = page.measures(["aacd_raw", "under_use", "over_use"], last=2)
        self._series = [
            _with(one, value, was) for one, value, was in zip(made, now, before, strict=True)
        ]

    def measures(self, *_: Any, **__: Any) -> list[Series]:
        return self._series


def _with(series: Series, now: float | None, before: float | None) -> Series:
    label = "de tio första dagarna i april" if series.ongoing else "förra månaden"
    told = replace(series, before=Point(before), before_label=label, targets=(Target(0.8, "up"),))
    object.__setattr__(told, "points", (Point(before), Point(now)))
    return told


def sentence(page: Page, now: list[float | None], before: list[float | None]) -> str:
    return utilisation.summary(cast(Page, Told(page, now, before)))


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (
            [0.765, 178.2, 29.0], [0.774, 190.0, 26.0],
            "Patienter var på sal 76,5 % av passtiden, 3,5 procentenheter under målet 80 %. Av "
            "passtiden användes 178 timmar inte, tolv färre än förra månaden, och 29 timmar låg "
            "utanför passen, tre fler än förra månaden.",
        ),
        (
            [0.8, 1.2, 0.0], [0.8, 1.4, 0.0],
            "Patienter var på sal 80,0 % av passtiden, precis målet 80 %. Av passtiden användes "
            "en timme inte, lika många som förra månaden, och 0 timmar låg utanför passen, lika "
            "många som förra månaden.",
        ),
        (
            [0.85, 20.0, 40.0], [None, None, None],
            "Patienter var på sal 85,0 % av passtiden, 5,0 procentenheter över målet 80 %. Av "
            "passtiden användes 20 timmar inte, och 40 timmar låg utanför passen.",
        ),
    ],
)  # fmt: skip
def test_a_month_is_told_as_it_was(
    open_page: OpenPage, now: list[float | None], before: list[float | None], said: str
) -> None:
    """Falling, flat and without a month before; one hour is an hour."""
    page = open_page("bo-opc", "2026-04", report="utilisation")

    assert sentence(page, now, before).replace("\u00a0", " ") == said


def test_a_month_under_way_is_told_so_far(open_page: OpenPage) -> None:
    """What has been, and against as many days."""
    page = open_page("bo-opc", "2026-05", report="utilisation")

    said = sentence(page, [0.746, 50.0, 5.0], [0.75, 52.0, 6.0]).replace("\u00a0", " ")

    assert said == (
        "Hittills har patienter varit på sal 74,6 % av passtiden, 5,4 procentenheter under målet "
        "80 %. Av passtiden har 50 timmar inte använts, två färre än de tio första dagarna i "
        "april, och 5 timmar har legat utanför passen, en färre än de tio första dagarna i april."
    )


@pytest.mark.parametrize(
    ("period", "when"), [("2026-04", "under april 2026"), ("2026-05", "hittills under maj 2026")]
)
def test_a_month_without_sessions_says_so(open_page: OpenPage, period: str, when: str) -> None:
    """Nothing is claimed of time that was not there."""
    page = open_page("bo-opc", period, report="utilisation")

    said = sentence(page, [None, None, None], [None, None, None])

    assert said == f"Operationscentrum Bollnäs har inte haft några öppna salspass {when}."
