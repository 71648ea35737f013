"""Data quality: how fresh each table is, and whether its history was changed in silence."""

from datetime import date
from html import escape

from lpe_reports import wording
from lpe_reports.params.sources import Freshness
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import paragraph, section, table, tag
from lpe_reports.render.freshness import agreed, fresh_until, standing
from lpe_reports.render.indexes.dictionary import table_link
from lpe_reports.render.indexes.quality_tables import loaded_tables, newest_day
from lpe_reports.render.words.contract import contract_words
from lpe_reports.warehouse.nights.manifest import Manifest, SilentChanges


def freshness(edition: Edition, manifest: Manifest) -> str:
    """Each table's newest event against the night, with the agreed limit and a judgement."""
    limits = agreed(edition)
    newest = {each.name: newest_day(each) for each in loaded_tables(manifest)}
    for name in limits.tables:
        newest.setdefault(name, None)
    still = {each.table for each in standing(edition)}
    rows = [
        (
            table_link(name),
            *([_judgement(limits, name, still)] if limits.tables else []),
            day.isoformat() if day else "ingen",
            _age(day, edition.night),
            *([_limit(limits, name)] if limits.tables else []),
        )
        for name, day in newest.items()
        if day or name in limits.tables
    ]
    headings = ["Tabell", "Nyaste uppgift", "Vid uttaget"]
    if limits.tables:
        headings = ["Tabell", "Bedömning", "Nyaste uppgift", "Vid uttaget", "Får vara"]
    parts = [paragraph(_whole_night(edition, limits))]
    if rows:
        parts.append(table("Hur färsk varje tabell är", headings, rows))
    if not limits.tables:
        parts.append('<p class="note">Ingen tabell har en gräns att bedömas mot.</p>')
    return section("Färskhet", *parts, _timeless(newest, limits), name="farskhet")


def _whole_night(edition: Edition, limits: Freshness) -> str:
    until = fresh_until(edition)
    if until is None:
        return "Påhittade uppgifter blir aldrig gamla, så sidorna säger inget om sin ålder."
    said = f"Uttaget är färskt till och med {wording.day(until)}. Därefter säger varje sida överst "
    if limits.then == "stop":
        return f"{said}att uppgifterna är gamla, och inga nya sidor görs förrän någon har tittat."
    return f"{said}att uppgifterna är gamla."


def _age(day: date | None, night: date) -> str:
    if day is None:
        return "–"
    if day > night:
        return "framåt i tiden"
    return "samma dag" if day == night else f"{wording.days((night - day).days)} gammal"


def _limit(limits: Freshness, name: str) -> str:
    if name not in limits.tables:
        return "ingen gräns"
    return f"högst {wording.days(limits.tables[name])}"


def _judgement(limits: Freshness, name: str, still: set[str]) -> str:
    if name not in limits.tables and name not in still:
        return "bedöms inte"
    return tag("står stilla", "bad") if name in still else tag("färsk", "good")


def _timeless(newest: dict[str, date | None], limits: Freshness) -> str:
    words = contract_words()
    names = [
        wording.lower_first(words.table_name(name))
        for name, day in newest.items()
        if day is None and name not in limits.tables
    ]
    listed = escape(wording.listing(names))
    return f'<p class="note">Har ingen tid att mäta mot: {listed}.</p>' if names else ""


def changed_history(edition: Edition, manifest: Manifest) -> str:
    """What a whole load found changed that no increment could have found."""
    tables = loaded_tables(manifest)
    compared = [(each.name, each.silent) for each in tables if each.silent]
    reload = edition.site.params.sources.reload.full_every_days
    if not any(each.watermark for each in tables) and not compared:
        return section(
            "Ändrad historik",
            paragraph(
                "Ingen tabell läses bara till sina ändringar. Det som ändras bakåt i tiden kommer "
                "med nästa natt. Sparade väntelistor ändras aldrig."
            ),
        )
    how = paragraph(
        "Av stora tabeller läses de flesta nätter bara det som källan säger är ändrat. Minst var "
        f"{_ordinal(reload)} dag läses de hela och jämförs, så att det syns om något har ändrats "
        "utan att källan sade det."
    )
    if not compared:
        return section("Ändrad historik", how, paragraph("I natt jämfördes ingen tabell."))
    rows = [_silent(name, silent) for name, silent in compared]
    headings = ("Tabell", "Bedömning", "Jämfört med", "Tillkomna", "Ändrade", "Borttagna")
    drawn = table("Rader som ändrats utan besked", headings, rows, numbers=(3, 4, 5))
    return section("Ändrad historik", how, drawn)


def _silent(name: str, silent: SilentChanges) -> tuple[str, ...]:
    counts = (silent.added, silent.changed, silent.removed)
    judged = tag("ändrad", "flag") if any(counts) else tag("oförändrad", "good")
    return (
        table_link(name),
        judged,
        escape(silent.compared_with),
        *(wording.number(count) for count in counts),
    )


def _ordinal(days: int) -> str:
    """Every so many days, in words: sjunde."""
    words = {1: "", 2: "annan", 3: "tredje", 7: "sjunde", 14: "fjortonde", 30: "trettionde"}
    return words.get(days, f"{days}:e")
