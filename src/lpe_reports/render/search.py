"""The site's search index: what each page is found by, and Pagefind's files made of it.

A reader looks for a page, a table or a word, so these are indexed: titles, units with all their
names, periods, sentences, captions and definitions. Numbers in tables are not.
"""

from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser

from lpe_reports.display.naming import PERIOD_HEADINGS
from lpe_reports.params.loading import Params
from lpe_reports.params.reports import Subject
from lpe_reports.periods import Period, PeriodKind
from lpe_reports.render.addresses import report_folder
from lpe_reports.render.edition import Edition
from lpe_reports.render.indexes.news import ADDRESS as NEWS
from lpe_reports.render.indexes.status import ADDRESS as BUILD_STATUS
from lpe_reports.render.page_numbers import PageNumbers
from lpe_reports.render.page_store import StoredPage
from lpe_reports.render.search_index import RECORDS, Record, index_files, records_bytes
from lpe_reports.render.sitemap import PageSpot

_GLOSSARY = "sa-raknar-vi/index.html"
# What a reader may narrow a search by; the box asks for these names.
AREA, UNIT, PERIOD = "omrade", "enhet", "period"
PERIOD_KINDS = PERIOD_HEADINGS | {PeriodKind.WEEK: "Vecka"}


def search_files(
    edition: Edition, numbers: Sequence[PageNumbers], indexes: Mapping[str, StoredPage]
) -> dict[str, bytes]:
    """The files of the index, by their paths in the version.

    Args:
        edition: The version.
        numbers: The JSON of its pages.
        indexes: Its other pages, by address.

    Raises:
        RenderError: Pagefind could not make the index.
    """
    records = records_of(edition, numbers, indexes)
    return {**index_files(records), RECORDS: records_bytes(records)}


def records_of(
    edition: Edition, numbers: Sequence[PageNumbers], indexes: Mapping[str, StoredPage]
) -> list[Record]:
    """Everything that can be found, in the order in which equals are shown."""
    records = [
        *_pages(edition, numbers),
        *_overviews(edition),
        *_rest(edition, indexes),
        *_definitions(edition.site.params),
    ]
    return sorted(records, key=lambda each: (each.rank, each.place))


# Equals come in this order: units and reports, the newest whole page of each report and unit,
# its page of the period under way, definitions, earlier pages, everything else.
_OVERVIEWS, _NEWEST, _ONGOING, _WORDS, _REST, _EARLIER = range(6)


def _pages(edition: Edition, numbers: Sequence[PageNumbers]) -> Iterator[Record]:
    params = edition.site.params
    places = {report: place for place, report in enumerate(params.reports)}
    ranks = _ranks(edition)
    for page in numbers:
        said, spot = page.read(), page.spot
        card = edition.card(spot)
        figures = [str(figure["label"]) for figure in said["key_figures"]]
        captions = [str(table["caption"]) for table in said["tables"]]
        comment = [said["comment"]] if said.get("comment") else []
        group, age = ranks[spot.address]
        yield Record(
            place=f"{spot.address}.html",
            title=str(said["title"]),
            kind=f"{spot.report.title} · {card.when}",
            text=str(said["summary"]),
            names=(*subject_names(params, spot.subject), *period_names(spot.period)),
            parts=tuple(dict.fromkeys([*comment, *figures, *captions])),
            rank=(group, age, -spot.period.end.toordinal(), places[spot.report.id]),
            within=_within(edition, spot),
        )


def _within(edition: Edition, spot: PageSpot) -> tuple[tuple[str, str], ...]:
    """Area and kind of period of a page, and its unit, unless it is about a procedure."""
    site = edition.site
    unit = [(UNIT, spot.subject.name)] if spot.subject.id in site.params.units else []
    area = site.website.area_name(spot.report.area)
    return (AREA, area), *unit, (PERIOD, PERIOD_KINDS[spot.period.kind])


def _ranks(edition: Edition) -> dict[str, tuple[int, int]]:
    """Of each page, its group among equals and how many of its kind are newer."""
    ranks: dict[str, tuple[int, int]] = {}
    for unit in edition.site.units:
        over: dict[PeriodKind, list[PageSpot]] = {}
        for spot in unit.spots:
            if spot.period.is_over(edition.night):
                alike = over.setdefault(spot.period.kind, [])
                ranks[spot.address] = (_EARLIER if alike else _NEWEST, len(alike))
                alike.append(spot)
            else:
                ranks[spot.address] = (_ONGOING, 0)
    return ranks


