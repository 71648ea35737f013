"""The attack: what an outsider could derive of hidden numbers from all that is shown.

He is taken to know every shown number, how groups add up, that zeros are shown, so that a hidden
number is at least one, and what a small number is. Not what the people of his village know.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import Literal

from lpe_reports.disclosure.agreement import agreeing
from lpe_reports.disclosure.beliefs import believed
from lpe_reports.disclosure.bounds import ContradictionError, Interval, Program, narrowed
from lpe_reports.disclosure.equations import Component, Equations, Unknown, components_of
from lpe_reports.disclosure.exposure import Exposure
from lpe_reports.disclosure.nesting import Nesting
from lpe_reports.disclosure.witnesses import Witnesses

Kind = Literal["pinned", "small", "remainder", "sum"]
# A hidden sum whose bounds lie closer than this share of it is as good as told.
_CLOSE = 0.1
_FAR = 1e7
# Of these exact bounds are looked for: what a table hides, and groups that stand in none.
_LOOKED_AT = ("hidden", "sum", "unseen")


@dataclass(frozen=True, order=True)
class Told:
    """A number that was not to be known and can be derived.

    Args:
        key: The group's; for what a total has beside its parts the key of the total.
        low: The least that it can be, as far as was looked to tell it.
        high: The most.
        kind: "pinned" to one value, "small" for certain, a small "remainder", or a "sum" known
            closely.
    """

    key: str
    low: float
    high: float
    kind: Kind


def attack(exposure: Exposure, *, threshold: int, nesting: Nesting) -> tuple[Told, ...]:
    """What is told of the hidden numbers of an exposure; nothing where it is safe.

    Beside the relations that were verified he believes what a page's reader would: that the
    values of a trait which he sees somewhere are all there are, that months make up their
    quarter. Beliefs that contradict the numbers are left out.

    Args:
        exposure: All that is shown.
        threshold: Counts from 1 to one less than this are small.
        nesting: What is made up of what.
    """
    relations = (*exposure.relations, *believed(exposure, nesting, threshold))
    equations = Equations(exposure.cells, exposure.means, exposure.withheld)
    equations.add(relations)
    found: set[Told] = set()
    for component in equations.components():
        found.update(told_despite_errors(component, threshold))
    return tuple(sorted(found))


def told_despite_errors(
    component: Component,
    threshold: int,
    witnesses: Witnesses | None = None,
    *,
    first: bool = False,
) -> list[Told]:
    """What is told in a component, of which some rows may not be true; see `told_in`.

    Where they contradict one another, he goes by those that he trusts most and that can be true
    together.
    """
    try:
        return told_in(component, threshold, witnesses, first=first)
    except ContradictionError:
        parts = components_of(component.unknowns, agreeing(component))
    found: list[Told] = []
    for part in parts:
        if part.rows and not (first and found):
            # What took too long to refute can still be found not to agree: nothing follows then.
            with suppress(ContradictionError):
                found += told_in(part, threshold, witnesses, first=first)
    return found


def told_in(
    component: Component,
    threshold: int,
    witnesses: Witnesses | None = None,
    *,
    first: bool = False,
    only: Collection[str] | None = None,
) -> list[Told]:
    """What is told in one component.

    Args:
        component: Unknowns, and what must hold between them.
        threshold: Counts from 1 to one less than this are small.
        witnesses: Numbers that were found before, and where those that are found are kept.
        first: Whether one that is told is enough.
        only: The keys of those unknowns whose exact bounds are looked for; all when None.

    Raises:
        ContradictionError: No numbers agree with all rows.
    """
    bounds = narrowed(component)
    certain = [
        told
        for unknown, bound in zip(component.unknowns, bounds, strict=True)
        if (told := judged(unknown, bound.low, bound.high, threshold)) is not None
    ]
    if len(component.rows) <= 1 or not any(u.role in _LOOKED_AT for u in component.unknowns):
        return certain
    if first and certain:
        return certain
    done = {told.key for told in certain}
    search = _Search(component, bounds, threshold, witnesses or Witnesses())
    return certain + search.told(done, first=first, only=only)


def judged(unknown: Unknown, low: float, high: float, threshold: int) -> Told | None:
    """What is told of an unknown that lies between two bounds, if anything is."""
    match unknown.role:
        case "hidden" if low >= high:
            return Told(unknown.key, low, high, "pinned")
        case "hidden" if high < threshold:
            return Told(unknown.key, low, high, "small")
        case "unseen" | "rest" if low >= 1 and high < threshold:
            return Told(unknown.key, low, high, "remainder")
        case "sum" if high - low < _CLOSE * max(abs(low), abs(high)) or low >= high:
            return Told(unknown.key, low, high, "sum")
        case _:
            return None


class _Search:
    """The exact bounds of a component's unknowns, as far as they decide what is told.

    Every solution is a witness for all unknowns, so most need no program of their own.
    """

    def __init__(
        self,
        component: Component,
        bounds: list[Interval],
        threshold: int,
        witnesses: Witnesses,
    ) -> None:
        self._component, self._bounds, self._threshold = component, bounds, threshold
        self._program: Program | None = None
        self._seen = [Interval(inf, -inf) for _ in bounds]
        self._witnesses = witnesses
        for numbers in witnesses.fitting(component):
            self._see(numbers)

    def told(
        self, done: set[str], *, first: bool, only: Collection[str] | None = None
    ) -> list[Told]:
        """What is told of the unknowns but those that are known to be; or one of them."""
        found = []
        if only is None:
            self._see_many(done)
        for place, unknown in enumerate(self._component.unknowns):
            if unknown.role in ("free", "open") or (unknown.role != "rest" and unknown.key in done):
                continue
            if only is not None and unknown.key not in only:
                continue
            told = self._told_of(place, unknown, first=first)
            if told is not None:
                found.append(told)
                if first:
                    break
        return found

    def _see_many(self, done: set[str]) -> None:
        """Look for numbers that differ for many unknowns at once, before each is looked at."""
        for most in (True, False):
            ends: dict[int, float] = {}
            for place, unknown in enumerate(self._component.unknowns):
                if unknown.role == "hidden" and unknown.key not in done:
                    if most and self._seen[place].high < self._threshold:
                        ends[place] = float(self._threshold)
                    elif not most and not self._is_open(place, unknown):
                        ends[place] = unknown.low
            numbers = self._solver().many(ends, most=most) if len(ends) > 1 else None
            if numbers is not None:
                self._find(numbers)

    def _solver(self) -> Program:
        if self._program is None:
            self._program = Program(self._component, self._bounds)
        return self._program

    def _told_of(self, place: int, unknown: Unknown, *, first: bool) -> Told | None:
        told = None
        upwards = unknown.role in ("hidden", "sum")
        for most in (upwards, not upwards):
            if told is None and self._is_open(place, unknown):
                return None
            end, bound = self._extreme(place, most=most), self._bounds[place]
            if most:
                bound.high = min(bound.high, end)
            else:
                bound.low = max(bound.low, end)
            told = judged(unknown, bound.low, bound.high, self._threshold)
            if told is not None and first:
                break
        return told

    def _is_open(self, place: int, unknown: Unknown) -> bool:
        """Whether numbers are known that differ enough for nothing to be told."""
        seen = self._seen[place]
        return (
            seen.low <= seen.high and judged(unknown, seen.low, seen.high, self._threshold) is None
        )

    def _cap(self, place: int) -> float:
        """As far as an unknown is looked at; what lies there is as good as infinite."""
        least = self._bounds[place].low
        if self._component.unknowns[place].role == "sum":
            return max(_FAR, abs(least) * 10 if least > -inf else 0)
        return max(least, 0) + 1000 + self._threshold

    def _extreme(self, place: int, *, most: bool) -> float:
        cap = self._cap(place)
        try:
            end, witness = self._solver().extreme(place, most=most, cap=cap)
        except ContradictionError:  # none lies as near: all lie farther away, or there are none
            cap = inf
            end, witness = self._solver().extreme(place, most=most, cap=cap)
        if witness is not None:
            self._find(witness)
        if most:
            return end if end < cap else inf
        return end if end > -cap else -inf

    def _find(self, numbers: list[float]) -> None:
        self._witnesses.note(self._component, numbers)
        self._see(numbers)

    def _see(self, numbers: list[float]) -> None:
        for seen, number in zip(self._seen, numbers, strict=True):
            seen.low, seen.high = min(seen.low, number), max(seen.high, number)
