"""Linked shares are counted once for each content of a night."""

from dataclasses import replace
from pathlib import Path

import pytest

from lpe_reports.build.planning.linked_before import linked_before
from lpe_reports.errors import ExtractError
from lpe_reports.warehouse.linked import linked_shares
from lpe_reports.warehouse.snapshots import Extract, open_extract
from small_warehouse import SmallOffice, small_office


@pytest.fixture
def office(tmp_path: Path) -> SmallOffice:
    """An office with a night."""
    office = small_office(tmp_path, operations=20)
    office.extract()
    return office


def _forget(extract: Extract) -> None:
    for path in extract.folder.rglob("*.parquet"):
        path.unlink()


def test_linked_shares_are_not_counted_again_for_the_same_content(office: SmallOffice) -> None:
    """They are those that counting gives, and the second time no file of the night is opened."""
    extract = open_extract(office.project)
    counted = linked_before(office.project, extract.manifest, extract.folder.name)
    of_data = linked_shares(extract)
    _forget(extract)
    loaded_again = replace(extract.manifest, loaded_at="2026-05-12T02:00:00+02:00")

    again = linked_before(office.project, loaded_again, extract.folder.name)

    assert counted
    assert counted == of_data == again


def test_linked_shares_are_counted_for_another_content(office: SmallOffice) -> None:
    """What is remembered of other rows counts for nothing."""
    extract = open_extract(office.project)
    linked_before(office.project, extract.manifest, extract.folder.name)
    fewer = {name: table for name, table in extract.manifest.tables.items() if name != "needs"}
    _forget(extract)

    with pytest.raises(ExtractError):
        linked_before(office.project, replace(extract.manifest, tables=fewer), extract.folder.name)


@pytest.mark.parametrize("damaged", [b"", b"[]", b'{"of": 1}', b"\xff"])
def test_a_damaged_memory_is_as_none(office: SmallOffice, damaged: bytes) -> None:
    """A file that is cut or foreign is made anew."""
    extract = open_extract(office.project)
    counted = linked_before(office.project, extract.manifest, extract.folder.name)
    place = office.project.build / "linked.json"
    whole = place.read_bytes()
    place.write_bytes(damaged)

    assert linked_before(office.project, extract.manifest, extract.folder.name) == counted
    assert place.read_bytes() == whole
