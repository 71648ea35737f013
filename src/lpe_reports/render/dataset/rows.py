"""A page's JSON as rows of the dataset."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lpe_reports.render.page_numbers import PageNumbers

Value = str | int | float | bool | date | None
Row = tuple[Value, ...]

_NAMING = ("text", "week", "month", "period", "date")
_PERIODS = ("week", "month", "period")
_BETWEEN_NAMES = " · "
_SHOWN_OF_DIGEST = 12


@dataclass(frozen=True)
class PageRows:
    """A page, and what every one of its rows says of it.

    Fields:
        numbers: Its JSON.
        ongoing: Whether its period was not over.
        newest: Whether it is its unit's newest page of a period that is over.
    """

    numbers: PageNumbers
    ongoing: bool
    newest: bool

    @property
    def which(self) -> tuple[str, ...]:
        """Its address, report, unit and period."""
        spot = self.numbers.spot
        return spot.address, spot.report.title, spot.subject.name, spot.period.id

    def about(self, said: Mapping[str, Any]) -> Row:
        """The page's row in the file of pages."""
        spot, provenance = self.numbers.spot, said["provenance"]
        period = spot.period
        return (
            *self.which,
            spot.subject.id,
            period.kind.value,
            period.start,
            period.last_day,
            self.ongoing,
            self.newest,
            said["title"],
            said["summary"],
            date.fromisoformat(provenance["extract"]),
            provenance["digest"][:_SHOWN_OF_DIGEST],
        )

    def figures(self, said: Mapping[str, Any]) -> Iterator[Row]:
        """A row per key figure."""
        for figure in said["key_figures"]:
            yield (
                *self.which,
                self.numbers.spot.period.last_day,
                self.ongoing,
                self.newest,
                figure["id"],
                figure["label"],
                # Pages of earlier versions, kept, do not say these two.
                figure.get("type"),
                figure["unit"] or None,
                _number(figure["value"]),
                _number(figure["before"]),
                _number(figure.get("last_year")),
                _number(figure["target"]),
                figure["hidden"],
            )

    def cells(self, said: Mapping[str, Any]) -> Iterator[Row]:
        """A row per cell that holds something or is hidden, those that name a row left out."""
        for table in said["tables"]:
            for cell in _cells(table):
                yield *self.which, table["id"], table["caption"], *cell


def _cells(table: Mapping[str, Any]) -> Iterator[Row]:
    hidden = {(row, column) for row, column in table["hidden"]}
    columns = table["columns"]
    naming = _naming_columns(table)
    about = [(each["id"], each["label"], each["type"], each["unit"] or None) for each in columns]
    has_period = bool(columns) and columns[0]["type"] in _PERIODS
    for number, row in enumerate(table["rows"]):
        name = _BETWEEN_NAMES.join(str(each) for each in row[:naming] if each is not None)
        period = row[0] if has_period else None
        for place in range(naming, len(row)):
            value, is_hidden = row[place], (number, place) in hidden
            if value is None and not is_hidden:
                continue
            if isinstance(value, bool):
                value = "ja" if value else "nej"
            text = value if isinstance(value, str) else None
            amount = None if isinstance(value, str) else _number(value)
            yield number + 1, name, period, *about[place], amount, text, is_hidden


def _naming_columns(table: Mapping[str, Any]) -> int:
    """How many of the first columns name the row; the first one always does."""
    types = [each["type"] for each in table["columns"]]
    first = next((n for n, kind in enumerate(types) if kind not in _NAMING), 1)
    return max(first, 1)


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
