"""The accessibility statement (tillgänglighetsredogörelse) that DOS-lagen asks of the site.

Its parts are those that Digg's regulation lists: who answers for the site, how well it meets the
law, what does not and why, how that was found out, where to tell of more, who supervises.
"""

from collections.abc import Iterator
from html import escape

from lpe_reports import wording
from lpe_reports.params.site import AccessibilityStatement
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, items, paragraph, section
from lpe_reports.render.indexes.index_document import index_document

LAW = "lagen (2018:1937) om tillgänglighet till digital offentlig service"
_MEETS = {
    "fully": "Webbplatsen är helt förenlig med lagen; inga brister är kända.",
    "partly": "Webbplatsen är delvis förenlig med lagen, på grund av bristerna nedan.",
    "not": "Webbplatsen är inte förenlig med lagen, på grund av bristerna nedan.",
}
# What the tests of the project and the gate of every version hold; true wherever they pass.
_BY_MACHINE = (
    "Innan en version publiceras prövas varje sida: giltig HTML, rubriker i ordning, text till "
    "varje bild, rubriker till varje tabell, länkar som leder rätt.",
    "PDF-filerna skrivs som PDF/UA-1. En bild utan beskrivning eller en sida utan titel stoppar "
    "dem.",
    "Varje slags sida prövas i en webbläsare med axe mot WCAG 2.1 nivå A och AA, i ljust och mörkt "
    "läge, på bred skärm och på telefon, med menyer, sökträffar och tabeller öppna.",
    "Allt som kan göras med mus prövas med enbart tangentbord: sökning, urval, sortering, filer, "
    "byte av version, menyn på telefon.",
    "Sidorna prövas vid 400 procents förstoring, med större avstånd mellan rader, ord och tecken, "
    "med läsarens egna färger och i utskrift.",
)


def accessibility_page(edition: Edition) -> PageDocument:
    """The statement, of what params and the project's own tests say."""
    site = edition.site.params.site
    statement = site.accessibility
    return index_document(
        edition.site,
        "tillganglighet/index",
        "Tillgänglighet",
        [
            section("Hur tillgänglig är webbplatsen?", *_state(statement)),
            section("Om du inte kan använda en del av webbplatsen", *_ways(site.contact)),
            section("Tillsyn", _supervision(statement)),
            section("Innehåll som inte är tillgängligt", *_problems(statement)),
            section("Hur sidorna har prövats", *_checks(statement)),
        ],
        lead=(
            f"{site.organisation} står bakom den här webbplatsen. Alla ska kunna använda den. Här "
            f"står hur den uppfyller {LAW}, vilka brister som är kända och hur du berättar om fler."
        ),
    )


def _state(statement: AccessibilityStatement) -> Iterator[str]:
    yield paragraph(_MEETS[statement.meets_the_law])
    yield paragraph(
        "Kraven är WCAG 2.1 nivå AA och EN 301 549. De gäller både webbsidorna och filerna som "
        "hör till dem."
    )
    if statement.updated_on:
        yield paragraph(f"Redogörelsen uppdaterades senast {wording.day(statement.updated_on)}.")


def _ways(contact: str) -> Iterator[str]:
    mail = anchor(contact, f"mailto:{contact}?subject=Tillg%C3%A4nglighet")
    yield paragraph(
        f"Skriv till {mail} om du hittar ett hinder som inte står här, om du tycker att sidorna "
        "inte uppfyller lagens krav, eller om du behöver innehållet i en annan form. Tala gärna om "
        "vilken sida det gäller; adressen står längst ner på den."
    )
    yield paragraph(
        "Siffrorna bakom en sida finns alltid som Excel och CSV, och hela sidan som PDF, överst på "
        "sidan."
    )


def _supervision(statement: AccessibilityStatement) -> str:
    report = anchor(statement.supervisor, statement.supervisor_address)
    return paragraph(
        f"Är du inte nöjd med svaret, eller får du inget? Anmäl det till {report}, som har tillsyn "
        "över lagen."
    )


def _problems(statement: AccessibilityStatement) -> Iterator[str]:
    if statement.known_problems:
        yield items((escape(problem) for problem in statement.known_problems), "facts")
    else:
        yield paragraph("Inga brister är kända.")
    yield paragraph(
        "Inget har undantagits för att det skulle vara oskäligt betungande att anpassa."
    )


def _checks(statement: AccessibilityStatement) -> Iterator[str]:
    yield paragraph("Det här prövas automatiskt, varje gång sidorna eller deras mallar ändras:")
    yield items((escape(check) for check in _BY_MACHINE), "facts")
    if statement.manual_checks:
        yield paragraph("Det här kan inte prövas så, och har gåtts igenom särskilt:")
        yield items((escape(check) for check in statement.manual_checks), "facts")
    else:
        yield paragraph("Ingen granskning för hand har gjorts ännu.")
    if statement.assessed_on:
        yield paragraph(f"Den senaste bedömningen gjordes {wording.day(statement.assessed_on)}.")
    else:
        yield paragraph("Sidorna har inte granskats av någon utomstående.")
