"""The front page: what is worth looking at, and a short way to every unit's newest page."""

from collections.abc import Iterator
from html import escape

from lpe_reports import wording
from lpe_reports.display.blocks import Tone
from lpe_reports.periods import MONTHS
from lpe_reports.render.addresses import report_folder, way
from lpe_reports.render.cards import Signal
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, items, section, tag
from lpe_reports.render.indexes.index_document import index_document
from lpe_reports.render.indexes.newest import newest_links, units_with_links
from lpe_reports.render.sitemap import PageSpot

ADDRESS = "index"
_SIGNALS = 5
_SIGNALS_OF_A_PAGE = 2
_UNITS_ON_A_CARD = 8


def front_page(edition: Edition) -> PageDocument:
    """The front page."""
    site, night = edition.site, edition.night
    day = f"{night.day} {MONTHS[night.month - 1]} {night.year}"
    count = site.page_count()
    pages = f"{wording.number(count)} {wording.plural(count, 'sida', 'sidor')}"
    return index_document(
        site,
        ADDRESS,
        "Läget i operationsverksamheten",
        [
            _freshness(edition),
            _signals(edition),
            '<div id="min-enhet"></div>',
            _reports(edition),
            units_with_links(edition, ADDRESS, hidden=True),
        ],
        when=f"Uppgifter till och med {day} · {pages}",
        lead=_lead(edition),
    )


def _freshness(edition: Edition) -> str:
    """Where the script says that the data are old; of made-up ones it is said that they are."""
    if edition.manifest and edition.manifest.demo:
        return '<p class="notice flag">Alla uppgifter här är påhittade, för att visa sidorna.</p>'
    return f'<div id="farskhet" data-days="{edition.site.params.site.fresh_days}"></div>'


def _lead(edition: Edition) -> str:
    """What the newest whole periods say, counted; the office's own words where they say nothing."""
    found = list(_newest_signals(edition))
    judged = [signal for _, signal in found if signal.tone in ("good", "bad")]
    if not judged:
        return edition.site.params.site.about
    bad = sum(signal.tone == "bad" for signal in judged)
    count = len(judged)
    said = f"{wording.number(count)} {wording.plural(count, 'bedömning', 'bedömningar')}"
    if not bad:
        return f"De nyaste sidorna gör {said} av nyckeltal, och ingen av dem pekar åt fel håll."
    wrong, right = wording.count_word(bad), wording.count_word(count - bad)
    return (
        f"De nyaste sidorna gör {said} av nyckeltal. {wording.upper_first(wrong)} av dem pekar "
        f"åt fel håll och {right} åt rätt."
    )


def _newest_signals(edition: Edition) -> Iterator[tuple[PageSpot, Signal]]:
    """The judgements on the newest whole period of every unit and report, newest first."""
    spots = []
    for unit in edition.site.units:
        whole = [spot for spot in unit.spots if not edition.card(spot).ongoing]
        spots += whole[:1]
    for spot in sorted(spots, key=lambda spot: spot.period.end, reverse=True):
        for signal in edition.card(spot).signals:
            yield spot, signal


def _signals(edition: Edition) -> str:
    parts = []
    wanted: tuple[tuple[str, Tone], ...] = (("Att se över", "bad"), ("Går bra", "good"))
    for heading, tone in wanted:
        chosen = _at_most_per_page(
            [(spot, signal) for spot, signal in _newest_signals(edition) if signal.tone == tone]
        )
        if chosen:
            rows = [_signal(edition, spot, signal) for spot, signal in chosen[:_SIGNALS]]
            parts.append(section(heading, items(rows, "signals")))
    return f'<div class="grid pair">\n{"".join(parts)}</div>' if parts else ""


def _at_most_per_page(
    found: list[tuple[PageSpot, Signal]],
) -> list[tuple[PageSpot, Signal]]:
    """No page fills the list alone."""
    taken: dict[str, int] = {}
    chosen = []
    for spot, signal in found:
        taken[spot.address] = taken.get(spot.address, 0) + 1
        if taken[spot.address] <= _SIGNALS_OF_A_PAGE:
            chosen.append((spot, signal))
    return chosen


def _signal(edition: Edition, spot: PageSpot, signal: Signal) -> str:
    link = anchor(edition.card(spot).title, way(ADDRESS, f"{spot.address}.html"))
    return (
        f'<span class="what">{tag(signal.words, signal.tone)} {escape(signal.label)} '
        f"<b>{escape(signal.value)}</b></span>"
        f"<small>{link} · {escape(spot.report.title)}</small>"
    )


def _reports(edition: Edition) -> str:
    site = edition.site
    cards = [
        f'<li class="card">\n<p class="kicker">{escape(site.website.area_name(area))}</p>\n'
        f"<h3>{anchor(report.title, f'{report_folder(report)}/index.html')}</h3>\n"
        f"<p>{escape(report.question)}</p>\n"
        f"{newest_links(edition, ADDRESS, report, limit=_UNITS_ON_A_CARD)}\n</li>"
        for area in site.areas()
        for report in site.reports_of(area)
    ]
    body = "\n".join(cards)
    return section("Senaste sidan för varje enhet", f'<ul class="cards">\n{body}\n</ul>')
