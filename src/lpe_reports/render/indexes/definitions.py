""" "Så räknar vi": every measure's definition, where each page's links lead."""

from collections.abc import Sequence
from datetime import date
from html import escape

from lpe_reports.params.glossary import Definition, FormerRule, GuaranteeLimit
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, items, paragraph, terms
from lpe_reports.render.indexes.index_document import index_document

# Where a Swedish reader looks for å, ä and ö: after z, in this order.
_AFTER_Z = str.maketrans("åäö", "{|}")
_LISTS = {"first_contact": "Första kontakt", "operation": "Operation"}


def definitions_page(edition: Edition) -> PageDocument:
    """The glossary, each entry under its id."""
    glossary = edition.site.params.glossary
    limits = {"guarantee": [_limit(limit) for limit in glossary.guarantee]}
    body = "\n".join(
        _entry(entry, limits[entry.limit] if entry.limit else ()) for entry in glossary.entries
    )
    return index_document(
        edition.site,
        "sa-raknar-vi/index",
        "Så räknar vi",
        [
            _sources(),
            _alphabet(glossary.entries),
            f'<div class="terms" data-filter="Visa begrepp med">\n{body}\n</div>',
        ],
        lead=(
            "Vad varje mått betyder, vad som räknas med och vad som lämnas utanför. Där fältet "
            "har flera definitioner har var och en sitt eget namn."
        ),
    )


def _alphabet(entries: Sequence[Definition]) -> str:
    """Every name in the order of the alphabet: the entries themselves stand by subject."""
    named = sorted(entries, key=lambda entry: entry.name.casefold().translate(_AFTER_Z))
    links = items((anchor(entry.name, f"#{entry.id}") for entry in named), "chips")
    said = f"Alla {len(named)} begrepp i bokstavsordning"
    return f"<details><summary>{said}</summary>\n{links}</details>"


def _sources() -> str:
    tables = anchor("Tabeller och kolumner", "../datakvalitet/tabeller/index.html")
    quality = anchor("Datakvalitet", "../datakvalitet/index.html")
    return paragraph(
        f"Måtten räknas ur datalagrets tabeller. Vad som står i dem beskrivs under {tables}, och "
        f"hur nattens uppgifter var under {quality}. ”Gäller från” är den dag då definitionen "
        "började gälla så som den står här; sidorna räknar även äldre perioder efter den."
    )


def _entry(entry: Definition, limits: Sequence[str]) -> str:
    rows = (
        ("Täljare", escape(entry.numerator or "")),
        ("Nämnare", escape(entry.denominator or "")),
        ("Räknas inte", escape(entry.excluded or "")),
        ("Metod", escape(entry.method or "")),
        ("Gräns", "<br>".join(map(escape, limits))),
        ("Källa", escape(entry.source)),
        ("Gäller från", _day(entry.valid_from)),
        ("Gäller till och med", _day(entry.valid_to)),
        *(("Räknades tidigare", escape(_former(rule))) for rule in entry.former),
    )
    return (
        f'<div id="{escape(entry.id)}" data-row>\n'
        f'<h2>{escape(entry.name)} <small lang="en">{escape(entry.english)}</small></h2>\n'
        f"<p>{escape(entry.definition)}</p>\n"
        f"{terms(rows)}\n</div>"
    )


def _limit(limit: GuaranteeLimit) -> str:
    """Operation, från 2017-04-01: Behandling inom 90 dagar från beslutet om den. (HSL)."""
    until = f" till och med {limit.valid_to}" if limit.valid_to else ""
    return f"{_LISTS[limit.list]}, från {limit.valid_from}{until}: {limit.says} ({limit.source})"


def _former(rule: FormerRule) -> str:
    since = f"Från {rule.valid_from} till och med" if rule.valid_from else "Till och med"
    source = f" ({rule.source})" if rule.source else ""
    return f"{since} {rule.valid_to}: {rule.definition}{source}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
