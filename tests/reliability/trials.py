"""What each promise was tried with: the markers, the fixture `tried`, and the record of a run.

A test that holds a promise says which, and how much it tried where that is more than one thing:

    @pytest.mark.promise("clock", "A clock set back an hour in mid-night changes no page")
    def test_clock_back(tried: Tried) -> None:
        ...
        tried(24, "hours")

`pytest --trials FILE` writes what became of each such test, a line of JSON for each.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

AREAS = {
    "warehouse": "The warehouse and its extracts",
    "params": "Params",
    "notebooks": "Notebooks",
    "builds": "Builds",
    "disclosure": "Small numbers",
    "pages": "Pages",
    "versions": "Versions and publishing",
    "clock": "Clock and place",
    "size": "Size",
    "authors": "Authors",
    "supply": "Supply chain",
}
PROMISE = "promise"
TORTURE = "torture"
MARKERS = (
    "promise(area, words): the promise that a test holds, for docs/reliability.md",
    "torture: takes long; `make torture` runs it (LPE_LONG=1), `make test` does not",
)

Tried = Callable[[int, str], None]


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Tried:
    """Say how many things a test has tried, where that is more than itself: (24, "hours")."""

    def say(count: int, what: str) -> None:
        request.node.user_properties.append(("tried", [count, what]))

    return say


def promise_of(item: pytest.Item) -> tuple[str, str] | None:
    """The area and the words of a test's promise; its own goes before its module's."""
    mark = item.get_closest_marker(PROMISE)
    if mark is None:
        return None
    try:
        area, words = mark.args
    except ValueError:
        raise pytest.UsageError(f"{item.nodeid}: promise(area, words) takes both") from None
    if area not in AREAS:
        raise pytest.UsageError(f"{item.nodeid}: no area '{area}'; there are {', '.join(AREAS)}")
    if words != " ".join(words.split()) or words.endswith(".") or "|" in words:
        raise pytest.UsageError(f"{item.nodeid}: a promise is one line without a full stop")
    return area, words


def note_promises(items: list[pytest.Item]) -> None:
    """Let the reports of each test carry its promise, also from another process."""
    for item in items:
        if found := promise_of(item):
            item.user_properties.append((PROMISE, list(found)))


class Record:
    """Writes what became of each test that holds a promise, as soon as it is known."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Once for each test: of its call, and of its beginning or end where that went wrong."""
        said: dict[str, list[Any]] = {}
        for name, value in report.user_properties:
            said.setdefault(name, []).append(value)
        if PROMISE not in said or (report.when != "call" and report.passed):
            return
        (area, words), *_ = said[PROMISE]
        line = {
            "test": report.nodeid,
            "area": area,
            "promise": words,
            "outcome": report.outcome,
            "seconds": round(report.duration, 2),
            "tried": said.get("tried", []),
        }
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
