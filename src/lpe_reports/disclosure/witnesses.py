"""Numbers that agree with all that is shown: each shows what the hidden ones could be.

A witness stays one when more is hidden, and when a cell is shown again whose number it has, so
that most questions of the attack are answered by numbers that were found before.
"""

from collections.abc import Iterator, Mapping

from lpe_reports.disclosure.equations import Component, Row

_NEAR = 1e-6
_KEPT = 40
# What a total has beside its parts has no key of its own.
_RESTS = ("rest", "open")


class Witnesses:
    """Assignments of numbers to groups.

    Args:
        real: The real numbers by key, as far as they are known: the first witness, and what a
            group has in a witness that was found when it was still shown. The attack finds the
            same without them, in more time.
    """

    def __init__(self, real: Mapping[str, float] | None = None) -> None:
        self._real: Mapping[str, float] = real or {}
        self._found: list[dict[str, float]] = [{}]

    def note(self, component: Component, numbers: list[float]) -> None:
        """Keep numbers of a component's unknowns that agree with its rows."""
        named = zip(component.unknowns, numbers, strict=True)
        self._found.append({u.key: number for u, number in named if u.role not in _RESTS})
        del self._found[1:-_KEPT]

    def fitting(self, component: Component) -> Iterator[list[float]]:
        """The known witnesses as numbers of a component's unknowns, where they agree with it."""
        for found in reversed(self._found):
            numbers = self._numbers(component, found)
            if numbers is not None:
                yield numbers

    def _numbers(self, component: Component, found: Mapping[str, float]) -> list[float] | None:
        numbers: list[float | None] = []
        for unknown in component.unknowns:
            number = found.get(unknown.key, self._real.get(unknown.key))
            if unknown.role in _RESTS:
                number = None
            elif number is None or not unknown.low <= number <= unknown.high:
                return None
            numbers.append(number)
        if not all(_agrees(row, numbers, component) for row in component.rows):
            return None
        return [number for number in numbers if number is not None]


def _agrees(row: Row, numbers: list[float | None], component: Component) -> bool:
    """Whether a row holds; what a total has beside its parts takes what is left."""
    left_low, left_high, rest = row.low, row.high, None
    for place, weight in row.terms:
        number = numbers[place]
        if component.unknowns[place].role in _RESTS:
            rest = place
        elif number is not None:
            left_low, left_high = left_low - weight * number, left_high - weight * number
    if rest is None:
        near = _NEAR * max(1.0, abs(row.low))
        return left_low - near <= 0 <= left_high + near
    numbers[rest] = -(left_low + left_high) / 2
    return -left_low >= component.unknowns[rest].low - _NEAR
