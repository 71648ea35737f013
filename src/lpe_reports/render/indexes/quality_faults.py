"""Data quality of the demo: the faults that were planted, and whether the checks found them."""

from collections.abc import Iterable
from html import escape
from typing import Protocol

from lpe_reports import wording
from lpe_reports.render.fragments import paragraph, section, table, tag
from lpe_reports.render.indexes.dictionary import table_link
from lpe_reports.render.words.contract import contract_words
from lpe_reports.warehouse.nights.manifest import Manifest


class Planted(Protocol):
    """A planted fault, and the check that must find it; `rows` is None where it cannot be known."""

    @property
    def table(self) -> str: ...
    @property
    def in_swedish(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def rows(self) -> int | None: ...


def planted_faults(manifest: Manifest, faults: Iterable[Planted]) -> str:
    """Every planted fault with what the checks found of it; nothing but in a demo's night."""
    if not manifest.demo:
        return ""
    found = [(fault, _rows_found(manifest, fault)) for fault in faults]
    hits = sum(rows is not None and rows >= (fault.rows or 1) for fault, rows in found)
    rows = [
        (
            escape(fault.in_swedish),
            _judged(fault, rows),
            wording.number(rows) if rows is not None else wording.NONE,
            table_link(fault.table),
            escape(contract_words().rule(fault.table, fault.rule).name),
        )
        for fault, rows in found
    ]
    headings = ("Fel", "Bedömning", "Rader", "Tabell", "Kontroll")
    return section(
        "Planterade fel",
        paragraph(
            "I de påhittade uppgifterna finns fel av det slag som händer i verkligheten, för att "
            f"pröva kontrollerna. {_sum(hits, len(found))}"
        ),
        f'<div class="checks">{table("Fel och fynd", headings, rows, numbers=(2,))}</div>',
    )


def _sum(hits: int, total: int) -> str:
    if hits == total:
        return f"Alla {wording.count_word(total)} hittades i natt."
    return f"{wording.upper_first(wording.count_word(hits))} av {total} hittades i natt."


def _rows_found(manifest: Manifest, fault: Planted) -> int | None:
    """In how many rows the fault's rule was broken; None where the night lacks the table."""
    loaded = manifest.tables.get(fault.table)
    if loaded is None:
        return None
    wanted = fault.rule, tuple(fault.columns)
    return sum(check.rows for check in loaded.checks if (check.rule, check.columns) == wanted)


def _judged(fault: Planted, rows: int | None) -> str:
    if rows is None:
        return tag("tabellen saknas", "flag")
    if not rows:
        return tag("inte hittat", "bad")
    if rows < (fault.rows or 1):
        return tag(f"{rows} av {fault.rows} rader", "flag")
    return tag("hittat", "good")
