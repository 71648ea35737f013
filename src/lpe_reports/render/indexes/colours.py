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
        ("Utseende", "Betyder"),
        [(_swatch(name), escape(meaning)) for name, meaning in {**MEANINGS, **_OTHERS}.items()],
    )
    judgements = table(
        "Bedömningar vid nyckeltal",
        ("Ser ut så här", "Betyder"),
        [
            (tag("når målet", "good"), "Målet är nått."),
            (
                tag("under målet", "bad"),
                "Målet är inte nått: talet är lägre än det ska vara, eller ”över målet”, högre än "
                "det ska vara.",
            ),
            (
                f"{tag('högre än vanligt', 'good')} {tag('lägre än vanligt', 'bad')}",
                "Talet har lämnat sina egna gränser, mer än det brukar variera: grönt åt rätt "
                "håll, rött åt fel håll, gult där inget håll är det rätta. Samma toner har "
                "”stiger sedan” och ”fler än vanligt sedan”, när det har varat en tid.",
            ),
            (
                tag("nära sin övre gräns", "good"),
                "Två av de tre senaste talen ligger nära gränsen, men inte utanför.",
            ),
            (
                tag("pågår", "flag"),
                "Perioden är inte slut. Talen gäller så långt uppgifterna räcker, jämförs med lika "
                "många dagar av perioden före och kommer att ändras.",
            ),
            (tag("preliminärt", "flag"), "Läs med försiktighet: kan ändras, eller få värden."),
            (tag("vanlig variation"), "Inget säger att något har ändrats."),
        ],
    )
    cells = table(
        "Tecken i tabeller",
        ("Tecken", "Betyder"),
        [
            ("▲", "Över målet. I grön ton där det är bra, i röd där det är dåligt."),
            ("▼", "Under målet. I röd ton där det är dåligt, i grön där det är bra."),
            ("<b>Fet rad</b>", "Sidans egen period, eller summan."),
            (
                "<i>dold</i>",
                "Talet är så litet att det kan peka ut någon, eller avslöja ett sådant.",
            ),
            ("saknas", "Talet har inte levererats."),
            ("–", "Det finns ingen att räkna på. Läses upp som ”inga”."),
        ],
    )
    return index_document(
        edition.site,
        "farger/index",
        "Förklaring av färger",
        [
            *(
                section(heading, f'<div class="entry">{body}</div>')
                for heading, body in (
                    ("Diagram", charts),
                    ("Nyckeltal", judgements),
                    ("Tabeller", cells),
                )
            ),
        ],
        lead=(
            "En färg betyder samma sak överallt, i ljust och mörkt läge och i PDF. Den är aldrig "
            "ensam om att säga något: ord, tecken eller streckning säger det också."
        ),
    )


def _swatch(name: str) -> str:
    """How it looks in a chart, with its use beside it: colours' names differ in the dark."""
    label = escape(_USES[name])
    return (
        f'<svg class="swatch" viewBox="0 0 40 16" width="40" height="16" aria-hidden="true">'
        f"{_shape(name)}</svg> {label}"
    )


def _shape(name: str) -> str:
    colour = f'fill="var(--{name})"'
    match name:
        case "mean" | "target":
            dash = ' stroke-dasharray="5 4"' if name == "target" else ""
            return f'<path d="M0 8h40" stroke="var(--{name})" stroke-width="2"{dash}/>'
        case "good":
            return f'<path d="M20 1l7 7-7 7-7-7z" {colour}/>'
        case "bad":
            return f'<path d="M14 2h12v12H14z" {colour}/>'
        case "flag":
            return '<path d="M20 2l8 12H12z" fill="var(--series-2)"/>'
        case "shades":
            return "".join(
                f'<rect x="{8 * place}" width="8" height="16" fill="var(--shade-{shade})"/>'
                for place, shade in enumerate((1, 2, 4, 6, 8))
            )
        case "plan":
            return f'<path d="M0 12h14v-7h14v4h12" {_line("ink")} stroke-width="2"/>'
        case "first":
            return f'<path d="M0 8h40" {_line("mean")} stroke-width="1.5" stroke-dasharray="3 3"/>'
        case "hollow":
            return f'<rect x="10" y="2" width="20" height="14" {_line("series-1")}/>'
        case "faint":
            return (
                '<rect x="10" y="2" width="20" height="14" fill="var(--series-1)" opacity=".45"/>'
            )
        case "interval":
            return f'<path d="M6 8h28M6 4v8M34 4v8" {_line("series-1")} stroke-width="1.5"/>'
        case "band":
            return '<rect width="40" height="16" rx="2" fill="var(--series-1)" opacity=".15"/>'
        case _:
            return f'<rect width="40" height="16" rx="2" {colour}/>'


def _line(name: str) -> str:
    return f'fill="none" stroke="var(--{name})"'


# What stands in charts without a colour of its own.
_OTHERS = {
    "flag": "Ett ovanligt värde där inget håll är det rätta (trekant).",
    "band": "Vanlig variation: så mycket brukar talet variera utan att något har ändrats. Kring en "
    "kurva: osäkerheten.",
    "interval": "95 % konfidensintervall: så osäkert är talet.",
    "shades": "Ju starkare färg, desto mer: högre tal i ett rutnät, längre väntan eller senare på "
    "dagen i en delad stapel.",
    "faint": "Perioden pågår: stapeln växer än.",
    "plan": "Planen som gäller, period för period.",
    "first": "Årets första plan, streckad.",
    "hollow": "Prognos, aldrig utfall.",
}
_USES = {
    "series-1": "första serien",
    "series-2": "ovanligt, sjätte serien",
    "series-3": "andra serien",
    "series-4": "tredje serien",
    "series-5": "fjärde serien",
    "series-6": "femte serien",
    "mean": "medelvärde",
    "target": "mål",
    "good": "bra",
    "bad": "dåligt",
    "line": "stängt",
    "flag": "ovanligt",
    "band": "ljust band",
    "interval": "streck med ändar",
    "shades": "skala",
    "faint": "blek stapel",
    "plan": "trappsteg",
    "first": "tunn linje",
    "hollow": "ihålig stapel",
}
