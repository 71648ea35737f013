"""The contract and its Swedish words say the same, both ways."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import lpe_reports.warehouse
from lpe_reports.params.units import UnitKind
from lpe_reports.render.indexes.dictionary import rule_says
from lpe_reports.render.words.contract import contract_words
from lpe_reports.warehouse.columns import Kind
from lpe_reports.warehouse.contracts import null_rule, type_rule
from lpe_reports.warehouse.rules import Consequence, rules_of
from lpe_reports.warehouse.tables import TABLES

WORDS = contract_words()
WAREHOUSE = Path(lpe_reports.warehouse.__file__).parent
COLUMNS = {(table, column.name) for table in TABLES for column in TABLES[table]}
CODES = {
    (table, column.name, value)
    for table in TABLES
    for column in TABLES[table]
    for value in column.values
}


def rules_in_code() -> Iterator[str]:
    """The name of every rule that the warehouse makes anywhere, read from its source."""
    trees = [ast.parse(path.read_text("utf-8")) for path in WAREHOUSE.rglob("*.py")]
    constants = {
        target.id: node.value.value
        for tree in trees
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id in ("Rule", "_hour"):
            name = call.args[0]
            if isinstance(name, ast.Constant):
                yield str(name.value)
            elif isinstance(name, ast.Name) and name.id in constants:
                yield str(constants[name.id])


def test_every_table_and_column_has_words() -> None:
    """A new column cannot reach the site without saying what it is."""
    assert set(WORDS.tables) == set(TABLES)
    named = {(t, c) for t, c in COLUMNS if c in WORDS.tables[t].columns or c in WORDS.shared}
    assert COLUMNS - named == set()


def test_no_column_has_words_that_nobody_reads() -> None:
    """What is gone from the contract is gone from the site; shared words are not said twice."""
    own = {(table, name) for table, words in WORDS.tables.items() for name in words.columns}
    shared = {name for table, name in COLUMNS if (table, name) not in own}
    assert own - COLUMNS == set()
    assert set(WORDS.shared) - shared == set()
    twice = {
        (table, name)
        for table, name in own
        if WORDS.tables[table].columns[name] == WORDS.shared.get(name)
    }
    assert twice == set()


def test_every_code_has_a_meaning_and_every_meaning_a_code() -> None:
    """But for numbers, which say it themselves."""
    silent = {
        (table, column, value)
        for table, column, value in CODES
        if WORDS.code(table, column, value) == value and not value.isdigit()
    }
    assert silent == set()
    places = {f"{t}.{c}": v for t, c, v in CODES} | {c: v for _, c, v in CODES}
    for place, codes in WORDS.codes.items():
        assert place in places
        table, _, column = place.rpartition(".")
        known = {value for t, c, value in CODES if c == column and table in ("", t)}
        assert (place, set(codes) - known) == (place, set())


def test_every_rule_and_consequence_has_words() -> None:
    """Those of the contract, and those that the cleaning makes as it goes."""
    made = {rule.name for contract in TABLES.values() for rule in rules_of(contract)}
    column = next(iter(TABLES["operations"]))
    made |= {null_rule("x").name, type_rule(column, "a text").name, *rules_in_code()}
    assert {"missing_hour", "duplicate", "duplicate_key"} <= made
    assert {name.rpartition(".")[2] for name in WORDS.rules} == made
    assert set(WORDS.consequences) == {str(each) for each in Consequence}


def test_a_rules_words_fit_where_they_are_said() -> None:
    """With its columns in their places, and with the numbers that it demands."""
    for contract in TABLES.values():
        for rule in rules_of(contract):
            said = rule_says(contract.name, rule.name, rule.columns)
            assert said.endswith(".")
            if len(rule.columns) > 1:
                numbers = set(re.findall(r"(?<![\w.-])\d+(?![\w-])", rule.says))
                assert (rule.id, numbers - set(re.findall(r"\d+", said))) == (rule.id, set())


def test_kinds_of_columns_and_units_have_words() -> None:
    """All of them, and no others."""
    assert set(WORDS.kinds) == {str(kind) for kind in Kind}
    assert set(WORDS.units) == {str(kind) for kind in UnitKind}


def test_a_columns_name_ends_at_the_first_stop() -> None:
    """The rest is what must be known of it."""
    words = WORDS.column("operations", "patient_in_at")
    assert words == ("Patient in i salen", "SPOR V540.")
    assert WORDS.column("operations", "section") == ("Sektion", "")
    assert WORDS.column("operations", "unheard_of").name == "unheard_of"
