"""All units, and one page per unit with everything that is made about it."""

from collections.abc import Iterator
from html import escape

from lpe_reports.params.units import Unit, UnitKind
from lpe_reports.render.addresses import unit_folder, way
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, items, section
from lpe_reports.render.indexes.index_document import index_document
from lpe_reports.render.indexes.newest import page_link, reported_units, unit_reports
from lpe_reports.render.sitemap import UnitPages

ADDRESS = "enheter/index"
_KINDS = (
    (UnitKind.VO, "Verksamhetsområden"),
    (UnitKind.OPERATING_UNIT, "Operationsenheter"),
    (UnitKind.HOSPITAL, "Sjukhus"),
    (UnitKind.SECTION, "Sektioner"),
    (UnitKind.CLINIC, "Mottagningar"),
    (UnitKind.POSTOP_UNIT, "Postoperativa enheter"),
)
_EARLIER = 6


def unit_pages(edition: Edition) -> Iterator[PageDocument]:
    """The list of units, then each of them."""
    units = reported_units(edition)
    yield _list_page(edition, units)
    for unit in units:
        yield _unit_page(edition, unit)


def _list_page(edition: Edition, units: list[Unit]) -> PageDocument:
    body = []
    for kind, heading in _KINDS:
        cards = "\n".join(_card(edition, unit) for unit in units if unit.kind is kind)
        if cards:
            body.append(section(heading, f'<ul class="cards">\n{cards}\n</ul>'))
    return index_document(
        edition.site,
        ADDRESS,
        "Enheter",
        body,
        when=edition.until,
        lead="Varje enhet med alla sina rapporter, den senaste sidan av var och en.",
    )


def _card(edition: Edition, unit: Unit) -> str:
    heading = anchor(unit.name, f"{unit.slug}/index.html")
    return f'<li class="card">\n<h3>{heading}</h3>\n{unit_reports(edition, ADDRESS, unit)}\n</li>'


def _unit_page(edition: Edition, unit: Unit) -> PageDocument:
    address = f"enheter/{unit.slug}/index"
    return index_document(
        edition.site,
        address,
        unit.name,
        [
            f'<div class="tools" id="min-enhet" data-unit="{escape(unit.slug)}"></div>',
            *(_report(edition, address, pages) for pages in edition.site.reports_about(unit.id)),
        ],
        when=edition.until,
        crumbs=[("Enheter", "enheter/index.html")],
    )


def _report(edition: Edition, address: str, pages: UnitPages) -> str:
    card = edition.card(pages.newest)
    earlier = [page_link(edition, address, spot) for spot in pages.spots[1 : _EARLIER + 1]]
    every = anchor(
        "Alla perioder", way(address, f"{unit_folder(pages.report, pages.subject)}/index.html")
    )
    return section(
        pages.report.title,
        f"<p><b>{page_link(edition, address, pages.newest)}</b> {escape(card.summary)}</p>",
        items([*earlier, every], "chips"),
    )
