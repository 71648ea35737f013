"""docs/reliability.md tells of every promise that is tried, and of nothing that is not."""

import json
import re
import sys
from pathlib import Path

import pytest

from reliability.record import Part, Record, Result, Trial, collect_trials, read_record, read_trials
from reliability.table import BEGIN, END, PAGE, write_page, written
from reliability.torture import parts_of, run_part, went_well
from reliability.trials import AREAS

PROMISED = "No half is left"


def _trial(name: str, outcome: str = "passed", **tried: int) -> Trial:
    return Trial(f"tests/faults/test_a.py::{name}", "versions", PROMISED, outcome, tried)


def _part(**results: Result) -> Part:
    return Part("2026-11-22", "0a1b2c3", 4000, promises={PROMISED: results})


def _row(page: str) -> list[str]:
    (row,) = [line for line in page.splitlines() if line.startswith(f"| {PROMISED} |")]
    return row.strip("| ").split(" | ")


@pytest.mark.timeout(600)  # all tests are listed in a process of its own
def test_the_page_is_what_is_tried_now(root: Path) -> None:
    """Every promise, in how many tests and where; what is to be changed: `make docs`."""
    collected = collect_trials()
    page = PAGE.read_text(encoding="utf-8")

    assert {trial.area for trial in collected} <= AREAS.keys()
    assert written(page, collected, read_record()) == page, "docs/reliability.md: run `make docs`"
    for trial in collected:
        assert f"| {trial.promise} |" in page


def test_every_fault_that_is_tried_has_its_promise(root: Path) -> None:
    """A file of faults that nobody would find in the page is named."""
    faults = sorted((root / "tests" / "faults").glob("test_*.py"))

    assert faults
    assert [p.name for p in faults if "mark.promise(" not in p.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    ("result", "tortured", "happened"),
    [
        (Result(2, held=2, tried={"publishes": 1000}), "2 tests: 1,000 publishes", "held"),
        (Result(1, held=1), "1 test", "held"),
        (Result(3, held=2, left_out=1), "2 tests", "held, 1 left out"),
        (Result(2, held=1, broke=["a.py::test_b[c]"]), "2 tests", "**broke**: `test_b[c]`"),
    ],
)
def test_a_row_says_how_much_and_what_happened(
    result: Result, tortured: str, happened: str
) -> None:
    """In `make test` by what there is now, in `make torture` by what became of it."""
    record = Record(torture={"versions": _part(**{"tests/faults/test_a.py": result})})
    record.keep_test([_trial("test_b", publishes=100)], [_trial("test_b")])
    page = written(f"text\n{BEGIN}old\n{END}more\n", [_trial("test_b", outcome="")], record)

    assert page.startswith("text\n")
    assert page.endswith("more\n")
    assert _row(page)[1:4] == ["1 test: 100 publishes", tortured, happened]
    assert "| 2026-11-22, 0a1b2c3, 1 h 7 min |" in page


def test_what_was_not_run_says_so() -> None:
    """A promise that is newer than the last torture is not taken for held."""
    collected, record = [_trial("test_b", outcome="")], Record()
    assert _row(written(f"{BEGIN}{END}", collected, record))[1:4] == ["1 test", "–", "not run yet"]
    record.keep_test([_trial("test_b")], collected)
    page = written(f"{BEGIN}{END}", collected, record)

    assert _row(page)[1:4] == ["1 test", "–", "held in `make test`"]


def test_counts_of_a_run_that_went_wrong_are_not_kept() -> None:
    """Of a file in which a test broke or was not run, what was known stays."""
    collected = [_trial("test_b"), _trial("test_c")]
    record = Record()
    record.keep_test([_trial("test_b", days=1), _trial("test_c", days=2)], collected)
    record.keep_test([_trial("test_b", days=10), _trial("test_c", "failed")], collected)
    record.keep_test([_trial("test_b", days=10)], collected)

    assert record.tried == {PROMISED: {"tests/faults/test_a.py": {"days": 3}}}


def test_a_test_that_was_told_of_twice_broke_if_it_broke_once(tmp_path: Path) -> None:
    """Its call went well, and what it cleared away did not."""
    line = {"test": "a.py::b", "area": "clock", "promise": "x", "tried": [[2, "days"], [3, "days"]]}
    lines = [line | {"outcome": outcome} for outcome in ("failed", "passed")]
    (tmp_path / "run.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    assert read_trials(tmp_path / "run.jsonl") == [
        Trial("a.py::b", "clock", "x", "failed", {"days": 5})
    ]


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    """And a page that is as it should be is not written again."""
    result = Result(2, held=1, broke=["a.py::b"], tried={"days": 5})
    record = Record(tried={PROMISED: {"a.py": {"days": 3}}}, torture={"clock": _part(a=result)})
    record.write(tmp_path / "last.json")
    page = tmp_path / "page.md"
    page.write_text(f"{BEGIN}{END}", encoding="utf-8")

    assert read_record(tmp_path / "last.json") == record
    assert write_page([_trial("test_b")], record, page)
    assert not write_page([_trial("test_b")], record, page)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["last.json", "page.md"]


def test_torture_goes_through_every_area_and_names_what_is_none() -> None:
    """A misspelt part is no silent nothing."""
    assert list(parts_of([]))[: len(AREAS)] == list(AREAS)
    assert list(parts_of(["clock"])) == ["clock"]
    with pytest.raises(SystemExit, match="no part clocks; there are warehouse, params"):
        parts_of(["clocks"])


@pytest.mark.parametrize(
    ("code", "seconds", "wrong"),
    [
        ("pass", 60, ""),
        ("raise SystemExit(2)", 60, "ended with exit code 2"),
        ("import time; time.sleep(600)", 0.5, "stopped, its time being over"),
    ],
)
def test_a_part_ends_well_or_says_how(code: str, seconds: float, wrong: str) -> None:
    """Its exit code, or that it was stopped; it never goes on beside the next."""
    part = run_part("mutation", [sys.executable, "-c", code], seconds)

    assert part.wrong == wrong
    assert went_well(part) == (wrong == "")
    assert re.fullmatch(r"[0-9a-f]{7,}\+?", part.commit)
