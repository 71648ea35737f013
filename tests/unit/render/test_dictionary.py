"""The data dictionary on the site: every table, column and rule of the contract."""

from pathlib import Path

import pytest

from lpe_reports.render.edition import Edition
from lpe_reports.render.indexes.dictionary import dictionary_page
from lpe_reports.warehouse.tables import TABLES
from sample_night import NIGHT, OPERATIONS, sample_night
from sample_site import make_project, read_params, site_of


@pytest.fixture
def page(tmp_path: Path) -> str:
    """The page of a night that has operations only."""
    project = make_project(tmp_path)
    site = site_of(project, read_params(project))
    edition = Edition(site, NIGHT, manifest=sample_night(OPERATIONS))
    document = dictionary_page(edition)
    assert document.address == "datakvalitet/tabeller/index"
    return document.markdown.replace("\\", "").replace("<wbr>", "")


def test_every_table_has_a_place_to_link_to(page: str) -> None:
    """Its name as the contract has it, once."""
    for name in TABLES:
        assert page.count(f'id="{name}"') == 1
        assert f'href="index.html#{name}"' not in page
        assert f'href="#{name}"' in page


def test_every_column_is_told_with_what_may_stand_in_it(page: str) -> None:
    """Its name in the source's contract, Swedish words, codes, limits, whether it may be empty."""
    for contract in TABLES.values():
        body = page.split(f'id="{contract.name}"')[1].split("</section>")[0]
        assert [n for n in contract.names if f"<code>{n}</code>" not in body] == []
    operations = page.split('id="operations"')[1].split("</section>")[0]
    assert "<b>Patient in i salen.</b> SPOR V540." in operations
    assert "<code>elective</code> planerad" in operations
    assert "Heltal, 1–6" in operations
    assert '<b>Kön</b> <span class="tag">kan saknas</span>' in operations


def test_every_rule_is_told_with_what_becomes_of_a_row(page: str) -> None:
    """In whole sentences, with the columns by name."""
    operations = page.split('id="operations"')[1].split("</section>")[0]
    assert (
        "Tiderna ska komma i ordningen patient in i salen, operationsstart, knivstart, "
        "operationsslut och patient ut ur salen." in operations
    )
    assert "Annars: raden undantas och räknas." in operations


def test_the_night_is_told_of_where_it_has_the_table(page: str) -> None:
    """How many rows, or that there is none."""
    assert "Nattens uttag har 60\u00a0186 rader." in page
    assert "Tabellen finns inte i nattens uttag." in page.split('id="needs"')[1]
