"""What `lpe extract` says of a night, table by table."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lpe_reports.cli.extracted import extracted_json, extracted_text
from lpe_reports.warehouse.nights.manifest import SilentChanges, read_manifest, write_manifest
from small_warehouse import DUCKDB_SOURCES, NIGHT, SmallOffice, operation, small_office, waiting


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    return small_office(tmp_path)


def _line(text: str, table: str) -> str:
    return next(
        re.sub(" +", " ", s.strip()) for s in text.splitlines() if s.strip().startswith(table)
    )


def test_each_table_tells_how_it_was_read_and_what_was_odd(office: SmallOffice) -> None:
    """All of it, or the days that were not stored; rows, set aside, left out."""
    office.tables["operations"][0]["operating_unit"] = "Månen"
    office.tables["operations"][1] = operation(1, vo="Nowhere")
    first = extracted_text(office.project, office.extract())
    later = [waiting(n, "operation", NIGHT + timedelta(days=1)) for n in range(20)]
    office.tables["waiting_list"] += later

    second = extracted_text(office.project, office.extract())

    assert _line(first, "operations") == "operations 98 rows (all read: 100), 2 set aside"
    assert _line(first, "waiting_list").startswith("waiting_list 80 rows (")
    assert _line(second, "waiting_list") == "waiting_list 100 rows (days not stored read: 20)"
    assert second.splitlines()[-1] == "data/extracts/2026-05-12: night 2026-05-12, source demo"


def test_unseen_changes_of_history_are_told(office: SmallOffice) -> None:
    """To a person and to a machine."""
    folder = office.extract()
    manifest = read_manifest(folder)
    silent = SilentChanges(3, 2, 1, "2026-05-04")
    tables = {
        **manifest.tables,
        "needs": replace(manifest.tables["needs"], load="increment", silent=silent, rows=123456),
    }
    odd = replace(manifest, tables=tables, standing=("needs",), accepted=True, held_for=("few",))
    write_manifest(folder, odd)

    text = extracted_text(office.project, folder)
    body = json.loads(extracted_json(office.project, folder))

    assert _line(text, "needs") == (
        "needs 123 456 rows (what had changed read: 100), changed unseen since 2026-05-04: "
        "3 added, 2 changed, 1 removed"
    )
    assert "stands still: needs\n" in text and "\naccepted though: few\n" in text
    assert text.endswith("source demo, accepted")
    needs = next(table for table in body["tables"] if table["table"] == "needs")
    assert (needs["load"], body["standing"], body["accepted"]) == ("increment", ["needs"], True)
    assert needs["changed_unseen"] == {
        "added": 3, "changed": 2, "removed": 1, "compared_with": "2026-05-04",
    }  # fmt: skip


def test_lists_that_another_source_stored_are_told(office: SmallOffice) -> None:
    """Two real sources with one secret share what is stored; made-up ones do so by design."""
    demo = DUCKDB_SOURCES.partition("sources:\n")[2]
    office.sources(DUCKDB_SOURCES + demo.replace("  demo:\n", "  twin:\n"))
    office.extract()
    own = json.loads(extracted_json(office.project, office.extract()))
    folder = office.extract(source="twin")

    body = json.loads(extracted_json(office.project, folder))
    assert (own["lists_of"], body["lists_of"]) == ({}, {"demo": 4})
    assert "stored by" not in extracted_text(office.project, folder)
    write_manifest(folder, replace(read_manifest(folder), demo=False))
    assert (
        "waiting lists stored by source 'demo': 4 of those in this night; if it is not the same "
        "warehouse, move data/snapshots/ away and load again"
    ) in extracted_text(office.project, folder).splitlines()
