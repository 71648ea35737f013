"""Build status: what came of every run of this version, and why."""

from collections import Counter
from html import escape

from lpe_reports import wording
from lpe_reports.build.runs import ExecutedRun, RunStatus
from lpe_reports.display.blocks import Tone
from lpe_reports.render.addresses import page_address, report_folder, way
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, paragraph, section, table, tag, terms
from lpe_reports.render.indexes.index_document import index_document
from lpe_reports.render.retracted import Retraction
from lpe_reports.render.sitemap import report_order

ADDRESS = "byggstatus/index"
_LOSING_MOST = 10
_WORDS: dict[RunStatus, tuple[str, Tone]] = {
    RunStatus.FAILED: ("misslyckades", "bad"),
    RunStatus.KEPT: ("kvar från tidigare version", "flag"),
    RunStatus.BUILT: ("ny", "good"),
    RunStatus.REUSED: ("oförändrad", "plain"),
}

_COLUMNS = {
    RunStatus.BUILT: "Nya",
    RunStatus.REUSED: "Oförändrade",
    RunStatus.KEPT: "Kvar från tidigare",
    RunStatus.FAILED: "Misslyckade",
}


def status_page(edition: Edition) -> PageDocument:
    """Every run with its status and reason; those that failed come first."""
    order = list(_WORDS)
    runs = sorted(
        edition.runs,
        key=lambda run: (_retraction(edition, run) is None, order.index(run.status)),
    )
    return index_document(
        edition.site,
        ADDRESS,
        "Byggstatus",
        [
            *_by_report(edition),
            section("Körningar", _runs(edition, runs) if runs else paragraph("Inga körningar.")),
            *_hidden(edition),
            section("Verktyg", paragraph(escape(edition.renderer_note)), _tools(edition)),
        ],
        when=f"Uttaget {edition.night.isoformat()}",
        lead=_lead(edition),
    )


def _lead(edition: Edition) -> str:
    away = len(edition.retracted)
    said = _came(edition)
    if not away:
        return said
    words = wording.plural(away, "sida är tillbakadragen", "sidor är tillbakadragna")
    return f"{said} {wording.upper_first(wording.count_word(away))} {words}.".strip()


def _came(edition: Edition) -> str:
    runs = [run for run in edition.runs if _retraction(edition, run) is None]
    counts = Counter(run.status for run in runs)
    total = len(runs)
    if not total:
        return ""
    said = {
        RunStatus.BUILT: ("är ny", "är nya"),
        RunStatus.REUSED: ("är oförändrad", "är oförändrade"),
        RunStatus.KEPT: ("är kvar från en tidigare version", "är kvar från en tidigare version"),
        RunStatus.FAILED: ("misslyckades", "misslyckades"),
    }
    if len(counts) == 1:
        one, many = said[next(iter(counts))]
        every = f"Alla {wording.number(total)} sidor {many}."
        return f"Sidan {one}." if total == 1 else every
    parts = [
        f"{wording.count_word(counts[status])} {wording.plural(counts[status], *words)}"
        for status, words in said.items()
        if counts[status]
    ]
    return f"Av {wording.number(total)} sidor: {wording.listing(parts)}."


def _by_report(edition: Edition) -> list[str]:
    """How each report's pages came out; nothing where there is only one report."""
    counts: dict[str, Counter[RunStatus]] = {}
    for run in edition.runs:
        counts.setdefault(run.run.report, Counter())[run.status] += 1
    if len(counts) < 2:
        return []
    rows = []
    for report in sorted(map(edition.site.params.reports.__getitem__, counts), key=report_order):
        came = counts[report.id]
        link = anchor(report.title, way(ADDRESS, f"{report_folder(report)}/index.html"))
        numbers = [wording.number(came[status]) for status in _COLUMNS]
        rows.append((link, wording.number(came.total()), *numbers))
    headings = ("Rapport", "Sidor", *_COLUMNS.values())
    numbered = range(1, len(headings))
    return [section("Rapporter", table("Sidor per rapport", headings, rows, numbers=numbered))]


def _hidden(edition: Edition) -> list[str]:
    """How many small numbers are hidden, and the pages that lose most; nothing where none is."""
    hidden = sum(run.hidden for run in edition.runs)
    cells = sum(run.cells for run in edition.runs)
    if not hidden:
        return []
    most = [run for run in edition.runs if run.hidden and not _retraction(edition, run)]
    most.sort(key=lambda run: (-run.hidden / run.cells, -run.hidden, run.key.file_stem))
    rows = [
        (_page(edition, run), _title(edition, run), *_lost(run.hidden, run.cells))
        for run in most[:_LOSING_MOST]
    ]
    counts = f"{wording.number(hidden)} av {wording.number(cells)}"
    told = f"Dolda tal: {counts}, {_share(hidden, cells)}."
    words = "Små tal om patienter döljs, och de tal som annars skulle avslöja dem."
    headings = ("Sida", "Rapport", "Dolda", "Tal i tabellerna", "Andel")
    return [
        section(
            "Dolda tal",
            paragraph(escape(f"{told} {words}")),
            table("Sidor där störst andel är dold", headings, rows, numbers=(2, 3, 4)),
        )
    ]


def _lost(hidden: int, cells: int) -> tuple[str, str, str]:
    return wording.number(hidden), wording.number(cells), _share(hidden, cells)


def _share(hidden: int, cells: int) -> str:
    return wording.share(hidden / cells)


def _runs(edition: Edition, runs: list[ExecutedRun]) -> str:
    rows = [_run(edition, run) for run in runs]
    headings = ("Sida", "Rapport", "Status", "Orsak")
    return table("Alla körningar", headings, rows, filter_words="Visa körningar med")


def _run(edition: Edition, run: ExecutedRun) -> tuple[str, ...]:
    words, tone = _WORDS[run.status]
    page, title, reason = _page(edition, run), _title(edition, run), _reason(run)
    if taken_back := _retraction(edition, run):
        words, tone = "tillbakadragen", "bad"
        reason = f"{taken_back.why} (sedan {taken_back.day})"
    return page, title, tag(words, tone), escape(reason)


def _retraction(edition: Edition, run: ExecutedRun) -> Retraction | None:
    return edition.retracted.get(_address(edition, run))


def _address(edition: Edition, run: ExecutedRun) -> str:
    report = edition.site.params.reports[run.run.report]
    return page_address(report, report.subject(run.run.unit), run.run.period)


def _page(edition: Edition, run: ExecutedRun) -> str:
    """A run's page by its name, and the way there where it has one."""
    report = edition.site.params.reports[run.run.report]
    subject = report.subject(run.run.unit)
    name = f"{subject.name}, {run.run.period.long}"
    if run.status is RunStatus.FAILED and not _retraction(edition, run):
        return escape(name)
    return anchor(name, way(ADDRESS, f"{_address(edition, run)}.html"))


def _title(edition: Edition, run: ExecutedRun) -> str:
    return escape(edition.site.params.reports[run.run.report].title)


def _reason(run: ExecutedRun) -> str:
    if run.kept:
        return f"{run.kept.reason} (sedan {run.kept.since})"
    return run.error.words if run.error else run.run.words


def _tools(edition: Edition) -> str:
    versions = [(name, escape(version)) for name, version in sorted(edition.tools.items())]
    commit = [("kodens commit", escape(edition.commit[:12]))] if edition.commit else []
    return f'<div class="terms">{terms([*versions, *commit])}</div>'
