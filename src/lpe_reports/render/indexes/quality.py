"""Data quality: what became of the night's rows, so that a reader knows what to trust."""

from collections.abc import Sequence

from lpe_reports import wording
from lpe_reports.render.document import PageDocument
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import MADE_UP, key_figures, paragraph, tag
from lpe_reports.render.freshness import agreed, standing
from lpe_reports.render.indexes import quality_checks, quality_load, quality_time
from lpe_reports.render.indexes.index_document import index_document
from lpe_reports.render.indexes.quality_faults import planted_faults
from lpe_reports.render.indexes.quality_tables import exact_share, loaded_tables, unknown_rows
from lpe_reports.warehouse.nights.history import NightLoad, load_of
from lpe_reports.warehouse.nights.manifest import Manifest

ADDRESS = "datakvalitet/index"
_ACCEPTED = (
    '<p class="notice flag">En person har godkänt den här natten för hand. Antalet rader kan '
    "därför skilja sig mer än vanligt från natten före.</p>"
)


def quality_page(edition: Edition) -> PageDocument:
    """What the night that the pages were made from was like."""
    manifest = edition.manifest
    if manifest is None:
        body = [paragraph("Den här versionen har inget laddningsprotokoll.")]
        lead = ""
    else:
        body = [
            MADE_UP if manifest.demo else "",
            _ACCEPTED if manifest.accepted else "",
            key_figures(_figures(edition, manifest)),
            quality_time.freshness(edition, manifest),
            quality_load.load(edition, manifest),
            quality_checks.checks(manifest),
            quality_checks.spellings(edition, manifest),
            quality_time.changed_history(edition, manifest),
            quality_checks.linked(edition.links),
            quality_load.nights(edition.loads),
            _planted(manifest),
        ]
        lead = _lead(edition, manifest)
    return index_document(
        edition.site,
        ADDRESS,
        "Datakvalitet",
        [part for part in body if part],
        when=f"Uttaget {wording.day(edition.night)}",
        lead=lead,
    )


def _planted(manifest: Manifest) -> str:
    if not manifest.demo:
        return ""
    # The generator, which no real night needs.
    from lpe_reports.warehouse.demo.fault_list import FAULTS

    return planted_faults(manifest, FAULTS)


def _lead(edition: Edition, manifest: Manifest) -> str:
    """What was read, what the night holds, what was set aside, and what stands still."""
    night = load_of(manifest)
    rows = wording.plural(night.rows, "rad", "rader")
    said = [
        _read(manifest, night),
        f"Uttaget har nu {wording.number(night.rows)} {rows}; {_lost(night)}.",
    ]
    still = len(standing(edition))
    if still:
        tables = wording.plural(still, "tabell", "tabeller")
        count = wording.upper_first(wording.count_word(still))
        said.append(f"{count} {tables} står stilla.")
    silent = sum(
        each.silent.added + each.silent.changed + each.silent.removed
        for each in loaded_tables(manifest)
        if each.silent
    )
    if silent:
        rows = wording.plural(silent, "rad", "rader")
        count = wording.upper_first(wording.count_word(silent))
        said.append(f"{count} {rows} i historiken hade ändrats utan att källan sade det.")
    return " ".join(said)


def _read(manifest: Manifest, night: NightLoad) -> str:
    """What was read: all of some tables, what had changed or was missing of others."""
    tables = loaded_tables(manifest)
    whole = sum(each.load == "full" for each in tables)
    rows = f"{wording.number(night.fetched)} {wording.plural(night.fetched, 'rad', 'rader')}"
    if whole == len(tables):
        count, noun = wording.count_word(whole), wording.plural(whole, "tabell", "tabeller")
        return f"I natt lästes {rows} ur {count} {noun}."
    rest = len(tables) - whole
    some = f"det som var nytt i {wording.count_word(rest)}"
    if not whole:
        return f"I natt lästes {rows}: {some} {wording.plural(rest, 'tabell', 'tabeller')}."
    noun = wording.plural(whole, "tabell", "tabeller")
    return f"I natt lästes {rows}: allt i {wording.count_word(whole)} {noun} och {some}."


def _lost(night: NightLoad) -> str:
    """Fem rader är undantagna, 350 dubbletter borttagna och fyra rader rättade."""
    counted = (
        (night.rejected, "rad undantagen", "rader undantagna"),
        (night.duplicates, "dubblett borttagen", "dubbletter borttagna"),
        (night.repaired, "rad rättad", "rader rättade"),
    )
    parts = [
        f"{wording.count_word(count)} {wording.plural(count, one, many)}"
        for count, one, many in counted
        if count
    ]
    if not parts:
        return "ingen rad är undantagen, borttagen eller rättad"
    first, _, rest = parts[0].partition(" ")
    noun, _, done = rest.partition(" ")
    return wording.listing([f"{first} {noun} är {done}", *parts[1:]])


def _figures(edition: Edition, manifest: Manifest) -> list[tuple[str, str, list[str]]]:
    night = load_of(manifest)
    limits = edition.site.params.sources.limits
    tables = loaded_tables(manifest)
    worst = max(tables, key=lambda t: t.rejected / max(1, t.rows + t.rejected), default=None)
    share = exact_share(worst.rejected, worst.rows + worst.rejected, decimals=2) if worst else "0"
    limit = wording.share(limits.rejected_share, 0)
    unknown = sum(unknown_rows(each).total() for each in tables)
    still, agreed_tables = len(standing(edition)), len(agreed(edition).tables)
    judged = tag("behöver ses över", "bad") if still else tag("alla är färska", "good")
    return [
        ("Lästa rader i natt", wording.number(night.fetched), [_of_tables(len(tables))]),
        ("Rader i uttaget", wording.number(night.rows), [_since(edition.loads, night)]),
        (
            "Undantagna rader",
            wording.number(night.rejected),
            [f"som mest {share} av en tabell", f"gränsen är {limit}"],
        ),
        ("Rättade rader", wording.number(night.repaired), [_doubles(night.duplicates)]),
        (
            "Värden som ingen kan tolka",
            wording.number(unknown),
            [tag("behöver förklaras", "flag") if unknown else tag("inga", "good")],
        ),
        (
            "Tabeller som står stilla",
            wording.number(still) if agreed_tables else wording.NONE,
            [f"av {agreed_tables} med en gräns", judged]
            if agreed_tables
            else ["ingen gräns är satt"],
        ),
    ]


def _of_tables(count: int) -> str:
    return f"ur {wording.count_word(count)} {wording.plural(count, 'tabell', 'tabeller')}"


def _doubles(count: int) -> str:
    noun = wording.plural(count, "dubblett borttagen", "dubbletter borttagna")
    return f"{wording.number(count)} {noun}" if count else "inga dubbletter"


def _since(loads: Sequence[NightLoad], night: NightLoad) -> str:
    """How many more or fewer rows than the night before, where that is known."""
    earlier = [each for each in loads if each.night < night.night]
    if not earlier:
        return "ingen tidigare natt att jämföra med"
    then = earlier[0]
    difference = night.rows - then.rows
    if not difference:
        return f"lika många som {wording.day(then.night)}"
    return f"{wording.number(difference, signed=True)} sedan {wording.day(then.night)}"
