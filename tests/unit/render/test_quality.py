"""Data quality says what the load found: rows and rules, never a value."""

from datetime import date
from pathlib import Path

import pytest

from lpe_reports.render.edition import Edition
from lpe_reports.render.indexes.quality import quality_page
from lpe_reports.warehouse.manifest import CheckCount, Manifest, TableManifest
from sample_site import make_project, read_params, site_of

OPERATIONS = TableManifest(
    name="operations",
    rows=60186,
    fetched=60541,
    rejected=5,
    repaired=354,
    left_out=0,
    latest_event_at="2026-05-10T22:30:00+00:00",
    checks=(CheckCount("negative_wait", ("decided_at", "surgery_start_at"), "row", 1),),
    unknown={"operating_unit": {"Hu C op": 3, "Bollnäs?": 2}},
    files=(),
    parts=(),
)


@pytest.fixture
def page(tmp_path: Path) -> str:
    """The page of a night with faults."""
    project = make_project(tmp_path)
    site = site_of(project, read_params(project))
    tables = {"operations": OPERATIONS}
    manifest = Manifest(date(2026, 5, 11), "1", "demo", True, "x", "2026-05-11T02:30", tables)
    return quality_page(Edition(site, date(2026, 5, 11), manifest=manifest)).markdown


def test_the_load_is_told_in_numbers(page: str) -> None:
    """Rows read, loaded, set aside, doubled and mended, and until which Swedish day."""
    assert "60\u00a0541 rader lästes" in page.replace("\\", "")
    assert "<td>60\u00a0186</td><td>5</td><td>350</td><td>4</td>" in page
    told = page.replace("\\", "")
    assert "350 dubbletter togs bort, fem rader är undantagna och fyra är rättade." in told
    assert "2026-05-11" in page.split("<tbody>")[1]


def test_each_broken_rule_is_told_with_its_rows_and_consequence(page: str) -> None:
    """In Swedish, with the columns."""
    assert "Negativ väntetid" in page
    assert "decided_at, surgery_start_at" in page
    assert "raderna är undantagna" in page


def test_unknown_spellings_are_counted_and_not_shown(page: str) -> None:
    """How many there are stands on the page, which they are does not."""
    assert "<td>2</td><td>5</td>" in page
    assert "Hu C op" not in page


def test_made_up_data_are_said_to_be(page: str) -> None:
    """Nobody takes the demo for the hospitals' own numbers."""
    assert "påhittade" in page
