"""Lists of the newest pages, as several index pages show them."""

from html import escape

from lpe_reports.params.reports import Report
from lpe_reports.params.units import Unit, UnitKind
from lpe_reports.render.addresses import unit_folder, way
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, items, tag
from lpe_reports.render.indexes.signals import newest_page, whole_pages
from lpe_reports.render.quoting import quoted
from lpe_reports.render.sitemap import PageSpot, UnitPages
from lpe_reports.wording import upper_first

KINDS = (
    (UnitKind.VO, "Verksamhetsområden"),
    (UnitKind.OPERATING_UNIT, "Operationsenheter"),
    (UnitKind.HOSPITAL, "Sjukhus"),
    (UnitKind.SECTION, "Sektioner"),
    (UnitKind.CLINIC, "Mottagningar"),
    (UnitKind.POSTOP_UNIT, "Postoperativa enheter"),
)
NO_PAGES = "<p>Inga sidor i den här versionen.</p>"


def page_link(edition: Edition, address: str, spot: PageSpot, text: str = "") -> str:
    """A link to a page by its period, marked when the period is not over."""
    words = text or upper_first(spot.period.long)
    return anchor(words, way(address, f"{spot.address}.html")) + ongoing_mark(edition, spot)


def ongoing_mark(edition: Edition, spot: PageSpot) -> str:
    """What is said after a link to a page whose period is not over."""
    return f" {tag('pågår', 'flag')}" if edition.card(spot).ongoing else ""


def newest_links(edition: Edition, address: str, report: Report) -> str:
    """The units of a report, each with its newest whole page."""
    units = edition.site.units_of(report)
    return items(_unit(edition, address, unit) for unit in units) if units else NO_PAGES


def _unit(edition: Edition, address: str, pages: UnitPages) -> str:
    spot = newest_page(edition, pages)
    link = anchor(pages.subject.name, way(address, f"{spot.address}.html"))
    return f"{link} <small>{escape(spot.period.long)}{ongoing_mark(edition, spot)}</small>"


def reported_units(edition: Edition) -> list[Unit]:
    """The units that some report has a page about, in the order of params."""
    params = edition.site.params
    return [unit for unit in params.units if edition.site.reports_about(unit.id)]


def unit_reports(edition: Edition, address: str, unit: Unit) -> str:
    """The reports about a unit, each with its newest whole page."""
    return items(_report(edition, address, pages) for pages in edition.site.reports_about(unit.id))


def _report(edition: Edition, address: str, pages: UnitPages) -> str:
    every = way(address, f"{unit_folder(pages.report, pages.subject)}/index.html")
    spot = newest_page(edition, pages)
    return (
        f"<span>{anchor(pages.report.title, every)}</span> "
        f"<small>{page_link(edition, address, spot, spot.period.long)}</small>"
    )


def units_with_links(edition: Edition, address: str, *, hidden: bool = False) -> str:
    """Every unit's newest pages, for the script that shows the reader's own unit."""
    attribute = " hidden" if hidden else ""
    return "\n".join(
        f'<div{attribute} data-unit-links="{escape(unit.slug)}" data-name="{escape(unit.name)}">'
        f"{_latest(edition, address, unit)}{unit_reports(edition, address, unit)}</div>"
        for unit in reported_units(edition)
    )


def _latest(edition: Edition, address: str, unit: Unit) -> str:
    """What happened, by the page of the unit that ended last; and the way to all its pages."""
    spots = whole_pages(edition, edition.site.reports_about(unit.id))
    own = anchor(f"Alla sidor om {unit.name}", way(address, f"enheter/{unit.slug}/index.html"))
    told = ""
    if spots:
        told = f"<b>{page_link(edition, address, spots[0])}</b> "
        told += escape(edition.card(spots[0]).summary)
        told = f"{quoted([spots[0].address], told)} "
    return f"<p>{told}{own}</p>"
