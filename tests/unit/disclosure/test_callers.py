"""No page shows a table that was weighed alone: what display protects joins the page's ledger."""

import ast
from pathlib import Path

import pytest

import lpe_reports

pytestmark = pytest.mark.promise(
    "disclosure", "What has not passed disclosure control can be shown by no call"
)

PACKAGE = Path(lpe_reports.__file__).parent
# Functions that weigh a table by what the page has shown before, if they are told of it.
WEIGHING = {"protect", "protect_coarsest", "make_series"}


def calls_without_ledger(source: str) -> list[int]:
    """The lines of calls of such a function, as a plain name, that give it no ledger."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in WEIGHING
        and not any(
            given.arg == "ledger"
            and not (isinstance(given.value, ast.Constant) and given.value.value is None)
            for given in node.keywords
        )
    ]


def test_a_call_without_ledger_is_seen() -> None:
    """What the next test looks for it would find."""
    assert calls_without_ledger("protect(frame, table='a', ledger=ledger)") == []
    assert calls_without_ledger("protect(frame, table='a')") == [1]
    assert calls_without_ledger("\nmake_series(wish, ledger=None)") == [2]


def test_display_gives_each_table_the_pages_ledger() -> None:
    """`protect` without a ledger weighs a table by itself, which is for tests."""
    files = [p for p in PACKAGE.rglob("*.py") if "disclosure" not in p.relative_to(PACKAGE).parts]
    calling = [p for p in files if any(f"{name}(" in p.read_text("utf-8") for name in WEIGHING)]
    wrong = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in calling
        for line in calls_without_ledger(path.read_text("utf-8"))
    ]

    assert len(calling) > 2
    assert wrong == []
