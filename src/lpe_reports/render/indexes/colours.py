""" "Förklaring av färger": what each colour and sign means, on the page and in charts."""

from html import escape

from lpe_reports.display.palette import MEANINGS
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import section, table, tag
from lpe_reports.render.indexes.index_document import index_document


def colours_page(edition: Edition) -> PageDocument:
    """What the colours mean; they are never the only sign of anything."""
    charts = table(
        "Färger i diagram",
        ("Färg", "Betyder"),
        [(_swatch(name), escape(meaning)) for name, meaning in MEANINGS.items()],
    )
    judgements = table(
        "Bedömningar vid nyckeltal",
        ("Ser ut så här", "Betyder"),
        [
            (tag("når målet", "good"), "Når målet, eller har blivit bättre än vanlig variation."),
            (tag("under målet", "bad"), "Når inte målet, eller sämre än vanlig variation."),
            (tag("preliminärt", "flag"), "Läs med försiktighet: kan ändras, eller få värden."),
            (tag("vanlig variation"), "Inget säger att något har ändrats."),
        ],
    )
    cells = table(
        "Tecken i tabeller",
        ("Tecken", "Betyder"),
        [
            ("▲", "Över målet. Grönt där det är bra, rött där det är dåligt."),
            ("▼", "Under målet. Rött där det är dåligt, grönt där det är bra."),
            ("<b>Fet rad</b>", "Sidans egen period, eller summan."),
            (
                "<i>dold</i>",
                "Talet är så litet att det kan peka ut någon, eller avslöja ett sådant.",
            ),
            ("saknas", "Talet har inte levererats."),
            ("inga", "Det finns ingen att räkna på."),
        ],
    )
    return index_document(
        edition.site,
        "farger/index",
        "Förklaring av färger",
        [
            section("Diagram", charts),
            section("Nyckeltal", judgements),
            section("Tabeller", cells),
        ],
        lead=(
            "En färg betyder samma sak överallt, i ljust och mörkt läge och i PDF. Den är aldrig "
            "ensam om att säga något: ord, tecken eller streckning säger det också."
        ),
    )


def _swatch(name: str) -> str:
    """A piece of the colour with its name beside it."""
    dash = ' stroke-dasharray="5 4"' if name == "target" else ""
    if name in ("mean", "target"):
        shape = f'<path d="M0 8h40" stroke="var(--{name})" stroke-width="2"{dash}/>'
    else:
        shape = f'<rect width="40" height="16" rx="2" fill="var(--{name})"/>'
    label = escape(_NAMES.get(name, name))
    return (
        f'<svg class="swatch" viewBox="0 0 40 16" width="40" height="16" aria-hidden="true">'
        f"{shape}</svg> {label}"
    )


_NAMES = {
    "series-1": "blå",
    "series-2": "orange",
    "series-3": "turkos",
    "series-4": "vinröd",
    "series-5": "brun",
    "series-6": "grå",
    "mean": "grå linje",
    "target": "streckad linje",
    "good": "grön",
    "bad": "röd",
    "line": "ljusgrå",
}
