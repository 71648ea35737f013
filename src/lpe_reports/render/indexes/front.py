"""The front page: what is worth looking at, and a short way to every unit's newest page."""

from html import escape

from lpe_reports import wording
from lpe_reports.display.blocks import Tone
from lpe_reports.render.addresses import report_folder, way
from lpe_reports.render.cards import Signal
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import MADE_UP, anchor, items, section, tag
from lpe_reports.render.indexes.index_document import index_document
from lpe_reports.render.indexes.newest import newest_links, units_with_links
from lpe_reports.render.sitemap import PageSpot

ADDRESS = "index"
_SIGNALS = 5
_SIGNALS_OF_A_PAGE = 2
_UNITS_ON_A_CARD = 8


def front_page(edition: Edition) -> PageDocument:
    """The front page."""
    site = edition.site
    count = site.page_count()
    pages = f"{wording.number(count)} {wording.plural(count, 'sida', 'sidor')}"
    return index_document(
        site,
        ADDRESS,
        "Läget i operationsverksamheten",
        [
            MADE_UP if edition.manifest and edition.manifest.demo else "",
            _signals(edition),
            '<div id="min-enhet"></div>',
            _reports(edition),
            units_with_links(edition, ADDRESS, hidden=True),
        ],
        when=f"{edition.until} · {pages}",
        lead=_lead(edition),
    )


def _lead(edition: Edition) -> str:
    """How many figures of the newest whole periods are well and how many not.

    The office's own words where no figure is judged.
    """
    bad, good = len(_figures(edition, "bad")), len(_figures(edition, "good"))
    if not bad and not good:
        return edition.site.params.site.about
    if not bad:
        return f"I de senaste rapporterna behöver inget nyckeltal ses över och {_well(good)}."
    seen = f"{wording.count_word(bad, neuter=True)} nyckeltal ses över"
    return f"I de senaste rapporterna behöver {seen} och {_well(good)}."


def _well(count: int) -> str:
    return "inget går bra" if count == 0 else f"{wording.count_word(count, neuter=True)} går bra"


def _newest_whole(edition: Edition) -> list[PageSpot]:
    """The newest page of every unit and report whose period is over."""
    spots = []
    for unit in edition.site.units:
        whole = [spot for spot in unit.spots if not edition.card(spot).ongoing]
        spots += whole[:1]
    return spots


def _figures(edition: Edition, tone: Tone) -> list[tuple[PageSpot, Signal]]:
    """The figures judged so, each once: the farthest from its target first, then the newest.

    A figure that is judged badly in any way is not among those that are well.
    """
    found: dict[tuple[str, str], tuple[PageSpot, Signal]] = {}
    for spot in _newest_whole(edition):
        signals = edition.card(spot).signals
        badly = {signal.label for signal in signals if signal.tone == "bad"}
        for signal in signals:
            if signal.tone == tone and (tone == "bad" or signal.label not in badly):
                found.setdefault((spot.address, signal.label), (spot, signal))
    newest = sorted(found.values(), key=lambda pair: pair[0].period.end, reverse=True)
    return sorted(newest, key=lambda pair: pair[1].distance, reverse=True)


def _signals(edition: Edition) -> str:
    wanted: tuple[tuple[str, Tone], ...] = (("Att se över", "bad"), ("Går bra", "good"))
    parts = [_list(edition, heading, _figures(edition, tone)) for heading, tone in wanted]
    return f'<div class="grid pair">\n{"".join(parts)}</div>' if any(parts) else ""


def _list(edition: Edition, heading: str, figures: list[tuple[PageSpot, Signal]]) -> str:
    """The first figures of a list, the others behind a button; nothing where there are none."""
    if not figures:
        return ""
    first = _at_most_per_page(figures)[:_SIGNALS]
    rest = [pair for pair in figures if pair not in first]
    parts = [items([_signal(edition, *pair) for pair in first], "signals")]
    if rest:
        others = items([_signal(edition, *pair) for pair in rest], "signals")
        said = f"Visar {len(first)} av {len(figures)}. Visa alla"
        parts.append(f"<details><summary>{said}</summary>\n{others}</details>")
    return section(heading, *parts)


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
    target = f", mål{wording.NBSP}{escape(signal.target)}" if signal.target else ""
    return (
        f'<span class="what">{tag(signal.words, signal.tone)} {escape(signal.label)} '
        f"<b>{escape(signal.value)}</b>{target}</span>"
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
