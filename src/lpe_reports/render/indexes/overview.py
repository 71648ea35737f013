"""Units and reports in one view: the newest whole page of every unit, a link away."""

from html import escape

from lpe_reports.params.reports import Report
from lpe_reports.params.units import UnitKind
from lpe_reports.periods import MONTHS, Period, PeriodKind
from lpe_reports.render.addresses import report_folder, way
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, items, section, table
from lpe_reports.render.indexes.newest import KINDS, ongoing_mark
from lpe_reports.render.indexes.signals import newest_page
from lpe_reports.render.sitemap import UnitPages
from lpe_reports.wording import lower_first, upper_first

_PROCEDURES = "Åtgärder"


def overview(edition: Edition, address: str) -> str:
    """The newest whole pages: a table per kind of unit, a row per unit, a column per report."""
    groups: dict[str, list[UnitPages]] = {}
    for pages in edition.site.units:
        groups.setdefault(_group(edition, pages), []).append(pages)
    order = [*(heading for _, heading in KINDS), _PROCEDURES]
    parts = [
        _table(edition, address, heading, groups[heading])
        if len({pages.report.id for pages in groups[heading]}) > 1
        else _one_report(edition, address, heading, groups[heading])
        for heading in order
        if heading in groups
    ]
    return section("Senaste sidan för varje enhet", *parts, name="enheter") if parts else ""


def brief(period: Period, year: int) -> str:
    """A period in a word or two, seen from a year: v. 19, april, kv. 1, v. 52 2025."""
    iso = period.start.isocalendar()
    match period.kind:
        case PeriodKind.WEEK:
            words, own = f"v.\u00a0{iso.week}", iso.year
        case PeriodKind.MONTH:
            words, own = MONTHS[period.start.month - 1], period.start.year
        case PeriodKind.QUARTER:
            words, own = f"kv.\u00a0{(period.start.month + 2) // 3}", period.start.year
        case PeriodKind.SCHEDULE:
            last = period.last_day.isocalendar()
            words, own = f"v.\u00a0{iso.week}–{last.week}", last.year
        case PeriodKind.ROLLING12:
            last_day = period.last_day
            return f"12 månader till {MONTHS[last_day.month - 1]} {last_day.year}"
        case _:
            return lower_first(period.long)
    return words if own == year else f"{words} {own}"


def _group(edition: Edition, pages: UnitPages) -> str:
    """What the units of a table are: Verksamhetsområden."""
    units = edition.site.params.units
    if pages.subject.id not in units:
        return _PROCEDURES
    kind: UnitKind = units.get(pages.subject.id).kind
    return dict(KINDS)[kind]


def _table(edition: Edition, address: str, heading: str, group: list[UnitPages]) -> str:
    reports: dict[str, Report] = {pages.report.id: pages.report for pages in group}
    by_unit: dict[str, dict[str, UnitPages]] = {}
    for pages in group:
        by_unit.setdefault(pages.subject.id, {})[pages.report.id] = pages
    place = edition.site.params.units.place_of
    rows = []
    for unit_id in sorted(by_unit, key=place):
        cells = [
            _cell(edition, address, by_unit[unit_id][report])
            if report in by_unit[unit_id]
            else '<span class="none">–</span>'
            for report in reports
        ]
        subject = next(iter(by_unit[unit_id].values())).subject
        # Procedures have pages in reports, and none of their own.
        own = way(address, f"enheter/{subject.slug}/index.html")
        named = escape(subject.name) if heading == _PROCEDURES else anchor(subject.name, own)
        rows.append((named, *cells))
    what = "Åtgärd" if heading == _PROCEDURES else "Enhet"
    headings = (what, *(report.title for report in reports.values()))
    return f'<div class="overview">{table(heading, headings, rows)}</div>'


def _cell(edition: Edition, address: str, pages: UnitPages) -> str:
    """A period that leads to its page; read aloud with its report and unit."""
    spot = newest_page(edition, pages)
    words = escape(upper_first(brief(spot.period, edition.night.year)))
    spoken = (
        f'<span class="words">, {escape(pages.report.title)}, {escape(pages.subject.name)}</span>'
    )
    href = escape(way(address, f"{spot.address}.html"))
    return f'<a href="{href}">{words}{spoken}</a>{ongoing_mark(edition, spot)}'


def _one_report(edition: Edition, address: str, heading: str, group: list[UnitPages]) -> str:
    """Units that have one report: their names in a row, each a link to the newest whole page."""
    report = group[0].report
    links = [
        anchor(pages.subject.name, way(address, f"{newest_page(edition, pages).address}.html"))
        + ongoing_mark(edition, newest_page(edition, pages))
        for pages in group
    ]
    periods = {newest_page(edition, pages).period for pages in group}
    when = f", {brief(periods.pop(), edition.night.year)}" if len(periods) == 1 else ""
    every = anchor(report.title, way(address, f"{report_folder(report)}/index.html"))
    return f"<h3>{escape(heading)}</h3>\n<p>{every}{escape(when)}</p>\n{items(links, 'chips')}"
