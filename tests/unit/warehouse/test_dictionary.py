"""The data dictionary is the contract, not a description of it."""

from pathlib import Path

from lpe_reports.warehouse.dictionary import dictionary
from lpe_reports.warehouse.tables import TABLES


def test_dictionary_in_docs_is_the_contract_of_today(root: Path) -> None:
    """docs/data-contract.md is what `make docs` writes now."""
    written = (root / "docs" / "data-contract.md").read_text(encoding="utf-8")

    assert written == dictionary(), "the contract changed: run `make docs`"


def test_dictionary_names_every_column() -> None:
    """No table and no column of the contract is left out."""
    page = dictionary()

    for contract in TABLES.values():
        assert f"## {contract.name}\n" in page
        for name in contract.names:
            assert f"| `{name}`" in page
