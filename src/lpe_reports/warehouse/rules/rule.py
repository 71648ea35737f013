"""What a check of the data contract is, and the promises that checks are made of.

The pages tell of them where nothing is checked, so pandas is imported where it is used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# A day outside these is how some systems write "never" (1900-01-01, 9999-12-31), or a slip.
FIRST_DAY, END_DAY = "1990-01-01", "2100-01-01"


class Consequence(StrEnum):
    LOAD = "load"  # the table is refused
    ROW = "row"  # the row is set aside and counted
    REPAIR = "repair"  # mended as the rule says, and counted
    FLAG = "flag"  # kept and counted


Passes = Callable[["pd.DataFrame"], "pd.Series[bool]"]


@dataclass(frozen=True)
class Rule:
    """One check.

    Attributes:
        name: What operators and pages call it.
        consequence: What happens to what does not pass.
        columns: The columns it looks at; a repair sets the first to null.
        says: The promise, for docs and messages; ends the sentence "expected …".
        passes: A frame in, True for each row that keeps the promise.
        whole: It looks at rows together: it needs all rows of the days before and after too.
    """

    name: str
    consequence: Consequence
    columns: tuple[str, ...]
    says: str
    passes: Passes
    whole: bool = False

    @property
    def id(self) -> str:
        return f"{self.name}({', '.join(self.columns)})"


def times(frame: "pd.DataFrame", name: str) -> "pd.Series[pd.Timestamp]":
    """A column's times; null where the day is one that cannot be, which is a rule of its own."""
    values = frame[name]
    good = possible(values)
    return values if good.all() else values.where(good)


def possible(values: "pd.Series[pd.Timestamp]") -> "pd.Series[bool]":
    """Which times lie on a day that can be; a null does."""
    import pandas as pd

    first, end = (pd.Timestamp(day, tz=values.dt.tz) for day in (FIRST_DAY, END_DAY))
    return values.isna() | ((values >= first) & (values < end))


def in_order(*names: str) -> Passes:
    """Each time not later than the next; one that is null is passed over."""

    def passes(frame: "pd.DataFrame") -> "pd.Series[bool]":
        latest = times(frame, names[0])
        import pandas as pd

        good = pd.Series(True, index=frame.index)
        for name in names[1:]:
            then = times(frame, name)
            good &= ~(then < latest)
            latest = then.fillna(latest)
        return good

    return passes


def days_in_order(*names: str) -> Passes:
    """The day of each time not later than that of the next; one that is null is passed over."""

    def passes(frame: "pd.DataFrame") -> "pd.Series[bool]":
        import pandas as pd

        return in_order(*names)(pd.DataFrame({name: day_of(frame[name]) for name in names}))

    return passes


def day_of(values: "pd.Series[pd.Timestamp]") -> "pd.Series[pd.Timestamp]":
    """The Swedish day of each time, at midnight and without zone."""
    # Without a zone they are dates.
    return values if values.dt.tz is None else values.dt.tz_localize(None).dt.normalize()


def hours_between(frame: "pd.DataFrame", first: str, then: str) -> "pd.Series[float]":
    """The hours from one time to another; null where one is."""
    import pandas as pd

    return (times(frame, then) - times(frame, first)) / pd.Timedelta(hours=1)


def ordered(consequence: Consequence, says: str, *names: str) -> Rule:
    """The rule that times are in order."""
    return Rule("order_of_times", consequence, names, says, in_order(*names))


def days_ordered(
    consequence: Consequence, says: str, *names: str, rule: str = "order_of_days"
) -> Rule:
    """The rule that the days of times are in order, for what sources know the day of."""
    return Rule(rule, consequence, names, says, days_in_order(*names))
