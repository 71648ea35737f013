"""How many rows lead to a row of another table."""

from pathlib import Path

from lpe_reports.warehouse.linked import linked_shares, links
from lpe_reports.warehouse.snapshots import open_extract
from lpe_reports.warehouse.tables import TABLES
from small_warehouse import small_office


def test_links_follow_from_the_contracts_keys() -> None:
    """Every one leads to a table that is known by that key alone; the well-known ones are there."""
    found = list(links())

    assert all(TABLES[to].key == (column,) and to != table for table, column, to in found)
    assert {
        ("operations", "need_id", "needs"),
        ("needs", "referral_id", "referrals"),
        ("stays", "operation_id", "operations"),
        ("postop_stays", "operation_id", "operations"),
    } <= set(found)


def test_shares_are_counted_over_the_whole_night(tmp_path: Path) -> None:
    """Rows without a key, and rows whose key nobody has, are told apart."""
    office = small_office(tmp_path, operations=20)
    office.tables["needs"] = office.tables["needs"][:1] if "needs" in office.tables else []
    needs = office.tables["needs"]
    for place, row in enumerate(office.tables["operations"]):
        row["need_id"] = needs[0]["need_id"] if place < 3 and needs else None
    office.tables["operations"][5]["need_id"] = "nobody has this one"
    office.extract()

    found = {(each.table, each.to): each for each in linked_shares(open_extract(office.project))}

    share = found["operations", "needs"]
    assert (share.rows, share.given, share.found) == (20, 4, 3)
