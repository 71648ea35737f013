"""What a page's JSON says, in the form in which two of them are compared."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from lpe_reports.errors import LpeError
from lpe_reports.periods import Period, parse_period

_TEXT = {"text", "week", "month", "period", "date"}
_TIME = {"week", "month", "period", "date"}
_SUFFIX = ".json"

# The table, the row's texts, which of the rows with these texts, the column.
CellKey = tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One number of a table.

    Fields:
        value: The number; None where it is hidden.
        time: What time its row is about, as its period or day is written; empty where none is.
    """

    value: object
    time: str

    @property
    def hidden(self) -> bool:
        return self.value is None


@dataclass(frozen=True)
class Figure:
    """One key figure; its value is None where it is hidden, or where there is none."""

    id: str
    label: str
    type: str
    unit: str
    value: float | None
    hidden: bool


@dataclass(frozen=True)
class Numbers:
    """One page.

    Fields:
        title: Its heading.
        report, unit, period: Whose it is.
        summary: The sentences at the top.
        figures: Its key figures by id.
        cells: The numbers of its tables; empty ones left out.
        captions: The tables' captions by id.
    """

    title: str
    report: str
    unit: str
    period: str
    summary: str
    figures: Mapping[str, Figure]
    cells: Mapping[CellKey, Cell]
    captions: Mapping[str, str]

    def is_over(self, night: date) -> bool:
        """Whether the page's period was over in a night."""
        return is_over(self.period, night)


def pages_in(folder: Path) -> dict[str, Path]:
    """The JSON files of a version's pages, by the page's address ("…/2026-W19.html")."""
    found = {}
    for path in sorted(folder.glob(f"*/*/*/*{_SUFFIX}")):
        page = path.with_suffix(".html")
        if page.is_file():
            found[page.relative_to(folder).as_posix()] = path
    return found


def read_numbers(path: Path) -> Numbers | None:
    """A page's numbers; None where the file is of another form, or not whole."""
    try:
        page = json.loads(path.read_bytes())
        figures = {str(each["id"]): _figure(each) for each in page["key_figures"]}
        return Numbers(
            title=str(page["title"]),
            report=str(page["report"]),
            unit=str(page["unit"]),
            period=str(page["period"]),
            summary=str(page["summary"]),
            figures=figures,
            cells=dict(_cells(page["tables"])),
            captions={str(table["id"]): str(table["caption"]) for table in page["tables"]},
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None


def is_over(time: str, night: date) -> bool:
    """Whether a period or a day, as an id, was over in a night."""
    period = _period(time)
    if period is not None:
        return period.is_over(night)
    try:
        return date.fromisoformat(time) < night
    except ValueError:
        return False


def _period(text: str) -> Period | None:
    try:
        return parse_period(text)
    except (LpeError, ValueError):
        return None


def _figure(figure: Mapping[str, Any]) -> Figure:
    return Figure(
        id=str(figure["id"]),
        label=str(figure["label"]),
        type=str(figure["type"]),
        unit=str(figure["unit"]),
        value=figure["value"],
        hidden=bool(figure["hidden"]),
    )


def _cells(tables: list[dict[str, Any]]) -> Iterator[tuple[CellKey, Cell]]:
    for table in tables:
        columns = table["columns"]
        heads = [place for place, column in enumerate(columns) if column["type"] in _TEXT]
        times = [place for place, column in enumerate(columns) if column["type"] in _TIME]
        hidden = {(int(row), int(column)) for row, column in table["hidden"]}
        seen: Counter[CellKey] = Counter()
        for number, row in enumerate(table["rows"]):
            texts = tuple(str(row[place]) for place in heads)
            seen[texts] += 1
            time = str(row[times[0]]) if times else ""
            for place, value in enumerate(row):
                is_hidden = (number, place) in hidden
                if place not in heads and (is_hidden or value is not None):
                    key = (str(table["id"]), *texts, str(seen[texts]), str(columns[place]["id"]))
                    yield key, Cell(None if is_hidden else value, time)
