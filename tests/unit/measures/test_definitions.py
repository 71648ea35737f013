"""Every measure has its entry among the definitions, and every entry is of something."""

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from lpe_reports.display.series.registry import MEASURES as SERIES
from lpe_reports.measures.utilisation import ALL
from lpe_reports.params.glossary import Glossary, load_glossary
from measure_table import MEASURES, OF_ANSWERS

# What is a part of something else, and is read as a share of it.
SHARES = {
    *ALL, "guarantee_share_waiting", "guarantee_share_performed", "share_within_90",
    "guarantee_share_first_contact",
    "queues_over_limit", "first_case_start", "end_time", "ward_wait", "cancelled_share",
    "late_cancelled_share", "cancellation_reason", "capacity_hours", "need_against_sessions",
    "plan_fulfilment",
}  # fmt: skip
_NAMED = re.compile(r"^Glossary: +(.+(?:\n +.+)*)", re.MULTILINE)
_WORDS = ("definition", "definitions")
# From this day the office uses the definitions as they stood then; those of today may be younger.
OFFICE_BEGAN = date(2026, 5, 18)


@pytest.fixture(scope="module")
def glossary(root: Path) -> Glossary:
    return load_glossary(root / "params" / "glossary.yml", root)


def named_by_functions(root: Path) -> dict[str, set[str]]:
    """The glossary ids in docstrings, each with the functions that name it."""
    package = root / "src" / "lpe_reports"
    named: dict[str, set[str]] = defaultdict(set)
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                for entry in glossary_ids(ast.get_docstring(node) or ""):
                    named[entry].add(f"{path.stem}.{node.name}")
    return named


def glossary_ids(docstring: str) -> list[str]:
    found = _NAMED.search(docstring)
    return re.split(r",\s*", found[1].strip()) if found else []


def shown_definitions(root: Path) -> dict[str, str]:
    """The glossary ids that pages link to, with the file that does."""
    shown = {series.glossary_id: "display/series/registry.py" for series in SERIES.values()}
    for path in (root / "src" / "lpe_reports" / "display").rglob("*.py"):
        shown |= dict.fromkeys(ids_in(path.read_text(encoding="utf-8")), path.name)
    for path in (root / "reports").rglob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for cell in cells:
            if cell["cell_type"] == "code":
                shown |= dict.fromkeys(ids_in("".join(cell["source"])), path.name)
    for path in (root / "params" / "reports").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        for line in re.findall(r"definitions?: *\[?([a-z0-9_, ]+)", text):
            shown |= dict.fromkeys(re.split(r", *", line.strip()), path.name)
    return shown


def ids_in(code: str) -> Iterator[str]:
    """What is given as definition or definitions, or as a selection's second argument."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        given = [keyword.value for keyword in node.keywords if keyword.arg in _WORDS]
        if isinstance(node.func, ast.Attribute) and node.func.attr == "selection":
            given += node.args[1:2]
        for value in given:
            for part in ast.walk(value):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
                    yield part.value


def test_every_measure_names_its_definitions(root: Path) -> None:
    """In a line of its docstring, `Glossary: operations, operation_hours`."""
    names = {function for functions in named_by_functions(root).values() for function in functions}

    assert sorted({*MEASURES, *OF_ANSWERS} - names) == []


def test_every_definition_that_is_named_is_there(root: Path, glossary: Glossary) -> None:
    """By a measure's docstring, a page's code, a notebook or a report's params."""
    wrong = [f"{name} of {where}" for name, where in shown_definitions(root).items()
             if name not in glossary]  # fmt: skip
    wrong += [f"{name} of {sorted(functions)}" for name, functions
              in named_by_functions(root).items() if name not in glossary]  # fmt: skip

    assert wrong == []


def test_every_definition_is_of_a_measure(root: Path, glossary: Glossary) -> None:
    """An entry that no function names is of nothing that is reckoned."""
    assert sorted({e.id for e in glossary.entries} - named_by_functions(root).keys()) == []


def test_pages_do_refer_to_definitions(root: Path) -> None:
    """The search for what pages link to finds something of every kind."""
    files = set(shown_definitions(root).values())

    assert {"display/series/registry.py", "utilisation.ipynb", "procedure.ipynb"} <= files


def test_definitions_are_whole_sentences(glossary: Glossary) -> None:
    """Each begins with a capital and ends with a full stop, as do its other texts."""
    for entry in glossary.entries:
        for text in (entry.definition, entry.excluded, entry.numerator, entry.denominator):
            if text is not None:
                assert text[0].isupper(), (entry.id, text)
                assert text.endswith("."), (entry.id, text)


def test_every_definition_says_from_when_it_holds(glossary: Glossary) -> None:
    """The day of its rule, or the one from which the office uses it as it stood when it began."""
    assert [entry.id for entry in glossary.entries if entry.valid_from is None] == []
    first = [entry for entry in glossary.entries if not entry.former]
    assert {entry.valid_from for entry in first if entry.limit} == {date(2010, 7, 1)}
    assert {entry.valid_from for entry in first if entry.limit is None} <= {OFFICE_BEGAN}


def test_what_is_counted_otherwise_says_how_it_was_before(glossary: Glossary) -> None:
    """A rule that came after the office began follows another, which ended the day before."""
    for entry in glossary.entries:
        if entry.former and entry.valid_from is not None:
            assert entry.former[0].valid_to == entry.valid_from - timedelta(days=1), entry.id


@pytest.mark.parametrize("measure", sorted(SHARES))
def test_share_says_what_is_divided_by_what(glossary: Glossary, measure: str) -> None:
    """A share without its numerator and denominator cannot be checked by its reader."""
    entry = glossary.get(measure)

    assert entry.numerator
    assert entry.denominator


@pytest.mark.parametrize("waiting_list", ["first_contact", "operation"])
def test_guarantee_is_ninety_days_since_2010(glossary: Glossary, waiting_list: str) -> None:
    """For both lists, in every year the office has data for."""
    assert glossary.guarantee_on(date(2010, 7, 1), list=waiting_list).days == 90
    assert glossary.guarantee_on(date(2026, 5, 11), list=waiting_list).days == 90