def subject_names(params: Params, subject: Subject) -> tuple[str, ...]:
    """What a unit or procedure is called: its names, those that systems use, its hospital."""
    names = [subject.name, subject.short, subject.id, subject.slug]
    if subject.id in params.units:
        unit = params.units.get(subject.id)
        names += [alias for each in unit.aliases.values() for alias in each]
        names += [params.units.get(unit.hospital).name] if unit.hospital else []
        for section in params.units.sections_of(unit.id):
            names += [section.name, section.short]
    return tuple(dict.fromkeys(names))


def period_names(period: Period) -> tuple[str, ...]:
    """How a reader may write a period: vecka 19 2026, v19, 2026-19, 2026-W19, maj."""
    names = [period.long, period.short, period.id]
    if period.kind is PeriodKind.WEEK:
        week = period.start.isocalendar().week
        names += [f"v{week}", f"v.{week}"]
    return tuple(dict.fromkeys(names))


def _overviews(edition: Edition) -> Iterator[Record]:
    """Units and reports."""
    site, params = edition.site, edition.site.params
    for place, unit in enumerate(params.units):
        reports = site.reports_about(unit.id)
        if reports:
            yield Record(
                place=f"enheter/{unit.slug}/index.html",
                title=unit.name,
                kind="Enhet",
                text="Alla rapporter: " + ", ".join(pages.report.title for pages in reports) + ".",
                names=subject_names(params, reports[0].subject),
                rank=(_OVERVIEWS, 0, place),
                within=((UNIT, unit.name),),
            )
    for place, report in enumerate(params.reports.values()):
        yield Record(
            place=f"{report_folder(report)}/index.html",
            title=report.title,
            kind=f"Rapport · {site.website.area_name(report.area)}",
            text=report.question,
            rank=(_OVERVIEWS, 1, place),
            within=((AREA, site.website.area_name(report.area)),),
        )


def _rest(edition: Edition, indexes: Mapping[str, StoredPage]) -> Iterator[Record]:
    """The pages that are about neither a report nor a unit, by what they say themselves."""
    params = edition.site.params
    # What lies below a report lists its periods, whose pages are found themselves.
    below = [f"{report_folder(report)}/" for report in params.reports.values()]
    below += [f"enheter/{unit.slug}/" for unit in params.units]
    for number, (address, page) in enumerate(indexes.items()):
        if address == "index" or address.startswith(tuple(below)):
            continue
        said = _Headings((page.folder / "page.html").read_text("utf-8"))
        # What that page says differs from build to build: it must not make a version new.
        of_build = address in (BUILD_STATUS, NEWS)
        yield Record(
            place=f"{address}.html",
            title=said.title,
            kind=params.site.office,
            text="" if of_build else said.lead,
            parts=() if of_build else tuple(said.headings),
            rank=(_REST, number),
        )


class _Headings(HTMLParser):
    """A page's title, its sentence and its headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.title = self.lead = ""
        self.headings: list[str] = []
        self._texts: list[str] | None = None
        # Menus come before the page itself.
        self.feed(html[max(html.find("<main"), 0) :])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("h1", "h2", "h3") or (tag == "p" and ("class", "lead") in attrs):
            self._texts = []

    def handle_data(self, data: str) -> None:
        if self._texts is not None:
            self._texts.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._texts is None or tag not in ("h1", "h2", "h3", "p"):
            return
        text, self._texts = " ".join("".join(self._texts).split()), None
        if tag == "h1":
            self.title = text
        elif tag == "p":
            self.lead = text
        else:
            self.headings.append(text)


def _definitions(params: Params) -> Iterator[Record]:
    for place, entry in enumerate(params.glossary.entries):
        yield Record(
            place=f"{_GLOSSARY}#{entry.id}",
            title=entry.name,
            kind="Så räknar vi",
            text=entry.definition,
            names=(entry.english,),
            rank=(_WORDS, place),
        )
