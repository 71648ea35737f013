"""All units, and one page per unit with everything that is made about it."""

from collections.abc import Iterator
from html import escape

from lpe_reports import wording
from lpe_reports.params.units import Unit
from lpe_reports.render.addresses import unit_folder, way
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, items, section, tag
from lpe_reports.render.indexes import signals
from lpe_reports.render.indexes.index_document import index_document
from lpe_reports.render.indexes.newest import KINDS, page_link, reported_units, unit_reports
from lpe_reports.render.indexes.signal_lists import signal_lists, target_lists
from lpe_reports.render.quoting import quoted
from lpe_reports.render.sitemap import PageSpot, UnitPages

ADDRESS = "enheter/index"
_EARLIER = 6


def unit_pages(edition: Edition) -> Iterator[PageDocument]:
    """The list of units, then each of them."""
    units = reported_units(edition)
    yield _list_page(edition, units)
    for unit in units:
        yield _unit_page(edition, unit)


def _list_page(edition: Edition, units: list[Unit]) -> PageDocument:
    body = []
    for kind, heading in KINDS:
        cards = "\n".join(_card(edition, unit) for unit in units if unit.kind is kind)
        if cards:
            body.append(section(heading, f'<ul class="cards">\n{cards}\n</ul>'))
    return index_document(
        edition.site,
        ADDRESS,
        "Enheter",
        body,
        when=edition.until,
        lead="Varje enhet med sina rapporter och den senaste hela perioden i var och en.",
    )


def _card(edition: Edition, unit: Unit) -> str:
    heading = anchor(unit.name, f"{unit.slug}/index.html")
    return f'<li class="card">\n<h3>{heading}</h3>\n{unit_reports(edition, ADDRESS, unit)}\n</li>'


def _unit_page(edition: Edition, unit: Unit) -> PageDocument:
    address = f"enheter/{unit.slug}/index"
    reports = _latest_first(edition, edition.site.reports_about(unit.id))
    spots = signals.whole_pages(edition, reports)
    targets = signals.figures(edition, spots, ("target",))
    return index_document(
        edition.site,
        address,
        unit.name,
        [
            f'<div class="tools" id="min-enhet" data-unit="{escape(unit.slug)}"></div>',
            *(_report(edition, address, pages) for pages in reports),
            signal_lists(edition, address, signals.figures(edition, spots, ("limits", "lasting"))),
            target_lists(edition, address, targets),
        ],
        when=edition.until,
        lead=_lead(reports),
        crumbs=[("Enheter", "enheter/index.html")],
    )


def _lead(reports: list[UnitPages]) -> str:
    count = wording.count_word(len(reports))
    many = wording.plural(len(reports), "rapport", "rapporter")
    return f"{wording.upper_first(count)} {many}, den senaste överst."


def _latest_first(edition: Edition, reports: list[UnitPages]) -> list[UnitPages]:
    """The report whose newest whole page ended last comes first; of equals the shorter period."""

    def ended(pages: UnitPages) -> tuple[int, int]:
        period = signals.newest_page(edition, pages).period
        return -period.end.toordinal(), period.days

    return sorted(reports, key=ended)


def _report(edition: Edition, address: str, pages: UnitPages) -> str:
    """A report's newest whole page with its sentence, the one under way, and earlier ones."""
    newest = signals.newest_page(edition, pages)
    shown = [newest]
    parts = [_told(edition, address, newest, "senaste hela")]
    if pages.newest != newest:
        shown.append(pages.newest)
        parts.append(_told(edition, address, pages.newest, ""))
    rest = [spot for spot in pages.spots if spot not in shown]
    earlier = [page_link(edition, address, spot) for spot in rest[:_EARLIER]]
    every = anchor(
        "Alla perioder", way(address, f"{unit_folder(pages.report, pages.subject)}/index.html")
    )
    return section(pages.report.title, *parts, items([*earlier, every], "chips"))


def _told(edition: Edition, address: str, spot: PageSpot, mark: str) -> str:
    """A page by its period, with its sentence; `mark` says what it is, unless it is under way."""
    card = edition.card(spot)
    link = f"<b>{page_link(edition, address, spot)}</b>"
    marked = f" {tag(mark)}" if mark and not card.ongoing else ""
    return f"<p>{quoted([spot.address], f'{link}{marked} {escape(card.summary)}')}</p>"
