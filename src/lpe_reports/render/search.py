"""The site's search index: what each page is found by, and Pagefind's files made of it.

A reader looks for a page, a table or a word, so these are indexed: titles, units with all their
names, periods, sentences, captions and definitions. Numbers in tables are not.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from pagefind_bin import get_executable

from lpe_reports.display.naming import PERIOD_HEADINGS
from lpe_reports.errors import RenderError
from lpe_reports.params.loading import Params
from lpe_reports.params.reports import Subject
from lpe_reports.periods import Period, PeriodKind
from lpe_reports.render.addresses import report_folder
from lpe_reports.render.compounds import last_parts, words_of
from lpe_reports.render.edition import Edition
from lpe_reports.render.indexes.status import ADDRESS as BUILD_STATUS
from lpe_reports.render.page_numbers import PageNumbers
from lpe_reports.render.page_store import StoredPage
from lpe_reports.render.search_order import in_order
from lpe_reports.render.sitemap import PageSpot

FOLDER = "search"
# What the site's own search box asks for; Pagefind's ready-made boxes and workers stay away.
_SCRIPT = "pagefind.js"
_WANTED = (_SCRIPT, "pagefind-entry.json", "wasm.sv.pagefind")
_WANTED_KINDS = (".pf_filter", ".pf_fragment", ".pf_index", ".pf_meta")
_MADE_UP_HOST = re.compile(rb"/\^https:\\/\\/example\\?\.com/")
# Ten thousand pages take a few seconds; a hang must end as an error.
_SECONDS = 300
_GLOSSARY = "sa-raknar-vi/index.html"
# Between captions, in one text that the search box takes apart.
_BETWEEN = " | "
# What a reader may narrow a search by; the box asks for these names.
AREA, UNIT, PERIOD = "omrade", "enhet", "period"
PERIOD_KINDS = PERIOD_HEADINGS | {PeriodKind.WEEK: "Vecka"}
# Weights of what a page is found by. Pagefind squares them; 10 is its highest.
_TITLE, _NAMES = 10, 8


@dataclass(frozen=True)
class Record:
    """One thing that can be found.

    Fields:
        place: Where a hit leads, from the version's root: a page, or a place on it.
        title: Its heading.
        kind: What it is, and for when, as it stands under its heading in the list of hits.
        text: Its first sentences.
        names: What else people call it.
        parts: Captions of its tables and charts, labels of its key figures.
        rank: Its place among those that fit a question equally well, the smallest first.
        within: What a search may be narrowed to and still find it: names and values.
    """

    place: str
    title: str
    kind: str
    text: str = ""
    names: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    rank: tuple[int, ...] = ()
    within: tuple[tuple[str, str], ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """All that a reader may have read of it."""
        return self.title, self.text, *self.names, *self.parts


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
    return index_files(records_of(edition, numbers, indexes))


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


def index_files(records: Sequence[Record]) -> dict[str, bytes]:
    """Pagefind's index of some records; those that come first win among equals."""
    compounds = last_parts(text for record in records for text in record.said)
    with tempfile.TemporaryDirectory(prefix="lpe-search-") as scratch:
        site, out = Path(scratch, "site"), Path(scratch, "out")
        for number, record in enumerate(records):
            path = site / f"{record.place.replace('#', '--').removesuffix('.html')}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_document(record, number, compounds), encoding="utf-8")
        _run(site, out)
        files = {
            f"{FOLDER}/{path.relative_to(out).as_posix()}": _own(path.read_bytes(), path.name)
            for path in sorted(out.rglob("*"))
            if path.name in _WANTED or path.suffix in _WANTED_KINDS
        }
    return in_order(files)


def _own(content: bytes, name: str) -> bytes:
    """A file as the site lays it, in which no host is named that a browser could ask.

    Pagefind's script takes addresses apart by a made-up host; the reader's own serves as well.
    """
    if name != _SCRIPT:
        return content
    content = content.replace(b"https://example.com$", b"${location.origin}$")
    return _MADE_UP_HOST.sub(b"location.origin", content)


def _run(site: Path, out: Path) -> None:
    command = [str(get_executable()), "--site", str(site), "--output-path", str(out)]
    command += ["--force-language", "sv", "--keep-index-url", "--silent"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        raise RenderError(f"Pagefind did not make the search index within {_SECONDS} s") from None
    if done.returncode or not (out / _SCRIPT).is_file():
        raise RenderError(f"Pagefind ended with status {done.returncode} and made no search index")


def _document(record: Record, number: int, compounds: Mapping[str, str]) -> str:
    """A record as the small page that Pagefind reads."""
    words = {word for text in record.said for word in words_of(text)}
    within = " ".join(sorted({compounds[word] for word in words if word in compounds}))
    names = ". ".join(record.names)
    parts = _BETWEEN.join(" ".join(part.split()) for part in record.parts)
    meta = {"adress": record.place, "slag": record.kind, "text": record.text, "delar": parts}
    told = "".join(
        f'<p data-pagefind-ignore="index" data-pagefind-meta="{name}">{escape(text)}</p>'
        for name, text in meta.items()
        if text
    )
    told += "".join(
        f'<p data-pagefind-ignore="index" data-pagefind-filter="{name}">{escape(value)}</p>'
        for name, value in record.within
    )
    return (
        '<!DOCTYPE html><html lang="sv"><head><title>.</title></head>'
        f'<body data-pagefind-body data-pagefind-sort="ordning:{number}">'
        f'<h1 data-pagefind-weight="{_TITLE}">{escape(record.title)}</h1>'
        f'<p data-pagefind-weight="{_NAMES}">{escape(record.kind)}. {escape(names)}</p>'
        f"<p>{escape(record.text)}</p><p>{escape(parts)}</p><p>{escape(within)}</p>"
        f"{told}</body></html>"
    )


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
        of_build = address == BUILD_STATUS
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
