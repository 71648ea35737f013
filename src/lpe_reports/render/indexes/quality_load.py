"""Data quality: the load log, table by table and night by night."""

from collections.abc import Sequence
from datetime import date
from html import escape

from lpe_reports import wording
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, paragraph, section, table, tag
from lpe_reports.render.indexes.dictionary import table_link
from lpe_reports.render.indexes.quality_tables import loaded_tables
from lpe_reports.render.words.contract import contract_words
from lpe_reports.warehouse.nights.history import NightLoad
from lpe_reports.warehouse.nights.manifest import Manifest, TableManifest

_LOADS = {
    "full": "hela tabellen",
    "increment": "det som hade ändrats",
    "days": "dagar som inte fanns",
}


def load(edition: Edition, manifest: Manifest) -> str:
    """What was read of each table tonight, and what the night has of it."""
    tables = loaded_tables(manifest)
    return section(
        "Laddning",
        paragraph(*_said(manifest)),
        _log(tables),
        paragraph(
            "<b>Undantagna</b> rader bryter mot en regel och räknas inte i någon rapport. "
            "<b>Dubbletter</b> är rader som redan fanns; de räknas en gång. <b>Rättade</b> rader "
            "är med, men ett värde är borttaget eller ändrat. Det som hände efter natten hör till "
            "kommande nätter. ”Läst hel” är den natt då hela tabellen senast lästes."
        ),
    )


def _said(manifest: Manifest) -> list[str]:
    """Where it came from, and what was unusual about it."""
    name = f"<code>{escape(manifest.source)}</code>"
    dictionary = anchor("Tabeller och kolumner", "tabeller/index.html")
    words = [f"Källan är {name}. Vad tabellerna innehåller står under {dictionary}."]
    if manifest.attempts > 1:
        times = wording.count_word(manifest.attempts)
        words.append(f"Den behövde frågas {times} gånger innan allt var läst.")
    if manifest.replaced:
        lists = wording.listing([escape(_list_and_day(each)) for each in manifest.replaced])
        words.append(f"På begäran lästes listor om som redan fanns: {lists}.")
    return words


def _list_and_day(name: str) -> str:
    """A waiting list's day, written `operation/2026-05-04`."""
    code, _, day = name.partition("/")
    return f"{contract_words().code('waiting_list', 'list', code)} {day}"


def _log(tables: Sequence[TableManifest]) -> str:
    late = any(each.left_out for each in tables)
    rows = [
        (
            table_link(each.name),
            wording.number(each.rows),
            wording.number(each.rejected),
            wording.number(each.duplicates),
            wording.number(each.repaired - each.duplicates),
            wording.number(each.fetched),
            *([wording.number(each.left_out)] if late else []),
            escape(each.full_on or "–"),
            _LOADS[each.load],
        )
        for each in tables
    ]
    headings = ["Tabell", "Rader", "Undantagna", "Dubbletter", "Rättade", "Lästa i natt"]
    headings += [*(["Efter natten"] if late else []), "Läst hel", "Vad som lästes i natt"]
    return table("Uttaget, rader per tabell", headings, rows, numbers=range(1, len(headings) - 1))


def nights(loads: Sequence[NightLoad]) -> str:
    """What the last nights came to."""
    if not loads:
        return ""
    rows = [
        (
            _night(each.night, each.accepted),
            wording.number(each.fetched),
            wording.number(each.rows),
            wording.number(each.rejected),
            wording.number(each.duplicates),
            wording.number(each.repaired),
        )
        for each in loads
    ]
    headings = ("Natt", "Lästa", "I uttaget", "Undantagna", "Dubbletter", "Rättade")
    count = len(loads)
    caption = "Den här natten" if count == 1 else f"De senaste {wording.count_word(count)} nätterna"
    return section("Natt för natt", table(f"{caption}, rader", headings, rows, numbers=range(1, 6)))


def _night(night: date, accepted: bool) -> str:
    return night.isoformat() + (f" {tag('godkänd för hand', 'flag')}" if accepted else "")
