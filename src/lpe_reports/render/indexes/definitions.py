""" "Så räknar vi": every measure's definition, where each page's links lead."""

from html import escape

from lpe_reports.params.glossary import Definition
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, paragraph, terms
from lpe_reports.render.indexes.index_document import index_document


def definitions_page(edition: Edition) -> PageDocument:
    """The glossary, each entry under its id."""
    entries = edition.site.params.glossary.entries
    body = "\n".join(_entry(entry) for entry in entries)
    return index_document(
        edition.site,
        "sa-raknar-vi/index",
        "Så räknar vi",
        [_sources(), f'<div class="terms" data-filter="Visa begrepp med">\n{body}\n</div>'],
        lead=(
            "Vad varje mått betyder, vad som räknas med och vad som lämnas utanför. Där fältet "
            "har flera definitioner har var och en sitt eget namn."
        ),
    )


def _sources() -> str:
    tables = anchor("Tabeller och kolumner", "../datakvalitet/tabeller/index.html")
    quality = anchor("Datakvalitet", "../datakvalitet/index.html")
    return paragraph(
        f"Måtten räknas ur datalagrets tabeller. Vad som står i dem beskrivs under {tables}, och "
        f"hur nattens uppgifter var under {quality}."
    )


def _entry(entry: Definition) -> str:
    valid = entry.valid_from.isoformat() if entry.valid_from else ""
    rows = (
        ("Täljare", entry.numerator),
        ("Nämnare", entry.denominator),
        ("Räknas inte", entry.excluded),
        ("Metod", entry.method),
        ("Källa", entry.source),
        ("Gäller från", valid),
    )
    return (
        f'<div id="{escape(entry.id)}" data-row>\n'
        f'<h2>{escape(entry.name)} <small lang="en">{escape(entry.english)}</small></h2>\n'
        f"<p>{escape(entry.definition)}</p>\n"
        f"{terms((name, escape(text or '')) for name, text in rows)}\n</div>"
    )
