"""An exposure as equations: what is not known, and what must hold between it.

Everything that is shown is a constant. What is left are the hidden numbers, the rest of totals
whose parts are not all there, and groups that are never shown; they fall into components that
know nothing of one another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import Literal

from lpe_reports.disclosure.exposure import Exposure, Mean, Relation
from lpe_reports.disclosure.groups import count_of, is_sum

Role = Literal["hidden", "unseen", "rest", "open", "sum", "free"]
# Sums are made from means, which are floating point numbers.
_SLACK = 1e-6


@dataclass
class Unknown:
    """One number that is not shown.

    Args:
        key: Its group's key; for the rest of a total that total's.
        role: "hidden" and "sum" are hidden counts and sums; "rest" is what a total has beside
            its parts and "unseen" a count that stands nowhere, which tell of somebody when they
            are small; withheld counts are as good as unseen, and the "open" rest of one tells
            nothing more. "free" is any other sum.
        low: The least that it can be.
        high: The most.
    """

    key: str
    role: Role
    low: float
    high: float = inf

    @property
    def is_count(self) -> bool:
        return self.role in ("hidden", "unseen", "rest", "open")


@dataclass(frozen=True)
class Row:
    """What must hold: a weighted sum of unknowns, by number, lies between two bounds."""

    terms: tuple[tuple[int, float], ...]
    low: float
    high: float
    sure: bool = True
    by_definition: bool = False


@dataclass(frozen=True)
class Component:
    """Unknowns that hang together; rows name them by position."""

    unknowns: tuple[Unknown, ...]
    rows: tuple[Row, ...]

    @property
    def names(self) -> frozenset[tuple[str, str]]:
        return frozenset((u.key, u.role) for u in self.unknowns)


@dataclass
class Equations:
    """The equations of an exposure.

    Args:
        cells: See `Exposure`.
        means: See `Exposure`.
        withheld: See `Exposure`.
    """

    cells: Mapping[str, float | None]
    means: Mapping[str, Mean]
    withheld: frozenset[str] = frozenset()
    unknowns: list[Unknown] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    _numbers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, exposure: Exposure) -> "Equations":
        """The equations of all of an exposure."""
        equations = cls(exposure.cells, exposure.means, exposure.withheld)
        equations.add(exposure.relations)
        return equations

    def __post_init__(self) -> None:
        negative = any(mean.value < 0 for mean in self.means.values()) or any(
            value is not None and value < 0 for key, value in self.cells.items() if is_sum(key)
        )
        self._least_sum = -inf if negative else 0.0

    def value(self, key: str) -> float | None:
        """The number of a key as far as it is shown, or follows from a mean and its count."""
        if not is_sum(key):
            return self.cells.get(key)
        mean = self.means.get(key)
        if mean is None:
            nobody = self.cells.get(count_of(key)) == 0
            return 0.0 if nobody else self.cells.get(key)
        count = self.cells.get(mean.over)
        return None if count is None else mean.value * count

    def add(self, relations: Iterable[Relation]) -> None:
        """Add what must hold in some relations."""
        for relation in relations:
            self._add(relation)

    def components(self) -> list[Component]:
        """The parts that hang together, each by itself, in an order of its own."""
        return components_of(self.unknowns, self.rows)

    def _add(self, relation: Relation) -> None:
        if not self.withheld:
            self._add_row(relation, "rest")
            return
        parts = tuple(part for part in relation.parts if part not in self.withheld)
        if not parts or relation.total in self.withheld:
            return  # nobody sees of a withheld cell what it is a part of, or is made up of
        if len(parts) < len(relation.parts):
            self._add_row(relation._replace(parts=parts, whole=False), "open")
        else:
            self._add_row(relation, "rest")

    def _add_row(self, relation: Relation, rest: Role) -> None:
        terms: list[tuple[int, float]] = []
        constant = 0.0
        for key, weight in ((relation.total, 1.0), *((part, -1.0) for part in relation.parts)):
            value = self.value(key)
            if value is not None:
                constant -= weight * value
            else:
                terms.append((self._number(key), weight))
        summed = is_sum(relation.total)
        if not relation.whole:
            role: Role = "free" if summed else rest
            self.unknowns.append(Unknown(relation.total, role, self._least_sum if summed else 0.0))
            terms.append((len(self.unknowns) - 1, -1.0))
        if terms:
            slack = _SLACK * max(1.0, abs(constant)) if summed else 0.0
            ends = (constant - slack, constant + slack)
            self.rows.append(Row(tuple(terms), *ends, relation.sure, relation.by_definition))

    def _number(self, key: str) -> int:
        """The number of the unknown with a key."""
        if key in self._numbers:
            return self._numbers[key]
        hidden = key in self.cells and key not in self.means and key not in self.withheld
        number = self._numbers[key] = len(self.unknowns)
        if is_sum(key):
            self.unknowns.append(Unknown(key, "sum" if hidden else "free", self._least_sum))
            if key in self.means:
                mean = self.means[key]
                # Of a mean of nought the sum is nought, whatever the count.
                over = ((self._number(mean.over), -mean.value),) if mean.value else ()
                self.rows.append(Row(((number, 1.0), *over), -_SLACK, _SLACK))
        else:
            role: Role = "hidden" if hidden else "unseen"
            self.unknowns.append(Unknown(key, role, 1.0 if hidden else 0.0))
        return number


def components_of(unknowns: Sequence[Unknown], rows: Iterable[Row]) -> list[Component]:
    """The parts of some equations that hang together, each by itself, in an order of its own."""
    leader = list(range(len(unknowns)))

    def find(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    rows = list(rows)
    for row in rows:
        first = find(row.terms[0][0])
        for number, _ in row.terms[1:]:
            leader[find(number)] = first
    members: dict[int, list[int]] = {}
    for number in range(len(unknowns)):
        members.setdefault(find(number), []).append(number)
    of_first: dict[int, list[Row]] = {}
    for row in rows:
        of_first.setdefault(find(row.terms[0][0]), []).append(row)
    return [
        _component(unknowns, numbers, of_first.get(first, [])) for first, numbers in members.items()
    ]


def _component(unknowns: Sequence[Unknown], numbers: Sequence[int], rows: list[Row]) -> Component:
    place = {number: position for position, number in enumerate(numbers)}
    moved = tuple(
        replace(row, terms=tuple((place[n], weight) for n, weight in row.terms)) for row in rows
    )
    return Component(tuple(unknowns[number] for number in numbers), moved)
