"""What the dataset's files hold, column by column: how it is written, and how it is described."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "count", "day", "yes"]

PAGES, FIGURES, TABLES = "sidor", "nyckeltal", "tabeller"


@dataclass(frozen=True)
class Column:
    """One column of a file."""

    name: str
    kind: Kind
    says: str  # what it holds, for readers


_WHICH = (
    Column("sida", "text", "Sidans adress, utan .html. Nyckeln mellan filerna."),
    Column("rapport", "text", "Rapportens namn."),
    Column("enhet", "text", "Enheten, eller åtgärden, som sidan gäller."),
    Column("period", "text", "Sidans period, till exempel 2026-W19, 2026-05 eller 2026-Q2."),
)
_ONGOING = Column("pagar", "yes", "Om perioden pågick när uppgifterna hämtades.")
_LAST_DAY = Column("sista_dag", "day", "Periodens sista dag.")
_NEWEST = Column("senaste", "yes", "Om sidan är enhetens senaste med en avslutad period.")
_KIND = Column(
    "typ",
    "text",
    "Talets slag: count (antal), share (andel, 0–1), days (dagar), hours (timmar), minutes "
    "(minuter) eller number (annat tal).",
)
_UNIT = Column("mattenhet", "text", "Måttenheten, där en är skriven.")
_VALUE = Column("varde", "number", "Värdet. Tomt där det saknas eller är dolt.")
_HIDDEN = Column("dold", "yes", "Om värdet är dolt, därför att det gäller för få personer.")

COLUMNS: Mapping[str, Sequence[Column]] = {
    PAGES: (
        *_WHICH,
        Column("enhetskod", "text", "Enhetens eller åtgärdens kod, som aldrig ändras."),
        Column("periodslag", "text", "Periodens slag: week, month, quarter, year …"),
        Column("forsta_dag", "day", "Periodens första dag."),
        _LAST_DAY,
        _ONGOING,
        _NEWEST,
        Column("rubrik", "text", "Sidans rubrik."),
        Column("sammanfattning", "text", "Meningarna överst på sidan."),
        Column("uppgifter_till", "day", "Vilken natts uppgifter sidan är gjord av."),
        Column("underlag", "text", "Kontrollsumma av det som sidan är gjord av."),
    ),
    FIGURES: (
        *_WHICH,
        _LAST_DAY,
        _ONGOING,
        _NEWEST,
        Column("nyckeltal", "text", "Nyckeltalets kod."),
        Column("namn", "text", "Nyckeltalets namn på sidan."),
        _KIND,
        _UNIT,
        _VALUE,
        Column("fore", "number", "Värdet perioden före."),
        Column("ett_ar_fore", "number", "Värdet samma period året före."),
        Column("mal", "number", "Målet."),
        _HIDDEN,
    ),
    TABLES: (
        *_WHICH,
        Column("tabell", "text", "Tabellens kod."),
        Column("rubrik", "text", "Tabellens rubrik på sidan."),
        Column("rad", "count", "Radens nummer i tabellen, från 1."),
        Column("radnamn", "text", "Det som namnger raden: en vecka, en enhet, en åtgärdsgrupp."),
        Column("radperiod", "text", "Radens period, där raden är en."),
        Column("kolumn", "text", "Kolumnens kod."),
        Column("kolumnnamn", "text", "Kolumnens rubrik på sidan."),
        _KIND,
        _UNIT,
        _VALUE,
        Column("text", "text", "Värdet, där det är en text, ett datum eller en period."),
        _HIDDEN,
    ),
}
