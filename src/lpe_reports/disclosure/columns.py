"""What the columns of a table are: how they are shown, and what they could reveal."""

from dataclasses import dataclass
from typing import get_args

from lpe_reports.errors import UsageError
from lpe_reports.params.units import unknown
from lpe_reports.wording import ColumnType

_DECIMALS: dict[ColumnType, int] = {"share": 1, "hours": 1, "number": 1}
_BY_TYPE = -1
_TYPES: tuple[str, ...] = get_args(ColumnType)

TEXT_TYPES: frozenset[ColumnType] = frozenset({"text", "week", "month", "period", "date"})


@dataclass(frozen=True)
class Column:
    """One column of a table that a page shows.

    Args:
        id: The column's name in the frame.
        label: Its heading, in Swedish.
        type: What its values are and so how they are written.
        unit: What its numbers count, where the heading does not say it ("dagar").
        decimals: As shown; one for shares, hours and numbers, else none, when not given.
        based_on: The count column that a statistic is computed over (a mean's number of
            patients); the statistic is hidden where that count is small or hidden.
        part_of: The count column that this count is a part of; a small remainder hides it too.
        numerator: For a share: the count column above the line.
        denominator: For a share: the count column below the line.
        public: Whether the values describe no patients (a target, a limit), so that nothing
            is hidden.
        trait: For a column that names rows: the trait of their groups that its values are
            ("unit").
        trait_from: The frame's column with the ids of that trait, its own when not given; a row
            that has none there, and the total row, is about all values.
        traits: What narrows this count column's group: (("within", "90"),).
        mean_of: For a mean over `based_on`: the quantity that it is the mean of ("wait_days"),
            whose sums add up over groups as the counts do.
        largest: For a sum over people: the frame's column with the largest single one's part.
        reckoned: Whether this count is reckoned from numbers of its `based_on` and counts no
            patients: a small one is shown, and goes where its basis goes.

    Raises:
        UsageError: There is no such type.
    """

    id: str
    label: str
    type: ColumnType = "text"
    unit: str = ""
    decimals: int = _BY_TYPE
    based_on: str | None = None
    part_of: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    public: bool = False
    trait: str | None = None
    trait_from: str | None = None
    traits: tuple[tuple[str, str], ...] = ()
    mean_of: str | None = None
    largest: str | None = None
    reckoned: bool = False

    def __post_init__(self) -> None:
        if self.type not in _TYPES:
            problem = unknown("type", str(self.type), _TYPES)
            there = "" if "there are" in problem else f" There are: {', '.join(_TYPES)}"
            raise UsageError(f"Column '{self.id}': {problem}{there}")
        if self.decimals == _BY_TYPE:
            object.__setattr__(self, "decimals", _DECIMALS.get(self.type, 0))

    @property
    def is_text(self) -> bool:
        return self.type in TEXT_TYPES

    def references(self) -> tuple[str, ...]:
        """The other columns that decide whether a value of this one is hidden."""
        named = (self.based_on, self.part_of, self.numerator, self.denominator)
        return tuple(name for name in named if name is not None)
