"""The site map: addresses, order, and menus that no page of another period can change."""

import pytest

from lpe_reports.params.loading import Params
from lpe_reports.render.addresses import root_from, way
from lpe_reports.render.menus import menus
from lpe_reports.render.sitemap import make_sitemap
from lpe_reports.render.website import load_website
from lpe_reports.settings import Project
from sample_site import make_project, read_params, site_of, spot


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with the real params."""
    return make_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def params(project: Project) -> Params:
    """Its params."""
    return read_params(project)


def test_addresses_are_those_of_the_plan(params: Params) -> None:
    """Area, report, unit and period, all in Swedish slugs."""
    assert spot(params, "weekly", "ortopedi", "2026-W19").address == (
        "uppfoljning/veckouppfoljning/ortopedi/2026-W19"
    )
    assert spot(params, "utilisation", "hu-cop", "2026-05").address == (
        "nyttjande/nyttjandegrad/hu-cop/2026-05"
    )
    assert spot(params, "procedure", "NGB49", "r12-2026-04").address == (
        "jamlik-vard/vantetid-per-atgard/ngb49/r12-2026-04"
    )


@pytest.mark.parametrize(
    ("address", "target", "expected"),
    [
        ("index", "om/index.html", "om/index.html"),
        ("a/b/c/2026-W19", "a/b/c/index.html", "index.html"),
        ("a/b/c/2026-W19", "index.html", "../../../index.html"),
        ("a/index", "b/x.pdf", "../b/x.pdf"),
    ],
)
def test_links_are_relative(address: str, target: str, expected: str) -> None:
    """A version works wherever it lies, also as files."""
    assert way(address, target) == expected


def test_the_way_to_the_root_ends_in_a_slash() -> None:
    """It can be put before the name of any shared file."""
    assert root_from("index") == "./"
    assert root_from("a/b/c/2026-W19") == "../../../"


def test_periods_come_newest_first_and_units_in_the_order_of_params(
    project: Project, params: Params
) -> None:
    """Whatever order a build hands its pages over in."""
    site = site_of(
        project,
        params,
        spot(params, "weekly", "ortopedi", "2026-W02"),
        spot(params, "weekly", "kirurgi", "2026-W19"),
        spot(params, "weekly", "ortopedi", "2025-W52"),
        spot(params, "weekly", "ortopedi", "2026-W19"),
        spot(params, "procedure", "NGB49", "2025"),
        spot(params, "procedure", "NGB49", "r12-2026-04"),
    )
    weekly = site.units_of(params.reports["weekly"])

    assert [unit.subject.id for unit in weekly] == ["kirurgi", "ortopedi"]
    assert [s.period.id for s in weekly[1].spots] == ["2026-W19", "2026-W02", "2025-W52"]
    (ngb49,) = site.units_of(params.reports["procedure"])
    assert ngb49.newest.period.id == "r12-2026-04"
    assert site.page_count() == 6


def test_areas_stand_in_the_order_of_the_navbar(project: Project, params: Params) -> None:
    """Also those that have no page in this version, since the navbar leads to them."""
    site = site_of(project, params)

    assert site.areas() == ["uppfoljning", "jamlik-vard", "nyttjande"]


def test_menus_do_not_depend_on_the_pages_of_a_version(project: Project, params: Params) -> None:
    """A page must not change because another one was made."""
    website = load_website(project.root / "_quarto.yml", project.root)
    page = spot(params, "weekly", "ortopedi", "2026-W19")
    other = spot(params, "utilisation", "hu-cop", "2026-05")

    alone = menus(page.address, make_sitemap(params, website, [page]), page.report, page.subject)
    beside = menus(
        page.address, make_sitemap(params, website, [page, other]), page.report, page.subject
    )

    assert alone == beside


def test_the_reader_sees_where_they_are(project: Project, params: Params) -> None:
    """The area is marked in the navbar, the report beside the page."""
    page = spot(params, "weekly", "ortopedi", "2026-W19")
    found = menus(page.address, site_of(project, params, page), page.report, page.subject)

    assert [item["text"] for item in entries(found["areas"]) if item["current"]] == ["Uppföljning"]
    assert [menu["title"] for menu in entries(found["side"])] == ["Uppföljning", "Ortopedi"]
    reports = entries(entries(found["side"])[0]["items"])
    assert [item["text"] for item in reports if item["current"]] == ["Veckouppföljning"]


def entries(value: object) -> list[dict[str, object]]:
    """A list of menu entries."""
    assert isinstance(value, list)
    return [dict(item) for item in value]
