"""The dataset's own page: its files, how they are opened, and what their columns hold."""

from collections.abc import Iterator, Sequence
from html import escape

from lpe_reports import wording
from lpe_reports.render.dataset.columns import COLUMNS, FIGURES, PAGES, TABLES
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, items, paragraph, section, table
from lpe_reports.render.indexes.index_document import index_document

ADDRESS = "dataset/index"
_TITLES = {PAGES: "Sidor", FIGURES: "Nyckeltal", TABLES: "Tabeller"}
_FILES = {
    PAGES: f"{PAGES}.parquet och {PAGES}.csv",
    FIGURES: f"{FIGURES}.parquet och {FIGURES}.csv",
    TABLES: f"{TABLES}-….parquet och {TABLES}-….csv, en per rapport",
}
_SAYS = {
    PAGES: "En rad per sida: rapport, enhet, period och meningarna överst.",
    FIGURES: "En rad per nyckeltal och sida, med värdet före, ett år tidigare och målet.",
    TABLES: "En rad per cell i sidornas tabeller, även de som hör till diagram. Celler utan värde "
    "är utelämnade, dolda står med.",
}


def dataset_page(edition: Edition) -> PageDocument:
    """What the dataset holds, for those who work with the numbers in programs of their own."""
    return index_document(
        edition.site,
        ADDRESS,
        "Alla uppgifter som dataset",
        [
            section("Filer", _files(edition), *_about_files()),
            section("Öppna i Power BI", _power_bi()),
            section("Öppna i Excel", *_excel()),
            section("Läs rätt", _reading()),
            *(_columns(name) for name in COLUMNS),
        ],
        when=edition.until,
        lead=(
            "Alla nyckeltal och tabeller från alla sidor, för den som vill räkna vidare. Det är "
            "samma tal som på sidorna, med samma små tal dolda."
        ),
    )


def _files(edition: Edition) -> str:
    rows = [(_TITLES[name], _SAYS[name], name) for name in (PAGES, FIGURES)]
    for report in edition.site.params.reports.values():
        count = sum(len(unit.spots) for unit in edition.site.units_of(report))
        if count:
            pages = "enda sida" if count == 1 else f"{wording.number(count)} sidor"
            says = f"Alla tabeller på rapportens {pages}."
            rows.append((report.title, says, f"{TABLES}-{report.slug}"))
    return table(
        "En fil om sidorna, en om nyckeltalen och en per rapport",
        ["Fil", "Alla sidor", "För Excel", "Innehåll"],
        [
            (
                escape(title),
                anchor("Parquet", f"{file}.parquet"),
                anchor("CSV", f"{file}.csv"),
                escape(says),
            )
            for title, says, file in rows
        ],
    )


def _about_files() -> Iterator[str]:
    yield paragraph(
        "Parquet-filerna har alla sidor. Tabellernas CSV-filer har bara varje enhets senaste sida "
        "med avslutad period, eftersom sidorna upprepar samma historik och Excel tar högst en "
        "miljon rader. Filerna görs om med varje version av sidorna, under samma namn."
    )


def _power_bi() -> str:
    example = "https://…/latest/dataset/nyckeltal.parquet"
    return _steps(
        [
            "Välj <b>Hämta data</b> och <b>Parquet</b>.",
            f'Skriv filens adress med <code>latest</code> i: <code class="path">{example}</code>. '
            "Då hämtas den senaste versionen varje gång rapporten uppdateras.",
            "Koppla filerna till varandra med kolumnen <code>sida</code>: en rad i Sidor hör till "
            "många rader i de andra.",
            "Filtrera på <code>senaste</code> i Sidor, så att varje enhet räknas en gång.",
        ]
    )


def _excel() -> Iterator[str]:
    yield _steps(
        [
            "Öppna CSV-filen direkt. Den har semikolon och decimalkomma, som svensk Excel väntar "
            "sig.",
            "Eller välj <b>Data</b>, <b>Hämta data</b> och <b>Från webben</b> med filens adress, "
            "så kan uppgifterna uppdateras sedan.",
        ]
    )
    yield paragraph(
        "Vill du ha en enda sidas tabeller är Excel-filen på sidan enklare: ett blad per tabell, "
        "med rätt format."
    )


def _reading() -> str:
    definitions = anchor("Så räknar vi", "../sa-raknar-vi/index.html")
    return items(
        [
            "En andel är ett tal mellan 0 och 1. Minuter är minuter, inte klockslag.",
            "Ett dolt värde är tomt och har sant i <code>dold</code>. Det är inte noll: räkna det "
            "inte som det, och räkna inte ut det ur andra tal.",
            "En period som pågår har sant i <code>pagar</code> och kan inte jämföras med en hel.",
            "Samma vecka står på flera sidor, som den var känd när varje sida gjordes.",
            f"Vad måtten betyder står under {definitions}.",
        ],
        "facts",
    )


def _steps(html: Sequence[str]) -> str:
    return "<ol>\n" + "\n".join(f"<li>{step}</li>" for step in html) + "\n</ol>"


def _columns(name: str) -> str:
    kinds = {
        "text": "text",
        "number": "tal",
        "count": "heltal",
        "day": "datum",
        "yes": "sant eller falskt",
    }
    return section(
        f"Kolumner: {_TITLES[name].lower()}",
        table(
            _FILES[name],
            ["Kolumn", "Typ", "Innehåll"],
            [
                (f"<code>{column.name}</code>", kinds[column.kind], escape(column.says))
                for column in COLUMNS[name]
            ],
        ),
        name=f"kolumner-{name}",
    )
