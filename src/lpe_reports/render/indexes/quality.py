"""Data quality: what the night's load gave, and what its checks found."""

from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from lpe_reports import wording
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import MADE_UP, paragraph, section, table
from lpe_reports.render.indexes.index_document import index_document
from lpe_reports.warehouse.manifest import CheckCount, Manifest, TableManifest

_PLACE = ZoneInfo("Europe/Stockholm")
_TABLES = {
    "operations": "Operationer",
    "needs": "Operationsbehov",
    "waiting_list": "Väntande",
    "sessions": "Salspass",
    "production_plan": "Produktionsplan",
    "targets": "Mål",
    "comments": "Kommentarer",
    "activities": "Aktiviteter",
}
_RULES = {
    "null": "Värde saknas",
    "type": "Går inte att läsa",
    "null_unit": "Enhet saknas",
    "unknown_unit": "Okänd enhet",
    "unknown_code": "Okänd kod",
    "unknown_period": "Okänd period",
    "out_of_range": "Värde utanför gränserna",
    "order_of_times": "Tider i omöjlig ordning",
    "stay_of_a_day": "Mer än ett dygn i salen",
    "negative_wait": "Negativ väntetid",
    "overlap": "Två operationer samtidigt i en sal",
    "duplicate": "Samma rad två gånger",
    "duplicate_key": "Samma nyckel, olika rader",
    "repeated_hour": "Klockslag i höstens dubbla timme",
    "missing_hour": "Klockslag i vårens saknade timme",
}
_CONSEQUENCES = {
    "row": "raderna är undantagna",
    "repair": "rättat",
    "flag": "räknat och behållet",
    "load": "laddningen stoppad",
}


def quality_page(edition: Edition) -> PageDocument:
    """The load log and the checks of the night that the pages were made from."""
    manifest = edition.manifest
    if manifest is None:
        body = [paragraph("Den här versionen har inget laddningsprotokoll.")]
        lead = ""
    else:
        notice = MADE_UP if manifest.demo else ""
        body = [notice, _load(manifest), _checks(manifest), _unknown(manifest)]
        lead = _lead(manifest)
    return index_document(
        edition.site,
        "datakvalitet/index",
        "Datakvalitet",
        [part for part in body if part],
        when=f"Uttaget {edition.night.isoformat()}",
        lead=lead,
    )


def _tables(manifest: Manifest) -> list[TableManifest]:
    return [table for name, table in manifest.tables.items() if name != "load_log"]


def _lead(manifest: Manifest) -> str:
    """What became of the rows: 350 dubbletter togs bort, fem är undantagna och fyra rättade."""
    tables = _tables(manifest)
    doubles = sum(map(_doubles, tables))
    rejected = sum(each.rejected for each in tables)
    mended = sum(map(_mended, tables))
    parts = []
    if doubles:
        twice = wording.plural(doubles, "dubblett", "dubbletter")
        parts.append(f"{wording.count_word(doubles)} {twice} togs bort")
    if rejected:
        row = wording.plural(rejected, "rad är undantagen", "rader är undantagna")
        parts.append(f"{wording.count_word(rejected)} {row}")
    if mended:
        row = wording.plural(mended, "är rättad", "är rättade")
        parts.append(f"{wording.count_word(mended)} {row}")
    said = wording.listing(parts) or "ingen rad är borttagen, undantagen eller rättad"
    fetched = wording.number(sum(each.fetched for each in tables))
    return f"{fetched} rader lästes. {wording.upper_first(said)}."


def _doubles(table: TableManifest) -> int:
    """Rows that were left out for being there already; the load counts them as mended."""
    return max(0, table.fetched - table.rows - table.rejected - table.left_out)


def _mended(table: TableManifest) -> int:
    """Rows that were changed, and kept."""
    return max(0, table.repaired - _doubles(table))


def _load(manifest: Manifest) -> str:
    rows = [
        (
            escape(_TABLES.get(each.name, each.name)),
            wording.number(each.fetched),
            wording.number(each.rows),
            wording.number(each.rejected),
            wording.number(_doubles(each)),
            wording.number(_mended(each)),
            wording.number(each.left_out),
            escape(_local_day(each.latest_event_at)),
        )
        for each in _tables(manifest)
    ]
    headings = (
        "Tabell", "Lästa", "Laddade", "Undantagna", "Dubbletter", "Rättade", "Efter uttaget",
        "Till och med",
    )  # fmt: skip
    note = paragraph(
        "Undantagna rader bryter mot en regel och räknas inte någonstans. Dubbletter är rader som "
        "redan fanns och har tagits bort. Rättade rader är med. Rader efter uttaget hör till "
        "kommande nätter."
    )
    return section(
        "Laddning", table("Rader i nattens uttag", headings, rows, numbers=range(1, 7)), note
    )


def _local_day(time: str | None) -> str:
    """The Swedish day of a time that may be written in UTC."""
    return str(datetime.fromisoformat(time).astimezone(_PLACE).date()) if time else ""


def _checks(manifest: Manifest) -> str:
    rows = [_check(each.name, check) for each in _tables(manifest) for check in each.checks]
    if not rows:
        return section("Kontroller", paragraph("Alla kontroller gick igenom."))
    headings = ("Tabell", "Kontroll", "Kolumner", "Rader", "Följd")
    return section("Kontroller", table("Vad kontrollerna fann", headings, rows, numbers=(3,)))


def _check(name: str, check: CheckCount) -> tuple[str, ...]:
    return (
        escape(_TABLES.get(name, name)),
        escape(_RULES.get(check.rule, check.rule.replace("_", " "))),
        f"<code>{escape(', '.join(check.columns))}</code>",
        wording.number(check.rows),
        escape(_consequence(check)),
    )


def _consequence(check: CheckCount) -> str:
    if check.rule == "duplicate":
        return "borttagna"
    return _CONSEQUENCES.get(check.consequence, check.consequence)


def _unknown(manifest: Manifest) -> str:
    """How many spellings nobody has explained; which they are stands in the manifest only."""
    rows = [
        (
            escape(_TABLES.get(each.name, each.name)),
            f"<code>{escape(column)}</code>",
            wording.number(len(spellings)),
            wording.number(sum(spellings.values())),
        )
        for each in _tables(manifest)
        for column, spellings in each.unknown.items()
        if spellings
    ]
    if not rows:
        return ""
    headings = ("Tabell", "Kolumn", "Stavningar", "Rader")
    return section(
        "Okända stavningar",
        table("Stavningar som ingen har förklarat", headings, rows, numbers=(2, 3)),
    )
