"""A series as pages show it: points that passed disclosure control, limits, target, words."""

from dataclasses import dataclass, field, replace

import pandas as pd

from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.protected import Protected
from lpe_reports.display.series.measure import SeriesMeasure
from lpe_reports.display.tables import Target
from lpe_reports.periods import Period


@dataclass(frozen=True)
class Point:
    """One value; None where hidden or missing."""

    value: float | None
    hidden: bool = False
    numerator: int | None = None
    denominator: int | None = None

    @property
    def known(self) -> bool:
        return self.value is not None


@dataclass(frozen=True)
class Shade:
    """Periods that were unlike the others: from and to position, both included, and why."""

    first: int
    last: int
    words: str
    closure: bool


@dataclass(frozen=True, eq=False)
class Series:
    """One measure of one selection, period by period; the last period is the page's.

    Args:
        measure: What is measured.
        name: What the page calls it: "Öppna salar, Bollnäs".
        place: Whose it is, as the subject of a sentence: "Bollnäs".
        periods: In order of time, without gaps.
        table: One row per period: period, value, and what it is made of.
        limits: From `spc`, one row per period; computed from what is shown, so that a hidden
            value leaves no trace in them.
        before: The value that the last one is compared with.
        before_label: What that is: "förra veckan".
        last_year: The same period a year earlier.
        last_year_label: "vecka 19 2025".
        targets: The target in force in each period.
        target_direction: "up" where high is better.
        ongoing: Whether the last period was not over on the night.
        shades: Closures and holidays.
        selection: Whose numbers, in words.
        note: What the reader must know about it.
        key: Its part of ids on the page, the same every period: "operations-bo-opc".
        list_words: For a waiting list which one: "till operation".
        limit_days: The guarantee's limit in force, for what it covers.
    """

    measure: SeriesMeasure
    name: str
    place: str
    periods: tuple[Period, ...]
    table: Protected
    limits: pd.DataFrame
    before: Point | None = None
    before_label: str = ""
    last_year: Point | None = None
    last_year_label: str = ""
    targets: tuple[Target | None, ...] = ()
    ongoing: bool = False
    shades: tuple[Shade, ...] = ()
    selection: str = ""
    note: str = ""
    key: str = ""
    list_words: str = ""
    limit_days: int | None = None
    points: tuple[Point, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", points_of(self.table))

    def __repr__(self) -> str:
        return f"<Series {self.name}: {len(self.periods)} periods to {self.period}>"

    @property
    def value_column(self) -> Column:
        return self.table.column("value")

    @property
    def period(self) -> Period:
        return self.periods[-1]

    @property
    def subjects(self) -> tuple[str, str]:
        """What it is called inside a sentence, one and several."""
        words = self.measure.wording
        both = words.subject, words.subjects or words.subject
        if not self.list_words or words.form != "stock":
            return both
        return f"{both[0]} {self.list_words}", f"{both[1]} {self.list_words}"

    @property
    def now(self) -> Point:
        return self.points[-1]

    @property
    def target(self) -> Target | None:
        """The target in force in the page's period."""
        return self.targets[-1] if self.targets else None

    def last(self, count: int) -> "Series":
        """The series with its last periods only; limits stay those of the whole."""
        cut = max(0, len(self.periods) - count)
        shades = tuple(
            Shade(max(shade.first - cut, 0), shade.last - cut, shade.words, shade.closure)
            for shade in self.shades
            if shade.last >= cut
        )
        return replace(
            self,
            periods=self.periods[cut:],
            table=self.table.last(len(self.periods) - cut),
            limits=self.limits.iloc[cut:].reset_index(drop=True),
            targets=self.targets[cut:],
            shades=shades,
        )


def points_of(table: Protected) -> tuple[Point, ...]:
    """The rows of a protected table with the columns value, numerator and denominator."""
    names = [column.id for column in table.columns]
    hidden = table.hidden["value"].tolist()
    points = []
    for row, is_hidden in zip(table.cells(), hidden, strict=True):
        cells = dict(zip(names, row, strict=True))
        value, above, below = (cells.get(key) for key in ("value", "numerator", "denominator"))
        points.append(
            Point(
                value=float(value) if isinstance(value, int | float) else None,
                hidden=is_hidden,
                numerator=above if isinstance(above, int) else None,
                denominator=below if isinstance(below, int) else None,
            )
        )
    return tuple(points)
