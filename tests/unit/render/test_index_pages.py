"""Units, reports, status and colours: the newest whole first, and everything explained."""

from dataclasses import replace
from pathlib import Path

import pytest

from lpe_reports.build.runs import RunStatus
from lpe_reports.display.palette import MEANINGS, SHADES
from lpe_reports.params.loading import Params
from lpe_reports.periods import parse_period
from lpe_reports.render.cards import Card
from lpe_reports.render.edition import Edition
from lpe_reports.render.indexes.colours import colours_page
from lpe_reports.render.indexes.newest import units_with_links
from lpe_reports.render.indexes.overview import brief, overview
from lpe_reports.render.indexes.reports import report_pages
from lpe_reports.render.indexes.status import status_page
from lpe_reports.render.indexes.units import unit_pages
from lpe_reports.settings import Project
from sample_site import NIGHT, make_project, read_params, sample_run, site_of, spot


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


@pytest.fixture
def params(project: Project) -> Params:
    return read_params(project)


@pytest.fixture
def edition(project: Project, params: Params) -> Edition:
    """Hudiksvall's May is under way; Ortopedi has two weeks; a procedure has its year."""
    keys = [
        ("utilisation", "hu-cop", "2026-05"),
        ("utilisation", "hu-cop", "2026-04"),
        ("utilisation", "hu-cop", "2026-03"),
        ("lead_times", "hu-cop", "2026-04"),
        ("weekly", "ortopedi", "2026-W19"),
        ("weekly", "ortopedi", "2026-W18"),
        ("procedure", "NGB49", "2025"),
    ]
    spots = [spot(params, *key) for key in keys if key[0] in params.reports]
    cards = {
        page.address: Card(
            title=f"{page.subject.name}, {page.period.long}",
            ongoing=not page.period.is_over(NIGHT),
            summary=f"Så var {page.period.long}.",
        )
        for page in spots
    }
    runs = [
        replace(sample_run(project, report, unit, "2026-W19"), status=status)
        for report, unit, status in (
            ("weekly", "ortopedi", RunStatus.BUILT),
            ("weekly", "kirurgi", RunStatus.REUSED),
            ("procedure", "NGB49", RunStatus.FAILED),
        )
    ]
    return Edition(site_of(project, params, *spots), NIGHT, runs=runs, cards=cards)


def markdown_of(edition: Edition, address: str) -> str:
    pages = [*report_pages(edition), *unit_pages(edition)]
    return next(page.markdown for page in pages if page.address == address)


def test_a_units_page_tells_the_newest_whole_period_before_the_one_under_way(
    edition: Edition,
) -> None:
    """April is whole and is marked so; May follows; March is a link."""
    text = markdown_of(edition, "enheter/hu-cop/index")

    whole = text.index('2026-04.html">April 2026</a></b> <span class="tag">senaste hela</span>')
    ongoing = text.index('2026-05.html">Maj 2026</a> <span class="tag flag">pågår</span></b>')
    earlier = text.index('2026-03.html">Mars 2026</a>')
    assert whole < ongoing < earlier
    assert text.count("senaste hela") == len(edition.site.reports_about("hu-cop"))


def test_a_reports_page_has_a_column_of_what_is_under_way_where_anything_is(
    edition: Edition,
) -> None:
    """Weeks have none on a Monday, months have."""
    months = markdown_of(edition, "nyttjande/nyttjandegrad/index")
    weeks = markdown_of(edition, "uppfoljning/veckouppfoljning/index")

    assert ">Pågår</th>" in months
    assert ">2026-05</a></td>" in months
    assert ">Pågår</th>" not in weeks
    assert '2026-W19.html">Vecka 19 2026</a></td>' in weeks
    assert '2026-W18.html">2026-18</a></td>' in weeks


def test_the_overview_leads_to_the_newest_whole_page_and_says_it_aloud(edition: Edition) -> None:
    """A period in a word, read with its report and unit; procedures stand in a row of their own."""
    text = overview(edition, "index")

    assert "2026-05.html" not in text
    assert (
        'href="jamlik-vard/vantetid-per-atgard/ngb49/2025.html">'
        "Primär totalprotes i knäled med cement (NGB49)</a>" in text
    )
    if "lead_times" in edition.site.params.reports:
        spoken = '<span class="words">, Nyttjandegrad, Centraloperation Hudiksvall</span>'
        assert f'2026-04.html">April{spoken}</a>' in text


def test_a_readers_own_unit_tells_what_happened_last(edition: Edition) -> None:
    """The sentence of the whole page that ended last, and the way to all of the unit's pages."""
    text = units_with_links(edition, "index", hidden=True)
    own = text.split('data-unit-links="hu-cop"')[1].split("</div>")[0]

    told = "April 2026</a></b> Så var april 2026.<!--/sida-->"
    assert f'{told} <a href="enheter/hu-cop/index.html">' in own
    assert "maj 2026" not in own.lower()


@pytest.mark.parametrize(
    ("period", "words"),
    [
        ("2026-W19", "v.\u00a019"),
        ("2025-W52", "v.\u00a052 2025"),
        ("2026-04", "april"),
        ("2025-12", "december 2025"),
        ("2026-Q1", "kv.\u00a01"),
        ("2025-Q4", "kv.\u00a04 2025"),
        ("2026-W12--2026-W21", "v.\u00a012–21"),
        ("r12-2026-04", "12 månader till april 2026"),
        ("2025", "2025"),
    ],
)
def test_a_period_is_brief_without_being_unclear(period: str, words: str) -> None:
    """The year is said where it is not the night's."""
    assert brief(parse_period(period), 2026) == words


def test_the_status_page_counts_each_reports_pages(edition: Edition) -> None:
    """Pages, new, unchanged, kept, failed."""
    text = status_page(edition).markdown

    for title, numbers in (
        ("Veckouppföljning", (2, 1, 1, 0, 0)),
        ("Väntetid per åtgärd", (1, 0, 0, 0, 1)),
    ):
        cells = "".join(f"<td>{number}</td>" for number in numbers)
        assert f">{title}</a></th>{cells}</tr>" in text


def test_every_colour_of_a_chart_is_explained() -> None:
    """Each with its look: those with a meaning, the shades, and signs without a colour."""
    from lpe_reports.render.indexes.colours import _OTHERS, _USES

    assert set(_USES) == set(MEANINGS) | set(_OTHERS)
    assert len(SHADES) == 8


def test_the_colours_page_draws_what_it_explains(edition: Edition) -> None:
    """As many looks as explanations, none styled inline."""
    text = colours_page(edition).markdown

    assert text.count('<svg class="swatch"') == text.count("aria-hidden") > len(MEANINGS)
    assert "style=" not in text
    assert "Prognos, aldrig utfall." in text
