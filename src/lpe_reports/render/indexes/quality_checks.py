"""Data quality: what the checks found, spellings nobody knows, and tables that lead to others."""

from collections.abc import Iterator, Sequence
from html import escape

from lpe_reports import wording
from lpe_reports.render.edition import Edition
from lpe_reports.render.fragments import anchor, paragraph, section, table
from lpe_reports.render.indexes.dictionary import column_code, rule_says, table_link
from lpe_reports.render.indexes.quality_tables import exact_share, loaded_tables, unknown_rows
from lpe_reports.render.words.contract import contract_words
from lpe_reports.warehouse.columns import Kind
from lpe_reports.warehouse.linked import LinkedShare
from lpe_reports.warehouse.nights.manifest import CheckCount, Manifest, TableManifest
from lpe_reports.warehouse.tables import TABLES

_LONGEST = 40
_SPELT = (Kind.UNIT, Kind.CODE)


def checks(manifest: Manifest) -> str:
    """Every rule that was broken, by table: in how many rows, and what became of them."""
    tables = loaded_tables(manifest)
    broken = [each for each in tables if each.checks]
    rules = anchor("tabellens regler", "tabeller/index.html")
    intro = paragraph(
        f"Varje rad prövas mot {rules}. En rad kan bryta mot flera, så antalen kan överlappa."
    )
    parts = [_of_table(each) for each in broken]
    words = contract_words()
    clean = [wording.lower_first(words.table_name(t.name)) for t in tables if not t.checks]
    if not broken:
        parts = [paragraph("Alla rader klarade alla kontroller.")]
    elif clean:
        parts.append(f'<p class="note">Utan anmärkning: {escape(wording.listing(clean))}.</p>')
    return section("Kontroller", intro, *parts)


def _of_table(each: TableManifest) -> str:
    rows = [_check(each.name, check) for check in _by_consequence(each.checks)]
    drawn = table(
        contract_words().table_name(each.name),
        ("Kontroll", "Rader", "Följd"),
        rows,
        numbers=(1,),
    )
    return f'<div class="checks">{drawn}</div>'


def _by_consequence(found: Sequence[CheckCount]) -> list[CheckCount]:
    """Rows set aside first, then mended ones, then kept ones; the most rows first."""
    order = list(contract_words().consequences)
    return sorted(found, key=lambda check: (order.index(check.consequence), -check.rows))


def _check(table_name: str, check: CheckCount) -> tuple[str, ...]:
    words = contract_words()
    rule = words.rule(table_name, check.rule)
    says = rule_says(table_name, check.rule, check.columns)
    did = "borttagna" if check.rule == "duplicate" else words.consequences[check.consequence].did
    name = f"{escape(rule.name)}<small>{escape(says)}</small>"
    return name, wording.number(check.rows), escape(did)


def spellings(edition: Edition, manifest: Manifest) -> str:
    """How many values nobody can explain; the spellings themselves where they tell of nobody."""
    tables = loaded_tables(manifest)
    rows = [row for each in tables for row in _unknown(each)]
    if not rows:
        known = "Alla enheter och koder skrivs på sätt som är kända."
        return section("Okända stavningar", paragraph(known))
    limit = wording.share(edition.site.params.sources.limits.unknown_share, 0)
    return section(
        "Okända stavningar",
        paragraph(
            "Enheter och koder som skrivs på ett sätt som ingen har förklarat. Stavningen visas "
            "bara när den är kort, vanlig och utan siffror, så att inget om en person kan visas. "
            f"Har mer än {limit} av en tabells rader okända stavningar i en kolumn tas tabellen "
            "inte emot."
        ),
        table(
            "Stavningar som ingen har förklarat",
            ("Tabell", "Kolumn", "Rader", "Andel", "Stavningar"),
            rows,
            numbers=(2, 3),
        ),
    )


def _unknown(each: TableManifest) -> Iterator[tuple[str, ...]]:
    for column, count in unknown_rows(each).items():
        shown = _presentable(each, column)
        said = [f"”{escape(text)}” ({wording.number(rows)})" for text, rows in shown.items()]
        if sum(shown.values()) < count:
            said.append("andra, som inte visas" if said else "visas inte")
        name = contract_words().column(each.name, column).name
        yield (
            table_link(each.name),
            f"{escape(name)} {column_code(column)}",
            wording.number(count),
            exact_share(count, each.rows + each.rejected, decimals=2),
            ", ".join(said),
        )


def _presentable(each: TableManifest, column: str) -> dict[str, int]:
    """The spellings of a column of units or codes that can be no person's number or story.

    The manifest has only common ones. Here all staff read them: without any digit, and short.
    """
    contract = TABLES.get(each.name)
    if contract is None or column not in contract.names:
        return {}
    if contract.column(column).kind not in _SPELT:
        return {}
    return {
        text: rows
        for text, rows in each.unknown.get(column, {}).items()
        if len(text) <= _LONGEST and "@" not in text and not any(c.isdigit() for c in text)
    }


def linked(links: Sequence[LinkedShare]) -> str:
    """Which share of a table's rows lead to a row of another."""
    if not links:
        return ""
    rows = [
        (
            table_link(each.table),
            table_link(each.to),
            wording.number(each.rows),
            exact_share(each.found, each.rows),
            wording.number(each.rows - each.given),
            wording.number(each.given - each.found),
        )
        for each in links
    ]
    return section(
        "Koppling mellan tabeller",
        paragraph(
            "Hur stor del av raderna i en tabell som går att koppla till en rad i en annan. Det "
            "avgör hur mycket av en patients väg som går att följa."
        ),
        table(
            "Kopplade rader",
            ("Från", "Till", "Rader", "Kopplade", "Utan nyckel", "Nyckel utan träff"),
            rows,
            numbers=range(2, 6),
        ),
    )
