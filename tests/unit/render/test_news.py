"""Nytt sedan förra versionen: what a reader is told of what has changed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from lpe_reports.build.runs import FailureKind, RunFailure, RunStatus
from lpe_reports.render.changes.compare import (
    Changes,
    Comparison,
    FigureChange,
    PageChange,
    PageName,
    TableChange,
)
from lpe_reports.render.edition import Edition
from lpe_reports.render.indexes.news import news_page
from sample_site import NIGHT, make_project, read_params, sample_run, site_of, spot

WEEK = PageName(
    "uppfoljning/veckouppfoljning/ortopedi/2026-W18.html",
    "Ortopedi, vecka 18 2026",
    "weekly",
    "ortopedi",
    "2026-W18",
)


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    project = make_project(tmp_path)
    params = read_params(project)
    page = spot(params, "weekly", "ortopedi", "2026-W19")
    failed = RunFailure(FailureKind.RAISED, "cell 7 raised KeyError", words="cell 7 gick fel")
    runs = [
        sample_run(project, period="2026-W19"),
        sample_run(project, period="2026-W17", status=RunStatus.FAILED, error=failed),
    ]
    return Edition(site_of(project, params, page), NIGHT, runs=runs)


def told(edition: Edition, changes: Changes) -> str:
    compared = Comparison("2026-05-10", date(2026, 5, 9), changes)
    return news_page(replace(edition, compared=compared)).markdown.replace("\\", "")


def figure(before: float | None, after: float | None, **more: object) -> FigureChange:
    plain = FigureChange("x", "Väntat högst 90 dagar", "share", "", before, after, hidden=False)
    return replace(plain, **more)  # type: ignore[arg-type]


def test_the_first_version_says_that_it_is(edition: Edition) -> None:
    """There is nothing to compare it with."""
    assert "Det finns ingen tidigare version att jämföra med." in news_page(
        edition
    ).markdown.replace("\\", "")


def test_nothing_changed_is_said_plainly(edition: Edition) -> None:
    """With the version that it was compared with, and its night."""
    text = told(edition, Changes(same=12))

    expected = (
        "Inga tal skiljer sig från versionen 2026-05-10, med uppgifter till och med 9 maj 2026."
    )
    assert expected in text


def test_what_changed_of_the_past_comes_first_with_its_figures(edition: Edition) -> None:
    """Before and after in Swedish; cells by table; and what is hidden is told of nobody."""
    hidden = figure(None, None, label="Dold", hidden=True)
    change = PageChange(
        WEEK,
        over=True,
        figures=(figure(0.705, 0.71), figure(None, 3, label="Salar", type="count"), hidden),
        tables=(TableChange("t", "Vecka för vecka", cells=1044, past=1044, hidden=2),),
    )

    text = told(edition, Changes(changed=(change,), new=(WEEK,)))

    assert "en ny sida och en sida med ändrade tal. På en sida har tal ändrats i efterhand." in text
    assert "Väntat högst 90 dagar: från 70,5\u00a0% till 71\u00a0%" in text
    assert "Salar: saknades, nu 3" in text
    assert "Vecka för vecka: 1\u00a0044" in text
    assert "Dold" not in text
    assert text.index("Ändrat i efterhand") < text.index("Nya sidor")
    assert 'href="../uppfoljning/veckouppfoljning/ortopedi/2026-W18.html"' in text


def test_numbers_of_what_is_under_way_are_no_past(edition: Edition) -> None:
    """They change every night; the page says that nothing was changed afterwards."""
    change = PageChange(WEEK, over=False, figures=(figure(0.2, 0.3),), tables=())

    text = told(edition, Changes(changed=(change,)))

    assert "en sida med ändrade tal. Inget har ändrats i efterhand." in text
    assert "Ändrat i efterhand</h2>" not in text
    assert "Veckouppföljning (1 sida)" in text


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        ({"report": "old"}, "rapporten görs inte längre."),
        ({"unit": "old"}, "enheten ingår inte längre i rapporten."),
        ({"period": "2026-W17"}, "sidan kunde inte göras."),
        ({"period": "2026-W01"}, "perioden visas inte längre."),
    ],
)
def test_a_page_that_is_gone_says_why(edition: Edition, gone: dict[str, str], why: str) -> None:
    """Its report, its unit, its run, or the window that has moved on."""
    text = told(edition, Changes(gone=(replace(WEEK, **gone),)))

    assert "en borttagen sida" in text
    assert f"Ortopedi, vecka 18 2026: {why}" in text


def test_a_long_list_is_cut_and_says_so(edition: Edition) -> None:
    """The JSON file has them all."""
    change = PageChange(WEEK, over=True, figures=(figure(1, 2),), tables=())

    text = told(edition, Changes(changed=(change,) * 50))

    assert "Visar 40 av 50 sidor." in text
    assert 'href="../diff.json"' in text
