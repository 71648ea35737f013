"""The data dictionary is the contract, not a description of it."""

from pathlib import Path

from lpe_reports.warehouse.dictionary import described_tables, dictionary
from lpe_reports.warehouse.rules import rules_of
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


def test_described_tables_are_the_contract() -> None:
    """Every column with what it means, and every check of every column, none of them twice."""
    for each in described_tables():
        rules = rules_of(each.contract)
        told = [
            (check.name, columns, check.says, check.consequence)
            for check in each.checks
            for columns in ([check.columns] if check.together else [(c,) for c in check.columns])
        ]

        assert [described.column for described in each.columns] == list(each.contract)
        assert len(told) == len(rules)
        assert set(told) == {(r.name, r.columns, r.says, r.consequence) for r in rules}


def test_dictionary_says_how_a_table_is_stored_and_what_it_may_lack() -> None:
    """In words, for each way of dividing."""
    stored = {each.contract.name: each.stored for each in described_tables()}

    assert stored["operations"] == "one part per unit and month"
    assert stored["stays"] == "one part per month"
    assert stored["waiting_list"] == "one part per list, unit and day"
    assert stored["targets"] == "one part"


def test_dictionary_is_told_in_words() -> None:
    """No check ends in nothing, and no cell of a table breaks it."""
    lines = dictionary().splitlines()
    widths = {line.count("|") for line in lines if line.startswith("|")}

    assert widths == {4, 5}
    assert not any("–," in line or "None" in line for line in lines)
