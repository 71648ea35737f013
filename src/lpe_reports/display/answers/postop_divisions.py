"""How the postop report divides stays, from fine to coarse: by on-call category and weekday."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import pandas as pd

from lpe_reports import wording
from lpe_reports.disclosure.columns import Column
from lpe_reports.disclosure.groups import UNIT, Group
from lpe_reports.display.about import POSTOP, time_of
from lpe_reports.display.page import Page
from lpe_reports.display.series.postop import whole_minutes
from lpe_reports.measures.grouping import with_periods
from lpe_reports.measures.postop import with_on_call

ON_CALL, WEEKDAY, PART = "on_call", "weekday", "part"
_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_WORKING_DAYS = 5
_TOO_MANY = "skulle för många tal döljas."
_COLUMNS = ["postop_unit", "arrived_at", "ready_at", "left_at"]
_MINUTES = ["median_minutes", "p90_minutes"]


@dataclass(frozen=True)
class Part:
    """Stays with some values of what they are divided by.

    Args:
        id: What groups call it.
        name: What the page calls it.
        of: The values.
    """

    id: str
    name: str
    of: tuple[str | int, ...]


@dataclass(frozen=True)
class Division:
    """One way to divide stays; by nothing, where it has no parts.

    Args:
        trait: The column that they are divided by.
        heading: The heading of the column that names the parts.
        parts: In the order that they stand in.
        note: Where it is not the finest, why it is no finer.
    """

    trait: str
    heading: str
    parts: tuple[Part, ...]
    note: str = ""

    def groups(self, present: Collection[object]) -> frozenset[frozenset[object]]:
        """Which of the values that there are stand together."""
        held = (frozenset(value for value in part.of if value in present) for part in self.parts)
        return frozenset(group for group in held if group)

    @property
    def column(self) -> Column:
        """The column that names the rows."""
        return Column("name", self.heading, trait=self.trait, trait_from="id")

    def divided(self, stays: pd.DataFrame, as_: str = PART) -> pd.DataFrame:
        """The stays with one more column: the id of the part that each is of."""
        ids = {value: part.id for part in self.parts for value in part.of}
        return stays.assign(**{as_: stays[self.trait].map(ids).astype("str")})

    def named(self, frame: pd.DataFrame, key: str = PART) -> pd.DataFrame:
        """A measure's rows in the parts' order, with [id, name]."""
        place = {part.id: number for number, part in enumerate(self.parts)}
        ordered = frame.sort_values(key, key=lambda ids: ids.map(place), ignore_index=True)
        names = {part.id: part.name for part in self.parts}
        return ordered.assign(id=ordered[key], name=ordered[key].map(names))


def on_call(page: Page) -> list[Division]:
    """By on-call category; by the first, ordinary hours, and all others; by nothing."""
    first, *others = page.params.calendar.on_call
    whole = tuple(Part(c.id, c.name, (c.id,)) for c in (first, *others))
    rest = Part(f"not-{first.id}", "Övrig tid", tuple(c.id for c in others))
    return _different(
        page,
        Division(ON_CALL, "Jourkategori", whole),
        Division(
            ON_CALL,
            "Jourkategori",
            (whole[0], rest),
            f"Övriga jourkategorier visas tillsammans: var för sig {_TOO_MANY}",
        ),
        Division(ON_CALL, "Jourkategori", (), f"Visas inte per jourkategori: då {_TOO_MANY}"),
    )


def weekdays(page: Page) -> list[Division]:
    """By the weekday of arrival; by working days and weekends; by nothing."""
    numbers = range(1, len(_WEEKDAYS) + 1)
    whole = tuple(Part(str(n), wording.upper_first(_WEEKDAYS[n - 1]), (n,)) for n in numbers)
    two = (
        Part("1-5", "Måndag–fredag", tuple(numbers[:_WORKING_DAYS])),
        Part("6-7", "Lördag–söndag", tuple(numbers[_WORKING_DAYS:])),
    )
    return _different(
        page,
        Division(WEEKDAY, "Veckodag", whole),
        Division(WEEKDAY, "Veckodag", two, f"Visas för vardagar och helger: per dag {_TOO_MANY}"),
        Division(WEEKDAY, "Veckodag", (), f"Visas inte per veckodag: då {_TOO_MANY}"),
    )


def _different(page: Page, *divisions: Division) -> list[Division]:
    """The divisions that divide the page's stays otherwise than those before them."""
    present = set(stays_of(page)[divisions[0].trait].dropna().unique())
    seen, kept = set(), []
    for division in divisions:
        groups = division.groups(present)
        # Of one part the row for all says the same.
        if division is divisions[0] or (groups not in seen and len(groups) != 1):
            kept.append(division)
        seen.add(groups)
    return kept


def with_total(
    page: Page, division: Division, measure: Callable[..., pd.DataFrame]
) -> pd.DataFrame:
    """A measure of the page's stays, part by part in their order, and a last row for all of them.

    Returns:
        The measure's columns, [name, id] of the part, null ids for all, and `basis`: over how
        many its minutes are.
    """
    stays = stays_of(page)
    parts = division.named(measure(division.divided(stays), by=[PART]))
    if not division.parts:
        parts = parts.iloc[:0]
    total = measure(stays, by=[]).assign(name="Alla", id=None)
    rows = pd.concat([parts, total], ignore_index=True) if len(parts) else total
    minutes = {name: whole_minutes(rows[name]) for name in _MINUTES}
    # A count that stands in the table itself would hide its statistics with it.
    return rows.assign(**minutes, basis=rows["timed"])


def total_of(rows: pd.DataFrame) -> int | None:
    """The place of the row for all; none where it stands alone."""
    return len(rows) - 1 if len(rows) > 1 else None


def whom(page: Page) -> Group:
    """Those who came to the page's unit in its period."""
    return Group.of(POSTOP, **{UNIT: page.unit, "time": time_of(page.period, page.until)})


def stays_of(page: Page) -> pd.DataFrame:
    """The stays that began in the page's period, with on-call category and weekday.

    None where no source hands them over.
    """

    def read() -> pd.DataFrame:
        start, end = page.period.start, page.until
        rows = pd.DataFrame(columns=_COLUMNS)
        if page.has("postop_stays"):
            rows = page.read(
                "postop_stays", units=[page.unit], start=start, end=end, columns=_COLUMNS
            )
        calendar = page.params.calendar
        rows = with_on_call(rows, calendar.on_call, holidays=calendar.holidays(start, end))
        return with_periods(rows, "arrived_at", [WEEKDAY])

    return page.once("postop stays", read)
