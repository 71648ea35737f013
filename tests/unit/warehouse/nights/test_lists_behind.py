"""A waiting list that stands still pulls the night back, and that is told."""

from datetime import timedelta
from pathlib import Path

import pytest

from lpe_reports.cli.extracted import extracted_text
from lpe_reports.errors import ExtractHeldError
from lpe_reports.warehouse.nights.manifest import read_manifest
from small_warehouse import NIGHT, SmallOffice, operation, small_office

pytestmark = pytest.mark.promise(
    "warehouse", "A night older than agreed brings a banner or a stop, as params say"
)

BEHIND = NIGHT - timedelta(days=70)


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """Lists until 2026-03-02, operations until 2026-04-14."""
    office = small_office(tmp_path)
    for row in office.tables["waiting_list"]:
        row["snapshot_date"] -= timedelta(days=70)
        row["since_date"] -= timedelta(days=200)
    return office


def test_a_night_that_the_lists_pull_back_says_so(office: SmallOffice) -> None:
    """How many days and rows; and the lists stand still although `freshness` names no table."""
    folder = office.extract()
    manifest = read_manifest(folder)

    assert (manifest.night, manifest.lists_behind_days) == (BEHIND, 43)
    assert manifest.standing == ("waiting_list",)
    assert (
        "the newest waiting list decides the night's day: it is 43 days older than the newest "
        "other event, and 43 rows after it are left out"
    ) in extracted_text(office.project, folder)


def test_a_day_that_was_asked_for_is_no_standing_list(office: SmallOffice) -> None:
    """Who names a day wants what was known then."""
    manifest = read_manifest(office.extract(as_of=BEHIND))

    assert (manifest.lists_behind_days, manifest.standing) == (0, ())


def test_lists_that_stand_still_hold_the_night_where_agreed(office: SmallOffice) -> None:
    """As any other table of `freshness` does."""
    text = (office.root / "params" / "sources.yml").read_text(encoding="utf-8")
    office.sources(text.replace("    tables: {op", "    freshness: {then: stop}\n    tables: {op"))

    with pytest.raises(ExtractHeldError) as held:
        office.extract()

    assert (
        "waiting_list stands still: its newest list is of 2026-03-02, and the source goes on for "
        "43 days after it; agreed is 2 days (freshness)"
    ) in str(held.value)


def test_an_event_of_a_day_to_come_makes_no_list_old(tmp_path: Path) -> None:
    """It is a mistake of that row; and lists as new as the rest are never behind."""
    office = small_office(tmp_path)
    begin = "2199-05-01 {}:00"
    late = {
        name: begin.format(f"{8 + n:02}")
        for n, name in enumerate(
            [
                "patient_in_at", "anaesthesia_start_at", "surgery_start_at", "knife_start_at",
                "surgery_end_at", "anaesthesia_end_at", "patient_out_at",
            ]
        )
    }  # fmt: skip
    office.tables["operations"] = [
        {k: str(v) if k in late else v for k, v in row.items()}
        for row in office.tables["operations"]
    ]
    office.tables["operations"].append(operation(101) | late)

    manifest = read_manifest(office.extract())

    assert manifest.tables["operations"].left_out == 1
    assert (manifest.lists_behind_days, manifest.standing) == (0, ())
