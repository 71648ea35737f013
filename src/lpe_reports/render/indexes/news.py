"""Nytt sedan förra versionen: new pages, changed numbers, and what has changed in what was over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from lpe_reports import wording
from lpe_reports.build.runs import RunStatus
from lpe_reports.render.addresses import way
from lpe_reports.render.changes.compare import Comparison, FigureChange, PageChange, PageName
from lpe_reports.render.changes.record import DIFF_FILE
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, items, paragraph, section, table
from lpe_reports.render.indexes.index_document import index_document
from lpe_reports.render.quoting import quoted
from lpe_reports.wording import ColumnType

ADDRESS = "nytt/index"
TITLE = "Nytt sedan förra versionen"
# More rows than this nobody reads; the JSON file has them all.
_ROWS = 40
_FIGURES = 4


@dataclass(frozen=True)
class _Format:
    type: ColumnType
    decimals: int


def news_page(edition: Edition) -> PageDocument:
    """What differs from the version before; that there is none, in the first one."""
    compared = edition.compared
    return index_document(
        edition.site,
        ADDRESS,
        TITLE,
        list(_sections(edition, compared)) if compared else [],
        when=edition.until,
        lead=_lead(compared) if compared else "Det finns ingen tidigare version att jämföra med.",
    )


def _lead(compared: Comparison) -> str:
    changes = compared.changes
    counts = [
        (len(changes.new), "ny sida", "nya sidor"),
        (len(changes.changed), "sida med ändrade tal", "sidor med ändrade tal"),
        (len(changes.gone), "borttagen sida", "borttagna sidor"),
    ]
    parts = [
        f"{wording.count_word(count)} {wording.plural(count, one, many)}"
        for count, one, many in counts
        if count
    ]
    before = (
        f"versionen {compared.version}, med uppgifter till och med {wording.day(compared.night)}"
    )
    if not parts:
        return f"Inga tal skiljer sig från {before}."
    said = f"Jämfört med {before}: {wording.listing(parts)}."
    past = len(changes.past)
    if not past:
        return f"{said} Inget har ändrats i efterhand."
    pages = wording.plural(past, "sida", "sidor")
    return f"{said} På {wording.count_word(past)} {pages} har tal ändrats i efterhand."


def _sections(edition: Edition, compared: Comparison) -> Iterator[str]:
    changes = compared.changes
    if changes.past:
        yield _past(compared)
    if changes.new:
        yield section("Nya sidor", _by_report(edition, changes.new))
    if changes.changed:
        yield section("Sidor med ändrade tal", _changed(edition, changes.changed))
    if changes.gone:
        rows = [f"{escape(page.title)}: {_why_gone(edition, page)}" for page in changes.gone]
        yield section("Borttagna sidor", items(rows))
    told = anchor("diff.json", way(ADDRESS, DIFF_FILE))
    # The way to the feed is put in when the page is read: it lies outside the version.
    yield paragraph(f'Hela jämförelsen, för program: {told}. <span id="flode"></span>')


def _past(compared: Comparison) -> str:
    """What changed of time that was over: the pages that changed most first."""
    changes = sorted(compared.changes.past, key=lambda change: (-change.past, change.page.address))
    rows = [(_link(change.page), _figures(change), _cells(change)) for change in changes[:_ROWS]]
    words = (
        f"Tal om tid som var över den {wording.day(compared.night)} och som nu är andra. Det "
        "beror oftast på att något har registrerats eller rättats efteråt i källan."
    )
    headings = ("Sida", "Nyckeltal", "Tal i tabeller")
    body = table("Sidor där det förflutna har ändrats", headings, rows)
    return section("Ändrat i efterhand", paragraph(escape(words)), body, _rest(len(changes)))


def _figures(change: PageChange) -> str:
    """The key figures before and after, as many as a cell holds."""
    if not change.over:
        return ""
    told = [_figure(figure) for figure in change.figures if not figure.hidden]
    more = len(told) - _FIGURES
    if more > 0:
        told = [*told[:_FIGURES], f"och {wording.count_word(more)} till"]
    return _quoted(change, "<br>".join(told))


def _figure(figure: FigureChange) -> str:
    """Öppna salar: från 17 till 18."""
    if figure.before is None:
        said = f"saknades, nu {_value(figure, figure.after)}"
    elif figure.after is None:
        said = f"{_value(figure, figure.before)}, saknas nu"
    else:
        said = f"från {_value(figure, figure.before)} till {_value(figure, figure.after)}"
    return f"{escape(figure.label)}: {escape(said)}"


def _value(figure: FigureChange, value: float | None) -> str:
    if value is None:
        return wording.MISSING
    kind: ColumnType = figure.type  # type: ignore[assignment]
    text = wording.short_text(value, _Format(kind, 1))
    return f"{text}{wording.NBSP}{figure.unit}" if figure.unit else text


def _cells(change: PageChange) -> str:
    tables = [each for each in change.tables if each.past]
    told = "<br>".join(
        f"{escape(each.caption)}: {wording.number(each.past)}" for each in tables[:_FIGURES]
    )
    return _quoted(change, told)


def _quoted(change: PageChange, html: str) -> str:
    return quoted([change.page.address.removesuffix(".html")], html) if html else ""


def _changed(edition: Edition, changed: Sequence[PageChange]) -> str:
    """How many pages of each report, and which."""
    return _by_report(edition, [change.page for change in changed])


def _by_report(edition: Edition, pages: Sequence[PageName]) -> str:
    reports = edition.site.params.reports
    grouped: dict[str, list[PageName]] = {}
    for page in pages:
        title = reports[page.report].title if page.report in reports else page.report
        grouped.setdefault(title, []).append(page)
    parts = []
    for title, found in grouped.items():
        count = f"{wording.number(len(found))} {wording.plural(len(found), 'sida', 'sidor')}"
        links = items(map(_link, found))
        parts.append(
            f"<details><summary>{escape(title)} ({escape(count)})</summary>\n{links}\n</details>"
        )
    return "\n".join(parts)


def _why_gone(edition: Edition, page: PageName) -> str:
    report = edition.site.params.reports.get(page.report)
    if report is None:
        return "rapporten görs inte längre."
    if page.unit not in (subject.id for subject in report.subjects):
        return "enheten ingår inte längre i rapporten."
    for run in edition.runs:
        key = run.run
        if (key.report, key.unit, key.period.id) == (page.report, page.unit, page.period):
            return (
                "sidan kunde inte göras." if run.status is RunStatus.FAILED else "sidan är flyttad."
            )
    return "perioden visas inte längre."


def _link(page: PageName) -> str:
    return anchor(page.title, way(ADDRESS, page.address))


def _rest(count: int) -> str:
    if count <= _ROWS:
        return ""
    return paragraph(escape(f"Visar {_ROWS} av {wording.number(count)} sidor."))
