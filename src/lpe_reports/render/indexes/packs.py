"""The page of the meeting packs: one PDF per forum and period, and what each holds."""

from collections.abc import Iterator, Sequence
from html import escape

from lpe_reports import wording
from lpe_reports.params.packs import Pack
from lpe_reports.render.addresses import way
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import items, paragraph, section, tag
from lpe_reports.render.indexes.index_document import index_document
from lpe_reports.render.packs.made import MadePack
from lpe_reports.render.packs.planned import FOLDER
from lpe_reports.render.quoting import quoted
from lpe_reports.wording import upper_first

ADDRESS = f"{FOLDER}/index"
_NONE = "<p>Inget underlag i den här versionen.</p>"
_LEAD = (
    "Ett dokument per forum och period: signalerna först, sedan de sidor som mötet behöver. "
    "Görs när perioden är över."
)


def packs_page(edition: Edition) -> PageDocument:
    """Every forum with its packs, the newest first."""
    parts = [_forum(edition, pack) for pack in edition.site.params.packs]
    return index_document(
        edition.site,
        ADDRESS,
        "Mötesunderlag",
        parts or [_NONE],
        when=edition.until,
        lead=_LEAD,
    )


def _forum(edition: Edition, pack: Pack) -> str:
    packs = [made for made in edition.packs if made.planned.pack.id == pack.id]
    return section(
        pack.title,
        paragraph(escape(pack.about)),
        items((_pack(made) for made in packs), "signals") if packs else _NONE,
        *(_holds(packs[0]) if packs else ()),
        name=pack.id,
    )


def _pack(made: MadePack) -> str:
    planned = made.planned
    if not made.sheets:
        return (
            f'<span class="what">{escape(upper_first(planned.period.long))} '
            f"{tag('kunde inte göras', 'bad')}</span>"
        )
    href = way(ADDRESS, f"{planned.address}.pdf")
    size = wording.number(made.size / 1_000_000, 1)
    missing = sum(len(absence.units) for absence in planned.absences)
    told = [f"PDF, {wording.number(made.sheets)} sidor, {size} MB"]
    if missing:
        words = wording.plural(missing, "rapportsida är inte med", "rapportsidor är inte med")
        told.append(f"{wording.number(missing)} {words}")
    said = (
        f'<span class="what"><a href="{escape(href)}"><b>{escape(planned.title)}</b></a></span>'
        f"<small>{escape(' · '.join(told))}</small>"
    )
    return quoted([planned.address], said)


def _holds(made: MadePack) -> Iterator[str]:
    """What the newest pack holds, report by report, and what is not in it."""
    units: dict[str, list[str]] = {}
    for spot in made.planned.pages:
        units.setdefault(f"{spot.report.title}, {spot.period.long}", []).append(spot.subject.short)
    rows = [
        f"<li>{escape(report)}: {escape(wording.listing(names))}</li>"
        for report, names in units.items()
    ]
    rows += [f"<li>{escape(text)}</li>" for text in _missing(made)]
    label = escape(f"Vad {made.planned.title} innehåller")
    yield f"<details><summary>{label}</summary>\n<ul>{''.join(rows)}</ul></details>"


def _missing(made: MadePack) -> Sequence[str]:
    return [
        f"Inte med: {absence.report.title}, {absence.period.long}, "
        f"{wording.listing(absence.units)} {absence.why}."
        for absence in made.planned.absences
    ]
