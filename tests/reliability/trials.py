"""What each promise was tried with: the markers, the fixture `tried`, and the record of a run.

A test that holds a promise says which, and how much it tried where that is more than one thing:

    @pytest.mark.promise("clock", "A clock set back an hour in mid-night changes no page")
    def test_clock_back(tried: Tried) -> None:
        ...
        tried(24, "hours")

`pytest --trials=FILE` writes what became of each such test, a line of JSON for each; with
`--collect-only` it writes which there are. `--area=NAME` runs those of one area alone.
"""

import json
import re
from collections.abc import Callable, Iterator
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
        elif item.get_closest_marker(TORTURE):
            raise pytest.UsageError(f"{item.nodeid}: what is tried for long has a promise to hold")


def left_out(items: list[pytest.Item], *, long: bool, area: str | None) -> list[pytest.Item]:
    """The tests that are not run: those that take long, or of other areas, as is asked for."""
    return [
        item
        for item in items
        if (item.get_closest_marker(TORTURE) and not long)
        or (area and (promise_of(item) or ("",))[0] != area)
    ]


class DrawnCases:
    """Tells how many cases hypothesis drew for a test, where it drew any."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Iterator[None]:
        """In the process that ran the test: reports go to the others with what they carry."""
        report = yield
        drawn = re.findall(r"(\d+) passing", getattr(item, "hypothesis_statistics", ""))
        if call.when == "call" and drawn:
            report.user_properties.append(("tried", [sum(map(int, drawn)), "drawn cases"]))
        return report


class Record:
    """Writes what became of each test that holds a promise, as soon as it is known."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("", encoding="utf-8")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Which tests there are, where no more is asked for."""
        if session.config.option.collectonly:
            for item in session.items:
                self._write(item.nodeid, item.user_properties)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Once for each test: of its call, and of its beginning or end where that went wrong."""
        if report.when == "call" or not report.passed:
            self._write(report.nodeid, report.user_properties, report.outcome)

    def _write(self, test: str, said: list[tuple[str, Any]], outcome: str = "") -> None:
        for area, words in [value for name, value in said if name == PROMISE]:
            tried = [value for name, value in said if name == "tried"]
            line = {"test": test, "area": area, "promise": words} | {
                "outcome": outcome, "tried": tried,
            }  # fmt: skip
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
