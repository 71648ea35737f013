"""The pages of areas, of reports, and of one report and unit with all its periods."""

from collections.abc import Iterator
from html import escape

from lpe_reports.params.reports import Report
from lpe_reports.render.addresses import report_folder, unit_folder, way
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, items, table
from lpe_reports.render.indexes.index_document import index_document
from lpe_reports.render.indexes.newest import NO_PAGES, newest_links, page_link
from lpe_reports.render.indexes.signals import whole_page
from lpe_reports.render.quoting import quoted
from lpe_reports.render.sitemap import PageSpot, UnitPages
from lpe_reports.wording import lower_first, upper_first

_ONGOING = 2  # the column of pages under way


def report_pages(edition: Edition) -> Iterator[PageDocument]:
    """Every area, every report in it, every unit of that."""
    for area in edition.site.areas():
        yield _area_page(edition, area)
        for report in edition.site.reports_of(area):
            yield _report_page(edition, report)
            for pages in edition.site.units_of(report):
                yield _unit_page(edition, pages)


def _area_page(edition: Edition, area: str) -> PageDocument:
    site, address = edition.site, f"{area}/index"
    cards = "\n".join(
        f'<li class="card">\n<h2>{anchor(report.title, f"{report.slug}/index.html")}</h2>\n'
        f"<p>{escape(report.question)}</p>\n{newest_links(edition, address, report)}\n</li>"
        for report in site.reports_of(area)
    )
    return index_document(
        site,
        address,
        site.website.area_name(area),
        [f'<ul class="cards">\n{cards}\n</ul>' if cards else NO_PAGES],
        when=edition.until,
        lead=next((text for name, text in site.params.site.areas.items() if name == area), ""),
    )


def _report_page(edition: Edition, report: Report) -> PageDocument:
    address = f"{report_folder(report)}/index"
    rows: list[tuple[str, ...]] = [
        _row(edition, address, pages) for pages in edition.site.units_of(report)
    ]
    first = "Enhet" if _about_units(edition, report) else "Åtgärd"
    headings = [first, "Senaste hela", "Pågår", "Tidigare"]
    if not any(row[_ONGOING] for row in rows):
        headings.pop(_ONGOING)
        rows = [(*row[:_ONGOING], *row[_ONGOING + 1 :]) for row in rows]
    listing = table("Alla sidor, den senaste först", headings, rows, filter_words="Visa sidor med")
    return index_document(
        edition.site,
        address,
        report.title,
        [f'<div class="periods">{listing}</div>' if rows else NO_PAGES],
        when=edition.until,
        lead=report.question,
        crumbs=[(edition.site.website.area_name(report.area), f"{report.area}/index.html")],
    )


def _row(edition: Edition, address: str, pages: UnitPages) -> tuple[str, str, str, str]:
    """A unit with its newest whole page, the one under way, and the others."""
    folder = way(address, f"{unit_folder(pages.report, pages.subject)}/index.html")
    whole = whole_page(edition, pages)
    ongoing = [spot for spot in pages.spots if edition.card(spot).ongoing]
    earlier = [spot for spot in pages.spots if spot != whole and spot not in ongoing]
    newest = page_link(edition, address, whole) if whole else ""
    return (
        anchor(pages.subject.name, folder),
        newest,
        _short_links(address, ongoing),
        _short_links(address, earlier),
    )


def _short_links(address: str, spots: list[PageSpot]) -> str:
    return " · ".join(anchor(s.period.short, way(address, f"{s.address}.html")) for s in spots)


def _unit_page(edition: Edition, pages: UnitPages) -> PageDocument:
    report, subject = pages.report, pages.subject
    folder = unit_folder(report, subject)
    address = f"{folder}/index"
    rows = [_period(edition, address, spot) for spot in pages.spots]
    return index_document(
        edition.site,
        address,
        subject.name,
        [items(rows, "signals", filter_words="Visa perioder med")],
        when=f"{report.title}, alla perioder · {lower_first(edition.until)}",
        crumbs=[
            (edition.site.website.area_name(report.area), f"{report.area}/index.html"),
            (report.title, f"{report_folder(report)}/index.html"),
        ],
    )


def _period(edition: Edition, address: str, spot: PageSpot) -> str:
    """A period with its dates, its page's sentence and its PDF."""
    card = edition.card(spot)
    pdf = way(address, f"{spot.address}.pdf")
    label = escape(f"PDF, {spot.period.long}")
    summary = f" {escape(card.summary)}" if card.summary else ""
    said = (
        f'<span class="what"><b>{page_link(edition, address, spot)}</b>{summary}</span>'
        f'<small>{escape(upper_first(card.when))} · <a href="{escape(pdf)}" download '
        f'aria-label="{label}">PDF</a></small>'
    )
    return quoted([spot.address], said)


def _about_units(edition: Edition, report: Report) -> bool:
    return all(subject.id in edition.site.params.units for subject in report.subjects)
